use std::borrow::Cow;

use toml_parser::decoder::Encoding;
use toml_parser::lexer::TokenKind;
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{Expected, ParseError, Raw, Source, Span};

use super::builder::{Builder, Failure};
use crate::edit::splice::Splices;
use crate::edit::text::{BOM, place_after};
use crate::edit::{EditError, Place};

/// A table, array or value of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) const ROOT: Self = Self(0);
    /// In the place of no node.
    pub(super) const NONE: Self = Self(u32::MAX);

    fn some(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// How something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string, number, truth value or date.
    Scalar,
    /// `[ … ]`.
    Array,
    /// `{ … }`.
    Inline,
    /// Under a header (`headed`), by dotted keys (`dotted`), or only on the way to another header.
    Table { headed: bool, dotted: bool },
    /// `[[ … ]]`; its children are headed tables.
    Tables,
}

/// Where something stands. Positions are bytes behind the byte order mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) depth: u16,
    pub(super) parent: NodeId,
    pub(super) first: NodeId,
    pub(super) last: NodeId,
    pub(super) next: NodeId,
    /// The key it goes by, as written; empty for items of arrays.
    pub(super) key: (u32, u32),
    /// Where the pair it is the value of begins: at the first of several dotted keys.
    pub(super) pair: u32,
    /// The value, or the header of a headed table; nothing for other tables.
    pub(super) span: (u32, u32),
}

impl Node {
    pub(super) fn start(&self) -> usize {
        self.span.0 as usize
    }

    pub(super) fn end(&self) -> usize {
        self.span.1 as usize
    }

    pub(super) fn is_header(&self) -> bool {
        matches!(self.kind, Kind::Table { headed: true, .. })
    }
}

/// A parsed document.
pub(super) struct Document<'a> {
    /// The whole file.
    pub(super) text: &'a str,
    /// Without byte order mark.
    pub(super) body: &'a str,
    /// The byte order mark, or nothing.
    bom: &'a str,
    nodes: Vec<Node>,
    /// Headers (the tables they open) and pairs outside of any braces (their values), in the order of the file.
    pub(super) statements: Vec<NodeId>,
}

/// So many tokens are parsed at a time, or as many as one value has.
const CHUNK: usize = 4096;

impl<'a> Document<'a> {
    /// Parses a text that is not blank.
    pub(super) fn parse(text: &'a str) -> Result<Self, EditError> {
        let body = text.strip_prefix(BOM).unwrap_or(text);
        let bom = text.strip_suffix(body).unwrap_or_default();
        if body.starts_with(BOM) {
            return Err(syntax_error(
                body,
                0,
                "there is a second byte order mark".to_owned(),
            ));
        }
        if u32::try_from(body.len()).is_err() {
            return Err(EditError::Unsupported {
                place: place_at(body, 0),
                reason: "the file is bigger than 4 GiB; edit it by hand".to_owned(),
            });
        }
        let mut builder = Builder::new(Source::new(body));
        read_events(body, &mut builder, |builder| builder.failure.take())?;
        Ok(Self {
            text,
            body,
            bom,
            nodes: builder.nodes,
            statements: builder.statements,
        })
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What stands directly in a table or array, in the order of the file.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(id).first.some(), |child| {
            self.node(*child).next.some()
        })
    }

    /// The child of this name.
    pub(super) fn child(&self, table: NodeId, key: &str) -> Option<NodeId> {
        self.children(table).find(|child| self.key(*child) == key)
    }

    /// The key of a child of a table.
    pub(super) fn key(&self, id: NodeId) -> Cow<'a, str> {
        let (start, end) = self.node(id).key;
        key_text(self.slice(start as usize, end as usize))
    }

    /// Whether something is `top` or stands somewhere in it.
    pub(super) fn is_in(&self, id: NodeId, top: NodeId) -> bool {
        let depth = self.node(top).depth;
        let mut id = id;
        while self.node(id).depth > depth {
            id = self.node(id).parent;
        }
        id == top
    }

    /// Where a statement begins, its indentation left out.
    pub(super) fn statement_start(&self, index: usize) -> usize {
        let node = self.node(self.statements[index]);
        if node.is_header() {
            node.start()
        } else {
            node.pair as usize
        }
    }

    /// Where a statement ends, a comment behind it left out.
    pub(super) fn statement_end(&self, index: usize) -> usize {
        self.node(self.statements[index]).end()
    }

    pub(super) fn statement_is_header(&self, index: usize) -> bool {
        self.node(self.statements[index]).is_header()
    }

    /// The table whose header a statement stands under; its own for a header.
    pub(super) fn section(&self, index: usize) -> NodeId {
        self.statements[..=index]
            .iter()
            .rev()
            .copied()
            .find(|id| self.node(*id).is_header())
            .unwrap_or(NodeId::ROOT)
    }

    /// Index of the last statement that says anything about something.
    pub(super) fn last_statement_in(&self, top: NodeId) -> Option<usize> {
        self.statements.iter().rposition(|id| self.is_in(*id, top))
    }

    /// The file with these changes.
    pub(super) fn with(&self, splices: Splices) -> String {
        let mut text = splices.apply(self.body);
        text.insert_str(0, self.bom);
        text
    }

    /// The bytes of a range.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.body.get(start..end).unwrap_or_default()
    }

    /// Where something stands, for people.
    pub(super) fn place(&self, at: usize) -> Place {
        place_at(self.body, at)
    }

    /// Where somebody who looks for it should look.
    pub(super) fn place_of(&self, id: NodeId) -> Place {
        let node = self.node(id);
        self.place(match node.kind {
            Kind::Table { headed: false, .. } => node.key.0 as usize,
            _ => node.start(),
        })
    }

    /// What something is, for people.
    pub(super) fn type_of(&self, id: NodeId) -> &'static str {
        let node = self.node(id);
        match node.kind {
            Kind::Array => "an array",
            Kind::Inline | Kind::Table { .. } => "a table",
            Kind::Tables => "an array of tables",
            Kind::Scalar => match self.slice(node.start(), node.end()).as_bytes() {
                [b'"' | b'\'', ..] => "a string",
                [b't' | b'f', ..] => "true or false",
                text if text.contains(&b':')
                    || (text.len() == 10 && text.get(4) == Some(&b'-')) =>
                {
                    "a date"
                }
                _ => "a number",
            },
        }
    }
}

/// Parses a text without byte order mark, part by part; `failure` is what the receiver finds wrong.
pub(super) fn read_events<R: EventReceiver>(
    body: &str,
    receiver: &mut R,
    mut failure: impl FnMut(&mut R) -> Option<(usize, Failure)>,
) -> Result<(), EditError> {
    let source = Source::new(body);
    let mut tokens = Vec::with_capacity(CHUNK.min(body.len() + 1));
    let mut depth = 0_usize;
    let mut lexer = source.lex();
    loop {
        let token = lexer.next();
        let ends = match token.map(|token| token.kind()) {
            None => true,
            Some(TokenKind::Newline) => depth == 0 && tokens.len() + 1 >= CHUNK,
            Some(TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket) => {
                depth += 1;
                false
            }
            Some(TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket) => {
                depth = depth.saturating_sub(1);
                false
            }
            Some(_) => false,
        };
        tokens.extend(token);
        if ends {
            let mut complaint: Option<ParseError> = None;
            let mut checked = ValidateWhitespace::new(receiver, source);
            parse_document(&tokens, &mut checked, &mut complaint);
            judge(body, complaint, failure(receiver))?;
            tokens.clear();
        }
        if token.is_none() {
            break;
        }
    }
    Ok(())
}

/// The first thing that is wrong, if anything is.
fn judge(
    body: &str,
    complaint: Option<ParseError>,
    failure: Option<(usize, Failure)>,
) -> Result<(), EditError> {
    let complaint = complaint.map(|error| {
        let at = error.unexpected().or(error.context());
        (at.map_or(0, |span| span.start()), error)
    });
    match (complaint, failure) {
        (Some((at, error)), failure) if failure.as_ref().is_none_or(|(other, _)| at <= *other) => {
            Err(syntax_error(body, at, in_words(&error)))
        }
        (_, Some((at, failure))) => {
            let place = place_at(body, at);
            Err(match failure {
                Failure::Duplicate(key) => EditError::DuplicateKey { place, key },
                Failure::TooDeep => EditError::TooDeep { place },
                Failure::Wrong(reason) => EditError::Syntax { place, reason },
            })
        }
        _ => Ok(()),
    }
}

fn in_words(error: &ParseError) -> String {
    let mut words = lower_first(error.description().lines().next().unwrap_or_default());
    if let Some(expected) = error.expected() {
        words.push_str(", expected ");
        let mut all = expected.iter().map(|expected| match expected {
            Expected::Literal("\n") => "a line end".to_owned(),
            Expected::Literal(text) => format!("`{text}`"),
            Expected::Description(text) => (*text).to_owned(),
            _ => "something else".to_owned(),
        });
        match all.next() {
            Some(first) => words.push_str(&all.fold(first, |list, item| format!("{list}, {item}"))),
            None => words.push_str("nothing"),
        }
    }
    words
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

pub(super) fn place_at(body: &str, at: usize) -> Place {
    place_after(body.get(..at).unwrap_or(body))
}

fn syntax_error(body: &str, at: usize, reason: String) -> EditError {
    EditError::Syntax {
        place: place_at(body, at),
        reason,
    }
}

/// What a key as written says.
pub(super) fn key_text(written: &str) -> Cow<'_, str> {
    let encoding = match written.as_bytes().first() {
        Some(b'"') => Encoding::BasicString,
        Some(b'\'') => Encoding::LiteralString,
        _ => return Cow::Borrowed(written),
    };
    let mut text = Cow::Borrowed("");
    let span = Span::new_unchecked(0, written.len());
    Raw::new_unchecked(written, Some(encoding), span).decode_key(&mut text, &mut ());
    text
}
