use std::ops::Range;

use super::scanner::Token;
use super::style::{begins_line, first_break, line_indent};

/// A member of an object or an item of an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Its first byte: of the key, or in an array of the value.
    pub(super) start: usize,
    /// Where the key ends; in an array `start`.
    pub(super) key_end: usize,
    /// First byte of the value.
    pub(super) value: usize,
    /// Where the value ends.
    pub(super) end: usize,
    /// The token or comment before it.
    pub(super) before: Token,
    /// The comma before it, whatever comments stand between.
    pub(super) comma_before: Option<usize>,
    /// Whether a comment stands between key and value.
    pub(super) comment_within: bool,
}

/// An object or array, as far as edits in it need to know it. Its size does not depend on what is in it.
#[derive(Clone, Debug)]
pub(super) struct Container {
    /// Where its bracket opens.
    pub(super) open: usize,
    /// Where its closing bracket stands.
    pub(super) close: usize,
    pub(super) is_array: bool,
    /// How many items it has.
    pub(super) count: usize,
    pub(super) last: Option<Item>,
    /// Where the item before the last ends.
    pub(super) before_last: Option<usize>,
    /// Where the text between the opening bracket and the first item (or the closing bracket) ends.
    pub(super) first_gap_end: usize,
    /// The first line end between its items; none: it is on one line, but for what is in its items.
    pub(super) eol: Option<&'static str>,
    /// The last item that begins a line.
    pub(super) begins_line: Option<usize>,
    /// The last token or comment before the closing bracket.
    pub(super) tail: Token,
    pub(super) trailing_comma: bool,
    /// Where the last comment begins that stands in none of its items.
    pub(super) last_comment: Option<usize>,
    /// What a level of nesting adds to the indentation, as the first of the objects in it that shows it does.
    pub(super) unit_inside: Option<Range<usize>>,
    /// The last object in it that has members.
    pub(super) last_inner: Option<Range<usize>>,
    /// Whether any such object is spread over lines.
    pub(super) inner_spread: bool,
    /// The item that leads on to our entry, or is it.
    pub(super) found: Option<Item>,
    /// Where a name on the way occurs for the second time, and which.
    pub(super) second: Option<(usize, Twice)>,
}

/// What occurs twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twice {
    /// The key that leads on, or the name of the entry.
    Name,
    /// In an item of a list, the key that tells its name.
    NamedBy,
}

impl Container {
    pub(super) fn opened(bracket: Token, is_array: bool) -> Self {
        Self {
            open: bracket.start,
            close: bracket.start,
            is_array,
            count: 0,
            last: None,
            before_last: None,
            first_gap_end: bracket.end,
            eol: None,
            begins_line: None,
            tail: bracket,
            trailing_comma: false,
            last_comment: None,
            unit_inside: None,
            last_inner: None,
            inner_spread: false,
            found: None,
            second: None,
        }
    }

    /// An item begins at a byte.
    pub(super) fn item_begins(&mut self, text: &str, start: usize) {
        self.gap(text, start);
        if self.count == 0 {
            self.first_gap_end = start;
        }
        if begins_line(text, start) {
            self.begins_line = Some(start);
        }
    }

    pub(super) fn item_ends(&mut self, item: Item) {
        self.before_last = self.last.map(|last| last.end);
        self.last = Some(item);
        self.count += 1;
    }

    pub(super) fn closed(&mut self, text: &str, close: usize, tail: Token, comma: Option<usize>) {
        self.gap(text, close);
        if self.count == 0 {
            self.first_gap_end = close;
        }
        self.close = close;
        self.tail = tail;
        self.trailing_comma = comma.is_some();
    }

    /// Takes note of an object directly in it.
    pub(super) fn holds(&mut self, text: &str, inner: &Self) {
        if inner.is_array {
            return;
        }
        if self.unit_inside.is_none() {
            self.unit_inside = inner.own_unit(text);
        }
        if inner.count > 0 {
            let range = inner.range();
            self.inner_spread = self.inner_spread
                || first_break(text.get(range.clone()).unwrap_or_default()).is_some();
            self.last_inner = Some(range);
        }
    }

    /// What its items have before them more than the line it begins on.
    pub(super) fn own_unit(&self, text: &str) -> Option<Range<usize>> {
        let start = self.begins_line?;
        let indent = line_indent(text, start);
        let added = indent.strip_prefix(line_indent(text, self.open))?;
        (!added.is_empty()).then(|| start - added.len()..start)
    }

    /// All of it, brackets too.
    pub(super) const fn range(&self) -> Range<usize> {
        self.open..self.close + 1
    }

    /// Whether its items are spread over lines of their own.
    pub(super) const fn is_spread(&self) -> bool {
        self.eol.is_some()
    }

    fn gap(&mut self, text: &str, end: usize) {
        if self.eol.is_none() {
            let start = self.last.map_or(self.open + 1, |last| last.end);
            self.eol = first_break(text.get(start..end).unwrap_or_default());
        }
    }
}
