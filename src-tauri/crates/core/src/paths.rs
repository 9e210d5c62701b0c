use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::clients::Look;

/// An operating system, as far as the place of settings files goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// Linux with XDG base directories.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

impl System {
    /// The system this program was built for.
    pub const fn here() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Macos
        } else {
            Self::Linux
        }
    }

    /// Whether a path means the same everywhere on this system, whichever system this program runs on.
    pub(crate) fn is_absolute(self, path: &Path) -> bool {
        match (self, path.as_os_str().as_encoded_bytes()) {
            (Self::Windows, [drive, b':', b'/' | b'\\', ..]) => drive.is_ascii_alphabetic(),
            (Self::Windows, bytes) => bytes.starts_with(br"\\"),
            (Self::Linux | Self::Macos, bytes) => bytes.starts_with(b"/"),
        }
    }
}

/// Directories under `C:\Users` that are nobody's.
const NOBODY: &[&str] = &["All Users", "Default", "Default User", "Public"];

/// Bases that each system has of itself. On macOS and Windows `XDG_CONFIG_HOME` is there only where the person set it.
pub const BASES: &[&str] = &[
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "APP_SUPPORT",
    "APPDATA",
    "LOCALAPPDATA",
];

/// Environment variables by which a client lets its settings file be moved. Client files may use them as bases; a relative one is
/// as good as not set, because it would mean another file in each directory.
pub const OVERRIDES: &[&str] = &[
    "CLAUDE_CONFIG_DIR",
    "CLINE_DATA_DIR",
    "CLINE_DIR",
    "CLINE_MCP_SETTINGS_PATH",
    "CODEX_HOME",
    "COPILOT_HOME",
    "GEMINI_CLI_HOME",
    "GROK_HOME",
    "KIMI_CODE_HOME",
    "OPENCODE_CONFIG",
    "VSCODE_APPDATA",
    "VSCODE_PORTABLE",
];

/// The Windows that this Linux runs in (WSL).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowsSide {
    /// The distribution, as `wsl.exe -d` wants it.
    pub distro: String,
    /// Home directories of its people, such as `/mnt/c/Users/ada`. With several nobody can tell whose is meant, and nothing is
    /// looked for in any.
    pub homes: Vec<PathBuf>,
}

impl WindowsSide {
    /// The home directory, where it is clear which one.
    pub fn home(&self) -> Option<&Path> {
        match self.homes.as_slice() {
            [home] => Some(home),
            _ => None,
        }
    }
}

/// Everything Keystow knows about where things are, handed in by the host: nothing below it reads the environment.
#[derive(Clone, Debug)]
pub struct Paths {
    /// Which system's rules hold.
    pub system: System,
    /// The person's home directory.
    pub home: PathBuf,
    /// Where Keystow keeps its store, logs, lock files and its stable binary.
    pub data: PathBuf,
    /// Where Keystow looks for the person's own client and provider files.
    pub config: PathBuf,
    /// Named bases and environment overrides that client files may use as `${NAME}`: `HOME`, `XDG_CONFIG_HOME`, `APP_SUPPORT`,
    /// `APPDATA`, `LOCALAPPDATA`, and any override a client documents (such as `VSCODE_PORTABLE`) where it is set.
    pub vars: BTreeMap<String, PathBuf>,
    /// Directories searched for programs, in order (`PATH`).
    pub search: Vec<PathBuf>,
    /// The Windows around this Linux; see [`Paths::look_at_windows`].
    pub windows: Option<WindowsSide>,
}

impl Paths {
    /// Builds the paths of a system from its environment, which the caller reads (once, in the host).
    ///
    /// `KEYSTOW_DATA_DIR` and `KEYSTOW_CONFIG_DIR` override our own directories; `KEYSTOW_WINDOWS_HOME` says whose home on Windows
    /// is meant when this runs in WSL. Returns `None` where no home directory can be told.
    pub fn from_vars(system: System, var: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let set = |name: &str| var(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let home = match system {
            System::Windows => set("USERPROFILE")?,
            System::Linux | System::Macos => set("HOME")?,
        };
        let mut vars = BTreeMap::new();
        let absolute = |name: &str| set(name).filter(|p| p.is_absolute());
        let (data, config) = match system {
            System::Linux => {
                let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
                let data = absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
                vars.insert("XDG_CONFIG_HOME".into(), config.clone());
                vars.insert("XDG_DATA_HOME".into(), data.clone());
                (data.join("keystow"), config.join("keystow"))
            }
            System::Macos => {
                let support = home.join("Library/Application Support");
                vars.insert("APP_SUPPORT".into(), support.clone());
                (support.join("Keystow"), support.join("Keystow/config"))
            }
            System::Windows => {
                let roaming = set("APPDATA").unwrap_or_else(|| home.join("AppData/Roaming"));
                let local = set("LOCALAPPDATA").unwrap_or_else(|| home.join("AppData/Local"));
                vars.insert("APPDATA".into(), roaming.clone());
                vars.insert("LOCALAPPDATA".into(), local.clone());
                (local.join("Keystow"), roaming.join("Keystow"))
            }
        };
        vars.insert("HOME".into(), home.clone());
        for name in OVERRIDES.iter().copied().chain(["XDG_CONFIG_HOME"]) {
            if let Some(value) = set(name).filter(|path| system.is_absolute(path)) {
                vars.insert(name.into(), value);
            }
        }
        let windows = set("WSL_DISTRO_NAME")
            .filter(|_| system == System::Linux)
            .map(|distro| WindowsSide {
                distro: distro.to_string_lossy().into_owned(),
                homes: absolute("KEYSTOW_WINDOWS_HOME").into_iter().collect(),
            });
        let separator = if system == System::Windows { ';' } else { ':' };
        let search = var("PATH")
            .unwrap_or_default()
            .split(separator)
            .filter(|dir| !dir.is_empty())
            .map(PathBuf::from)
            .collect();
        Some(Self {
            system,
            data: set("KEYSTOW_DATA_DIR").unwrap_or(data),
            config: set("KEYSTOW_CONFIG_DIR").unwrap_or(config),
            home,
            vars,
            search,
            windows,
        })
    }

    /// In WSL, finds the home directories on Windows: those under `/mnt/c/Users` that hold an `AppData`. Elsewhere, and where
    /// `KEYSTOW_WINDOWS_HOME` told, nothing changes.
    #[must_use]
    pub fn look_at_windows(mut self, look: &dyn Look) -> Self {
        if let Some(windows) = self.windows.as_mut().filter(|side| side.homes.is_empty()) {
            let users = Path::new("/mnt/c/Users");
            windows.homes = look
                .names_in(users)
                .into_iter()
                .filter(|name| !NOBODY.contains(&name.as_str()))
                .map(|name| users.join(name))
                .filter(|home| look.exists(&home.join("AppData")))
                .collect();
            windows.homes.sort();
            windows.homes.dedup();
        }
        self
    }

    /// The paths of the Windows around this Linux, as this Linux sees them.
    pub(crate) fn of_windows(&self) -> Option<Self> {
        let home = self.windows.as_ref()?.home()?;
        let bases = [
            ("HOME", home.to_owned()),
            ("APPDATA", home.join("AppData/Roaming")),
            ("LOCALAPPDATA", home.join("AppData/Local")),
        ];
        Some(Self {
            system: System::Windows,
            vars: bases
                .into_iter()
                .map(|(name, path)| (name.to_owned(), path))
                .collect(),
            search: Vec::new(),
            windows: None,
            ..self.clone()
        })
    }

    /// Where a person's own client files are: `*.toml` in here.
    pub fn own_clients(&self) -> PathBuf {
        self.config.join("clients")
    }

    /// Where a person's own provider files are: `*.toml` in here.
    pub fn own_providers(&self) -> PathBuf {
        self.config.join("providers")
    }

    /// The fixed per-user place of the `keystow` binary that settings files name.
    pub fn stable_binary(&self) -> PathBuf {
        self.data.join("bin").join(match self.system {
            System::Windows => "keystow.exe",
            System::Linux | System::Macos => "keystow",
        })
    }

    /// A path as people write it: the home directory becomes `~`.
    pub fn shown(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(rest) => format!("~{}{}", std::path::MAIN_SEPARATOR, rest.display()),
            Err(_) => path.display().to_string(),
        }
    }
}
