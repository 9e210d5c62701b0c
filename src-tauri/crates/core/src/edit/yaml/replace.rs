use serde_json::Value;

use super::document::{Document, Kind};
use super::places::{Level, line_end};
use super::render;
use super::style::Style;
use crate::edit::splice::Splices;
use crate::edit::text::has_break;

/// Writes another value in the place of an entry's. What stands inside the old value, comments too, goes; what stands between the
/// key and the value stays.
pub(super) fn replace(
    document: &Document<'_>,
    levels: &[Level],
    index: usize,
    entry: &Value,
) -> String {
    let mut splices = Splices::default();
    if let Some(level) = levels.last() {
        put(document, levels, level, index, entry, &mut splices);
    }
    format!("{}{}", document.bom, splices.apply(document.body))
}

fn put(
    document: &Document<'_>,
    levels: &[Level],
    level: &Level,
    index: usize,
    entry: &Value,
    splices: &mut Splices,
) {
    let part = level.parts[index];
    let old = &document.nodes[part.value];
    let style = document.style(levels, document.eol_near(part.start));
    let column = document.column(part.start);
    let on_line = old.is_flow() && !has_break(document.slice(old.start(), old.end()));
    let filled = document.children(part.value).next().is_some();
    let flow = document.nodes[level.node].is_flow();
    let collection = match entry {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if flow || (on_line && filled && collection) {
        let inline = document.inline_like(if filled && old.is_flow() {
            part.value
        } else {
            level.node
        });
        let mut text = String::new();
        if old.is_nothing() {
            text.push_str(if part.key.is_some() { ": " } else { "" });
            render::flow(&mut text, entry, &style, &inline);
            splices.replace(part.key_end..part.end, text);
        } else {
            render::flow(&mut text, entry, &style, &inline);
            splices.replace(old.start()..old.end(), text);
        }
        return;
    }
    let same_kind = match (old.kind, entry) {
        (Kind::Mapping(_), Value::Object(_)) => true,
        (Kind::List(_), Value::Array(_)) => !style.lists_in_brackets,
        _ => false,
    };
    if old.is_block() && same_kind && collection {
        let inner = document.parts(part.value, part.from);
        let start = inner.first().map_or(old.start(), |first| first.start);
        let mut text = String::new();
        render::block(&mut text, entry, document.column(start), &style, None);
        splices.replace(start..line_end(document.body, part.end), text);
        return;
    }
    let mut text = String::new();
    if part.key.is_some() {
        if !part.has_indicator() {
            text.push_str(&in_line_with_key(document, part.start, &style));
        }
        render::member_value(&mut text, entry, column, &style, None);
    } else {
        text.push_str(&" ".repeat(style.dash.saturating_sub(1).max(1)));
        render::block(&mut text, entry, column + style.dash.max(2), &style, None);
    }
    splices.replace(part.from..line_end(document.body, part.end), text);
}

/// The colon of a key that has none (`? key`), on a line of its own.
fn in_line_with_key(document: &Document<'_>, start: usize, style: &Style) -> String {
    let column = document.column(start);
    format!("{}{}:", style.eol, " ".repeat(column))
}
