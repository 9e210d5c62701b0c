use std::fmt::Write as _;

use serde_json::Value;

use super::value::resolved;

/// How texts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quote {
    /// Without quotes, where nobody can take it for something else.
    #[default]
    Plain,
    Single,
    Double,
}

/// Writes a text. `fallback` are the quotes where `quote` is none and it needs some; `flow`: between braces or brackets.
pub(super) fn text(out: &mut String, text: &str, quote: Quote, fallback: Quote, flow: bool) {
    let quote = match quote {
        Quote::Plain if is_plain(text, flow) => Quote::Plain,
        Quote::Plain => fallback,
        quoted => quoted,
    };
    match quote {
        Quote::Plain if is_plain(text, flow) => out.push_str(text),
        Quote::Single if text.chars().all(is_printable) => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        _ => double(out, text),
    }
}

fn double(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let written = match code {
                    0..=0xFF => write!(out, "\\x{code:02X}"),
                    0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
                written.expect("a string takes everything");
            }
        }
    }
    out.push('"');
}

/// Whether it may stand in quotes as it is, on one line, for every version of YAML.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

/// Words that mean something else than themselves in YAML 1.1 or 1.2.
const WORDS: [&str; 10] = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan",
];

/// Whether a text needs no quotes, in YAML 1.1 as well as in 1.2 and in every version of their parsers: on the side of caution.
fn is_plain(text: &str, flow: bool) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '_'))
        || text.starts_with("./")
        || text.starts_with("../");
    let special = |c: char| match c {
        '_' | '-' | '.' | '/' | '\\' | '@' | '+' | '=' | '$' | '(' | ')' | '~' | '%' | '^'
        | ';' | ' ' => false,
        ':' => flow,
        c => !c.is_alphanumeric(),
    };
    starts_well
        && !text.contains(special)
        && !text.contains(": ")
        && !text.contains("  ")
        && !text.ends_with([' ', ':'])
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        && matches!(resolved(text), Value::String(_))
}
