//! AI clients as data: where each keeps its settings, in which shape, and what to beware of.
//!
//! One TOML each under `clients/`, read once; a client is added without touching Rust but for its name in the list of
//! `catalogue.rs`. A person's own files work alike. Which of a client's paths holds on this computer is decided by
//! [`Client::locate`] from [`Paths`](crate::Paths) and a [`Look`] at the file system that the host hands in.

mod catalogue;
mod commas;
mod facts;
mod launch;
mod link;
mod locate;
mod lock;
mod name;
mod quirk;
mod quote;
mod target;
mod template;
mod version;

use serde::Deserialize;

use crate::ClientId;

pub use catalogue::{ClientFileError, Clients, parse};
pub use facts::{Checked, How, PerSystem, Reload};
pub use launch::Launch;
pub use link::{Link, LinkFill, LinkKind, LinkTemplateError};
pub use locate::{Located, LocatedTarget, Look};
pub use lock::{ClientLock, LockPathError};
pub use name::{CharactersError, NameError, valid_entry_name};
pub use quirk::{Notice, Quirk, Seen, check_quirks};
pub use quote::quoted;
pub use target::{Fill, Mode, Target};
pub use template::{Candidate, Sign, TemplateError};
pub use version::{Version, VersionError};

/// A program that reads MCP servers from a settings file of its own, or is told of them by hand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Such as `vscode`.
    pub id: ClientId,
    /// For people.
    pub name: String,
    /// Where the facts come from; empty where a person's own client file does not say.
    #[serde(default)]
    pub source: String,
    /// How well they are known.
    #[serde(default)]
    pub checked: Checked,
    /// What a person who chooses this client should know beforehand.
    #[serde(default)]
    pub note: Option<String>,
    /// What tells that it is installed, the surest first.
    #[serde(default)]
    pub detect: PerSystem<Sign>,
    /// Names of its processes.
    #[serde(default)]
    pub running: PerSystem<String>,
    /// The command that tells its version; see [`Version::told_in`].
    #[serde(default)]
    pub version_command: Vec<String>,
    /// Its settings files, the default first; none for a client that can only be told by hand.
    #[serde(rename = "target", default)]
    pub targets: Vec<Target>,
    /// Ways to add a server by hand, the best first.
    #[serde(rename = "link", default)]
    link_rules: Vec<link::LinkRule>,
    /// What it demands of the names of servers.
    #[serde(default)]
    names: name::NameRule,
    /// What to beware of.
    #[serde(default)]
    pub quirks: Vec<Quirk>,
    /// The file of the person that tells of it; `None` for clients that come with Keystow.
    #[serde(skip)]
    pub own_file: Option<String>,
}

impl Client {
    /// Whether it takes a server of this name.
    ///
    /// # Errors
    /// [`NameError`], which says why not.
    pub fn check_name(&self, name: &str) -> Result<(), NameError> {
        self.names.check(&self.name, name)
    }

    /// How well the facts about one of its targets are known.
    pub fn checked_of<'c>(&'c self, target: &'c Target) -> &'c Checked {
        target.checked.as_ref().unwrap_or(&self.checked)
    }
}
