use serde_json::Value;

use super::Piece;
use super::document::{Document, Kind};
use super::places::{Level, Part, line_end, line_start};
use super::render::{self, Inline};
use super::style::Style;
use crate::edit::splice::Splices;
use crate::edit::text::has_break;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenKind {
    Open,
    Close,
    Comma,
    Comment,
    Part(usize),
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: TokenKind,
    start: usize,
    end: usize,
}

impl Token {
    fn is_comment(&self) -> bool {
        self.kind == TokenKind::Comment
    }
}

/// Collections in braces and brackets.
impl Document<'_> {
    /// Braces, parts, and what is between them.
    fn tokens(&self, level: &Level) -> Vec<Token> {
        let node = &self.nodes[level.node];
        let (start, close) = (node.start(), node.end().saturating_sub(1));
        let mut tokens = vec![Token {
            kind: TokenKind::Open,
            start,
            end: start + 1,
        }];
        let mut at = start + 1;
        for (index, part) in level.parts.iter().enumerate() {
            self.tokens_between(at, part.start, &mut tokens);
            tokens.push(Token {
                kind: TokenKind::Part(index),
                start: part.start,
                end: part.end,
            });
            at = part.end;
        }
        self.tokens_between(at, close, &mut tokens);
        tokens.push(Token {
            kind: TokenKind::Close,
            start: close,
            end: close + 1,
        });
        tokens
    }

    fn tokens_between(&self, mut at: usize, end: usize, tokens: &mut Vec<Token>) {
        while at < end {
            let (kind, next) = match self.byte(at) {
                Some(b',') => (TokenKind::Comma, at + 1),
                Some(b'#') => (TokenKind::Comment, line_end(self.body, at)),
                _ => {
                    at += 1;
                    continue;
                }
            };
            tokens.push(Token {
                kind,
                start: at,
                end: next,
            });
            at = next;
        }
    }

    /// Whether it is spread over lines of its own.
    fn is_spread(&self, tokens: &[Token]) -> bool {
        tokens
            .windows(2)
            .any(|two| has_break(self.slice(two[0].end, two[1].start)))
    }

    /// The comments between the braces that stand in none of the parts.
    pub(super) fn has_own_comments(&self, level: &Level) -> bool {
        self.tokens(level).iter().any(Token::is_comment)
    }

    /// Adds a part behind the others, and behind the comments after them.
    pub(super) fn append_flow(
        &self,
        level: &Level,
        piece: &Piece<'_>,
        style: &Style,
        splices: &mut Splices,
    ) {
        let Some(last) = level.parts.last() else {
            return;
        };
        let tokens = self.tokens(level);
        let last_token = tokens
            .iter()
            .rposition(|t| matches!(t.kind, TokenKind::Part(_)));
        let trailing_comma = tokens
            .iter()
            .skip(last_token.unwrap_or_default() + 1)
            .any(|token| token.kind == TokenKind::Comma);
        let mut end = tokens[tokens.len() - 2].end;
        if !trailing_comma {
            // `b:,` is one word for some.
            let open = self.slice(0, last.end).ends_with(':') && self.byte(last.end) == Some(b' ');
            let comma = last.end + usize::from(open);
            splices.insert(comma, ",");
            end = end.max(comma);
        }
        let mut text = String::new();
        if self.is_spread(&tokens) {
            let indent = self.part_indent(level, style);
            text.push_str(style.eol);
            text.push_str(&indent);
            match self.values_on_line(level) {
                Some(inline) => piece.flow(&mut text, style, &inline),
                None => spread_piece(&mut text, piece, &indent, style),
            }
        } else {
            let inline = self.inline_like(level.node);
            text.push_str(inline.comma.trim_start_matches(','));
            piece.flow(&mut text, style, &inline);
        }
        if trailing_comma {
            text.push(',');
        }
        splices.insert(end, text);
    }

    /// Adds the first part between braces; gives the white space that stood in its place.
    pub(super) fn fill_flow(
        &self,
        level: &Level,
        above: Option<&Level>,
        piece: &Piece<'_>,
        style: &Style,
        splices: &mut Splices,
    ) -> String {
        let tokens = self.tokens(level);
        let (open, close) = (tokens[0], tokens[tokens.len() - 1]);
        let before = tokens[tokens.len() - 2];
        let was = self.slice(before.end, close.start);
        let above = above.filter(|above| self.nodes[above.node].is_flow());
        let lines = has_break(was)
            || before.is_comment()
            || above.is_some_and(|above| self.is_spread(&self.tokens(above)));
        let mut text = String::new();
        if lines {
            let outer = self.line_indent(open.start);
            let indent = format!("{outer}{}", " ".repeat(style.unit));
            text.push_str(style.eol);
            text.push_str(&indent);
            spread_piece(&mut text, piece, &indent, style);
            // One line end with the indentation of the brace stays; anything else becomes that.
            let keeps = was
                .trim_start_matches([' ', '\t'])
                .trim_start_matches('\r')
                .strip_prefix('\n')
                .is_some_and(|rest| !has_break(rest));
            if keeps {
                text.push_str(was);
            } else {
                text.push_str(style.eol);
                text.push_str(outer);
            }
        } else {
            let mut inline =
                above.map_or_else(Inline::default, |above| self.inline_like(above.node));
            if !was.is_empty() {
                inline.pad = was.to_owned();
            }
            text.push_str(&inline.pad);
            piece.flow(&mut text, style, &inline);
            text.push_str(&inline.pad);
        }
        splices.replace(before.end..close.start, text);
        was.to_owned()
    }

    /// Cuts one part out. `was` is the white space that stood between the braces before there were parts.
    pub(super) fn cut_flow(
        &self,
        level: &Level,
        index: usize,
        was: Option<&str>,
        splices: &mut Splices,
    ) {
        let tokens = self.tokens(level);
        let Some(at) = tokens.iter().position(|t| t.kind == TokenKind::Part(index)) else {
            return;
        };
        let (part, before, close) = (tokens[at], tokens[at - 1], tokens[tokens.len() - 1]);
        if level.parts.len() == 1 {
            let comment_behind = tokens.iter().skip(at).any(Token::is_comment);
            let comments = tokens.iter().any(Token::is_comment);
            if !comments {
                splices.replace(before.end..close.start, was.unwrap_or_default());
                return;
            }
            if let Some(was) = was
                && !comment_behind
                && (!before.is_comment() || has_break(was))
            {
                splices.replace(before.end..close.start, was);
                return;
            }
        }
        let significant = |token: &&Token| !token.is_comment();
        let comma_behind = tokens[at + 1..]
            .iter()
            .find(significant)
            .filter(|token| token.kind == TokenKind::Comma);
        let comma_before = tokens[..at]
            .iter()
            .rev()
            .find(significant)
            .filter(|token| token.kind == TokenKind::Comma);
        // The part with its comma, where only white space is between them.
        let mut end = part.end;
        match comma_behind {
            Some(comma) if self.slice(end, comma.start).trim().is_empty() => end = comma.end,
            Some(comma) => splices.cut(comma.start..comma.end),
            None => splices.cut(comma_before.map_or(0..0, |comma| comma.start..comma.end)),
        }
        let Some(next) = tokens.iter().find(|token| token.start >= end) else {
            return;
        };
        let gap = self.slice(end, next.start);
        // The white space before the part goes with it, as it came; but a comment before it must keep its line end, and a comment
        // behind it takes its line.
        if has_break(gap) || !(before.is_comment() || next.is_comment()) {
            splices.cut(before.end..end);
        } else if next.is_comment() {
            let blank_before = part.start > before.end;
            splices.cut(part.start..next.start - usize::from(!blank_before && !gap.is_empty()));
        } else {
            splices.cut(part.start..end);
        }
    }

    /// Indentation of parts that have lines of their own.
    fn part_indent(&self, level: &Level, style: &Style) -> String {
        level
            .parts
            .iter()
            .rev()
            .map(|part| part.start)
            .find(|start| {
                let line = line_start(self.body, *start);
                line > 0 && self.slice(line, *start).trim().is_empty()
            })
            .map_or_else(
                || {
                    let open = self.nodes[level.node].start();
                    format!("{}{}", self.line_indent(open), " ".repeat(style.unit))
                },
                |start| self.line_indent(start).to_owned(),
            )
    }

    /// White space at the start of the line a byte is on.
    pub(super) fn line_indent(&self, at: usize) -> &str {
        let start = line_start(self.body, at);
        let line = self.slice(start, at);
        let rest = line.trim_start_matches([' ', '\t']);
        self.slice(start, start + line.len() - rest.len())
    }

    /// How a collection in braces is written on one line.
    pub(super) fn inline_like(&self, node: usize) -> Inline {
        let it = &self.nodes[node];
        let mut inline = Inline::default();
        if it.bare || !it.is_flow() {
            return inline;
        }
        let parts = self.parts(node, it.start());
        if let Some(first) = parts.first() {
            let pad = self.slice(it.start() + 1, first.start);
            if pad.bytes().all(|b| b == b' ') && matches!(it.kind, Kind::Mapping(_)) {
                inline.pad = pad.to_owned();
            }
            if let Some(colon) = self.colon_of(first) {
                inline.colon = colon.to_owned();
            }
        }
        if let [.., before, last] = parts.as_slice() {
            let gap = self.slice(before.end, last.start);
            let comma = gap.trim_start();
            if comma
                .strip_prefix(',')
                .is_some_and(|rest| rest.bytes().all(|b| b == b' '))
            {
                inline.comma = comma.to_owned();
            }
        } else if !inline.colon.ends_with(' ') {
            inline.comma = ",".to_owned();
        }
        inline
    }

    /// What stands between a key in quotes and its value.
    fn colon_of(&self, part: &Part) -> Option<&str> {
        let colon = self.slice(part.key_end, self.skip(part.from));
        let tight = colon == ":";
        (tight || colon == ": ").then_some(colon)
    }
}

/// Writes a part with the parts of its value on lines of their own.
fn spread_piece(out: &mut String, piece: &Piece<'_>, indent: &str, style: &Style) {
    match piece {
        Piece::Member(key, value) => spread_member(out, key, value, indent, style),
        Piece::Item(value) => spread(out, value, indent, style),
    }
}

fn spread_member(out: &mut String, key: &str, value: &Value, indent: &str, style: &Style) {
    let tight = Inline::default();
    render::flow_key(out, key, style, &tight);
    spread(out, value, indent, style);
}

fn spread(out: &mut String, value: &Value, indent: &str, style: &Style) {
    let inner = format!("{indent}{}", " ".repeat(style.unit));
    let line = |out: &mut String, index: usize| {
        out.push_str(if index > 0 { "," } else { "" });
        out.push_str(style.eol);
        out.push_str(&inner);
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                line(out, index);
                spread_member(out, key, value, &inner, style);
            }
            out.push_str(style.eol);
            out.push_str(indent);
            out.push('}');
        }
        Value::Array(items) if items.iter().any(|v| v.is_object() || v.is_array()) => {
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                line(out, index);
                spread(out, value, &inner, style);
            }
            out.push_str(style.eol);
            out.push_str(indent);
            out.push(']');
        }
        other => render::flow(out, other, style, &Inline::default()),
    }
}
