use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::document::{Document, NodeId};
use crate::edit::splice::Splices;
use crate::edit::text::{has_break, is_space};

/// An array or inline table with its items; what is inside of those is left out.
pub(super) struct Bracket {
    /// Behind the opening bracket.
    open: usize,
    /// Where the closing bracket stands.
    close: usize,
    pub(super) items: Vec<Item>,
    comments: Vec<(usize, usize)>,
}

/// An item of an array, or a pair of an inline table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) start: usize,
    end: usize,
    /// Where the comma behind it stands.
    comma: Option<usize>,
}

/// How items are laid out.
pub(super) struct Layout {
    /// What ends a line.
    pub(super) eol: &'static str,
    /// Inside the brackets of one that is on one line.
    pub(super) pad: &'static str,
}

impl Bracket {
    pub(super) fn new(document: &Document<'_>, id: NodeId) -> Self {
        let node = document.node(id);
        let base = node.start();
        let source = Source::new(document.slice(base, node.end()));
        let mut bracket = Self {
            open: base + 1,
            close: node.end() - 1,
            items: Vec::new(),
            comments: Vec::new(),
        };
        let mut depth = 0_usize;
        let mut item: Option<Item> = None;
        for token in source.lex() {
            let (start, end) = (base + token.span().start(), base + token.span().end());
            match token.kind() {
                TokenKind::Whitespace | TokenKind::Newline | TokenKind::Eof => continue,
                TokenKind::Comment => {
                    if depth == 1 {
                        bracket.comments.push((start, end));
                    }
                    continue;
                }
                TokenKind::Comma if depth == 1 => {
                    if let Some(mut item) = item.take() {
                        item.comma = Some(start);
                        bracket.items.push(item);
                    }
                    continue;
                }
                TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                    depth += 1;
                    if depth == 1 {
                        continue;
                    }
                }
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        continue;
                    }
                }
                _ => {}
            }
            let fresh = Item {
                start,
                end,
                comma: None,
            };
            item.get_or_insert(fresh).end = end;
        }
        bracket.items.extend(item);
        bracket
    }

    pub(super) fn has_comments(&self) -> bool {
        !self.comments.is_empty()
    }

    /// Index of the item that stands at a byte.
    pub(super) fn item_at(&self, at: usize) -> Option<usize> {
        self.items
            .iter()
            .position(|item| item.start <= at && at < item.end)
    }

    /// Where the last thing before a byte ends: an item, a comma, a comment or the opening bracket.
    fn end_before(&self, at: usize) -> usize {
        let items = self
            .items
            .iter()
            .flat_map(|item| std::iter::once(item.end).chain(item.comma.map(|comma| comma + 1)));
        self.comments
            .iter()
            .map(|(_, end)| *end)
            .chain(items)
            .filter(|end| *end <= at)
            .max()
            .unwrap_or(self.open)
    }

    /// Where the first thing from a byte on begins.
    fn start_from(&self, at: usize) -> usize {
        let items = self
            .items
            .iter()
            .flat_map(|item| std::iter::once(item.start).chain(item.comma));
        self.comments
            .iter()
            .map(|(start, _)| *start)
            .chain(items)
            .filter(|start| *start >= at)
            .min()
            .unwrap_or(self.close)
    }

    fn comment_ends_at(&self, at: usize) -> bool {
        self.comments.iter().any(|(_, end)| *end == at)
    }

    fn comment_starts_at(&self, at: usize) -> bool {
        self.comments.iter().any(|(start, _)| *start == at)
    }

    /// Whether the items stand on lines of their own.
    fn is_spread(&self, document: &Document<'_>) -> bool {
        let mut done = self.open;
        let mut spread = false;
        for item in &self.items {
            spread |= has_break(document.slice(done, item.start));
            done = item.end;
        }
        spread || has_break(document.slice(done, self.close))
    }

    fn item_indent(&self, document: &Document<'_>) -> String {
        let own = self
            .items
            .iter()
            .rev()
            .find(|item| document.begins_line(item.start));
        match own {
            Some(item) => document.indent(item.start).to_owned(),
            None => {
                let line = document.line_start(self.open);
                let indent = document.slice(line, self.open);
                let end = indent
                    .find(|c| c != ' ' && c != '\t')
                    .unwrap_or(indent.len());
                let indent = indent.get(..end).unwrap_or_default();
                format!(
                    "{indent}{}",
                    if indent.contains('\t') { "\t" } else { "  " }
                )
            }
        }
    }

    /// Adds an item behind the others, and behind the comments after them.
    pub(super) fn append(
        &self,
        document: &Document<'_>,
        item: &str,
        layout: &Layout,
        splices: &mut Splices,
    ) -> Option<String> {
        let Some(last) = self.items.last() else {
            return Some(self.fill(document, item, layout, splices));
        };
        if last.comma.is_none() {
            splices.insert(last.end, ",");
        }
        let mut text = if self.is_spread(document) {
            format!("{}{}", layout.eol, self.item_indent(document))
        } else {
            " ".to_owned()
        };
        text.push_str(item);
        if last.comma.is_some() {
            text.push(',');
        }
        splices.insert(self.end_before(self.close), text);
        None
    }

    /// Adds the first item; gives the white space that stood in its place.
    fn fill(
        &self,
        document: &Document<'_>,
        item: &str,
        layout: &Layout,
        splices: &mut Splices,
    ) -> String {
        let before = self.end_before(self.close);
        let was = document.slice(before, self.close);
        let text = if has_break(was) {
            let end = if was.matches('\n').count() == 1 {
                was.trim_start_matches([' ', '\t']).to_owned()
            } else {
                layout.eol.to_owned()
            };
            format!("{}{}{item}{end}", layout.eol, self.item_indent(document))
        } else if was.is_empty() {
            format!("{}{item}{}", layout.pad, layout.pad)
        } else {
            format!("{was}{item}{was}")
        };
        splices.replace(before..self.close, text);
        was.to_owned()
    }

    /// Takes an item out. `was` is the white space that stood there before there were items.
    pub(super) fn cut(
        &self,
        document: &Document<'_>,
        index: usize,
        was: Option<&str>,
        splices: &mut Splices,
    ) {
        let item = self.items[index];
        let before = self.end_before(item.start);
        if self.items.len() == 1 {
            let behind = self.comments.iter().any(|(start, _)| *start > item.start);
            let fits = |was: &str| !self.comment_ends_at(before) || has_break(was);
            if !self.has_comments() || (!behind && was.is_some_and(fits)) {
                splices.replace(before..self.close, was.unwrap_or_default());
                return;
            }
        }
        // The item with its comma, where only white space is between them.
        let mut end = item.end;
        match item.comma {
            Some(comma) if document.slice(end, comma).bytes().all(is_space) => end = comma + 1,
            Some(comma) => splices.cut(comma..comma + 1),
            None => {
                let other = index
                    .checked_sub(1)
                    .and_then(|before| self.items[before].comma);
                splices.cut(other.map_or(0..0, |comma| comma..comma + 1));
            }
        }
        let next = self.start_from(end);
        let gap = document.slice(end, next);
        // The white space before the item goes with it, as it came; but a comment before it must keep its line end, and a comment
        // behind it takes its line.
        let comment_next = self.comment_starts_at(next);
        if !has_break(gap) && (self.comment_ends_at(before) || comment_next) {
            splices.cut(item.start..if comment_next { next } else { end });
        } else {
            splices.cut(before..end);
        }
    }
}
