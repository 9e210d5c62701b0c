use keystow_core::{ChangeId, KeyId};

use super::plan::{After, FileEdit, Plan};
use super::{SETTINGS_LOCK, SETTINGS_WAIT, sealing};
use crate::app::App;
use crate::error::AppError;
use crate::files::{self, FileError};
use crate::keys::{self, MadeKey};
use crate::store::{Change, ChangeState, ChangedFile, Connected, ConnectionOp, Workspace};
use crate::{lock, random, stable, steps};

/// Does what a plan says: all of it or nothing. Returns the change, or `None` where nothing had to be done.
///
/// The order is what makes it safe: look once more at every file; make and stow keys; journal with sealed before-images; replace
/// file by file; settle. Whatever fails before the end is taken back in reverse.
pub(crate) fn apply(app: &App, mut plan: Plan) -> Result<Option<Change>, AppError> {
    let _lock = lock::take(&app.paths.data, SETTINGS_LOCK, SETTINGS_WAIT)?;
    let mut edits = Vec::new();
    for file in plan.files.drain(..) {
        edits.push(file.edit?);
    }
    for edit in &edits {
        let now = files::read(&edit.snapshot.path)?;
        if now != edit.snapshot {
            return Err(FileError::ChangedOnDisk {
                path: edit.snapshot.path.clone(),
            }
            .into());
        }
    }
    if edits
        .iter()
        .all(|edit| edit.after == After::Same && settled(&edit.ops))
    {
        return Ok(None);
    }
    if plan.workspace.is_some() {
        stable::install(&app.doors.program, &app.paths.stable_binary())?;
    }
    let seal_key = sealing::seal_key(app)?;
    let made = make_keys(app, plan.workspace.as_ref(), &mut edits)?;
    let attempt = write(app, &plan.title, edits, &seal_key);
    if attempt.is_err() {
        for key in made {
            keys::take_back(app, &key);
        }
    }
    attempt.map(Some)
}

/// Whether operations change nothing that the store knows.
fn settled(ops: &[ConnectionOp]) -> bool {
    ops.iter().all(|op| match op {
        ConnectionOp::Relearn { before, after } => before == after,
        ConnectionOp::Add(_) | ConnectionOp::Remove(_) => false,
    })
}

fn make_keys(
    app: &App,
    workspace: Option<&Workspace>,
    edits: &mut [FileEdit],
) -> Result<Vec<MadeKey>, AppError> {
    let mut made = Vec::new();
    let Some(workspace) = workspace else {
        return Ok(made);
    };
    for edit in edits {
        let Some(name) = edit.new_key.take() else {
            continue;
        };
        match keys::make(
            app,
            workspace,
            &keystow_core::key::NewKey {
                name,
                ..Default::default()
            },
        ) {
            Ok(key) => {
                for op in &mut edit.ops {
                    if let ConnectionOp::Add(connected)
                    | ConnectionOp::Relearn {
                        after: connected, ..
                    } = op
                    {
                        set_key(connected, &key.key.id);
                    }
                }
                made.push(key);
            }
            Err(error) => {
                for key in made {
                    keys::take_back(app, &key);
                }
                return Err(error);
            }
        }
    }
    Ok(made)
}

fn set_key(connected: &mut Connected, key: &KeyId) {
    connected.key = key.clone();
}

fn write(
    app: &App,
    title: &str,
    edits: Vec<FileEdit>,
    seal_key: &keystow_core::Secret,
) -> Result<Change, AppError> {
    let id = ChangeId::new(random::id("ch"));
    let mut change = Change {
        id: id.clone(),
        title: title.to_owned(),
        at: app.now(),
        state: ChangeState::Applying,
        ops: edits.iter().flat_map(|edit| edit.ops.clone()).collect(),
        files: Vec::new(),
    };
    let writes: Vec<&FileEdit> = edits
        .iter()
        .filter(|edit| edit.after != After::Same)
        .collect();
    for edit in &writes {
        let snapshot = &edit.snapshot;
        change.files.push(ChangedFile {
            path: snapshot.path.clone(),
            real_path: snapshot.real.clone(),
            before_hash: snapshot.hash(),
            after_hash: bytes_after(&edit.after).map(files::hash),
            sealed_before: match &snapshot.bytes {
                Some(bytes) => Some(sealing::seal(seal_key, &id, &snapshot.path, bytes)?),
                None => None,
            },
            made_dirs: edit.made_dirs.clone(),
        });
    }
    app.store.journal(&change)?;
    steps::reached("journaled");
    for (done, edit) in writes.iter().enumerate() {
        if let Err(error) =
            files::replace(&edit.snapshot, bytes_after(&edit.after), &edit.made_dirs)
        {
            take_back(app, &change, writes.get(..done).unwrap_or_default());
            return Err(error.into());
        }
        steps::reached("file replaced");
    }
    app.store.settle(&change, ChangeState::Done)?;
    steps::reached("settled");
    change.state = ChangeState::Done;
    Ok(change)
}

fn bytes_after(after: &After) -> Option<&[u8]> {
    match after {
        After::Bytes(bytes) => Some(bytes),
        After::Same | After::Nothing => None,
    }
}

/// Puts back the files that were already replaced, newest first. One that somebody changed in between is theirs and stays.
fn take_back(app: &App, change: &Change, done: &[&FileEdit]) {
    for edit in done.iter().rev() {
        let after = bytes_after(&edit.after);
        let back = files::read(&edit.snapshot.path)
            .ok()
            .filter(|now| now.bytes.as_deref() == after)
            .map(|now| files::replace(&now, edit.snapshot.bytes.as_deref(), &edit.made_dirs));
        if !matches!(back, Some(Ok(()))) {
            tracing::warn!(path = %edit.snapshot.path.display(), "could not be put back");
        }
    }
    if let Err(error) = app.store.settle(change, ChangeState::RolledBack) {
        tracing::warn!(%error, "the journal keeps a change that was taken back; the next start settles it");
    }
}
