use serde_json::{Map, Value};

/// How text of ours is written.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// What ends a line.
    pub(super) eol: &'static str,
    /// White space before a header.
    pub(super) header_indent: String,
    /// White space before a pair under a header.
    pub(super) pair_indent: String,
    /// How many blank lines stand before a header.
    pub(super) blank_lines: usize,
    /// Between key and value.
    pub(super) equals: String,
    /// Inside the braces of an inline table.
    pub(super) pad: &'static str,
    /// Which strings stand in single quotes.
    pub(super) quotes: Quotes,
}

/// Which strings stand in single quotes, where they can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None.
    Double,
    /// Those with backslashes in them.
    SingleForBackslashes,
    /// All.
    Single,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            eol: "\n",
            header_indent: String::new(),
            pair_indent: String::new(),
            blank_lines: 1,
            equals: " = ".to_owned(),
            pad: " ",
            quotes: Quotes::Double,
        }
    }
}

/// Writes `[a.b]` and its pairs, without a line end before or behind. `array`: `[[a.b]]`.
pub(super) fn headed(
    out: &mut String,
    path: &[&str],
    map: &Map<String, Value>,
    array: bool,
    style: &Style,
) {
    let (open, close) = if array { ("[[", "]]") } else { ("[", "]") };
    out.push_str(&style.header_indent);
    out.push_str(open);
    dotted(out, path);
    out.push_str(close);
    pairs(out, &[], map, &style.pair_indent, style);
}

/// Writes a line for each pair, each with its line end before it.
pub(super) fn pairs(
    out: &mut String,
    prefix: &[&str],
    map: &Map<String, Value>,
    indent: &str,
    style: &Style,
) {
    for (key, value) in map {
        out.push_str(style.eol);
        out.push_str(indent);
        let mut path = prefix.to_vec();
        path.push(key);
        pair(out, &path, value, style);
    }
}

/// Writes `a.b = value`.
pub(super) fn pair(out: &mut String, path: &[&str], value: &Value, style: &Style) {
    dotted(out, path);
    out.push_str(&style.equals);
    self::value(out, value, style);
}

fn dotted(out: &mut String, path: &[&str]) {
    for (index, part) in path.iter().enumerate() {
        if index > 0 {
            out.push('.');
        }
        key(out, part);
    }
}

fn key(out: &mut String, key: &str) {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !key.is_empty() && key.bytes().all(bare) {
        out.push_str(key);
    } else {
        string(out, key, Quotes::Double);
    }
}

/// Writes a value on one line.
pub(super) fn value(out: &mut String, value: &Value, style: &Style) {
    match value {
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Object(map) => {
            let mut before = style.pad;
            out.push('{');
            for (key, value) in map {
                out.push_str(before);
                pair(out, &[key], value, style);
                before = ", ";
            }
            out.push_str(style.pad);
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                self::value(out, item, style);
            }
            out.push(']');
        }
        Value::String(text) => string(out, text, style.quotes),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn string(out: &mut String, text: &str, quotes: Quotes) {
    let single = match quotes {
        Quotes::Double => false,
        Quotes::SingleForBackslashes => text.contains('\\'),
        Quotes::Single => true,
    };
    if single && !text.contains(|c: char| c == '\'' || (c.is_control() && c != '\t')) {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{C}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
