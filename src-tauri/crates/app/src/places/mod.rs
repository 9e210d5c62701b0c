//! What a settings file's place means for a change to it: who else sees it, who else can change it, where it goes from there.

mod access;
mod git;
mod synced;

use std::path::{Path, PathBuf};

use crate::files::{self, Loss, Snapshot};

/// Something about the place of a settings file that a person wants to know before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Git tracks it, in the work tree with this root.
    Tracked(PathBuf),
    /// It lies where a program carries it to other computers.
    Synced(&'static str),
    /// Other accounts of this computer can read it.
    ReadableByOthers,
    /// Other accounts of this computer can change it.
    WritableByOthers,
    /// Replacing it cannot keep something of it.
    Loses(Loss),
}

/// Everything there is to say about a settings file, most important first.
pub(crate) fn look(home: &Path, snapshot: &Snapshot) -> Vec<Place> {
    let real = snapshot.real.as_path();
    let mut found = Vec::new();
    if snapshot.bytes.is_some() {
        found.extend(files::losses(real).into_iter().map(Place::Loses));
        let others = access::of_others(real);
        found.extend(others.write.then_some(Place::WritableByOthers));
        found.extend(git::work_tree_of(home, real).map(Place::Tracked));
        found.extend(others.read.then_some(Place::ReadableByOthers));
    }
    found.extend(synced::by(home, real).map(Place::Synced));
    found
}
