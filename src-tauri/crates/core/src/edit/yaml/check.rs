use std::ops::Range;

use super::document::{Document, Kind, Node};

/// Whether two documents are the same but for these nodes: every value, tag, anchor, alias and way of writing of all others.
pub(super) fn same_but(
    old: &Document<'_>,
    old_part: Range<usize>,
    new: &Document<'_>,
    new_part: Range<usize>,
) -> bool {
    same_around(old, old_part, new, new_part, false)
}

/// The same where the nodes are a collection that was filled or emptied: its own anchor and tag stay, and aliases may refer to it.
pub(super) fn same_but_inside(
    old: &Document<'_>,
    old_part: Range<usize>,
    new: &Document<'_>,
    new_part: Range<usize>,
) -> bool {
    let (Some(was), Some(is)) = (old.nodes.get(old_part.start), new.nodes.get(new_part.start))
    else {
        return false;
    };
    was.anchored == is.anchored
        && was.tag == is.tag
        && same_around(old, old_part, new, new_part, true)
}

fn same_around(
    old: &Document<'_>,
    old_part: Range<usize>,
    new: &Document<'_>,
    new_part: Range<usize>,
    same_start: bool,
) -> bool {
    // A document that is another one may end before the part.
    let behind_old = old.nodes.len().checked_sub(old_part.end);
    let behind_new = new.nodes.len().checked_sub(new_part.end);
    if old_part.start != new_part.start || behind_new.is_none() || behind_old != behind_new {
        return false;
    }
    let moved = |node: usize| {
        if node < old_part.start || (same_start && node == old_part.start) {
            Some(node)
        } else if node >= old_part.end {
            Some(node - old_part.end + new_part.end)
        } else {
            None
        }
    };
    let before = old.nodes[..old_part.start].iter();
    let behind = old.nodes[old_part.end..].iter();
    let new_before = new.nodes[..new_part.start].iter();
    let new_behind = new.nodes[new_part.end..].iter();
    before
        .chain(behind)
        .zip(new_before.chain(new_behind))
        .all(|(old, new)| same(old, new, moved))
}

fn same(old: &Node<'_>, new: &Node<'_>, moved: impl Fn(usize) -> Option<usize>) -> bool {
    let same_kind = match (old.kind, new.kind) {
        (Kind::Alias(old), Kind::Alias(new)) => moved(old as usize) == Some(new as usize),
        (old, new) => old == new,
    };
    same_kind
        && old.depth == new.depth
        && old.anchored == new.anchored
        && old.text == new.text
        && old.tag == new.tag
}
