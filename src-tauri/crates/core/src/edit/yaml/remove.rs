use super::document::{Document, Kind, Tail, Way};
use super::insert::count;
use super::places::{Level, Part, is_space, line_end, line_start, next_line, without_break};
use crate::edit::Removed;
use crate::edit::receipt::{MadeFile, Receipt};
use crate::edit::splice::Splices;
use crate::edit::text::has_break;

/// What a removal changes.
pub(super) struct Removal {
    pub(super) removed: Removed,
    /// How many keys lead to the collection something was cut out of.
    pub(super) depth: usize,
}

/// Takes out the entry, which is there.
pub(super) fn remove(document: &Document<'_>, way: &Way, receipt: Option<&Receipt>) -> Removal {
    let nothing_known = Receipt::default();
    let receipt = receipt.unwrap_or(&nothing_known);
    let levels = document.levels(way);
    let innermost = levels.len() - 1;
    // Up through the collections that were made for the entry and hold nothing else.
    let mut depth = innermost;
    while depth > 0
        && document.holds_only(&levels[..=depth])
        && innermost - depth < receipt.made as usize
    {
        depth -= 1;
    }
    let level = &levels[depth];
    let index = way.members[depth];
    let alone = level.parts.len() == 1;
    if depth == 0
        && alone
        && document.base == 0
        && document.is_all_there_is(&level.parts[0])
        && let Some(file) = &receipt.file
    {
        return Removal {
            removed: Removed {
                after: match file {
                    MadeFile::Absent => None,
                    MadeFile::Blank(was) => Some(was.clone().into_bytes()),
                },
                handed_on: None,
            },
            depth,
        };
    }
    let mut splices = Splices::default();
    let known = |space: &Option<crate::edit::receipt::Space>| {
        space
            .as_ref()
            .filter(|space| space.depth == count(depth))
            .map(|space| space.was.clone())
    };
    if document.nodes[level.node].is_flow() {
        let stood = known(&receipt.stood).filter(|was| is_empty_value(was));
        match (stood, depth.checked_sub(1)) {
            (Some(was), Some(above)) if alone && !document.has_own_comments(level) => {
                let part = levels[above].parts[way.members[above]];
                splices.replace(part.key_end..part.end, was);
            }
            _ => {
                let was = known(&receipt.space).filter(|was| was.trim().is_empty());
                document.cut_flow(level, index, was.as_deref(), &mut splices);
            }
        }
    } else if !alone {
        document.cut_lines(level, index, true, &mut splices);
    } else {
        let stood = known(&receipt.stood).filter(|was| is_empty_value(was));
        let root_was_made = receipt.made as usize > innermost;
        document.empty(&levels[..=depth], stood, root_was_made, &mut splices);
    }
    let others_stay = depth == innermost && !alone;
    Removal {
        removed: Removed {
            after: Some(format!("{}{}", document.bom, splices.apply(document.body)).into_bytes()),
            handed_on: (others_stay && receipt.says_anything()).then(|| receipt.clone()),
        },
        depth,
    }
}

impl Document<'_> {
    /// Whether the innermost of these has one part and no comments of its own.
    fn holds_only(&self, levels: &[Level]) -> bool {
        let Some((level, above)) = levels.split_last() else {
            return false;
        };
        let [part] = level.parts.as_slice() else {
            return false;
        };
        let Some(holder) = above
            .last()
            .and_then(|above| above.parts.iter().find(|part| part.value == level.node))
        else {
            return false;
        };
        if self.nodes[level.node].is_flow() {
            let before = self.slice(holder.key_end, self.nodes[level.node].start());
            return !before.contains('#') && !self.has_own_comments(level);
        }
        if self.slice(holder.key_end, part.start).contains('#') {
            return false;
        }
        let inside = self.below_inside(part.end, self.column(part.start));
        let trailing = self.below(part.end, self.column(holder.start) + 1, None);
        // Comments below that are further in than the key of the collection.
        trailing <= inside
    }

    /// Whether a part is the whole text.
    fn is_all_there_is(&self, part: &Part) -> bool {
        let end = self.below_inside(part.end, self.column(part.start));
        self.slice(0, part.start).trim().is_empty()
            && self.slice(end, self.body.len()).trim().is_empty()
    }

    /// Cuts out the lines of a part, and a blank line where the others are set apart by such.
    fn cut_lines(&self, level: &Level, index: usize, tidy: bool, splices: &mut Splices) {
        let part = &level.parts[index];
        let next = level.parts.get(index + 1);
        if !self.begins_line(part.start) {
            // It begins behind a dash or a colon; the next one takes its place.
            let end = match next {
                Some(next) => {
                    let between = self.slice(part.end, next.start);
                    between.find('#').map_or(next.start, |at| part.end + at)
                }
                None => part.end,
            };
            splices.cut(part.start..end);
            return;
        }
        let mut from = line_start(self.body, part.start);
        let mut to = self.below_inside(part.end, self.column(part.start));
        if tidy && let Some(next) = next {
            let blank = next.start > to && is_space(self.slice(to, line_end(self.body, to)));
            if blank && !self.is_below_comment(from) && self.are_separated(level, Some(index), None)
            {
                to = next_line(self.body, to);
            }
        } else if tidy && let Some(before) = index.checked_sub(1).map(|at| &level.parts[at]) {
            let behind = next_line(self.body, before.end);
            let blank = without_break(self.slice(0, from))
                .map(|above| line_start(self.body, above.len())..above.len())
                .filter(|line| line.start >= behind && is_space(self.slice(line.start, line.end)));
            let above = blank.as_ref().map_or(from, |line| line.start);
            let several = has_break(self.slice(part.start, part.end));
            let below = (above > behind).then_some((before.end..above, several));
            if blank.is_some()
                && before.tail != Tail::Kept
                && self.are_separated(level, Some(index), below)
            {
                from = above;
            }
        }
        let may_lose_its_break = index.checked_sub(1).is_none_or(|before| {
            let before = &level.parts[before];
            before.tail == Tail::Other || next_line(self.body, before.end) < from
        });
        if to == self.body.len() && !self.is_line_start(to) && may_lose_its_break {
            // The last line had no line end; the one above has none now, unless its line end is part of a text.
            from = without_break(self.slice(0, from)).map_or(from, str::len);
        }
        splices.cut(from..to);
    }

    /// Takes the only part out of the innermost of these collections, which is written in lines. `stood`: what was in its place
    /// before it had any, from behind its key (or its anchor and tag) on.
    fn empty(
        &self,
        levels: &[Level],
        stood: Option<String>,
        root_was_made: bool,
        splices: &mut Splices,
    ) {
        let Some((level, above)) = levels.split_last() else {
            return;
        };
        let node = &self.nodes[level.node];
        let braces = match node.kind {
            Kind::List(_) => "[]",
            _ => "{}",
        };
        let part = &level.parts[0];
        let Some(holder) = above
            .last()
            .and_then(|above| above.parts.iter().find(|part| part.value == level.node))
        else {
            if root_was_made {
                self.cut_lines(level, 0, false, splices);
            } else {
                let end = line_end(self.body, part.end);
                splices.replace(part.start..end, stood.as_deref().unwrap_or(braces));
            }
            return;
        };
        let behind = holder.from;
        let (from, to) = match node.props_end() {
            Some(end) => (end, end),
            None => (holder.key_end, behind),
        };
        if !self.begins_line(part.start) {
            // `: a: 1` behind an explicit key.
            splices.replace(part.start..part.end, braces);
            return;
        }
        match stood {
            Some(was) => splices.replace(from..to, was),
            None => splices.insert(to, format!(" {braces}")),
        }
        self.cut_lines(level, 0, false, splices);
    }
}

/// Whether this can have stood for a collection without parts.
fn is_empty_value(text: &str) -> bool {
    let value = text.trim_start();
    let value = value.strip_prefix(':').unwrap_or(value).trim_start();
    let inside = |open, close| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|rest| rest.trim().is_empty())
    };
    matches!(value, "" | "~" | "null" | "Null" | "NULL") || inside('{', '}') || inside('[', ']')
}
