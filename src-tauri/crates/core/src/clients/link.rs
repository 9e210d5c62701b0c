use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::System;

use super::Client;
use super::quote::{percent, quoted};
use super::target::{filled, places_in};

/// What a link is, and so what to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Opened, it brings up the client, which asks and then writes its own settings.
    DeepLink,
    /// A command line, for a terminal.
    Command,
    /// A command line that hands the entry over on standard input, where no process list shows it.
    StdinCommand,
    /// A server's address, for a field in the client.
    Url,
    /// A page to do it on by hand.
    Page,
}

/// A way to add a server to a client without writing its settings file: opened or copied by the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: LinkKind,
    /// For people, such as `Add to Cursor`.
    pub title: String,
    /// The link or the command line.
    pub text: String,
    /// Whether it has the key in it.
    pub exposes_key: bool,
}

/// What goes into links.
#[derive(Clone, Copy, Debug)]
pub struct LinkFill<'a> {
    /// The entry's name.
    pub name: &'a str,
    /// The program to start, for links to an entry that starts one.
    pub command: &'a str,
    /// Its arguments.
    pub args: &'a [String],
    /// The server's URL; `None` leaves out links that need one.
    pub url: Option<&'a str>,
    /// Whether the key stands in the URL.
    pub key_in_url: bool,
    /// A header with the key, name and value. With it come the links that send it, and those that give a URL alone are left out:
    /// for persons who insist.
    pub header: Option<(&'a str, &'a str)>,
    /// Whose shell the commands are for.
    pub system: System,
}

/// A link as client files tell it.
///
/// Places are `{name}`, `{url}`, `{command}`, `{args}`, `{argv}` (command and arguments), `{header}` (`Name: value`) and
/// `{entry}`, which is the `entry` of the same `[[link]]` with `$name`, `$command`, `$args`, `$argv`, `$url` and `$headers` filled
/// in. Filters follow after `|`, each taking what the one before gave:
/// - `json`: an entry as compact JSON;
/// - `base64`: standard, with padding;
/// - `percent`: as JavaScript's `encodeURIComponent`;
/// - `query:KEY`: a list as `KEY=…&KEY=…`, percent-encoded;
/// - `shell`: one word for the system's shell, or of a list one for each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkRule {
    kind: LinkKind,
    title: String,
    template: Template,
    #[serde(default)]
    entry: Map<String, Value>,
    /// Left out on other systems.
    #[serde(default)]
    systems: Option<Vec<System>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Hole(Hole, Vec<Filter>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hole {
    Name,
    Url,
    Command,
    Args,
    Argv,
    Header,
    Entry,
}

#[derive(Clone, Debug)]
enum Filter {
    Json,
    Base64,
    Percent,
    Query(String),
    Shell,
}

/// Why the template of a link is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the template of a link: {reason}")]
pub struct LinkTemplateError {
    text: String,
    reason: &'static str,
}

/// What stands in a hole between two filters.
#[derive(Clone, Debug)]
enum Flow {
    Text(String),
    List(Vec<String>),
    Entry(Value),
}

impl TryFrom<String> for Template {
    type Error = LinkTemplateError;

    fn try_from(text: String) -> Result<Self, LinkTemplateError> {
        pieces(&text)
            .map(Self)
            .map_err(|reason| LinkTemplateError { text, reason })
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        pieces.push(Piece::Text(before.to_owned()));
        let (inside, after) = after.split_once('}').ok_or("a { is not closed")?;
        let (hole, filters) = inside.split_once('|').unwrap_or((inside, ""));
        let hole = match hole {
            "name" => Hole::Name,
            "url" => Hole::Url,
            "command" => Hole::Command,
            "args" => Hole::Args,
            "argv" => Hole::Argv,
            "header" => Hole::Header,
            "entry" => Hole::Entry,
            _ => return Err("no such place"),
        };
        let filters: Vec<Filter> = filters
            .split('|')
            .filter(|_| !filters.is_empty())
            .map(filter)
            .collect::<Result<_, _>>()?;
        // What fits an example fits everything: filters go by kind.
        let example = match hole {
            Hole::Args | Hole::Argv => Flow::List(Vec::new()),
            Hole::Entry => Flow::Entry(Value::Null),
            _ => Flow::Text(String::new()),
        };
        match through(example, &filters, System::Linux) {
            Some(Flow::Text(_)) => pieces.push(Piece::Hole(hole, filters)),
            _ => return Err("its filters do not fit"),
        }
        rest = after;
    }
    if rest.contains('}') {
        return Err("a } has no {");
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

fn filter(name: &str) -> Result<Filter, &'static str> {
    match name.split_once(':') {
        Some(("query", key)) if !key.is_empty() => Ok(Filter::Query(key.to_owned())),
        None if name == "json" => Ok(Filter::Json),
        None if name == "base64" => Ok(Filter::Base64),
        None if name == "percent" => Ok(Filter::Percent),
        None if name == "shell" => Ok(Filter::Shell),
        _ => Err("no such filter"),
    }
}

/// Sends a value through filters; `None` where one does not take it.
fn through(start: Flow, filters: &[Filter], system: System) -> Option<Flow> {
    filters
        .iter()
        .try_fold(start, |flow, filter| match (filter, flow) {
            (Filter::Json, Flow::Entry(entry)) => Some(Flow::Text(entry.to_string())),
            (Filter::Base64, Flow::Text(text)) => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(text);
                Some(Flow::Text(encoded))
            }
            (Filter::Percent, Flow::Text(text)) => Some(Flow::Text(percent(&text))),
            (Filter::Query(key), Flow::List(items)) => {
                let pairs: Vec<String> = items
                    .iter()
                    .map(|item| format!("{key}={}", percent(item)))
                    .collect();
                Some(Flow::Text(pairs.join("&")))
            }
            (Filter::Shell, Flow::Text(text)) => quoted(&text, system).map(Flow::Text),
            (Filter::Shell, Flow::List(items)) => {
                let words: Option<Vec<String>> =
                    items.iter().map(|item| quoted(item, system)).collect();
                words.map(|words| Flow::Text(words.join(" ")))
            }
            _ => None,
        })
}

impl LinkRule {
    /// The link, where it applies and can be written.
    fn link(&self, fill: &LinkFill<'_>) -> Option<Link> {
        let here = self
            .systems
            .as_ref()
            .is_none_or(|systems| systems.contains(&fill.system));
        let (wants_url, wants_header) = (self.wants_url(), self.wants_header());
        if !here || wants_header != (wants_url && fill.header.is_some()) {
            return None;
        }
        let url = fill.url.or((!wants_url).then_some(""))?;
        let mut text = String::new();
        for piece in &self.template.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Hole(hole, filters) => {
                    let flow = through(self.flow(*hole, url, fill), filters, fill.system)?;
                    let Flow::Text(filled) = flow else {
                        return None;
                    };
                    text.push_str(&filled);
                }
            }
        }
        Some(Link {
            kind: self.kind,
            title: self.title.clone(),
            text,
            exposes_key: wants_header || (wants_url && fill.key_in_url),
        })
    }

    fn flow(&self, hole: Hole, url: &str, fill: &LinkFill<'_>) -> Flow {
        let argv = || std::iter::once(fill.command).chain(fill.args.iter().map(String::as_str));
        match hole {
            Hole::Name => Flow::Text(fill.name.to_owned()),
            Hole::Url => Flow::Text(url.to_owned()),
            Hole::Command => Flow::Text(fill.command.to_owned()),
            Hole::Args => Flow::List(fill.args.to_vec()),
            Hole::Argv => Flow::List(argv().map(str::to_owned).collect()),
            Hole::Header => Flow::Text(match fill.header {
                Some((name, value)) => format!("{name}: {value}"),
                None => String::new(),
            }),
            Hole::Entry => {
                let place = |text: &str| match text {
                    "$name" => Some(fill.name.into()),
                    "$command" => Some(fill.command.into()),
                    "$args" => Some(fill.args.into()),
                    "$argv" => Some(argv().collect()),
                    "$url" => Some(url.into()),
                    "$headers" => Some(
                        fill.header
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), Value::from(value)))
                            .collect::<Map<_, _>>()
                            .into(),
                    ),
                    _ => None,
                };
                Flow::Entry(filled(&Value::Object(self.entry.clone()), &place))
            }
        }
    }

    fn uses(&self, hole: Hole, place: &str) -> bool {
        let in_template = self
            .template
            .0
            .iter()
            .any(|piece| matches!(piece, Piece::Hole(used, _) if *used == hole));
        let entry = Value::Object(self.entry.clone());
        in_template || places_in(&entry).contains(&place)
    }

    fn wants_url(&self) -> bool {
        self.uses(Hole::Url, "$url")
    }

    fn wants_header(&self) -> bool {
        self.uses(Hole::Header, "$headers")
    }

    /// Places of the entry that nobody fills in.
    pub(super) fn unknown_place(&self) -> Option<String> {
        let entry = Value::Object(self.entry.clone());
        let known = ["$name", "$command", "$args", "$argv", "$url", "$headers"];
        places_in(&entry)
            .into_iter()
            .find(|place| !known.contains(place))
            .map(str::to_owned)
    }
}

impl Client {
    /// The ways to add a server by hand that hold for `fill`, the best first. Those that start our program come whatever the
    /// server is; those with a URL alone are for servers that need no key or sign in by OAuth.
    pub fn links(&self, fill: &LinkFill<'_>) -> Vec<Link> {
        self.link_rules
            .iter()
            .filter_map(|rule| rule.link(fill))
            .collect()
    }

    /// Whether there is any way to add a server by hand.
    pub fn has_links(&self) -> bool {
        !self.link_rules.is_empty()
    }
}
