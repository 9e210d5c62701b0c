use jsonc_parser::ast::{self, Object, ObjectProp};

use super::document::Document;
use super::render::Layout;
use crate::edit::text::{has_break, is_space};

/// How a document (or the part around an object) is laid out.
impl<'a> Document<'a> {
    /// Index of an object's opening brace.
    pub(super) fn open(&self, object: &Object<'_>) -> usize {
        self.token_from(object.range.start)
    }

    /// Index of an object's closing brace.
    pub(super) fn close(&self, object: &Object<'_>) -> usize {
        self.token_to(object.range.end)
    }

    /// The texts between an object's braces that belong to none of its members.
    pub(super) fn gaps<'d>(&'d self, object: &'d Object<'a>) -> impl Iterator<Item = &'a str> + 'd {
        let starts = std::iter::once(object.range.start + 1)
            .chain(object.properties.iter().map(|member| member.range.end));
        let ends = object
            .properties
            .iter()
            .map(|member| member.range.start)
            .chain([object.range.end - 1]);
        starts.zip(ends).map(|(start, end)| self.slice(start, end))
    }

    /// Whether an object is spread over lines of its own.
    pub(super) fn is_spread(&self, object: &Object<'a>) -> bool {
        self.gaps(object).any(has_break)
    }

    /// White space at the start of the line a byte is on.
    pub(super) fn line_indent(&self, at: usize) -> &'a str {
        let start = self
            .slice(0, at)
            .rfind(['\n', '\r'])
            .map_or(0, |found| found + 1);
        let line = self.slice(start, self.body.len());
        let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
        line.get(..end).unwrap_or_default()
    }

    /// Whether nothing but white space stands before a byte on its line.
    fn begins_line(&self, at: usize) -> bool {
        let before = self.slice(0, at).trim_end_matches([' ', '\t']);
        before.ends_with(['\n', '\r'])
    }

    /// What ends a line near an object.
    pub(super) fn eol(&self, object: &Object<'a>) -> &'static str {
        self.gaps(object)
            .find_map(first_break)
            .or_else(|| first_break(self.body))
            .unwrap_or("\n")
    }

    /// Indentation of an object's members, where they have lines of their own.
    pub(super) fn member_indent(&self, object: &Object<'a>) -> Option<&'a str> {
        object
            .properties
            .iter()
            .rev()
            .map(|member| member.range.start)
            .find(|start| self.begins_line(*start))
            .map(|start| self.line_indent(start))
    }

    /// What a level of nesting adds to the indentation, seen at the innermost of these objects that shows it.
    pub(super) fn unit(&self, way: &[&Object<'a>]) -> String {
        way.iter()
            .rev()
            .flat_map(|object| {
                let inside = object.properties.iter().filter_map(|m| match &m.value {
                    ast::Value::Object(inner) => Some(inner),
                    _ => None,
                });
                std::iter::once(*object).chain(inside)
            })
            .find_map(|object| {
                let added = self
                    .member_indent(object)?
                    .strip_prefix(self.line_indent(object.range.start))?;
                (!added.is_empty()).then(|| added.to_owned())
            })
            .unwrap_or_else(|| "  ".to_owned())
    }

    /// What stands between key and value near an object.
    pub(super) fn colon(&self, way: &[&Object<'a>]) -> String {
        way.iter()
            .rev()
            .find_map(|object| object.properties.last())
            .and_then(|member| self.colon_of(member))
            .unwrap_or(": ")
            .to_owned()
    }

    fn colon_of(&self, member: &ObjectProp<'a>) -> Option<&'a str> {
        let start = self.tokens.get(self.token_from(member.range.start))?.end;
        let end = self.tokens.get(self.token_from(start) + 1)?.start;
        let colon = self.slice(start, end);
        (colon.chars().all(|c| matches!(c, ' ' | '\t' | ':')) && colon.len() <= 3).then_some(colon)
    }

    /// What stands after the brace of an object on one line.
    pub(super) fn pad(&self, way: &[&Object<'a>]) -> String {
        way.iter()
            .rev()
            .filter(|object| !object.properties.is_empty() && !self.is_spread(object))
            .find_map(|object| self.gaps(object).next())
            .filter(|pad| pad.bytes().all(|b| b == b' '))
            .unwrap_or_default()
            .to_owned()
    }

    /// The layout of a value that stands on one line in the innermost of these objects.
    pub(super) fn inline(&self, way: &[&Object<'a>]) -> Layout {
        let colon = self.colon(way);
        let between = way.last().and_then(|object| {
            let [.., before, last] = object.properties.as_slice() else {
                return None;
            };
            let gap = self.slice(before.range.end, last.range.start);
            (!has_break(gap) && gap.bytes().all(|b| b == b',' || is_space(b))).then_some(gap)
        });
        let comma = match between {
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

    /// Whether an object's neighbours keep their values on one line though it is spread: all of those that are objects with
    /// something in them.
    pub(super) fn values_stay_on_line(&self, object: &Object<'a>) -> bool {
        let mut inner = object
            .properties
            .iter()
            .filter_map(|member| match &member.value {
                ast::Value::Object(inner) if !inner.properties.is_empty() => Some(inner),
                _ => None,
            })
            .peekable();
        inner.peek().is_some()
            && inner.all(|inner| !has_break(self.slice(inner.range.start, inner.range.end)))
    }
}

/// The first line end in a text.
pub(super) fn first_break(text: &str) -> Option<&'static str> {
    let at = text.find(['\n', '\r'])?;
    let rest = text.get(at..)?;
    Some(if rest.starts_with("\r\n") {
        "\r\n"
    } else if rest.starts_with('\r') {
        "\r"
    } else {
        "\n"
    })
}
