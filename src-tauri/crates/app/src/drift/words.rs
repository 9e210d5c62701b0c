//! What is wrong with an entry, in words: state before advice.

use keystow_core::clients::{Client, Quirk};

use super::{Found, Shape, State, target_of};
use crate::app::App;
use crate::contract::ProblemView;
use crate::describe::problem;
use crate::store::Connected;

/// What is wrong with an entry; `None` where it is fine.
pub(crate) fn of(app: &App, connected: &Connected, found: &Found) -> Option<ProblemView> {
    let (client, target, _) = target_of(app, connected).ok()?;
    let (path, name, id) = (
        app.paths.shown(&connected.path),
        &connected.name,
        &connected.id,
    );
    let drift = format!("`keystow drift {id}`");
    let again = match rewrites(client) {
        true => format!(
            "Quit {} completely, its tray icon too; then {drift} with --restore writes it again. --forget lets it go.",
            client.name
        ),
        false => format!("{drift} with --restore writes it again; --forget lets it go."),
    };
    let dropped = match rewrites(client) {
        true => format!("{} dropped our entry", client.name),
        false => "The entry is gone".to_owned(),
    };
    let (code, title, detail, hint) = match found.state {
        State::Fine => return None,
        State::Changed => (
            "entry.changed",
            "The entry was changed by hand".to_owned(),
            format!("The entry {name} in {path} is not as Keystow wrote it."),
            format!(
                "{drift} shows how; --restore writes ours again, --adopt keeps theirs, --forget lets it go."
            ),
        ),
        State::Gone => (
            "entry.gone",
            dropped.clone(),
            match rewrites(client) {
                true => format!("{dropped}: {path} no longer has {name}."),
                false => format!("{path} no longer has the entry {name}."),
            },
            again,
        ),
        State::Wiped => {
            let how = match found.has_file {
                true => format!("{path} has no servers any more"),
                false => format!("{path} is not there any more"),
            };
            (
                "entry.wiped",
                dropped.clone(),
                match rewrites(client) {
                    true => format!("{dropped}: {how}."),
                    false => format!("{how}."),
                },
                again,
            )
        }
        State::Stale => {
            let launched = Shape::of(target, connected.mode)
                .zip(found.theirs.as_ref())
                .and_then(|(shape, theirs)| shape.launched(theirs))
                .filter(|launched| !launched.is_ours(&app.paths));
            let stable = app.paths.shown(&app.paths.stable_binary());
            (
                "entry.stale",
                "The entry is out of date".to_owned(),
                match launched {
                    Some(launched) => format!(
                        "The entry {name} in {path} starts {}; Keystow is at {stable} now.",
                        crate::handlers::shown(&launched.program)
                    ),
                    None => {
                        format!("The entry {name} in {path} names where the server was before.")
                    }
                },
                format!("`keystow doctor --fix` or {drift} with --restore brings it up to date."),
            )
        }
    };
    Some(problem(code, &title, &detail, Some(&hint), false))
}

/// Whether the client is known to write its settings back from memory.
fn rewrites(client: &Client) -> bool {
    client.quirks.contains(&Quirk::RewritesWhileRunning)
}

/// An entry that somebody made into something that starts no command.
pub(crate) fn no_command(path: &str, id: &str) -> ProblemView {
    problem(
        "entry.changed",
        "The entry was changed by hand",
        &format!("The entry in {path} names no command to run."),
        Some(&format!(
            "`keystow drift {id}` shows how; with --restore it writes ours again."
        )),
        false,
    )
}
