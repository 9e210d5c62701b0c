use super::{SETTINGS_LOCK, undo};
use crate::app::App;
use crate::error::AppError;
use crate::store::{Change, ChangeState, ChangedFile};
use crate::{files, lock};

/// Finishes or takes back what a crash left half done. Where another process is at work, or the keychain cannot be had now, the
/// change stays as it is for the next start.
pub(crate) fn recover(app: &App) -> Result<(), AppError> {
    let unsettled = app.store.unsettled()?;
    if unsettled.is_empty() {
        return Ok(());
    }
    let Some(_lock) = lock::try_take(&app.paths.data, SETTINGS_LOCK)? else {
        return Ok(());
    };
    for id in unsettled {
        let Some(change) = app.store.change(&id)? else {
            continue;
        };
        for file in &change.files {
            files::sweep(&file.real_path);
        }
        let outcome = match change.state {
            ChangeState::Applying => finish_or_take_back(app, &change),
            ChangeState::Undoing => put_back(app, &change).map(|()| ChangeState::Undone),
            ChangeState::Done | ChangeState::Undone | ChangeState::RolledBack => continue,
        };
        match outcome {
            Ok(state) => {
                app.store.settle(&change, state)?;
                app.store.note(
                    app.now(),
                    "change.recovered",
                    &format!("Settled after a crash: {}.", change.title),
                )?;
            }
            Err(error) => {
                tracing::warn!(%error, change = %change.id, "a change stays half done until the next start")
            }
        }
    }
    Ok(())
}

/// All files in place: the change is done. Otherwise those in place are put back.
fn finish_or_take_back(app: &App, change: &Change) -> Result<ChangeState, AppError> {
    let mut placed = 0;
    for file in &change.files {
        placed += usize::from(files::read(&file.path)?.hash() == file.after_hash);
    }
    if placed == change.files.len() {
        return Ok(ChangeState::Done);
    }
    put_back(app, change)?;
    Ok(ChangeState::RolledBack)
}

/// Puts back every file that is as the change left it; one that somebody changed since is theirs.
fn put_back(app: &App, change: &Change) -> Result<(), AppError> {
    for file in change.files.iter().rev() {
        let now = files::read(&file.path)?;
        if now.hash() == file.after_hash && file.after_hash != file.before_hash {
            let bytes = undo::before(app, change, file)?;
            files::replace(&now, bytes.as_deref(), &file.made_dirs)?;
        } else {
            remove_made_dirs(file);
        }
    }
    Ok(())
}

/// Directories that were made for a file that never came.
fn remove_made_dirs(file: &ChangedFile) {
    if file.before_hash.is_none() && !file.path.exists() {
        for dir in &file.made_dirs {
            if std::fs::remove_dir(dir).is_err() {
                break;
            }
        }
    }
}
