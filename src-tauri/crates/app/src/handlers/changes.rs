use keystow_core::ChangeId;

use super::views;
use crate::app::App;
use crate::connect::{self, UndoFile};
use crate::contract::*;
use crate::describe::describe;
use crate::error::AppError;
use crate::store::{Change, ConnectionOp};

/// History, newest first.
pub fn changes_list(app: &App, _: Empty) -> Result<Vec<ChangeView>, AppError> {
    app.expire_backups()?;
    Ok(app
        .store
        .changes(200)?
        .iter()
        .map(|change| views::change(app, change))
        .collect())
}

/// What undoing would do, file by file. Nothing is touched.
pub fn changes_preview(app: &App, request: ChangeRequest) -> Result<UndoPreviewView, AppError> {
    let id = request.change.as_deref().map(ChangeId::new);
    let (change, files) = connect::undo_preview(app, id.as_ref())?;
    Ok(UndoPreviewView {
        files: files
            .iter()
            .map(|file| undone_file(app, &change, file))
            .collect(),
        change: views::change(app, &change),
    })
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

fn undone_file(app: &App, change: &Change, undo: &UndoFile) -> FilePlanView {
    let client = change.ops.iter().find_map(|op| {
        let (ConnectionOp::Add(connected)
        | ConnectionOp::Remove(connected)
        | ConnectionOp::Relearn {
            after: connected, ..
        }) = op;
        (connected.path == undo.file.path).then_some(&connected.client)
    });
    let name = client.map(|id| match app.clients.get(id) {
        Some(client) => client.name.clone(),
        None => id.to_string(),
    });
    let bytes = undo
        .now
        .as_ref()
        .zip(undo.before.as_ref())
        .map(|(now, before)| (now.bytes.as_deref(), before.as_deref()));
    FilePlanView {
        client: client.map(ToString::to_string).unwrap_or_default(),
        client_name: name.unwrap_or_default(),
        path: app.paths.shown(&undo.file.path),
        warnings: Vec::new(),
        problem: undo.problem.as_ref().map(describe),
        ..views::file_diff(bytes.unwrap_or_default())
    }
}
