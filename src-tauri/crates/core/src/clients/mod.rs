//! AI clients as data: where each keeps its settings, in which shape, and what to beware of.
//!
//! One TOML each under `clients/`, read once; a client is added without touching Rust. Which of a client's paths holds on this
//! computer is decided by [`Client::locate`] from [`Paths`](crate::Paths) and a [`Look`] at the file system that the host hands in.

mod locate;
mod quirk;
mod template;

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::edit::{Servers, Syntax};
use crate::{ClientId, System};

pub use locate::{Located, LocatedTarget, Look};
pub use quirk::{Notice, Quirk, check_quirks};
pub use template::{Candidate, Sign, TemplateError};

/// How well the facts about a client are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// The real program was run.
    Run,
    /// Read in its source.
    Source,
    /// The vendor's documentation.
    Documentation,
    /// Second hand; verify before relying on it.
    Unverified,
}

/// When a client's facts were checked, and how.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// ISO date.
    pub on: String,
    /// How well they are known.
    pub how: How,
    /// The client's version, where one was looked at.
    #[serde(default)]
    pub version: Option<String>,
}

/// When a client takes up a changed settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reload {
    /// By itself.
    Live,
    /// After a reload of its window or server list.
    Window,
    /// After it was quit and started again.
    Restart,
}

/// Something a client has once for each system. A client that does not run on a system leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerSystem<T> {
    /// On Linux.
    #[serde(default = "Vec::new")]
    pub linux: Vec<T>,
    /// On macOS.
    #[serde(default = "Vec::new")]
    pub macos: Vec<T>,
    /// On Windows.
    #[serde(default = "Vec::new")]
    pub windows: Vec<T>,
}

impl<T> PerSystem<T> {
    /// Those of one system, in order.
    pub fn on(&self, system: System) -> &[T] {
        match system {
            System::Linux => &self.linux,
            System::Macos => &self.macos,
            System::Windows => &self.windows,
        }
    }
}

/// A settings file of a client, wherever it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// `user`, `project`, `local`, `profile`, or the name of a variant such as `insiders`. Unique within its client.
    pub kind: String,
    /// For people, where the kind does not say it all, such as `VS Code Insiders`.
    #[serde(default)]
    pub title: Option<String>,
    /// How the file is written.
    pub syntax: Syntax,
    /// The keys that lead to the map or list of servers, outermost first; `${PROJECT}` in one is the project's directory.
    pub servers_at: Vec<String>,
    /// In a list of servers: the key that holds an item's name.
    #[serde(default)]
    pub named_by: Option<String>,
    /// Entries in the client's own shape.
    entry: Entries,
    /// When the client takes up a change.
    pub reload: Reload,
    /// Where the file may be; the first one that applies is the one the client reads.
    pub path: PerSystem<Candidate>,
}

/// An entry in the client's own shape, by how the client reaches the server. `$command`, `$args`, `$argv` (both in one list),
/// `$name`, `$url` and `$helper` stand where ours go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    /// A command to start.
    stdio: Map<String, Value>,
    /// A URL, with a command that prints the headers.
    #[serde(default)]
    helper: Option<Map<String, Value>>,
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
        Some(filled(&Value::Object(shape.clone()), fill))
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
        let in_path = [System::Linux, System::Macos, System::Windows]
            .into_iter()
            .flat_map(|system| self.path.on(system))
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
}

/// The base of paths within a project.
const PROJECT: &str = "PROJECT";
/// The key that is a project's directory.
const PROJECT_KEY: &str = "${PROJECT}";

fn filled(value: &Value, fill: &Fill<'_>) -> Value {
    match value {
        Value::String(text) => match text.as_str() {
            "$command" => fill.command.into(),
            "$args" => fill.args.into(),
            "$argv" => std::iter::once(fill.command)
                .chain(fill.args.iter().map(String::as_str))
                .collect(),
            "$name" => fill.name.into(),
            "$url" => fill.url.into(),
            "$helper" => fill.helper.into(),
            other => other.into(),
        },
        Value::Array(items) => items.iter().map(|v| filled(v, fill)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), filled(value, fill)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// A program that reads MCP servers from a settings file of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Such as `vscode`.
    pub id: ClientId,
    /// For people.
    pub name: String,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub checked: Checked,
    /// What tells that it is installed, the surest first.
    pub detect: PerSystem<Sign>,
    /// Names of its processes.
    pub running: PerSystem<String>,
    /// Its settings files, the default first.
    #[serde(rename = "target")]
    pub targets: Vec<Target>,
    /// What to beware of.
    pub quirks: Vec<Quirk>,
}

/// Why a client file is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("client file {file}: {reason}")]
pub struct ClientFileError {
    /// Its name.
    pub file: String,
    /// What the parser said, with the place.
    pub reason: String,
}

/// All clients.
#[derive(Clone, Debug)]
pub struct Clients(Vec<Client>);

impl Clients {
    /// The ones that come with Keystow.
    pub fn built_in() -> Self {
        let files = [
            (
                "claude-desktop.toml",
                include_str!("../../clients/claude-desktop.toml"),
            ),
            ("cursor.toml", include_str!("../../clients/cursor.toml")),
            ("vscode.toml", include_str!("../../clients/vscode.toml")),
        ];
        Self(
            files
                .iter()
                .map(|(file, text)| {
                    parse(file, text).expect("the built-in client files are tested")
                })
                .collect(),
        )
    }

    /// All of them, in the order they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Client> {
        self.0.iter()
    }

    /// The client with an id.
    pub fn get(&self, id: &ClientId) -> Option<&Client> {
        self.0.iter().find(|client| client.id == *id)
    }
}

impl Client {
    /// The target an address such as `user` or `project=/home/ada/work` stands for, and where the servers are in its file.
    pub fn target(&self, id: &str) -> Option<(&Target, Servers)> {
        let (kind, argument) = match id.split_once('=') {
            Some((kind, argument)) => (kind, Some(argument)),
            None => (id, None),
        };
        let target = self.targets.iter().find(|target| target.kind == kind)?;
        let servers = target.servers(argument.map(Path::new));
        Some((target, servers))
    }
}

/// Reads one client file.
pub fn parse(file: &str, text: &str) -> Result<Client, ClientFileError> {
    let refused = |reason: String| ClientFileError {
        file: file.to_owned(),
        reason,
    };
    let client: Client = toml::from_str(text).map_err(|error| refused(error.to_string()))?;
    if client.targets.is_empty() {
        return Err(refused("a client needs at least one [[target]]".into()));
    }
    Ok(client)
}

/// Whether a name may stand in every client's settings: `^[a-z][a-z0-9-]{0,12}$`, the strictest of all their rules.
pub fn valid_entry_name(name: &str) -> bool {
    name.len() <= 13
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
