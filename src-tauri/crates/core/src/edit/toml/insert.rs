use serde_json::{Map, Value};

use super::bracket::{Bracket, Layout};
use super::document::{Document, Kind, NodeId};
use super::render::{self, Style};
use super::way::Way;
use crate::edit::receipt::{MadeFile, Receipt, Space};
use crate::edit::splice::Splices;
use crate::edit::text::BOM;
use crate::edit::{Edited, Servers};

/// A document of our own, in the place of none (`None`) or of a blank one.
pub(super) fn new_document(
    blank: Option<&str>,
    servers: &Servers,
    name: &str,
    entry: &Map<String, Value>,
) -> Edited {
    let style = Style {
        eol: match blank {
            Some(blank) if blank.contains("\r\n") => "\r\n",
            _ => "\n",
        },
        ..Style::default()
    };
    let mut text = String::new();
    if blank.is_some_and(|blank| blank.starts_with(BOM)) {
        text.push(BOM);
    }
    headed(&mut text, servers, name, entry, &style);
    text.push_str(style.eol);
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

/// How an entry that is not there is written.
enum Form {
    /// Under a header of its own.
    Header,
    /// As pairs behind a statement, whose section's table is given: one for each member of the entry (`dotted`), or one with an
    /// inline table.
    Pairs {
        behind: usize,
        table: NodeId,
        dotted: bool,
    },
}

/// Adds an entry that is not there.
pub(super) fn add(
    document: &Document<'_>,
    servers: &Servers,
    way: &Way,
    name: &str,
    entry: &Map<String, Value>,
) -> (Splices, Receipt) {
    let (innermost, depth) = way.innermost();
    let missing = &servers.at[depth..];
    let mut splices = Splices::default();
    let mut receipt = Receipt {
        made: count(missing.len()),
        ..Receipt::default()
    };
    match document.node(innermost).kind {
        Kind::Inline | Kind::Array => {
            let was = bracketed(
                document,
                servers,
                innermost,
                missing,
                name,
                entry,
                &mut splices,
            );
            receipt.space = was.map(|was| Space {
                depth: count(depth),
                was,
            });
        }
        Kind::Tables | Kind::Scalar | Kind::Table { .. } => {
            match form(document, innermost, missing) {
                Form::Header => {
                    let at = behind_all_of(document, innermost, missing);
                    let style = document.style(innermost, at);
                    let alone = document.slice(0, at).trim().is_empty();
                    let mut text = if alone {
                        String::new()
                    } else {
                        style.eol.repeat(1 + style.blank_lines)
                    };
                    headed(&mut text, servers, name, entry, &style);
                    if alone {
                        text.push_str(style.eol);
                    }
                    splices.insert(at, text);
                }
                Form::Pairs {
                    behind,
                    table,
                    dotted,
                } => {
                    let at = document.line_end(document.statement_end(behind));
                    let style = document.style(innermost, at);
                    let from = usize::from(document.node(table).depth);
                    let mut path: Vec<&str> = servers.at[from.min(servers.at.len())..]
                        .iter()
                        .map(String::as_str)
                        .collect();
                    let indent = document.indent(document.statement_start(behind));
                    let mut text = String::new();
                    if servers.named_by.is_some() {
                        let list = Value::Array(vec![Value::Object(entry.clone())]);
                        line(&mut text, &path, &list, indent, &style);
                    } else {
                        path.push(name);
                        if dotted && !entry.is_empty() {
                            render::pairs(&mut text, &path, entry, indent, &style);
                        } else {
                            let entry = Value::Object(entry.clone());
                            line(&mut text, &path, &entry, indent, &style);
                        }
                    }
                    splices.insert(at, text);
                }
            }
        }
    }
    (splices, receipt)
}

fn line(out: &mut String, path: &[&str], value: &Value, indent: &str, style: &Style) {
    out.push_str(style.eol);
    out.push_str(indent);
    render::pair(out, path, value, style);
}

fn headed(
    out: &mut String,
    servers: &Servers,
    name: &str,
    entry: &Map<String, Value>,
    style: &Style,
) {
    let mut path: Vec<&str> = servers.at.iter().map(String::as_str).collect();
    let list = servers.named_by.is_some();
    if !list {
        path.push(name);
    }
    render::headed(out, &path, entry, list, style);
}

/// How the neighbours in a table are written, as far as an entry can be written so too.
fn form(document: &Document<'_>, table: NodeId, missing: &[String]) -> Form {
    let list = document.node(table).kind == Kind::Tables;
    let Some(last) = document.last_statement_in(table).filter(|_| !list) else {
        return Form::Header;
    };
    let section = document.section(last);
    if document.statement_is_header(last)
        || (section != table && document.is_in(section, table))
        || (section == table && !missing.is_empty())
    {
        return Form::Header;
    }
    let pairs = |dotted| Form::Pairs {
        behind: last,
        table: section,
        dotted,
    };
    if !missing.is_empty() {
        return pairs(false);
    }
    let neighbour = document
        .children(table)
        .filter_map(|child| match document.node(child).kind {
            Kind::Inline => Some(false),
            Kind::Table {
                dotted: true,
                headed: false,
            } => Some(true),
            _ => None,
        })
        .last();
    match neighbour {
        Some(dotted) => pairs(dotted),
        // A table may go on under other headers, but one that dotted keys have made is better left to them.
        None if section == table => Form::Header,
        None => pairs(false),
    }
}

/// Where a header goes: behind the last line that belongs to a table, and behind comments that stand there and are not the next
/// header's.
fn behind_all_of(document: &Document<'_>, table: NodeId, missing: &[String]) -> usize {
    let end = document.body.len();
    let last = match document.last_statement_in(table) {
        Some(last) if missing.is_empty() || table != NodeId::ROOT => last,
        _ => return document.content_before(end).unwrap_or(end),
    };
    let after = document.line_end(document.statement_end(last));
    let Some(next) = document.statements.get(last + 1).map(|_| last + 1) else {
        return document.content_before(end).unwrap_or(end);
    };
    let header = document.line_start(document.statement_start(next));
    let mut at = after;
    loop {
        let line = document.next_line(at);
        if line >= header {
            // The comments stand directly above the header.
            return after;
        }
        let line_end = document.line_end(line);
        if document.slice(line, line_end).trim().is_empty() {
            return at;
        }
        at = line_end;
    }
}

/// Adds the entry, inside the tables that are missing, to an inline table or an array.
fn bracketed(
    document: &Document<'_>,
    servers: &Servers,
    container: NodeId,
    missing: &[String],
    name: &str,
    entry: &Map<String, Value>,
    splices: &mut Splices,
) -> Option<String> {
    let start = document.node(container).start();
    let mut style = document.style(container, start);
    let mut value = Value::Object(entry.clone());
    let mut keys: Vec<&str> = missing.iter().map(String::as_str).collect();
    if servers.named_by.is_none() {
        keys.push(name);
    } else if !missing.is_empty() {
        value = Value::Array(vec![value]);
    }
    let inline = document.node(container).kind == Kind::Inline;
    let inside = if inline {
        Some(container)
    } else {
        document
            .children(container)
            .filter(|item| document.node(*item).kind == Kind::Inline)
            .last()
    };
    let pair = inside.and_then(|inside| document.children(inside).last());
    if let Some(pair) = pair {
        if let Some(equals) = document.equals(pair) {
            equals.clone_into(&mut style.equals);
        }
        let open = inside.map_or(start, |inside| document.node(inside).start());
        let spaced = document
            .slice(open + 1, document.body.len())
            .starts_with([' ', '\t', '\r', '\n']);
        style.pad = if spaced { " " } else { "" };
    }
    let mut text = String::new();
    match keys.split_first() {
        Some((first, rest)) => {
            let value = rest.iter().rev().fold(value, |value, key| {
                Value::Object(Map::from_iter([((*key).to_owned(), value)]))
            });
            render::pair(&mut text, &[first], &value, &style);
        }
        None => render::value(&mut text, &value, &style),
    }
    let layout = Layout {
        eol: style.eol,
        pad: if inline { style.pad } else { "" },
    };
    Bracket::new(document, container).append(document, &text, &layout, splices)
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
