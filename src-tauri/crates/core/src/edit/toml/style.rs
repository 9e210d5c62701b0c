use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::document::{Document, Kind, NodeId};
use super::render::{Quotes, Style};

/// So many statements of the neighbours are looked at.
const NEIGHBOURS: usize = 64;

impl Document<'_> {
    /// How the neighbours write: what stands in `container`, or everything where that is the document; `at` is where our text
    /// goes.
    pub(super) fn style(&self, container: NodeId, at: usize) -> Style {
        let mut style = Style {
            eol: self.eol(at),
            ..Style::default()
        };
        let near: Vec<usize> = (0..self.statements.len())
            .rev()
            .filter(|index| self.is_in(self.statements[*index], container))
            .take(NEIGHBOURS)
            .collect();
        if let Some(header) = self.neighbour(container) {
            let start = self.statement_start(header);
            self.indent(start).clone_into(&mut style.header_indent);
            style.pair_indent.clone_from(&style.header_indent);
            if let Some(pair) = self.first_pair_under(header) {
                self.indent(self.statement_start(pair))
                    .clone_into(&mut style.pair_indent);
            }
        }
        if let Some(blank_lines) = self.blank_lines(container, &near) {
            style.blank_lines = blank_lines;
        }
        let pair = near
            .iter()
            .copied()
            .find(|index| !self.statement_is_header(*index));
        if let Some(equals) = pair.and_then(|index| self.equals(self.statements[index])) {
            equals.clone_into(&mut style.equals);
        }
        let inline = near.iter().find_map(|index| {
            let node = self.node(self.statements[*index]);
            (node.kind == Kind::Inline && node.first != NodeId::NONE)
                .then(|| self.slice(node.start() + 1, node.end()))
        });
        if inline.is_some_and(|inside| !inside.starts_with([' ', '\t', '\r', '\n'])) {
            style.pad = "";
        }
        style.quotes = self.quotes(&near);
        style
    }

    /// What stands between a key and its value, where that is nothing strange.
    pub(super) fn equals(&self, pair: NodeId) -> Option<&str> {
        let node = self.node(pair);
        let equals = self.slice(node.key.1 as usize, node.start());
        (equals.len() <= 3 && equals.trim() == "=").then_some(equals)
    }

    /// The header of the last table in a container, or of the last in the document that has any.
    fn neighbour(&self, container: NodeId) -> Option<usize> {
        let last = |fits: &dyn Fn(NodeId) -> bool| {
            self.statements
                .iter()
                .rposition(|id| self.node(*id).is_header() && fits(*id))
        };
        let depth = self.node(container).depth;
        last(&|id| self.node(id).parent == container)
            .or_else(|| last(&|id| self.is_in(id, container) && self.node(id).depth > depth))
            .or_else(|| last(&|_| true))
    }

    fn first_pair_under(&self, header: usize) -> Option<usize> {
        let next = header + 1;
        (next < self.statements.len() && !self.statement_is_header(next)).then_some(next)
    }

    /// How many blank lines stand before a table, seen at the last that shows it: one beside ours, else one elsewhere.
    fn blank_lines(&self, container: NodeId, near: &[usize]) -> Option<usize> {
        let depth = self.node(container).depth;
        let beside = |index: &usize| self.node(self.statements[*index]).parent == container;
        let inside = |index: &usize| {
            let id = self.statements[*index];
            self.node(id).depth > depth + 1 && self.is_in(id, container)
        };
        let far = (0..self.statements.len()).rev().take(NEIGHBOURS);
        near.iter()
            .copied()
            .filter(beside)
            .chain(far.filter(|index| !inside(index)))
            .find_map(|index| self.blank_lines_above(index))
            .or_else(|| {
                let blank_lines = near.iter().find_map(|index| self.blank_lines_above(*index));
                blank_lines.filter(|lines| *lines > 0)
            })
    }

    /// How many blank lines stand above a header, and the comments above that.
    fn blank_lines_above(&self, index: usize) -> Option<usize> {
        let before = index.checked_sub(1)?;
        // Under a header with nothing under it a table often follows at once.
        if !self.statement_is_header(index) || self.statement_is_header(before) {
            return None;
        }
        let end = self.statement_end(before);
        let start = self.line_start(self.statement_start(index));
        let gap = self.slice(self.next_line(end), start);
        let blank_lines = gap
            .lines()
            .rev()
            .skip_while(|line| !line.trim().is_empty())
            .take_while(|line| line.trim().is_empty())
            .take(3)
            .count();
        Some(blank_lines)
    }

    fn quotes(&self, near: &[usize]) -> Quotes {
        let (mut single, mut double, mut single_for_backslash) = (0_usize, 0_usize, false);
        for index in near {
            if self.statement_is_header(*index) {
                continue;
            }
            let node = self.node(self.statements[*index]);
            let source = Source::new(self.slice(node.start(), node.end()));
            for token in source.lex().take(NEIGHBOURS) {
                match token.kind() {
                    TokenKind::BasicString => double += 1,
                    TokenKind::LiteralString => {
                        single += 1;
                        let text = source.get(token).map(|raw| raw.as_str());
                        single_for_backslash |= text.is_some_and(|text| text.contains('\\'));
                    }
                    _ => {}
                }
            }
        }
        if single > double {
            Quotes::Single
        } else if single_for_backslash {
            Quotes::SingleForBackslashes
        } else {
            Quotes::Double
        }
    }
}
