use serde_json::Value;

use super::quote;
use super::style::Style;

/// How a collection in braces or brackets is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inline {
    /// Between key and value.
    pub(super) colon: String,
    /// Between members.
    pub(super) comma: String,
    /// Inside braces.
    pub(super) pad: String,
}

impl Default for Inline {
    fn default() -> Self {
        Self {
            colon: ": ".to_owned(),
            comma: ", ".to_owned(),
            pad: String::new(),
        }
    }
}

/// Writes a member in lines; `column` is where it begins, on the line that has been begun.
pub(super) fn member(
    out: &mut String,
    key: &str,
    value: &Value,
    column: usize,
    style: &Style,
    inline: Option<&Inline>,
) {
    quote::text(out, key, style.keys, style.fallback, false);
    out.push(':');
    member_value(out, value, column, style, inline);
}

/// Writes what stands behind the colon of a member that begins at `column`.
pub(super) fn member_value(
    out: &mut String,
    value: &Value,
    column: usize,
    style: &Style,
    inline: Option<&Inline>,
) {
    match value {
        Value::Object(map) if !map.is_empty() && inline.is_none() => {
            new_line(out, column + style.unit, style);
            block(out, value, column + style.unit, style, None);
        }
        Value::Array(items)
            if !items.is_empty() && inline.is_none() && !in_brackets(items, style) =>
        {
            new_line(out, column + style.list_unit, style);
            block(out, value, column + style.list_unit, style, None);
        }
        other => {
            out.push(' ');
            block(out, other, column, style, inline);
        }
    }
}

/// Writes an item with its dash.
pub(super) fn item(
    out: &mut String,
    value: &Value,
    column: usize,
    style: &Style,
    inline: Option<&Inline>,
) {
    out.push('-');
    out.push_str(&" ".repeat(style.dash.saturating_sub(1).max(1)));
    block(out, value, column + style.dash.max(2), style, inline);
}

/// Writes a value in lines, where it can be; with `inline` in braces.
pub(super) fn block(
    out: &mut String,
    value: &Value,
    column: usize,
    style: &Style,
    inline: Option<&Inline>,
) {
    match value {
        Value::Object(map) if !map.is_empty() && inline.is_none() => {
            for (index, (key, value)) in map.iter().enumerate() {
                if index > 0 {
                    new_line(out, column, style);
                }
                member(out, key, value, column, style, None);
            }
        }
        Value::Array(items)
            if !items.is_empty() && inline.is_none() && !in_brackets(items, style) =>
        {
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    new_line(out, column, style);
                }
                item(out, value, column, style, None);
            }
        }
        Value::String(text) if inline.is_none() => {
            quote::text(out, text, style.texts, style.fallback, false);
        }
        other => match inline {
            Some(inline) => flow(out, other, style, inline),
            None => flow(out, other, style, &Inline::default()),
        },
    }
}

/// Writes a value on one line, in braces and brackets.
pub(super) fn flow(out: &mut String, value: &Value, style: &Style, inline: &Inline) {
    match value {
        Value::Object(map) => {
            out.push('{');
            let pad = if map.is_empty() { "" } else { &inline.pad };
            out.push_str(pad);
            for (index, (key, value)) in map.iter().enumerate() {
                if index > 0 {
                    out.push_str(&inline.comma);
                }
                flow_member(out, key, value, style, inline);
            }
            out.push_str(pad);
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(&inline.comma);
                }
                flow(out, value, style, inline);
            }
            out.push(']');
        }
        Value::String(text) => quote::text(out, text, style.texts, style.fallback, true),
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// Writes a member between braces.
pub(super) fn flow_member(
    out: &mut String,
    key: &str,
    value: &Value,
    style: &Style,
    inline: &Inline,
) {
    flow_key(out, key, style, inline);
    flow(out, value, style, inline);
}

/// Writes a key between braces, with its colon.
pub(super) fn flow_key(out: &mut String, key: &str, style: &Style, inline: &Inline) {
    let start = out.len();
    quote::text(out, key, style.keys, style.fallback, true);
    // Without a space the colon structures only behind quotes.
    let quoted = out
        .get(start..)
        .is_some_and(|key| key.starts_with(['"', '\'']));
    out.push_str(if quoted { &inline.colon } else { ": " });
}

pub(super) fn new_line(out: &mut String, column: usize, style: &Style) {
    out.push_str(style.eol);
    out.push_str(&" ".repeat(column));
}

fn in_brackets(items: &[Value], style: &Style) -> bool {
    style.lists_in_brackets && !items.iter().any(|v| v.is_object() || v.is_array())
}
