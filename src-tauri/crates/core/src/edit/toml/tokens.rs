use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, Raw, Source, Span};

use super::builder::Failure;
use super::document::{key_text, read_events};
use crate::edit::text::BOM;
use crate::edit::tokens::Token;
use crate::edit::{EditError, MAX_DEPTH};

pub(crate) fn tokens(text: &str, take: &mut dyn FnMut(Token<'_>)) -> Result<(), EditError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let mut teller = Teller {
        source: Source::new(body),
        before: text.len() - body.len(),
        take,
        keys: Vec::new(),
        headers: 0,
        open: Vec::new(),
        too_deep: None,
    };
    read_events(body, &mut teller, |teller| {
        teller.too_deep.map(|at| (at, Failure::TooDeep))
    })
}

/// Tells what the parser finds.
struct Teller<'a, 't> {
    source: Source<'a>,
    /// Bytes before the text that is parsed.
    before: usize,
    take: &'t mut dyn FnMut(Token<'_>),
    /// Keys of the header or pair that is being read.
    keys: Vec<Cow<'a, str>>,
    /// How many maps the last header opened.
    headers: usize,
    /// For each array and inline table that is open, how many maps the dotted keys before it opened.
    open: Vec<usize>,
    /// Where something begins that is nested too deeply.
    too_deep: Option<usize>,
}

impl<'a> Teller<'a, '_> {
    fn written(&self, span: Span) -> &'a str {
        self.source
            .input()
            .get(span.start()..span.end())
            .unwrap_or_default()
    }

    fn end(&mut self, maps: usize) {
        for _ in 0..maps {
            (self.take)(Token::End);
        }
    }

    fn header(&mut self) {
        self.end(self.headers);
        let keys = std::mem::take(&mut self.keys);
        self.headers = keys.len();
        for key in keys {
            (self.take)(Token::Key(key));
            (self.take)(Token::Map);
        }
    }

    /// Tells the keys of the value that comes next, and gives how many maps they opened.
    fn pair(&mut self) -> usize {
        let keys = std::mem::take(&mut self.keys);
        let maps = keys.len().saturating_sub(1);
        for (at, key) in keys.into_iter().enumerate() {
            (self.take)(Token::Key(key));
            if at < maps {
                (self.take)(Token::Map);
            }
        }
        maps
    }

    fn open(&mut self, span: Span, token: Token<'_>) -> bool {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep.get_or_insert(span.start());
            return false;
        }
        let maps = self.pair();
        self.open.push(maps);
        (self.take)(token);
        true
    }

    fn close(&mut self) {
        if let Some(maps) = self.open.pop() {
            self.end(maps + 1);
        }
    }
}

impl EventReceiver for Teller<'_, '_> {
    fn std_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header();
    }

    fn array_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header();
    }

    fn inline_table_open(&mut self, span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open(span, Token::Map)
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.close();
    }

    fn array_open(&mut self, span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.open(span, Token::List)
    }

    fn array_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.close();
    }

    fn simple_key(&mut self, span: Span, _kind: Option<Encoding>, _error: &mut dyn ErrorSink) {
        self.keys.push(key_text(self.written(span)));
    }

    fn scalar(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let written = self.written(span);
        let mut says = Cow::Borrowed("");
        let _: ScalarKind = Raw::new_unchecked(written, kind, span).decode_scalar(&mut says, error);
        let quote = match kind {
            None => 0,
            Some(Encoding::BasicString | Encoding::LiteralString) => 1,
            Some(Encoding::MlBasicString | Encoding::MlLiteralString) => 3,
        };
        let maps = self.pair();
        let start = self.before + span.start();
        (self.take)(Token::Scalar {
            says,
            at: start + quote..start + written.len().saturating_sub(quote).max(quote),
            is_text: kind.is_some(),
        });
        self.end(maps);
    }
}
