use serde_json::{Map, Value};

use super::document::{Document, Kind, NodeId};
use super::render::{self, Style};
use super::{insert, remove};
use crate::edit::splice::Splices;
use crate::edit::{EditError, Servers};

/// Gives an entry another value, in the form it has; gives the new text. Members that stay as they are keep
/// their bytes.
pub(super) fn replace(
    document: &Document<'_>,
    servers: &Servers,
    id: NodeId,
    name: &str,
    entry: &Map<String, Value>,
) -> Result<String, EditError> {
    let node = document.node(id);
    match node.kind {
        Kind::Scalar | Kind::Array | Kind::Inline => {
            let style = inline_style(document, id);
            let mut text = String::new();
            render::value(&mut text, &Value::Object(entry.clone()), &style);
            let mut splices = Splices::default();
            splices.replace(node.start()..node.end(), text);
            Ok(document.with(splices))
        }
        Kind::Table { headed: true, .. } => {
            let mut splices = Splices::default();
            under_header(document, id, entry, &mut splices)?;
            Ok(document.with(splices))
        }
        Kind::Table { .. } | Kind::Tables => {
            if let Some(text) = by_dots(document, servers, id, name, entry) {
                return Ok(text);
            }
            anew(document, servers, name, entry)
        }
    }
}

/// Takes the entry out and adds it again.
fn anew(
    document: &Document<'_>,
    servers: &Servers,
    name: &str,
    entry: &Map<String, Value>,
) -> Result<String, EditError> {
    let removed = remove::remove(document.text, servers, name, None)?;
    let bytes = removed
        .and_then(|removed| removed.after)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let document = Document::parse(&text)?;
    let way = document.way(servers, name)?;
    let (splices, _) = insert::add(&document, servers, &way, name, entry);
    Ok(document.with(splices))
}

/// The style of an inline table, or of what stands around a value.
fn inline_style(document: &Document<'_>, id: NodeId) -> Style {
    let node = document.node(id);
    let mut style = document.style(node.parent, node.start());
    if node.kind == Kind::Inline
        && let Some(pair) = document.children(id).last()
    {
        if let Some(equals) = document.equals(pair) {
            equals.clone_into(&mut style.equals);
        }
        let inside = document.slice(node.start() + 1, node.end());
        let spaced = inside.starts_with([' ', '\t', '\r', '\n']);
        style.pad = if spaced { " " } else { "" };
    }
    style
}

/// Where a statement stands among the others.
fn statement_of(document: &Document<'_>, id: NodeId) -> Option<usize> {
    document.statements.iter().position(|other| *other == id)
}

/// Changes the members of a table that has a header.
fn under_header(
    document: &Document<'_>,
    table: NodeId,
    map: &Map<String, Value>,
    splices: &mut Splices,
) -> Result<(), EditError> {
    let Some(header) = statement_of(document, table) else {
        return Ok(());
    };
    let style = document.style(table, document.statement_end(header));
    let mut kept = Vec::new();
    for child in document.children(table) {
        let key = document.key(child);
        let node = document.node(child);
        match (map.get(key.as_ref()), node.kind) {
            (Some(new), _) if document.value(child)? == *new => {}
            (Some(new), Kind::Scalar | Kind::Array | Kind::Inline) => {
                let mut text = String::new();
                render::value(&mut text, new, &inline_style(document, child));
                splices.replace(node.start()..node.end(), text);
            }
            (Some(Value::Object(new)), Kind::Table { headed: true, .. }) => {
                under_header(document, child, new, splices)?;
            }
            _ => {
                remove::cut(document, child, None, splices);
                continue;
            }
        }
        kept.push(child);
    }
    let new: Map<String, Value> = map
        .iter()
        .filter(|(key, _)| {
            !kept
                .iter()
                .any(|child| document.key(*child) == key.as_str())
        })
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // Behind the last pair that stays under this header.
    let behind = (header + 1..document.statements.len())
        .take_while(|index| !document.statement_is_header(*index))
        .filter(|index| {
            let id = document.statements[*index];
            kept.iter().any(|child| document.is_in(id, *child))
        })
        .last()
        .unwrap_or(header);
    let indent = if behind == header {
        style.pair_indent.clone()
    } else {
        document.indent(document.statement_start(behind)).to_owned()
    };
    let mut text = String::new();
    render::pairs(&mut text, &[], &new, &indent, &style);
    splices.insert(document.line_end(document.statement_end(behind)), text);
    Ok(())
}

/// Writes an entry of dotted keys again, in the place of its first one; `None` where it is written in another way, too.
fn by_dots(
    document: &Document<'_>,
    servers: &Servers,
    id: NodeId,
    name: &str,
    entry: &Map<String, Value>,
) -> Option<String> {
    let all: Vec<usize> = (0..document.statements.len())
        .filter(|index| document.is_in(document.statements[*index], id))
        .collect();
    let (first, rest) = all.split_first()?;
    if all.iter().any(|index| document.statement_is_header(*index)) || servers.named_by.is_some() {
        return None;
    }
    let section = usize::from(document.node(document.section(*first)).depth);
    let mut path: Vec<&str> = servers
        .at
        .get(section..)?
        .iter()
        .map(String::as_str)
        .collect();
    path.push(name);
    let start = document.statement_start(*first);
    let style = document.style(document.node(id).parent, start);
    let mut text = String::new();
    if entry.is_empty() {
        render::pair(&mut text, &path, &Value::Object(Map::new()), &style);
    } else {
        let indent = document.indent(start);
        let mut lines = String::new();
        render::pairs(&mut lines, &path, entry, indent, &style);
        text.push_str(lines.strip_prefix(style.eol)?.strip_prefix(indent)?);
    }
    let mut splices = Splices::default();
    splices.replace(start..document.statement_end(*first), text);
    for index in rest {
        splices.cut(remove::lines(document, *index, *index));
    }
    Some(document.with(splices))
}
