use serde_json::{Map, Value};

use super::Piece;
use super::document::{Document, Tail, Way};
use super::places::{Level, line_end, next_line, without_break};
use super::render;
use super::style::Style;
use crate::edit::receipt::{MadeFile, Receipt, Space};
use crate::edit::splice::Splices;
use crate::edit::text::{BOM, has_break};
use crate::edit::{EditError, Servers};

/// What an insertion changes: the new text, and what to keep until removal.
pub(super) struct Insertion {
    pub(super) after: String,
    pub(super) receipt: Receipt,
}

/// A document of our own, in the place of none (`None`) or of a blank one.
pub(super) fn new_document(
    blank: Option<&str>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Insertion {
    let eol = if blank.is_some_and(|blank| blank.contains("\r\n")) {
        "\r\n"
    } else {
        "\n"
    };
    let style = Style::new(eol);
    let mut after = String::new();
    if blank.is_some_and(|blank| blank.starts_with(BOM)) {
        after.push(BOM);
    }
    render::block(
        &mut after,
        &nested(servers, 0, name, entry),
        0,
        &style,
        None,
    );
    after.push_str(eol);
    Insertion {
        after,
        receipt: Receipt {
            file: Some(match blank {
                None => MadeFile::Absent,
                Some(blank) => MadeFile::Blank(blank.to_owned()),
            }),
            made: count(servers.at.len()),
            ..Receipt::default()
        },
    }
}

/// Adds the entry to a document in which it is not.
pub(super) fn add(
    document: &Document<'_>,
    servers: &Servers,
    way: &Way,
    name: &str,
    entry: &Value,
) -> Result<Insertion, EditError> {
    let levels = document.levels(way);
    let mut splices = Splices::default();
    let mut receipt = Receipt::default();
    match levels.split_last() {
        Some((level, above)) if !document.is_nothing_at_all(level, above) => {
            let depth = above.len();
            let missing = servers.at.get(depth..).unwrap_or_default();
            receipt.made = count(missing.len());
            let value;
            let piece = match (missing.split_first(), &servers.named_by) {
                (Some((key, _)), _) => {
                    value = nested(servers, depth + 1, name, entry);
                    Piece::Member(key, &value)
                }
                (None, None) => Piece::Member(name, entry),
                (None, Some(_)) => Piece::Item(entry),
            };
            if !level.parts.is_empty() {
                document.append(&levels, &piece, &mut splices)?;
            } else if let Some(was) = document.fill(&levels, &piece, &mut splices)? {
                let known = Some(Space {
                    depth: count(depth),
                    was: was.text,
                });
                if was.inside {
                    receipt.space = known;
                } else {
                    receipt.stood = known;
                }
            }
        }
        _ => {
            receipt.made = count(servers.at.len() + 1);
            document.begin(&nested(servers, 0, name, entry), &mut splices);
        }
    }
    Ok(Insertion {
        after: format!("{}{}", document.bom, splices.apply(document.body)),
        receipt,
    })
}

/// What stood where something was put.
struct Was {
    text: String,
    /// Between braces or brackets that are still there.
    inside: bool,
}

impl Document<'_> {
    /// Whether the document holds nothing, not even a null that is written out.
    fn is_nothing_at_all(&self, level: &Level, above: &[Level]) -> bool {
        above.is_empty() && self.nodes[level.node].is_nothing()
    }

    /// Puts the first collection into a document of comments, markers and directives.
    fn begin(&self, root: &Value, splices: &mut Splices) {
        let mut at = if self.base > 0 {
            next_line(self.body, self.base)
        } else {
            0
        };
        while at < self.body.len() {
            let end = line_end(self.body, at);
            let line = self.slice(at, end).trim_start_matches([' ', '\t']);
            let comment = line.starts_with('#');
            if !comment && (!line.is_empty() || end == self.body.len()) {
                break;
            }
            at = next_line(self.body, at);
        }
        let style = Style::new(self.eol_near(0));
        let mut lines = String::new();
        render::block(&mut lines, root, 0, &style, None);
        splices.insert(at, self.as_lines(at, &lines, false, None, &style));
    }

    /// Adds a part to a collection that has some.
    fn append(
        &self,
        levels: &[Level],
        piece: &Piece<'_>,
        splices: &mut Splices,
    ) -> Result<(), EditError> {
        let Some((level, last)) = levels
            .last()
            .and_then(|level| Some((level, level.parts.last()?)))
        else {
            return Ok(());
        };
        let style = self.style(levels, self.eol_near(last.end));
        if self.nodes[level.node].is_flow() {
            self.append_flow(level, piece, &style, splices);
            return Ok(());
        }
        let above = self.column_above(levels);
        let at = self
            .behind_last(level, above)
            .ok_or_else(|| self.unsupported(last.start, CANNOT))?;
        let column = self.column(last.start);
        let mut lines = " ".repeat(column);
        piece.lines(
            &mut lines,
            column,
            &style,
            self.values_on_line(level).as_ref(),
        );
        let behind = next_line(self.body, last.end);
        let below = (at > behind).then(|| (last.end..at, has_break(&lines)));
        let separated = if last.start >= at {
            !self.is_below_comment(at) && self.are_separated(level, None, None)
        } else {
            last.tail != Tail::Kept && self.are_separated(level, None, below)
        };
        let text = self.as_lines(at, &lines, separated, Some(last.start), &style);
        splices.insert(at, text);
        Ok(())
    }

    /// Adds the first part of a collection that is there but empty, or null; gives what stood there.
    fn fill(
        &self,
        levels: &[Level],
        piece: &Piece<'_>,
        splices: &mut Splices,
    ) -> Result<Option<Was>, EditError> {
        let Some((level, above)) = levels.split_last() else {
            return Ok(None);
        };
        let node = &self.nodes[level.node];
        let style = self.style(levels, self.eol_near(node.end()));
        let above_flow = above
            .last()
            .is_some_and(|above| self.nodes[above.node].is_flow());
        let simple = !node.is_flow()
            || self
                .slice(node.start() + 1, node.end().saturating_sub(1))
                .trim()
                .is_empty();
        if !above_flow && simple {
            let was = match above.last() {
                Some(_) => self.open_member(levels, piece, &style, splices),
                None => self.open_root(level, piece, &style, splices),
            };
            if let Some(text) = was {
                return Ok(Some(Was {
                    text,
                    inside: false,
                }));
            }
        }
        if node.is_flow() {
            let text = self.fill_flow(level, above.last(), piece, &style, splices);
            return Ok(Some(Was { text, inside: true }));
        }
        if above_flow && let Some(text) = self.open_null(levels, piece, &style, splices) {
            return Ok(Some(Was {
                text,
                inside: false,
            }));
        }
        Err(self.unsupported(node.start(), CANNOT))
    }

    /// Turns the empty value of a member in lines into lines.
    fn open_member(
        &self,
        levels: &[Level],
        piece: &Piece<'_>,
        style: &Style,
        splices: &mut Splices,
    ) -> Option<String> {
        let (level, above) = levels.split_last()?;
        let node = &self.nodes[level.node];
        let above = above.last()?;
        let part = above.parts.iter().find(|part| part.value == level.node)?;
        let (from, behind) = match node.props_end() {
            Some(end) if node.is_flow() => (end, end),
            Some(_) => return None,
            None => (part.key_end, part.from),
        };
        let between = self.slice(behind, node.start());
        if !part.has_indicator() || !between.trim().is_empty() {
            return None;
        }
        let was = self.slice(from, node.end().max(part.from));
        splices.cut(behind..node.end().max(behind));
        let column_above = self.column(part.start);
        let column = match piece {
            Piece::Member(..) => column_above + style.unit,
            Piece::Item(_) => column_above + style.list_unit,
        };
        let at = self.below(part.end, column_above + 1, None);
        let mut lines = " ".repeat(column);
        piece.lines(&mut lines, column, style, None);
        splices.insert(at, self.as_lines(at, &lines, false, None, style));
        Some(was.to_owned())
    }

    /// Turns an empty document that is written out (`{}`, `~`) into lines.
    fn open_root(
        &self,
        level: &Level,
        piece: &Piece<'_>,
        style: &Style,
        splices: &mut Splices,
    ) -> Option<String> {
        let node = &self.nodes[level.node];
        let (start, end) = (node.start(), node.end());
        let alone = line_end(self.body, end) == end;
        if node.props_end().is_some() || !self.begins_line(start) || !alone {
            return None;
        }
        let was = self.slice(start, end);
        let column = self.column(start);
        // A comment that stands further in would be one of our collection from then on, and keep it there for good.
        let goes_in = |line: &str| {
            let text = line.trim_start();
            text.starts_with('#') && line.len() - text.len() > column
        };
        if self.slice(end, self.body.len()).lines().any(goes_in) {
            return None;
        }
        let mut lines = String::new();
        piece.lines(&mut lines, column, style, None);
        splices.replace(start..end, lines);
        Some(was.to_owned())
    }

    /// Gives a member between braces that is null a collection as its value.
    fn open_null(
        &self,
        levels: &[Level],
        piece: &Piece<'_>,
        style: &Style,
        splices: &mut Splices,
    ) -> Option<String> {
        let (level, above) = levels.split_last()?;
        let above = above.last()?;
        let part = above.parts.iter().find(|part| part.value == level.node)?;
        let was = self.slice(part.key_end, part.end);
        let node = &self.nodes[level.node];
        if node.props_end().is_some() || was.contains('#') || has_break(was) {
            return None;
        }
        let inline = self.inline_like(above.node);
        let mut text = ": ".to_owned();
        let (open, close) = match piece {
            Piece::Member(..) => ('{', '}'),
            Piece::Item(_) => ('[', ']'),
        };
        text.push(open);
        piece.flow(&mut text, style, &inline);
        text.push(close);
        splices.replace(part.key_end..part.end, text);
        Some(was.to_owned())
    }

    /// The column of what the innermost collection is the value of.
    pub(super) fn column_above(&self, levels: &[Level]) -> Option<usize> {
        let (level, above) = levels.split_last()?;
        let part = above
            .last()?
            .parts
            .iter()
            .find(|part| part.value == level.node)?;
        Some(self.column(part.start))
    }

    /// Whether the text up to a byte ends in a line end, or is empty.
    pub(super) fn is_line_start(&self, at: usize) -> bool {
        at == 0 || without_break(self.slice(0, at)).is_some()
    }
}

/// What is said where an entry finds no place.
pub(super) const CANNOT: &str =
    "an entry cannot be put here without changing what is around it; write this value in lines";

/// The entry inside the collections that are missing, from this depth on.
fn nested(servers: &Servers, depth: usize, name: &str, entry: &Value) -> Value {
    let member = |key: &str, value| Value::Object(Map::from_iter([(key.to_owned(), value)]));
    let inside = match servers.named_by {
        Some(_) => Value::Array(vec![entry.clone()]),
        None => member(name, entry.clone()),
    };
    let keys = servers.at.get(depth..).unwrap_or_default();
    keys.iter()
        .rev()
        .fold(inside, |value, key| member(key, value))
}

pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
