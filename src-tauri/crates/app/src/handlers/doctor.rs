use keystow_core::keychain::{Item, KeychainState};

use super::views;
use crate::app::App;
use crate::connect;
use crate::contract::*;
use crate::describe;
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
    for connected in app.store.connections()? {
        checks.push(connection(views::connection(app, &connected)?));
    }
    if request.fix {
        app.store.note(
            app.now(),
            "doctor.repaired",
            "Looked for and repaired what was broken.",
        )?;
    }
    Ok(checks)
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
    let reached = app.with_session(workspace, |base, access| {
        app.doors.sign_in.account(base, access)
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

fn connection(view: ConnectionView) -> CheckView {
    let title = format!("{} → {}", view.client_name, view.name);
    let id = format!("connection/{}", view.id);
    let (state, detail, hint) = match view.entry {
        EntryState::Fine => (
            CheckState::Ok,
            format!("{} is as written.", view.path),
            None,
        ),
        EntryState::Changed => (
            CheckState::Warning,
            format!("The entry in {} was changed by hand.", view.path),
            Some(format!(
                "`keystow connect {} --replace` writes it anew.",
                view.client
            )),
        ),
        EntryState::Gone => (
            CheckState::Failed,
            format!("The entry is no longer in {}.", view.path),
            Some(format!(
                "`keystow connect {}` writes it again.",
                view.client
            )),
        ),
        EntryState::Unreadable => (
            CheckState::Failed,
            view.problem.map_or_else(
                || format!("{} cannot be read.", view.path),
                |problem| problem.detail,
            ),
            None,
        ),
    };
    CheckView {
        id,
        title,
        state,
        detail,
        hint,
    }
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
