use std::ops::Range;

use super::bracket::Bracket;
use super::document::{Document, Kind, NodeId};
use super::way::Way;
use crate::edit::receipt::{MadeFile, Receipt};
use crate::edit::splice::Splices;
use crate::edit::text::{is_blank, is_space};
use crate::edit::{EditError, Removed, Servers};

/// Takes the entry out; `None` where it is not there.
pub(super) fn remove(
    text: &str,
    servers: &Servers,
    name: &str,
    receipt: Option<&Receipt>,
) -> Result<Option<Removed>, EditError> {
    let nothing_known = Receipt::default();
    let receipt = receipt.unwrap_or(&nothing_known);
    let mut text = std::borrow::Cow::Borrowed(text);
    let mut others_stay = None;
    loop {
        let document = Document::parse(&text)?;
        let way = document.way(servers, name)?;
        let (Some(entry), Some(container)) = (way.entry, way.container(servers)) else {
            break;
        };
        others_stay.get_or_insert(document.children(container).nth(1).is_some());
        let (target, depth) = outermost(&document, servers, &way, entry, receipt);
        let was = receipt
            .space
            .as_ref()
            .filter(|space| space.depth as usize == depth && space.was.bytes().all(is_space))
            .map(|space| space.was.as_str());
        let mut splices = Splices::default();
        let all = cut(&document, target, was, &mut splices);
        let after = document.with(splices);
        text = after.into();
        if all {
            break;
        }
    }
    let Some(others_stay) = others_stay else {
        return Ok(None);
    };
    if is_blank(&text)
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
    Ok(Some(Removed {
        after: Some(text.into_owned().into_bytes()),
        handed_on: (others_stay && receipt.says_anything()).then(|| receipt.clone()),
    }))
}

/// The outermost thing that was made for the entry and holds nothing else (or the entry), and how many keys lead to what it stands
/// in.
fn outermost(
    document: &Document<'_>,
    servers: &Servers,
    way: &Way,
    entry: NodeId,
    receipt: &Receipt,
) -> (NodeId, usize) {
    let mut depth = servers.at.len();
    let mut target = entry;
    while depth > 0
        && servers.at.len() - depth < receipt.made as usize
        && holds_only(document, way.nodes[depth], target)
    {
        target = way.nodes[depth];
        depth -= 1;
    }
    (target, depth)
}

fn holds_only(document: &Document<'_>, container: NodeId, child: NodeId) -> bool {
    if document.children(container).nth(1).is_some() {
        return false;
    }
    match document.node(container).kind {
        Kind::Inline | Kind::Array => {
            let bracket = Bracket::new(document, container);
            // Arrays have items that are no tables, too.
            bracket.items.len() == 1 && !bracket.has_comments()
        }
        Kind::Table { headed: true, .. } => {
            let header = document.statements.iter().position(|id| *id == container);
            header.is_some_and(|header| {
                let next = header + 1;
                let until = if next < document.statements.len() {
                    document.statement_start(next)
                } else {
                    document.body.len()
                };
                debug_assert!(document.is_in(child, container));
                !document.has_comment(document.statement_end(header), until)
            })
        }
        Kind::Table { .. } | Kind::Tables => true,
        Kind::Scalar => false,
    }
}

/// Cuts something out, however it is written. Of several pairs in an inline table only the last one goes at a time: gives whether
/// that was all.
pub(super) fn cut(
    document: &Document<'_>,
    target: NodeId,
    was: Option<&str>,
    splices: &mut Splices,
) -> bool {
    let mut around = document.node(target).parent;
    while around != NodeId::NONE
        && !matches!(document.node(around).kind, Kind::Inline | Kind::Array)
    {
        around = document.node(around).parent;
    }
    if around == NodeId::NONE {
        for range in ranges(document, target) {
            splices.cut(range);
        }
        return true;
    }
    let (mut last, mut only) = (target, true);
    while let Kind::Table { .. } = document.node(last).kind {
        only &= document.node(last).first == document.node(last).last;
        last = document.node(last).last;
    }
    let bracket = Bracket::new(document, around);
    let Some(index) = bracket.item_at(document.node(last).pair as usize) else {
        return true;
    };
    bracket.cut(document, index, was, splices);
    only
}

/// The bytes of everything outside of braces that says anything about something.
fn ranges(document: &Document<'_>, target: NodeId) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut index = 0;
    while index < document.statements.len() {
        if !document.is_in(document.statements[index], target) {
            index += 1;
            continue;
        }
        let first = index;
        while document
            .statements
            .get(index + 1)
            .is_some_and(|id| document.is_in(*id, target))
        {
            index += 1;
        }
        ranges.push(lines(document, first, index));
        index += 1;
    }
    ranges
}

/// The lines of statements that follow each other, from the end of the line before; what stands between them belongs to them. Blank
/// lines above a header go with it.
pub(super) fn lines(document: &Document<'_>, first: usize, last: usize) -> Range<usize> {
    let start = document.line_start(document.statement_start(first));
    let end = document.line_end(document.statement_end(last));
    match document.content_before(start) {
        None => start..document.content_from(document.next_line(end)),
        Some(before) if document.statement_is_header(first) => before..end,
        Some(_) => document.end_of_line_before(start)..end,
    }
}
