use std::path::Path;

use super::locks::locks_of;
use super::{SETTINGS_LOCK, sealing};
use crate::app::App;
use crate::error::AppError;
use crate::store::{Change, ChangeState, ChangedFile};
use crate::{files, lock};

/// Finishes or takes back what a crash left half done. Where another process is at work, or the keychain cannot be had now, the
/// change stays as it is for the next start.
pub(crate) fn recover(app: &App) -> Result<(), AppError> {
    if app.store.unsettled()?.is_empty() && !files::locks_left_over(&app.paths.data) {
        return Ok(());
    }
    let Some(_lock) = lock::try_take(&app.paths.data, SETTINGS_LOCK)? else {
        return Ok(());
    };
    settle_left_over(app, |_| false)
}

/// The same for a caller that holds the settings lock.
///
/// # Errors
/// Why a change stays half done that touches a file for which `matters` says so: whoever writes that next would make it worse.
pub(super) fn settle_left_over(app: &App, matters: impl Fn(&Path) -> bool) -> Result<(), AppError> {
    files::clear_locks_left_over(&app.paths.data);
    for id in app.store.unsettled()? {
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
                tracing::warn!(%error, change = %change.id, "a change stays half done until the next start");
                if change.files.iter().any(|file| matters(&file.path)) {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}

/// All files in place: the change is done. Otherwise those in place are put back.
fn finish_or_take_back(app: &App, change: &Change) -> Result<ChangeState, AppError> {
    let mut now = Vec::new();
    for file in &change.files {
        now.push(files::read(&file.path)?);
    }
    let mut both = change.files.iter().zip(&now);
    if both.all(|(file, now)| now.has(file.after_hash.as_deref())) {
        for (file, now) in change.files.iter().zip(&now) {
            files::remove_made_dirs(now, &file.made_dirs);
        }
        return Ok(ChangeState::Done);
    }
    drop(now);
    put_back(app, change)?;
    Ok(ChangeState::RolledBack)
}

/// Puts back every file that is as the change left it; one that somebody changed since is theirs.
fn put_back(app: &App, change: &Change) -> Result<(), AppError> {
    for (number, file) in change.files.iter().enumerate().rev() {
        let now = files::read(&file.path)?;
        if now.has(file.after_hash.as_deref()) && file.after_hash != file.before_hash {
            let bytes = sealing::before(app, change, number, file)?;
            let locks = locks_of(app, &change.ops, &file.path, &file.real_path);
            files::replace(&now, bytes.as_deref(), &file.made_dirs, &locks)?;
        } else {
            remove_made_dirs(&now, file);
        }
    }
    Ok(())
}

/// Directories that were made for a file that never came, or that were to go with it.
fn remove_made_dirs(now: &files::Snapshot, file: &ChangedFile) {
    if file.before_hash.is_none() {
        files::remove_made_dirs(now, &file.made_dirs);
    }
}
