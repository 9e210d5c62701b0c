use serde_json::{Map, Value};

use super::fault::{Fault, Reason};
use super::scanner::{Kind, Scanner};
use super::string::decoded;

/// The value that begins at a byte of a sound document. Of members of one name the last counts, as for the clients.
pub(super) fn value_at(text: &str, at: usize) -> Result<Value, Fault> {
    let mut scanner = Scanner::new(text, at, true);
    let mut open: Vec<Open> = Vec::new();
    while let Some(token) = scanner.next()? {
        let raw = text.get(token.start..token.end).unwrap_or_default();
        let value = match token.kind {
            Kind::Open if raw == "[" => {
                open.push(Open::Array(Vec::new()));
                continue;
            }
            Kind::Open => {
                open.push(Open::Object(Map::new(), String::new()));
                continue;
            }
            Kind::Key => {
                if let Some(Open::Object(_, key)) = open.last_mut() {
                    *key = decoded(unquoted(raw));
                }
                continue;
            }
            Kind::Comma | Kind::LineComment | Kind::BlockComment => continue,
            Kind::Close => match open.pop() {
                Some(Open::Array(items)) => Value::Array(items),
                Some(Open::Object(members, _)) => Value::Object(members),
                None => Value::Null,
            },
            Kind::Scalar => scalar(raw).ok_or(Fault::new(token.start, Reason::OutOfRange))?,
        };
        match open.last_mut() {
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Object(members, key)) => {
                members.insert(std::mem::take(key), value);
            }
            None => return Ok(value),
        }
    }
    Ok(Value::Null)
}

/// What is open while its contents are read.
enum Open {
    Array(Vec<Value>),
    /// With the key whose value comes next.
    Object(Map<String, Value>, String),
}

fn scalar(raw: &str) -> Option<Value> {
    Some(match raw {
        "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if raw.starts_with('"') => Value::String(decoded(unquoted(raw))),
        number => Value::Number(number.parse().ok()?),
    })
}

/// A string without its quotes.
pub(super) fn unquoted(raw: &str) -> &str {
    raw.strip_prefix('"')
        .and_then(|raw| raw.strip_suffix('"'))
        .unwrap_or(raw)
}
