//! Byte-preserving edits of settings files: one entry is set or removed at a key path, and every byte that is not ours stays.
//!
//! A document is parsed for its places only; our text is spliced in by position and takes on the style around it:
//! - indentation, line ends, spacing of colons and, in JSONC, a trailing comma are those of the neighbours;
//! - an entry goes to the end of its object, after the comments there, and a comma it needs goes before them;
//! - in an object on one line it stays on that line; an empty object is opened over several lines, unless the document is all on
//!   one line and holds anything;
//! - a new document has two spaces and the line ends of its (blank) predecessor.
//!
//! Removal goes by structure, never by remembered offsets, so it works after anybody reformatted the file; with the [`Receipt`]
//! of an untouched file it gives the original back byte for byte. What stands *inside* our entry, comments too, goes with it.

mod json;
mod receipt;
mod splice;
mod text;
mod tokens;
mod toml;
mod yaml;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use receipt::Receipt;
pub(crate) use tokens::{Token, tokens};

/// How a settings file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// Strict JSON.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// TOML 1.0.
    Toml,
    /// YAML 1.2.
    Yaml,
}

impl Syntax {
    /// As client files and the ledger write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonc => "jsonc",
            Self::Toml => "toml",
            Self::Yaml => "yaml",
        }
    }
}

/// Where the servers stand in a settings file, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Servers {
    /// How the file is written.
    pub syntax: Syntax,
    /// The keys that lead to the map (or list) of servers, outermost first; none: the document is the map.
    pub at: Vec<String>,
    /// `None`: a map from name to entry. Otherwise a list, whose items tell their names under this key.
    pub named_by: Option<String>,
}

impl Servers {
    /// A map of servers.
    pub fn map(syntax: Syntax, at: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            syntax,
            at: at.into_iter().map(Into::into).collect(),
            named_by: None,
        }
    }

    /// A list of servers, whose items tell their names under `named_by`.
    pub fn list(
        syntax: Syntax,
        at: impl IntoIterator<Item = impl Into<String>>,
        named_by: impl Into<String>,
    ) -> Self {
        Self {
            named_by: Some(named_by.into()),
            ..Self::map(syntax, at)
        }
    }
}

/// A document with an entry set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole new file.
    pub after: Vec<u8>,
    /// To be kept until removal. Where an entry was replaced it says nothing: [`Receipt::inherit`] the one kept from before.
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

/// A place in a document, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// First line is 1.
    pub line: u32,
    /// First column is 1, in characters.
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a document cannot be edited. It is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Not a document of its syntax.
    #[error("{place}: {reason}")]
    Syntax {
        /// Where.
        place: Place,
        /// What is wrong there, without a full stop.
        reason: String,
    },
    /// Something else stands where a map or list is needed.
    #[error("{place}: {what} is {found}, not {wanted}")]
    WrongType {
        /// Where it stands.
        place: Place,
        /// `the document`, or the key, in quotes.
        what: String,
        /// Such as `an array`.
        found: &'static str,
        /// What is needed, in the words of the syntax, such as `an object`.
        wanted: &'static str,
    },
    /// Well-formed, but written in a way that cannot be edited without touching what is not ours.
    #[error("{place}: {reason}")]
    Unsupported {
        /// Where.
        place: Place,
        /// What stands there, and what to do instead, without a full stop.
        reason: String,
    },
    /// A key on the way occurs twice, so that nobody can tell which one the client reads.
    #[error("{place}: {key:?} occurs for the second time")]
    DuplicateKey {
        /// Where the second one stands.
        place: Place,
        /// The key.
        key: String,
    },
    /// Not UTF-8.
    #[error("{}{reason}", place.map(|place| format!("{place}: ")).unwrap_or_default())]
    Encoding {
        /// Where it stops being UTF-8; `None`: from the start.
        place: Option<Place>,
        /// What it is instead.
        reason: String,
    },
    /// Nested deeper than any settings file.
    #[error("{place}: nested more than {MAX_DEPTH} levels deep")]
    TooDeep {
        /// Where the limit is passed.
        place: Place,
    },
}

/// How deeply objects and arrays may be nested in a document that is edited.
pub const MAX_DEPTH: usize = 256;

impl EditError {
    /// The code on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "edit.syntax",
            Self::WrongType { .. } => "edit.wrong_type",
            Self::Unsupported { .. } => "edit.unsupported",
            Self::DuplicateKey { .. } => "edit.duplicate_key",
            Self::Encoding { .. } => "edit.encoding",
            Self::TooDeep { .. } => "edit.too_deep",
        }
    }

    /// Where it is, if it is anywhere.
    pub const fn place(&self) -> Option<Place> {
        match self {
            Self::Syntax { place, .. }
            | Self::WrongType { place, .. }
            | Self::Unsupported { place, .. }
            | Self::DuplicateKey { place, .. }
            | Self::TooDeep { place } => Some(*place),
            Self::Encoding { place, .. } => *place,
        }
    }
}

/// Sets the entry `name` among the servers: adds it, or replaces the value of the one that is there, whoever's it is. In a list the
/// entry has its name in it, under [`Servers::named_by`].
///
/// No file, or one with nothing but white space in it, becomes a new document. Maps on the way that are missing are made. An
/// entry that already has this value keeps every byte.
///
/// # Errors
/// Any [`EditError`]; nothing is repaired or guessed.
pub fn set_entry(
    before: Option<&[u8]>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    let text = before.map(text::decoded).transpose()?;
    match servers.syntax {
        Syntax::Json | Syntax::Jsonc => json::set(text, servers, name, entry),
        Syntax::Toml => toml::set(text, servers, name, entry),
        Syntax::Yaml => yaml::set(text, servers, name, entry),
    }
}

/// Takes the entry `name` out, and with the receipt of [`set_entry`] also the containers and the file that were made for it, where
/// nothing else is in them. An entry that is not there leaves the file as it is.
///
/// # Errors
/// Any [`EditError`].
pub fn remove_entry(
    before: &[u8],
    servers: &Servers,
    name: &str,
    receipt: Option<&Receipt>,
) -> Result<Removed, EditError> {
    let text = text::decoded(before)?;
    let removed = match servers.syntax {
        Syntax::Json | Syntax::Jsonc => json::remove(text, servers, name, receipt)?,
        Syntax::Toml => toml::remove(text, servers, name, receipt)?,
        Syntax::Yaml => yaml::remove(text, servers, name, receipt)?,
    };
    Ok(removed.unwrap_or_else(|| Removed {
        after: Some(before.to_vec()),
        handed_on: receipt.filter(|receipt| receipt.says_anything()).cloned(),
    }))
}

/// The entry `name`, if it is there.
///
/// # Errors
/// Any [`EditError`].
pub fn read_entry(bytes: &[u8], servers: &Servers, name: &str) -> Result<Option<Value>, EditError> {
    let text = text::decoded(bytes)?;
    match servers.syntax {
        Syntax::Json | Syntax::Jsonc => json::read(text, servers, name),
        Syntax::Toml => toml::read(text, servers, name),
        Syntax::Yaml => yaml::read(text, servers, name),
    }
}

/// The names of all entries, in the order of the file; `None` where there is no map or list of servers at all.
///
/// # Errors
/// Any [`EditError`].
pub fn read_names(bytes: &[u8], servers: &Servers) -> Result<Option<Vec<String>>, EditError> {
    let text = text::decoded(bytes)?;
    match servers.syntax {
        Syntax::Json | Syntax::Jsonc => json::names(text, servers),
        Syntax::Toml => toml::names(text, servers),
        Syntax::Yaml => yaml::names(text, servers),
    }
}

/// Whether a JSON or JSONC document has comments; `false` where it cannot be read.
pub fn has_comments(bytes: &[u8]) -> bool {
    text::decoded(bytes).is_ok_and(json::has_comments)
}
