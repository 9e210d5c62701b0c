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

mod document;
mod insert;
mod receipt;
mod remove;
mod render;
mod splice;
mod style;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use document::Document;

pub use receipt::Receipt;

/// How a settings file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// Strict JSON.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
}

impl Syntax {
    /// As client files and the ledger write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonc => "jsonc",
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
    /// Something else stands where an object is needed.
    #[error("{place}: {what} is {found}, not an object")]
    WrongType {
        /// Where it stands.
        place: Place,
        /// `the document`, or the key, in quotes.
        what: String,
        /// Such as `an array`.
        found: &'static str,
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
            | Self::DuplicateKey { place, .. }
            | Self::TooDeep { place } => Some(*place),
            Self::Encoding { place, .. } => *place,
        }
    }
}

/// Sets the entry `name` in the object at `at`: adds it, or replaces the value of the one that is there, whoever's it is.
///
/// No file, or one with nothing but white space in it, becomes a new document. Objects on the way that are missing are made. An
/// entry that already has this value keeps every byte.
///
/// # Errors
/// Any [`EditError`]; nothing is repaired or guessed.
pub fn set_entry(
    before: Option<&[u8]>,
    syntax: Syntax,
    at: &[String],
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    let before = match before {
        None => return Ok(insert::new_document(None, at, name, entry)),
        Some(before) => before,
    };
    let text = document::text(before)?;
    if document::is_blank(text) {
        return Ok(insert::new_document(Some(text), at, name, entry));
    }
    let document = Document::parse(text, syntax)?;
    insert::set(&document, at, name, entry)
}

/// Takes the entry `name` out of the object at `at`, and with the receipt of [`set_entry`] also the objects and the file that were
/// made for it, where nothing else is in them. An entry that is not there leaves the file as it is.
///
/// # Errors
/// Any [`EditError`].
pub fn remove_entry(
    before: &[u8],
    syntax: Syntax,
    at: &[String],
    name: &str,
    receipt: Option<&Receipt>,
) -> Result<Removed, EditError> {
    let text = document::text(before)?;
    let untouched = || Removed {
        after: Some(before.to_vec()),
        handed_on: receipt.filter(|receipt| receipt.says_anything()).cloned(),
    };
    if document::is_blank(text) {
        return Ok(untouched());
    }
    let document = Document::parse(text, syntax)?;
    Ok(remove::remove(&document, at, name, receipt)?.unwrap_or_else(untouched))
}

/// The entry `name` in the object at `at`, if it is there.
///
/// # Errors
/// Any [`EditError`].
pub fn read_entry(
    bytes: &[u8],
    syntax: Syntax,
    at: &[String],
    name: &str,
) -> Result<Option<Value>, EditError> {
    let text = document::text(bytes)?;
    if document::is_blank(text) {
        return Ok(None);
    }
    let document = Document::parse(text, syntax)?;
    let way = document.way(at, name)?;
    way.entry(at)
        .map(|member| document.value(member))
        .transpose()
}

/// Whether a JSON or JSONC document has comments; `false` where it cannot be read.
pub fn has_comments(bytes: &[u8]) -> bool {
    document::text(bytes)
        .ok()
        .filter(|text| !document::is_blank(text))
        .and_then(|text| Document::parse(text, Syntax::Jsonc).ok())
        .is_some_and(|document| document.has_comments())
}
