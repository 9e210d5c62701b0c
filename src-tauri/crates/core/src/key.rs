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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Permissions that hold over MCP, of those it has; empty: all of them.
    pub mcp_permissions: Vec<String>,
    /// Projects it is limited to; empty: none in particular.
    pub projects: Vec<String>,
    /// Instances it is limited to; empty: none in particular.
    pub instances: Vec<String>,
    /// Said by the provider when clients must connect anew after a change.
    pub reconnect: Option<String>,
    /// Whose it is, where a list holds keys of several: an organization or a person, as the provider names it.
    pub owner: Option<String>,
    /// How often it may be used, where the provider tells.
    pub budget: Option<Budget>,
}

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Requests in all.
    pub limit: u64,
    /// Requests that are left, where told.
    pub remaining: Option<u64>,
    /// The span they are counted over, in milliseconds, where told.
    pub window_ms: Option<u64>,
    /// When it is full again, where told.
    pub resets_at: Option<UnixMs>,
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
    /// Those of everybody, where the account may see them (an administrator's list).
    pub everybody: bool,
    /// In which order, where the provider sorts; `None`: the newest first.
    pub order: Option<KeyOrder>,
}

/// What keys are put in order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySort {
    /// The name, in any case.
    Name,
    /// When they were made; one that does not tell came first of all.
    Created,
    /// When they expire; one that never does comes last.
    Expires,
    /// When they were last used; one that never was comes first.
    LastUsed,
}

/// An order of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyOrder {
    /// By what.
    pub by: KeySort,
    /// The other way round.
    pub descending: bool,
}

impl KeyOrder {
    /// Which of two keys comes first; by their ids where nothing else tells them apart.
    pub fn compare(self, a: &ApiKey, b: &ApiKey) -> std::cmp::Ordering {
        let order = match self.by {
            KeySort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            KeySort::Created => a.created_at.cmp(&b.created_at),
            KeySort::Expires => {
                let at = |key: &ApiKey| key.expires_at.unwrap_or(UnixMs::MAX);
                at(a).cmp(&at(b))
            }
            KeySort::LastUsed => a.last_used_at.cmp(&b.last_used_at),
        };
        let order = order.then_with(|| a.id.as_str().cmp(b.id.as_str()));
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}

/// One page of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// The keys, newest first where the provider sorts.
    pub keys: Vec<ApiKey>,
    /// How many match in all.
    pub total: u64,
    /// How many requests the account has left, where the answer told.
    pub budget: Option<Budget>,
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
    /// Permissions that hold over MCP, of those it has; empty: all of them.
    pub mcp_permissions: Vec<String>,
    /// Projects it is limited to; empty: none in particular.
    pub projects: Vec<String>,
    /// Instances it is limited to; empty: none in particular.
    pub instances: Vec<String>,
}

/// What to change about a key; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyChange {
    /// A new name.
    pub name: Option<String>,
    /// Scopes or permissions.
    pub scopes: Option<Vec<String>>,
    /// Whether tools that write are refused.
    pub read_only: Option<bool>,
    /// The MCP permission preset; `Some(None)`: none.
    pub preset: Option<Option<String>>,
    /// MCP tools it may call; empty: all.
    pub tools: Option<Vec<String>>,
    /// Permissions that hold over MCP.
    pub mcp_permissions: Option<Vec<String>>,
    /// Projects it is limited to.
    pub projects: Option<Vec<String>>,
    /// Instances it is limited to.
    pub instances: Option<Vec<String>>,
    /// When it expires; `Some(None)`: never.
    pub expires_at: Option<Option<UnixMs>>,
}

/// What a key was used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage {
    /// When it was last used.
    pub last_used_at: Option<UnixMs>,
    /// Requests in the provider's current period.
    pub requests: Option<u64>,
    /// Requests by endpoint or tool, the busiest first.
    pub endpoints: Vec<(String, u64)>,
    /// By client, the busiest first.
    pub clients: Vec<ClientUse>,
    /// By day, the latest last.
    pub days: Vec<DayUse>,
}

/// What a key was used for on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayUse {
    /// Such as `2026-11-21`.
    pub day: String,
    /// Requests in all.
    pub requests: u64,
    /// By client, the busiest first; empty where it is not told.
    pub clients: Vec<(String, u64)>,
}

/// What one client used a key for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientUse {
    /// As it names itself.
    pub name: String,
    /// Requests in all.
    pub requests: u64,
    /// When it last did, where told.
    pub last_used_at: Option<UnixMs>,
}

/// What a provider says of a key that was shown to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key's id there.
    pub id: Option<String>,
    /// Its name there.
    pub name: Option<String>,
    /// Whose it is.
    pub organization: Option<String>,
    /// Its scopes; `None`: not told.
    pub scopes: Option<Vec<String>>,
    /// When it expires, where told.
    pub expires_at: Option<UnixMs>,
    /// What it was used for, where told.
    pub usage: KeyUsage,
    /// What is left of its budget.
    pub budget: Option<Budget>,
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
