use keystow_core::ChangeId;

use super::views;
use crate::app::App;
use crate::connect;
use crate::contract::*;
use crate::error::AppError;

/// Before-images are dropped after this long, in milliseconds.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// History, newest first.
pub fn changes_list(app: &App, _: Empty) -> Result<Vec<ChangeView>, AppError> {
    app.store.expire_before_images(app.now() - KEPT_MS)?;
    Ok(app
        .store
        .changes(200)?
        .iter()
        .map(|change| views::change(app, change))
        .collect())
}

/// Gives back exact bytes.
pub fn changes_undo(app: &App, request: ChangeRequest) -> Result<ChangeView, AppError> {
    let id = request.change.as_deref().map(ChangeId::new);
    let change = connect::undo(app, id.as_ref())?;
    app.store.note(
        app.now(),
        "change.undone",
        &format!("Undone: {}.", change.title),
    )?;
    Ok(views::change(app, &change))
}
