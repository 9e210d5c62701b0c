use super::fault::{Fault, Reason};
use crate::edit::MAX_DEPTH;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// A string that names a member.
    Key,
    /// Any other value that is no object and no array.
    Scalar,
    Comma,
    LineComment,
    BlockComment,
}

/// A token or comment and its bytes. Colons are told of by nobody: they stand where they must.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    pub(super) const fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::LineComment | Kind::BlockComment)
    }
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// The document, or the value behind a colon.
    Value,
    /// Behind `[`.
    FirstItem,
    /// Behind a comma in an array.
    Item,
    /// Behind `{`.
    FirstKey,
    /// Behind a comma in an object.
    Key,
    Colon,
    /// Behind a member or an item.
    CommaOrClose,
    /// Behind the document.
    End,
}

/// Reads one document token by token, strictly: JSON as RFC 8259 has it, and JSONC, which adds comments and trailing commas and
/// nothing else. Its memory is the stack of open brackets, [`MAX_DEPTH`] at the most.
///
/// A line comment ends with a line feed or a carriage return. Half a surrogate pair (`"\ud800"`) is a string, as in the grammar.
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    jsonc: bool,
    expect: Expect,
    /// Where the brackets that are open stand.
    open: Vec<usize>,
    /// Where the last token that is no comment ends.
    done: usize,
}

impl<'a> Scanner<'a> {
    /// Reads a document, or one value in it, from a byte on.
    pub(super) fn new(text: &'a str, at: usize, jsonc: bool) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at,
            jsonc,
            expect: Expect::Value,
            open: Vec::new(),
            done: at,
        }
    }

    /// Whether the value is complete; only white space and comments may follow.
    pub(super) fn is_complete(&self) -> bool {
        self.expect == Expect::End
    }

    /// The next token or comment; `None` at the end of a whole document.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Token>, Fault> {
        loop {
            self.skip_space();
            let start = self.at;
            let Some(&byte) = self.bytes.get(start) else {
                return self.ended();
            };
            let kind = match byte {
                b'"' => match self.expect {
                    Expect::Key | Expect::FirstKey => {
                        self.at = self.string(start)?;
                        self.expect = Expect::Colon;
                        Kind::Key
                    }
                    _ => {
                        self.value_may_come(start)?;
                        self.at = self.string(start)?;
                        self.value_came()
                    }
                },
                b',' if self.expect == Expect::CommaOrClose => {
                    self.at += 1;
                    self.expect = if self.in_array() {
                        Expect::Item
                    } else {
                        Expect::Key
                    };
                    Kind::Comma
                }
                b':' if self.expect == Expect::Colon => {
                    self.at += 1;
                    self.done = self.at;
                    self.expect = Expect::Value;
                    continue;
                }
                b'{' | b'[' => {
                    self.value_may_come(start)?;
                    self.open(start, byte)?
                }
                b'}' | b']' => self.close(start, byte)?,
                b'-' | b'0'..=b'9' => {
                    self.value_may_come(start)?;
                    self.at = self.number(start)?;
                    self.value_came()
                }
                b't' | b'f' | b'n' if self.expect != Expect::Colon => {
                    self.value_may_come(start)?;
                    self.at = self.word(start)?;
                    self.value_came()
                }
                b'/' => match self.comment(start)? {
                    Some(comment) => return Ok(Some(comment)),
                    None => return Err(self.unexpected(start)),
                },
                _ => return Err(self.unexpected(start)),
            };
            self.done = self.at;
            return Ok(Some(Token {
                kind,
                start,
                end: self.at,
            }));
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn in_array(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| self.bytes.get(*open) == Some(&b'['))
    }

    fn value_may_come(&self, start: usize) -> Result<(), Fault> {
        match self.expect {
            Expect::Value | Expect::Item | Expect::FirstItem => Ok(()),
            _ => Err(self.unexpected(start)),
        }
    }

    fn value_came(&mut self) -> Kind {
        self.expect = if self.open.is_empty() {
            Expect::End
        } else {
            Expect::CommaOrClose
        };
        Kind::Scalar
    }

    fn open(&mut self, start: usize, byte: u8) -> Result<Kind, Fault> {
        if self.open.len() == MAX_DEPTH {
            return Err(Fault::new(start, Reason::TooDeep));
        }
        self.open.push(start);
        self.at += 1;
        self.expect = if byte == b'[' {
            Expect::FirstItem
        } else {
            Expect::FirstKey
        };
        Ok(Kind::Open)
    }

    fn close(&mut self, start: usize, byte: u8) -> Result<Kind, Fault> {
        let fits = !self.open.is_empty() && self.in_array() == (byte == b']');
        match self.expect {
            Expect::FirstItem | Expect::FirstKey | Expect::CommaOrClose if fits => {}
            Expect::Item | Expect::Key if fits && self.jsonc => {}
            Expect::Item | Expect::Key if fits => {
                return Err(Fault::new(self.done - 1, Reason::TrailingComma));
            }
            _ => return Err(Fault::new(start, Reason::Unexpected(char::from(byte)))),
        }
        self.open.pop();
        self.at += 1;
        self.value_came();
        Ok(Kind::Close)
    }

    /// Where a string ends that begins with the quote at `start`.
    fn string(&self, start: usize) -> Result<usize, Fault> {
        let mut at = start + 1;
        loop {
            at = plain_until(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => match self.bytes.get(at + 1) {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                    Some(b'u')
                        if self
                            .bytes
                            .get(at + 2..at + 6)
                            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) =>
                    {
                        at += 6;
                    }
                    _ => return Err(Fault::new(at, Reason::Escape)),
                },
                Some(&control) => {
                    return Err(Fault::new(at, Reason::Control(char::from(control))));
                }
                None => return Err(Fault::new(start, Reason::Unterminated("string"))),
            }
        }
    }

    /// Where a number ends.
    fn number(&self, start: usize) -> Result<usize, Fault> {
        let digits = |at: usize| {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at + rest.iter().take_while(|b| b.is_ascii_digit()).count()
        };
        let bad = || Fault::new(start, Reason::Number);
        let mut at = start + usize::from(self.bytes.get(start) == Some(&b'-'));
        at = match self.bytes.get(at) {
            Some(b'0') => at + 1,
            Some(b'1'..=b'9') => digits(at + 1),
            _ => return Err(bad()),
        };
        if self.bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            if end == at + 1 {
                return Err(bad());
            }
            at = end;
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            at += 1;
            at += usize::from(matches!(self.bytes.get(at), Some(b'+' | b'-')));
            let end = digits(at);
            if end == at {
                return Err(bad());
            }
            at = end;
        }
        match self.bytes.get(at) {
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b'+' | b'-') => Err(bad()),
            _ => Ok(at),
        }
    }

    /// Where `true`, `false` or `null` ends.
    fn word(&self, start: usize) -> Result<usize, Fault> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        match rest.get(..length) {
            Some(b"true" | b"false" | b"null") => Ok(start + length),
            _ => Err(Fault::new(start, Reason::Word)),
        }
    }

    /// A comment; `None` where a slash begins none.
    fn comment(&mut self, start: usize) -> Result<Option<Token>, Fault> {
        let Some((kind, end)) = comment_at(self.bytes, start) else {
            return Ok(None);
        };
        if !self.jsonc {
            return Err(Fault::new(start, Reason::Comment));
        }
        let Some(end) = end else {
            return Err(Fault::new(start, Reason::Unterminated("comment")));
        };
        self.at = end;
        Ok(Some(Token { kind, start, end }))
    }

    /// The text is over.
    fn ended(&self) -> Result<Option<Token>, Fault> {
        match (self.expect, self.open.last()) {
            (Expect::End, _) => Ok(None),
            (_, Some(open)) if self.in_array() => {
                Err(Fault::new(*open, Reason::Unterminated("array")))
            }
            (_, Some(open)) => Err(Fault::new(*open, Reason::Unterminated("object"))),
            (_, None) => Err(Fault::new(self.at, Reason::Nothing)),
        }
    }

    /// Why nothing that may come here begins at a byte.
    #[cold]
    fn unexpected(&self, start: usize) -> Fault {
        let rest = self.text.get(start..).unwrap_or_default();
        let c = rest.chars().next().unwrap_or_default();
        let begins_value = c.is_alphanumeric() || matches!(c, '"' | '{' | '[' | '-' | '+' | '.');
        if (c.is_whitespace() && !c.is_ascii_whitespace())
            || matches!(c, '\u{B}' | '\u{C}' | '\u{FEFF}')
        {
            return Fault::new(start, Reason::Space(c));
        }
        match self.expect {
            Expect::CommaOrClose if begins_value => Fault::new(self.done, Reason::NoComma),
            Expect::Colon if c != ':' => Fault::new(start, Reason::NoColon),
            Expect::End => Fault::new(start, Reason::More),
            _ if c == '\'' => Fault::new(start, Reason::SingleQuote),
            Expect::Key | Expect::FirstKey if begins_value => Fault::new(start, Reason::NoKey),
            _ if c.is_alphanumeric() => Fault::new(start, Reason::Word),
            _ if matches!(c, '+' | '.') => Fault::new(start, Reason::Number),
            _ => Fault::new(start, Reason::Unexpected(c)),
        }
    }
}

/// The kind of the comment that begins at a byte, if one does, and where it ends, if it does.
pub(super) fn comment_at(bytes: &[u8], start: usize) -> Option<(Kind, Option<usize>)> {
    let body = bytes.get(start + 2..).unwrap_or_default();
    match bytes.get(start..start + 2)? {
        b"//" => {
            let end = memchr::memchr2(b'\n', b'\r', body).unwrap_or(body.len());
            Some((Kind::LineComment, Some(start + 2 + end)))
        }
        b"/*" => {
            let end = memchr::memmem::find(body, b"*/");
            Some((Kind::BlockComment, end.map(|end| start + 2 + end + 2)))
        }
        _ => None,
    }
}

/// The first byte from `at` on that ends the plain part of a string: a quote, a backslash or a control character. Looks at eight
/// bytes at a time.
fn plain_until(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    /// The high bit of each byte that is zero; above the first such byte there may be wrong ones.
    const fn zero_bytes(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & HIGH
    }
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let hit = control
            | zero_bytes(word ^ (ONES * b'"' as u64))
            | zero_bytes(word ^ (ONES * b'\\' as u64));
        if hit != 0 {
            return at + (hit.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x20 || matches!(byte, b'"' | b'\\') {
            break;
        }
        at += 1;
    }
    at
}
