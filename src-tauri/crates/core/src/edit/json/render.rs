use serde_json::Value;

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A member a line.
    Lines {
        /// White space before the line the value begins on.
        indent: String,
        /// What a level adds.
        unit: String,
        /// What ends a line.
        eol: &'static str,
        /// Between key and value, such as `": "` without the quotes.
        colon: String,
    },
    /// All on one line.
    Inline {
        /// Between key and value.
        colon: String,
        /// Between members.
        comma: String,
        /// Inside braces.
        pad: String,
    },
}

/// Writes `"name": value` without comma and without anything before it.
pub(super) fn member(out: &mut String, name: &str, value: &Value, layout: &Layout) {
    let colon = match layout {
        Layout::Lines { colon, .. } | Layout::Inline { colon, .. } => colon,
    };
    string(out, name);
    out.push_str(colon);
    self::value(out, value, layout);
}

/// Writes a value. Arrays of scalars stay on one line.
pub(super) fn value(out: &mut String, value: &Value, layout: &Layout) {
    match value {
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(map) => {
            let inner = deeper(layout);
            for (index, (key, value)) in map.iter().enumerate() {
                begin(out, if index == 0 { "{" } else { "," }, index == 0, &inner);
                member(out, key, value, &inner);
            }
            end(out, '}', layout);
        }
        Value::Array(items) if items.iter().any(|v| v.is_object() || v.is_array()) => {
            let inner = deeper(layout);
            for (index, item) in items.iter().enumerate() {
                begin(out, if index == 0 { "[" } else { "," }, index == 0, &inner);
                self::value(out, item, &inner);
            }
            end(out, ']', layout);
        }
        Value::Array(items) => {
            let comma = match layout {
                Layout::Lines { .. } => ", ",
                Layout::Inline { comma, .. } => comma,
            };
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "[" } else { comma });
                self::value(out, item, layout);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn begin(out: &mut String, sign: &str, first: bool, layout: &Layout) {
    match layout {
        Layout::Lines { indent, eol, .. } => {
            out.push_str(sign);
            out.push_str(eol);
            out.push_str(indent);
        }
        Layout::Inline { comma, pad, .. } if first => {
            out.push_str(sign);
            out.push_str(if sign == "{" { pad } else { "" });
            debug_assert!(!comma.is_empty());
        }
        Layout::Inline { comma, .. } => out.push_str(comma),
    }
}

fn end(out: &mut String, sign: char, layout: &Layout) {
    match layout {
        Layout::Lines { indent, eol, .. } => {
            out.push_str(eol);
            out.push_str(indent);
        }
        Layout::Inline { pad, .. } => out.push_str(if sign == '}' { pad } else { "" }),
    }
    out.push(sign);
}

fn deeper(layout: &Layout) -> Layout {
    match layout {
        Layout::Lines {
            indent,
            unit,
            eol,
            colon,
        } => Layout::Lines {
            indent: format!("{indent}{unit}"),
            unit: unit.clone(),
            eol,
            colon: colon.clone(),
        },
        inline => inline.clone(),
    }
}

fn string(out: &mut String, text: &str) {
    out.push_str(&Value::from(text).to_string());
}
