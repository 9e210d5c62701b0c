//! JSON and JSONC, in one pass over the text and with no tree of it: a scanner checks every byte, and an outline keeps of the few
//! containers on the way to the entry what an edit in them needs.

mod container;
mod document;
mod fault;
mod insert;
mod outline;
mod remove;
mod render;
mod scanner;
mod string;
mod style;
mod value;

use serde_json::Value;

use super::text::is_blank;
use super::{EditError, Edited, Receipt, Removed, Servers};
use document::Document;

pub(super) fn set(
    text: Option<&str>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    match text {
        Some(text) if !is_blank(text) => insert::set(
            &Document::read(text, servers, Some(name))?,
            servers,
            name,
            entry,
        ),
        blank => Ok(insert::new_document(blank, servers, name, entry)),
    }
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
    let document = Document::read(text, servers, Some(name))?;
    Ok(remove::remove(&document, receipt))
}

pub(super) fn read(text: &str, servers: &Servers, name: &str) -> Result<Option<Value>, EditError> {
    if is_blank(text) {
        return Ok(None);
    }
    let document = Document::read(text, servers, Some(name))?;
    document
        .entry()
        .map(|item| document.value(&item))
        .transpose()
}

pub(super) fn names(text: &str, servers: &Servers) -> Result<Option<Vec<String>>, EditError> {
    if is_blank(text) {
        return Ok(None);
    }
    Ok(Document::read(text, servers, None)?.names())
}

pub(super) fn has_comments(text: &str) -> bool {
    !is_blank(text) && document::has_comments(text)
}
