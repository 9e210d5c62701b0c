//! A file that says by its length alone that connections changed their keys: who runs notices at the cost of one look at it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::error::AppError;
use crate::files::{self, FileError};

const NAME: &str = "switched";

/// How often connections changed their keys, as far as the file says; 0 where there is none. One `stat`.
pub(crate) fn count(data: &Path) -> u64 {
    std::fs::metadata(data.join(NAME)).map_or(0, |file| file.len())
}

/// Says that they did just now. Never before it stands in the store.
pub(crate) fn note(data: &Path) -> Result<(), AppError> {
    let path = data.join(NAME);
    let failed = |source| FileError::at(&path, source);
    files::private_file(&path).map_err(failed)?;
    let mut file = OpenOptions::new()
        .append(true)
        .open(&path)
        .map_err(failed)?;
    Ok(file.write_all(b".").map_err(failed)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_note_is_seen_however_fast_they_come() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(super::count(dir.path()), 0);
        for count in 1..=3 {
            super::note(dir.path()).unwrap();
            assert_eq!(super::count(dir.path()), count);
        }
    }
}
