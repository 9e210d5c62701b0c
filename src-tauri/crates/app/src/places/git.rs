//! Whether git tracks a file, read from the index itself: no program is run, and a repository in any state is only looked at.
//!
//! Source: gitformat-index(5) and gitrepository-layout(5) of git 2.47, checked 2026-11-21.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The largest index that is read, in bytes.
const LARGEST: u64 = 512 * 1024 * 1024;
/// Bare repositories that people keep for the settings in their home directory, as yadm and the usual recipes make them.
const FOR_THE_HOME: &[&str] = &[
    ".local/share/yadm/repo.git",
    ".config/yadm/repo.git",
    ".dotfiles",
    ".dotfiles.git",
    ".cfg",
];

/// The root of the work tree in which git tracks `file`. Nothing that is wrong with a repository is an error.
pub(super) fn work_tree_of(home: &Path, file: &Path) -> Option<PathBuf> {
    let around = file.ancestors().skip(1).find_map(|dir| {
        let git_dir = git_dir_of(dir)?;
        Some((dir, git_dir))
    });
    let for_the_home = FOR_THE_HOME.iter().map(|place| (home, home.join(place)));
    around
        .into_iter()
        .chain(for_the_home)
        .find(|(root, git_dir)| tracks(root, git_dir, file).unwrap_or_default())
        .map(|(root, _)| root.to_owned())
}

/// The repository of a work tree: `.git`, or what a file of that name points to (in linked work trees and submodules).
fn git_dir_of(dir: &Path) -> Option<PathBuf> {
    let place = dir.join(".git");
    let git_dir = match fs::metadata(&place).ok()?.is_dir() {
        true => place,
        false => {
            let text = String::from_utf8(read(&place)?).ok()?;
            dir.join(text.strip_prefix("gitdir:")?.trim())
        }
    };
    // Git itself walks past a directory that is no repository.
    git_dir.join("HEAD").exists().then_some(git_dir)
}

fn tracks(root: &Path, git_dir: &Path, file: &Path) -> Option<bool> {
    let path = within(root, file)?;
    let hash_len = hash_len(git_dir);
    let index = read(&git_dir.join("index"))?;
    let mut looked = holds(&index, hash_len, &path)?;
    if let Some(shared) = looked.shared.take() {
        let index = read(&git_dir.join(format!("sharedindex.{shared}")))?;
        looked.found |= holds(&index, hash_len, &path)?.found;
    }
    Some(looked.found)
}

/// As git writes it: relative to the root, with slashes.
fn within(root: &Path, file: &Path) -> Option<Vec<u8>> {
    let mut path = Vec::new();
    for part in file.strip_prefix(root).ok()?.components() {
        let Component::Normal(name) = part else {
            return None;
        };
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name.as_encoded_bytes());
    }
    Some(path)
}

/// Bytes of an object's name: 32 in a repository that says so, else 20.
fn hash_len(git_dir: &Path) -> usize {
    let common = read(&git_dir.join("commondir"))
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map_or(git_dir.to_owned(), |place| git_dir.join(place.trim()));
    let config = read(&common.join("config")).unwrap_or_default();
    let config = String::from_utf8_lossy(&config).to_ascii_lowercase();
    let sha256 = config.lines().any(|line| {
        line.split_once('=')
            .is_some_and(|(name, value)| name.trim() == "objectformat" && value.trim() == "sha256")
    });
    if sha256 { 32 } else { 20 }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    (found.is_file() && found.len() <= LARGEST)
        .then(|| fs::read(path).ok())
        .flatten()
}

/// What an index says.
struct Looked {
    found: bool,
    /// The name of the index that holds the rest.
    shared: Option<String>,
}

/// Looks a path up. `None`: this is no index of a version we know.
fn holds(index: &[u8], hash_len: usize, wanted: &[u8]) -> Option<Looked> {
    let mut left = Bytes(index);
    if left.take(4)? != b"DIRC" {
        return None;
    }
    let version = left.number()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let entries = left.number()?;
    let mut looked = Looked {
        found: false,
        shared: None,
    };
    let mut path = Vec::new();
    for _ in 0..entries {
        let before = left.0.len();
        // Times, device, inode, mode, owner and size; then the object's name.
        left.take(40 + hash_len)?;
        let flags = left.short()?;
        if version >= 3 && flags & 0x4000 != 0 {
            left.short()?;
        }
        if version == 4 {
            let kept = path.len().checked_sub(left.offset()?)?;
            path.truncate(kept);
        } else {
            path.clear();
        }
        path.extend_from_slice(left.until_nul()?);
        if version < 4 {
            // An entry ends with one to eight NULs, at a multiple of eight.
            let used = before - left.0.len();
            left.take(used.next_multiple_of(8) - used)?;
        }
        // A sparse index has one entry, with a slash, for all of a directory.
        looked.found |= path == wanted || path.ends_with(b"/") && wanted.starts_with(&path);
    }
    while left.0.len() > hash_len {
        let name = left.take(4)?;
        let len = usize::try_from(left.number()?).ok()?;
        let mut body = Bytes(left.take(len)?);
        if name == b"link" {
            let hash = body.take(hash_len)?;
            looked.shared = Some(hash.iter().map(|byte| format!("{byte:02x}")).collect());
        }
    }
    Some(looked)
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, left) = self.0.split_at_checked(len)?;
        self.0 = left;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// What comes before the next NUL, which is taken too.
    fn until_nul(&mut self) -> Option<&'a [u8]> {
        let len = self.0.iter().position(|byte| *byte == 0)?;
        let taken = self.take(len)?;
        self.take(1)?;
        Some(taken)
    }

    /// A number in as many bytes as it takes, seven bits in each.
    fn offset(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            number |= usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(number);
            }
            number = number.checked_add(1)?.checked_mul(128)?;
        }
    }
}

#[cfg(test)]
mod tests;
