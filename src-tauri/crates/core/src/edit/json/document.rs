use jsonc_parser::ast::{self, Object, ObjectProp};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::tokens::Token as Lexeme;
use jsonc_parser::{CollectOptions, ParseOptions, Scanner, ScannerOptions, parse_to_ast};
use serde_json::{Map, Value};

use crate::edit::text::{BOM, place_after};
use crate::edit::{EditError, MAX_DEPTH, Syntax};

/// What a token is, as far as edits care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Comma,
    LineComment,
    BlockComment,
    Other,
}

/// A token or comment and its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    pub(super) fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }
}

/// A parsed document whose root is an object. Positions count from behind the byte order mark.
pub(super) struct Document<'a> {
    /// Without byte order mark.
    pub(super) body: &'a str,
    /// The byte order mark, or nothing.
    pub(super) bom: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) root: Object<'a>,
}

/// The objects that are there on the way to an entry, and which member of each leads on.
pub(super) struct Way<'d, 'a> {
    /// The document first.
    pub(super) objects: Vec<&'d Object<'a>>,
    /// One shorter than `objects`, or as long where the entry is there.
    pub(super) members: Vec<usize>,
}

impl<'d, 'a> Way<'d, 'a> {
    /// The entry, if the whole way is there.
    pub(super) fn entry(&self, at: &[String]) -> Option<&'d ObjectProp<'a>> {
        let object = self.objects.get(at.len())?;
        object.properties.get(*self.members.get(at.len())?)
    }
}

impl<'a> Document<'a> {
    /// Parses a text that is not blank.
    pub(super) fn parse(text: &'a str, syntax: Syntax) -> Result<Self, EditError> {
        let body = text.strip_prefix(BOM).unwrap_or(text);
        let bom = text.strip_suffix(body).unwrap_or_default();
        let (tokens, complaint) = scan(body)?;
        let parsed = parse_to_ast(body, &CollectOptions::default(), &options(syntax));
        let root = match (parsed, complaint) {
            (Err(error), complaint) => {
                let at = error.range().start;
                return Err(match complaint.filter(|(place, _)| *place < at) {
                    Some((place, reason)) => syntax_error(body, place, reason),
                    None => syntax_error(body, at, lower_first(&error.kind().to_string())),
                });
            }
            (Ok(_), Some((place, reason))) => return Err(syntax_error(body, place, reason)),
            (Ok(parsed), None) => parsed.value,
        };
        let root = match root {
            Some(ast::Value::Object(root)) => root,
            Some(other) => {
                return Err(EditError::WrongType {
                    place: place_at(body, other.range().start),
                    what: "the document".to_owned(),
                    found: type_of(&other),
                    wanted: "an object",
                });
            }
            None => {
                return Err(syntax_error(
                    body,
                    body.len(),
                    "expected an object".to_owned(),
                ));
            }
        };
        Ok(Self {
            body,
            bom,
            tokens,
            root,
        })
    }

    /// Walks to the entry as far as the document goes.
    pub(super) fn way(&self, at: &[String], name: &str) -> Result<Way<'_, 'a>, EditError> {
        let mut way = Way {
            objects: vec![&self.root],
            members: Vec::new(),
        };
        let mut object = &self.root;
        for key in at {
            let Some(index) = self.only(object, key)? else {
                return Ok(way);
            };
            way.members.push(index);
            object = match &object.properties[index].value {
                ast::Value::Object(inner) => inner,
                other => {
                    return Err(EditError::WrongType {
                        place: self.place(other.range().start),
                        what: format!("{key:?}"),
                        found: type_of(other),
                        wanted: "an object",
                    });
                }
            };
            way.objects.push(object);
        }
        way.members.extend(self.only(object, name)?);
        Ok(way)
    }

    /// The one member of this name.
    fn only(&self, object: &Object<'a>, key: &str) -> Result<Option<usize>, EditError> {
        let mut found = object
            .properties
            .iter()
            .enumerate()
            .filter(|(_, member)| member.name.as_str() == key)
            .map(|(index, _)| index);
        let first = found.next();
        match found.next() {
            Some(second) => Err(EditError::DuplicateKey {
                place: self.place(object.properties[second].range.start),
                key: key.to_owned(),
            }),
            None => Ok(first),
        }
    }

    /// A member's value.
    pub(super) fn value(&self, member: &ObjectProp<'a>) -> Result<Value, EditError> {
        self.to_value(&member.value)
    }

    fn to_value(&self, value: &ast::Value<'a>) -> Result<Value, EditError> {
        Ok(match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(lit) => Value::Bool(lit.value),
            ast::Value::StringLit(lit) => Value::String(lit.value.clone().into_owned()),
            ast::Value::NumberLit(lit) => {
                let number = lit.value.parse().map_err(|_| {
                    syntax_error(
                        self.body,
                        lit.range.start,
                        "the number is out of range".to_owned(),
                    )
                })?;
                Value::Number(number)
            }
            ast::Value::Array(array) => Value::Array(
                array
                    .elements
                    .iter()
                    .map(|element| self.to_value(element))
                    .collect::<Result<_, _>>()?,
            ),
            ast::Value::Object(object) => {
                let mut map = Map::new();
                for member in &object.properties {
                    map.insert(
                        member.name.as_str().to_owned(),
                        self.to_value(&member.value)?,
                    );
                }
                Value::Object(map)
            }
        })
    }

    /// Whether there are comments anywhere.
    pub(super) fn has_comments(&self) -> bool {
        self.tokens.iter().any(Token::is_comment)
    }

    /// The bytes of a range.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.body.get(start..end).unwrap_or_default()
    }

    /// Index of the token that starts at a byte (or the next one).
    pub(super) fn token_from(&self, start: usize) -> usize {
        self.tokens.partition_point(|token| token.start < start)
    }

    /// Index of the token that ends at a byte (or the one before).
    pub(super) fn token_to(&self, end: usize) -> usize {
        self.token_from(end).saturating_sub(1)
    }

    /// The token after another, comments left out.
    pub(super) fn next_significant(&self, index: usize) -> Option<&Token> {
        self.tokens
            .get(index + 1..)?
            .iter()
            .find(|token| !token.is_comment())
    }

    /// The token before another, comments left out.
    pub(super) fn previous_significant(&self, index: usize) -> Option<&Token> {
        self.tokens
            .get(..index)?
            .iter()
            .rev()
            .find(|token| !token.is_comment())
    }

    fn place(&self, at: usize) -> crate::edit::Place {
        place_at(self.body, at)
    }
}

/// Splits a text into tokens as far as they are any, and says what the parser would let pass though no JSON has it.
#[expect(clippy::type_complexity, reason = "a place and a reason")]
fn scan(body: &str) -> Result<(Vec<Token>, Option<(usize, String)>), EditError> {
    let mut scanner = Scanner::new(body, &scanner_options());
    let mut tokens = Vec::with_capacity(body.len() / 8);
    let mut complaint = None;
    let mut depth = 0_usize;
    let mut done = 0;
    // Where the scanner stops with an error, the parser stops too and says why.
    while let Ok(Some(lexeme)) = scanner.scan() {
        let (start, end) = (scanner.token_start(), scanner.token_end());
        let kind = match lexeme {
            Lexeme::OpenBrace | Lexeme::OpenBracket => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(EditError::TooDeep {
                        place: place_at(body, start),
                    });
                }
                Kind::Other
            }
            Lexeme::CloseBrace | Lexeme::CloseBracket => {
                depth = depth.saturating_sub(1);
                Kind::Other
            }
            Lexeme::Comma => Kind::Comma,
            Lexeme::CommentLine(_) => Kind::LineComment,
            Lexeme::CommentBlock(_) => Kind::BlockComment,
            Lexeme::String(_) => {
                complaint = complaint.or_else(|| control_character(body, start, end));
                Kind::Other
            }
            _ => Kind::Other,
        };
        complaint = complaint.or_else(|| strange_space(body, done, start));
        tokens.push(Token { kind, start, end });
        done = end;
    }
    complaint = complaint.or_else(|| strange_space(body, done, body.len()));
    Ok((tokens, complaint))
}

fn control_character(body: &str, start: usize, end: usize) -> Option<(usize, String)> {
    let string = body.get(start..end)?;
    let at = string.find(|c: char| c < ' ')?;
    let c = string.get(at..)?.chars().next()?;
    let reason = format!(
        "the control character U+{:04X} must be escaped in a string",
        u32::from(c)
    );
    Some((start + at, reason))
}

fn strange_space(body: &str, start: usize, end: usize) -> Option<(usize, String)> {
    let (at, c) = body.get(start..end)?.char_indices().find(|(_, c)| {
        c.is_whitespace() && !c.is_ascii_whitespace() || matches!(c, '\u{B}' | '\u{C}')
    })?;
    Some((
        start + at,
        format!(
            "the character U+{:04X} is not white space in JSON",
            u32::from(c)
        ),
    ))
}

const fn options(syntax: Syntax) -> ParseOptions {
    let jsonc = matches!(syntax, Syntax::Jsonc);
    ParseOptions {
        allow_comments: jsonc,
        allow_trailing_commas: jsonc,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

const fn scanner_options() -> ScannerOptions {
    ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn place_at(body: &str, at: usize) -> crate::edit::Place {
    place_after(body.get(..at).unwrap_or(body))
}

fn syntax_error(body: &str, at: usize, reason: String) -> EditError {
    EditError::Syntax {
        place: place_at(body, at),
        reason,
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

fn type_of(value: &ast::Value<'_>) -> &'static str {
    match value {
        ast::Value::StringLit(_) => "a string",
        ast::Value::NumberLit(_) => "a number",
        ast::Value::BooleanLit(_) => "true or false",
        ast::Value::Object(_) => "an object",
        ast::Value::Array(_) => "an array",
        ast::Value::NullKeyword(_) => "null",
    }
}
