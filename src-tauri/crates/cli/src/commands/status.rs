//! `status`: every connection, with a live call through it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use keystow_app::contract::{
    ConnectionRequest, ConnectionView, Empty, EntryState, KeychainView, ProbeView, ProblemView,
};
use keystow_app::{App, AppError, handlers};
use serde::Serialize;

use super::{Desk, keys, rotations};
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean, count};

/// Probes at the same time; each runs a program.
const AT_ONCE: usize = 8;

/// What `--json` prints, one for each connection.
#[derive(Serialize)]
struct Line {
    connection: ConnectionView,
    /// `null` with `--no-probe`.
    probe: Option<ProbeView>,
}

impl Line {
    /// Whether the client gets no tools through it, because there is nothing of ours in its file.
    fn is_gone(&self) -> bool {
        matches!(
            self.connection.entry,
            EntryState::Gone | EntryState::Wiped | EntryState::Unreadable
        )
    }

    /// Whether it was tried and gave no tools. An entry that was changed by hand and still works is no fault.
    fn has_failed(&self) -> bool {
        let problem = self.probe.as_ref().map(|probe| &probe.problem);
        problem.is_some_and(Option::is_some)
    }
}

pub(super) fn status(desk: &Desk<'_>, no_probe: bool) -> Result<u8, CliError> {
    let connections = handlers::connections_list(&desk.app, Empty {})?;
    let probes = match no_probe {
        true => connections.iter().map(|_| None).collect(),
        false => probe_all(&desk.app, &connections)?
            .into_iter()
            .map(Some)
            .collect::<Vec<_>>(),
    };
    let lines: Vec<Line> = connections
        .into_iter()
        .zip(probes)
        .map(|(connection, probe)| Line { connection, probe })
        .collect();
    if lines.is_empty() && !desk.console.json {
        desk.console
            .say("Nothing is connected. `keystow clients` lists what can be.");
    }
    desk.console.show(&lines, |lines| listed(lines))?;
    if !desk.console.json {
        explain(desk, &lines);
        rotations::warn(desk)?;
        keys::warn_of_expiry(desk)?;
    }
    if lines.iter().any(Line::is_gone) {
        return Ok(1);
    }
    if !lines.iter().any(Line::has_failed) {
        return Ok(0);
    }
    // Without a keychain all fail, and none for itself.
    let keychain = handlers::app_status(&desk.app, Empty {})?.keychain;
    Ok(if keychain == KeychainView::Unlocked {
        1
    } else {
        3
    })
}

fn listed(lines: &[Line]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["CLIENT", "SERVER", "KEY", "ENTRY", "TRIED", "ID"]);
    for line in lines {
        let tried = match &line.probe {
            None => "no".to_owned(),
            Some(probe) => match &probe.problem {
                Some(_) => "failed".to_owned(),
                None => format!(
                    "{} in {} ms",
                    count(probe.tools.len(), "tool", "tools"),
                    probe.took_ms
                ),
            },
        };
        table.row([
            &line.connection.client_name,
            &line.connection.server,
            &line.connection.key_name,
            entry(line.connection.entry),
            &tried,
            &line.connection.id,
        ]);
    }
    table.to_string()
}

/// The state of an entry.
pub(super) fn entry(state: EntryState) -> &'static str {
    match state {
        EntryState::Fine => "as written",
        EntryState::Changed => "changed by hand",
        EntryState::Gone => "gone",
        EntryState::Stale => "out of date",
        EntryState::Unreadable => "unreadable",
        EntryState::Wiped => "wiped",
    }
}

/// Says what is wrong, and what to do; once of all whom it concerns.
fn explain(desk: &Desk<'_>, lines: &[Line]) {
    let mut said: Vec<(&ProblemView, Vec<&str>)> = Vec::new();
    for line in lines {
        let client = line.connection.client_name.as_str();
        let found = line.connection.problem.as_ref();
        let probed = line.probe.as_ref().and_then(|probe| probe.problem.as_ref());
        // What the entry says of itself already need not be said again.
        let probed = probed.filter(|probed| found.is_none_or(|found| found.code != probed.code));
        for problem in found.into_iter().chain(probed) {
            let same = |(other, _): &&mut (&ProblemView, Vec<&str>)| {
                (&other.detail, &other.hint) == (&problem.detail, &problem.hint)
            };
            match said.iter_mut().find(same) {
                Some((_, clients)) if clients.contains(&client) => {}
                Some((_, clients)) => clients.push(client),
                None => said.push((problem, vec![client])),
            }
        }
    }
    for (problem, clients) in said {
        desk.console
            .say(&words::problem(&clean(&clients.join(", ")), problem));
    }
}

/// Tries connections side by side; the answers come in the order of the connections.
pub(super) fn probe_all(
    app: &App,
    connections: &[ConnectionView],
) -> Result<Vec<ProbeView>, CliError> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Result<ProbeView, AppError>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..connections.len().min(AT_ONCE) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(connection) = connections.get(at) else {
                        return;
                    };
                    let request = ConnectionRequest {
                        connection: connection.id.clone(),
                    };
                    let probe = handlers::connections_probe(app, request);
                    found
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((at, probe));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(at, _)| *at);
    found
        .into_iter()
        .map(|(_, probe)| probe.map_err(CliError::from))
        .collect()
}
