use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, parse_value};
use toml_parser::{ErrorSink, Raw, Source, Span};

use super::document::{Document, Kind, NodeId};
use crate::edit::EditError;

impl Document<'_> {
    /// What something says. Dates, and numbers that JSON does not have, are strings.
    pub(super) fn value(&self, id: NodeId) -> Result<Value, EditError> {
        let node = self.node(id);
        match node.kind {
            Kind::Table { .. } => {
                let mut map = Map::new();
                for child in self.children(id) {
                    map.insert(self.key(child).into_owned(), self.value(child)?);
                }
                Ok(Value::Object(map))
            }
            Kind::Tables => self.children(id).map(|item| self.value(item)).collect(),
            Kind::Scalar | Kind::Array | Kind::Inline => self.written_value(id),
        }
    }

    fn written_value(&self, id: NodeId) -> Result<Value, EditError> {
        let node = self.node(id);
        let source = Source::new(self.slice(node.start(), node.end()));
        let mut reader = Reader {
            source,
            open: Vec::new(),
            read: None,
            out_of_range: None,
        };
        let tokens = source.lex().into_vec();
        parse_value(&tokens, &mut reader, &mut ());
        match (reader.read, reader.out_of_range) {
            (Some(value), None) => Ok(value),
            (_, at) => Err(EditError::Syntax {
                place: self.place(node.start() + at.unwrap_or_default()),
                reason: "the number is out of range".to_owned(),
            }),
        }
    }
}

enum Open {
    Array(Vec<Value>),
    /// With the keys of the pair that is being read.
    Table(Map<String, Value>, Vec<String>),
}

/// Reads one value.
struct Reader<'a> {
    source: Source<'a>,
    open: Vec<Open>,
    read: Option<Value>,
    out_of_range: Option<usize>,
}

impl<'a> Reader<'a> {
    fn raw(&self, span: Span, kind: Option<Encoding>) -> Raw<'a> {
        let text = self.source.input().get(span.start()..span.end());
        Raw::new_unchecked(text.unwrap_or_default(), kind, span)
    }

    fn take(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.read = Some(value),
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Table(map, keys)) => {
                let Some(last) = keys.pop() else { return };
                let mut table = map;
                for key in keys.drain(..) {
                    let inner = table.entry(key).or_insert_with(|| Map::new().into());
                    match inner {
                        Value::Object(inner) => table = inner,
                        _ => return,
                    }
                }
                table.insert(last, value);
            }
        }
    }

    fn number(&mut self, at: usize, number: Option<Number>) -> Value {
        number.map_or_else(
            || {
                self.out_of_range.get_or_insert(at);
                Value::Null
            },
            Value::Number,
        )
    }
}

impl EventReceiver for Reader<'_> {
    fn inline_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open.push(Open::Table(Map::new(), Vec::new()));
        true
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        if let Some(Open::Table(map, _)) = self.open.pop() {
            self.take(Value::Object(map));
        }
    }

    fn array_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open.push(Open::Array(Vec::new()));
        true
    }

    fn array_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        if let Some(Open::Array(items)) = self.open.pop() {
            self.take(Value::Array(items));
        }
    }

    fn simple_key(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = Cow::Borrowed("");
        self.raw(span, kind).decode_key(&mut text, error);
        if let Some(Open::Table(_, keys)) = self.open.last_mut() {
            keys.push(text.into_owned());
        }
    }

    fn scalar(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let raw = self.raw(span, kind);
        let mut text = Cow::Borrowed("");
        let value = match raw.decode_scalar(&mut text, error) {
            ScalarKind::String | ScalarKind::DateTime => Value::String(text.into_owned()),
            ScalarKind::Boolean(value) => Value::Bool(value),
            ScalarKind::Float => match text.parse().ok().and_then(Number::from_f64) {
                Some(number) => Value::Number(number),
                None => Value::String(raw.as_str().to_owned()),
            },
            ScalarKind::Integer(radix) => {
                let radix = radix.value();
                let number = i64::from_str_radix(&text, radix)
                    .map(Number::from)
                    .or_else(|_| u64::from_str_radix(&text, radix).map(Number::from));
                self.number(span.start(), number.ok())
            }
        };
        self.take(value);
    }
}
