use crate::key::UnixMs;

/// The time of day, handed in by the host.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> UnixMs;
}
