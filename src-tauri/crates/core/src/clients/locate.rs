use std::path::{Path, PathBuf};

use crate::Paths;
use crate::edit::Syntax;

use super::{Client, Reload, Target};

/// A look at the file system, which the host gives; nothing is written through it.
pub trait Look {
    /// Whether a file or directory (or a link to one) is there.
    fn exists(&self, path: &Path) -> bool;
    /// Names of what a directory holds; empty where it cannot be read.
    fn names_in(&self, dir: &Path) -> Vec<String>;
}

/// What was found of a client on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Whether it seems to be installed.
    pub found: bool,
    /// What was found, or what would be looked for; for people.
    pub detected_by: String,
    /// Its settings files, the default first; without those this system has no place for.
    pub targets: Vec<LocatedTarget>,
}

/// A settings file with its place on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedTarget {
    /// Such as `user`.
    pub kind: String,
    /// The file the client reads. It need not exist.
    pub path: PathBuf,
    /// Whether it does.
    pub exists: bool,
    /// How it is written.
    pub syntax: Syntax,
    /// The keys that lead to the object of servers.
    pub servers_at: Vec<String>,
    /// When the client takes up a change.
    pub reload: Reload,
    /// Other places of this file that exist here (or whose directory does): another build of the client may read them.
    pub other_candidates: Vec<PathBuf>,
}

impl Client {
    /// Finds the client's settings files.
    ///
    /// Of a target's places, in the client's own order, the first one counts whose base is set and whose `*` matches something.
    pub fn locate(&self, paths: &Paths, look: &dyn Look) -> Located {
        let signs = self.detect.on(paths.system);
        let found = signs.iter().find_map(|sign| sign.found(paths, look));
        let targets: Vec<LocatedTarget> = self
            .targets
            .iter()
            .filter_map(|target| place(target, paths, look))
            .collect();
        let by_file = targets
            .iter()
            .find(|target| target.exists)
            .map(|target| target.path.clone());
        let found = found.or(by_file);
        Located {
            detected_by: match &found {
                Some(path) => paths.shown(path),
                None => signs
                    .iter()
                    .filter_map(|sign| sign.wanted(paths))
                    .collect::<Vec<_>>()
                    .join(", "),
            },
            found: found.is_some(),
            targets,
        }
    }
}

fn place(target: &Target, paths: &Paths, look: &dyn Look) -> Option<LocatedTarget> {
    let mut places = target
        .path
        .on(paths.system)
        .iter()
        .flat_map(|candidate| candidate.resolve(paths, look));
    let path = places.next()?;
    let stands_here = |other: &PathBuf| {
        *other != path && (look.exists(other) || other.parent().is_some_and(|dir| look.exists(dir)))
    };
    let mut other_candidates: Vec<PathBuf> = places.filter(stands_here).collect();
    other_candidates.dedup();
    Some(LocatedTarget {
        kind: target.kind.clone(),
        exists: look.exists(&path),
        syntax: target.syntax,
        servers_at: target.servers_at.clone(),
        reload: target.reload,
        other_candidates,
        path,
    })
}
