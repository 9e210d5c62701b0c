//! Hides secrets in settings documents by where they stand; [`super::scrub`] hides them by how they look.

use std::ops::Range;

use super::context::{Frame, Key, Named, Nature, decoded};
use super::cover::{covered, uncovered};
use super::lines::{Begin, Lines, Quotes, Verdict, is_json, line_end};
use super::scrub::{Argument, scrubbed};
use super::secret_like;

/// What stands in the place of a secret.
pub const REDACTED: &str = "‹redacted›";

/// Deeper in strings within strings everything is hidden. Each level doubles the escapes, so nobody has as many.
const MAX_DEPTH: u8 = 8;

/// A settings document in which everything that may be a secret is replaced by [`REDACTED`], with the same number of lines.
///
/// Hidden are: values under keys that speak of secrets; everything in environments and headers; what follows such a flag in a
/// list of arguments; credentials and parameters in URLs; and, anywhere, what looks like a key. Comments are treated as if what
/// they say were settings, more strictly. Tables of TOML and blocks of YAML hide theirs alike, and any other text will do, word by
/// word. Rather one too many than one too few.
pub fn redact(text: &str) -> String {
    let covered = covered(text);
    let mut walker = Walker::new(&covered);
    walker.run();
    uncovered(&walker.out).into_owned()
}

/// Goes through a text once, token by token, and writes down what may be shown. Of the part before [`Walker::skip_to`] it keeps
/// only what later parts depend on.
#[derive(Clone)]
pub(super) struct Walker<'a> {
    text: &'a str,
    at: usize,
    out: String,
    /// Where in `out` the part begins that was asked for last.
    out_at: usize,
    /// Where in the text that part begins, once anything was written.
    out_from: Option<usize>,
    /// Tokens that end here or earlier are not written down.
    skip_to: usize,
    stack: Vec<Frame<'a>>,
    lines: Lines,
    /// Where the line begins that was looked at last.
    looked_at: Option<usize>,
    in_comment: bool,
    /// How many strings it stands in.
    depth: u8,
    /// Whether the text consists of lines, as TOML and YAML do: there `//` and `/*` begin no comments, and a bracket may be just a sign.
    has_lines: bool,
    /// How the line begins, where there are lines.
    begin: Begin,
    /// How the line began where the outermost open bracket stands.
    opened: Begin,
    quotes: Quotes,
    /// Where a run of comments has got to; it goes on over line comments that follow each other.
    comment_stack: Vec<Frame<'a>>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self::inside(text, false, 0)
    }

    fn inside(text: &'a str, in_comment: bool, depth: u8) -> Self {
        Self {
            text,
            at: 0,
            out: String::new(),
            out_at: 0,
            out_from: None,
            skip_to: 0,
            stack: vec![Frame::default()],
            lines: Lines::default(),
            looked_at: None,
            in_comment,
            depth,
            has_lines: !in_comment && !is_json(text),
            begin: Begin::default(),
            opened: Begin::default(),
            quotes: Quotes::default(),
            comment_stack: Vec::new(),
        }
    }

    /// The same walk through a text whose first `same` bytes are the same, as far as this walk has looked ahead. What kind of text
    /// it is, and so what is covered in it, may be said only behind that.
    pub(super) fn over(&self, text: &'a str, same: usize) -> Self {
        let anew = Self::new(text);
        let start = |text: &'a str| text.as_bytes().get(..same);
        if anew.has_lines != self.has_lines || start(text) != start(self.text) {
            return anew;
        }
        Self {
            text,
            ..self.clone()
        }
    }

    /// Goes on without writing anything down, until `end` or until it would look beyond `limit`.
    pub(super) fn skip(&mut self, end: usize, limit: usize) {
        self.skip_to = end;
        loop {
            // Space changes nothing, but at the start of a line.
            if (self.stack.len() > 1 && !self.has_lines) || !self.begins_line() {
                let rest = self.text.as_bytes().get(self.at..end).unwrap_or_default();
                self.at += rest.iter().take_while(|b| **b == b' ').count();
            }
            if self.at >= end || !self.step(limit) {
                break;
            }
        }
    }

    /// What may be shown of a part of one line. Parts must be asked for in their order.
    pub(super) fn show(&mut self, part: Range<usize>) -> Piece {
        if self.at <= part.start {
            self.out.clear();
            self.out_at = 0;
            self.out_from = None;
        }
        self.skip_to = part.start;
        while self.at < part.end && self.step(usize::MAX) {}
        let mut from = self.out_from.unwrap_or(part.start);
        // A token that began on an earlier line.
        for _ in 0..line_ends(self.text, from..part.start) {
            self.out_at += line_length(self.shown()) + 1;
            from = part.start;
        }
        self.out_from = Some(from);
        let shown = self.shown();
        let line_end = from + line_length(self.text.get(from..).unwrap_or_default());
        Piece {
            text: uncovered(shown.get(..line_length(shown)).unwrap_or_default()).into_owned(),
            of: from..self.at.min(line_end),
        }
    }

    fn shown(&self) -> &str {
        self.out.get(self.out_at..).unwrap_or_default()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn frame(&mut self) -> &mut Frame<'a> {
        if self.stack.is_empty() {
            self.stack.push(Frame::default());
        }
        self.stack.last_mut().expect("just filled")
    }

    fn run(&mut self) {
        while self.step(usize::MAX) {}
    }

    /// One token; `false` at the end of the text, and where what it is depends on what stands behind `limit`.
    fn step(&mut self, limit: usize) -> bool {
        let Some(byte) = self.text.as_bytes().get(self.at).copied() else {
            return false;
        };
        if !self.in_comment && self.begins_line() {
            self.recover();
            if self.stack.len() == 1 && !self.line() {
                return true;
            }
        }
        if !self.in_comment
            && !self.has_lines
            && byte == b'/'
            && (self.rest().starts_with("//") || self.rest().starts_with("/*"))
        {
            return self.comment(limit);
        }
        match byte {
            b' ' | b'\t' | b',' | b':' | b'=' | b'\n' | b'\r' | b'{' | b'[' | b'}' | b']' => {
                self.sign(byte);
                true
            }
            b'"' => self.string(limit),
            _ => {
                let c = self.rest().chars().next().unwrap_or_default();
                if c.is_whitespace() {
                    self.comes_to(self.at + c.len_utf8(), |out| out.push(c));
                    return true;
                }
                self.comment_stack.clear();
                self.words(limit)
            }
        }
    }

    fn begins_line(&self) -> bool {
        if self.looked_at == Some(self.at) {
            return false;
        }
        let before = self.at.checked_sub(1);
        before.is_none_or(|before| matches!(self.text.as_bytes()[before], b'\n' | b'\r'))
    }

    /// Where there are lines, one that begins as none inside a bracket does says that what was open was no bracket, but a sign in a
    /// text or a comment. What is hidden stays so.
    fn recover(&mut self) {
        if !self.has_lines {
            return;
        }
        let rest = self.rest();
        self.begin = Begin::of(rest.get(..line_end(rest)).unwrap_or_default());
        if self.stack.len() > 1 && self.begin.is_behind(self.opened, !self.nature().secret) {
            self.stack.truncate(1);
        }
    }

    /// Whether a bracket is one, and not part of a text or a comment.
    fn is_bracket(&mut self) -> bool {
        if !self.has_lines {
            return true;
        }
        self.quotes.go_on(self.text.as_bytes(), self.at);
        // Settings that are commented out have brackets, too.
        let commented = self.begin.is_comment && (self.stack.len() == 1 || self.opened.is_comment);
        !self.quotes.is_quoted() && (commented || !self.quotes.is_comment())
    }

    /// Looks at a line outside all brackets, as TOML and YAML consist of; `false` where some of it has been dealt with.
    fn line(&mut self) -> bool {
        self.looked_at = Some(self.at);
        let rest = self.rest();
        let line = rest.get(..line_end(rest)).unwrap_or_default();
        let (from, is_bracket) = match self.lines.line(line) {
            Verdict::Read { has_key } => {
                if has_key {
                    self.frame().key = Named::Nothing;
                }
                return true;
            }
            Verdict::Hide(from) => (from, false),
            Verdict::HideBracket(from) => (from, true),
        };
        let (before, hidden) = line.split_at_checked(from).unwrap_or((line, ""));
        self.comment_stack.clear();
        self.frame().key = Named::Known(Key {
            secret: true,
            secret_inside: true,
            ..Key::default()
        });
        let end = self.at + if is_bracket { from } else { line.len() };
        self.comes_to(end, |out| {
            out.push_str(&scrubbed(before));
            if !is_bracket {
                let hidden = hidden.trim_end();
                let quote = hidden.chars().next().filter(|c| matches!(c, '"' | '\''));
                let quote = quote.filter(|quote| hidden.len() > 1 && hidden.ends_with(*quote));
                out.extend(quote);
                out.push_str(REDACTED);
                out.extend(quote);
            }
        });
        false
    }

    /// A sign that is a token of its own.
    fn sign(&mut self, byte: u8) {
        if !byte.is_ascii_whitespace() {
            self.comment_stack.clear();
        }
        match byte {
            b'{' | b'[' if self.is_bracket() => self.open(byte == b'['),
            b'}' | b']' if self.stack.len() > 1 && self.is_bracket() => {
                self.stack.pop();
            }
            // A key holds until the next one; only prose ends it with the line.
            b'\n' if self.in_comment => self.frame().key = Named::Nothing,
            b',' => {
                let frame = self.frame();
                frame.before_key = !frame.is_array;
            }
            _ => {}
        }
        self.comes_to(self.at + 1, |out| out.push(char::from(byte)));
    }

    /// A token is over that ends at a byte; it is written down where it is wanted.
    fn comes_to(&mut self, end: usize, write: impl FnOnce(&mut String)) {
        if end > self.skip_to {
            self.out_from.get_or_insert(self.at);
            write(&mut self.out);
        }
        self.at = end;
    }

    fn open(&mut self, is_array: bool) {
        if self.stack.len() == 1 {
            self.opened = self.begin;
        }
        let by = self.frame().key.clone();
        self.stack.push(Frame {
            is_array,
            by,
            before_key: !is_array,
            ..Frame::default()
        });
    }

    /// What may be shown where the walk has got to.
    fn nature(&mut self) -> Nature {
        let known = self.stack.iter().rposition(|frame| frame.nature.is_some());
        let mut nature = known
            .and_then(|at| self.stack.get(at)?.nature)
            .unwrap_or_default();
        for frame in self.stack.iter_mut().skip(known.map_or(0, |at| at + 1)) {
            nature = nature.inside(frame.by.known().unwrap_or_default());
            frame.nature = Some(nature);
        }
        nature
    }

    fn comment(&mut self, limit: usize) -> bool {
        let rest = self.rest();
        let (body, end) = match rest.strip_prefix("//") {
            Some(body) => (body.lines().next().unwrap_or_default(), ""),
            None => {
                let body = rest.strip_prefix("/*").unwrap_or_default();
                match memchr::memmem::find(body.as_bytes(), b"*/") {
                    Some(length) => (body.get(..length).unwrap_or_default(), "*/"),
                    None => (body, ""),
                }
            }
        };
        let comes_to = self.at + 2 + body.len() + end.len();
        // What nothing ends goes on behind the limit.
        if comes_to + usize::from(end.is_empty()) > limit {
            return false;
        }
        let mut inner = Self::inside(body, true, self.depth);
        if !self.comment_stack.is_empty() {
            inner.stack = std::mem::take(&mut self.comment_stack);
        }
        inner.run();
        if !inner.out.trim_end().ends_with([':', '=']) {
            inner.frame().key = Named::Nothing;
        }
        self.comment_stack = inner.stack;
        self.comes_to(comes_to, |out| {
            out.push_str(rest.get(..2).unwrap_or_default());
            out.push_str(&inner.out);
            out.push_str(end);
        });
        true
    }

    fn string(&mut self, limit: usize) -> bool {
        let rest = self.rest();
        let inner = rest.get(1..).unwrap_or_default();
        let length = string_length(inner);
        let raw = inner.get(..length).unwrap_or_default();
        let behind = inner.get(length..).unwrap_or_default();
        let closed = behind.starts_with('"');
        let end = self.at + 1 + length + usize::from(closed);
        let next = behind.get(usize::from(closed)..).unwrap_or_default();
        let space = next
            .bytes()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        if end + space >= limit {
            return false;
        }
        self.comment_stack.clear();
        let is_array = self.frame().is_array;
        let is_key = !is_array && matches!(next.as_bytes().get(space), Some(b':' | b'='));
        let wanted = end > self.skip_to;
        let shown = if is_key {
            self.frame().key = Named::Raw(raw);
            wanted.then(|| scrubbed(&decoded(raw)))
        } else if wanted {
            Some(self.value(&decoded(raw)))
        } else {
            self.frame().announced = match raw.as_bytes().first() {
                Some(b'-' | b'/' | b'\\') if is_array => Argument::announced_by(&decoded(raw)),
                _ => Argument::Plain,
            };
            None
        };
        self.comes_to(end, |out| {
            let shown = shown.unwrap_or_default();
            out.push('"');
            let says = decoded(raw);
            if shown == says {
                out.push_str(raw);
            } else if says == raw {
                // Without escapes, or with such as nobody can read.
                out.push_str(&shown);
            } else {
                let escaped = serde_json::Value::from(shown).to_string();
                out.push_str(escaped.trim_matches('"'));
            }
            if closed {
                out.push('"');
            }
        });
        true
    }

    /// A string value, decoded, as it may be shown.
    fn value(&mut self, text: &str) -> String {
        let in_comment = self.in_comment;
        let secret = self.nature().secret;
        let frame = self.frame();
        let announced = std::mem::take(&mut frame.announced);
        if frame.is_array {
            frame.announced = Argument::announced_by(text);
        }
        let by_key = frame
            .key
            .known()
            .is_some_and(|key| key.secret || key.secret_inside || (in_comment && !key.harmless));
        if text.is_empty() || secret_like::is_reference(text) {
            text.to_owned()
        } else if secret || by_key {
            REDACTED.to_owned()
        } else if text.contains('"') && announced.secret_from(text).is_none() {
            if self.depth == MAX_DEPTH {
                return REDACTED.to_owned();
            }
            // A document or a command line in a string.
            let mut inner = Walker::inside(text, true, self.depth + 1);
            inner.run();
            scrubbed(&inner.out)
        } else {
            announced.redacted(text)
        }
    }

    /// Words outside strings: numbers, `true`, prose in comments, or anything in a text that is not JSON.
    fn words(&mut self, limit: usize) -> bool {
        let rest = self.rest();
        let in_comment = self.in_comment;
        let end = rest
            .bytes()
            .position(|b| {
                matches!(b, b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b'"')
                    || (b == b',' && !in_comment)
            })
            .unwrap_or(rest.len());
        let mut run = rest.get(..end).unwrap_or_default();
        if !in_comment && !self.has_lines {
            let comment = ["//", "/*"].iter().filter_map(|mark| run.find(mark)).min();
            run = comment.and_then(|at| run.get(..at)).unwrap_or(run);
        }
        if run.is_empty() {
            // At least one character, so that the walk goes on.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            run = rest.get(..first).unwrap_or_default();
        }
        if run.matches('\'').count() % 2 == 1 && self.nature().secret {
            // Signs in quotes are signs of the secret.
            let line = rest.get(..line_end(rest)).unwrap_or_default();
            let quote = line.get(run.len()..).and_then(|behind| behind.find('\''));
            let end = quote.map_or(run.len(), |at| run.len() + at + 1);
            run = rest.get(..end).unwrap_or(run);
        }
        let end = self.at + run.len();
        if end >= limit {
            return false;
        }
        let wanted = end > self.skip_to;
        let word = run.trim_end();
        let frame = self.frame();
        if !wanted && is_plain(word) && frame.announced == Argument::Plain {
            frame.before_key = false;
            self.at = end;
            return true;
        }
        let key = frame.key.known().unwrap_or_default();
        let secret = key.secret || key.secret_inside || self.nature().secret;
        let frame = self.frame();
        let before_key = std::mem::take(&mut frame.before_key);
        let announced = std::mem::take(&mut frame.announced);
        if secret && !matches!(word, "true" | "false" | "null") {
            let space = run.strip_prefix(word).unwrap_or_default();
            let name = if before_key { name_in(word) } else { "" };
            self.comes_to(end, |out| {
                out.push_str(&scrubbed(name));
                if name != word {
                    out.push_str(REDACTED);
                }
                out.push_str(space);
            });
        } else {
            let shown = match announced {
                Argument::Plain => scrubbed(run),
                announced if frame.is_array => announced.redacted(run),
                _ => scrubbed(run),
            };
            if shown.trim_end().ends_with(REDACTED) {
                frame.key = Named::Known(Key {
                    secret: true,
                    ..Key::default()
                });
            }
            self.comes_to(end, |out| out.push_str(&shown));
        }
        let frame = self.frame();
        let last = word.rsplit(char::is_whitespace).next();
        frame.announced = last
            .map(|last| Argument::announced_by(last.trim_matches('\'')))
            .unwrap_or_default();
        // A key without quotes, such as `token: "…"` or `token = …`.
        if let Some(key) = word.strip_suffix([':', '=']) {
            let name = key.trim_end().rsplit(char::is_whitespace).next();
            frame.key = name.map_or(Named::Nothing, |name| Named::Known(Key::new(name)));
        }
        true
    }
}

/// A part of a line, as it may be shown.
pub(super) struct Piece {
    /// Without line end.
    pub(super) text: String,
    /// What it stands for: whole tokens, and so perhaps more than was asked for.
    pub(super) of: Range<usize>,
}

/// Whether a word is one of the few that mean nothing to anybody, such as `true` or `-1.5e3`.
fn is_plain(word: &str) -> bool {
    let number = word.strip_prefix('-').unwrap_or(word);
    matches!(word, "true" | "false" | "null")
        || (number.starts_with(|c: char| c.is_ascii_digit())
            && word.len() < 16
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E')))
}

/// A key without quotes at the start of a run of words, with the sign and the space behind it; nothing where there is none.
fn name_in(run: &str) -> &str {
    let name =
        run.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let behind = name.trim_start();
    let value = match behind.strip_prefix(':') {
        Some(value) if value.is_empty() || value.starts_with(char::is_whitespace) => value,
        _ => match behind.strip_prefix('=') {
            Some(value) if name.len() < run.len() => value,
            _ => return "",
        },
    };
    let value = value.trim_start();
    run.get(..run.len() - value.len()).unwrap_or_default()
}

fn line_length(text: &str) -> usize {
    memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())
}

fn line_ends(text: &str, part: Range<usize>) -> usize {
    let part = text.as_bytes().get(part).unwrap_or_default();
    memchr::memchr_iter(b'\n', part).count()
}

/// How far a string goes that begins before `inner`: to its closing quote, or to the end of the line.
fn string_length(inner: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' => return at,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    inner.len()
}
