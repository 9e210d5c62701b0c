//! What Keystow keeps on this computer's disk, place by place: to show it, and to take it away again. Nothing else is ever taken away:
//! each place names its files, and a directory goes only when nothing of anybody else's is in it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use keystow_core::{Paths, System};

use crate::autostart;

/// What the window's program is called by the system.
const IDENTIFIER: &str = "dev.keystow.desktop";
/// How every file begins that Keystow writes beside the person's own.
const OURS: &str = "# Written by Keystow";

/// One place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    /// Such as `store`.
    pub id: &'static str,
    /// What is shown of it: a file or a directory.
    pub path: PathBuf,
    /// All that belongs to it, each with everything under it.
    pub parts: Vec<PathBuf>,
}

impl Trace {
    /// Bytes in it.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| size(part)).sum()
    }

    /// Whether any of it is there.
    pub fn exists(&self) -> bool {
        self.parts
            .iter()
            .any(|part| fs::symlink_metadata(part).is_ok())
    }

    /// Takes it away. What is not there is as good as taken away.
    ///
    /// # Errors
    /// The first part that stays, and why; the others are gone all the same.
    pub fn remove(&self) -> Result<(), (PathBuf, io::Error)> {
        let mut failed = None;
        for part in &self.parts {
            if let Err(error) = remove(part) {
                failed.get_or_insert((part.clone(), error));
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// All places, those of the store last: as long as it stands, everything can be found and tried again.
pub(crate) fn traces(paths: &Paths) -> Vec<Trace> {
    let data = &paths.data;
    let all = |names: &[&str]| -> Vec<PathBuf> { names.iter().map(|n| data.join(n)).collect() };
    let dir = |id, name: &str| Trace {
        id,
        path: data.join(name),
        parts: vec![data.join(name)],
    };
    let window = window(paths);
    let mut found = vec![
        dir("program", "bin"),
        dir("workspace", "workspace"),
        dir("logs", "logs"),
        Trace {
            id: "providers",
            path: paths.own_providers(),
            parts: written(&paths.own_providers()),
        },
        Trace {
            id: "window",
            path: window.first().cloned().unwrap_or_default(),
            parts: window,
        },
        Trace {
            id: "running",
            path: data.join("live"),
            parts: all(&["live", "dialects", "switched", "locks"]),
        },
        Trace {
            id: "store",
            path: data.join("keystow.db"),
            parts: all(&["keystow.db", "keystow.db-wal", "keystow.db-shm"]),
        },
    ];
    found.insert(5, at_login(paths));
    found
}

/// Directories that go where nothing is left in them.
pub(crate) fn frames(paths: &Paths) -> Vec<PathBuf> {
    vec![
        paths.own_providers(),
        paths.own_clients(),
        paths.config.clone(),
        paths.data.clone(),
    ]
}

/// Takes a directory away if it is empty. Gives whether it is gone.
pub(crate) fn remove_if_empty(dir: &Path) -> bool {
    match fs::remove_dir(dir) {
        Ok(()) => true,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// What is in a directory, by name.
pub(crate) fn left_in(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut left: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    left.sort();
    left
}

/// What the system keeps for the window: its size and place, and what the web view stores.
fn window(paths: &Paths) -> Vec<PathBuf> {
    let base = |name: &str| paths.vars.get(name).cloned();
    let library = paths.home.join("Library");
    let bases = match paths.system {
        System::Linux => vec![
            base("XDG_DATA_HOME"),
            base("XDG_CONFIG_HOME"),
            Some(paths.home.join(".cache")),
        ],
        System::Macos => vec![
            base("APP_SUPPORT"),
            Some(library.join("WebKit")),
            Some(library.join("Caches")),
        ],
        System::Windows => vec![base("LOCALAPPDATA"), base("APPDATA")],
    };
    let bases = bases.into_iter().flatten();
    bases.map(|base| base.join(IDENTIFIER)).collect()
}

/// What starts the window with the session: a file, but for Windows.
fn at_login(paths: &Paths) -> Trace {
    let path = autostart::place(paths);
    Trace {
        id: "autostart",
        path: path.clone().unwrap_or_default(),
        parts: path.into_iter().collect(),
    }
}

/// The files in a directory that Keystow wrote beside the person's own.
fn written(dir: &Path) -> Vec<PathBuf> {
    let ours = |path: &PathBuf| {
        let regular = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
        regular && fs::read_to_string(path).is_ok_and(|text| text.starts_with(OURS))
    };
    left_in(dir).into_iter().filter(ours).collect()
}

fn size(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => left_in(path).iter().map(|inner| size(inner)).sum(),
        Ok(found) => found.len(),
        Err(_) => 0,
    }
}

/// A link goes, and what it leads to stays.
fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::File;
    use std::io::Write;

    use super::*;

    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        File::create(path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn paths(home: &Path) -> Paths {
        let home = home.to_str().unwrap().to_owned();
        Paths::from_vars(System::Linux, &|name| {
            (name == "HOME").then(|| home.clone())
        })
        .unwrap()
    }

    #[test]
    fn only_what_is_ours_goes_and_what_a_link_leads_to_stays() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path();
        let paths = paths(home);
        for ours in ["keystow.db", "keystow.db-wal", "live/1.json", "logs/a.log"] {
            put(&paths.data.join(ours), "12345");
        }
        let theirs = [
            paths.data.join("notes.txt"),
            paths.own_providers().join("mine.toml"),
            home.join("elsewhere/precious"),
        ];
        for path in &theirs {
            put(path, "id = \"mine\"\n");
        }
        put(
            &paths.own_providers().join("acme.toml"),
            "# Written by Keystow, …\n",
        );
        std::os::unix::fs::symlink(home.join("elsewhere"), paths.data.join("bin")).unwrap();
        let all = traces(&paths);
        let bytes: Vec<(&str, u64)> = all
            .iter()
            .filter(|trace| ["logs", "running", "store"].contains(&trace.id))
            .map(|trace| (trace.id, trace.bytes()))
            .collect();
        assert_eq!(bytes, [("logs", 5), ("running", 5), ("store", 10)]);
        for trace in &all {
            trace.remove().unwrap();
            assert!(!trace.exists(), "{}", trace.id);
            trace.remove().unwrap();
        }
        for path in &theirs {
            assert!(path.exists(), "{}", path.display());
        }
        assert!(!paths.own_providers().join("acme.toml").exists());
        assert!(!remove_if_empty(&paths.data));
        assert_eq!(left_in(&paths.data), [paths.data.join("notes.txt")]);
    }

    #[test]
    fn what_cannot_be_removed_is_named_and_the_rest_is_gone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let paths = paths(dir.path());
        put(&paths.data.join("live/held/1.json"), "1");
        put(&paths.data.join("switched"), "1");
        let held = paths.data.join("live/held");
        let mode = |mode| fs::set_permissions(&held, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o500);
        let running = traces(&paths)
            .into_iter()
            .find(|t| t.id == "running")
            .unwrap();
        // Whoever may do everything is not kept from it.
        let kept = running.remove().err().map(|(path, _)| path);
        assert!(kept.is_none_or(|path| path == paths.data.join("live")));
        assert!(!paths.data.join("switched").exists());
        if held.exists() {
            mode(0o700);
        }
    }
}
