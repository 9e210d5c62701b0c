//! `connect`, `disconnect`: preview, question, write, proof.

use keystow_app::contract::{
    AppliedView, ConnectRequest, ConnectionView, DisconnectRequest, PlanRequest, PlanView,
    ProbeView,
};
use keystow_app::handlers;
use serde::Serialize;

use super::status::probe_all;
use super::{Desk, wait};
use crate::args::Apply;
use crate::error::CliError;
use crate::output::diff;
use crate::output::words::{self, clean, count};

/// What `--json` prints.
#[derive(Serialize)]
pub(super) struct Outcome<'a> {
    pub plan: &'a PlanView,
    /// `null` when nothing was applied.
    pub applied: Option<&'a AppliedView>,
    /// One for each connection written now.
    pub probes: &'a [ProbeView],
}

/// `project=DIR` with the directory made absolute, for a person who is in it.
pub(super) fn absolute(target: String) -> Result<String, CliError> {
    match target.split_once('=') {
        Some((kind, dir)) if kind != "profile" => {
            let dir = std::path::absolute(dir).map_err(|source| CliError::Directory {
                dir: dir.into(),
                source,
            })?;
            Ok(format!("{kind}={}", dir.display()))
        }
        _ => Ok(target),
    }
}

/// What follows the writing.
#[derive(Clone, Copy, Debug)]
pub(super) struct After {
    /// Nothing that was written is started.
    pub no_probe: bool,
    /// The clients were waited for, and their next start is too.
    pub wait: bool,
}

pub(super) fn connect(
    desk: &Desk<'_>,
    request: ConnectRequest,
    apply: Apply,
    After { no_probe, wait }: After,
) -> Result<u8, CliError> {
    let clients = request.clients.clone();
    if wait {
        wait::until_quit(desk, &clients)?;
    }
    let plan = handlers::connections_plan(&desk.app, request)?;
    let Some(applied) = carry_out(desk, &plan, apply, question(&plan))? else {
        return Ok(0);
    };
    let probes = match no_probe {
        true => Vec::new(),
        false => probe_all(&desk.app, &applied.connected)?,
    };
    if desk.console.json {
        desk.console.view(&Outcome {
            plan: &plan,
            applied: Some(&applied),
            probes: &probes,
        })?;
    } else if applied.connected.is_empty() {
        desk.console
            .say("Everything is connected already; nothing was written.");
    }
    if no_probe && !desk.console.json && !applied.connected.is_empty() {
        desk.console.say(&format!(
            "Connected {}; not tried yet. `keystow status` tries them.",
            words::list(
                &applied
                    .connected
                    .iter()
                    .map(|connection| clean(&connection.client_name))
                    .collect::<Vec<_>>()
            )
        ));
    }
    let mut failed = false;
    for (connection, probe) in applied.connected.iter().zip(&probes) {
        failed |= probe.problem.is_some();
        tell(desk, connection, probe)?;
    }
    if wait && !applied.connected.is_empty() {
        failed |= !wait::through_next_start(desk, &applied.connected)?;
    }
    Ok(u8::from(failed))
}

/// `Cursor → 6 tools`, or why not.
pub(super) fn tell(
    desk: &Desk<'_>,
    connection: &ConnectionView,
    probe: &ProbeView,
) -> Result<(), CliError> {
    let client = clean(&connection.client_name);
    match &probe.problem {
        None if desk.console.json => Ok(()),
        None => desk.console.data(&format!(
            "{client} → {}",
            count(probe.tools.len(), "tool", "tools")
        )),
        Some(problem) => {
            desk.console
                .say(&format!("{client} was connected, and a try of it failed."));
            desk.console.say(&words::problem("error", problem));
            Ok(())
        }
    }
}

pub(super) fn disconnect(
    desk: &Desk<'_>,
    request: DisconnectRequest,
    apply: Apply,
) -> Result<u8, CliError> {
    let plan = handlers::connections_plan_removal(&desk.app, request)?;
    let Some(applied) = carry_out(desk, &plan, apply, question(&plan))? else {
        return Ok(0);
    };
    if desk.console.json {
        desk.console.view(&Outcome {
            plan: &plan,
            applied: Some(&applied),
            probes: &[],
        })?;
    } else {
        let mut names: Vec<String> = plan
            .files
            .iter()
            .map(|file| clean(&file.client_name))
            .collect();
        names.dedup();
        desk.console.say(&format!(
            "Disconnected {}. The keys are kept; `keystow keys delete` revokes one.",
            words::list(&names)
        ));
    }
    Ok(0)
}

/// Shows a plan and applies it if the person answers the question with yes. `None`: only a look was wanted.
pub(super) fn carry_out(
    desk: &Desk<'_>,
    plan: &PlanView,
    apply: Apply,
    question: Option<String>,
) -> Result<Option<AppliedView>, CliError> {
    let console = desk.console;
    if !console.json {
        console.data(&diff::preview(plan, console.colour))?;
    }
    let unapplied = || {
        let outcome = Outcome {
            plan,
            applied: None,
            probes: &[],
        };
        if console.json {
            console.view(&outcome)
        } else {
            Ok(())
        }
    };
    let problems: Vec<_> = plan
        .files
        .iter()
        .filter_map(|file| Some((file, file.problem.as_ref()?)))
        .collect();
    if !problems.is_empty() {
        unapplied()?;
        if console.json {
            for (file, problem) in &problems {
                console.say(&format!("{}:", clean(&file.client_name)));
                console.say(&words::problem("error", problem));
            }
        }
        return Err(CliError::PlanHasProblems {
            files: count(problems.len(), "file", "files"),
        });
    }
    if apply.dry_run {
        unapplied()?;
        console.say("Nothing was written.");
        return Ok(None);
    }
    if !apply.yes
        && let Some(question) = question
    {
        if console.json && console.can_ask() {
            console.say(&diff::preview(plan, false));
        }
        console.confirm(&question)?;
    }
    let applied = handlers::connections_apply(
        &desk.app,
        PlanRequest {
            plan: plan.id.clone(),
        },
    )?;
    Ok(Some(applied))
}

/// What is asked before anything is done; `None` when nothing would be.
pub(super) fn question(plan: &PlanView) -> Option<String> {
    let writes = (plan.writes > 0)
        .then(|| format!("Write {}", count(plan.writes as usize, "file", "files")));
    let keys = plan.creates_keys.len();
    let creates = (keys > 0).then(|| count(keys, "new key", "new keys"));
    match (writes, creates) {
        (Some(writes), Some(creates)) => Some(format!("{writes} and make {creates}?")),
        (Some(writes), None) => Some(format!("{writes}?")),
        (None, Some(creates)) => Some(format!("Make {creates}?")),
        (None, None) => None,
    }
}
