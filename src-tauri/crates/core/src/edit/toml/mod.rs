//! TOML.
//!
//! An entry is written as its neighbours are: under a header of its own, as an inline table, or by dotted keys; a list of servers as
//! an array of tables or as an array of inline tables. Where nothing shows, it gets a header at the end of the file, a blank line
//! before it. A header goes behind the last line of its neighbours, wherever that is, and never between another header and the
//! comment above that.
//!
//! Our text is put before a line end that was there and begins with one of its own, so that taking it out leaves the line ends (or
//! the lack of one at the end of the file) as they were.

mod bracket;
mod builder;
mod document;
mod insert;
mod lines;
mod remove;
mod render;
mod replace;
mod style;
mod tokens;
mod value;
mod way;

use serde_json::{Map, Value};

use super::text::is_blank;
use super::{EditError, Edited, Place, Receipt, Removed, Servers};
use document::Document;
pub(super) use tokens::tokens;

pub(super) fn set(
    text: Option<&str>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    let entry = writable(servers, name, entry)?;
    let text = match text {
        Some(text) if !is_blank(text) => text,
        blank => return Ok(insert::new_document(blank, servers, name, &entry)),
    };
    let document = Document::parse(text)?;
    let way = document.way(servers, name)?;
    let (after, receipt, replaced) = match way.entry {
        None => {
            let (splices, receipt) = insert::add(&document, servers, &way, name, &entry);
            (document.with(splices), receipt, None)
        }
        Some(id) => {
            let old = document.value(id)?;
            if old.as_object() == Some(&entry) {
                return Ok(Edited {
                    after: text.as_bytes().to_vec(),
                    receipt: Receipt::default(),
                    replaced: Some(old),
                });
            }
            let after = replace::replace(&document, servers, id, name, &entry)?;
            (after, Receipt::default(), Some(old))
        }
    };
    let (innermost, _) = way.innermost();
    let (body, at) = (document.body, document.node(innermost).start());
    drop(document);
    // What may be defined where is intricate; a file that would say anything else than it should is never written.
    let fits = read(&after, servers, name)
        .is_ok_and(|read| read.as_ref().and_then(Value::as_object) == Some(&entry));
    if !fits {
        return Err(EditError::Unsupported {
            place: document::place_at(body, at),
            reason: format!(
                "{name:?} cannot be written here without touching what is not ours; add it by hand"
            ),
        });
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
    if is_blank(text) {
        return Ok(None);
    }
    remove::remove(text, servers, name, receipt)
}

pub(super) fn read(text: &str, servers: &Servers, name: &str) -> Result<Option<Value>, EditError> {
    if is_blank(text) {
        return Ok(None);
    }
    let document = Document::parse(text)?;
    let way = document.way(servers, name)?;
    way.entry.map(|entry| document.value(entry)).transpose()
}

pub(super) fn names(text: &str, servers: &Servers) -> Result<Option<Vec<String>>, EditError> {
    if is_blank(text) {
        return Ok(None);
    }
    let document = Document::parse(text)?;
    let nodes = document.nodes_on_way(servers)?;
    Ok(nodes
        .get(servers.at.len())
        .map(|container| document.names(*container, servers)))
}

/// An entry as TOML can say it: without nulls, and in a list with its name.
fn writable(servers: &Servers, name: &str, entry: &Value) -> Result<Map<String, Value>, EditError> {
    let unsupported = |reason: &str| EditError::Unsupported {
        place: Place { line: 1, column: 1 },
        reason: reason.to_owned(),
    };
    let mut map = Map::new();
    if let Some(named_by) = &servers.named_by {
        map.insert(named_by.clone(), name.into());
    }
    match without_nulls(entry) {
        Some(Value::Object(entry)) => map.extend(entry),
        _ => return Err(unsupported("an entry must be a table")),
    }
    if map.values().any(too_big) {
        return Err(unsupported("TOML has no number as big as one of the entry"));
    }
    Ok(map)
}

fn without_nulls(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(items) => Some(items.iter().filter_map(without_nulls).collect()),
        Value::Object(map) => Some(Value::Object(
            map.iter()
                .filter_map(|(key, value)| Some((key.clone(), without_nulls(value)?)))
                .collect(),
        )),
        other => Some(other.clone()),
    }
}

fn too_big(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_u64() && !number.is_i64(),
        Value::Array(items) => items.iter().any(too_big),
        Value::Object(map) => map.values().any(too_big),
        _ => false,
    }
}
