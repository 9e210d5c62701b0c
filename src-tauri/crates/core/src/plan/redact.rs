//! Hides secrets in settings documents by where they stand; [`super::scrub`] hides them by how they look.

use super::scrub::{Argument, scrubbed};
use super::secret_like;

/// What stands in the place of a secret.
pub const REDACTED: &str = "‹redacted›";

/// A settings document in which everything that may be a secret is replaced by [`REDACTED`], with the same number of lines.
///
/// Hidden are: values under keys that speak of secrets; everything in environments and headers; what follows such a flag in a
/// list of arguments; credentials and parameters in URLs; and, anywhere, what looks like a key. Comments are treated as if what
/// they say were settings, more strictly. Any text will do: what is not JSON is treated alike, word by word. Rather one too many
/// than one too few.
pub fn redact(text: &str) -> String {
    let mut walker = Walker::new(text, false);
    walker.run();
    walker.out
}

/// An object, an array, or the text around them.
#[derive(Clone, Debug, Default)]
struct Frame {
    is_array: bool,
    /// All in it is secret.
    secret: bool,
    /// Its keys are names of servers, which say nothing about secrecy.
    names_servers: bool,
    /// The key whose value comes next.
    key: Option<Key>,
    /// What the last string in an array announces.
    announced: Argument,
}

/// What a key says about its value.
#[derive(Clone, Copy, Debug, Default)]
struct Key {
    secret: bool,
    /// Everything in its object is secret.
    secret_inside: bool,
    names_servers: bool,
    harmless: bool,
}

impl Key {
    fn new(name: &str) -> Self {
        let lower = name.to_lowercase();
        Self {
            secret: secret_like::speaks_of_secrets(name),
            secret_inside: secret_like::holds_secrets(name),
            names_servers: matches!(
                lower.as_str(),
                "mcpservers" | "servers" | "context_servers" | "mcp_servers" | "mcp" | "extensions"
            ),
            harmless: matches!(
                lower.as_str(),
                "command"
                    | "args"
                    | "type"
                    | "url"
                    | "name"
                    | "description"
                    | "id"
                    | "title"
                    | "version"
                    | "cwd"
            ),
        }
    }
}

struct Walker<'a> {
    text: &'a str,
    at: usize,
    out: String,
    stack: Vec<Frame>,
    in_comment: bool,
    /// Where a run of comments has got to; it goes on over line comments that follow each other.
    comment_stack: Vec<Frame>,
}

impl<'a> Walker<'a> {
    fn new(text: &'a str, in_comment: bool) -> Self {
        Self {
            text,
            at: 0,
            out: String::with_capacity(text.len()),
            stack: vec![Frame::default()],
            in_comment,
            comment_stack: Vec::new(),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn frame(&mut self) -> &mut Frame {
        if self.stack.is_empty() {
            self.stack.push(Frame::default());
        }
        self.stack.last_mut().expect("just filled")
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let comment = !self.in_comment
                && (self.rest().starts_with("//") || self.rest().starts_with("/*"));
            if comment {
                self.comment();
                continue;
            }
            if !c.is_whitespace() {
                self.comment_stack.clear();
            }
            match c {
                '"' => self.string(),
                '{' | '[' => {
                    self.open(c == '[');
                    self.copy(c);
                }
                '}' | ']' => {
                    if self.stack.len() > 1 {
                        self.stack.pop();
                    }
                    self.copy(c);
                }
                '\n' if self.in_comment => {
                    self.frame().key = None;
                    self.copy(c);
                }
                // A key holds until the next one; only prose ends it with the line.
                ',' | ':' | '=' => self.copy(c),
                c if c.is_whitespace() => self.copy(c),
                _ => self.words(),
            }
        }
    }

    fn copy(&mut self, c: char) {
        self.out.push(c);
        self.at += c.len_utf8();
    }

    fn open(&mut self, is_array: bool) {
        let frame = self.frame();
        let key = frame.key.unwrap_or_default();
        // The name of a server makes nothing secret, or nobody could have one that is called `auth`.
        let by_key = (key.secret && !frame.names_servers) || key.secret_inside;
        let inner = Frame {
            is_array,
            secret: frame.secret || by_key,
            names_servers: key.names_servers,
            ..Frame::default()
        };
        self.stack.push(inner);
    }

    fn comment(&mut self) {
        let rest = self.rest();
        let (body, end) = match rest.strip_prefix("//") {
            Some(body) => (body.lines().next().unwrap_or_default(), ""),
            None => {
                let body = rest.strip_prefix("/*").unwrap_or_default();
                match body.split_once("*/") {
                    Some((body, _)) => (body, "*/"),
                    None => (body, ""),
                }
            }
        };
        let mut inner = Walker::new(body, true);
        if !self.comment_stack.is_empty() {
            inner.stack = std::mem::take(&mut self.comment_stack);
        }
        inner.run();
        if !inner.out.trim_end().ends_with([':', '=']) {
            inner.frame().key = None;
        }
        self.comment_stack = inner.stack;
        self.out.push_str(rest.get(..2).unwrap_or_default());
        self.out.push_str(&inner.out);
        self.out.push_str(end);
        self.at += 2 + body.len() + end.len();
    }

    fn string(&mut self) {
        let rest = self.rest();
        let inner = rest.get(1..).unwrap_or_default();
        let length = string_length(inner);
        let raw = inner.get(..length).unwrap_or_default();
        let closed = inner
            .get(length..)
            .is_some_and(|rest| rest.starts_with('"'));
        self.at += 1 + length + usize::from(closed);
        let decoded: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap_or(raw.to_owned());
        let is_key = !self.frame().is_array
            && self
                .rest()
                .trim_start_matches([' ', '\t', '\r', '\n'])
                .starts_with([':', '=']);
        let shown = if is_key {
            self.frame().key = Some(Key::new(&decoded));
            scrubbed(&decoded)
        } else {
            self.value(&decoded)
        };
        self.out.push('"');
        if shown == decoded {
            self.out.push_str(raw);
        } else {
            let escaped = serde_json::Value::from(shown).to_string();
            self.out.push_str(escaped.trim_matches('"'));
        }
        if closed {
            self.out.push('"');
        }
    }

    /// A string value, decoded, as it may be shown.
    fn value(&mut self, text: &str) -> String {
        let in_comment = self.in_comment;
        let frame = self.frame();
        let announced = std::mem::take(&mut frame.announced);
        if frame.is_array {
            frame.announced = Argument::announced_by(text);
        }
        let by_key = frame
            .key
            .is_some_and(|key| key.secret || key.secret_inside || (in_comment && !key.harmless));
        if text.is_empty() || secret_like::is_reference(text) {
            text.to_owned()
        } else if frame.secret || by_key {
            REDACTED.to_owned()
        } else if text.contains('"') && announced == Argument::Plain {
            // A document or a command line in a string. Each level doubles the escapes, so there are few.
            let mut inner = Walker::new(text, true);
            inner.run();
            scrubbed(&inner.out)
        } else {
            announced.redacted(text)
        }
    }

    /// Words outside strings: numbers, `true`, prose in comments, or anything in a text that is not JSON.
    fn words(&mut self) {
        let rest = self.rest();
        let line_end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = rest.get(..line_end).unwrap_or_default();
        let in_comment = self.in_comment;
        let mut end = line
            .find(|c: char| matches!(c, '{' | '}' | '[' | ']' | '"') || (c == ',' && !in_comment))
            .unwrap_or(line.len());
        if !in_comment {
            let comment = ["//", "/*"].iter().filter_map(|mark| line.find(mark)).min();
            end = end.min(comment.unwrap_or(end));
        }
        // At least one character, so that the walk goes on.
        let first = line.chars().next().map_or(0, char::len_utf8);
        let run = line.get(..end.max(first)).unwrap_or_default();
        self.at += run.len();
        let frame = self.frame();
        let secret = frame.secret || frame.key.is_some_and(|key| key.secret || key.secret_inside);
        let word = run.trim_end();
        if secret && !matches!(word, "true" | "false" | "null") {
            self.out.push_str(REDACTED);
            self.out
                .push_str(run.strip_prefix(word).unwrap_or_default());
        } else {
            let shown = scrubbed(run);
            if shown.trim_end().ends_with(REDACTED) {
                self.frame().key = Some(Key {
                    secret: true,
                    ..Key::default()
                });
            }
            self.out.push_str(&shown);
        }
        let last = word.rsplit(char::is_whitespace).next();
        self.frame().announced = last.map(Argument::announced_by).unwrap_or_default();
        // A key without quotes, such as `token: "…"` or `token = …`.
        if let Some(key) = word.strip_suffix([':', '=']) {
            let name = key.trim_end().rsplit(char::is_whitespace).next();
            self.frame().key = name.map(Key::new);
        }
    }
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
