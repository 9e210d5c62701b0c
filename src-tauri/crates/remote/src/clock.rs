use std::time::{SystemTime, UNIX_EPOCH};

use keystow_core::key::UnixMs;

/// The system's time.
pub(crate) fn now_ms() -> UnixMs {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            UnixMs::try_from(since.as_millis()).unwrap_or(UnixMs::MAX)
        })
}
