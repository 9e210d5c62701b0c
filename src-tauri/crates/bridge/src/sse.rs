//! Server-sent events, as HTML defines them. Source: html.spec.whatwg.org, section 9.2.6, checked 2026-11-20.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use memchr::{memchr, memchr2};

/// One event with data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The `event:` field; empty for the default kind.
    pub kind: Bytes,
    /// The `data:` lines, joined by line feeds.
    pub data: Bytes,
}

impl Event {
    /// Whether the event carries a message (rather than, say, the `endpoint` of the old transport).
    pub fn is_message(&self) -> bool {
        self.kind.is_empty() || self.kind == "message"
    }
}

/// An event grew past the limit; the stream is of no more use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// A piece of an event that is too large to wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// More of its data. Line feeds between data lines are left out: in JSON they mean nothing.
    Data(Bytes),
    /// All of it came.
    End,
}

/// Cuts a stream of chunks, however divided, into events. Data that lies within one chunk is not copied.
pub struct Parser {
    chunk: Bytes,
    /// The beginning of a line whose end has not come yet.
    partial: BytesMut,
    /// The last chunk ended with a carriage return: a line feed that follows belongs to it.
    after_return: bool,
    at_start: bool,
    kind: Bytes,
    data: Data,
    last_id: Option<Bytes>,
    retry: Option<Duration>,
    limit_bytes: usize,
    /// The event under way has been told as large.
    told: bool,
    /// The event under way is handed out in pieces, and its last data line has not ended.
    in_line: bool,
}

enum Data {
    None,
    One(Bytes),
    Several(BytesMut),
}

impl Data {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(line) => line.len(),
            Self::Several(lines) => lines.len(),
        }
    }

    fn push(&mut self, line: Bytes) {
        *self = match std::mem::replace(self, Self::None) {
            Self::None => Self::One(line),
            Self::One(first) => {
                let mut lines = BytesMut::with_capacity(first.len() + line.len() + 1);
                lines.extend_from_slice(&first);
                lines.extend_from_slice(b"\n");
                lines.extend_from_slice(&line);
                Self::Several(lines)
            }
            Self::Several(mut lines) => {
                lines.extend_from_slice(b"\n");
                lines.extend_from_slice(&line);
                Self::Several(lines)
            }
        };
    }
}

impl Parser {
    /// Events of at most `limit_bytes`.
    pub fn new(limit_bytes: usize) -> Self {
        Self {
            chunk: Bytes::new(),
            partial: BytesMut::new(),
            after_return: false,
            at_start: true,
            kind: Bytes::new(),
            data: Data::None,
            last_id: None,
            retry: None,
            limit_bytes,
            told: false,
            in_line: false,
        }
    }

    /// Hands over the next chunk. [`Parser::next_event`] must have returned `None` before.
    pub fn feed(&mut self, chunk: Bytes) {
        debug_assert!(self.chunk.is_empty());
        self.chunk = chunk;
    }

    /// The id to resume behind.
    pub fn last_id(&self) -> Option<&Bytes> {
        self.last_id.as_ref()
    }

    /// How long the server wants a client to wait before it connects again.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// The next whole event within what was fed.
    pub fn next_event(&mut self) -> Result<Option<Event>, TooLarge> {
        while let Some(line) = self.next_line()? {
            if line.is_empty() {
                if let Some(event) = self.dispatch() {
                    return Ok(Some(event));
                }
            } else {
                self.field(&line);
                if self.data.len() > self.limit_bytes {
                    return Err(TooLarge);
                }
            }
        }
        Ok(None)
    }

    /// What has come of a message, once that is at least `from` bytes; told once for each. [`Parser::next_event`] must have
    /// returned `None` before.
    pub fn large(&mut self, from: usize) -> Option<Bytes> {
        let partial = begun_data(&self.partial);
        if self.told
            || self.data.len() + partial.len() < from
            || !(self.kind.is_empty() || self.kind == "message")
        {
            return None;
        }
        self.told = true;
        let mut head = BytesMut::with_capacity(self.data.len() + partial.len());
        match &self.data {
            Data::None => {}
            Data::One(line) => head.extend_from_slice(line),
            Data::Several(lines) => head.extend_from_slice(lines),
        }
        head.extend_from_slice(partial);
        Some(head.freeze())
    }

    /// Forgets what [`Parser::large`] gave: the rest of that event is had from [`Parser::next_piece`].
    pub fn go_in_pieces(&mut self) {
        self.data = Data::None;
        self.in_line = !begun_data(&self.partial).is_empty();
        if self.in_line {
            self.partial = BytesMut::new();
        }
    }

    /// The next piece within what was fed.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, TooLarge> {
        loop {
            if self.in_line {
                let end = memchr2(b'\n', b'\r', &self.chunk);
                let piece = self.chunk.split_to(end.unwrap_or(self.chunk.len()));
                if end.is_some() {
                    self.take_line_end();
                    self.in_line = false;
                }
                if !piece.is_empty() {
                    return Ok(Some(Piece::Data(piece)));
                }
                if end.is_none() {
                    return Ok(None);
                }
            }
            let Some(line) = self.next_line()? else {
                return Ok(None);
            };
            if line.is_empty() {
                self.kind = Bytes::new();
                self.told = false;
                return Ok(Some(Piece::End));
            }
            self.field(&line);
            if let Data::One(line) = std::mem::replace(&mut self.data, Data::None) {
                return Ok(Some(Piece::Data(line)));
            }
        }
    }

    /// The event that a stream left unfinished when it ended. HTML would drop it; some servers forget the last blank line, and
    /// whether the data is whole shows when it is parsed.
    pub fn finish(&mut self) -> Option<Event> {
        if !self.partial.is_empty() {
            let line = self.partial.split().freeze();
            self.field(&line);
        }
        self.dispatch()
    }

    /// Forgets a half event; id and retry stay, for the stream that resumes this one.
    pub fn restart(&mut self) {
        self.chunk = Bytes::new();
        self.partial.clear();
        self.after_return = false;
        self.at_start = true;
        self.kind = Bytes::new();
        self.data = Data::None;
        self.told = false;
        self.in_line = false;
    }

    fn next_line(&mut self) -> Result<Option<Bytes>, TooLarge> {
        if self.after_return && !self.chunk.is_empty() {
            self.after_return = false;
            if self.chunk.first() == Some(&b'\n') {
                self.chunk = self.chunk.slice(1..);
            }
        }
        let Some(end) = memchr2(b'\n', b'\r', &self.chunk) else {
            if self.partial.len() + self.chunk.len() > self.limit_bytes.saturating_add(64) {
                return Err(TooLarge);
            }
            self.partial.extend_from_slice(&self.chunk);
            self.chunk = Bytes::new();
            return Ok(None);
        };
        let head = self.chunk.split_to(end);
        self.take_line_end();
        let mut line = if self.partial.is_empty() {
            head
        } else {
            self.partial.extend_from_slice(&head);
            self.partial.split().freeze()
        };
        if std::mem::take(&mut self.at_start)
            && let Some(rest) = line.strip_prefix(b"\xEF\xBB\xBF")
        {
            line = line.slice(line.len() - rest.len()..);
        }
        Ok(Some(line))
    }

    /// Takes the line end that the chunk begins with.
    fn take_line_end(&mut self) {
        let terminator = self.chunk.split_to(1);
        if terminator == "\r" {
            self.after_return = true;
            if self.chunk.first() == Some(&b'\n') {
                self.chunk = self.chunk.slice(1..);
                self.after_return = false;
            }
        }
    }

    fn field(&mut self, line: &Bytes) {
        let (name, value) = match memchr(b':', line) {
            Some(0) => return, // a comment
            Some(at) => {
                let from = if line.get(at + 1) == Some(&b' ') {
                    at + 2
                } else {
                    at + 1
                };
                (line.slice(..at), line.slice(from..))
            }
            None => (line.clone(), Bytes::new()),
        };
        match name.as_ref() {
            b"data" => self.data.push(value),
            b"event" => self.kind = value,
            b"id" if !value.contains(&0) => self.last_id = Some(value),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.retry = std::str::from_utf8(&value)
                    .ok()
                    .and_then(|digits| digits.parse().ok())
                    .map(Duration::from_millis);
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<Event> {
        let kind = std::mem::take(&mut self.kind);
        self.told = false;
        let data = match std::mem::replace(&mut self.data, Data::None) {
            Data::None => return None,
            Data::One(line) => line,
            Data::Several(lines) => lines.freeze(),
        };
        Some(Event { kind, data })
    }
}

/// The data in the beginning of a line; empty while it is not known where that begins, and in other lines.
fn begun_data(partial: &[u8]) -> &[u8] {
    match partial.strip_prefix(b"data:") {
        Some([b' ', data @ ..] | data) => data,
        None => &[],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use bytes::Bytes;

    use super::{Event, Parser, Piece, TooLarge};

    fn parse(text: &'static str) -> (Vec<Event>, Parser) {
        let mut parser = Parser::new(1000);
        parser.feed(Bytes::from_static(text.as_bytes()));
        let mut events = Vec::new();
        while let Some(event) = parser.next_event().unwrap() {
            events.push(event);
        }
        (events, parser)
    }

    fn data(events: &[Event]) -> Vec<&str> {
        events
            .iter()
            .map(|event| std::str::from_utf8(&event.data).unwrap())
            .collect()
    }

    #[test]
    fn reads_every_kind_of_line_end() {
        let (events, _) = parse("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata:d\n\r\n");
        assert_eq!(data(&events), ["a", "b", "c", "d"]);
    }

    #[test]
    fn joins_data_lines_and_skips_comments() {
        let (events, _) = parse(": hello\ndata: {\ndata:  \"a\":1\ndata\ndata: }\n\n:ping\n\n");
        assert_eq!(data(&events), ["{\n \"a\":1\n\n}"]);
    }

    #[test]
    fn keeps_id_and_retry_but_not_the_kind() {
        let (events, parser) = parse(
            "retry: 1500\nid: 7\nevent: endpoint\ndata: /x\n\ndata: y\n\nid: 8\n\nretry: soon\n\n",
        );
        assert!(!events[0].is_message());
        assert!(events[1].is_message());
        assert_eq!(parser.last_id().unwrap(), "8");
        assert_eq!(parser.retry(), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn a_byte_order_mark_at_the_start_is_no_content() {
        let (events, _) = parse("\u{feff}data: a\n\n");
        assert_eq!(data(&events), ["a"]);
    }

    #[test]
    fn an_unfinished_event_is_handed_out_at_the_end_only() {
        let (events, mut parser) = parse("data: a\n\ndata: {}\ndata:");
        assert_eq!(data(&events), ["a"]);
        assert_eq!(parser.finish().unwrap().data, "{}\n");
        assert_eq!(parser.finish(), None);
    }

    #[test]
    fn refuses_events_past_the_limit() {
        let mut parser = Parser::new(10);
        parser.feed(Bytes::from_static(b"data: 123456\ndata: 123456\n\n"));
        assert_eq!(parser.next_event(), Err(TooLarge));
        let mut parser = Parser::new(10);
        parser.feed(Bytes::from(vec![b'x'; 200]));
        assert_eq!(parser.next_event(), Err(TooLarge));
    }

    #[test]
    fn a_large_event_is_had_in_pieces() {
        let text =
            b"event: message\ndata: {\"a\":\ndata: \"0123456789\"\nid: 7\ndata: }\n\ndata: b\n\n";
        for step in 1..text.len() {
            let mut parser = Parser::new(1000);
            let (mut seen, mut events, mut flowing) = (Vec::new(), Vec::new(), false);
            for chunk in text.chunks(step) {
                parser.feed(Bytes::from_static(chunk));
                loop {
                    if flowing {
                        match parser.next_piece().unwrap() {
                            Some(Piece::Data(data)) => seen.extend_from_slice(&data),
                            Some(Piece::End) => flowing = false,
                            None => break,
                        }
                    } else if let Some(event) = parser.next_event().unwrap() {
                        events.push(event);
                    } else if let Some(head) = parser.large(12) {
                        seen.extend_from_slice(&head);
                        parser.go_in_pieces();
                        flowing = true;
                    } else {
                        break;
                    }
                }
            }
            let last = events.pop().unwrap();
            assert_eq!(last.data, "b");
            let first = match events.pop() {
                Some(event) => event.data.to_vec(),
                None => seen,
            };
            let first: Vec<u8> = first.into_iter().filter(|byte| *byte != b'\n').collect();
            assert_eq!(first, b"{\"a\":\"0123456789\"}", "by {step}");
            assert_eq!(parser.last_id().unwrap(), "7");
        }
    }
}
