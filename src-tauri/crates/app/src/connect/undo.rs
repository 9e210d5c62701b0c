use keystow_core::ChangeId;

use super::{SETTINGS_LOCK, SETTINGS_WAIT, sealing};
use crate::app::App;
use crate::error::AppError;
use crate::files::{self, Snapshot};
use crate::store::{Change, ChangeState, ChangedFile};
use crate::{lock, steps};

/// Gives back the exact bytes from before a change (`None`: the latest), and its connections. Refuses when a file has changed since.
pub(crate) fn undo(app: &App, id: Option<&ChangeId>) -> Result<Change, AppError> {
    let _lock = lock::take(&app.paths.data, SETTINGS_LOCK, SETTINGS_WAIT)?;
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
    if change.state != ChangeState::Done {
        return Err(AppError::NothingToUndo);
    }
    let mut back = Vec::new();
    for file in &change.files {
        let now = files::read(&file.path)?;
        if now.hash() != file.after_hash || now.real != file.real_path {
            return Err(AppError::UndoChanged {
                path: file.path.clone(),
            });
        }
        files::check_writable(&now)?;
        back.push((now, before(app, &change, file)?, file));
    }
    app.store.settle(&change, ChangeState::Undoing)?;
    steps::reached("undo journaled");
    for (done, (now, bytes, file)) in back.iter().enumerate() {
        if let Err(error) = files::replace(now, bytes.as_deref(), &file.made_dirs) {
            redo(back.get(..done).unwrap_or_default());
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

/// The before-image of one file of a change.
pub(super) fn before(
    app: &App,
    change: &Change,
    file: &ChangedFile,
) -> Result<Option<Vec<u8>>, AppError> {
    match (&file.before_hash, &file.sealed_before) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(AppError::Sealed {
            path: file.path.clone(),
        }),
        (Some(hash), Some(sealed)) => {
            let key = sealing::seal_key(app)?;
            let bytes = sealing::open(&key, &change.id, &file.path, sealed)?;
            if files::hash(&bytes) == *hash {
                Ok(Some(bytes))
            } else {
                Err(AppError::Sealed {
                    path: file.path.clone(),
                })
            }
        }
    }
}

/// Takes back an undo that could not be finished.
fn redo(done: &[(Snapshot, Option<Vec<u8>>, &ChangedFile)]) {
    for (was, bytes, file) in done.iter().rev() {
        let again = files::read(&file.path)
            .ok()
            .filter(|now| now.bytes == *bytes)
            .map(|now| files::replace(&now, was.bytes.as_deref(), &[]));
        if !matches!(again, Some(Ok(()))) {
            tracing::warn!(path = %file.path.display(), "could not be put back");
        }
    }
}
