use std::collections::HashMap;
use std::path::Path;

use keystow_core::ConnectionId;
use keystow_core::keychain::{Item, KeychainState};

use super::views;
use crate::app::App;
use crate::connect::{self, Repair};
use crate::contract::*;
use crate::describe::{self, describe};
use crate::drift;
use crate::error::AppError;
use crate::stable::{self, Stable};

/// Looks at everything the loop needs, and repairs what can be repaired without asking anybody.
pub fn doctor_run(app: &App, request: DoctorRequest) -> Result<Vec<CheckView>, AppError> {
    if request.fix {
        if app.doors.keychain.state() == KeychainState::Locked
            && let Err(error) = app.doors.keychain.unlock(super::app::UNLOCK_MS)
        {
            tracing::warn!(%error, "the keychain stays locked");
        }
        connect::recover(app)?;
    }
    let mut checks = vec![keychain(app), journal(app)?, binary(app, request.fix)];
    for workspace in app.store.workspaces()? {
        checks.push(session(app, &workspace)?);
    }
    checks.extend(orphans(app)?);
    checks.extend(rotations(app)?);
    checks.extend(connections(app, request.fix)?);
    checks.extend(own_clients(app)?);
    checks.extend(windows_side(app));
    if request.fix {
        app.store.note(
            app.now(),
            "doctor.repaired",
            "Looked for and repaired what was broken.",
        )?;
    }
    Ok(checks)
}

/// In WSL: whose Windows settings are meant, where that is not clear.
fn windows_side(app: &App) -> Option<CheckView> {
    let side = app.paths.windows.as_ref()?;
    if side.homes.len() < 2 {
        return None;
    }
    let homes: Vec<String> = side
        .homes
        .iter()
        .map(|home| home.display().to_string())
        .collect();
    Some(CheckView {
        id: "windows".to_owned(),
        title: "Windows around WSL".to_owned(),
        state: CheckState::Warning,
        detail: format!(
            "Several people have settings there, so clients on Windows are left out: {}.",
            homes.join(", ")
        ),
        hint: Some(format!("Say whose: `KEYSTOW_WINDOWS_HOME={}`", homes[0])),
    })
}

fn keychain(app: &App) -> CheckView {
    match app.doors.keychain.state() {
        KeychainState::Unlocked => ok("keychain", "Keychain", "Unlocked."),
        KeychainState::Locked => failed(
            "keychain",
            "Keychain",
            &keystow_core::keychain::KeychainError::Locked.into(),
        ),
        KeychainState::Absent(error) => failed("keychain", "Keychain", &error.into()),
    }
}

fn journal(app: &App) -> Result<CheckView, AppError> {
    let unsettled = app.store.unsettled()?.len();
    Ok(match unsettled {
        0 => ok("journal", "Journal", "No change is half done."),
        count => CheckView {
            id: "journal".to_owned(),
            title: "Journal".to_owned(),
            state: CheckState::Warning,
            detail: format!("{count} change(s) were interrupted and not yet settled."),
            hint: Some("Unlock the keychain, then run `keystow doctor --fix`.".to_owned()),
        },
    })
}

fn binary(app: &App, fix: bool) -> CheckView {
    let stable = app.paths.stable_binary();
    let shown = app.paths.shown(&stable);
    let title = "Stable path";
    let needed = app
        .store
        .connections()
        .is_ok_and(|connections| !connections.is_empty());
    let state = if fix && needed {
        stable::install(&app.doors.program, &stable)
    } else {
        stable::state(&app.doors.program, &stable)
    };
    let view = |state, detail: String, hint: Option<&str>| CheckView {
        id: "stable_path".to_owned(),
        title: title.to_owned(),
        state,
        detail,
        hint: hint.map(str::to_owned),
    };
    let repair = Some("`keystow doctor --fix` installs it.");
    match state {
        Ok(Stable::Current) => view(CheckState::Ok, format!("{shown} is up to date."), None),
        Ok(Stable::Absent) if !needed => view(
            CheckState::Ok,
            "Installed with the first connection.".to_owned(),
            None,
        ),
        Ok(_) if fix => view(
            CheckState::Fixed,
            format!("{shown} was installed anew."),
            None,
        ),
        Ok(Stable::Outdated) => view(
            CheckState::Warning,
            format!("{shown} is another version than this one."),
            repair,
        ),
        Ok(Stable::Absent) => view(
            CheckState::Failed,
            format!("{shown} is missing; connected clients cannot start it."),
            repair,
        ),
        Err(error) => failed("stable_path", title, &error),
    }
}

fn session(app: &App, workspace: &crate::store::Workspace) -> Result<CheckView, AppError> {
    let id = format!("workspace/{}", workspace.id);
    if !workspace.signed_in {
        return Ok(CheckView {
            id,
            title: workspace.name.clone(),
            state: CheckState::Warning,
            detail: "Signed out.".to_owned(),
            hint: Some(format!(
                "`keystow sign-in --provider {}`",
                workspace.provider
            )),
        });
    }
    let provider = app.provider_of(workspace)?;
    let Ok(sign_in) = app.sign_in_of(provider) else {
        return Ok(ok(
            &id,
            &workspace.name,
            "Its keys are pasted; there is nothing to sign in to.",
        ));
    };
    let reached = app.with_session(workspace, |caller| {
        sign_in.account(caller.base, caller.access)
    });
    Ok(match reached {
        Ok(account) => ok(
            &id,
            &workspace.name,
            &format!("Reachable; signed in as {}.", account.login),
        ),
        Err(error) => failed(&id, &workspace.name, &error),
    })
}

/// Keys that nobody holds the secret of, and keys whose secret should be here and is not.
fn orphans(app: &App) -> Result<Vec<CheckView>, AppError> {
    let mut checks = Vec::new();
    let unlocked = app.doors.keychain.state() == KeychainState::Unlocked;
    for workspace in app.store.workspaces()? {
        let mut keys: Vec<_> = app.store.keys(&workspace.id)?.into_values().collect();
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        for key in keys {
            let id = format!("key/{}/{}", workspace.id, key.id);
            if key.orphan {
                checks.push(CheckView {
                    id,
                    title: key.name,
                    state: CheckState::Warning,
                    detail: format!("Made in {}, but nobody holds its secret.", workspace.name),
                    hint: Some(format!("Revoke it: `keystow keys delete {}`", key.id)),
                });
            } else if key.stowed && unlocked {
                let item = Item::Key(workspace.id.clone(), key.id.clone());
                if let Err(error) = app.doors.keychain.get_stowed(&item) {
                    checks.push(failed(&id, &key.name, &error.into()));
                }
            }
        }
    }
    Ok(checks)
}

/// Rotations that are not over.
fn rotations(app: &App) -> Result<Vec<CheckView>, AppError> {
    let views = super::rotations_list(app, Empty {})?;
    let under_way = views.into_iter().filter(|view| view.ended_at.is_none());
    Ok(under_way
        .map(|view| {
            let id = format!("rotation/{}", view.id);
            let title = format!("Rotation of {}", view.name);
            match view.problem {
                Some(problem) => CheckView {
                    id,
                    title,
                    state: CheckState::Warning,
                    detail: problem.detail,
                    hint: problem.hint,
                },
                None => {
                    let state = match (view.waits_for, view.retires_at) {
                        (Some(waits), _) => waits,
                        (None, Some(at)) if at > app.now() => {
                            "The old key stays good until its grace is over.".to_owned()
                        }
                        _ => "Under way.".to_owned(),
                    };
                    ok(&id, &title, &state)
                }
            }
        })
        .collect())
}

/// What stands in the settings files. What needs no decision is repaired: entries that are out of date, gone or wiped away are
/// written again, file by file. One that was changed by hand is the person's to decide about.
fn connections(app: &App, fix: bool) -> Result<Vec<CheckView>, AppError> {
    let connections = app.store.connections()?;
    let mut seen = views::connections(app, &connections)?;
    let mut outcomes: HashMap<&Path, Outcome> = HashMap::new();
    if fix {
        for path in drift::paths_of(&connections) {
            let broken: Vec<ConnectionId> = connections
                .iter()
                .zip(&seen)
                .filter(|(connected, view)| connected.path == path && needs_no_decision(view.entry))
                .map(|(connected, _)| connected.id.clone())
                .collect();
            if !broken.is_empty() {
                outcomes.insert(path, restore(app, &broken)?);
            }
        }
        if !outcomes.is_empty() {
            seen = views::connections(app, &connections)?;
        }
    }
    Ok(connections
        .iter()
        .zip(seen)
        .map(
            |(connected, view)| match outcomes.get(connected.path.as_path()) {
                Some(outcome) => repaired(view, outcome, &connected.id),
                None => connection(&view),
            },
        )
        .collect())
}

/// What came of a repair of the entries in one file.
enum Outcome {
    /// These were written again.
    Written(Vec<ConnectionId>),
    /// Nothing was, and why.
    Left(ProblemView),
}

fn restore(app: &App, broken: &[ConnectionId]) -> Result<Outcome, AppError> {
    let plan = connect::repair(app, broken, Repair::Restore)?;
    let waits = plan
        .files
        .iter()
        .flat_map(|file| &file.warnings)
        .find(|warning| warning.code == "plan.client_running");
    if let Some(warning) = waits {
        return Ok(Outcome::Left(describe::problem(
            warning.code,
            "The client is running",
            &warning.text,
            Some("Then run `keystow doctor --fix` again."),
            true,
        )));
    }
    let title = plan.title.clone();
    Ok(match connect::apply(app, plan) {
        Ok(_) => {
            app.store
                .note(app.now(), "connection.written", &format!("{title}."))?;
            Outcome::Written(broken.to_vec())
        }
        Err(error) => Outcome::Left(describe(&error)),
    })
}

/// Whether an entry is only written as it was wanted before, and nobody's change is lost by that.
fn needs_no_decision(entry: EntryState) -> bool {
    match entry {
        EntryState::Stale | EntryState::Gone | EntryState::Wiped => true,
        EntryState::Fine | EntryState::Changed | EntryState::Unreadable => false,
    }
}

fn repaired(view: ConnectionView, outcome: &Outcome, id: &ConnectionId) -> CheckView {
    let check = connection(&view);
    match outcome {
        Outcome::Written(ids) if ids.contains(id) && view.entry == EntryState::Fine => CheckView {
            state: CheckState::Fixed,
            detail: format!("The entry was written again in {}.", view.path),
            hint: Some("`keystow undo` takes that back.".to_owned()),
            ..check
        },
        Outcome::Left(problem) if needs_no_decision(view.entry) => CheckView {
            detail: format!("{} It was not repaired: {}", check.detail, problem.detail),
            hint: problem.hint.clone(),
            ..check
        },
        Outcome::Written(_) | Outcome::Left(_) => check,
    }
}

fn connection(view: &ConnectionView) -> CheckView {
    let state = match view.entry {
        EntryState::Fine => CheckState::Ok,
        EntryState::Changed => CheckState::Warning,
        EntryState::Stale | EntryState::Gone | EntryState::Wiped | EntryState::Unreadable => {
            CheckState::Failed
        }
    };
    CheckView {
        id: format!("connection/{}", view.id),
        title: format!("{} → {}", view.client_name, view.name),
        state,
        detail: view.problem.as_ref().map_or_else(
            || match view.path.as_str() {
                "" => "Handed over by a link.".to_owned(),
                path => format!("{path} is as written."),
            },
            |problem| problem.detail.clone(),
        ),
        hint: view
            .problem
            .as_ref()
            .and_then(|problem| problem.hint.clone()),
    }
}

/// The person's own client files, where there are any.
fn own_clients(app: &App) -> Result<Vec<CheckView>, AppError> {
    let own = super::clients_own(app, Empty {})?;
    let mut checks = Vec::new();
    let used = own
        .files
        .iter()
        .filter(|file| file.problem.is_none())
        .count();
    if used > 0 {
        checks.push(ok(
            "clients/own",
            "Own clients",
            &format!("{used} in {}.", own.directory),
        ));
    }
    for file in own.files {
        if let Some(problem) = file.problem {
            checks.push(CheckView {
                id: format!("clients/{}", file.file),
                title: format!("Own client {}", file.file),
                state: CheckState::Failed,
                detail: problem.detail,
                hint: problem.hint,
            });
        }
    }
    Ok(checks)
}

fn ok(id: &str, title: &str, detail: &str) -> CheckView {
    CheckView {
        id: id.to_owned(),
        title: title.to_owned(),
        state: CheckState::Ok,
        detail: detail.to_owned(),
        hint: None,
    }
}

fn failed(id: &str, title: &str, error: &AppError) -> CheckView {
    let problem = describe(error);
    CheckView {
        id: id.to_owned(),
        title: title.to_owned(),
        state: CheckState::Failed,
        detail: problem.detail,
        hint: problem.hint,
    }
}
