//! `connect --wait`: clients that keep their settings in memory are written while they do not run, and looked at when they do again.

use std::thread;
use std::time::{Duration, Instant};

use keystow_app::contract::{ClientRequest, ConnectionView, Empty, EntryState};
use keystow_app::handlers;

use super::Desk;
use crate::error::CliError;
use crate::output::words::{self, clean};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(300);
/// For how long after its start a client is watched: those that rewrite their settings do so at once.
const WATCH: Duration = Duration::from_secs(10);

/// Waits until none of the clients runs. Nothing is written yet; whoever ends this leaves everything as it is.
pub(super) fn until_quit(desk: &Desk<'_>, clients: &[String]) -> Result<(), CliError> {
    for client in clients {
        let mut said = false;
        loop {
            let view = running(desk, client)?;
            if !view.known {
                desk.console.say(&format!(
                    "Whether {} runs cannot be told here, so it is not waited for.",
                    clean(&view.name)
                ));
                break;
            }
            if !view.running {
                break;
            }
            if !said {
                desk.console.say(&format!(
                    "Waiting for {} to quit, from its tray or menu bar icon too. Ctrl-C ends this; nothing was written.",
                    clean(&view.name)
                ));
                said = true;
            }
            thread::sleep(PAUSE);
        }
    }
    Ok(())
}

/// Waits until each client has started again, and tells whether all kept what was written. Whoever ends this keeps it, too.
pub(super) fn through_next_start(
    desk: &Desk<'_>,
    written: &[ConnectionView],
) -> Result<bool, CliError> {
    let mut kept = true;
    for connection in written {
        let view = running(desk, &connection.client)?;
        if !view.known {
            continue;
        }
        let name = clean(&view.name);
        if !view.running {
            desk.console.say(&format!(
                "Start {name} now; Keystow sees whether it keeps the entry. Ctrl-C ends this; the entry stays."
            ));
        }
        while !running(desk, &connection.client)?.running {
            thread::sleep(PAUSE);
        }
        desk.console
            .say(&format!("{name} runs; looking for {} s.", WATCH.as_secs()));
        kept &= watch(desk, connection)?;
    }
    Ok(kept)
}

fn watch(desk: &Desk<'_>, written: &ConnectionView) -> Result<bool, CliError> {
    let name = clean(&written.client_name);
    let started = Instant::now();
    while started.elapsed() < WATCH {
        let now = handlers::connections_list(&desk.app, Empty {})?;
        let now = now.into_iter().find(|now| now.id == written.id);
        let Some(now) = now.filter(|now| now.entry != EntryState::Fine) else {
            thread::sleep(PAUSE);
            continue;
        };
        desk.console.say(&match now.entry {
            EntryState::Gone | EntryState::Wiped => {
                format!("{name} took the entry out again when it started.")
            }
            _ => format!("{name} changed the entry when it started."),
        });
        if let Some(problem) = &now.problem {
            desk.console.say(&words::problem("error", problem));
        }
        return Ok(false);
    }
    desk.console.say(&format!("{name} kept the entry."));
    Ok(true)
}

fn running(desk: &Desk<'_>, client: &str) -> Result<keystow_app::contract::RunningView, CliError> {
    let request = ClientRequest {
        client: client.to_owned(),
    };
    Ok(handlers::clients_running(&desk.app, request)?)
}
