use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::edit::{Servers, Syntax};

use super::lock::LockRule;
use super::template::PROJECT;
use super::{Candidate, Checked, ClientLock, PerSystem, Quirk, Reload, Sign, Version};

/// A settings file of a client, wherever it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// `user`, `project`, `local`, `profile`, or the name of a variant such as `insiders`. Unique within its client.
    pub kind: String,
    /// For people, where the kind does not say it all, such as `VS Code Insiders`.
    #[serde(default)]
    pub title: Option<String>,
    /// Each match of the path's `*` is a target of its own, such as `profile=6f1b2c`.
    #[serde(default)]
    pub each: bool,
    /// How the file is written.
    pub syntax: Syntax,
    /// The keys that lead to the map or list of servers, outermost first; `${PROJECT}` in one is the project's directory.
    pub servers_at: Vec<String>,
    /// In a list of servers: the key that holds an item's name.
    #[serde(default)]
    pub named_by: Option<String>,
    /// Entries in the client's own shape.
    pub(super) entry: Entries,
    /// The first version of the client that asks the command of an entry with a helper for headers. Older ones go on without.
    #[serde(default)]
    pub helper_since: Option<Version>,
    /// When the client takes up a change.
    pub reload: Reload,
    /// Where the file may be; the first one that applies is the one the client reads.
    pub path: PerSystem<Candidate>,
    /// What tells that the program that reads this file is installed, where it is another than the client's others.
    #[serde(default)]
    pub detect: Option<PerSystem<Sign>>,
    /// The lock that the client takes when it writes the file.
    #[serde(default)]
    pub(super) lock: Option<LockRule>,
    /// How well the facts about this file are known, where they differ from the client's.
    #[serde(default)]
    pub checked: Option<Checked>,
    /// What to beware of with this file, besides what holds for the client.
    #[serde(default)]
    pub quirks: Vec<Quirk>,
}

/// An entry in the client's own shape, by how the client reaches the server. `$command`, `$args`, `$argv` (both in one list),
/// `$name`, `$url` and `$helper` stand where ours go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entries {
    /// A command to start.
    pub(super) stdio: Map<String, Value>,
    /// A URL, with a command that prints the headers.
    #[serde(default)]
    pub(super) helper: Option<Map<String, Value>>,
}

/// How a client reaches a server through an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It starts `keystow bridge ID`, which relays.
    Bridge,
    /// It speaks HTTP itself and asks `keystow headers ID` for the headers.
    Helper,
    /// It starts `keystow exec ID -- COMMAND…`, which runs a server that takes its key in an environment variable.
    Exec,
    /// Nothing is written: the person hands a link, a command or a URL to the client.
    Link,
}

impl Mode {
    /// As the ledger and `--mode` write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bridge => "bridge",
            Self::Helper => "helper",
            Self::Exec => "exec",
            Self::Link => "link",
        }
    }
}

/// What goes into an entry.
#[derive(Clone, Copy, Debug)]
pub struct Fill<'a> {
    /// The entry's name.
    pub name: &'a str,
    /// The program to start.
    pub command: &'a str,
    /// Its arguments.
    pub args: &'a [String],
    /// The server's URL.
    pub url: &'a str,
    /// The command line that prints the headers, quoted for the system's shell.
    pub helper: &'a str,
}

impl Target {
    /// The entry in the client's own shape; `None` where the client does not have this mode.
    pub fn entry(&self, mode: Mode, fill: &Fill<'_>) -> Option<Value> {
        let shape = match mode {
            Mode::Bridge | Mode::Exec => Some(&self.entry.stdio),
            Mode::Helper => self.entry.helper.as_ref(),
            Mode::Link => None,
        }?;
        let place = |text: &str| match text {
            "$command" => Some(fill.command.into()),
            "$args" => Some(fill.args.into()),
            "$argv" => Some(
                std::iter::once(fill.command)
                    .chain(fill.args.iter().map(String::as_str))
                    .collect(),
            ),
            "$name" => Some(fill.name.into()),
            "$url" => Some(fill.url.into()),
            "$helper" => Some(fill.helper.into()),
            _ => None,
        };
        Some(filled(&Value::Object(shape.clone()), &place))
    }

    /// The modes an entry can have here, the default first.
    pub fn modes(&self) -> Vec<Mode> {
        let mut modes = vec![Mode::Bridge];
        modes.extend(self.entry.helper.is_some().then_some(Mode::Helper));
        modes.push(Mode::Exec);
        modes
    }

    /// Whether it only has a place within a project.
    pub fn needs_project(&self) -> bool {
        let in_path = self
            .path
            .all()
            .any(|candidate| candidate.base() == Some(PROJECT));
        in_path || self.servers_at.iter().any(|key| key == PROJECT_KEY)
    }

    /// Where the servers stand in the file.
    pub fn servers(&self, project: Option<&Path>) -> Servers {
        let at = self.servers_at.iter().map(|key| match project {
            Some(project) if key == PROJECT_KEY => project.to_string_lossy().into_owned(),
            _ => key.clone(),
        });
        Servers {
            syntax: self.syntax,
            at: at.collect(),
            named_by: self.named_by.clone(),
        }
    }

    /// The lock that the client itself takes when it writes `path`, to be held while we do. `path` is as the client names it: for a
    /// symbolic link Claude Code locks beside the link. Source: Claude Code 2.1.329, run; checked 2026-11-21.
    pub fn lock_for(&self, path: &Path) -> Option<ClientLock> {
        self.lock.as_ref().map(|rule| rule.at(path))
    }
}

/// The key that is a project's directory.
const PROJECT_KEY: &str = "${PROJECT}";

/// A shape with every string that `place` knows replaced.
pub(super) fn filled(shape: &Value, place: &dyn Fn(&str) -> Option<Value>) -> Value {
    match shape {
        Value::String(text) => place(text).unwrap_or_else(|| text.as_str().into()),
        Value::Array(items) => items.iter().map(|item| filled(item, place)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), filled(value, place)))
            .collect(),
        other => other.clone(),
    }
}

/// The strings of a shape that look like places to fill: `$` and a word in lower case.
pub(super) fn places_in(shape: &Value) -> Vec<&str> {
    match shape {
        Value::String(text) => {
            let word = text.strip_prefix('$').unwrap_or_default();
            let is_place = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
            is_place.then_some(text.as_str()).into_iter().collect()
        }
        Value::Array(items) => items.iter().flat_map(places_in).collect(),
        Value::Object(map) => map.values().flat_map(places_in).collect(),
        _ => Vec::new(),
    }
}
