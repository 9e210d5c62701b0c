use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::document::{Document, Kind};
use super::places::line_end;
use crate::edit::tokens::Token;
use crate::edit::{EditError, MAX_DEPTH};

/// How many nodes all aliases may stand for.
const MAX_ALIASED: usize = 65_536;

pub(crate) fn tokens(text: &str, take: &mut dyn FnMut(Token<'_>)) -> Result<(), EditError> {
    let document = Document::parse_places(text)?;
    if document.nodes.is_empty() {
        return Ok(());
    }
    let mut teller = Teller {
        document: &document,
        take,
        aliased: 0,
    };
    teller.node(0, 0)
}

struct Teller<'a, 't> {
    document: &'a Document<'a>,
    take: &'t mut dyn FnMut(Token<'_>),
    aliased: usize,
}

impl Teller<'_, '_> {
    fn node(&mut self, node: usize, depth: usize) -> Result<(), EditError> {
        let document = self.document;
        let it = &document.nodes[node];
        if depth > MAX_DEPTH {
            return Err(EditError::TooDeep {
                place: document.place(it.start()),
            });
        }
        match it.kind {
            Kind::Scalar(style) => {
                let mut at = it.start()..it.end();
                match style {
                    ScalarStyle::Plain => {}
                    ScalarStyle::Literal | ScalarStyle::Folded => {
                        at.start = line_end(document.body, at.start).min(at.end);
                    }
                    _ => at = at.start + 1..at.end.saturating_sub(1).max(at.start + 1),
                }
                let before = document.bom.len();
                (self.take)(Token::Scalar {
                    says: Cow::Borrowed(&it.text),
                    at: before + at.start..before + at.end,
                    is_text: style != ScalarStyle::Plain,
                });
            }
            Kind::Alias(target) => {
                let target = target as usize;
                self.aliased += document.nodes[target].next() - target;
                if self.aliased > MAX_ALIASED {
                    return Err(document.unsupported(it.start(), "the aliases stand for too much"));
                }
                self.node(target, depth + 1)?;
            }
            Kind::List(_) => {
                (self.take)(Token::List);
                for child in document.children(node) {
                    self.node(child, depth + 1)?;
                }
                (self.take)(Token::End);
            }
            Kind::Mapping(_) => {
                (self.take)(Token::Map);
                for (key, value) in document.pairs(node) {
                    let name = document.text(key).unwrap_or_default();
                    (self.take)(Token::Key(Cow::Borrowed(name)));
                    self.node(value, depth + 1)?;
                }
                (self.take)(Token::End);
            }
        }
        Ok(())
    }
}
