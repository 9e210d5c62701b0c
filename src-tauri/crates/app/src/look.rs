//! The real file system, for the client table to look at.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use keystow_core::clients::Look;

/// Looks at this computer's files.
pub(crate) struct Disk;

impl Look for Disk {
    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn names_in(&self, dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    fn text(&self, path: &Path) -> Option<String> {
        let mut text = String::new();
        let file = File::open(path).ok()?;
        file.take(SMALL).read_to_string(&mut text).ok()?;
        Some(text)
    }
}

/// As much of a small file as is read.
const SMALL: u64 = 4096;
