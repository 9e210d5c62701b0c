//! The native clipboard for secrets, as the rest of the product sees it.

use std::path::PathBuf;

use crate::{ConnectionId, KeyId, Secret, WorkspaceId};

/// Why a secret did not get onto the clipboard.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClipboardError {
    /// The helper that holds the clipboard could not be run.
    #[error("{}: {source}", program.display())]
    Start {
        /// Which program.
        program: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// There is no text on it.
    #[error("there is no text on the clipboard")]
    Nothing,
    /// No clipboard: no display, or it refused.
    #[error("no clipboard can be reached: {detail}")]
    Absent {
        /// What the system said.
        detail: String,
    },
}

/// Copies a stowed key natively: hidden from clipboard history, taken off again after a while if unchanged.
pub trait SecretClipboard: Send + Sync {
    /// Copies; returns after the secret is on the clipboard, with the seconds until it is taken off again: those wished for.
    fn copy_key(
        &self,
        workspace: &WorkspaceId,
        key: &KeyId,
        seconds: u32,
    ) -> Result<u32, ClipboardError>;

    /// Copies a link with the key of a connection in it, by its number from 0 among those; otherwise like a key.
    fn copy_link(
        &self,
        connection: &ConnectionId,
        number: u32,
        seconds: u32,
    ) -> Result<u32, ClipboardError>;

    /// Takes a secret off the clipboard, where the person copied it just now: its text without white space at the ends, and nothing
    /// stays on the clipboard.
    ///
    /// # Errors
    /// [`ClipboardError::Nothing`] when there is no text.
    fn take(&self) -> Result<Secret, ClipboardError>;

    /// Copies a text that is no secret: it may stay in the history. It is held for the seconds that are given back.
    fn copy_text(&self, text: &str) -> Result<u32, ClipboardError>;
}
