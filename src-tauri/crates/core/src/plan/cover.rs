//! Covers secrets of TOML and YAML where they stand by the structure of the document, before [`super::redact`] looks at its lines.

use std::borrow::Cow;
use std::ops::Range;

use super::context::{Key, Nature};
use super::lines::{behind_comments, is_json};
use super::redact::REDACTED;
use super::scrub::Argument;
use super::secret_like::is_reference;
use crate::edit::{Syntax, Token, tokens};

/// Stands for a byte of a secret. No document of TOML or YAML may hold it.
const COVER: char = '\u{7F}';

/// The text with every byte covered that is part of a secret by the structure of the document, as far as it is one of TOML or YAML;
/// every other byte, and every line, stays where it is. [`uncovered`] says that something was there.
///
/// Nothing is covered where the text cannot be read, or in JSON, which is read token by token anyway: reading lines hides what it
/// can then.
pub(super) fn covered(text: &str) -> Cow<'_, str> {
    let has_lines = !is_json(text) || may_be_yaml(text);
    let mut secrets = Vec::new();
    for syntax in [Syntax::Toml, Syntax::Yaml] {
        let mut finder = Finder::of(text);
        if has_lines && tokens(text, syntax, &mut |token| finder.take(token)).is_ok() {
            secrets.append(&mut finder.secrets);
        }
    }
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    secrets.sort_unstable_by_key(|secret| (secret.start, secret.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        out.push_str(text.get(at..secret.start).unwrap_or_default());
        let from = secret.start.max(at);
        cover(&mut out, text.get(from..secret.end).unwrap_or_default());
        at = at.max(secret.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    debug_assert_eq!(out.len(), text.len(), "every byte keeps its place");
    Cow::Owned(out)
}

/// Whether a text that begins with a bracket may be YAML: in JSON, a quote or another bracket follows.
fn may_be_yaml(text: &str) -> bool {
    let rest = behind_comments(text).strip_prefix(['{', '[']);
    let next = rest.map_or("", behind_comments);
    !next.is_empty() && !next.starts_with(['"', '{', '[', '}', ']'])
}

/// Line ends and what stands before a line's content say nothing.
fn cover(out: &mut String, secret: &str) {
    let mut begins = false;
    for c in secret.chars() {
        match c {
            '\n' | '\r' => begins = true,
            ' ' | '\t' if begins => {}
            _ => {
                begins = false;
                out.extend(std::iter::repeat_n(COVER, c.len_utf8()));
                continue;
            }
        }
        out.push(c);
    }
}

/// What people see in the place of what is covered.
pub(super) fn uncovered(text: &str) -> Cow<'_, str> {
    if !text.contains(COVER) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(COVER) {
        let shown = part.trim_end_matches(COVER);
        out.push_str(shown);
        if part.len() > shown.len() && (!shown.is_empty() || !out.ends_with(REDACTED)) {
            out.push_str(REDACTED);
        }
    }
    Cow::Owned(out)
}

/// Finds the secrets in what a document consists of.
struct Finder<'a> {
    text: &'a str,
    stack: Vec<Frame>,
    secrets: Vec<Range<usize>>,
}

/// A map, a list, or the document.
#[derive(Default)]
struct Frame {
    nature: Nature,
    is_list: bool,
    /// The key whose value comes next.
    key: Option<Key>,
    /// What the item before announces.
    announced: Argument,
}

impl<'a> Finder<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            stack: vec![Frame::default()],
            secrets: Vec::new(),
        }
    }

    fn take(&mut self, token: Token<'_>) {
        let Some(frame) = self.stack.last_mut() else {
            return;
        };
        match token {
            Token::Key(name) => frame.key = Some(Key::new(&name)),
            Token::Map | Token::List => {
                let mut nature = frame.nature.inside(frame.key.take().unwrap_or_default());
                nature.secret |= std::mem::take(&mut frame.announced) != Argument::Plain;
                self.stack.push(Frame {
                    nature,
                    is_list: token == Token::List,
                    ..Frame::default()
                });
            }
            Token::End => {
                self.stack.pop();
            }
            Token::Scalar { says, at, is_text } => {
                let secret = frame.secret_from(&says, is_text);
                let Some(from) = secret else { return };
                let written = self.text.get(at.clone()).unwrap_or_default();
                // Where something is escaped, all of it is hidden.
                let from = if written == says { from } else { 0 };
                self.secrets.push(at.start + from..at.end);
            }
        }
    }
}

impl Frame {
    /// From which byte on a value in it is secret, if it is.
    fn secret_from(&mut self, says: &str, is_text: bool) -> Option<usize> {
        let key = self.key.take().unwrap_or_default();
        let announced = std::mem::take(&mut self.announced);
        if self.is_list {
            self.announced = Argument::announced_by(says);
        }
        let says_nothing = !is_text && matches!(says, "true" | "false" | "null");
        if says.is_empty() || says_nothing || is_reference(says) {
            return None;
        }
        if self.nature.secret || key.secret || key.secret_inside {
            return Some(0);
        }
        announced.secret_from(says)
    }
}
