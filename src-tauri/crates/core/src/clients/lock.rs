use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

/// The lock that a client takes when it writes its settings, on this computer. We hold it while we write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientLock {
    /// Whoever makes this directory has the lock, and removes it again. One that is older than `stale_after` is left over from
    /// somebody who died; who holds it must be done well before.
    Directory {
        /// The directory. Its parent exists when the settings file does.
        path: PathBuf,
        /// The age at which the client takes it away from its holder.
        stale_after: Duration,
    },
    /// `flock(2)` on this file, which is made where it is missing and never removed.
    Flock {
        /// The file.
        path: PathBuf,
    },
}

/// How a client file tells of a lock.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum LockRule {
    Directory { path: Beside, stale_after_ms: u64 },
    Flock { path: Beside },
}

/// A path told by a settings file's: `${FILE}.lock`, or `${DIR}/name` in its directory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Beside {
    File { suffix: String },
    Dir { name: String },
}

/// Why a path of a lock is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not ${{FILE}}.suffix or ${{DIR}}/name")]
pub struct LockPathError {
    text: String,
}

impl TryFrom<String> for Beside {
    type Error = LockPathError;

    fn try_from(text: String) -> Result<Self, LockPathError> {
        let plain = |rest: &str| !rest.is_empty() && !rest.contains(['/', '\\', '$', '*']);
        if let Some(suffix) = text.strip_prefix("${FILE}").filter(|rest| plain(rest)) {
            return Ok(Self::File {
                suffix: suffix.to_owned(),
            });
        }
        match text.strip_prefix("${DIR}/").filter(|rest| plain(rest)) {
            Some(name) if name != ".." => Ok(Self::Dir {
                name: name.to_owned(),
            }),
            _ => Err(LockPathError { text }),
        }
    }
}

impl Beside {
    fn at(&self, file: &Path) -> PathBuf {
        match self {
            Self::File { suffix } => {
                let mut path = file.as_os_str().to_owned();
                path.push(suffix);
                path.into()
            }
            Self::Dir { name } => file.with_file_name(name),
        }
    }
}

impl LockRule {
    pub(super) fn at(&self, file: &Path) -> ClientLock {
        match self {
            Self::Directory {
                path,
                stale_after_ms,
            } => ClientLock::Directory {
                path: path.at(file),
                stale_after: Duration::from_millis(*stale_after_ms),
            },
            Self::Flock { path } => ClientLock::Flock {
                path: path.at(file),
            },
        }
    }
}
