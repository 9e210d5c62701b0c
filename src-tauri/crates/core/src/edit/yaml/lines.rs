use std::ops::Range;

use super::document::{Document, Tail};
use super::places::{Level, is_space, line_end, line_start, next_line, without_break};
use super::render::Inline;
use super::style::Style;
use crate::edit::text::has_break;

/// Collections that are written in lines.
impl Document<'_> {
    /// The start of the line behind a part and behind the comments below it that belong to the same collection: those indented at
    /// least as far as its parts (`column`), and further than what the collection is the value of (`above`).
    pub(super) fn below(&self, end: usize, column: usize, above: Option<usize>) -> usize {
        let mut found = next_line(self.body, end);
        let mut at = found;
        while at < self.body.len() {
            let line = self.slice(at, line_end(self.body, at));
            let comment = line.trim_start_matches([' ', '\t']);
            at = next_line(self.body, at);
            if comment.is_empty() {
                continue;
            }
            let indent = line.len() - comment.len();
            if !comment.starts_with('#')
                || indent < column
                || above.is_some_and(|above| indent <= above)
            {
                break;
            }
            found = at;
        }
        found
    }

    /// The same for what stands inside a part: the comments indented further than it.
    pub(super) fn below_inside(&self, end: usize, column: usize) -> usize {
        self.below(end, column + 1, None)
    }

    /// Where a part is put behind the last one, or before it where that cannot be.
    pub(super) fn behind_last(&self, level: &Level, above: Option<usize>) -> Option<usize> {
        let last = level.parts.last()?;
        // A text in lines that ends with the file would get a line end it did not have.
        let open = last.tail != Tail::Other && line_end(self.body, last.end) == self.body.len();
        if !open {
            return Some(self.below(last.end, self.column(last.start), above));
        }
        if !self.begins_line(last.start) {
            return None;
        }
        let first = match level.parts.iter().rev().nth(1) {
            Some(before) => next_line(self.body, before.end),
            None => return Some(line_start(self.body, last.start)),
        };
        // Before the comments that stand right on it.
        let mut at = line_start(self.body, last.start);
        while at > first {
            let line = line_start(self.body, at - 1 - usize::from(self.is_crlf(at)));
            let text = self.slice(line, at);
            let comment = text.trim_start_matches(' ');
            let deeper = text.len() - comment.len() > self.column(last.start);
            if line < first || !comment.starts_with('#') || deeper {
                break;
            }
            at = line;
        }
        Some(at)
    }

    fn is_crlf(&self, line: usize) -> bool {
        self.slice(0, line).ends_with("\r\n")
    }

    /// Lines to be put in at the start of a line, or at the end of a last line without a line end. A blank line goes before them,
    /// or behind them where they come before the part at `next`.
    pub(super) fn as_lines(
        &self,
        at: usize,
        lines: &str,
        separated: bool,
        next: Option<usize>,
        style: &Style,
    ) -> String {
        let eol = style.eol;
        let blank = if separated { eol } else { "" };
        if at > 0 && without_break(self.slice(0, at)).is_none() {
            format!("{eol}{blank}{lines}")
        } else if next.is_some_and(|next| next >= at) {
            format!("{lines}{eol}{blank}")
        } else {
            format!("{blank}{lines}{eol}")
        }
    }

    /// Whether the parts of a collection are set apart by blank lines, one of them left out: those of several lines count, if there
    /// are any. `below`: what stands between the last one and ours, where that is something, and whether ours has several lines.
    pub(super) fn are_separated(
        &self,
        level: &Level,
        without: Option<usize>,
        below: Option<(Range<usize>, bool)>,
    ) -> bool {
        let several = |index: usize| {
            let part = &level.parts[index];
            has_break(self.slice(part.start, part.end))
        };
        let blank = |index: usize| {
            let start = level.parts[index - 1].end;
            self.has_blank_line(start, level.parts[index].start)
        };
        // Around the one left out it takes two blank lines.
        let gaps = || {
            (1..level.parts.len())
                .filter(|index| without != Some(*index) && (without != Some(0) || *index != 1))
        };
        let blank = |index: usize| {
            let beside = index >= 2 && without == Some(index - 1);
            blank(index) && (!beside || blank(index - 1))
        };
        let below = |several: bool| {
            below
                .iter()
                .filter(move |(_, is)| !several || *is)
                .map(|(range, _)| self.has_blank_line(range.start, range.end))
        };
        let mut of_several = gaps()
            .filter(|index| several(*index))
            .map(blank)
            .chain(below(true))
            .peekable();
        if of_several.peek().is_some() {
            return of_several.all(|blank| blank);
        }
        let mut all = gaps().map(blank).chain(below(false)).peekable();
        all.peek().is_some() && all.all(|blank| blank)
    }

    /// Whether the line above a line is a comment.
    pub(super) fn is_below_comment(&self, line: usize) -> bool {
        without_break(self.slice(0, line)).is_some_and(|above| {
            let line = self.slice(line_start(self.body, above.len()), above.len());
            line.trim_start_matches([' ', '\t']).starts_with('#')
        })
    }

    fn has_blank_line(&self, start: usize, end: usize) -> bool {
        let mut at = next_line(self.body, start);
        while at < end {
            let line_end = line_end(self.body, at);
            if line_end < end && is_space(self.slice(at, line_end)) {
                return true;
            }
            at = next_line(self.body, at);
        }
        false
    }

    /// How the values of a collection in lines are written, if all that have anything in them stay on one line.
    pub(super) fn values_on_line(&self, level: &Level) -> Option<Inline> {
        let mut last = None;
        for part in &level.parts {
            let value = &self.nodes[part.value];
            if self.children(part.value).next().is_none() {
                continue;
            }
            if !value.is_flow() || has_break(self.slice(value.start(), value.end())) {
                return None;
            }
            last = Some(part);
        }
        last.map(|part| self.inline_like(part.value))
    }
}
