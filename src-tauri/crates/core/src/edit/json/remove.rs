use jsonc_parser::ast::Object;

use super::document::{Document, Kind, Token};
use crate::edit::receipt::{MadeFile, Receipt};
use crate::edit::splice::Splices;
use crate::edit::text::{has_break, is_space};
use crate::edit::{EditError, Removed};

/// Takes the entry out; `None` where it is not there.
pub(super) fn remove(
    document: &Document<'_>,
    at: &[String],
    name: &str,
    receipt: Option<&Receipt>,
) -> Result<Option<Removed>, EditError> {
    let way = document.way(at, name)?;
    if way.entry(at).is_none() {
        return Ok(None);
    }
    let nothing_known = Receipt::default();
    let receipt = receipt.unwrap_or(&nothing_known);
    // Up through the objects that were made for the entry and hold nothing else.
    let mut depth = at.len();
    let holds_only_us = |depth: usize| {
        let object = way.objects[depth];
        let start = match depth.checked_sub(1) {
            Some(above) => {
                way.objects[above].properties[way.members[above]]
                    .range
                    .start
            }
            None => object.range.start,
        };
        let commented = document
            .comments_between(start, object.range.start)
            .chain(document.own_comments(object))
            .next()
            .is_some();
        object.properties.len() == 1 && !commented
    };
    while depth > 0 && holds_only_us(depth) && at.len() - depth < receipt.made as usize {
        depth -= 1;
    }
    if depth == 0
        && holds_only_us(0)
        && document.nothing_around_root()
        && let Some(file) = &receipt.file
    {
        return Ok(Some(Removed {
            after: match file {
                MadeFile::Absent => None,
                MadeFile::Blank(was) => Some(was.clone().into_bytes()),
            },
            handed_on: None,
        }));
    }
    let object = way.objects[depth];
    let was = receipt
        .space
        .as_ref()
        .filter(|space| space.depth as usize == depth && space.was.bytes().all(is_space))
        .map(|space| space.was.as_str());
    let mut splices = Splices::default();
    cut_member(document, object, way.members[depth], was, &mut splices);
    let others_stay = depth == at.len() && object.properties.len() > 1;
    Ok(Some(Removed {
        after: Some(format!("{}{}", document.bom, splices.apply(document.body)).into_bytes()),
        handed_on: (others_stay && receipt.says_anything()).then(|| receipt.clone()),
    }))
}

impl Document<'_> {
    /// The comments between an object's braces that stand in none of its members.
    fn own_comments(&self, object: &Object<'_>) -> impl Iterator<Item = &Token> {
        let (open, close) = (self.open(object), self.close(object));
        let first = object.properties.first();
        let last = object.properties.last();
        let head = first.map_or(close, |member| self.token_from(member.range.start));
        let tail = last.map_or(close, |member| self.token_to(member.range.end));
        self.tokens[open..head]
            .iter()
            .chain(&self.tokens[tail..close])
            .filter(|token| token.is_comment())
    }

    /// The comments between two bytes.
    fn comments_between(&self, start: usize, end: usize) -> impl Iterator<Item = &Token> {
        self.tokens[self.token_from(start)..self.token_from(end)]
            .iter()
            .filter(|token| token.is_comment())
    }

    fn has_own_comments(&self, object: &Object<'_>) -> bool {
        self.own_comments(object).next().is_some()
    }

    fn nothing_around_root(&self) -> bool {
        self.open(&self.root) == 0 && self.close(&self.root) + 1 == self.tokens.len()
    }
}

/// Cuts one member out of an object. `was` is the white space that stood in the object before it had members.
fn cut_member(
    document: &Document<'_>,
    object: &Object<'_>,
    index: usize,
    was: Option<&str>,
    splices: &mut Splices,
) {
    let Some(member) = object.properties.get(index) else {
        return;
    };
    let first = document.token_from(member.range.start);
    let last = document.token_to(member.range.end);
    let before = document.tokens[first - 1];
    let close = document.tokens[document.close(object)];
    if object.properties.len() == 1 {
        let comment_behind = document
            .own_comments(object)
            .any(|comment| comment.start > member.range.start);
        if !document.has_own_comments(object) {
            splices.replace(before.end..close.start, was.unwrap_or_default());
            return;
        }
        if let Some(was) = was
            && !comment_behind
            && (before.kind != Kind::LineComment || has_break(was))
        {
            splices.replace(before.end..close.start, was);
            return;
        }
    }
    let comma_behind = document
        .next_significant(last)
        .filter(|token| token.kind == Kind::Comma);
    let comma_before = document
        .previous_significant(first)
        .filter(|token| token.kind == Kind::Comma);
    // The member with its comma, where only white space is between them.
    let mut end = member.range.end;
    match comma_behind {
        Some(comma) if document.slice(end, comma.start).bytes().all(is_space) => end = comma.end,
        Some(comma) => splices.cut(comma.start..comma.end),
        None => splices.cut(comma_before.map_or(0..0, |comma| comma.start..comma.end)),
    }
    let next = document.tokens[document.token_from(end)];
    let gap = document.slice(end, next.start);
    // The white space before the member goes with it, as it came; but a line comment before it must keep its line end, and a
    // comment behind it takes its line.
    let keep_line = !has_break(gap) && (before.kind == Kind::LineComment || next.is_comment());
    if keep_line {
        let end = if next.is_comment() { next.start } else { end };
        splices.cut(member.range.start..end);
    } else {
        splices.cut(before.end..end);
    }
}
