use std::path::{Path, PathBuf};

use crate::Paths;
use crate::edit::Servers;

use super::{Client, PROJECT, Reload, Target};

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
    /// Its address, such as `user` or `project=/home/ada/work`. See [`Client::target`].
    pub id: String,
    /// Which of the client's targets it is.
    pub index: usize,
    /// The file the client reads. It need not exist. `None`: it is told by a project, and none was given.
    pub path: Option<PathBuf>,
    /// For people: the path, with `~`, or `<project>/…`.
    pub shown: String,
    /// Whether it exists.
    pub exists: bool,
    /// Where the servers stand in it.
    pub servers: Servers,
    /// When the client takes up a change.
    pub reload: Reload,
    /// Other places of this file that exist here (or whose directory does): another build of the client may read them.
    pub other_candidates: Vec<PathBuf>,
}

impl Client {
    /// Finds the client's settings files: those of the person, and those within a project where one is given.
    ///
    /// Of a target's places, in the client's own order, the first one counts whose base is set and whose `*` matches something.
    pub fn locate(&self, paths: &Paths, look: &dyn Look, project: Option<&Path>) -> Located {
        let signs = self.detect.on(paths.system);
        let found = signs.iter().find_map(|sign| sign.found(paths, look));
        let targets: Vec<LocatedTarget> = self
            .targets
            .iter()
            .enumerate()
            .filter_map(|(index, target)| place(index, target, paths, look, project))
            .collect();
        let by_file = targets
            .iter()
            .find(|target| target.exists && !self.targets[target.index].needs_project())
            .and_then(|target| target.path.clone());
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

fn place(
    index: usize,
    target: &Target,
    paths: &Paths,
    look: &dyn Look,
    project: Option<&Path>,
) -> Option<LocatedTarget> {
    let candidates = target.path.on(paths.system);
    let within = target.needs_project();
    if within && project.is_none() {
        let first = candidates.first()?;
        return Some(LocatedTarget {
            id: target.kind.clone(),
            index,
            path: None,
            shown: first.as_str().replace("${PROJECT}", "<project>"),
            exists: false,
            servers: target.servers(None),
            reload: target.reload,
            other_candidates: Vec::new(),
        });
    }
    let mut bases = paths.clone();
    if let Some(project) = project {
        bases.vars.insert(PROJECT.to_owned(), project.to_owned());
    }
    let mut places = candidates
        .iter()
        .flat_map(|candidate| candidate.resolve(&bases, look));
    let path = places.next()?;
    let stands_here = |other: &PathBuf| {
        *other != path && (look.exists(other) || other.parent().is_some_and(|dir| look.exists(dir)))
    };
    let mut other_candidates: Vec<PathBuf> = places.filter(stands_here).collect();
    other_candidates.dedup();
    Some(LocatedTarget {
        id: match project {
            Some(project) if within => format!("{}={}", target.kind, project.display()),
            _ => target.kind.clone(),
        },
        index,
        shown: paths.shown(&path),
        exists: look.exists(&path),
        servers: target.servers(project),
        reload: target.reload,
        other_candidates,
        path: Some(path),
    })
}
