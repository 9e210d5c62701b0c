use crate::edit::text::place_after;
use crate::edit::{EditError, Place};

/// Where and why a text is no document; small, as it passes through every step of the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    at: usize,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    TooDeep,
    /// Nothing but white space and comments.
    Nothing,
    /// Something behind the document.
    More,
    Comment,
    TrailingComma,
    NoComma,
    NoColon,
    NoKey,
    SingleQuote,
    Escape,
    Number,
    /// A number too large to be read.
    OutOfRange,
    Word,
    Unterminated(&'static str),
    /// In a string.
    Control(char),
    /// White space that JSON does not have.
    Space(char),
    Unexpected(char),
}

impl Fault {
    pub(super) const fn new(at: usize, reason: Reason) -> Self {
        Self { at, reason }
    }

    /// The error, for people. `wanted` is what the document has to be.
    pub(super) fn error(self, text: &str, wanted: &'static str) -> EditError {
        let place = place_at(text, self.at);
        let reason = match self.reason {
            Reason::TooDeep => return EditError::TooDeep { place },
            Reason::Nothing => format!("expected {wanted}"),
            Reason::More => "the document ends before this".to_owned(),
            Reason::Comment => "comments are not allowed".to_owned(),
            Reason::TrailingComma => "trailing commas are not allowed".to_owned(),
            Reason::NoComma => "expected comma".to_owned(),
            Reason::NoColon => "expected colon".to_owned(),
            Reason::NoKey => "expected string for object property".to_owned(),
            Reason::SingleQuote => "single-quoted strings are not allowed".to_owned(),
            Reason::Escape => "no escape sequence of JSON".to_owned(),
            Reason::Number => "not a number as JSON writes them".to_owned(),
            Reason::OutOfRange => "the number is out of range".to_owned(),
            Reason::Word => "unexpected word".to_owned(),
            Reason::Unterminated(what) => format!("unterminated {what}"),
            Reason::Control(c) => format!(
                "the control character U+{:04X} must be escaped in a string",
                u32::from(c)
            ),
            Reason::Space(c) => format!(
                "the character U+{:04X} is not white space in JSON",
                u32::from(c)
            ),
            Reason::Unexpected(c) => match named(c) {
                Some(name) => format!("unexpected {name}"),
                None => format!("unexpected character {c:?}"),
            },
        };
        EditError::Syntax { place, reason }
    }
}

/// The place of a byte.
pub(super) fn place_at(text: &str, at: usize) -> Place {
    place_after(text.get(..at).unwrap_or(text))
}

const fn named(c: char) -> Option<&'static str> {
    Some(match c {
        '{' => "open brace",
        '}' => "close brace",
        '[' => "open bracket",
        ']' => "close bracket",
        ',' => "comma",
        ':' => "colon",
        _ => return None,
    })
}
