//! The local workspace as the rest of the product sees it.

use url::Url;

/// Why the local workspace could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The `keystow` program that serves it could not be started.
    #[error("could not start {program}: {source}")]
    Start {
        /// What was to be run.
        program: String,
        /// Why it was not.
        source: std::io::Error,
    },
    /// It was started and did not come up.
    #[error("the local workspace did not come up: {detail}")]
    NotUp {
        /// The last thing it said, without secrets.
        detail: String,
    },
    /// Its files cannot be read or written.
    #[error("{path}: {source}")]
    Files {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Starts the local workspace when somebody needs it. One instance serves a data directory, on a port that stays the same.
pub trait LocalWorkspace: Send + Sync {
    /// The base URL (`http://127.0.0.1:PORT/api`), after making sure that our own server, and nobody else's, listens there.
    /// Blocks until it answers; 10 s at most.
    fn ensure_running(&self) -> Result<Url, LocalError>;

    /// The base URL if it is running now; starts nothing.
    fn running(&self) -> Result<Option<Url>, LocalError>;

    /// Ends it where it runs, and waits until it has: 5 s at most.
    ///
    /// # Errors
    /// [`LocalError::NotUp`] says why it still runs.
    fn stop(&self) -> Result<(), LocalError>;
}
