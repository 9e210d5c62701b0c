use keystow_core::keychain::Item;
use keystow_core::{ChangeId, Secret, seal};
use std::path::Path;

use crate::app::App;
use crate::error::AppError;
use crate::random;

const SEAL: Item = Item::Seal(1);
const STOWED: &str = "seal_stowed";

/// The key that seals before-images. Made on first use; afterwards its absence is an error, never a reason for a new one. The
/// caller holds the settings lock.
pub(crate) fn seal_key(app: &App) -> Result<Secret, AppError> {
    if app.store.setting(STOWED)?.is_some() {
        return Ok(app.doors.keychain.get_stowed(&SEAL)?);
    }
    if let Some(key) = app.doors.keychain.get(&SEAL)? {
        app.store.set_setting(STOWED, "1")?;
        return Ok(key);
    }
    let key = seal::new_key(random::bytes());
    app.doors.keychain.set(&SEAL, &key)?;
    app.store.set_setting(STOWED, "1")?;
    Ok(key)
}

/// Seals a before-image for one file of a change.
pub(crate) fn seal(
    key: &Secret,
    change: &ChangeId,
    path: &Path,
    bytes: &[u8],
) -> Result<Vec<u8>, AppError> {
    seal::seal(key, random::bytes(), &about(change, path), bytes).map_err(|_| AppError::Sealed {
        path: path.to_owned(),
    })
}

/// Opens a before-image.
pub(crate) fn open(
    key: &Secret,
    change: &ChangeId,
    path: &Path,
    sealed: &[u8],
) -> Result<Vec<u8>, AppError> {
    seal::open(key, &about(change, path), sealed).map_err(|_| AppError::Sealed {
        path: path.to_owned(),
    })
}

fn about(change: &ChangeId, path: &Path) -> String {
    format!("{change} {}", path.to_string_lossy())
}
