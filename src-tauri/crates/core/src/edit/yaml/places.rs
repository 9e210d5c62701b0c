use super::document::{Document, Kind, Tail, Way, short};

/// A member of a mapping or an item of a list, with all that is written of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Its first byte: of its key, of `?`, of the dash, or of what stands before those.
    pub(super) start: usize,
    /// Where the key ends; for an item, where it starts.
    pub(super) key_end: usize,
    /// Behind the colon or the dash; behind the key where there is no colon.
    pub(super) from: usize,
    pub(super) key: Option<usize>,
    pub(super) value: usize,
    /// Behind its last byte.
    pub(super) end: usize,
    pub(super) tail: Tail,
}

impl Part {
    /// Whether there is a colon or a dash.
    pub(super) const fn has_indicator(&self) -> bool {
        self.from > self.key_end
    }
}

/// A collection on the way to an entry.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) node: usize,
    pub(super) parts: Vec<Part>,
}

impl Document<'_> {
    /// Finds out where everything ends that the parser leaves open: empty values, texts in lines, collections in lines.
    pub(super) fn settle(&mut self) {
        if !self.nodes.is_empty() {
            self.settle_node(0, self.base);
        }
    }

    fn settle_node(&mut self, node: usize, from: usize) {
        let it = &self.nodes[node];
        let from = it.props_end().map_or(from, |end| end.max(from));
        if it.is_nothing() {
            let it = &mut self.nodes[node];
            (it.start, it.end) = (short(from), short(from));
        } else if it.is_block_text() {
            self.settle_text(node, from);
        } else if matches!(it.kind, Kind::List(_) | Kind::Mapping(_)) {
            let bracketed = it.is_flow() && !it.bare;
            let mut last = None;
            let mut walk = self.walk(node, from);
            while let Some(next) = self.key_of(&walk) {
                let part = match next {
                    Some((key, key_from)) => {
                        self.settle_node(key, key_from);
                        let (from, value) = self.value_of(&walk, key);
                        self.settle_node(value, from);
                        self.part(&walk, Some(key), from, value)
                    }
                    None => {
                        let from = self.item_from(&walk);
                        let value = walk.child;
                        self.settle_node(value, from);
                        self.part(&walk, None, from, value)
                    }
                };
                walk.child = self.nodes[part.value].next();
                walk.at = part.end;
                last = Some(part);
            }
            if let Some(part) = last.filter(|_| !bracketed) {
                let it = &mut self.nodes[node];
                it.end = short(part.end);
                it.tail = part.tail;
            }
        }
    }

    /// The members or items of a collection of a settled document; `from` is behind the colon, dash or marker before it.
    pub(super) fn parts(&self, node: usize, from: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let it = &self.nodes[node];
        if matches!(it.kind, Kind::Scalar(_) | Kind::Alias(_)) {
            return parts;
        }
        let from = it.props_end().map_or(from, |end| end.max(from));
        let mut walk = self.walk(node, from);
        while let Some(next) = self.key_of(&walk) {
            let part = match next {
                Some((key, _)) => {
                    let (from, value) = self.value_of(&walk, key);
                    self.part(&walk, Some(key), from, value)
                }
                None => self.part(&walk, None, self.item_from(&walk), walk.child),
            };
            walk.child = self.nodes[part.value].next();
            walk.at = part.end;
            parts.push(part);
        }
        parts
    }

    /// The collections on a way, with their parts.
    pub(super) fn levels(&self, way: &Way) -> Vec<Level> {
        let mut from = self.base;
        let mut levels: Vec<Level> = Vec::new();
        for (depth, node) in way.containers.iter().enumerate() {
            let parts = self.parts(*node, from);
            if let Some(part) = way.members.get(depth).and_then(|index| parts.get(*index)) {
                from = part.from;
            }
            levels.push(Level { node: *node, parts });
        }
        levels
    }

    /// Behind white space and comments.
    pub(super) fn skip(&self, at: usize) -> usize {
        skip(self.body, at, false)
    }

    fn walk(&self, node: usize, from: usize) -> Walk {
        let it = &self.nodes[node];
        let flow = it.is_flow();
        Walk {
            at: if flow && !it.bare {
                it.start() + 1
            } else if flow {
                it.start()
            } else {
                from
            },
            child: node + 1,
            stop: it.next(),
            flow,
            list: matches!(it.kind, Kind::List(_)),
        }
    }

    /// The next key and where it may begin (`Some(None)`: an item); `None` at the end.
    #[expect(clippy::option_option, reason = "the end, an item, or a key")]
    fn key_of(&self, walk: &Walk) -> Option<Option<(usize, usize)>> {
        if walk.child >= walk.stop {
            return None;
        }
        if walk.list {
            return Some(None);
        }
        let start = skip(self.body, walk.at, walk.flow);
        let key = walk.child;
        let explicit = self.byte(start) == Some(b'?')
            && self.ends_indicator(start + 1)
            && (self.nodes[key].is_nothing() || self.nodes[key].start() > start);
        Some(Some((key, if explicit { start + 1 } else { start })))
    }

    /// Where a member's value may begin, and which it is.
    fn value_of(&self, walk: &Walk, key: usize) -> (usize, usize) {
        let value = self.nodes[key].next();
        let key_end = self.nodes[key].end().max(walk.at);
        let at = skip(self.body, key_end, false);
        let there = self.byte(at) == Some(b':')
            && (!self.nodes[value].is_nothing() || self.ends_indicator(at + 1));
        (if there { at + 1 } else { key_end }, value)
    }

    /// Where an item's value may begin.
    fn item_from(&self, walk: &Walk) -> usize {
        skip(self.body, walk.at, walk.flow) + usize::from(!walk.flow)
    }

    fn part(&self, walk: &Walk, key: Option<usize>, from: usize, value: usize) -> Part {
        let start = skip(self.body, walk.at, walk.flow);
        let it = &self.nodes[value];
        Part {
            start,
            key_end: key.map_or(start, |key| self.nodes[key].end()),
            from,
            key,
            value,
            end: it.end().max(from),
            tail: it.tail,
        }
    }

    fn settle_text(&mut self, node: usize, from: usize) {
        let header = self.skip(from);
        let line = line_end(self.body, header);
        let token = self.slice(header, line);
        let token = token.split([' ', '\t']).next().unwrap_or_default();
        let kept = token.contains('+');
        let strip = token.contains('-');
        let mut end = self.nodes[node].end().max(header);
        // White space before what follows is not part of it.
        let start_of_last = line_start(self.body, end);
        if end < self.body.len() && is_space(self.slice(start_of_last, end)) {
            end = start_of_last;
        }
        let mut text = self.slice(line, end);
        if kept {
            text = without_break(text).unwrap_or(text);
        } else {
            while let Some(shorter) = without_break(text) {
                text = shorter;
            }
        }
        let empty = text.is_empty();
        let end = if empty {
            header + token.len()
        } else {
            line + text.len()
        };
        let it = &mut self.nodes[node];
        (it.start, it.end) = (short(header), short(end));
        it.tail = match (kept, strip || empty) {
            (true, _) => Tail::Kept,
            (false, true) => Tail::Other,
            (false, false) => Tail::Text,
        };
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.body.as_bytes().get(at).copied()
    }

    /// Whether a `:` or `?` before this byte is one that structures.
    fn ends_indicator(&self, at: usize) -> bool {
        self.byte(at).is_none_or(|b| {
            matches!(
                b,
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b'}' | b']' | b'{' | b'['
            )
        })
    }
}

/// A position between the parts of a collection.
struct Walk {
    /// Behind the part before.
    at: usize,
    /// Node of the next part.
    child: usize,
    /// Behind the last node.
    stop: usize,
    flow: bool,
    list: bool,
}

/// Behind white space and comments, and commas too where asked.
pub(super) fn skip(body: &str, mut at: usize, commas: bool) -> usize {
    let bytes = body.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b',' if commas => at += 1,
            b'#' => at = line_end(body, at),
            _ => break,
        }
    }
    at
}

/// Where the line a byte is on starts.
pub(super) fn line_start(body: &str, at: usize) -> usize {
    body.get(..at)
        .and_then(|before| before.rfind(['\n', '\r']))
        .map_or(0, |found| found + 1)
}

/// Where the line a byte is on ends, its line end not counted.
pub(super) fn line_end(body: &str, at: usize) -> usize {
    body.get(at..)
        .and_then(|rest| rest.find(['\n', '\r']))
        .map_or(body.len(), |found| at + found)
}

/// Where the next line starts, or the end of the text.
pub(super) fn next_line(body: &str, at: usize) -> usize {
    let end = line_end(body, at);
    let rest = body.get(end..).unwrap_or_default();
    end + line_break(rest).map_or(0, str::len)
}

/// The line end a text begins with.
pub(super) fn line_break(text: &str) -> Option<&'static str> {
    ["\r\n", "\n", "\r"]
        .into_iter()
        .find(|eol| text.starts_with(eol))
}

/// A text without the line end it ends in.
pub(super) fn without_break(text: &str) -> Option<&str> {
    ["\r\n", "\n", "\r"]
        .into_iter()
        .find_map(|eol| text.strip_suffix(eol))
}

/// Whether there is nothing but blanks in a line.
pub(super) fn is_space(line: &str) -> bool {
    line.bytes().all(|b| matches!(b, b' ' | b'\t'))
}
