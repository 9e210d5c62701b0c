use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState};

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span};

use super::document::{Kind, Node, NodeId, key_text};
use crate::edit::MAX_DEPTH;

/// What is wrong with a document whose parts are well-formed.
pub(super) enum Failure {
    /// The key or table was there before.
    Duplicate(String),
    /// Nested too deeply.
    TooDeep,
    /// Anything else, in words.
    Wrong(String),
}

/// A table with so many children is searched one by one.
const FEW: usize = 8;

/// A table that only stands on the way to others yet.
const ON_THE_WAY: Kind = Kind::Table {
    headed: false,
    dotted: false,
};

/// Takes a hash for what it is.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Makes the tree of a document of what its parser finds, and minds the rules on what may be defined where.
pub(super) struct Builder<'a> {
    source: Source<'a>,
    pub(super) nodes: Vec<Node>,
    pub(super) statements: Vec<NodeId>,
    /// The first thing that is wrong, and where.
    pub(super) failure: Option<(usize, Failure)>,
    /// From the hash of a table and a key to the first child that has it; of big tables only, and their first [`FEW`] left out.
    index: HashMap<u64, NodeId, BuildHasherDefault<Hashed>>,
    hasher: RandomState,
    /// The table of the last header.
    section: NodeId,
    /// Keys of the header or pair that is being read.
    keys: Vec<Span>,
    /// Arrays and inline tables that are open.
    open: Vec<NodeId>,
    /// What the next value is the value of.
    slot: Option<NodeId>,
    header: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: Source<'a>) -> Self {
        let root = Node {
            kind: ON_THE_WAY,
            depth: 0,
            parent: NodeId::NONE,
            first: NodeId::NONE,
            last: NodeId::NONE,
            next: NodeId::NONE,
            key: (0, 0),
            pair: 0,
            span: (0, 0),
        };
        Self {
            source,
            nodes: vec![root],
            statements: Vec::new(),
            failure: None,
            index: HashMap::default(),
            hasher: RandomState::new(),
            section: NodeId::ROOT,
            keys: Vec::new(),
            open: Vec::new(),
            slot: None,
            header: 0,
        }
    }

    fn node(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    fn kind(&self, id: NodeId) -> Kind {
        self.nodes[id.0 as usize].kind
    }

    fn fail(&mut self, at: usize, failure: Failure) {
        self.failure.get_or_insert((at, failure));
    }

    fn written(&self, span: Span) -> &'a str {
        self.source
            .input()
            .get(span.start()..span.end())
            .unwrap_or_default()
    }

    fn duplicate(&mut self, key: Span) {
        let name = key_text(self.written(key)).into_owned();
        self.fail(key.start(), Failure::Duplicate(name));
    }

    /// The child of this name; if there is none, the hash that one would be found by.
    fn child(&self, table: NodeId, key: &str) -> Result<NodeId, Option<u64>> {
        let mut id = self.nodes[table.0 as usize].first;
        for _ in 0..FEW {
            if id == NodeId::NONE {
                return Err(None);
            }
            if self.is_called(id, key) {
                return Ok(id);
            }
            id = self.nodes[id.0 as usize].next;
        }
        let hash = self.hasher.hash_one((table.0, key));
        let Some(found) = self.index.get(&hash).copied() else {
            return Err(Some(hash));
        };
        if self.nodes[found.0 as usize].parent == table && self.is_called(found, key) {
            return Ok(found);
        }
        // Two that share a hash.
        while id != NodeId::NONE {
            if self.is_called(id, key) {
                return Ok(id);
            }
            id = self.nodes[id.0 as usize].next;
        }
        Err(Some(hash))
    }

    fn is_called(&self, id: NodeId, key: &str) -> bool {
        let (start, end) = self.nodes[id.0 as usize].key;
        let written = self.source.input().get(start as usize..end as usize);
        written.is_some_and(|written| key_text(written) == key)
    }

    /// A new child. `hash` is what [`Self::child`] gave.
    fn add(&mut self, parent: NodeId, kind: Kind, key: Span, hash: Option<u64>) -> NodeId {
        let id = NodeId(small(self.nodes.len()));
        let depth = self.nodes[parent.0 as usize].depth.saturating_add(1);
        if usize::from(depth) > MAX_DEPTH && kind != Kind::Scalar {
            self.fail(key.start(), Failure::TooDeep);
        }
        self.nodes.push(Node {
            kind,
            depth,
            parent,
            first: NodeId::NONE,
            last: NodeId::NONE,
            next: NodeId::NONE,
            key: (small(key.start()), small(key.end())),
            pair: small(key.start()),
            span: (small(key.start()), small(key.end())),
        });
        let before = std::mem::replace(&mut self.node(parent).last, id);
        if before == NodeId::NONE {
            self.node(parent).first = id;
        } else {
            self.node(before).next = id;
        }
        if let Some(hash) = hash {
            self.index.entry(hash).or_insert(id);
        }
        id
    }

    /// Goes a key down from a table, by a header or by a dotted key; `None`: it leads nowhere, and that is noted.
    fn descend(&mut self, table: NodeId, key: Span, by_dots: bool) -> Option<NodeId> {
        let name = key_text(self.written(key));
        let child = match self.child(table, &name) {
            Ok(child) => child,
            Err(hash) => {
                let kind = Kind::Table {
                    headed: false,
                    dotted: by_dots,
                };
                let child = self.add(table, kind, key, hash);
                return self.failure.is_none().then_some(child);
            }
        };
        match self.kind(child) {
            Kind::Table { headed: true, .. } if by_dots => self.duplicate(key),
            Kind::Table { .. } => {
                if let Kind::Table { dotted, .. } = &mut self.node(child).kind {
                    *dotted |= by_dots;
                }
                return Some(child);
            }
            Kind::Tables if !by_dots => return Some(self.node(child).last),
            other => {
                let found = match other {
                    Kind::Tables => "an array of tables",
                    Kind::Array => "an array",
                    Kind::Inline => "an inline table, which ends at its brace",
                    _ => "a value",
                };
                self.fail(
                    key.start(),
                    Failure::Wrong(format!(
                        "{name:?} cannot be extended, because it is {found}"
                    )),
                );
            }
        }
        None
    }

    fn end_header(&mut self, end: usize, array: bool) {
        let keys = std::mem::take(&mut self.keys);
        if self.failure.is_some() {
            return;
        }
        let Some((last, path)) = keys.split_last() else {
            return;
        };
        let mut table = NodeId::ROOT;
        for key in path {
            match self.descend(table, *key, false) {
                Some(child) => table = child,
                None => return,
            }
        }
        let name = key_text(self.written(*last));
        let headed = Kind::Table {
            headed: true,
            dotted: false,
        };
        let opened = match (self.child(table, &name), array) {
            (Err(hash), false) => self.add(table, headed, *last, hash),
            (Err(hash), true) => {
                let tables = self.add(table, Kind::Tables, *last, hash);
                self.node(tables).span = (small(self.header), small(end));
                self.add(tables, headed, *last, None)
            }
            (Ok(tables), true) if self.kind(tables) == Kind::Tables => {
                self.add(tables, headed, *last, None)
            }
            (Ok(table), false) if self.kind(table) == ON_THE_WAY => {
                self.node(table).kind = headed;
                table
            }
            _ => return self.duplicate(*last),
        };
        let span = (small(self.header), small(end));
        let node = self.node(opened);
        node.span = span;
        node.key = (small(last.start()), small(last.end()));
        self.section = opened;
        self.statements.push(opened);
        self.keys = keys;
        self.keys.clear();
    }

    fn end_key(&mut self) {
        let keys = std::mem::take(&mut self.keys);
        self.slot = None;
        if self.failure.is_some() {
            return;
        }
        let Some((last, path)) = keys.split_last() else {
            return;
        };
        let mut table = self.open.last().copied().unwrap_or(self.section);
        for key in path {
            match self.descend(table, *key, true) {
                Some(child) => table = child,
                None => return,
            }
        }
        let name = key_text(self.written(*last));
        let Err(hash) = self.child(table, &name) else {
            return self.duplicate(*last);
        };
        let id = self.add(table, Kind::Scalar, *last, hash);
        let first = path.first().unwrap_or(last).start();
        self.node(id).pair = small(first);
        if self.open.is_empty() {
            self.statements.push(id);
        }
        self.slot = Some(id);
        self.keys = keys;
        self.keys.clear();
    }

    fn open(&mut self, span: Span, kind: Kind) -> bool {
        if self.failure.is_some() {
            return false;
        }
        let id = match (self.slot.take(), self.open.last()) {
            (Some(id), _) => {
                if usize::from(self.node(id).depth) > MAX_DEPTH {
                    self.fail(span.start(), Failure::TooDeep);
                }
                id
            }
            (None, Some(array)) => {
                let array = *array;
                let nothing = Span::new_unchecked(span.start(), span.start());
                self.add(array, kind, nothing, None)
            }
            // The parser has said what is wrong.
            (None, None) => return false,
        };
        let node = self.node(id);
        node.kind = kind;
        node.span = (small(span.start()), small(span.end()));
        self.open.push(id);
        self.failure.is_none()
    }

    fn close(&mut self, span: Span) {
        if self.failure.is_some() {
            return;
        }
        if let Some(id) = self.open.pop() {
            self.node(id).span.1 = small(span.end());
        }
    }
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.header = span.start();
        self.keys.clear();
    }

    fn std_table_close(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.end_header(span.end(), false);
    }

    fn array_table_open(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.header = span.start();
        self.keys.clear();
    }

    fn array_table_close(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.end_header(span.end(), true);
    }

    fn inline_table_open(&mut self, span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open(span, Kind::Inline)
    }

    fn inline_table_close(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.close(span);
    }

    fn array_open(&mut self, span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open(span, Kind::Array)
    }

    fn array_close(&mut self, span: Span, _error: &mut dyn ErrorSink) {
        self.close(span);
    }

    fn simple_key(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        Raw::new_unchecked(self.written(span), kind, span).decode_key(&mut (), error);
        self.keys.push(span);
    }

    fn key_val_sep(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.end_key();
    }

    fn scalar(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let raw = Raw::new_unchecked(self.written(span), kind, span);
        if kind.is_some() {
            let _: ScalarKind = raw.decode_scalar(&mut (), error);
        } else {
            let mut text = std::borrow::Cow::Borrowed("");
            let wrong = match raw.decode_scalar(&mut text, error) {
                ScalarKind::DateTime => text
                    .parse::<toml::value::Datetime>()
                    .is_err()
                    .then_some("invalid date or time"),
                ScalarKind::Float => text
                    .parse::<f64>()
                    .is_err()
                    .then_some("invalid floating-point number"),
                _ => None,
            };
            if let Some(wrong) = wrong {
                error.report_error(ParseError::new(wrong).with_unexpected(span));
            }
        }
        if let Some(id) = self.slot.take() {
            self.node(id).span = (small(span.start()), small(span.end()));
        }
    }
}

/// A position, of which none is past 4 GiB.
fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
