//! `drift`: what became of our entries, three ways, and what is done about it.

use keystow_app::contract::{
    ConnectionRequest, ConnectionView, DriftView, Empty, EntryState, RepairAction, RepairRequest,
};
use keystow_app::handlers;

use super::Desk;
use super::connections::{Outcome, carry_out, question, tell};
use super::status::{entry, probe_all};
use crate::args::Apply;
use crate::error::CliError;
use crate::output::diff;
use crate::output::words::{clean, count};

/// Shows the connections named, or all that drifted.
pub(super) fn show(desk: &Desk<'_>, named: &[String]) -> Result<u8, CliError> {
    let all = handlers::connections_list(&desk.app, Empty {})?;
    let chosen: Vec<String> = match named {
        [] => all
            .into_iter()
            .filter(|connection| connection.entry != EntryState::Fine)
            .map(|connection| connection.id)
            .collect(),
        named => ids(&all, named),
    };
    let views = looks(desk, chosen)?;
    if views.is_empty() && !desk.console.json {
        desk.console
            .say("Nothing drifted: every entry is as Keystow would write it today.");
    }
    let colour = desk.console.colour;
    desk.console.show(&views, |views| {
        views.iter().map(|view| of(view, colour)).collect()
    })?;
    if !desk.console.json {
        for view in &views {
            if let Some(hint) = view
                .connection
                .problem
                .as_ref()
                .and_then(|problem| problem.hint.as_ref())
            {
                desk.console
                    .say(&format!("{}: {}", title(&view.connection), clean(hint)));
            }
        }
    }
    Ok(0)
}

/// Repairs the connections named, or all that drifted.
pub(super) fn repair(
    desk: &Desk<'_>,
    named: &[String],
    all: bool,
    action: RepairAction,
    apply: Apply,
) -> Result<u8, CliError> {
    if named.is_empty() && !all {
        return Err(CliError::NothingNamed);
    }
    let there = handlers::connections_list(&desk.app, Empty {})?;
    let connections = ids(&there, named);
    let request = RepairRequest {
        connections,
        action,
    };
    let plan = handlers::connections_plan_repair(&desk.app, request)?;
    if plan.files.is_empty() && !desk.console.json {
        desk.console.say("Nothing drifted; nothing was done.");
        return Ok(0);
    }
    if action == RepairAction::Adopt && !desk.console.json {
        shown_before_adopting(desk, &there, named)?;
    }
    let files = count(plan.files.len(), "file", "files");
    let asked = match action {
        RepairAction::Restore => question(&plan),
        RepairAction::Adopt => Some(format!("Adopt what stands in {files}?")),
        RepairAction::Forget => Some(format!("Forget the connections in {files}?")),
    };
    let Some(applied) = carry_out(desk, &plan, apply, asked)? else {
        return Ok(0);
    };
    let probes = probe_all(&desk.app, &applied.connected)?;
    if desk.console.json {
        desk.console.view(&Outcome {
            plan: &plan,
            applied: Some(&applied),
            probes: &probes,
        })?;
    } else if applied.change.is_none() {
        desk.console
            .say("Everything stands as wanted already; nothing was done.");
    } else if !applied.disconnected.is_empty() {
        desk.console.say(&format!(
            "Forgot {}. The keys are kept; `keystow undo` takes it back.",
            count(applied.disconnected.len(), "connection", "connections")
        ));
    }
    let mut failed = false;
    for (connection, probe) in applied.connected.iter().zip(&probes) {
        failed |= probe.problem.is_some();
        tell(desk, connection, probe)?;
    }
    Ok(u8::from(failed))
}

/// What was done by hand, before it is adopted: the plan has no edits to show.
fn shown_before_adopting(
    desk: &Desk<'_>,
    there: &[ConnectionView],
    named: &[String],
) -> Result<(), CliError> {
    let chosen: Vec<String> = match named {
        [] => there
            .iter()
            .filter(|connection| connection.entry == EntryState::Changed)
            .map(|connection| connection.id.clone())
            .collect(),
        named => ids(there, named),
    };
    let views = looks(desk, chosen)?;
    let text: String = views
        .iter()
        .filter(|view| view.adopt_problem.is_none())
        .map(|view| of(view, desk.console.colour))
        .collect();
    match text.is_empty() {
        true => Ok(()),
        false => desk.console.data(&text),
    }
}

fn looks(desk: &Desk<'_>, chosen: Vec<String>) -> Result<Vec<DriftView>, CliError> {
    chosen
        .into_iter()
        .map(|connection| {
            Ok(handlers::connections_drift(
                &desk.app,
                ConnectionRequest { connection },
            )?)
        })
        .collect()
}

/// Connections by their ids or their clients'. What is neither is handed on, to be refused by its name.
fn ids(connections: &[ConnectionView], named: &[String]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for name in named {
        let of_client: Vec<&String> = connections
            .iter()
            .filter(|connection| connection.client == *name)
            .map(|connection| &connection.id)
            .collect();
        let found = if of_client.is_empty() {
            vec![name]
        } else {
            of_client
        };
        for id in found {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
    }
    ids
}

fn title(connection: &ConnectionView) -> String {
    format!(
        "{} → {}",
        clean(&connection.client_name),
        clean(&connection.name)
    )
}

fn of(view: &DriftView, colour: bool) -> String {
    let connection = &view.connection;
    let mut text = format!(
        "{} ({}): {} in {}\n",
        title(connection),
        clean(&connection.id),
        entry(connection.entry),
        clean(&connection.path)
    );
    let state = connection.entry;
    if let Some(problem) = &connection.problem {
        text.push_str(&format!("{}\n", clean(&problem.detail)));
    }
    let mut side = |name: &str, lines| {
        text.push_str(&format!("--- as Keystow wrote it\n+++ {name}\n"));
        text.push_str(&diff::lines(lines, colour));
    };
    if !view.by_hand.is_empty() {
        side("as it stands", &view.by_hand);
    }
    if !view.out_of_date.is_empty() {
        side("as Keystow would write it today", &view.out_of_date);
    }
    if let (None, Some(ours), EntryState::Gone | EntryState::Wiped) =
        (&view.theirs, &view.ours, state)
    {
        text.push_str("+++ as Keystow would write it today\n");
        for line in ours.lines() {
            text.push_str(&format!("{}\n", clean(line)));
        }
    }
    text.push('\n');
    text
}
