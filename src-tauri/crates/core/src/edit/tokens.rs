//! What a document of TOML or YAML consists of, for those who look at all of it.

use std::borrow::Cow;
use std::ops::Range;

use super::{EditError, Syntax, text, toml, yaml};

/// A part of a document, in the order of its structure: maps and lists hold what stands between their beginning and their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A map begins, or a table, or what a dotted key makes one.
    Map,
    /// A list begins.
    List,
    /// The innermost map or list is over.
    End,
    /// The key whose value comes next; of one that is no text, nothing.
    Key(Cow<'a, str>),
    /// A text, a number, or another value that holds no others.
    Scalar {
        /// What it says, without quotes and escapes.
        says: Cow<'a, str>,
        /// Where it is written: the bytes between its quotes, or below the sign of a text in lines.
        at: Range<usize>,
        /// Whether it stands in quotes or in lines of its own, and so is a text whatever it says.
        is_text: bool,
    },
}

/// Tells all of a document of TOML or YAML, aliases of YAML as what they stand for. What was told before an error is void.
///
/// # Errors
/// Where it is not such a document, or its aliases stand for too much. JSON is not told here.
pub(crate) fn tokens(
    text: &str,
    syntax: Syntax,
    take: &mut dyn FnMut(Token<'_>),
) -> Result<(), EditError> {
    match syntax {
        Syntax::Toml => toml::tokens(text, take),
        Syntax::Yaml => yaml::tokens(text, take),
        Syntax::Json | Syntax::Jsonc => Err(EditError::Unsupported {
            place: text::place_after(""),
            reason: "JSON is read elsewhere".to_owned(),
        }),
    }
}
