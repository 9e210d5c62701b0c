use keystow_core::{ChangeId, KeyId, Secret};

use super::locks::locks_of;
use super::plan::{After, FileEdit, Plan};
use super::recover::settle_left_over;
use super::{SETTINGS_LOCK, SETTINGS_WAIT, sealing};
use crate::app::App;
use crate::error::AppError;
use crate::files;
use crate::keys::{self, MadeKey};
use crate::store::{Change, ChangeState, ChangedFile, Connected, ConnectionOp, Workspace};
use crate::{lock, random, stable, steps};

/// An edit of a plan, on its way into its file.
struct Step {
    client: String,
    edit: FileEdit,
    made: Option<MadeKey>,
}

/// How far the files of a change came.
enum Written {
    All,
    /// The step with this number failed, after others were done; the change in the journal is what was done.
    Until(usize, AppError),
}

/// Does what a plan says. Returns the change, or `None` where nothing had to be done.
///
/// The order is what makes it safe: settle what a crash left; look once more at every file; make and stow keys; journal with sealed
/// before-images; replace file by file; settle. Whatever fails before the first file is in its place is taken back. Should a later
/// file fail, what was done stays, as a change of its own that can be undone.
///
/// # Errors
/// `apply.partly`, where some of it was done; with all others nothing was.
pub(crate) fn apply(app: &App, plan: Plan) -> Result<Option<Change>, AppError> {
    let _lock = lock::take(&app.paths.data, SETTINGS_LOCK, SETTINGS_WAIT)?;
    let mut steps = Vec::new();
    for file in plan.files {
        steps.push(Step {
            client: file.client_name,
            edit: file.edit?,
            made: None,
        });
    }
    settle_left_over(app, |path| {
        steps
            .iter()
            .any(|step| step.edit.snapshot.path == path && step.edit.after != After::Same)
    })?;
    for step in steps.iter().filter(|step| !step.edit.only_forgets()) {
        files::unchanged(&step.edit.snapshot)?;
        if step.edit.after != After::Same {
            files::check_writable(&step.edit.snapshot)?;
        }
    }
    if steps
        .iter()
        .all(|step| step.edit.after == After::Same && settled(&step.edit.ops))
    {
        return Ok(None);
    }
    if plan.workspace.is_some() {
        stable::install(&app.doors.program, &app.paths.stable_binary())?;
    }
    let seal_key = sealing::seal_key(app)?;
    let made = make_keys(app, plan.workspace.as_ref(), &mut steps);
    let written = made.and_then(|()| write(app, &plan.title, &steps, &seal_key));
    let kept = match &written {
        Ok((_, Written::All)) => steps.len(),
        Ok((_, Written::Until(failed, _))) => *failed,
        Err(_) => 0,
    };
    for (number, step) in steps.iter().enumerate() {
        let wanted = number < kept || kept > 0 && step.edit.after == After::Same;
        if let Some(key) = step.made.as_ref().filter(|_| !wanted) {
            keys::take_back(app, key);
        }
    }
    match written? {
        (change, Written::All) => Ok(Some(change)),
        (change, Written::Until(failed, reason)) => {
            Err(partly(app, &steps, change, failed, reason)?)
        }
    }
}

fn partly(
    app: &App,
    steps: &[Step],
    change: Change,
    failed: usize,
    reason: AppError,
) -> Result<AppError, AppError> {
    let name = |step: &Step| step.client.clone();
    let (before, after) = steps.split_at(failed);
    app.store.note(
        app.now(),
        "change.partly",
        &format!("{}, and then stopped.", change.title),
    )?;
    Ok(AppError::PartlyApplied {
        done: before.iter().map(name).collect(),
        failed: after.first().map(name).unwrap_or_default(),
        left: after.iter().skip(1).map(name).collect(),
        reason: Box::new(reason),
        change: change.id,
    })
}

/// Whether operations change nothing that the store knows.
fn settled(ops: &[ConnectionOp]) -> bool {
    ops.iter().all(|op| match op {
        ConnectionOp::Relearn { before, after } => before == after,
        ConnectionOp::Add(_) | ConnectionOp::Remove(_) => false,
    })
}

fn make_keys(app: &App, workspace: Option<&Workspace>, steps: &mut [Step]) -> Result<(), AppError> {
    let Some(workspace) = workspace else {
        return Ok(());
    };
    for step in steps {
        let Some(name) = step.edit.new_key.take() else {
            continue;
        };
        let new = keystow_core::key::NewKey {
            name,
            ..Default::default()
        };
        let key = keys::make(app, workspace, &new)?;
        for op in &mut step.edit.ops {
            if let ConnectionOp::Add(connected)
            | ConnectionOp::Relearn {
                after: connected, ..
            } = op
            {
                set_key(connected, &key.key.id);
            }
        }
        step.made = Some(key);
    }
    Ok(())
}

fn set_key(connected: &mut Connected, key: &KeyId) {
    connected.key = key.clone();
}

/// Journals the change and replaces its files. On an error no file is changed.
fn write(
    app: &App,
    title: &str,
    steps: &[Step],
    seal_key: &Secret,
) -> Result<(Change, Written), AppError> {
    let mut change = Change {
        id: ChangeId::new(random::id("ch")),
        title: title.to_owned(),
        at: app.now(),
        state: ChangeState::Applying,
        ops: steps
            .iter()
            .flat_map(|step| step.edit.ops.clone())
            .collect(),
        files: Vec::new(),
    };
    let writes: Vec<(usize, &FileEdit)> = steps
        .iter()
        .map(|step| &step.edit)
        .enumerate()
        .filter(|(_, edit)| edit.after != After::Same)
        .collect();
    journal(app, &mut change, &writes, seal_key)?;
    steps::reached("journaled");
    for (done, (number, edit)) in writes.iter().enumerate() {
        let (path, real) = (&edit.snapshot.path, &edit.snapshot.real);
        let locks = locks_of(app, &edit.ops, path, real);
        let replaced = files::replace(
            &edit.snapshot,
            bytes_after(&edit.after),
            &edit.made_dirs,
            &locks,
        );
        if let Err(error) = replaced {
            files::remove_made_dirs(&edit.snapshot, &edit.made_dirs);
            let done = writes.get(..done).unwrap_or_default();
            return stop(app, change, steps, done, *number, error.into());
        }
        steps::reached("file replaced");
    }
    app.store.settle(&change, ChangeState::Done)?;
    steps::reached("settled");
    change.state = ChangeState::Done;
    Ok((change, Written::All))
}

fn journal(
    app: &App,
    change: &mut Change,
    writes: &[(usize, &FileEdit)],
    seal_key: &Secret,
) -> Result<(), AppError> {
    let mut abouts = Vec::new();
    for (_, edit) in writes {
        let snapshot = &edit.snapshot;
        abouts.push(sealing::about(&change.id, &snapshot.path));
        change.files.push(ChangedFile {
            path: snapshot.path.clone(),
            real_path: snapshot.real.clone(),
            before_hash: snapshot.hash(),
            after_hash: bytes_after(&edit.after).map(files::hash),
            kept: snapshot.bytes.is_some(),
            made_dirs: edit.made_dirs.clone(),
        });
    }
    let mut images = Vec::new();
    for ((_, edit), about) in writes.iter().zip(&abouts) {
        let path = &edit.snapshot.path;
        let bytes = edit.snapshot.bytes.as_deref();
        let image = bytes.map(|bytes| sealing::seal(seal_key, about, path, bytes));
        images.push(image.transpose()?);
    }
    Ok(app.store.journal(change, images)?)
}

/// A file failed. With none in its place yet the change never was; else it shrinks to what was done.
fn stop(
    app: &App,
    mut change: Change,
    steps: &[Step],
    done: &[(usize, &FileEdit)],
    failed: usize,
    error: AppError,
) -> Result<(Change, Written), AppError> {
    if !done.is_empty() {
        let whole = change.clone();
        let kept: Vec<&Step> = steps
            .iter()
            .enumerate()
            .filter(|(number, step)| *number < failed || step.edit.after == After::Same)
            .map(|(_, step)| step)
            .collect();
        change.files.truncate(done.len());
        change.ops = kept.iter().flat_map(|step| step.edit.ops.clone()).collect();
        change.title = title_of(&change.title, &kept);
        match app.store.settle_partly(&change) {
            Ok(()) => {
                change.state = ChangeState::Done;
                return Ok((change, Written::Until(failed, error)));
            }
            Err(error) => {
                tracing::warn!(%error, "what was done cannot be kept, so it is taken back");
                change = whole;
            }
        }
    }
    take_back(app, &change, done);
    Err(error)
}

/// The same title for fewer clients: `Connected Cursor` of `Connected Cursor, VS Code`.
fn title_of(title: &str, steps: &[&Step]) -> String {
    let verb = title.split(' ').next().unwrap_or_default();
    let mut names: Vec<&str> = steps.iter().map(|step| step.client.as_str()).collect();
    names.dedup();
    format!("{verb} {}", names.join(", "))
}

fn bytes_after(after: &After) -> Option<&[u8]> {
    match after {
        After::Bytes(bytes) => Some(bytes),
        After::Same | After::Nothing => None,
    }
}

/// Puts back the files that were already replaced, newest first. One that somebody changed in between is theirs and stays.
fn take_back(app: &App, change: &Change, done: &[(usize, &FileEdit)]) {
    for (_, edit) in done.iter().rev() {
        let after = bytes_after(&edit.after);
        let locks = locks_of(app, &edit.ops, &edit.snapshot.path, &edit.snapshot.real);
        let back = files::read(&edit.snapshot.path)
            .ok()
            .filter(|now| now.bytes.as_deref() == after)
            .map(|now| {
                let before = edit.snapshot.bytes.as_deref();
                files::replace(&now, before, &edit.made_dirs, &locks)
            });
        if !matches!(back, Some(Ok(()))) {
            tracing::warn!(path = %edit.snapshot.path.display(), "could not be put back");
        }
    }
    if let Err(error) = app.store.settle(change, ChangeState::RolledBack) {
        tracing::warn!(%error, "the journal keeps a change that was taken back; the next start settles it");
    }
}
