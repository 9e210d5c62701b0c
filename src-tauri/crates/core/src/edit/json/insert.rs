use jsonc_parser::ast::{self, Object};
use jsonc_parser::common::Ranged as _;
use serde_json::{Map, Value};

use super::document::{Document, Kind, Way};
use super::render::{self, Layout};
use super::style::first_break;
use crate::edit::receipt::{MadeFile, Receipt, Space};
use crate::edit::splice::Splices;
use crate::edit::text::has_break;
use crate::edit::{EditError, Edited};

/// A document of our own, in the place of none (`None`) or of a blank one.
pub(super) fn new_document(
    blank: Option<&str>,
    at: &[String],
    name: &str,
    entry: &Value,
) -> Edited {
    let eol = blank.and_then(first_break).unwrap_or("\n");
    let layout = Layout::Lines {
        indent: String::new(),
        unit: "  ".to_owned(),
        eol,
        colon: ": ".to_owned(),
    };
    let bom = "\u{FEFF}";
    let mut text = match blank {
        Some(blank) if blank.starts_with(bom) => bom.to_owned(),
        _ => String::new(),
    };
    render::value(&mut text, &nested(at, name, entry), &layout);
    text.push_str(eol);
    Edited {
        after: text.into_bytes(),
        receipt: Receipt {
            file: Some(match blank {
                None => MadeFile::Absent,
                Some(blank) => MadeFile::Blank(blank.to_owned()),
            }),
            made: count(at.len()),
            space: None,
        },
        replaced: None,
    }
}

/// Sets the entry in a document that has something in it.
pub(super) fn set(
    document: &Document<'_>,
    at: &[String],
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    let way = document.way(at, name)?;
    let mut splices = Splices::default();
    let mut receipt = Receipt::default();
    let mut replaced = None;
    if let Some(member) = way.entry(at) {
        let old = document.value(member)?;
        if old != *entry {
            let mut text = String::new();
            render::value(&mut text, entry, &layout_in_place(document, &way, at));
            let range = member.value.range();
            splices.replace(range.start..range.end, text);
        }
        replaced = Some(old);
    } else {
        let depth = way.objects.len() - 1;
        let missing = at.get(depth..).unwrap_or_default();
        receipt.made = count(missing.len());
        let (key, value) = match missing.split_first() {
            Some((key, rest)) => (key.as_str(), nested(rest, name, entry)),
            None => (name, entry.clone()),
        };
        let object = way.objects[depth];
        if object.properties.is_empty() {
            let was = fill(document, &way.objects, key, &value, &mut splices);
            receipt.space = Some(Space {
                depth: count(depth),
                was,
            });
        } else {
            append(document, &way.objects, key, &value, &mut splices);
        }
    }
    Ok(Edited {
        after: format!("{}{}", document.bom, splices.apply(document.body)).into_bytes(),
        receipt,
        replaced,
    })
}

/// Adds a member behind the others, and behind the comments after them.
fn append(
    document: &Document<'_>,
    way: &[&Object<'_>],
    key: &str,
    value: &Value,
    splices: &mut Splices,
) {
    let Some((object, last)) = way
        .last()
        .and_then(|object| Some((*object, object.properties.last()?)))
    else {
        return;
    };
    let last_token = document.token_to(last.range.end);
    let trailing_comma = document
        .next_significant(last_token)
        .is_some_and(|token| token.kind == Kind::Comma);
    if !trailing_comma {
        splices.insert(last.range.end, ",");
    }
    let end = document.tokens[document.close(object) - 1].end;
    let (between, layout) = if document.is_spread(object) {
        spread(document, way)
    } else {
        let layout = document.inline(way);
        let space = match &layout {
            Layout::Inline { comma, .. } => comma.trim_start_matches(',').to_owned(),
            Layout::Lines { .. } => String::new(),
        };
        (space, layout)
    };
    let mut text = between;
    render::member(&mut text, key, value, &layout);
    if trailing_comma {
        text.push(',');
    }
    splices.insert(end, text);
}

/// Adds the first member of an object; gives the white space that stood in its place.
fn fill(
    document: &Document<'_>,
    way: &[&Object<'_>],
    key: &str,
    value: &Value,
    splices: &mut Splices,
) -> String {
    let Some(object) = way.last().copied() else {
        return String::new();
    };
    let close = document.close(object);
    let before = document.tokens[close - 1];
    let was = document.slice(before.end, document.tokens[close].start);
    let is_root = way.len() == 1;
    let root = document.root.range;
    let lines = is_root || has_break(document.slice(root.start, root.end));
    let mut text;
    if lines {
        let (between, layout) = spread(document, way);
        text = between;
        render::member(&mut text, key, value, &layout);
        // One line end with the indentation of the brace stays; anything else becomes that.
        if first_break(was).is_some_and(|eol| {
            was.trim_start_matches([' ', '\t'])
                .strip_prefix(eol)
                .is_some_and(|rest| !has_break(rest))
        }) {
            text.push_str(was);
        } else {
            text.push_str(document.eol(object));
            text.push_str(document.line_indent(object.range.start));
        }
    } else {
        let mut layout = document.inline(way);
        if let Layout::Inline { pad, .. } = &mut layout
            && !was.is_empty()
        {
            *pad = was.to_owned();
        }
        let pad = match &layout {
            Layout::Inline { pad, .. } if pad.is_empty() && before.is_comment() => " ",
            Layout::Inline { pad, .. } => pad,
            Layout::Lines { .. } => "",
        }
        .to_owned();
        text = pad.clone();
        render::member(&mut text, key, value, &layout);
        text.push_str(&pad);
    }
    splices.replace(before.end..document.tokens[close].start, text);
    was.to_owned()
}

/// What goes before a member on a line of its own in the innermost object, and how its value is laid out.
fn spread(document: &Document<'_>, way: &[&Object<'_>]) -> (String, Layout) {
    let Some(object) = way.last().copied() else {
        return (String::new(), document.inline(way));
    };
    let eol = document.eol(object);
    let unit = document.unit(way);
    let indent = match document.member_indent(object) {
        Some(indent) => indent.to_owned(),
        None => format!("{}{unit}", document.line_indent(object.range.start)),
    };
    let between = format!("{eol}{indent}");
    let layout = if document.values_stay_on_line(object) {
        let inner = object.properties.iter().rev().find_map(|m| match &m.value {
            ast::Value::Object(inner) if !inner.properties.is_empty() => Some(inner),
            _ => None,
        });
        let mut way = way.to_vec();
        way.extend(inner);
        document.inline(&way)
    } else {
        Layout::Lines {
            indent,
            unit,
            eol,
            colon: document.colon(way),
        }
    };
    (between, layout)
}

/// How a value that takes another's place is laid out: as the other was, where that shows.
fn layout_in_place(document: &Document<'_>, way: &Way<'_, '_>, at: &[String]) -> Layout {
    let Some(member) = way.entry(at) else {
        return document.inline(&way.objects);
    };
    let range = member.value.range();
    let old_on_line = matches!(&member.value, ast::Value::Object(old) if !old.properties.is_empty())
        && !has_break(document.slice(range.start, range.end));
    let spread = way
        .objects
        .last()
        .is_some_and(|object| document.is_spread(object));
    if has_break(document.slice(range.start, range.end)) || (spread && !old_on_line) {
        let object = way.objects[at.len()];
        Layout::Lines {
            indent: document.line_indent(member.range.start).to_owned(),
            unit: document.unit(&way.objects),
            eol: document.eol(object),
            colon: document.colon(&way.objects),
        }
    } else {
        let mut objects = way.objects.clone();
        if let ast::Value::Object(old) = &member.value {
            objects.push(old);
        }
        document.inline(&objects)
    }
}

/// The entry inside the objects that are missing.
fn nested(keys: &[String], name: &str, entry: &Value) -> Value {
    let inside = Map::from_iter([(name.to_owned(), entry.clone())]);
    keys.iter().rev().fold(Value::Object(inside), |value, key| {
        Value::Object(Map::from_iter([(key.clone(), value)]))
    })
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
