use serde_json::{Map, Value};

use super::container::Container;
use super::document::Document;
use super::render::{self, Layout};
use super::style::first_break;
use crate::edit::receipt::{MadeFile, Receipt, Space};
use crate::edit::splice::Splices;
use crate::edit::text::{BOM, has_break};
use crate::edit::{EditError, Edited, Servers};

/// A document of our own, in the place of none (`None`) or of a blank one.
pub(super) fn new_document(
    blank: Option<&str>,
    servers: &Servers,
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
    let mut text = String::new();
    if blank.is_some_and(|blank| blank.starts_with(BOM)) {
        text.push(BOM);
    }
    render::value(&mut text, &nested(servers, 0, name, entry), &layout);
    text.push_str(eol);
    Edited {
        after: text.into_bytes(),
        receipt: Receipt {
            file: Some(match blank {
                None => MadeFile::Absent,
                Some(blank) => MadeFile::Blank(blank.to_owned()),
            }),
            made: count(servers.at.len()),
            ..Receipt::default()
        },
        replaced: None,
    }
}

/// Sets the entry in a document that has something in it.
pub(super) fn set(
    document: &Document<'_>,
    servers: &Servers,
    name: &str,
    entry: &Value,
) -> Result<Edited, EditError> {
    let mut splices = Splices::default();
    let mut receipt = Receipt::default();
    let mut replaced = None;
    if let Some(item) = document.entry() {
        let old = document.value(&item)?;
        if old != *entry {
            let mut text = String::new();
            render::value(&mut text, entry, &layout_in_place(document)?);
            splices.replace(item.value..item.end, text);
        }
        replaced = Some(old);
    } else {
        let way: Vec<&Container> = document.way.iter().collect();
        let depth = way.len() - 1;
        receipt.made = count(servers.at.len() - depth);
        let new = match servers.at.get(depth) {
            Some(key) => New {
                key: Some(key),
                value: nested(servers, depth + 1, name, entry),
            },
            None => New {
                key: servers.named_by.is_none().then_some(name),
                value: entry.clone(),
            },
        };
        if document.innermost().count == 0 {
            let was = fill(document, &way, &new, &mut splices)?;
            receipt.space = Some(Space {
                depth: count(depth),
                was,
            });
        } else {
            append(document, &way, &new, &mut splices)?;
        }
    }
    Ok(Edited {
        after: splices.apply(document.text).into_bytes(),
        receipt,
        replaced,
    })
}

/// What comes into a container.
struct New<'a> {
    /// None in an array.
    key: Option<&'a str>,
    value: Value,
}

impl New<'_> {
    fn render(&self, out: &mut String, layout: &Layout) {
        match self.key {
            Some(key) => render::member(out, key, &self.value, layout),
            None => render::value(out, &self.value, layout),
        }
    }
}

/// Adds an item behind the others, and behind the comments after them.
fn append(
    document: &Document<'_>,
    way: &[&Container],
    new: &New<'_>,
    splices: &mut Splices,
) -> Result<(), EditError> {
    let container = document.innermost();
    if let Some(last) = container.last
        && !container.trailing_comma
    {
        splices.insert(last.end, ",");
    }
    let (mut text, layout) = if container.is_spread() {
        spread(document, way)?
    } else if let Some(hugged) = hugged(document, way)? {
        hugged
    } else {
        let inner = inner(document, container)?;
        let with_inner = [way, &inner.iter().collect::<Vec<_>>()].concat();
        let layout = match container.is_array {
            true => document.inline(&with_inner),
            false => document.inline(way),
        };
        let space = match document.inline(way) {
            Layout::Inline { comma, .. } => comma.trim_start_matches(',').to_owned(),
            Layout::Lines { .. } => String::new(),
        };
        (space, layout)
    };
    new.render(&mut text, &layout);
    if container.trailing_comma {
        text.push(',');
    }
    splices.insert(container.tail.end, text);
    Ok(())
}

/// Adds the first item of a container; gives the white space that stood in its place.
fn fill(
    document: &Document<'_>,
    way: &[&Container],
    new: &New<'_>,
    splices: &mut Splices,
) -> Result<String, EditError> {
    let container = document.innermost();
    let (start, close) = (container.tail.end, container.close);
    let was = document.slice(start, close);
    let root = document.way.first().map_or(0..0, Container::range);
    let mut text;
    if way.len() == 1 || document.is_broken(root.start, root.end) {
        let (between, layout) = spread(document, way)?;
        text = between;
        new.render(&mut text, &layout);
        // One line end with the indentation of the bracket stays; anything else becomes that.
        if first_break(was).is_some_and(|eol| {
            was.trim_start_matches([' ', '\t'])
                .strip_prefix(eol)
                .is_some_and(|rest| !has_break(rest))
        }) {
            text.push_str(was);
        } else {
            text.push_str(document.eol(container));
            text.push_str(document.line_indent(container.open));
        }
    } else {
        let mut layout = document.inline(way);
        let mut around = was.to_owned();
        if let Layout::Inline { pad, .. } = &mut layout
            && !container.is_array
        {
            if was.is_empty() {
                around.clone_from(pad);
            } else {
                pad.clone_from(&around);
            }
        }
        if around.is_empty() && container.tail.is_comment() {
            " ".clone_into(&mut around);
        }
        text = around.clone();
        new.render(&mut text, &layout);
        text.push_str(&around);
    }
    splices.replace(start..close, text);
    Ok(was.to_owned())
}

/// What goes before an item on a line of its own in the innermost container, and how its value is laid out.
fn spread(document: &Document<'_>, way: &[&Container]) -> Result<(String, Layout), EditError> {
    let container = document.innermost();
    let eol = document.eol(container);
    let unit = document.unit(way);
    let indent = match document.item_indent(container) {
        Some(indent) => indent.to_owned(),
        None => format!("{}{unit}", document.line_indent(container.open)),
    };
    let between = format!("{eol}{indent}");
    let inner = inner(document, container)?;
    let with_inner = [way, &inner.iter().collect::<Vec<_>>()].concat();
    let values_stay_on_line = inner.is_some() && !container.inner_spread;
    let layout = if values_stay_on_line {
        document.inline(&with_inner)
    } else {
        Layout::Lines {
            indent,
            unit,
            eol,
            colon: document.colon(if container.is_array { &with_inner } else { way }),
        }
    };
    Ok((between, layout))
}

/// The same for an array whose objects begin on the line where the one before ends, as in `[{ … }, { … }]` over several lines.
fn hugged(
    document: &Document<'_>,
    way: &[&Container],
) -> Result<Option<(String, Layout)>, EditError> {
    let container = document.innermost();
    let Some(last) = container.last.filter(|_| container.is_array) else {
        return Ok(None);
    };
    let Some(eol) = first_break(document.slice(last.value, last.end)) else {
        return Ok(None);
    };
    let inner = inner(document, container)?;
    let with_inner = [way, &inner.iter().collect::<Vec<_>>()].concat();
    let space = document
        .between(container)
        .map_or(" ", |gap| gap.trim_start_matches(','));
    let layout = Layout::Lines {
        indent: document.line_indent(last.end - 1).to_owned(),
        unit: document.unit(&with_inner),
        eol,
        colon: document.colon(&with_inner),
    };
    Ok(Some((space.to_owned(), layout)))
}

/// The last object in a container that has members.
fn inner(document: &Document<'_>, container: &Container) -> Result<Option<Container>, EditError> {
    match &container.last_inner {
        Some(range) => document.object_at(range.start),
        None => Ok(None),
    }
}

/// How a value that takes another's place is laid out: as the other was, where that shows.
fn layout_in_place(document: &Document<'_>) -> Result<Layout, EditError> {
    let mut way: Vec<&Container> = document.way.iter().collect();
    let Some(item) = document.entry() else {
        return Ok(document.inline(&way));
    };
    let container = document.innermost();
    let broken = document.is_broken(item.value, item.end);
    let old = match document.slice(item.value, item.value + 1) {
        "{" => document.object_at(item.value)?,
        _ => None,
    };
    let old_on_line = !broken && old.as_ref().is_some_and(|old| old.count > 0);
    if broken || (container.is_spread() && !old_on_line) {
        let unit = document.unit(&way);
        if container.is_array {
            way.extend(&old);
        }
        Ok(Layout::Lines {
            indent: document.line_indent(item.start).to_owned(),
            unit,
            eol: document.eol(container),
            colon: document.colon(&way),
        })
    } else {
        way.extend(&old);
        Ok(document.inline(&way))
    }
}

/// The entry inside the containers that are missing: all but the first so many.
fn nested(servers: &Servers, there: usize, name: &str, entry: &Value) -> Value {
    let one = |key: &str, value: Value| Value::Object(Map::from_iter([(key.to_owned(), value)]));
    let innermost = match servers.named_by {
        Some(_) => Value::Array(vec![entry.clone()]),
        None => one(name, entry.clone()),
    };
    let missing = servers.at.get(there..).unwrap_or_default();
    missing
        .iter()
        .rev()
        .fold(innermost, |value, key| one(key, value))
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
