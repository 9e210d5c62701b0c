//! `uninstall`: everything Keystow ever wrote goes, after a look at all of it.

use keystow_app::contract::{
    Empty, LeftKeyView, RemovalRequest, RemovalState, RemovalView, RemovedView,
};
use keystow_app::handlers;
use serde::Serialize;

use super::Desk;
use crate::args::UninstallArgs;
use crate::error::CliError;
use crate::output::diff;
use crate::output::words::{self, clean, count};

/// What `--json` prints.
#[derive(Serialize)]
struct Outcome<'a> {
    preview: &'a RemovalView,
    /// `null` when nothing was removed.
    removed: Option<&'a RemovedView>,
}

pub(super) fn uninstall(desk: &Desk<'_>, args: UninstallArgs) -> Result<u8, CliError> {
    let console = desk.console;
    let preview = handlers::removal_preview(&desk.app, Empty {})?;
    let text = in_words(&preview, args.revoke_keys, console.colour && !console.json);
    if !console.json {
        console.data(&text)?;
    }
    let unchanged = || match console.json {
        true => console.view(&Outcome {
            preview: &preview,
            removed: None,
        }),
        false => Ok(()),
    };
    if args.dry_run {
        unchanged()?;
        console.say("Nothing was removed.");
        return Ok(0);
    }
    if keystow_workspace::window_is_open(&desk.app.paths().data) {
        return Err(CliError::WindowOpen);
    }
    if !args.yes {
        if console.json && console.can_ask() {
            console.say(&text);
        }
        console.confirm("Remove all of this? There is no undo.")?;
    }
    let request = RemovalRequest {
        revoke_keys: args.revoke_keys,
        leave_files: args.leave_files,
    };
    let removed = handlers::removal_apply(&desk.app, request)?;
    match console.json {
        true => console.view(&Outcome {
            preview: &preview,
            removed: Some(&removed),
        })?,
        false => console.data(&steps(&removed))?,
    }
    console.say(match removed.complete {
        true => "Keystow left nothing behind. Its program goes the way it was installed.",
        false => "Some of it is left; nothing that it needs was taken away. Run `keystow uninstall` again when that is mended.",
    });
    Ok(u8::from(!removed.complete))
}

fn in_words(view: &RemovalView, revoke: bool, colour: bool) -> String {
    let mut text = diff::of_undo(&view.files, colour);
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    for secrets in &view.secrets {
        let (one, many) = match secrets.name.as_str() {
            "keys" => ("key", "keys"),
            "sessions" => ("sign-in", "sign-ins"),
            "servers" => ("sign-in to a server", "sign-ins to servers"),
            _ => {
                line("Out of the keychain: what Keystow made for itself".to_owned());
                continue;
            }
        };
        let amount = count(secrets.count as usize, one, many);
        line(format!("Out of the keychain: {amount}"));
    }
    for place in &view.places {
        line(format!(
            "Deleted: {} ({})",
            clean(&place.path),
            size(place.bytes)
        ));
    }
    for kept in &view.kept {
        line(format!("Stays: {} (not written by Keystow)", clean(kept)));
    }
    for client in &view.links {
        line(format!(
            "Stays: what {} took from a link; remove it there",
            clean(client)
        ));
    }
    if view.local_keys > 0 {
        let amount = count(view.local_keys as usize, "key", "keys");
        line(format!("The local workspace ends, and with it {amount}"));
    }
    for key in &view.revocable {
        let word = if revoke {
            "Revoked"
        } else {
            "Stays valid (--revoke-keys revokes it)"
        };
        line(format!("{word}: {}", key_in_words(key)));
    }
    for key in &view.elsewhere {
        line(format!(
            "Stays valid (revoke it on its dashboard): {}",
            key_in_words(key)
        ));
    }
    if !view.running.is_empty() {
        let names: Vec<String> = view.running.iter().map(|name| clean(name)).collect();
        line(format!(
            "Quit first, or restart after: {}",
            words::list(&names)
        ));
    }
    if view.rotations > 0 {
        line(format!(
            "Called off: {}; both keys stay valid",
            count(view.rotations as usize, "rotation", "rotations")
        ));
    }
    if let Some(problem) = &view.problem {
        line(words::problem("error", problem));
    }
    text
}

fn key_in_words(key: &LeftKeyView) -> String {
    format!(
        "{} ({}) of {}",
        clean(&key.name),
        clean(&key.masked),
        clean(&key.workspace)
    )
}

fn steps(removed: &RemovedView) -> String {
    let mut text = String::new();
    for step in &removed.steps {
        let word = match step.state {
            RemovalState::Done => "gone",
            RemovalState::Failed => "failed",
            RemovalState::NotTried => "not tried",
        };
        text.push_str(&format!("{word}: {}\n", clean(&step.title)));
        if let Some(problem) = &step.problem {
            text.push_str(&format!("  {}\n", words::problem("error", problem)));
        }
    }
    for kept in &removed.kept {
        text.push_str(&format!("stays: {}\n", clean(kept)));
    }
    text
}

/// `12 kB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
