use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An operating system, as far as the place of settings files goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

impl Paths {
    /// Builds the paths of a system from its environment, which the caller reads (once, in the host).
    ///
    /// `KEYSTOW_DATA_DIR` and `KEYSTOW_CONFIG_DIR` override our own directories. Returns `None` where no home directory can be
    /// told.
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
        for name in ["VSCODE_PORTABLE", "VSCODE_APPDATA"] {
            if let Some(value) = set(name) {
                vars.insert(name.into(), value);
            }
        }
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
        })
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
