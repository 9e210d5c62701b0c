use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::Url;

/// Why the local workspace could not serve, or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Another process serves this data directory.
    #[error("the local workspace is already running{}", .url.as_ref().map(|url| format!(" at {url}")).unwrap_or_default())]
    AlreadyRunning {
        /// Its base URL; `None` when it holds the lock and does not answer yet.
        url: Option<Url>,
    },
    /// There is no owner account yet, and no password to make it with.
    #[error(
        "the local workspace has no owner account yet, and no password was given to make it with"
    )]
    OwnerPasswordNeeded,
    /// The owner's password is empty.
    #[error("the owner's password cannot be empty")]
    OwnerPasswordEmpty,
    /// It was asked to listen where others could reach it.
    #[error(
        "{address} is not a loopback address; the local workspace listens on this computer only"
    )]
    NotLoopback {
        /// What was asked for.
        address: SocketAddr,
    },
    /// No port could be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// What was tried.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// Its database was written by a newer Keystow.
    #[error(
        "{path} has schema {found}, this program knows {supported}; use the newer Keystow that wrote it"
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// The schema version in it.
        found: i64,
        /// The newest one this program knows.
        supported: i64,
    },
    /// The database cannot be read or written.
    #[error("{path}: {source}")]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The schema could not be brought up to date.
    #[error("{path}: {source}")]
    Migration {
        /// The database.
        path: PathBuf,
        /// What went wrong.
        source: rusqlite_migration::Error,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Files {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The owner's password could not be hashed.
    #[error("the owner's password could not be hashed")]
    Hash,
    /// The listener failed for good.
    #[error("the listener failed: {0}")]
    Listener(std::io::Error),
}

impl ServeError {
    /// Puts a path to an I/O error.
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Files { path, source }
    }

    /// Puts a path to a database error.
    pub(crate) fn database(path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Database { path, source }
    }
}
