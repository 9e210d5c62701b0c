//! The walk over a directory tree.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::{Canary, Encoding, Leak};

const CHUNK_BYTES: usize = 1 << 20;

pub(super) fn search(canary: &Canary, path: &Path, leaks: &mut Vec<Leak>) {
    if canary.excepted.iter().any(|except| path == except) {
        return;
    }
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    in_path(canary, path, name, leaks);
    // What goes while we look (a temporary file, a lock) was there for programs to see, and is not there any more.
    let Some(metadata) = present(std::fs::symlink_metadata(path), path) else {
        return;
    };
    if metadata.is_symlink() {
        if let Some(target) = present(std::fs::read_link(path), path) {
            in_path(canary, path, target.as_os_str().as_encoded_bytes(), leaks);
        }
    } else if metadata.is_dir() {
        let Some(entries) = present(std::fs::read_dir(path), path) else {
            return;
        };
        for entry in entries {
            if let Some(entry) = present(entry, path) {
                search(canary, &entry.path(), leaks);
            }
        }
    } else if metadata.is_file()
        && let Some(file) = present(File::open(path), path)
    {
        content(canary, path, file, leaks);
    }
}

fn content(canary: &Canary, path: &Path, mut file: File, leaks: &mut Vec<Leak>) {
    let mut start = [0; 2];
    let packed = matches!(file.read(&mut start), Ok(2)) && start == [0x1f, 0x8b];
    if let Some(file) = present(File::open(path), path) {
        let _ = present(stream(canary, path, file, leaks), path);
    }
    if packed && let Some(file) = present(File::open(path), path) {
        let mut inside = Vec::new();
        // What only looks like gzip, or ends early, was searched as it is.
        let _ = stream(canary, path, MultiGzDecoder::new(file), &mut inside);
        leaks.extend(inside.into_iter().map(|leak| Leak {
            encoding: Encoding::Gzip,
            ..leak
        }));
    }
}

/// Reads in chunks that overlap, so that nothing hides on a seam.
fn stream(
    canary: &Canary,
    path: &Path,
    mut source: impl Read,
    leaks: &mut Vec<Leak>,
) -> io::Result<()> {
    let mut found: Vec<Leak> = Vec::new();
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK_BYTES + canary.longest);
    let mut window_at = 0;
    loop {
        let read = source
            .by_ref()
            .take(CHUNK_BYTES as u64)
            .read_to_end(&mut window);
        for leak in canary.search_slice(path, &window) {
            if !found.iter().any(|known| known.encoding == leak.encoding) {
                found.push(Leak {
                    offset: window_at + leak.offset,
                    ..leak
                });
            }
        }
        if !matches!(read, Ok(1..)) {
            leaks.append(&mut found);
            return read.map(drop);
        }
        let keep = canary.longest.min(window.len());
        window_at += (window.len() - keep) as u64;
        window.drain(..window.len() - keep);
    }
}

fn in_path(canary: &Canary, path: &Path, text: &[u8], leaks: &mut Vec<Leak>) {
    let found = canary.search_slice(path, text).into_iter();
    leaks.extend(found.map(|leak| Leak {
        encoding: Encoding::InPath,
        ..leak
    }));
}

fn present<T>(result: io::Result<T>, path: &Path) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => panic!("cannot search {}: {error}", path.display()),
    }
}
