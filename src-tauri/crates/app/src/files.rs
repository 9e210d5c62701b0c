//! The one writer: reads people's settings files and replaces them atomically, or not at all.
//!
//! A file is replaced by a temporary one beside it, made with the final mode and flushed, after a last look that the file is still
//! what the preview saw; then the directory is flushed. Symbolic links are followed to the file that holds the bytes, and stay.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::steps;

/// The largest settings file that is read, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;
/// Symbolic links followed before giving up, as Linux does.
const LINKS: usize = 40;

/// Why a file cannot be read or replaced. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It is not what the preview saw.
    #[error("{} changed since the preview", path.display())]
    ChangedOnDisk {
        /// The file.
        path: PathBuf,
    },
    /// A symbolic link that leads nowhere.
    #[error("{} is a symbolic link to {}, which is not there", path.display(), target.display())]
    Dangling {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// Links that lead to each other.
    #[error("{}: too many symbolic links", path.display())]
    LinkLoop {
        /// The first of them.
        path: PathBuf,
    },
    /// A directory, socket or device.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Marked as not to be written, or in a directory or on a disk that cannot be.
    #[error("{} is read-only", path.display())]
    ReadOnly {
        /// The file or directory.
        path: PathBuf,
    },
    /// No right to it.
    #[error("{}: permission denied", path.display())]
    Denied {
        /// The file or directory.
        path: PathBuf,
    },
    /// No room.
    #[error("{}: the disk is full", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// Larger than any settings file.
    #[error("{} has {bytes} bytes; Keystow reads at most {LARGEST}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Anything else.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl FileError {
    /// Gives an error of the system its name.
    pub(crate) fn at(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::PermissionDenied => Self::Denied { path },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::DiskFull { path }
            }
            _ => Self::Io { path, source },
        }
    }
}

/// A settings file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// As the client names it.
    pub path: PathBuf,
    /// Where the bytes are, symbolic links resolved.
    pub real: PathBuf,
    /// `None`: there is no file.
    pub bytes: Option<Vec<u8>>,
}

impl Snapshot {
    /// SHA-256 of the bytes, in hex.
    pub fn hash(&self) -> Option<String> {
        self.bytes.as_deref().map(hash)
    }
}

/// SHA-256 in hex.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Reads a settings file. One that is not there is a snapshot too; one that cannot be read is an error, never "empty".
pub(crate) fn read(path: &Path) -> Result<Snapshot, FileError> {
    let real = resolve(path)?;
    let bytes = match File::open(&real) {
        Ok(file) => Some(read_open(&real, file)?),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
                return Err(FileError::Dangling {
                    path: path.to_owned(),
                    target: real,
                });
            }
            None
        }
        Err(error) => return Err(FileError::at(&real, error)),
    };
    Ok(Snapshot {
        path: path.to_owned(),
        real,
        bytes,
    })
}

fn read_open(path: &Path, mut file: File) -> Result<Vec<u8>, FileError> {
    let failed = |source| FileError::at(path, source);
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(FileError::NotAFile {
            path: path.to_owned(),
        });
    }
    if found.len() > LARGEST {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            bytes: found.len(),
        });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Follows symbolic links, also those in the directories above, to the place that holds the bytes.
fn resolve(path: &Path) -> Result<PathBuf, FileError> {
    let mut at = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&at) {
            Ok(target) => {
                at = match at.parent() {
                    Some(parent) => parent.join(target),
                    None => target,
                }
            }
            Err(_) => {
                return Ok(match (at.parent().map(fs::canonicalize), at.file_name()) {
                    (Some(Ok(parent)), Some(name)) => plain(&parent).join(name),
                    _ => at,
                });
            }
        }
    }
    Err(FileError::LinkLoop {
        path: path.to_owned(),
    })
}

/// Windows canonicalises to `\\?\C:\…`, which is not what people write.
fn plain(path: &Path) -> PathBuf {
    match path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(text) if cfg!(windows) && !text.starts_with("UNC") => PathBuf::from(text),
        _ => path.to_owned(),
    }
}

/// Directories that must be made before a file can be, innermost first.
pub(crate) fn missing_dirs(file: &Path) -> Vec<PathBuf> {
    file.ancestors()
        .skip(1)
        .take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists())
        .map(Path::to_owned)
        .collect()
}

/// Refuses early what [`replace`] would refuse late: files and directories that are marked read-only.
pub(crate) fn check_writable(snapshot: &Snapshot) -> Result<(), FileError> {
    let existing = if snapshot.bytes.is_some() {
        Some(snapshot.real.as_path())
    } else {
        None
    };
    let dir = snapshot.real.ancestors().skip(1).find(|dir| dir.is_dir());
    for path in existing.into_iter().chain(dir) {
        let found = fs::metadata(path).map_err(|source| FileError::at(path, source))?;
        // A read-only mark on a Windows directory means something else.
        if found.permissions().readonly() && (found.is_file() || cfg!(unix)) {
            return Err(FileError::ReadOnly {
                path: path.to_owned(),
            });
        }
    }
    Ok(())
}

/// Replaces, makes or (with `None`) deletes the file of a snapshot, if it still is what the snapshot saw.
///
/// # Errors
/// Whatever goes wrong, the file is the old one or the new one, and nothing is left beside it.
pub(crate) fn replace(
    snapshot: &Snapshot,
    after: Option<&[u8]>,
    made_dirs: &[PathBuf],
) -> Result<(), FileError> {
    let real = snapshot.real.as_path();
    let failed = |source| FileError::at(real, source);
    let Some(after) = after else {
        unchanged(snapshot)?;
        fs::remove_file(real).map_err(failed)?;
        for dir in made_dirs {
            // Somebody else's files in it keep it.
            if fs::remove_dir(dir).is_err() {
                break;
            }
        }
        flush_dir(real);
        return Ok(());
    };
    check_writable(snapshot)?;
    let dir = real.parent().ok_or_else(|| FileError::NotAFile {
        path: real.to_owned(),
    })?;
    fs::create_dir_all(dir).map_err(|source| FileError::at(dir, source))?;
    steps::reached("dirs made");
    let mut temp = tempfile::Builder::new()
        .prefix(&temp_prefix(real))
        .suffix(".tmp")
        .tempfile_in(dir)
        .map_err(|source| FileError::at(dir, source))?;
    steps::reached("temp made");
    temp.write_all(after).map_err(failed)?;
    match fs::metadata(real) {
        Ok(old) => keep_attributes(real, &old, temp.as_file()).map_err(failed)?,
        Err(_) => new_file_mode(temp.as_file()).map_err(failed)?,
    }
    temp.as_file().sync_all().map_err(failed)?;
    steps::reached("temp flushed");
    unchanged(snapshot)?;
    let placed = if snapshot.bytes.is_some() {
        place(temp, real)
    } else {
        temp.persist_noclobber(real)
            .map(drop)
            .map_err(|error| error.error)
    };
    match placed {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(FileError::ChangedOnDisk {
                path: snapshot.path.clone(),
            });
        }
        Err(error) => return Err(failed(error)),
    }
    steps::reached("renamed");
    flush_dir(real);
    Ok(())
}

/// Renames over the old file. Where another program has it open without sharing (Windows), tries again for a moment.
fn place(mut temp: tempfile::NamedTempFile, real: &Path) -> io::Result<()> {
    for wait_ms in [5, 10, 20, 40, 80, 160, 320] {
        match temp.persist(real) {
            Ok(_) => return Ok(()),
            Err(error)
                if cfg!(windows) && matches!(error.error.raw_os_error(), Some(5 | 32 | 33)) =>
            {
                temp = error.file;
                std::thread::sleep(std::time::Duration::from_millis(wait_ms));
            }
            Err(error) => return Err(error.error),
        }
    }
    temp.persist(real).map(drop).map_err(|error| error.error)
}

/// What the temporary files beside `real` start with.
pub(crate) fn temp_prefix(real: &Path) -> String {
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.keystow-")
}

/// Clears away temporary files that a killed process left beside `real`.
pub(crate) fn sweep(real: &Path) {
    let prefix = temp_prefix(real);
    let Some(entries) = real.parent().and_then(|dir| fs::read_dir(dir).ok()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(&prefix) && name.to_string_lossy().ends_with(".tmp") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn unchanged(snapshot: &Snapshot) -> Result<(), FileError> {
    let now = read(&snapshot.path)?;
    if now.bytes == snapshot.bytes && now.real == snapshot.real {
        Ok(())
    } else {
        Err(FileError::ChangedOnDisk {
            path: snapshot.path.clone(),
        })
    }
}

#[cfg(unix)]
fn keep_attributes(real: &Path, old: &Metadata, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    use xattr::FileExt;

    let made = new.metadata()?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        // Only root may give files away; a group we are not in is lost rather than the write refused.
        let _ = fchown(new, Some(old.uid()), Some(old.gid()));
    }
    new.set_permissions(old.permissions())?;
    if let Ok(names) = xattr::list(real) {
        for name in names {
            if let Ok(Some(value)) = xattr::get(real, &name) {
                let _ = new.set_xattr(&name, &value);
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_attributes(_: &Path, old: &Metadata, new: &File) -> io::Result<()> {
    new.set_permissions(old.permissions())
}

/// A settings file we make is for its owner only: it may come to hold secrets of other servers.
#[cfg(unix)]
fn new_file_mode(new: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    new.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // the same shape as on Unix
fn new_file_mode(_: &File) -> io::Result<()> {
    Ok(())
}

/// Makes a rename durable. Windows has no such call for directories.
fn flush_dir(file: &Path) {
    if cfg!(unix)
        && let Some(dir) = file.parent().and_then(|dir| File::open(dir).ok())
    {
        let _ = dir.sync_all();
    }
}

/// Makes a directory for our own files, closed to others.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Makes a file of our own, closed to others, if it is not there.
pub(crate) fn private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn put(path: &Path, text: &str) {
        File::create(path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn names(dir: &Path) -> Vec<String> {
        fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn replaces_and_leaves_nothing_beside() {
        let dir = dir();
        let path = dir.path().join("mcp.json");
        put(&path, "old");
        replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(dir.path()), ["mcp.json"]);
    }

    #[test]
    fn refuses_to_write_when_file_changed() {
        let dir = dir();
        let path = dir.path().join("mcp.json");
        put(&path, "old");
        let seen = read(&path).unwrap();
        put(&path, "theirs");
        let error = replace(&seen, Some(b"new"), &[]).unwrap_err();
        assert!(matches!(error, FileError::ChangedOnDisk { .. }));
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(names(dir.path()), ["mcp.json"]);
    }

    #[test]
    fn refuses_to_make_a_file_that_appeared_meanwhile() {
        let dir = dir();
        let path = dir.path().join("mcp.json");
        let seen = read(&path).unwrap();
        put(&path, "theirs");
        assert!(matches!(
            replace(&seen, Some(b"new"), &[]).unwrap_err(),
            FileError::ChangedOnDisk { .. }
        ));
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
    }

    #[test]
    fn makes_directories_and_takes_them_away_again() {
        let dir = dir();
        let path = dir.path().join("a/b/mcp.json");
        let seen = read(&path).unwrap();
        let made = missing_dirs(&seen.real);
        assert_eq!(made, [dir.path().join("a/b"), dir.path().join("a")]);
        replace(&seen, Some(b"{}"), &made).unwrap();
        replace(&read(&path).unwrap(), None, &made).unwrap();
        assert!(names(dir.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn keeps_links_and_modes() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = dir();
        fs::create_dir(dir.path().join("dotfiles")).unwrap();
        let real = dir.path().join("dotfiles/mcp.json");
        put(&real, "old");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("dotfiles/mcp.json", dir.path().join("hop")).unwrap();
        let link = dir.path().join("mcp.json");
        symlink(dir.path().join("hop"), &link).unwrap();
        replace(&read(&link).unwrap(), Some(b"new"), &[]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(
            fs::metadata(&real).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }

    #[cfg(unix)]
    #[test]
    fn names_dangling_links_and_loops() {
        use std::os::unix::fs::symlink;
        let dir = dir();
        symlink("nowhere.json", dir.path().join("dangling")).unwrap();
        assert!(matches!(
            read(&dir.path().join("dangling")).unwrap_err(),
            FileError::Dangling { .. }
        ));
        symlink("b", dir.path().join("a")).unwrap();
        symlink("a", dir.path().join("b")).unwrap();
        assert!(matches!(
            read(&dir.path().join("a")).unwrap_err(),
            FileError::LinkLoop { .. }
        ));
        assert!(matches!(
            read(dir.path()).unwrap_err(),
            FileError::NotAFile { .. }
        ));
    }

    #[cfg(unix)]
    #[test]
    fn refuses_read_only_files_and_directories() {
        use std::os::unix::fs::PermissionsExt;
        let dir = dir();
        let path = dir.path().join("mcp.json");
        put(&path, "old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        let refused = replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap_err();
        assert!(matches!(refused, FileError::ReadOnly { path } if path.ends_with("mcp.json")));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let refused = replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap_err();
        assert!(matches!(refused, FileError::ReadOnly { .. }));
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["mcp.json"]);
    }
}
