use std::borrow::Cow;

use granit_parser::{
    ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag, options,
};

use super::places::skip;
use crate::edit::text::{BOM, place_after};
use crate::edit::{EditError, MAX_DEPTH, Place, Servers};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(ScalarStyle),
    /// Another name for the node with this index.
    Alias(u32),
    List(StructureStyle),
    Mapping(StructureStyle),
}

/// How a node's last line ends, as far as what is put behind it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    Other,
    /// The last line of a text in lines (`|` or `>`), whose line end is part of it.
    Text,
    /// The same, with all empty lines behind it (`|+`).
    Kept,
}

/// A node as the parser tells it. Nodes stand in the order of the text, children behind their parents.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind,
    /// How many collections it stands in.
    pub(super) depth: u16,
    pub(super) anchored: bool,
    /// A mapping of one pair in a list in brackets, without braces of its own.
    pub(super) bare: bool,
    pub(super) tail: Tail,
    /// A scalar's value, quotes and escapes resolved.
    pub(super) text: Cow<'a, str>,
    pub(super) tag: Option<Box<Tag>>,
    pub(super) start: u32,
    pub(super) end: u32,
    /// From the anchor or tag to their end; nothing where there is none.
    props: (u32, u32),
    next: u32,
}

impl Node<'_> {
    /// Where it starts, anchor and tag apart. A list in lines starts at its first dash or behind it.
    pub(super) const fn start(&self) -> usize {
        self.start as usize
    }

    /// Where it ends. Before [`Document::settle`] that is known of what is written on one line only.
    pub(super) const fn end(&self) -> usize {
        self.end as usize
    }

    /// Where its anchor and tag end.
    pub(super) fn props_end(&self) -> Option<usize> {
        (self.props.1 > 0).then_some(self.props.1 as usize)
    }

    /// Index of the node behind it and all its children.
    pub(super) const fn next(&self) -> usize {
        self.next as usize
    }

    /// Whether it is written in braces or brackets.
    pub(super) const fn is_flow(&self) -> bool {
        matches!(
            self.kind,
            Kind::List(StructureStyle::Flow) | Kind::Mapping(StructureStyle::Flow)
        )
    }

    /// Whether it is a collection of lines.
    pub(super) const fn is_block(&self) -> bool {
        matches!(
            self.kind,
            Kind::List(StructureStyle::Block) | Kind::Mapping(StructureStyle::Block)
        )
    }

    /// Whether it is a text in lines (`|` or `>`).
    pub(super) const fn is_block_text(&self) -> bool {
        matches!(
            self.kind,
            Kind::Scalar(ScalarStyle::Literal | ScalarStyle::Folded)
        )
    }

    /// Whether nothing is written at all.
    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self.kind, Kind::Scalar(ScalarStyle::Plain)) && self.start == self.end
    }

    /// Whether it is null, written out or not.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Scalar(ScalarStyle::Plain))
            && self.tag.is_none()
            && (self.is_nothing() || matches!(&*self.text, "~" | "null" | "Null" | "NULL"))
    }
}

/// A parsed stream of at most one document. Positions count from behind the byte order mark.
pub(super) struct Document<'a> {
    /// Without byte order mark.
    pub(super) body: &'a str,
    /// The byte order mark, or nothing.
    pub(super) bom: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    /// Behind the `---`, where there is one; otherwise 0.
    pub(super) base: usize,
}

/// The collections that are there on the way to an entry, and which member of each leads on.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// Node indices, the root first. Only the last may be null. None: the file holds no document.
    pub(super) containers: Vec<usize>,
    /// One shorter than `containers`, or as long where the entry is there.
    pub(super) members: Vec<usize>,
}

impl<'a> Document<'a> {
    /// Parses a text.
    pub(super) fn parse(text: &'a str) -> Result<Self, EditError> {
        let body = text.strip_prefix(BOM).unwrap_or(text);
        let bom = text.strip_suffix(body).unwrap_or_default();
        if u32::try_from(body.len()).is_err() {
            return Err(EditError::Unsupported {
                place: place_after(""),
                reason: "the file is larger than 4 GiB".to_owned(),
            });
        }
        // Behind one, an entry could be put in that cannot be taken out again.
        if let Some((before, _)) = body.split_once(BOM) {
            return Err(EditError::Unsupported {
                place: place_after(before),
                reason: "a byte order mark (U+FEFF) stands here; take it out".to_owned(),
            });
        }
        let mut builder = Builder::new(body);
        let limits = options! {
            emit_anchor_events: true,
            emit_comments: false,
            block_nesting_limit: MAX_DEPTH + 1,
            flow_nesting_limit: MAX_DEPTH + 1,
        };
        for next in Parser::new_from_str_with_options(body, limits) {
            let (event, span) = next.map_err(|error| refused(body, &error))?;
            builder.take(event, &span)?;
        }
        Ok(Self {
            body,
            bom,
            nodes: builder.nodes,
            base: builder.base,
        })
    }

    /// The nodes right inside a collection.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[node].next();
        let inside = !matches!(self.nodes[node].kind, Kind::Scalar(_) | Kind::Alias(_));
        std::iter::successors(Some(node + 1).filter(|first| inside && *first < end), {
            move |child| Some(self.nodes[*child].next()).filter(|next| *next < end)
        })
    }

    /// A mapping's keys and values.
    pub(super) fn pairs(&self, node: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut children = self.children(node);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// What an alias stands for.
    pub(super) fn resolved(&self, node: usize) -> usize {
        match self.nodes[node].kind {
            Kind::Alias(target) => target as usize,
            _ => node,
        }
    }

    /// A scalar's text.
    pub(super) fn text(&self, node: usize) -> Option<&str> {
        let node = &self.nodes[self.resolved(node)];
        matches!(node.kind, Kind::Scalar(_)).then_some(&*node.text)
    }

    /// Walks to the entry as far as the document goes.
    pub(super) fn way(&self, servers: &Servers, name: &str) -> Result<Way, EditError> {
        let mut way = Way::default();
        if self.nodes.is_empty() {
            return Ok(way);
        }
        let mut node = 0;
        let mut what = None;
        for key in &servers.at {
            self.expect(node, false, what)?;
            way.containers.push(node);
            let Some((index, value)) = self.only(node, key)? else {
                return Ok(way);
            };
            way.members.push(index);
            node = value;
            what = Some(key);
        }
        self.expect(node, servers.named_by.is_some(), what)?;
        way.containers.push(node);
        let entry = match &servers.named_by {
            None => self.only(node, name)?.map(|(index, _)| index),
            Some(named_by) => self.only_item(node, named_by, name)?,
        };
        way.members.extend(entry);
        Ok(way)
    }

    /// The name an item of a list tells.
    pub(super) fn item_name(&self, item: usize, named_by: &str) -> Option<&str> {
        let item = self.resolved(item);
        if !matches!(self.nodes[item].kind, Kind::Mapping(_)) {
            return None;
        }
        self.pairs(item)
            .find(|(key, _)| self.text(*key) == Some(named_by))
            .and_then(|(_, value)| self.text(value))
    }

    /// A collection of the right type, or null in its place.
    fn expect(&self, node: usize, list: bool, key: Option<&String>) -> Result<(), EditError> {
        let it = &self.nodes[node];
        let found = match it.kind {
            Kind::Mapping(_) if !list => return Ok(()),
            Kind::List(_) if list => return Ok(()),
            Kind::Scalar(_) if it.is_null() => return Ok(()),
            Kind::Alias(_) => {
                return Err(self.unsupported(
                    it.start(),
                    "an alias stands here; write out what it stands for",
                ));
            }
            _ => super::value::type_of(it),
        };
        Err(EditError::WrongType {
            place: self.place(it.start()),
            what: key.map_or_else(|| "the document".to_owned(), |key| format!("{key:?}")),
            found,
            wanted: if list { "a list" } else { "a mapping" },
        })
    }

    /// The one member of this name: which it is, and its value.
    fn only(&self, node: usize, name: &str) -> Result<Option<(usize, usize)>, EditError> {
        let mut found = self
            .pairs(node)
            .enumerate()
            .filter(|(_, (key, _))| self.text(*key) == Some(name));
        let first = found.next().map(|(index, (_, value))| (index, value));
        match found.next() {
            Some((_, (key, _))) => Err(self.twice(key, name)),
            None => Ok(first),
        }
    }

    /// The one item that tells this name.
    fn only_item(
        &self,
        node: usize,
        named_by: &str,
        name: &str,
    ) -> Result<Option<usize>, EditError> {
        let mut found = self
            .children(node)
            .enumerate()
            .filter(|(_, item)| self.item_name(*item, named_by) == Some(name));
        let first = found.next().map(|(index, _)| index);
        match found.next() {
            Some((_, item)) => Err(self.twice(item, name)),
            None => Ok(first),
        }
    }

    fn twice(&self, node: usize, name: &str) -> EditError {
        EditError::DuplicateKey {
            place: self.place(self.nodes[node].start()),
            key: name.to_owned(),
        }
    }

    /// The nodes of a text with all their places.
    pub(super) fn parse_places(text: &'a str) -> Result<Self, EditError> {
        let mut document = Self::parse(text)?;
        document.settle();
        Ok(document)
    }

    /// The bytes of a range.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.body.get(start..end).unwrap_or_default()
    }

    pub(super) fn place(&self, at: usize) -> Place {
        place_after(self.body.get(..at).unwrap_or(self.body))
    }

    pub(super) fn unsupported(&self, at: usize, reason: &str) -> EditError {
        EditError::Unsupported {
            place: self.place(at),
            reason: reason.to_owned(),
        }
    }
}

/// Behind the marks before a document that begins without one of its own: `...` may end what was not there.
fn behind_ends(body: &str) -> usize {
    let mut behind = 0;
    loop {
        let at = skip(body, behind, false);
        let is_end = body.get(at..).and_then(|rest| rest.strip_prefix("..."));
        match is_end {
            Some(rest) if rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']) => {
                behind = at + 3
            }
            _ => return behind,
        }
    }
}

/// Turns events into nodes.
struct Builder<'a> {
    body: &'a str,
    nodes: Vec<Node<'a>>,
    /// The collections that are not closed yet.
    open: Vec<usize>,
    /// Anchored nodes, by the parser's number.
    anchors: Vec<u32>,
    documents: usize,
    base: usize,
}

impl<'a> Builder<'a> {
    const fn new(body: &'a str) -> Self {
        Self {
            body,
            nodes: Vec::new(),
            open: Vec::new(),
            anchors: Vec::new(),
            documents: 0,
            base: 0,
        }
    }

    fn take(&mut self, event: Event<'a>, span: &Span) -> Result<(), EditError> {
        let range = span.byte_range().expect("a text's spans know their bytes");
        let (kind, text, anchor, tag) = match event {
            Event::DocumentStart(explicit, _) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(EditError::Unsupported {
                        place: self.place(range.start),
                        reason: "a second document begins here; a settings file has only one"
                            .to_owned(),
                    });
                }
                self.base = if explicit {
                    range.end
                } else {
                    behind_ends(self.body)
                };
                return Ok(());
            }
            Event::Anchor(..) => {
                if let Some(node) = self.nodes.last_mut() {
                    node.with_props(&range);
                }
                return Ok(());
            }
            Event::MappingEnd | Event::SequenceEnd => {
                let next = short(self.nodes.len());
                if let Some(node) = self.open.pop().and_then(|node| self.nodes.get_mut(node)) {
                    node.next = next;
                    node.end = short(range.end);
                }
                return Ok(());
            }
            Event::Scalar(text, style, anchor, tag) => (Kind::Scalar(style), text, anchor, tag),
            Event::Alias(id) => {
                let target = self.anchors.get(id).copied().unwrap_or_default();
                (Kind::Alias(target), Cow::Borrowed(""), 0, None)
            }
            Event::SequenceStart(style, anchor, tag) => {
                (Kind::List(style), Cow::Borrowed(""), anchor, tag)
            }
            Event::MappingStart(style, anchor, tag) => {
                (Kind::Mapping(style), Cow::Borrowed(""), anchor, tag)
            }
            _ => return Ok(()),
        };
        let index = self.nodes.len();
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, 0);
            }
            self.anchors[anchor] = short(index);
        }
        let mut node = Node {
            kind,
            depth: u16::try_from(self.open.len()).unwrap_or(u16::MAX),
            anchored: anchor > 0,
            bare: range.is_empty(),
            tail: Tail::Other,
            text,
            tag: tag.map(|tag| Box::new(tag.into_owned())),
            start: short(range.start),
            end: short(range.end),
            props: (0, 0),
            next: short(index + 1),
        };
        if let Some(range) = span.tag_span().and_then(|span| span.byte_range()) {
            node.with_props(&range);
        }
        self.nodes.push(node);
        if matches!(kind, Kind::List(_) | Kind::Mapping(_)) {
            self.open.push(index);
            if self.open.len() > MAX_DEPTH {
                return Err(EditError::TooDeep {
                    place: self.place(range.start),
                });
            }
        }
        Ok(())
    }

    fn place(&self, at: usize) -> Place {
        place_after(self.body.get(..at).unwrap_or(self.body))
    }
}

impl Node<'_> {
    fn with_props(&mut self, range: &std::ops::Range<usize>) {
        let (start, end) = (short(range.start), short(range.end));
        self.props = match self.props {
            (_, 0) => (start, end),
            (first, last) => (first.min(start), last.max(end)),
        };
    }
}

/// A position in a text whose length has been checked.
pub(super) fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn refused(body: &str, error: &ScanError) -> EditError {
    let at = error.marker().byte_offset().unwrap_or(body.len());
    let place = place_after(body.get(..at).unwrap_or(body));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => EditError::TooDeep { place },
        kind => EditError::Syntax {
            place,
            reason: kind.to_string().trim_end_matches('.').to_owned(),
        },
    }
}
