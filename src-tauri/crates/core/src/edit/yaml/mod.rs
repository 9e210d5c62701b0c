//! YAML.
//!
//! The file is parsed into events with the bytes they come from (`granit-parser`: it alone tells byte offsets, styles and anchors),
//! and our lines are spliced in between. Nothing is written out again from a tree: `serde_norway`, `serde_yaml_ng`, `yaml-rust2` and
//! `saphyr` drop comments and layout, and `saphyr-parser` counts in characters and does not tell braces from lines. `yaml-edit` 0.3
//! edits a lossless tree, but takes texts no other parser takes (` b: 2` below `a: 1`); `yamlpatch` patches by the tree of
//! tree-sitter, which needs a C compiler and mends errors where we must refuse. Both lay out what is put in by rules of their own,
//! and neither knows what stood there before when something is taken out. Looked at 2026-11.
//!
//! Where things go:
//! - an entry goes behind the last one and behind the comments below it that are indented like it; comments further out belong to
//!   what follows them;
//! - a blank line goes with it where its neighbours are set apart by blank lines;
//! - an empty mapping (`{}`), `~` or nothing at all becomes lines, and on removal what it was, if the receipt tells; without one `{}`;
//! - in braces it stays in braces.
//!
//! Every result is parsed again and compared with what was there: where anything but our entry would differ, the edit is refused.
//! A file of several documents is refused; the clients' own parsers refuse it too.

mod check;
mod document;
mod flow;
mod insert;
mod lines;
mod places;
mod quote;
mod remove;
mod render;
mod replace;
mod style;
mod tokens;
mod value;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::text::is_blank;
use super::{EditError, Edited, Receipt, Removed, Servers};
use document::{Document, Way};
use render::Inline;
use style::Style;
pub(super) use tokens::tokens;

/// What is put into a collection.
#[derive(Clone, Copy, Debug)]
enum Piece<'v> {
    Member(&'v str, &'v Value),
    Item(&'v Value),
}

impl Piece<'_> {
    fn lines(&self, out: &mut String, column: usize, style: &Style, inline: Option<&Inline>) {
        match self {
            Self::Member(key, value) => render::member(out, key, value, column, style, inline),
            Self::Item(value) => render::item(out, value, column, style, inline),
        }
    }

    fn flow(&self, out: &mut String, style: &Style, inline: &Inline) {
        match self {
            Self::Member(key, value) => render::flow_member(out, key, value, style, inline),
            Self::Item(value) => render::flow(out, value, style, inline),
        }
    }
}

pub(super) fn set(
    text: Option<&str>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    let entry = &*named(servers, name, entry);
    let Some(text) = text.filter(|text| !is_blank(text)) else {
        let new = insert::new_document(text, servers, name, entry);
        return Ok(Edited {
            after: new.after.into_bytes(),
            receipt: new.receipt,
            replaced: None,
        });
    };
    let document = Document::parse_places(text)?;
    let way = document.way(servers, name)?;
    let (after, receipt, replaced) = match entry_node(&document, servers, &way) {
        Some(node) => {
            let old = document.value(node)?;
            if old == *entry {
                return Ok(Edited {
                    after: text.as_bytes().to_vec(),
                    receipt: Receipt::default(),
                    replaced: Some(old),
                });
            }
            let levels = document.levels(&way);
            let index = way.members[servers.at.len()];
            let after = replace::replace(&document, &levels, index, entry);
            (after, Receipt::default(), Some(old))
        }
        None => {
            let new = insert::add(&document, servers, &way, name, entry)?;
            (new.after, new.receipt, None)
        }
    };
    if !is_set(&document, &way, &after, servers, name, entry) {
        return Err(refusal(&document, &way));
    }
    Ok(Edited {
        after: after.into_bytes(),
        receipt,
        replaced,
    })
}

pub(super) fn remove(
    text: &str,
    servers: &Servers,
    name: &str,
    receipt: Option<&Receipt>,
) -> Result<Option<Removed>, EditError> {
    let document = Document::parse_places(text)?;
    let way = document.way(servers, name)?;
    if entry_node(&document, servers, &way).is_none() {
        return Ok(None);
    }
    let removal = remove::remove(&document, &way, receipt);
    if let Some(after) = &removal.removed.after
        && !is_removed(&document, &way, after, removal.depth)
    {
        return Err(refusal(&document, &way));
    }
    Ok(Some(removal.removed))
}

pub(super) fn read(text: &str, servers: &Servers, name: &str) -> Result<Option<Value>, EditError> {
    let document = Document::parse(text)?;
    let way = document.way(servers, name)?;
    entry_node(&document, servers, &way)
        .map(|node| document.value(node))
        .transpose()
}

pub(super) fn names(text: &str, servers: &Servers) -> Result<Option<Vec<String>>, EditError> {
    let document = Document::parse(text)?;
    let way = document.way(servers, "")?;
    let Some(container) = way.containers.get(servers.at.len()).copied() else {
        return Ok(None);
    };
    let names: Vec<Option<&str>> = match &servers.named_by {
        None => document
            .pairs(container)
            .map(|(key, _)| document.text(key).filter(|name| *name != "<<"))
            .collect(),
        Some(named_by) => document
            .children(container)
            .map(|item| document.item_name(item, named_by))
            .collect(),
    };
    Ok(Some(
        names.into_iter().flatten().map(str::to_owned).collect(),
    ))
}

/// The entry with its name in it, where it stands in a list.
fn named<'v>(servers: &Servers, name: &str, entry: &'v Value) -> Cow<'v, Value> {
    match (&servers.named_by, entry) {
        (Some(named_by), Value::Object(map))
            if map.get(named_by).and_then(Value::as_str) != Some(name) =>
        {
            let mut with_name = Map::from_iter([(named_by.clone(), Value::from(name))]);
            let others = map.iter().filter(|(key, _)| *key != named_by);
            with_name.extend(others.map(|(key, value)| (key.clone(), value.clone())));
            Cow::Owned(Value::Object(with_name))
        }
        _ => Cow::Borrowed(entry),
    }
}

/// The entry's value, if the whole way is there.
fn entry_node(document: &Document<'_>, servers: &Servers, way: &Way) -> Option<usize> {
    let depth = servers.at.len();
    let container = way.containers.get(depth)?;
    let index = *way.members.get(depth)?;
    match servers.named_by {
        None => document
            .pairs(*container)
            .nth(index)
            .map(|(_, value)| value),
        Some(_) => document.children(*container).nth(index),
    }
}

/// Whether a text is the document with this entry set, and nothing else.
fn is_set(
    document: &Document<'_>,
    way: &Way,
    after: &str,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> bool {
    let Ok(new) = Document::parse(after) else {
        return false;
    };
    let Ok(new_way) = new.way(servers, name) else {
        return false;
    };
    let Some(node) = entry_node(&new, servers, &new_way) else {
        return false;
    };
    if !new.value(node).is_ok_and(|value| value == *entry) {
        return false;
    }
    if let Some(old) = entry_node(document, servers, way) {
        let (old, new_nodes) = (
            old..document.nodes[old].next(),
            node..new.nodes[node].next(),
        );
        return way.members == new_way.members && check::same_but(document, old, &new, new_nodes);
    }
    let depth = way.containers.len();
    // What was made must hold nothing but the entry.
    let made = new_way.containers.get(depth..).unwrap_or_default();
    if made.iter().any(|made| new.parts_count(*made) != 1) {
        return false;
    }
    let Some(innermost) = way.containers.last().copied() else {
        return new_way.containers.first() == Some(&0)
            && new.parts_count(0) == 1
            && check::same_but(document, 0..0, &new, 0..new.nodes.len());
    };
    let new_innermost = new_way.containers[depth - 1];
    if document.parts_count(innermost) == 0 {
        let old = innermost..document.nodes[innermost].next();
        let nodes = new_innermost..new.nodes[new_innermost].next();
        new.parts_count(new_innermost) == 1 && check::same_but_inside(document, old, &new, nodes)
    } else {
        let Some(nodes) = new.part_nodes(new_innermost, new_way.members[depth - 1]) else {
            return false;
        };
        check::same_but(document, nodes.start..nodes.start, &new, nodes)
    }
}

/// Whether a text is the document with a part taken out of the collection at this depth, and nothing else.
fn is_removed(document: &Document<'_>, way: &Way, after: &[u8], depth: usize) -> bool {
    let Some(new) = std::str::from_utf8(after)
        .ok()
        .and_then(|after| Document::parse(after).ok())
    else {
        return false;
    };
    let container = way.containers[depth];
    if document.parts_count(container) > 1 {
        return document
            .part_nodes(container, way.members[depth])
            .is_some_and(|nodes| {
                let start = nodes.start;
                check::same_but(document, nodes, &new, start..start)
            });
    }
    let nodes = container..document.nodes[container].next();
    let gone = new.nodes.is_empty() && container == 0;
    let emptied = new.nodes.get(container).is_some_and(|left| {
        new.parts_count(container) == 0
            && (left.is_null() || !matches!(left.kind, document::Kind::Scalar(_)))
    });
    (gone && check::same_but(document, nodes.clone(), &new, 0..0))
        || (emptied && check::same_but_inside(document, nodes, &new, container..container + 1))
}

/// What is said where an edit would change more than our entry.
fn refusal(document: &Document<'_>, way: &Way) -> EditError {
    let at = way
        .containers
        .last()
        .map_or(0, |node| document.nodes[*node].start());
    document.unsupported(at, insert::CANNOT)
}

impl Document<'_> {
    /// How many members or items a collection has; none for anything else.
    fn parts_count(&self, node: usize) -> usize {
        match self.nodes[node].kind {
            document::Kind::Mapping(_) => self.pairs(node).count(),
            _ => self.children(node).count(),
        }
    }

    /// The nodes of a member or an item.
    fn part_nodes(&self, node: usize, index: usize) -> Option<std::ops::Range<usize>> {
        match self.nodes[node].kind {
            document::Kind::Mapping(_) => self
                .pairs(node)
                .nth(index)
                .map(|(key, value)| key..self.nodes[value].next()),
            _ => self
                .children(node)
                .nth(index)
                .map(|item| item..self.nodes[item].next()),
        }
    }
}
