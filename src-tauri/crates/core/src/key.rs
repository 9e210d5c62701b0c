//! API keys: metadata as the provider tells it, and what may be asked for.

use serde::{Deserialize, Serialize};

use crate::{KeyId, Secret};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type UnixMs = i64;

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// Usable.
    Enabled,
    /// Paused: refused until resumed.
    Paused,
    /// Past its expiry.
    Expired,
}

/// Metadata of a key. Holds no plaintext.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The provider's id.
    pub id: KeyId,
    /// The name its maker gave it.
    pub name: String,
    /// What may be shown of it, such as `ocore_k_••••••••3f9c`; as much as the provider tells.
    pub masked: String,
    /// Where it stands.
    pub status: KeyStatus,
    /// Scopes or permissions, as the provider spells them.
    pub scopes: Vec<String>,
    /// Whether MCP tools that write are refused to it.
    pub read_only: bool,
    /// The MCP permission preset, where the provider has them.
    pub preset: Option<String>,
    /// MCP tools it may call; empty: all.
    pub tools: Vec<String>,
    /// When it was made.
    pub created_at: Option<UnixMs>,
    /// When it expires; `None`: never.
    pub expires_at: Option<UnixMs>,
    /// When it was last used.
    pub last_used_at: Option<UnixMs>,
    /// Requests in the provider's current period, where it tells.
    pub requests: Option<u64>,
}

/// What to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyQuery {
    /// Part of a name or of the visible part of the key.
    pub search: Option<String>,
    /// First page is 1.
    pub page: u32,
    /// Keys a page; providers cap it.
    pub limit: u32,
}

/// One page of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// The keys, newest first where the provider sorts.
    pub keys: Vec<ApiKey>,
    /// How many match in all.
    pub total: u64,
}

/// What to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewKey {
    /// 1 to 100 characters, no control characters.
    pub name: String,
    /// Scopes or permissions; empty: the provider's default.
    pub scopes: Vec<String>,
    /// When it shall expire.
    pub expires_at: Option<UnixMs>,
    /// Refuse tools that write.
    pub read_only: bool,
    /// MCP permission preset.
    pub preset: Option<String>,
    /// MCP tools it may call; empty: all.
    pub tools: Vec<String>,
}

/// A key that was just made: the one time its plaintext is told. Stow it before anything else happens.
#[derive(Debug)]
pub struct CreatedKey {
    /// Its metadata.
    pub key: ApiKey,
    /// Its plaintext.
    pub secret: Secret,
}

/// Why a name is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("a name cannot be empty")]
    Empty,
    /// More than 100 characters.
    #[error("a name has at most 100 characters; this one has {0}")]
    TooLong(usize),
    /// Line breaks, escapes and their like.
    #[error("a name cannot contain control characters")]
    Control,
}

/// Checks the name of a key and takes white space off its ends.
pub fn checked_name(name: &str) -> Result<String, NameError> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 {
        Err(NameError::Empty)
    } else if length > 100 {
        Err(NameError::TooLong(length))
    } else if name.chars().any(char::is_control) {
        Err(NameError::Control)
    } else {
        Ok(name.to_owned())
    }
}
