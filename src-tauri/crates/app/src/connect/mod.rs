//! Writing entries into settings files and taking them out again: plan, apply, undo, and recovery after a crash.

mod apply;
mod locks;
mod plan;
mod recover;
mod sealing;
mod undo;

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests;

pub(crate) use apply::apply;
pub(crate) use plan::{
    After, Exec, Plan, Repair, Warning, Wish, connect, disconnect, key_name, repair, servers_of,
};
pub(crate) use recover::recover;
#[cfg(target_os = "linux")]
#[cfg(test)]
pub(crate) use tests::{Bench, kill_after, put, wish};
pub(crate) use undo::{UndoFile, undo, undo_preview};

use std::time::Duration;

use crate::app::App;
use crate::error::AppError;
use crate::lock;

/// The lock that everybody who writes settings files holds.
const SETTINGS_LOCK: &str = "settings-files";
/// How long to wait for another Keystow process that writes.
const SETTINGS_WAIT: Duration = Duration::from_secs(10);

/// Looks at settings files while no process of ours writes any.
///
/// # Errors
/// `busy` when one does for too long, and whatever the look comes to.
pub(crate) fn when_nobody_writes<T>(
    app: &App,
    look: impl FnOnce() -> Result<T, AppError>,
) -> Result<T, AppError> {
    let _lock = lock::take(&app.paths.data, SETTINGS_LOCK, SETTINGS_WAIT)?;
    look()
}
