//! AI clients as data: where each keeps its settings, in which shape, and what to beware of.
//!
//! One TOML each under `clients/`, read once; a client is added without touching Rust. Which of a client's paths holds on this
//! computer is decided by [`Client::locate`] from [`Paths`](crate::Paths) and a [`Look`] at the file system that the host hands in.

mod locate;
mod quirk;
mod template;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::edit::Syntax;
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
    /// Such as `user`.
    pub kind: String,
    /// How the file is written.
    pub syntax: Syntax,
    /// The keys that lead to the object of servers, outermost first.
    pub servers_at: Vec<String>,
    /// An entry in the client's own shape, with `$command` and `$args` where ours go.
    entry: Map<String, Value>,
    /// When the client takes up a change.
    pub reload: Reload,
    /// Where the file may be; the first one that applies is the one the client reads.
    pub path: PerSystem<Candidate>,
}

impl Target {
    /// The entry that starts `command` with `args`, in the client's own shape.
    pub fn entry(&self, command: &str, args: &[String]) -> Value {
        Value::Object(
            self.entry
                .iter()
                .map(|(key, value)| (key.clone(), filled(value, command, args)))
                .collect(),
        )
    }

    /// Where an entry of this name stands in the file: the keys from the outermost to the entry's own.
    pub fn entry_at(&self, name: &str) -> Vec<String> {
        let mut at = self.servers_at.clone();
        at.push(name.to_owned());
        at
    }
}

fn filled(value: &Value, command: &str, args: &[String]) -> Value {
    match value {
        Value::String(text) if text == "$command" => command.into(),
        Value::String(text) if text == "$args" => args.into(),
        Value::Array(items) => items.iter().map(|v| filled(v, command, args)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), filled(value, command, args)))
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
