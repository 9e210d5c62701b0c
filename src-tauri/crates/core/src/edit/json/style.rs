use super::container::Container;
use super::document::Document;
use super::render::Layout;
use crate::edit::text::is_space;

/// How a document (or the part around a container) is laid out.
impl<'a> Document<'a> {
    /// White space at the start of the line a byte is on.
    pub(super) fn line_indent(&self, at: usize) -> &'a str {
        line_indent(self.text, at)
    }

    /// Whether a line ends between two bytes.
    pub(super) fn is_broken(&self, start: usize, end: usize) -> bool {
        first_break(self.slice(start, end)).is_some()
    }

    /// What ends a line near a container.
    pub(super) fn eol(&self, container: &Container) -> &'static str {
        container
            .eol
            .or_else(|| first_break(self.text))
            .unwrap_or("\n")
    }

    /// Indentation of a container's items, where they have lines of their own.
    pub(super) fn item_indent(&self, container: &Container) -> Option<&'a str> {
        container.begins_line.map(|start| self.line_indent(start))
    }

    /// What a level of nesting adds to the indentation, seen at the innermost of these containers that shows it.
    pub(super) fn unit(&self, way: &[&Container]) -> String {
        way.iter()
            .rev()
            .find_map(|container| {
                container
                    .own_unit(self.text)
                    .or_else(|| container.unit_inside.clone())
            })
            .map_or("  ", |range| self.slice(range.start, range.end))
            .to_owned()
    }

    /// What stands between key and value in the innermost of these containers that has members.
    pub(super) fn colon(&self, way: &[&Container]) -> String {
        way.iter()
            .rev()
            .filter(|container| !container.is_array)
            .find_map(|container| container.last)
            .map(|member| self.slice(member.key_end, member.value))
            .filter(|colon| {
                colon.len() <= 3 && colon.chars().all(|c| matches!(c, ' ' | '\t' | ':'))
            })
            .unwrap_or(": ")
            .to_owned()
    }

    /// What stands behind the brace of an object on one line.
    fn pad(&self, way: &[&Container]) -> String {
        way.iter()
            .rev()
            .find(|object| !object.is_array && object.count > 0 && !object.is_spread())
            .map(|object| self.slice(object.open + 1, object.first_gap_end))
            .filter(|pad| pad.bytes().all(|b| b == b' '))
            .unwrap_or_default()
            .to_owned()
    }

    /// What stands between the last two items of a container, if it is a comma and white space on one line.
    pub(super) fn between(&self, container: &Container) -> Option<&'a str> {
        let gap = self.slice(container.before_last?, container.last?.start);
        (first_break(gap).is_none() && gap.bytes().all(|b| b == b',' || is_space(b))).then_some(gap)
    }

    /// The layout of a value that stands on one line in the innermost of these containers.
    pub(super) fn inline(&self, way: &[&Container]) -> Layout {
        let colon = self.colon(way);
        let comma = match way.last().and_then(|container| self.between(container)) {
            Some(gap) => gap.trim_start().to_owned(),
            None if colon.ends_with(' ') => ", ".to_owned(),
            None => ",".to_owned(),
        };
        Layout::Inline {
            colon,
            comma,
            pad: self.pad(way),
        }
    }
}

/// White space at the start of the line a byte is on.
pub(super) fn line_indent(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes().get(..at).unwrap_or_default();
    let start = memchr::memrchr2(b'\n', b'\r', bytes).map_or(0, |found| found + 1);
    let line = text.get(start..).unwrap_or_default();
    let line = line.strip_prefix(crate::edit::text::BOM).unwrap_or(line);
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

/// Whether nothing but white space stands before a byte on its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes().get(..at).unwrap_or_default();
    let before = bytes.iter().rev().find(|b| !matches!(b, b' ' | b'\t'));
    matches!(before, Some(b'\n' | b'\r'))
}

/// The first line end in a text.
pub(super) fn first_break(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let at = memchr::memchr2(b'\n', b'\r', bytes)?;
    Some(match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => "\r\n",
        (Some(b'\r'), _) => "\r",
        _ => "\n",
    })
}
