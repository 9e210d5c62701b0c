//! How the server of a connection speaks, from one bridge to the next.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use keystow_bridge::{Dialect, Memory};

/// One word in `dialects/<connection>`, read when it is first asked for. Half a word counts as none, so it is written in place.
#[derive(Debug)]
pub(crate) struct Remembered {
    path: PathBuf,
    /// What has been read or written, once something has.
    known: Mutex<Option<Option<Dialect>>>,
}

impl Remembered {
    /// `connection` must be one that exists.
    pub(crate) fn of(data: &Path, connection: &str) -> Self {
        Self {
            path: data.join("dialects").join(connection),
            known: Mutex::new(None),
        }
    }
}

impl Memory for Remembered {
    fn recall(&self) -> Option<Dialect> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known.get_or_insert_with(|| Dialect::from_word(&fs::read_to_string(&self.path).ok()?))
    }

    fn remember(&self, dialect: Dialect) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Some(dialect));
        if let Some(folder) = self.path.parent() {
            // Without the file the next bridge searches again.
            let _ = fs::create_dir_all(folder);
            let _ = OpenOptions::new()
                .create(true)
                .write(true)
                .truncate(true)
                .open(&self.path)
                .and_then(|mut file| file.write_all(dialect.as_str().as_bytes()));
        }
    }
}

#[cfg(test)]
mod tests {
    use keystow_bridge::{Dialect, Memory};

    use super::Remembered;

    #[test]
    fn the_next_bridge_knows_what_this_one_found() {
        let data = tempfile::tempdir().unwrap();
        let first = Remembered::of(data.path(), "c1");
        assert_eq!(first.recall(), None);
        first.remember(Dialect::Stateless);
        assert_eq!(first.recall(), Some(Dialect::Stateless));
        let next = Remembered::of(data.path(), "c1");
        assert_eq!(next.recall(), Some(Dialect::Stateless));
        assert_eq!(Remembered::of(data.path(), "c2").recall(), None);
    }
}
