//! The keychain as the rest of the product sees it. Only the `keychain` crate puts a real one behind this.

use std::fmt;

use crate::{KeyId, Secret, WorkspaceId};

/// The account name of one keychain item. Its service is `keystow` (`keystow-dev` in debug builds).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// Plaintext of an API key.
    Key(WorkspaceId, KeyId),
    /// Access and refresh token of a workspace, as one JSON object.
    Session(WorkspaceId),
    /// OAuth tokens of an MCP server, by its name, for a workspace.
    Oauth(WorkspaceId, String),
    /// Password of an account that Keystow itself made (the local workspace's owner).
    Password(WorkspaceId),
    /// The key that seals before-images in the journal; the number is its generation.
    Seal(u32),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(workspace, key) => write!(f, "key/{workspace}/{key}"),
            Self::Session(workspace) => write!(f, "session/{workspace}"),
            Self::Oauth(workspace, server) => write!(f, "oauth/{workspace}/{server}"),
            Self::Password(workspace) => write!(f, "password/{workspace}"),
            Self::Seal(generation) => write!(f, "seal/{generation}"),
        }
    }
}

/// Why the keychain did not do what was asked. Nothing is ever written elsewhere instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeychainError {
    /// No session bus: a bare terminal, a container, an SSH session.
    #[error("there is no session bus, so no keychain can be reached ({detail})")]
    NoBus {
        /// What the system said.
        detail: String,
    },
    /// A bus, but nothing on it that keeps secrets.
    #[error("no keychain service is running ({detail})")]
    NoDaemon {
        /// What the system said.
        detail: String,
    },
    /// There is a keychain, and it is locked.
    #[error("the keychain is locked")]
    Locked,
    /// The system shows, or wanted to show, a question that was not answered.
    #[error("the keychain waits for an answer to its prompt")]
    PromptWaiting,
    /// Nothing came back within the limit.
    #[error("the keychain did not answer within {limit_ms} ms")]
    TimedOut {
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// The item is not there although we stowed it: the keychain is another one, was moved, or somebody deleted the item.
    #[error("the keychain has no entry {item}, though one was stowed")]
    Missing {
        /// The account name, such as `key/local/k-1`.
        item: String,
    },
    /// Larger than the store takes.
    #[error("{bytes} bytes are more than a keychain entry takes ({limit} at most)")]
    TooLarge {
        /// What was to be stowed.
        bytes: usize,
        /// What fits.
        limit: usize,
    },
    /// Anything else the store says, without any secret in it.
    #[error("the keychain failed: {detail}")]
    Failed {
        /// What the system said.
        detail: String,
    },
}

/// The state a status line shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeychainState {
    /// Ready.
    Unlocked,
    /// Locked; one action of the person helps.
    Locked,
    /// Not there at all.
    Absent(KeychainError),
}

/// The operating system's keychain. Calls block for at most three seconds; never call them on an async runtime's thread.
pub trait Keychain: Send + Sync {
    /// Stows `secret`, replacing what was there.
    fn set(&self, item: &Item, secret: &Secret) -> Result<(), KeychainError>;

    /// Reads an item. `Ok(None)` means the store says there is none; see [`Keychain::get_stowed`] for items we know of.
    fn get(&self, item: &Item) -> Result<Option<Secret>, KeychainError>;

    /// Deletes an item; one that is not there is as good as deleted.
    fn delete(&self, item: &Item) -> Result<(), KeychainError>;

    /// Looks without touching any secret, and without making the system show a prompt.
    fn state(&self) -> KeychainState;

    /// Asks the system to unlock the keychain, which may show its own prompt, and waits for the person to answer it.
    ///
    /// # Errors
    /// [`KeychainError::PromptWaiting`] when the prompt was dismissed or cannot be shown, [`KeychainError::TimedOut`] when nobody
    /// answered within `timeout_ms`; a later answer still unlocks.
    fn unlock(&self, timeout_ms: u64) -> Result<(), KeychainError>;

    /// Reads an item that our store says was stowed.
    ///
    /// # Errors
    /// [`KeychainError::Missing`] when it is not there: locked or moved, not gone.
    fn get_stowed(&self, item: &Item) -> Result<Secret, KeychainError> {
        self.get(item)?.ok_or_else(|| KeychainError::Missing {
            item: item.to_string(),
        })
    }
}
