use std::path::{Path, PathBuf};

use crate::Paths;
use crate::edit::Servers;

use super::template::PROJECT;
use super::{Client, Launch, Reload, Target};

/// A look at the file system, which the host gives; nothing is written through it.
pub trait Look {
    /// Whether a file or directory (or a link to one) is there.
    fn exists(&self, path: &Path) -> bool;
    /// Names of what a directory holds; empty where it cannot be read.
    fn names_in(&self, dir: &Path) -> Vec<String>;
    /// The text of a small file (4 KiB at most), such as one that says where another is; `None` where it cannot be read.
    fn text(&self, _path: &Path) -> Option<String> {
        None
    }
}

/// What was found of a client on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Whether it seems to be installed.
    pub found: bool,
    /// What was found, or what would be looked for; for people.
    pub detected_by: String,
    /// Its settings files, the default first; without those this system has no place for. In WSL, those of the client on the
    /// Windows around it come last, if it is there.
    pub targets: Vec<LocatedTarget>,
}

/// A settings file with its place on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedTarget {
    /// Its address, such as `user`, `project=/home/ada/work`, `profile=6f1b2c` or `windows:user`. See [`Client::target`].
    pub id: String,
    /// Which of the client's targets it is.
    pub index: usize,
    /// The file the client reads. It need not exist. `None`: it is told by a project, and none was given.
    pub path: Option<PathBuf>,
    /// For people: the path, with `~`, or `<project>/…`.
    pub shown: String,
    /// Whether it exists.
    pub exists: bool,
    /// Whether the program that reads it seems to be installed; a client may have several, such as an Insiders build.
    pub found: bool,
    /// Where the servers stand in it.
    pub servers: Servers,
    /// When the client takes up a change.
    pub reload: Reload,
    /// How an entry in it starts our program.
    pub launch: Launch,
    /// Other places of this file that exist here (or whose directory does): another build of the client may read them.
    pub other_candidates: Vec<PathBuf>,
}

/// What of a client's signs was found.
struct Signs {
    found: Option<PathBuf>,
}

impl Client {
    /// Finds the client's settings files: those of the person, and those within a project where one is given.
    ///
    /// Of a target's places, in the client's own order, the first one counts whose base is set and whose `*` matches something.
    pub fn locate(&self, paths: &Paths, look: &dyn Look, project: Option<&Path>) -> Located {
        let here = Place {
            client: self,
            paths,
            look,
            project,
            launch: Launch::Direct,
        };
        let signs = here.signs();
        let mut targets = here.targets(&signs);
        let by_file = targets
            .iter()
            .find(|target| target.exists && !self.targets[target.index].needs_project())
            .and_then(|target| target.path.clone());
        let mut found = signs.found.or(by_file);
        if let (Some(windows), Some(side)) = (paths.of_windows(), &paths.windows) {
            let there = Place {
                paths: &windows,
                project: None,
                launch: Launch::Wsl {
                    distro: side.distro.clone(),
                },
                ..here
            };
            let signs = there.signs();
            if signs.found.is_some() {
                targets.extend(there.targets(&signs).into_iter().filter_map(|target| {
                    let path = target.path?;
                    Some(LocatedTarget {
                        id: format!("{WINDOWS}{}", target.id),
                        shown: paths.shown(&path),
                        path: Some(path),
                        ..target
                    })
                }));
                found = found.or(signs.found);
            }
        }
        Located {
            detected_by: match &found {
                Some(path) => paths.shown(path),
                None => self
                    .detect
                    .on(paths.system)
                    .iter()
                    .filter_map(|sign| sign.wanted(paths, look))
                    .collect::<Vec<_>>()
                    .join(", "),
            },
            found: found.is_some(),
            targets,
        }
    }

    /// The target an address such as `user`, `project=/home/ada/work` or `windows:user` stands for, and where the servers are in
    /// its file.
    pub fn target(&self, id: &str) -> Option<(&Target, Servers)> {
        let id = id.strip_prefix(WINDOWS).unwrap_or(id);
        let (kind, argument) = match id.split_once('=') {
            Some((kind, argument)) => (kind, Some(argument)),
            None => (id, None),
        };
        let target = self.targets.iter().find(|target| target.kind == kind)?;
        let project = argument.filter(|_| !target.each).map(Path::new);
        Some((target, target.servers(project)))
    }
}

/// What stands before the address of a target on the Windows around a Linux.
const WINDOWS: &str = "windows:";

/// One computer, or one side of it, to look for a client on.
struct Place<'a> {
    client: &'a Client,
    paths: &'a Paths,
    look: &'a dyn Look,
    project: Option<&'a Path>,
    launch: Launch,
}

impl Place<'_> {
    fn signs(&self) -> Signs {
        let signs = self.client.detect.on(self.paths.system);
        Signs {
            found: signs
                .iter()
                .find_map(|sign| sign.found(self.paths, self.look)),
        }
    }

    fn targets(&self, signs: &Signs) -> Vec<LocatedTarget> {
        let mut targets = Vec::new();
        for (index, target) in self.client.targets.iter().enumerate() {
            let found = match &target.detect {
                Some(own) => own
                    .on(self.paths.system)
                    .iter()
                    .any(|sign| sign.found(self.paths, self.look).is_some()),
                None => signs.found.is_some(),
            };
            match target.each {
                true => targets.extend(self.each(index, target, found)),
                false => targets.extend(self.one(index, target, found)),
            }
        }
        targets
    }

    /// Every match of a target's `*`, in the first of its places that has any.
    fn each(&self, index: usize, target: &Target, found: bool) -> Vec<LocatedTarget> {
        target
            .path
            .on(self.paths.system)
            .iter()
            .map(|candidate| candidate.matches(self.paths, self.look))
            .find(|matches| !matches.is_empty())
            .unwrap_or_default()
            .into_iter()
            .map(|(name, path)| {
                let id = format!("{}={name}", target.kind);
                self.located(index, target, found, id, path)
            })
            .collect()
    }

    fn one(&self, index: usize, target: &Target, found: bool) -> Option<LocatedTarget> {
        let candidates = target.path.on(self.paths.system);
        let project = match (target.needs_project(), self.project) {
            (false, _) => None,
            (true, Some(project)) => Some(project),
            (true, None) => {
                let usual = candidates
                    .iter()
                    .find(|candidate| !candidate.must_exist())?;
                let mut here = candidates
                    .iter()
                    .flat_map(|candidate| candidate.resolve(self.paths, self.look));
                return Some(LocatedTarget {
                    id: target.kind.clone(),
                    index,
                    path: None,
                    shown: match here.next() {
                        Some(path) => self.paths.shown(&path),
                        None => usual.as_str().replace("${PROJECT}", "<project>"),
                    },
                    exists: false,
                    found,
                    servers: target.servers(None),
                    reload: target.reload,
                    launch: self.launch.clone(),
                    other_candidates: Vec::new(),
                });
            }
        };
        let mut bases = self.paths.clone();
        if let Some(project) = project {
            bases.vars.insert(PROJECT.to_owned(), project.to_owned());
        }
        let mut places = candidates
            .iter()
            .flat_map(|candidate| candidate.resolve(&bases, self.look));
        let path = places.next()?;
        let mut other_candidates: Vec<PathBuf> = Vec::new();
        for other in places {
            if other != path && !other_candidates.contains(&other) && self.stands_here(&other) {
                other_candidates.push(other);
            }
        }
        let id = match project {
            Some(project) => format!("{}={}", target.kind, project.display()),
            None => target.kind.clone(),
        };
        Some(LocatedTarget {
            servers: target.servers(project),
            other_candidates,
            ..self.located(index, target, found, id, path)
        })
    }

    fn located(
        &self,
        index: usize,
        target: &Target,
        found: bool,
        id: String,
        path: PathBuf,
    ) -> LocatedTarget {
        LocatedTarget {
            id,
            index,
            shown: self.paths.shown(&path),
            exists: self.look.exists(&path),
            found,
            servers: target.servers(None),
            reload: target.reload,
            launch: self.launch.clone(),
            other_candidates: Vec::new(),
            path: Some(path),
        }
    }

    /// Whether a place exists, or its directory does and is the client's own.
    fn stands_here(&self, path: &Path) -> bool {
        let dir = path
            .parent()
            .filter(|dir| *dir != self.paths.home && Some(*dir) != self.project);
        self.look.exists(path) || dir.is_some_and(|dir| self.look.exists(dir))
    }
}
