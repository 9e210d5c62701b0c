use granit_parser::ScalarStyle;
use serde_json::{Map, Number, Value};

use super::document::{Document, Kind, Node};
use crate::edit::{EditError, MAX_DEPTH};

/// How many nodes an entry may have, aliases written out.
const MAX_NODES: usize = 65_536;

/// What a scalar means by the core schema of YAML 1.2. Infinities and NaN, which JSON has not, are strings.
pub(super) fn scalar(node: &Node<'_>) -> Value {
    let text = &*node.text;
    let plain = matches!(node.kind, Kind::Scalar(ScalarStyle::Plain));
    match node.tag.as_deref() {
        None if plain && node.is_nothing() => Value::Null,
        None if plain => resolved(text),
        Some(tag) if tag.is_yaml_core_schema() && tag.core_suffix() != Some("str") => {
            match tag.core_suffix() {
                Some("null") => Value::Null,
                Some("bool" | "int" | "float") => resolved(text),
                _ => Value::from(text),
            }
        }
        _ => Value::from(text),
    }
}

/// What a plain scalar means.
pub(super) fn resolved(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    number(text).map_or_else(|| Value::from(text), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| {
        let plain = digits.bytes().all(|b| b.is_ascii_alphanumeric());
        u64::from_str_radix(digits, radix)
            .ok()
            .filter(|_| plain)
            .map(Number::from)
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let none_or_digits = |text: &str| text.is_empty() || digits(text);
    let fits = match mantissa.split_once('.') {
        Some((whole, part)) => {
            none_or_digits(whole) && none_or_digits(part) && mantissa.len() > 1 && {
                digits(whole) || digits(part)
            }
        }
        None => digits(mantissa),
    };
    let exponent_fits =
        exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)));
    if !fits || !exponent_fits {
        return None;
    }
    if mantissa == unsigned && !mantissa.contains('.') {
        let text = text.strip_prefix('+').unwrap_or(text);
        if let Ok(number) = text.parse::<i64>() {
            return Some(Number::from(number));
        }
        if let Ok(number) = text.parse::<u64>() {
            return Some(Number::from(number));
        }
    }
    text.parse().ok().and_then(Number::from_f64)
}

/// What stands there, for people.
pub(super) fn type_of(node: &Node<'_>) -> &'static str {
    match node.kind {
        Kind::Alias(_) => "an alias",
        Kind::List(_) => "a list",
        Kind::Mapping(_) => "a mapping",
        Kind::Scalar(_) => match scalar(node) {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            _ => "a string",
        },
    }
}

impl Document<'_> {
    /// A node's value, aliases written out. Keys are taken as text; `<<` is a key like others, as in YAML 1.2.
    pub(super) fn value(&self, node: usize) -> Result<Value, EditError> {
        let mut budget = MAX_NODES;
        self.value_within(node, 0, &mut budget)
    }

    fn value_within(
        &self,
        node: usize,
        depth: usize,
        budget: &mut usize,
    ) -> Result<Value, EditError> {
        let it = &self.nodes[node];
        if depth > MAX_DEPTH {
            return Err(EditError::TooDeep {
                place: self.place(it.start()),
            });
        }
        *budget = budget.checked_sub(1).ok_or_else(|| {
            self.unsupported(
                it.start(),
                "the aliases in this entry stand for too much; write it out",
            )
        })?;
        Ok(match it.kind {
            Kind::Scalar(_) => scalar(it),
            Kind::Alias(target) => self.value_within(target as usize, depth + 1, budget)?,
            Kind::List(_) => Value::Array(
                self.children(node)
                    .map(|child| self.value_within(child, depth + 1, budget))
                    .collect::<Result<_, _>>()?,
            ),
            Kind::Mapping(_) => {
                let mut map = Map::new();
                for (key, value) in self.pairs(node) {
                    let Some(name) = self.text(key) else {
                        return Err(self.unsupported(
                            self.nodes[key].start(),
                            "this key is a collection; an entry has only texts as keys",
                        ));
                    };
                    map.insert(
                        name.to_owned(),
                        self.value_within(value, depth + 1, budget)?,
                    );
                }
                Value::Object(map)
            }
        })
    }
}
