//! `sign-in`, `sign-out`, `workspaces`.

use std::sync::mpsc::channel;
use std::thread;

use keystow_app::contract::{
    AttemptRequest, Empty, Method, SignInRequest, SignInState, SignInView, WorkspaceRequest,
    WorkspaceView,
};
use keystow_app::{App, AppError, handlers};

use super::Desk;
use crate::args::WorkspacesCommand;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::clean;
use crate::platform;

pub(super) fn sign_in(
    desk: &Desk<'_>,
    provider: String,
    method: Option<Method>,
) -> Result<u8, CliError> {
    let mut view = handlers::sessions_sign_in(&desk.app, SignInRequest { provider, method })?;
    if view.state == SignInState::Waiting
        && let Some(attempt) = view.attempt.take()
    {
        if let Some(url) = &view.url {
            desk.console.say(&format!(
                "Your browser was asked to open\n  {url}\nWaiting until you are through there; Ctrl-C cancels."
            ));
        }
        view = wait(&desk.app, attempt)?;
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
fn wait(app: &App, attempt: String) -> Result<SignInView, CliError> {
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
        runtime.block_on(async {
            tokio::select! {
                () = platform::stop() => {
                    // One that is through already cannot be cancelled; its outcome counts.
                    let _ = handlers::sessions_cancel(app, AttemptRequest { attempt });
                }
                _ = done => {}
            }
        });
        let outcome = arrived.recv().expect("the waiting thread always tells");
        Ok(outcome?)
    })
}

pub(super) fn sign_out(desk: &Desk<'_>, workspace: Option<String>) -> Result<u8, CliError> {
    let workspace = match workspace {
        Some(workspace) => workspace,
        None => {
            handlers::workspaces_list(&desk.app, Empty {})?
                .into_iter()
                .find(|workspace| workspace.current)
                .ok_or(AppError::NoWorkspace)?
                .id
        }
    };
    handlers::sessions_sign_out(
        &desk.app,
        WorkspaceRequest {
            workspace: workspace.clone(),
        },
    )?;
    desk.console.say(&format!(
        "Signed out of {}. Connected clients go on working.",
        clean(&workspace)
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
