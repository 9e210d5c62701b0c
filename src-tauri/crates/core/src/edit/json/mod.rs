//! JSON and JSONC.

mod document;
mod insert;
mod remove;
mod render;
mod style;

use serde_json::Value;

use super::text::is_blank;
use super::{EditError, Edited, Receipt, Removed, Servers, Syntax};
use document::Document;

pub(super) fn set(
    text: Option<&str>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    match text {
        Some(text) if !is_blank(text) => insert::set(
            &Document::parse(text, servers.syntax)?,
            &servers.at,
            name,
            entry,
        ),
        blank => Ok(insert::new_document(blank, &servers.at, name, entry)),
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
    let document = Document::parse(text, servers.syntax)?;
    remove::remove(&document, &servers.at, name, receipt)
}

pub(super) fn read(text: &str, servers: &Servers, name: &str) -> Result<Option<Value>, EditError> {
    if is_blank(text) {
        return Ok(None);
    }
    let document = Document::parse(text, servers.syntax)?;
    let way = document.way(&servers.at, name)?;
    way.entry(&servers.at)
        .map(|member| document.value(member))
        .transpose()
}

pub(super) fn names(text: &str, servers: &Servers) -> Result<Option<Vec<String>>, EditError> {
    if is_blank(text) {
        return Ok(None);
    }
    let document = Document::parse(text, servers.syntax)?;
    let way = document.way(&servers.at, "")?;
    Ok(way.objects.get(servers.at.len()).map(|object| {
        object
            .properties
            .iter()
            .map(|member| member.name.as_str().to_owned())
            .collect()
    }))
}

pub(super) fn has_comments(text: &str) -> bool {
    !is_blank(text)
        && Document::parse(text, Syntax::Jsonc).is_ok_and(|document| document.has_comments())
}
