//! Byte-preserving edits of settings files.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a settings file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// Strict JSON.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
}

/// What a person's file was like around an insertion, so that removal can give every byte back. Kept in the ledger; holds only
/// white space and punctuation of theirs, never values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {}

/// A document with an entry set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole new file.
    pub after: Vec<u8>,
    /// To be kept until removal.
    pub receipt: Receipt,
    /// The entry that stood there before.
    pub replaced: Option<Value>,
}

/// A document with an entry taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The whole new file; `None`: we made it, and nothing is left in it.
    pub after: Option<Vec<u8>>,
    /// What another entry of ours in the same file must remember now, because this one made the container both stand in.
    pub handed_on: Option<Receipt>,
}

/// Why a document cannot be edited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Not a document of its syntax.
    #[error("line {line}, column {column}: {reason}")]
    Syntax {
        /// First line is 1.
        line: u32,
        /// First column is 1, in characters.
        column: u32,
        /// What is wrong there.
        reason: String,
    },
}
