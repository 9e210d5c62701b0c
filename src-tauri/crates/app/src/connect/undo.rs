use keystow_core::ChangeId;

use super::locks::locks_of;
use super::recover::settle_left_over;
use super::{SETTINGS_LOCK, SETTINGS_WAIT, plan, sealing};
use crate::app::App;
use crate::error::AppError;
use crate::files::{self, Snapshot};
use crate::store::{Change, ChangeState, ChangedFile};
use crate::{lock, steps};

/// What undoing a change would do to one of its files.
pub(crate) struct UndoFile {
    pub file: ChangedFile,
    /// As it is now, where it can be read.
    pub now: Option<Snapshot>,
    /// As it was before the change, where that is kept and opens; `Some(None)`: there was no file.
    pub before: Option<Option<Vec<u8>>>,
    /// Why it is not put back.
    pub problem: Option<AppError>,
}

/// Looks what undoing a change (`None`: the latest) would do. Touches nothing.
pub(crate) fn undo_preview(
    app: &App,
    id: Option<&ChangeId>,
) -> Result<(Change, Vec<UndoFile>), AppError> {
    let change = wanted(app, id)?;
    let mut files = Vec::new();
    for (number, file) in change.files.iter().enumerate() {
        files.push(look(app, &change, number, file)?);
    }
    if files.iter().all(|file| file.problem.is_none()) {
        plan::stands(app, &change)?;
    }
    Ok((change, files))
}

/// Gives back the exact bytes from before a change (`None`: the latest), and its connections. Refuses when a file has changed since.
pub(crate) fn undo(app: &App, id: Option<&ChangeId>) -> Result<Change, AppError> {
    let _lock = lock::take(&app.paths.data, SETTINGS_LOCK, SETTINGS_WAIT)?;
    settle_left_over(app, |_| true)?;
    let change = wanted(app, id)?;
    plan::stands(app, &change)?;
    let mut back = Vec::new();
    for (number, file) in change.files.iter().enumerate() {
        let found = look(app, &change, number, file)?;
        match (found.now, found.before, found.problem) {
            (Some(now), Some(bytes), None) => back.push((now, bytes, file)),
            (_, _, problem) => return Err(problem.unwrap_or(AppError::NothingToUndo)),
        }
    }
    app.store.settle(&change, ChangeState::Undoing)?;
    steps::reached("undo journaled");
    for (done, (now, bytes, file)) in back.iter().enumerate() {
        let locks = locks_of(app, &change.ops, &file.path, &file.real_path);
        if let Err(error) = files::replace(now, bytes.as_deref(), &file.made_dirs, &locks) {
            redo(app, &change, back.get(..done).unwrap_or_default());
            app.store.settle_state_only(&change, ChangeState::Done)?;
            return Err(error.into());
        }
        steps::reached("file put back");
    }
    app.store.settle(&change, ChangeState::Undone)?;
    Ok(Change {
        state: ChangeState::Undone,
        ..change
    })
}

/// The change to undo, if it can be undone at all.
fn wanted(app: &App, id: Option<&ChangeId>) -> Result<Change, AppError> {
    let change = match id {
        Some(id) => app.store.change(id)?.ok_or_else(|| AppError::Unknown {
            what: "change",
            id: id.to_string(),
        })?,
        None => app
            .store
            .changes(200)?
            .into_iter()
            .find(|change| change.state == ChangeState::Done)
            .ok_or(AppError::NothingToUndo)?,
    };
    match change.state {
        ChangeState::Done => Ok(change),
        _ => Err(AppError::NothingToUndo),
    }
}

fn look(
    app: &App,
    change: &Change,
    number: usize,
    file: &ChangedFile,
) -> Result<UndoFile, AppError> {
    let (now, unread) = split(files::read(&file.path).map_err(AppError::from));
    let (before, unopened) = split(sealing::before(app, change, number, file));
    let differs = now
        .as_ref()
        .filter(|now| !now.has(file.after_hash.as_deref()) || now.real != file.real_path);
    let problem = match (unread, differs) {
        (Some(error), _) => Some(error),
        (None, Some(now)) => Some(changed_since(app, change, file, now)?),
        (None, None) => unopened.or_else(|| {
            let now = now.as_ref()?;
            files::check_writable(now).err().map(AppError::from)
        }),
    };
    Ok(UndoFile {
        file: file.clone(),
        now,
        before,
        problem,
    })
}

fn split<T>(result: Result<T, AppError>) -> (Option<T>, Option<AppError>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}

/// A file that is not as the change left it: because of a later change of ours, which can be undone first, or of somebody else.
fn changed_since(
    app: &App,
    change: &Change,
    file: &ChangedFile,
    now: &Snapshot,
) -> Result<AppError, AppError> {
    let path = file.path.clone();
    let later = app
        .store
        .changes(200)?
        .into_iter()
        .take_while(|later| later.id != change.id)
        .filter(|later| later.state == ChangeState::Done)
        .find(|later| {
            later
                .files
                .iter()
                .any(|other| other.path == file.path && now.has(other.after_hash.as_deref()))
        });
    Ok(match later {
        Some(later) => AppError::UndoLaterFirst {
            path,
            change: later.id,
            title: later.title,
        },
        None => AppError::UndoChanged { path },
    })
}

/// Takes back an undo that could not be finished.
fn redo(app: &App, change: &Change, done: &[(Snapshot, Option<Vec<u8>>, &ChangedFile)]) {
    for (was, bytes, file) in done.iter().rev() {
        let locks = locks_of(app, &change.ops, &file.path, &file.real_path);
        let again = files::read(&file.path)
            .ok()
            .filter(|now| now.bytes == *bytes)
            .map(|now| files::replace(&now, was.bytes.as_deref(), &[], &locks));
        if !matches!(again, Some(Ok(()))) {
            tracing::warn!(path = %file.path.display(), "could not be put back");
        }
    }
}
