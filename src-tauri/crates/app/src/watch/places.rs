//! Which files matter, and what a change of each may mean.

use std::collections::BTreeSet;
use std::ops::BitOrAssign;
use std::path::{Path, PathBuf};

use crate::app::App;
use crate::look::Disk;
use crate::rotation::live;

/// What may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Causes {
    /// The store.
    pub store: bool,
    /// Programs that carry a connection.
    pub live: bool,
    /// Settings files of clients.
    pub settings: bool,
    /// The person's own client and provider files.
    pub own: bool,
    /// The lock of the keychain.
    pub keychain: bool,
    /// Whether workspaces are in reach.
    pub reach: bool,
    /// A directory came or went: others are to be watched.
    pub places: bool,
}

impl Causes {
    /// Anything.
    pub const ALL: Self = Self {
        store: true,
        live: true,
        settings: true,
        own: true,
        keychain: true,
        // That is told when it happens.
        reach: false,
        places: true,
    };

    /// Nothing that matters.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl BitOrAssign for Causes {
    fn bitor_assign(&mut self, other: Self) {
        self.store |= other.store;
        self.live |= other.live;
        self.settings |= other.settings;
        self.own |= other.own;
        self.keychain |= other.keychain;
        self.reach |= other.reach;
        self.places |= other.places;
    }
}

/// The files that matter, and the directories by which the system tells of them: a file that is replaced is another file, and one
/// that is not there yet cannot be watched.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub dirs: BTreeSet<PathBuf>,
    settings: BTreeSet<PathBuf>,
    data: Names,
    live: Names,
    own: Names,
}

/// A directory under all its names: links lead to it, and some systems tell the real one.
type Names = BTreeSet<PathBuf>;

impl Places {
    /// What matters now.
    pub fn of(app: &App) -> Self {
        let mut places = Self::default();
        places.data = places.directory(&app.paths.data);
        places.live = places.directory(&live::directory(&app.paths.data));
        for own in [app.paths.own_clients(), app.paths.own_providers()] {
            let names = places.directory(&own);
            places.own.extend(names);
        }
        for client in app.clients.iter() {
            for target in client.locate(&app.paths, &Disk, None).targets {
                if let Some(path) = target.path {
                    places.settings_file(&path);
                }
            }
        }
        // Those of projects, too; and whatever became of their clients.
        match app.store.connections() {
            Ok(connections) => {
                for connected in connections {
                    if !connected.path.as_os_str().is_empty() {
                        places.settings_file(&connected.path);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "which settings files are ours is not known"),
        }
        places
    }

    /// What a change of this file or directory may mean.
    pub fn causes_of(&self, path: &Path) -> Causes {
        let mut causes = Causes::default();
        let within = |names: &Names| path.parent().is_some_and(|dir| names.contains(dir));
        if within(&self.data) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // Readers touch the third of SQLite's files, `-shm`.
            causes.store = name == "keystow.db" || name == "keystow.db-wal";
            causes.live = name == "switched";
        }
        causes.live |= within(&self.live);
        causes.own = within(&self.own);
        causes.settings = self.settings.contains(path);
        let leads_on = |names: &Names| names.iter().any(|name| name.starts_with(path));
        if self.dirs.contains(path) || leads_on(&self.live) {
            causes.places = true;
        }
        if leads_on(&self.own) {
            (causes.places, causes.own) = (true, true);
        }
        if !causes.settings && leads_on(&self.settings) {
            (causes.places, causes.settings) = (true, true);
        }
        causes
    }

    /// Watches a directory, or where it will be; gives its names.
    fn directory(&mut self, dir: &Path) -> Names {
        let names = self.names(&dir.join("any"));
        let parents = names.iter().filter_map(|name| name.parent());
        parents.map(Path::to_owned).collect()
    }

    fn settings_file(&mut self, path: &Path) {
        let names = self.names(path);
        self.settings.extend(names);
        // Where it is a link, what it leads to is what changes.
        if let Ok(real) = path.canonicalize() {
            let names = self.names(&real);
            self.settings.extend(names);
        }
    }

    /// Watches the directory that a file is in, or the nearest one that is there; gives the file's names.
    fn names(&mut self, path: &Path) -> Names {
        let mut names = Names::from([path.to_owned()]);
        let standing = path.ancestors().skip(1).find(|dir| dir.is_dir());
        // The root is nobody's settings, and on some systems all that is below it would be told of.
        if let Some(dir) = standing.filter(|dir| dir.parent().is_some()) {
            self.dirs.insert(dir.to_owned());
            if let (Ok(real), Ok(rest)) = (dir.canonicalize(), path.strip_prefix(dir)) {
                names.insert(real.join(rest));
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(settings: &Path) -> Places {
        let mut places = Places::default();
        places.settings_file(settings);
        places
    }

    #[test]
    fn a_file_is_watched_by_its_directory_or_by_the_nearest_one_there_is() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".editor/mcp/settings.json");
        assert_eq!(places(&file).dirs, BTreeSet::from([home.path().to_owned()]));
        let causes = places(&file).causes_of(&home.path().join(".editor"));
        assert!(causes.places && causes.settings);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let now = places(&file);
        assert_eq!(
            now.dirs,
            BTreeSet::from([file.parent().unwrap().to_owned()])
        );
        let causes = now.causes_of(&file);
        assert!(causes.settings && !causes.places);
    }

    #[test]
    fn other_files_of_the_same_directory_mean_nothing() {
        let home = tempfile::tempdir().unwrap();
        let places = places(&home.path().join("settings.json"));
        let other = places.causes_of(&home.path().join("settings.json.lock"));
        assert!(other.is_none(), "{other:?}");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_watched_under_the_names_of_both() {
        let home = tempfile::tempdir().unwrap();
        let (dotfiles, link) = (
            home.path().join("dotfiles"),
            home.path().join("settings.json"),
        );
        std::fs::create_dir(&dotfiles).unwrap();
        let real = dotfiles.join("mine.json");
        std::fs::File::create(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let places = places(&link);
        assert!(places.dirs.contains(&dotfiles), "{:?}", places.dirs);
        assert!(places.causes_of(&real.canonicalize().unwrap()).settings);
        assert!(places.causes_of(&link).settings);
    }
}
