//! `history`, `undo`, `activity`.

use keystow_app::contract::{ActivityRequest, ActivityView, ChangeRequest, ChangeView, Empty};
use keystow_app::handlers;

use super::Desk;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean, count};

pub(super) fn history(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::changes_list(&desk.app, Empty {})?;
    if view.is_empty() && !desk.console.json {
        desk.console.say("Nothing was changed yet.");
    }
    desk.console
        .show(&view, |view| of_changes(desk.now, view))?;
    Ok(0)
}

fn of_changes(now: i64, changes: &[ChangeView]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["ID", "WHEN", "WHAT", "FILES", ""]);
    for change in changes {
        let state = match (change.undone, change.can_undo) {
            (true, _) => "undone",
            (false, true) => "can be undone",
            (false, false) => "",
        };
        table.row([
            &change.id,
            &words::when(now, change.at),
            &change.title,
            &count(change.files.len(), "file", "files"),
            state,
        ]);
    }
    table.to_string()
}

pub(super) fn undo(desk: &Desk<'_>, change: Option<String>, yes: bool) -> Result<u8, CliError> {
    let changes = handlers::changes_list(&desk.app, Empty {})?;
    let found = match &change {
        Some(id) => changes.into_iter().find(|change| change.id == *id),
        None => changes.into_iter().find(|change| !change.undone),
    };
    // Whatever is not in the list, the handler has the words for.
    let id = found.as_ref().map(|change| change.id.clone()).or(change);
    if let Some(found) = found.filter(|change| !yes && !change.undone) {
        desk.console.say(&format!(
            "“{}” ({}) would be undone. These files get back the exact bytes they had:",
            clean(&found.title),
            words::when(desk.now, found.at)
        ));
        for file in &found.files {
            desk.console.say(&format!("  {}", clean(file)));
        }
        let files = count(found.files.len(), "file", "files");
        desk.console.confirm(&format!("Restore {files}?"))?;
    }
    let view = handlers::changes_undo(&desk.app, ChangeRequest { change: id })?;
    if !desk.console.json {
        desk.console.say(&format!(
            "Undone: {} ({}).",
            clean(&view.title),
            count(view.files.len(), "file", "files")
        ));
    }
    desk.console.show(&view, |_| String::new())?;
    Ok(0)
}

pub(super) fn activity(desk: &Desk<'_>, limit: u32, before: Option<u32>) -> Result<u8, CliError> {
    let request = ActivityRequest {
        before,
        limit: Some(limit),
    };
    let view = handlers::activity_list(&desk.app, request)?;
    if view.is_empty() && !desk.console.json {
        desk.console.say("Nothing happened yet.");
    }
    desk.console
        .show(&view, |view| of_activity(desk.now, view))?;
    Ok(0)
}

fn of_activity(now: i64, trail: &[ActivityView]) -> String {
    if trail.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["NUMBER", "WHEN", "WHAT"]);
    for line in trail {
        table.row([
            &line.seq.to_string(),
            &words::when(now, line.at),
            &line.text,
        ]);
    }
    table.to_string()
}
