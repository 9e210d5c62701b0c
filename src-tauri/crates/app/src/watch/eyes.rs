//! The system's word on changed files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{Nudge, Stir};

/// Directories that are watched.
pub(super) struct Eyes {
    /// Nothing, where the system tells of no files.
    watcher: Option<RecommendedWatcher>,
    on: BTreeSet<PathBuf>,
    /// One of the directories could not be watched.
    partly: bool,
}

impl Eyes {
    /// Opens them, on nothing yet.
    pub fn open(nudge: Nudge) -> Self {
        let hear = move |event: notify::Result<Event>| match event {
            Ok(event) if event.need_rescan() => nudge.everything(),
            // That somebody reads is no change: it may have been us.
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
            Ok(event) => nudge.send(Stir::Files(event.paths)),
            Err(error) => {
                tracing::warn!(%error, "the system lost sight of files");
                nudge.everything();
            }
        };
        let watcher = notify::recommended_watcher(hear)
            .inspect_err(|error| tracing::warn!(%error, "the system tells of no changed files"))
            .ok();
        Self {
            watcher,
            on: BTreeSet::new(),
            partly: false,
        }
    }

    /// Whether files change that nothing is told of.
    pub fn are_blind(&self) -> bool {
        self.watcher.is_none() || self.partly
    }

    /// Watches these directories and no others. Gives whether there are new ones among them.
    pub fn turn_to(&mut self, dirs: &BTreeSet<PathBuf>) -> bool {
        let gone: Vec<PathBuf> = self.on.difference(dirs).cloned().collect();
        for dir in gone {
            self.lose(&dir);
        }
        let Some(watcher) = &mut self.watcher else {
            return false;
        };
        self.partly = false;
        let mut new = false;
        for dir in dirs {
            if self.on.contains(dir) {
                continue;
            }
            match watcher.watch(dir, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    new |= self.on.insert(dir.clone());
                }
                // It went while we looked: its parent tells when it comes back, as soon as that is watched.
                Err(_) if !dir.is_dir() => {}
                // The system watches only so many; one that the person may not read matters to nobody.
                Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                    tracing::warn!(%error, "a directory cannot be watched");
                    self.partly = true;
                }
                Err(error) => tracing::debug!(%error, "a directory cannot be watched"),
            }
        }
        new
    }

    /// Directories that were moved or removed are others from now on.
    pub fn lose_those_of(&mut self, stirs: &[Stir]) {
        for stir in stirs {
            if let Stir::Files(paths) = stir {
                for path in paths.iter().filter(|path| path.is_absolute()) {
                    self.lose(path);
                }
            }
        }
    }

    fn lose(&mut self, dir: &Path) {
        if self.on.remove(dir)
            && let Some(watcher) = &mut self.watcher
        {
            // One that is gone is not watched any more as it is.
            let _ = watcher.unwatch(dir);
        }
    }
}
