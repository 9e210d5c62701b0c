//! Looks at a message that is handed on while it still comes: what it is, whom it answers, and whether all of it came.

use memchr::memchr_iter;
use serde_json::value::RawValue;

use crate::pending::Id;

/// Longest name of a member that matters, and longest id that is recognised, in bytes.
const LONGEST: usize = 256;

/// What has been seen of a message so far. Only brackets and strings are understood, which is enough to find the members of the
/// outermost object; everything within them passes unseen.
#[derive(Debug, Default)]
pub struct Skim {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// At the outermost level: a name comes next, not a value.
    wants_name: bool,
    /// The name or the id under way.
    token: Vec<u8>,
    capturing: bool,
    in_id: bool,
    id: Option<Vec<u8>>,
    method: bool,
    answer: bool,
    version: bool,
    over: bool,
    broken: bool,
}

/// What a whole message turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub struct Skimmed {
    pub(crate) id: Option<Id>,
    pub(crate) is_answer: bool,
}

impl Skim {
    /// Looks at the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while !self.broken {
            let Some((&byte, behind)) = rest.split_first() else {
                return;
            };
            if self.in_string {
                rest = self.string(rest);
            } else {
                self.outside(byte);
                rest = behind;
            }
        }
    }

    /// Goes through what is in a string, up to its end; gives what is behind that. Marks are looked for and not backslashes, of
    /// which a text with many lines has many more.
    fn string<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let first = usize::from(std::mem::take(&mut self.escaped));
        let escapes_at = |end: usize| {
            let before = bytes.get(first..end).unwrap_or_default();
            let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\');
            backslashes.count() % 2 == 1
        };
        let marks = memchr_iter(b'"', bytes.get(first..).unwrap_or_default());
        let last = marks.map(|at| first + at).find(|at| !escapes_at(*at));
        let end = match last {
            Some(at) => {
                self.in_string = false;
                at + 1
            }
            None => {
                self.escaped = escapes_at(bytes.len());
                bytes.len()
            }
        };
        let (inside, behind) = bytes.split_at(end);
        self.keep(inside);
        if !self.in_string && self.depth == 1 && self.wants_name {
            self.name();
        }
        behind
    }

    fn outside(&mut self, byte: u8) {
        if self.over {
            self.broken = !byte.is_ascii_whitespace();
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 && self.wants_name {
                    self.capture();
                }
            }
            b'{' if self.depth == 0 => {
                self.depth = 1;
                self.wants_name = true;
                return;
            }
            _ if self.depth == 0 => self.broken = !byte.is_ascii_whitespace(),
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                if self.depth == 1 {
                    self.value_ended();
                    self.over = true;
                }
                self.depth -= 1;
            }
            b':' if self.depth == 1 && self.wants_name => {
                self.wants_name = false;
                if self.in_id {
                    self.capture();
                }
                return;
            }
            b',' if self.depth == 1 => {
                self.value_ended();
                self.wants_name = true;
            }
            _ => {}
        }
        self.keep(&[byte]);
    }

    fn capture(&mut self) {
        self.token.clear();
        self.capturing = true;
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.capturing {
            if self.token.len() + bytes.len() > LONGEST {
                self.capturing = false;
                self.token.clear();
            } else {
                self.token.extend_from_slice(bytes);
            }
        }
    }

    /// A name is complete, quotes included.
    fn name(&mut self) {
        self.capturing = false;
        self.in_id = false;
        match self.token.as_slice() {
            b"\"id\"" => self.in_id = true,
            b"\"method\"" => self.method = true,
            b"\"result\"" | b"\"error\"" => self.answer = true,
            b"\"jsonrpc\"" => self.version = true,
            _ => {}
        }
    }

    fn value_ended(&mut self) {
        if std::mem::take(&mut self.in_id) && std::mem::take(&mut self.capturing) {
            self.id = Some(std::mem::take(&mut self.token));
        }
    }

    /// Whether this begins a request or notification.
    pub fn is_call(&self) -> bool {
        !self.broken && self.method
    }

    /// Whether this begins like a message rather than like any other object.
    pub fn is_message(&self) -> bool {
        !self.broken && (self.method || self.answer || self.version)
    }

    /// What it was, when all of it came.
    pub fn finish(self) -> Option<Skimmed> {
        if self.broken || !self.over {
            return None;
        }
        let id = self
            .id
            .and_then(|id| String::from_utf8(id).ok())
            .and_then(|id| RawValue::from_string(id.trim_ascii().to_owned()).ok())
            .map(|id| Id::new(&id));
        Some(Skimmed {
            id,
            is_answer: self.answer && !self.method,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Skim;

    fn skim(text: &str, step: usize) -> Skim {
        let mut skim = Skim::default();
        for piece in text.as_bytes().chunks(step) {
            skim.feed(piece);
        }
        skim
    }

    #[test]
    fn finds_the_id_wherever_it_stands_and_however_the_message_is_divided() {
        for (text, id) in [
            (r#"{"jsonrpc":"2.0","id":17,"result":{"id":1}}"#, "17"),
            (r#"{"result":{"id":"x","a":[{"id":2}]}, "id" : 17 }"#, "17"),
            (
                r#" {"result":"},{\"id\":3,\\","jsonrpc":"2.0","id":"a,}\"b"} "#,
                r#""a,}\"b""#,
            ),
        ] {
            for step in 1..text.len() {
                let seen = skim(text, step).finish().unwrap();
                assert_eq!(seen.id.unwrap().as_json(), id, "{text} by {step}");
                assert!(seen.is_answer);
            }
        }
    }

    #[test]
    fn tells_what_is_not_whole() {
        for text in ["", "{", "[1]", "{}x", r#"{"id":1,"result":"}"#, "<html>"] {
            assert!(skim(text, 1).finish().is_none(), "{text}");
        }
    }

    #[test]
    fn tells_calls_from_answers_and_from_other_objects() {
        assert!(skim(r#"{"method":"x","params":{"result":1"#, 3).is_call());
        let answer = skim(r#"{"result":{"method":"x""#, 3);
        assert!(!answer.is_call() && answer.is_message());
        assert!(!skim(r#"{"hello":{"jsonrpc":"2.0""#, 3).is_message());
    }
}
