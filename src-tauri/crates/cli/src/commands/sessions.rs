//! `sign-in`, `sign-out`, `workspaces`.

use std::sync::mpsc::channel;
use std::thread;

use keystow_app::contract::{
    AttemptRequest, Empty, Method, SignInRequest, SignInState, SignInView, WorkspaceRequest,
    WorkspaceView,
};
use keystow_app::{AppError, handlers};

use super::Desk;
use crate::args::WorkspacesCommand;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::clean;
use crate::platform::Stop;

pub(super) fn sign_in(
    desk: &Desk<'_>,
    provider: String,
    method: Option<Method>,
) -> Result<u8, CliError> {
    let mut view = handlers::sessions_sign_in(
        &desk.app,
        SignInRequest {
            provider,
            method,
            url: None,
            login: None,
            from_clipboard: false,
        },
    )?;
    if view.state == SignInState::Waiting
        && let Some(attempt) = view.attempt.take()
    {
        view = wait(desk, attempt, view.url.as_deref())?;
    }
    if view.state == SignInState::Cancelled {
        return Err(CliError::Cancelled);
    }
    if let Some(workspace) = &view.workspace
        && !desk.console.json
    {
        desk.console.say(&format!(
            "Signed in to {} as {}.",
            clean(&workspace.name),
            clean(&workspace.login)
        ));
    }
    desk.console.show(&view, |_| String::new())?;
    Ok(0)
}

/// Waits for the browser; a signal cancels.
fn wait(desk: &Desk<'_>, attempt: String, url: Option<&str>) -> Result<SignInView, CliError> {
    let app = &desk.app;
    let (outcome, arrived) = channel();
    let request = AttemptRequest {
        attempt: attempt.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    thread::scope(|scope| {
        let (through, done) = tokio::sync::oneshot::channel::<()>();
        scope.spawn(move || {
            let _through = through;
            // The other side waits below.
            let _ = outcome.send(handlers::sessions_wait(app, request));
        });
        let stopped = runtime.block_on(async {
            let stop = Stop::listen();
            if let Some(url) = url {
                desk.console.say(&format!(
                    "Your browser was asked to open\n  {url}\nWaiting until you are through there; Ctrl-C cancels."
                ));
            }
            tokio::select! {
                () = stop.asked() => {
                    // One that is through already cannot be cancelled; its outcome counts.
                    let _ = handlers::sessions_cancel(app, AttemptRequest { attempt });
                    true
                }
                _ = done => false,
            }
        });
        match arrived.recv().expect("the waiting thread always tells") {
            // Stopped before anybody waited, the attempt is simply gone.
            Err(_) if stopped => Err(CliError::Cancelled),
            outcome => Ok(outcome?),
        }
    })
}

pub(super) fn sign_out(desk: &Desk<'_>, workspace: Option<String>) -> Result<u8, CliError> {
    let known = handlers::workspaces_list(&desk.app, Empty {})?
        .into_iter()
        .find(|known| {
            workspace
                .as_ref()
                .map_or(known.current, |id| known.id == *id)
        });
    let (workspace, name) = match (known, workspace) {
        (Some(known), _) => (known.id, known.name),
        // The handler has the words for one that is not there.
        (None, Some(id)) => (id.clone(), id),
        (None, None) => return Err(AppError::NoWorkspace.into()),
    };
    handlers::sessions_sign_out(&desk.app, WorkspaceRequest { workspace })?;
    desk.console.say(&format!(
        "Signed out of {}. Connected clients go on working.",
        clean(&name)
    ));
    Ok(0)
}

pub(super) fn workspaces(
    desk: &Desk<'_>,
    action: Option<WorkspacesCommand>,
) -> Result<u8, CliError> {
    if let Some(WorkspacesCommand::Use { workspace, .. }) = action {
        let view = handlers::workspaces_use(&desk.app, WorkspaceRequest { workspace })?;
        if !desk.console.json {
            desk.console
                .say(&format!("{} is in use now.", clean(&view.name)));
        }
        desk.console.show(&view, |_| String::new())?;
        return Ok(0);
    }
    let view = handlers::workspaces_list(&desk.app, Empty {})?;
    if view.is_empty() && !desk.console.json {
        desk.console
            .say("No workspaces yet. Try `keystow sign-in --provider local`: it asks nothing.");
    }
    desk.console.show(&view, |view| listed(view))?;
    Ok(0)
}

fn listed(workspaces: &[WorkspaceView]) -> String {
    if workspaces.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["ID", "NAME", "SIGNED IN AS", "URL", ""]);
    for workspace in workspaces {
        let login = match workspace.signed_in {
            true => workspace.login.as_str(),
            false => "(signed out)",
        };
        let current = if workspace.current { "in use" } else { "" };
        table.row([
            &workspace.id,
            &workspace.name,
            login,
            &workspace.url,
            current,
        ]);
    }
    table.to_string()
}
