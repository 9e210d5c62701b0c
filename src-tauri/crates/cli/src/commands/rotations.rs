//! `rotations …`, `keys rotate` and `keys revoke`.

use std::thread;
use std::time::{Duration, Instant};

use keystow_app::contract::{
    Empty, GraceView, KeyRequest, LeftOut, RotateAllPlanView, RotateAllRequest, RotateRequest,
    RotationClientState, RotationRequest, RotationStage, RotationView,
};
use keystow_app::handlers;

use super::keys::users;
use super::{Desk, providers, workspaces};
use crate::args::{GraceArg, RotationsCommand};
use crate::ask;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean};

/// Between two looks at clients that are to go over.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

pub(super) fn run(desk: &Desk<'_>, action: Option<RotationsCommand>) -> Result<u8, CliError> {
    match action {
        None => list(desk),
        Some(RotationsCommand::Continue { rotation, .. }) => {
            let view = handlers::rotations_advance(&desk.app, RotationRequest { rotation })?;
            told(desk, &taken_in(desk, view)?)
        }
        Some(RotationsCommand::Retire { rotation, yes, .. }) => {
            if !yes {
                let view = find(desk, &rotation)?;
                desk.console.say(&format!(
                    "The old key of “{}” ({}) would be revoked now.",
                    clean(&view.name),
                    clean(&view.old_masked)
                ));
                for client in view.clients.iter().filter(|client| behind(client.state)) {
                    let state = state(client.state);
                    desk.console
                        .say(&format!("  {}: {state}", clean(&client.name)));
                }
                desk.console.confirm("Retire it?")?;
            }
            let view = handlers::rotations_retire(&desk.app, RotationRequest { rotation })?;
            told(desk, &view)
        }
        Some(RotationsCommand::Cancel { rotation, .. }) => {
            let view = handlers::rotations_cancel(&desk.app, RotationRequest { rotation })?;
            told(desk, &view)
        }
    }
}

pub(super) fn rotate(
    desk: &Desk<'_>,
    key: Option<String>,
    grace: GraceArg,
    wait: Duration,
) -> Result<u8, CliError> {
    let grace = match grace {
        GraceArg::Now => GraceView::Now,
        GraceArg::Hour => GraceView::Hour,
        GraceArg::Day => GraceView::Day,
        GraceArg::Week => GraceView::Week,
    };
    let Some(key) = key else {
        let views = handlers::rotations_start_all(&desk.app, RotateAllRequest { grace })?;
        let until = Instant::now() + wait;
        let views = views
            .into_iter()
            .map(|view| observed(desk, view, until))
            .collect::<Result<Vec<_>, _>>()?;
        return told_all(desk, &views);
    };
    let view = handlers::rotations_start(&desk.app, RotateRequest { key, grace })?;
    let view = taken_in(desk, view)?;
    told(desk, &observed(desk, view, Instant::now() + wait)?)
}

/// Which keys would be rotated, and which would stay as they are.
pub(super) fn plan_all(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::rotations_plan_all(&desk.app, Empty {})?;
    let refused = u8::from(view.problem.is_some());
    if !desk.console.json {
        if let Some(problem) = &view.problem {
            desk.console
                .say(&words::problem("Nothing can be rotated", problem));
        } else if view.keys.is_empty() {
            desk.console.say("There is no key that can be rotated.");
        }
        if view.by_hand && !view.keys.is_empty() {
            desk.console
                .say("Only the dashboard makes keys: each new one is made and pasted by hand.");
        }
        if view.elsewhere > 0 {
            desk.console.say(&format!(
                "{} of the workspace {} not on this computer and would stay as {}.",
                words::count(view.elsewhere as usize, "key", "keys"),
                if view.elsewhere == 1 { "is" } else { "are" },
                if view.elsewhere == 1 {
                    "it is"
                } else {
                    "they are"
                },
            ));
        }
    }
    desk.console.show(&view, |view| planned(desk.now, view))?;
    Ok(refused)
}

fn planned(now: i64, plan: &RotateAllPlanView) -> String {
    if plan.keys.is_empty() && plan.left.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["KEY", "USED BY", "LAST USED", "ID"]);
    if !plan.keys.is_empty() && plan.problem.is_none() {
        table.section("Would be rotated");
        for key in &plan.keys {
            let used = words::when_or(now, key.last_used_at, "never");
            table.row([&key.name, &users(key), &used, &key.id]);
        }
    }
    if !plan.left.is_empty() {
        table.section("Would stay");
        for key in &plan.left {
            let why = match key.reason {
                LeftOut::NotHere => "its secret is not on this computer",
                LeftOut::Paused => "it is paused",
                LeftOut::Expired => "it is over",
                LeftOut::UnderWay => "it is being rotated already",
            };
            table.row([key.name.as_str(), why, "", &key.id]);
        }
    }
    table.to_string()
}

pub(super) fn revoke(desk: &Desk<'_>, key: String, yes: bool) -> Result<u8, CliError> {
    let by_dashboard = workspaces::provider_in_use(desk)?
        .is_some_and(|provider| !providers::can(&provider, "delete"));
    // Where only a dashboard revokes, it is refused with the way there before anybody is asked.
    if !yes && !by_dashboard {
        let key = handlers::keys_show(&desk.app, KeyRequest { key: key.clone() })?;
        desk.console.say(&format!(
            "“{}” ({}) would be revoked first and replaced then: calls in between fail, and so does whatever else uses it.\n{}",
            clean(&key.name),
            clean(&key.masked),
            words::consequences(desk.now, &key),
        ));
        desk.console
            .confirm(&format!("Revoke “{}” now?", clean(&key.name)))?;
    }
    let view = handlers::keys_revoke(&desk.app, KeyRequest { key })?;
    told(desk, &view)
}

/// Where only a dashboard makes keys: says how, and takes the new one in.
fn taken_in(desk: &Desk<'_>, view: RotationView) -> Result<RotationView, CliError> {
    if !view.wants_key || desk.console.json {
        return Ok(view);
    }
    by_hand(desk, &view);
    let request = RotationRequest {
        rotation: view.id.clone(),
    };
    Ok(handlers::rotations_add(&desk.app, request, &ask::key()?)?)
}

/// Waits for clients that run, for a while.
fn observed(
    desk: &Desk<'_>,
    mut view: RotationView,
    until: Instant,
) -> Result<RotationView, CliError> {
    let waits = |view: &RotationView| {
        view.stage == RotationStage::Switched
            || view.stage == RotationStage::Observed
                && view.grace == GraceView::Now
                && view.steps.is_empty()
    };
    while waits(&view) && Instant::now() < until {
        thread::sleep(LOOK_AGAIN);
        let rotation = view.id.clone();
        view = handlers::rotations_advance(&desk.app, RotationRequest { rotation })?;
    }
    Ok(view)
}

fn find(desk: &Desk<'_>, id: &str) -> Result<RotationView, CliError> {
    let known = handlers::rotations_list(&desk.app, Empty {})?;
    let found = known.into_iter().find(|view| view.id == id);
    match found {
        Some(view) => Ok(view),
        // The handler has the words for one that is not there.
        None => Ok(handlers::rotations_advance(
            &desk.app,
            RotationRequest {
                rotation: id.to_owned(),
            },
        )?),
    }
}

fn list(desk: &Desk<'_>) -> Result<u8, CliError> {
    let views = handlers::rotations_list(&desk.app, Empty {})?;
    if views.is_empty() && !desk.console.json {
        desk.console
            .say("No key was rotated yet. `keystow keys rotate KEY` does.");
    }
    desk.console.show(&views, |views| listed(desk.now, views))?;
    if !desk.console.json {
        for view in views.iter().filter(|view| view.ended_at.is_none()) {
            explain(desk, view);
        }
    }
    Ok(0)
}

fn listed(now: i64, views: &[RotationView]) -> String {
    if views.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["KEY", "WORKSPACE", "STAGE", "CLIENTS", "OLD KEY", "ID"]);
    for view in views {
        let over = view.clients.iter().filter(|client| !behind(client.state));
        let clients = match view.ended_at {
            None => format!("{} of {}", over.count(), view.clients.len()),
            Some(_) => String::new(),
        };
        let goes = match (view.ended_at, view.retires_at) {
            (Some(at), _) if view.stage == RotationStage::Retired => {
                format!("revoked {}", words::when(now, at))
            }
            _ if view.revoked => "revoked".to_owned(),
            // It was called off, or the new one was not taken: the old one is used as before.
            (Some(_), _) => "kept".to_owned(),
            (None, Some(at)) if at > now => format!("goes {}", words::when(now, at)),
            (None, Some(_)) => "goes as soon as it can".to_owned(),
            (None, None) => "in use".to_owned(),
        };
        let workspace = &view.workspace_name;
        table.row([
            &view.name,
            workspace,
            stage(view.stage),
            &clients,
            &goes,
            &view.id,
        ]);
    }
    table.to_string()
}

fn told(desk: &Desk<'_>, view: &RotationView) -> Result<u8, CliError> {
    if !desk.console.json {
        say(desk, view);
    }
    desk.console.show(view, |view| clean(&view.id))?;
    Ok(code(view))
}

fn told_all(desk: &Desk<'_>, views: &[RotationView]) -> Result<u8, CliError> {
    if !desk.console.json {
        for view in views {
            say(desk, view);
        }
    }
    desk.console.show(views, |views| {
        let ids: Vec<String> = views.iter().map(|view| clean(&view.id)).collect();
        ids.join("\n")
    })?;
    Ok(views.iter().map(code).max().unwrap_or_default())
}

/// A rotation that failed, or cannot go on by itself.
fn code(view: &RotationView) -> u8 {
    u8::from(view.stage == RotationStage::Failed || view.problem.is_some())
}

fn say(desk: &Desk<'_>, view: &RotationView) {
    let name = clean(&view.name);
    let masked = clean(view.new_masked.as_deref().unwrap_or_default());
    desk.console.say(&match view.stage {
        RotationStage::Planned => format!("“{name}” is to be rotated."),
        RotationStage::Created => format!("“{name}” has a new key ({masked}); nobody uses it yet."),
        RotationStage::Switched | RotationStage::Observed if view.emergency => {
            format!("Revoked “{name}”; its clients use the new key ({masked}).")
        }
        RotationStage::Switched => {
            format!("The clients of “{name}” use its new key ({masked}) from their next call on.")
        }
        RotationStage::Observed => {
            format!("The clients of “{name}” use its new key ({masked}); the old one still works.")
        }
        RotationStage::Retired => format!("Rotated “{name}” ({masked}). The old key is revoked."),
        RotationStage::GoingBack => format!(
            "Calling the rotation of “{name}” off. The new key is revoked once nobody uses it."
        ),
        RotationStage::Cancelled => {
            format!("Called the rotation of “{name}” off. The old key is used as before.")
        }
        RotationStage::Failed => {
            format!("The new key of “{name}” was not taken, and is revoked again.")
        }
    });
    explain(desk, view);
}

/// Rotations that are not over.
pub(super) fn warn(desk: &Desk<'_>) -> Result<(), CliError> {
    for view in handlers::rotations_list(&desk.app, Empty {})? {
        if view.ended_at.is_none() {
            say(desk, &view);
        }
    }
    Ok(())
}

/// What it waits for, what is wrong, and what to do.
fn explain(desk: &Desk<'_>, view: &RotationView) {
    let name = clean(&view.name);
    if let Some(reason) = &view.failed {
        desk.console.say(&format!("{name}: {}", clean(reason)));
    }
    for client in &view.clients {
        let state = state(client.state);
        desk.console
            .say(&format!("  {}: {state}", clean(&client.name)));
    }
    if let Some(sentence) = &view.waits_for {
        desk.console.say(&format!("{name}: {}", clean(sentence)));
    }
    if let Some(at) = view.retires_at.filter(|at| *at > desk.now) {
        desk.console.say(&format!(
            "{name}: the old key goes {}. `keystow rotations cancel {}` takes it all back.",
            words::when(desk.now, at),
            clean(&view.id)
        ));
    }
    if !view.steps.is_empty() && !view.wants_key {
        by_hand(desk, view);
        desk.console.say(&format!(
            "  Then: keystow rotations continue {}",
            clean(&view.id)
        ));
    }
    if let Some(problem) = &view.problem {
        desk.console.say(&words::problem(&name, problem));
    }
}

fn by_hand(desk: &Desk<'_>, view: &RotationView) {
    desk.console.say(&format!(
        "{}\n{}",
        clean(view.dashboard.as_deref().unwrap_or_default()),
        words::steps(&view.steps)
    ));
}

/// Whether a client is still to come over.
fn behind(state: RotationClientState) -> bool {
    matches!(
        state,
        RotationClientState::Waiting | RotationClientState::Finishing | RotationClientState::Holds
    )
}

fn stage(stage: RotationStage) -> &'static str {
    match stage {
        RotationStage::Planned => "planned",
        RotationStage::Created => "new key stowed",
        RotationStage::Switched => "clients go over",
        RotationStage::Observed => "in use",
        RotationStage::Retired => "done",
        RotationStage::GoingBack => "going back",
        RotationStage::Cancelled => "called off",
        RotationStage::Failed => "failed",
    }
}

fn state(state: RotationClientState) -> &'static str {
    match state {
        RotationClientState::NotRunning => "does not run",
        RotationClientState::AsksAnew => "asks for its key whenever it connects",
        RotationClientState::OnIt => "uses the right key",
        RotationClientState::Finishing => "has a call under way with the other key",
        RotationClientState::Waiting => "goes over with its next call",
        RotationClientState::Holds => "keeps the old key until it is restarted",
    }
}
