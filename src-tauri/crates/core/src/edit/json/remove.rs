use super::container::{Container, Item};
use super::document::Document;
use super::scanner::Kind;
use crate::edit::Removed;
use crate::edit::receipt::{MadeFile, Receipt};
use crate::edit::splice::Splices;
use crate::edit::text::{has_break, is_space};

/// Takes the entry out; `None` where it is not there.
pub(super) fn remove(document: &Document<'_>, receipt: Option<&Receipt>) -> Option<Removed> {
    document.entry()?;
    let nothing_known = Receipt::default();
    let receipt = receipt.unwrap_or(&nothing_known);
    // Up through the containers that were made for the entry and hold nothing else.
    let goal = document.goal();
    let mut depth = goal;
    let holds_only_us = |depth: usize| {
        let commented_before = depth
            .checked_sub(1)
            .and_then(|above| document.way.get(above)?.found)
            .is_some_and(|item| item.comment_within);
        document
            .way
            .get(depth)
            .is_some_and(|c| c.count == 1 && c.last_comment.is_none() && !commented_before)
    };
    while depth > 0 && holds_only_us(depth) && goal - depth < receipt.made as usize {
        depth -= 1;
    }
    if depth == 0
        && holds_only_us(0)
        && document.stands_alone()
        && let Some(file) = &receipt.file
    {
        return Some(Removed {
            after: match file {
                MadeFile::Absent => None,
                MadeFile::Blank(was) => Some(was.clone().into_bytes()),
            },
            handed_on: None,
        });
    }
    let container = document.way.get(depth)?;
    let was = receipt
        .space
        .as_ref()
        .filter(|space| space.depth as usize == depth && space.was.bytes().all(is_space))
        .map(|space| space.was.as_str());
    let mut splices = Splices::default();
    cut(document, container, container.found?, was, &mut splices);
    let others_stay = depth == goal && container.count > 1;
    Some(Removed {
        after: Some(splices.apply(document.text).into_bytes()),
        handed_on: (others_stay && receipt.says_anything()).then(|| receipt.clone()),
    })
}

/// Cuts one item out of a container. `was` is the white space that stood in the container before it had items.
fn cut(
    document: &Document<'_>,
    container: &Container,
    item: Item,
    was: Option<&str>,
    splices: &mut Splices,
) {
    let before = item.before;
    if container.count == 1 {
        if container.last_comment.is_none() {
            splices.replace(before.end..container.close, was.unwrap_or_default());
            return;
        }
        let comment_behind = container.last_comment > Some(item.start);
        if let Some(was) = was
            && !comment_behind
            && (before.kind != Kind::LineComment || has_break(was))
        {
            splices.replace(before.end..container.close, was);
            return;
        }
    }
    let comma_behind = document
        .next_significant(item.end)
        .filter(|token| token.kind == Kind::Comma);
    // The item with its comma, where only white space is between them.
    let mut end = item.end;
    match (comma_behind, item.comma_before) {
        (Some(comma), _) if document.slice(end, comma.start).bytes().all(is_space) => {
            end = comma.end;
        }
        (Some(comma), _) => splices.cut(comma.start..comma.end),
        (None, Some(comma)) => splices.cut(comma..comma + 1),
        (None, None) => {}
    }
    let Some(next) = document.next(end) else {
        return;
    };
    let gap = document.slice(end, next.start);
    // The white space before the item goes with it, as it came; but a line comment before it must keep its line end, and a
    // comment behind it takes its line.
    let keep_line = !has_break(gap) && (before.kind == Kind::LineComment || next.is_comment());
    if keep_line {
        let end = if next.is_comment() { next.start } else { end };
        splices.cut(item.start..end);
    } else {
        splices.cut(before.end..end);
    }
}
