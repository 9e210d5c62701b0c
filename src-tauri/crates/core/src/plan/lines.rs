//! What the lines of TOML and YAML say about secrets: headers of tables, dotted keys, and keys whose values stand further in on the
//! lines below. Lines are looked at where no bracket is open; in JSON that is next to never.

use super::context::{Key, Nature};
use super::scrub::Argument;
use super::secret_like::is_reference;

/// What is to be done with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is read word by word. Behind a key, or the dash of a list, what was before has no say in it.
    Read { has_key: bool },
    /// From this byte on it is hidden.
    Hide(usize),
    /// So is the bracket that begins at this byte, as far as it goes.
    HideBracket(usize),
}

/// A key of YAML whose value stands on the lines below, further in.
#[derive(Clone, Copy, Debug)]
struct Level {
    indent: usize,
    nature: Nature,
    /// What stands further in is no keys, but the text of a value.
    is_text: bool,
}

/// What the lines so far say about the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// What the last header of TOML makes of the keys below it.
    table: Nature,
    levels: Vec<Level>,
    /// The same within comments that follow each other.
    commented: Vec<Level>,
    /// The mark that ends a secret string of several lines.
    open: Option<&'static str>,
    /// What the last item of a list announces, and where its dash stands.
    announced: Option<(usize, Argument)>,
}

impl Lines {
    /// Looks at a line, which is given without its end.
    pub(super) fn line(&mut self, line: &str) -> Verdict {
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        if content.trim_end().is_empty() {
            return Verdict::Read { has_key: false };
        }
        if let Some(mark) = self.open {
            if content.contains(mark) {
                self.open = None;
            }
            return Verdict::Hide(indent);
        }
        if content.starts_with("//") || content.starts_with("/*") {
            return Verdict::Read { has_key: false };
        }
        if content.starts_with('#') {
            return self.comment(content, indent);
        }
        self.commented.clear();
        if let Some(keys) = header(content) {
            self.levels.clear();
            self.table = keys.iter().fold(Nature::default(), |nature, key| {
                nature.inside(Key::new(key))
            });
            return Verdict::Read { has_key: true };
        }
        let mut levels = std::mem::take(&mut self.levels);
        let verdict = self.content(&mut levels, content, indent);
        self.levels = levels;
        verdict
    }

    fn comment(&mut self, content: &str, indent: usize) -> Verdict {
        let body = content.trim_start_matches(['#', ' ', '\t']);
        let at = indent + content.len() - body.len();
        if body.is_empty() {
            return Verdict::Read { has_key: false };
        }
        let around = self.levels.iter().rev().find(|level| level.indent < indent);
        if around.map_or(self.table, |level| level.nature).secret {
            return Verdict::Hide(at);
        }
        let mut levels = std::mem::take(&mut self.commented);
        let announced = self.announced;
        let verdict = self.content(&mut levels, body, at);
        self.commented = levels;
        // What is announced holds for what stands below the comment, too.
        self.announced = self.announced.or(announced);
        // A comment goes on over no more than its line.
        self.open = None;
        verdict
    }

    /// What stands on a line from a byte on, dashes of lists first.
    fn content(&mut self, levels: &mut Vec<Level>, content: &str, indent: usize) -> Verdict {
        let (mut content, mut indent) = (content, indent);
        let mut dash = None;
        while let Some(rest) = item(content) {
            // A list may stand as far out as the key it belongs to.
            levels.retain(|level| level.indent <= indent);
            dash = Some(indent);
            let item = rest.trim_start_matches([' ', '\t']);
            indent += content.len() - item.len();
            content = item;
        }
        match dash {
            Some(dash) => levels.retain(|level| level.indent <= dash),
            None => levels.retain(|level| level.indent < indent),
        }
        let level = levels.last().copied();
        let nature = level.map_or(self.table, |level| level.nature);
        if level.is_some_and(|level| level.is_text) {
            return match nature.secret {
                true => Verdict::Hide(indent),
                false => Verdict::Read { has_key: false },
            };
        }
        let announced = self.announced.take();
        let Some(line) = KeyLine::of(content) else {
            let follows = announced.is_some_and(|(at, _)| Some(at) == dash);
            if let Some(dash) = dash {
                let item = content.split(" #").next().unwrap_or_default();
                let item = item.trim_end().trim_matches(['"', '\'']);
                let announced = Argument::announced_by(item);
                self.announced = (announced != Argument::Plain).then_some((dash, announced));
            }
            return match nature.secret || follows {
                true if !content.is_empty() => Verdict::Hide(indent),
                _ => Verdict::Read {
                    has_key: dash.is_some(),
                },
            };
        };
        self.key(levels, nature, &line, indent)
    }

    fn key(
        &mut self,
        levels: &mut Vec<Level>,
        mut nature: Nature,
        line: &KeyLine<'_>,
        indent: usize,
    ) -> Verdict {
        let mut secret = nature.secret;
        for key in &line.keys {
            let key = Key::new(key);
            secret = nature.secret || key.secret || key.secret_inside;
            nature = nature.inside(key);
        }
        let value = line.value.trim_end();
        let at = indent + line.at;
        let is_block = value.starts_with(['|', '>']);
        let is_nothing = value.is_empty() || value.starts_with(['#', '&', '!']);
        if line.is_yaml || is_nothing {
            let is_text = !is_nothing && !value.starts_with(['{', '[']);
            nature.secret |= secret && is_text;
            levels.push(Level {
                indent,
                nature,
                is_text,
            });
        }
        let plain = value.trim_matches(['"', '\'']);
        if !secret || value.is_empty() || value.starts_with('#') || (line.is_yaml && is_block) {
            return Verdict::Read { has_key: true };
        }
        if matches!(value, "true" | "false" | "null") || is_reference(plain) {
            return Verdict::Read { has_key: true };
        }
        if value.starts_with(['{', '[']) {
            return Verdict::HideBracket(at);
        }
        self.open = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|mark| value.starts_with(mark))
            .filter(|mark| !value.get(mark.len()..).is_some_and(|v| v.contains(mark)));
        Verdict::Hide(at)
    }
}

/// A line that begins with a key.
struct KeyLine<'a> {
    /// More than one where they are dotted.
    keys: Vec<&'a str>,
    /// Whether a colon stands behind it.
    is_yaml: bool,
    /// Where the value begins.
    at: usize,
    value: &'a str,
}

impl<'a> KeyLine<'a> {
    fn of(content: &'a str) -> Option<Self> {
        let mut quote = None;
        let mut escaped = false;
        let mut found = None;
        for (at, c) in content.char_indices() {
            match (quote, c) {
                (Some('"'), '\\') if !escaped => {
                    escaped = true;
                    continue;
                }
                (Some(open), c) if c == open && !escaped => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '=') => found = Some((at, false)),
                (None, ':') => {
                    let before = content.get(..at).unwrap_or_default();
                    let behind = content.get(at + 1..).unwrap_or_default();
                    if behind.is_empty()
                        || behind.starts_with(char::is_whitespace)
                        || before.ends_with(['"', '\''])
                    {
                        found = Some((at, true));
                    }
                }
                (None, '{' | '[' | '#' | ',') => return None,
                (None, _) => {}
            }
            escaped = false;
            if found.is_some() {
                break;
            }
        }
        let (at, is_yaml) = found?;
        let key = content.get(..at)?.trim();
        let rest = content.get(at + 1..)?;
        let value = rest.trim_start_matches([' ', '\t']);
        (!key.is_empty()).then(|| Self {
            keys: match is_yaml {
                true => vec![key.trim_matches(['"', '\''])],
                false => dotted(key),
            },
            is_yaml,
            at: at + 1 + rest.len() - value.len(),
            value,
        })
    }
}

/// Whether a text is one of JSON: apart from space and comments, it begins with a bracket.
pub(super) fn is_json(text: &str) -> bool {
    let rest = behind_comments(text);
    let line = rest.get(..line_end(rest)).unwrap_or_default();
    // A text that is nothing but comments is one, too.
    rest.is_empty() || rest.starts_with('{') || (rest.starts_with('[') && !is_header(line))
}

/// What stands behind space and the comments of JSON.
pub(super) fn behind_comments(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let behind = match rest.get(..2) {
            Some("//") => rest.get(line_end(rest)..),
            Some("/*") => rest.split_once("*/").map(|(_, behind)| behind),
            _ => return rest,
        };
        rest = behind.unwrap_or_default().trim_start();
    }
}

/// Where the first line of a text ends.
pub(super) fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Whether a line is the header of a table of TOML.
fn is_header(content: &str) -> bool {
    header(content).is_some()
}

/// How a line begins.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Begin {
    /// Where its content begins; in a comment, what it says.
    indent: usize,
    pub(super) is_comment: bool,
    /// With a key, a dash or the header of a table.
    is_new: bool,
}

impl Begin {
    /// Of a line without its end.
    pub(super) fn of(line: &str) -> Self {
        let space = [' ', '\t'];
        let content = line.trim_start_matches(space);
        let is_comment = content.starts_with('#');
        let content = match is_comment {
            true => content.trim_start_matches(['#', ' ', '\t']),
            false => content,
        };
        Self {
            indent: line.len() - content.len(),
            is_comment,
            is_new: item(content).is_some() || is_header(content) || KeyLine::of(content).is_some(),
        }
    }

    /// Whether such a line cannot stand inside a bracket that was opened on another one, if brackets may be taken for signs at all.
    /// Comments say nothing about what is none, and the other way round.
    pub(super) fn is_behind(self, opened: Self, may_be_sign: bool) -> bool {
        match (opened.is_comment, self.is_comment) {
            (true, false) => true,
            (false, true) => false,
            _ => may_be_sign && self.is_new && self.indent <= opened.indent,
        }
    }
}

/// What a line has opened so far that is none of its content: a quoted text, or a comment at its end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quotes {
    at: usize,
    quote: Option<u8>,
    /// The byte before is a backslash that takes the next one's meaning.
    is_escaped: bool,
    is_comment: bool,
}

impl Quotes {
    /// Goes on to a byte of the text, which must lie behind the one before.
    pub(super) fn go_on(&mut self, text: &[u8], to: usize) {
        let mut before = self.at.checked_sub(1).map_or(b'\n', |at| text[at]);
        for byte in text.get(self.at..to).unwrap_or_default() {
            match (self.quote, *byte) {
                (_, b'\n' | b'\r') => (self.quote, self.is_comment) = (None, false),
                _ if self.is_comment => {}
                (Some(b'"'), b'\\') if !self.is_escaped => {
                    self.is_escaped = true;
                    before = *byte;
                    continue;
                }
                (Some(b'"'), b'"') if self.is_escaped => {}
                (Some(quote), byte) if byte == quote => self.quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if is_border(before) => self.quote = Some(*byte),
                (None, b'#') if before.is_ascii_whitespace() => self.is_comment = true,
                (None, _) => {}
            }
            self.is_escaped = false;
            before = *byte;
        }
        self.at = self.at.max(to);
    }

    pub(super) fn is_quoted(self) -> bool {
        self.quote.is_some()
    }

    pub(super) fn is_comment(self) -> bool {
        self.is_comment
    }
}

/// Whether a quote behind a byte begins a text; others are apostrophes.
fn is_border(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'[' | b'{' | b'(' | b',' | b':' | b'=')
}

/// The keys in a header of TOML, `[a.b]` or `[[a.b]]`.
fn header(content: &str) -> Option<Vec<&str>> {
    let rest = content.strip_prefix('[')?;
    let rest = rest.strip_prefix('[').unwrap_or(rest);
    let (keys, behind) = rest.split_at_checked(unquoted(rest, ']').next()?)?;
    let behind = behind.get(1..)?;
    let behind = behind.strip_prefix(']').unwrap_or(behind).trim();
    let is_key = |key: &str| {
        let quote = key.chars().next().filter(|c| matches!(c, '"' | '\''));
        match quote {
            Some(quote) => key.len() > 2 && key.ends_with(quote) && key.matches(quote).count() == 2,
            None => {
                !key.is_empty()
                    && key
                        .chars()
                        .all(|c| !matches!(c, '{' | '}' | '[' | ',' | ':' | '='))
            }
        }
    };
    let is_header = parts(keys).all(is_key) && (behind.is_empty() || behind.starts_with('#'));
    is_header.then(|| dotted(keys))
}

/// What follows the dash of a list.
fn item(content: &str) -> Option<&str> {
    content
        .strip_prefix('-')
        .filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Where a sign stands outside quotes.
fn unquoted(text: &str, sign: char) -> impl Iterator<Item = usize> {
    let mut quote = None;
    text.char_indices().filter_map(move |(at, c)| {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        (c == sign && quote.is_none()).then_some(at)
    })
}

/// The parts of a dotted key, as they are written.
fn parts(key: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends = unquoted(key, '.').chain([key.len()]);
    ends.map(move |end| {
        let part = key.get(from..end).unwrap_or_default();
        from = end + 1;
        part.trim()
    })
}

/// The parts of a dotted key, without their quotes.
fn dotted(key: &str) -> Vec<&str> {
    parts(key)
        .map(|part| part.trim_matches(['"', '\'']))
        .collect()
}
