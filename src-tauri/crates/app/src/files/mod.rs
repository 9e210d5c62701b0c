//! The one writer: reads people's settings files and replaces them atomically, or not at all.
//!
//! A file is replaced by a temporary one beside it, made with the final mode and flushed, after a last look that the file is still
//! what the preview saw; then the directory is flushed. Symbolic links are followed to the file that holds the bytes, and stay.

mod attributes;
mod client_lock;
mod replace;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub(crate) use attributes::{Loss, losses};
pub(crate) use client_lock::{ClientLocks, clear_locks_left_over, locks_left_over};
pub(crate) use replace::{replace, sweep};

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
    /// The same, behind symbolic links: a settings file that something else makes, such as a Nix store's.
    #[error("{} leads to {}, which is read-only", path.display(), target.display())]
    ReadOnlyTarget {
        /// As the client names it.
        path: PathBuf,
        /// Where the links lead.
        target: PathBuf,
    },
    /// The client holds its own lock on the file and does not let go of it.
    #[error("{client} is writing its settings: it holds {}", lock.display())]
    ClientBusy {
        /// The client, for people.
        client: String,
        /// The lock.
        lock: PathBuf,
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
    /// What [`hash`] says of the bytes.
    pub fn hash(&self) -> Option<String> {
        self.bytes.as_deref().map(hash)
    }

    /// Whether the bytes are those that a hash was taken of; `None`: no file.
    pub fn has(&self, wanted: Option<&str>) -> bool {
        match (&self.bytes, wanted) {
            (Some(bytes), Some(wanted)) => is_hash_of(wanted, bytes),
            (None, None) => true,
            _ => false,
        }
    }
}

/// What begins a hash of today's kind.
const BLAKE3: &str = "b3:";

/// By which bytes are known again: `b3:` and BLAKE3 in hex.
pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{BLAKE3}{}", blake3::hash(bytes).to_hex())
}

/// Whether a hash is that of these bytes. Those of before are SHA-256 in hex.
pub(crate) fn is_hash_of(wanted: &str, bytes: &[u8]) -> bool {
    match wanted.starts_with(BLAKE3) {
        true => wanted == hash(bytes),
        false => {
            let hex = Sha256::digest(bytes)
                .iter()
                .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            wanted == hex
        }
    }
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

/// Takes away directories that were made for a file that is not there.
pub(crate) fn remove_made_dirs(snapshot: &Snapshot, made_dirs: &[PathBuf]) {
    if fs::symlink_metadata(&snapshot.real).is_ok() {
        return;
    }
    for dir in made_dirs {
        // Somebody else's files in it keep it. One that is not there was not made yet, and those above it may have been.
        match fs::remove_dir(dir) {
            Err(error) if error.kind() != ErrorKind::NotFound => break,
            _ => {}
        }
    }
}

/// Refuses early what [`replace`] would refuse late: files and directories that cannot be written.
pub(crate) fn check_writable(snapshot: &Snapshot) -> Result<(), FileError> {
    let existing = snapshot.bytes.is_some().then_some(snapshot.real.as_path());
    let dir = snapshot.real.ancestors().skip(1).find(|dir| dir.is_dir());
    for path in existing.into_iter().chain(dir) {
        writable(path).map_err(|error| match error {
            FileError::ReadOnly { .. } if snapshot.real != snapshot.path => {
                FileError::ReadOnlyTarget {
                    path: snapshot.path.clone(),
                    target: snapshot.real.clone(),
                }
            }
            error => error,
        })?;
    }
    Ok(())
}

fn writable(path: &Path) -> Result<(), FileError> {
    let found = fs::metadata(path).map_err(|source| FileError::at(path, source))?;
    // A read-only mark on a Windows directory means something else.
    if found.permissions().readonly() && (found.is_file() || cfg!(unix)) {
        return Err(FileError::ReadOnly {
            path: path.to_owned(),
        });
    }
    #[cfg(unix)]
    if found.is_dir() {
        use rustix::fs::{Access, access};
        access(path, Access::WRITE_OK | Access::EXEC_OK)
            .map_err(|error| FileError::at(path, error.into()))?;
    }
    Ok(())
}

/// Whether the file still is what the snapshot saw. Read piece by piece: settings files can be large.
pub(crate) fn unchanged(snapshot: &Snapshot) -> Result<(), FileError> {
    let path = snapshot.path.as_path();
    let same = resolve(path)? == snapshot.real
        && match (File::open(&snapshot.real), &snapshot.bytes) {
            (Ok(file), Some(bytes)) => {
                holds(file, bytes).map_err(|source| FileError::at(&snapshot.real, source))?
            }
            (Err(error), bytes) if error.kind() == ErrorKind::NotFound => bytes.is_none(),
            (Err(error), _) => return Err(FileError::at(&snapshot.real, error)),
            (Ok(_), None) => false,
        };
    if same {
        Ok(())
    } else {
        Err(FileError::ChangedOnDisk {
            path: path.to_owned(),
        })
    }
}

/// Whether a file holds just these bytes.
fn holds(mut file: File, bytes: &[u8]) -> io::Result<bool> {
    let found = file.metadata()?;
    if !found.is_file() || u64::try_from(bytes.len()) != Ok(found.len()) {
        return Ok(false);
    }
    let mut rest = bytes;
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => return Ok(rest.is_empty()),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        match rest.strip_prefix(piece.get(..read).unwrap_or_default()) {
            Some(left) => rest = left,
            None => return Ok(false),
        }
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
mod tests;
