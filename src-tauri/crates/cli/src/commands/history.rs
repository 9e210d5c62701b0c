//! `history`, `undo`.

use keystow_app::contract::{ChangeRequest, ChangeView, Empty};
use keystow_app::handlers;

use super::Desk;
use crate::error::CliError;
use crate::output::words::{self, clean, count};
use crate::output::{Table, diff};

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
    let console = desk.console;
    let preview = handlers::changes_preview(&desk.app, ChangeRequest { change })?;
    let files = &preview.files;
    let refused = files.iter().any(|file| file.problem.is_some());
    // Whoever asked for JSON and cannot be asked gets the answer, or the problem, and nothing beside it.
    if !console.json || refused || (!yes && console.can_ask()) {
        let text = diff::of_undo(files, console.colour && !console.json);
        match console.json {
            true => console.say(&text),
            false => console.data(&text)?,
        }
    }
    let count_of_files = count(files.len(), "file", "files");
    if !yes && !refused {
        console.say(&format!(
            "“{}” ({}) would be undone: exact bytes come back.",
            clean(&preview.change.title),
            words::when(desk.now, preview.change.at)
        ));
        console.confirm(&format!("Restore {count_of_files}?"))?;
    }
    // What was refused is refused again, in the words for it.
    let request = ChangeRequest {
        change: Some(preview.change.id),
    };
    let view = handlers::changes_undo(&desk.app, request)?;
    if !console.json {
        console.say(&format!(
            "Undone: {} ({}).",
            clean(&view.title),
            count(view.files.len(), "file", "files")
        ));
    }
    console.show(&view, |_| String::new())?;
    Ok(0)
}
