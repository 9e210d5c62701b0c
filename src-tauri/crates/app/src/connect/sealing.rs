use keystow_core::keychain::Item;
use keystow_core::seal::{self, Opener};
use keystow_core::{ChangeId, Secret};
use std::path::Path;

use crate::app::App;
use crate::error::AppError;
use crate::files;
use crate::random;
use crate::store::{Change, ChangedFile, Image};

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

/// What one file of a change is sealed for.
pub(super) fn about(change: &ChangeId, path: &Path) -> String {
    format!("{change} {}", path.to_string_lossy())
}

/// Seals a before-image for one file of a change, part by part.
pub(super) fn seal<'a>(
    key: &Secret,
    about: &'a str,
    path: &Path,
    bytes: &'a [u8],
) -> Result<Image<'a>, AppError> {
    match seal::parts(key, random::bytes(), about, bytes) {
        Ok(parts) => Ok(Box::new(parts)),
        Err(_) => Err(AppError::Sealed {
            path: path.to_owned(),
        }),
    }
}

/// The before-image of one file of a change; `None`: there was no file.
pub(super) fn before(
    app: &App,
    change: &Change,
    number: usize,
    file: &ChangedFile,
) -> Result<Option<Vec<u8>>, AppError> {
    let Some(hash) = &file.before_hash else {
        return Ok(None);
    };
    let sealed = || AppError::Sealed {
        path: file.path.clone(),
    };
    if !file.kept {
        return Err(sealed());
    }
    let key = app.doors.keychain.get_stowed(&SEAL)?;
    let about = about(&change.id, &file.path);
    let parts = app.store.image_parts(&change.id, number)?;
    let bytes = if parts == 0 {
        let whole = app.store.whole_image(&change.id, number)?;
        let whole = whole.ok_or_else(sealed)?;
        seal::open(&key, &about, &whole).map_err(|_| sealed())?
    } else {
        let mut opener = Opener::new(&key, &about).map_err(|_| sealed())?;
        for part in 0..parts {
            let bytes = app.store.image_part(&change.id, number, part)?;
            let opened = opener.part(&bytes.unwrap_or_default(), part + 1 == parts);
            opened.map_err(|_| sealed())?;
        }
        opener.done()
    };
    if files::is_hash_of(hash, &bytes) {
        Ok(Some(bytes))
    } else {
        Err(sealed())
    }
}
