use serde_json::Value;

use super::container::{Container, Item, Twice};
use super::fault::{Fault, place_at};
use super::outline::{Outline, Sought};
use super::scanner::{Kind, Scanner, Token, comment_at};
use super::value::value_at;
use crate::edit::text::{BOM, is_space};
use crate::edit::{EditError, Servers, Syntax};

/// A sound document, seen from the way to one entry. Beside the text it takes no memory to speak of.
pub(super) struct Document<'a> {
    /// All of it, with the byte order mark.
    pub(super) text: &'a str,
    /// The containers that are there on the way to the entry, the document first; never empty.
    pub(super) way: Vec<Container>,
    /// How many keys lead to the servers.
    goal: usize,
    comments_around: bool,
    names: Vec<String>,
}

impl<'a> Document<'a> {
    /// Reads a text that is not blank. `name` is the entry's; none: the names of all are wanted.
    pub(super) fn read(
        text: &'a str,
        servers: &Servers,
        name: Option<&str>,
    ) -> Result<Self, EditError> {
        let start = start_of(text);
        let sought = Sought {
            at: &servers.at,
            named_by: servers.named_by.as_deref(),
            name,
        };
        let outline = Outline::of_document(text, start, servers.syntax == Syntax::Jsonc, sought)
            .map_err(|fault| fault.error(text, wanted(sought, 0)))?;
        refuse_to_guess(text, &outline, sought)?;
        Ok(Self {
            text,
            way: outline.way,
            goal: servers.at.len(),
            comments_around: outline.comments_around,
            names: outline.names,
        })
    }

    /// The innermost container that is there.
    pub(super) fn innermost(&self) -> &Container {
        self.way.last().expect("the document is a container")
    }

    /// How many keys lead to the servers.
    pub(super) const fn goal(&self) -> usize {
        self.goal
    }

    /// The entry, if the whole way is there.
    pub(super) fn entry(&self) -> Option<Item> {
        self.way.get(self.goal)?.found
    }

    /// The names of all entries, if the map or list of servers is there.
    pub(super) fn names(self) -> Option<Vec<String>> {
        (self.way.len() > self.goal).then_some(self.names)
    }

    /// The value of an item.
    pub(super) fn value(&self, item: &Item) -> Result<Value, EditError> {
        value_at(self.text, item.value).map_err(|fault| self.error(fault))
    }

    /// An object in the document, seen closer.
    pub(super) fn object_at(&self, start: usize) -> Result<Option<Container>, EditError> {
        Outline::of_object(self.text, start).map_err(|fault| self.error(fault))
    }

    fn error(&self, fault: Fault) -> EditError {
        fault.error(self.text, "an object")
    }

    /// Whether nothing but white space stands around the document.
    pub(super) const fn stands_alone(&self) -> bool {
        !self.comments_around
    }

    /// The bytes of a range.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The token or comment that begins at a byte or behind white space there; `None` at the end of the text. Must not be asked
    /// within strings and comments. Of what is neither a comma nor a comment it tells the first byte.
    pub(super) fn next(&self, at: usize) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(at..)?;
        let start = at + rest.iter().position(|byte| !is_space(*byte))?;
        if let Some((kind, end)) = comment_at(bytes, start) {
            return Some(Token {
                kind,
                start,
                end: end.unwrap_or(bytes.len()),
            });
        }
        let kind = match bytes.get(start) {
            Some(b',') => Kind::Comma,
            _ => Kind::Scalar,
        };
        Some(Token {
            kind,
            start,
            end: start + 1,
        })
    }

    /// The same, comments passed over.
    pub(super) fn next_significant(&self, at: usize) -> Option<Token> {
        let mut token = self.next(at)?;
        while token.is_comment() {
            token = self.next(token.end)?;
        }
        Some(token)
    }
}

/// Whether a text is a JSONC document with comments.
pub(super) fn has_comments(text: &str) -> bool {
    let mut scanner = Scanner::new(text, start_of(text), true);
    let mut found = false;
    loop {
        match scanner.next() {
            Ok(Some(token)) => found |= token.is_comment(),
            Ok(None) => return found,
            Err(_) => return false,
        }
    }
}

fn start_of(text: &str) -> usize {
    if text.starts_with(BOM) {
        BOM.len_utf8()
    } else {
        0
    }
}

/// Errors where the way to the entry is not the only one, from the document inwards.
fn refuse_to_guess(text: &str, outline: &Outline, sought: Sought<'_>) -> Result<(), EditError> {
    for depth in 0..=sought.at.len() {
        if let Some((_, at)) = outline.wrong.filter(|(wrong, _)| *wrong == depth) {
            let key = depth.checked_sub(1).and_then(|above| sought.at.get(above));
            return Err(EditError::WrongType {
                place: place_at(text, at),
                what: key.map_or("the document".to_owned(), |key| format!("{key:?}")),
                found: type_of(text, at),
                wanted: wanted(sought, depth),
            });
        }
        let Some(container) = outline.way.get(depth) else {
            break;
        };
        if let Some((at, twice)) = container.second {
            let key = match twice {
                Twice::Name => sought.at.get(depth).map(String::as_str).or(sought.name),
                Twice::NamedBy => sought.named_by,
            };
            return Err(EditError::DuplicateKey {
                place: place_at(text, at),
                key: key.unwrap_or_default().to_owned(),
            });
        }
    }
    Ok(())
}

/// What must stand where so many keys lead.
fn wanted(sought: Sought<'_>, depth: usize) -> &'static str {
    if depth == sought.at.len() && sought.named_by.is_some() {
        "an array"
    } else {
        "an object"
    }
}

fn type_of(text: &str, at: usize) -> &'static str {
    match text.as_bytes().get(at) {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}
