use serde::Deserialize;

use crate::System;

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

impl How {
    /// As client files write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Source => "source",
            Self::Documentation => "documentation",
            Self::Unverified => "unverified",
        }
    }
}

/// When a client's facts were checked, and how.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// ISO date; empty where a person's own client file does not say.
    pub on: String,
    /// How well they are known.
    pub how: How,
    /// The client's version, where one was looked at.
    #[serde(default)]
    pub version: Option<String>,
}

impl Default for Checked {
    fn default() -> Self {
        Self {
            on: String::new(),
            how: How::Unverified,
            version: None,
        }
    }
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

/// Something a client has once for each system. A client that does not run on a system leaves it out. In client files
/// `everywhere` stands for each system that has no list of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Lists<T>", bound(deserialize = "T: Deserialize<'de> + Clone"))]
pub struct PerSystem<T> {
    /// On Linux.
    pub linux: Vec<T>,
    /// On macOS.
    pub macos: Vec<T>,
    /// On Windows.
    pub windows: Vec<T>,
}

/// [`PerSystem`] as client files write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists<T> {
    #[serde(default = "Vec::new")]
    everywhere: Vec<T>,
    linux: Option<Vec<T>>,
    macos: Option<Vec<T>>,
    windows: Option<Vec<T>>,
}

impl<T: Clone> From<Lists<T>> for PerSystem<T> {
    fn from(lists: Lists<T>) -> Self {
        let everywhere = lists.everywhere;
        let or_everywhere = |own: Option<Vec<T>>| own.unwrap_or_else(|| everywhere.clone());
        Self {
            linux: or_everywhere(lists.linux),
            macos: or_everywhere(lists.macos),
            windows: or_everywhere(lists.windows),
        }
    }
}

impl<T> Default for PerSystem<T> {
    fn default() -> Self {
        Self {
            linux: Vec::new(),
            macos: Vec::new(),
            windows: Vec::new(),
        }
    }
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

    /// Those of all systems.
    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.linux.iter().chain(&self.macos).chain(&self.windows)
    }
}
