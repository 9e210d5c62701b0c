//! `workspaces`.

use keystow_app::contract::{
    DashboardView, Empty, HeaderValueRequest, OrganizationRequest, ProviderView, WorkspaceRequest,
    WorkspaceSetRequest, WorkspaceView,
};
use keystow_app::{AppError, handlers};

use super::{Desk, providers};
use crate::args::WorkspacesCommand;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean};

pub(super) fn run(desk: &Desk<'_>, action: Option<WorkspacesCommand>) -> Result<u8, CliError> {
    match action {
        None => list(desk),
        Some(WorkspacesCommand::Use { workspace, .. }) => {
            let workspace = named(desk, Some(&workspace))?.id;
            let view = handlers::workspaces_use(&desk.app, WorkspaceRequest { workspace })?;
            said(
                desk,
                &view,
                &format!("{} is in use now.", clean(&view.name)),
            )
        }
        Some(WorkspacesCommand::Rename {
            workspace, name, ..
        }) => {
            let before = named(desk, Some(&workspace))?;
            let view = set(desk, &before.id, Some(name), Vec::new())?;
            let (from, to) = (clean(&before.name), clean(&view.name));
            said(desk, &view, &format!("{from} is called {to} now."))
        }
        Some(WorkspacesCommand::Set {
            workspace, headers, ..
        }) => {
            let workspace = named(desk, workspace.as_deref())?;
            let view = set(desk, &workspace.id, None, headers)?;
            said(desk, &view, &words_on_headers(&view))
        }
        Some(WorkspacesCommand::Remove { workspace, yes, .. }) => remove(desk, &workspace, yes),
        Some(WorkspacesCommand::Organizations { workspace, .. }) => {
            organizations(desk, workspace.as_deref())
        }
        Some(WorkspacesCommand::UseOrganization {
            organization,
            workspace,
            ..
        }) => {
            let request = OrganizationRequest {
                workspace: named(desk, workspace.as_deref())?.id,
                organization,
            };
            let view = handlers::workspaces_use_organization(&desk.app, request)?;
            let organization = view.organization.as_ref().map(|o| clean(&o.name));
            let text = format!(
                "{} stands for {} now.",
                clean(&view.name),
                organization.unwrap_or_default()
            );
            said(desk, &view, &text)
        }
        Some(WorkspacesCommand::Dashboard { workspace, .. }) => {
            dashboard(desk, workspace.as_deref())
        }
    }
}

fn said(desk: &Desk<'_>, view: &WorkspaceView, text: &str) -> Result<u8, CliError> {
    if !desk.console.json {
        desk.console.say(text);
    }
    desk.console.show(view, |_| String::new())?;
    Ok(0)
}

fn list(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::workspaces_list(&desk.app, Empty {})?;
    if view.is_empty() && !desk.console.json {
        desk.console
            .say("No workspaces yet. Try `keystow sign-in --provider local`: it asks nothing.");
    }
    desk.console.show(&view, |view| listed(desk.now, view))?;
    Ok(0)
}

fn listed(now: i64, workspaces: &[WorkspaceView]) -> String {
    if workspaces.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["ID", "NAME", "SIGNED IN AS", "URL", ""]);
    for workspace in workspaces {
        let login = match (workspace.signed_in, workspace.login.as_str()) {
            (false, _) => "(signed out)".to_owned(),
            (true, "") => "(keys are pasted)".to_owned(),
            (true, login) => match workspace.expires_at {
                Some(at) => format!("{login}, ends {}", words::when(now, at)),
                None => login.to_owned(),
            },
        };
        let name = match &workspace.organization {
            Some(organization) => format!("{} ({})", workspace.name, organization.name),
            None => workspace.name.clone(),
        };
        let current = if workspace.current { "in use" } else { "" };
        table.row([&workspace.id, &name, &login, &workspace.url, current]);
    }
    table.to_string()
}

/// The workspace with an id or name, or the one in use.
///
/// # Errors
/// `input.unknown`, `session.none`.
pub(super) fn named(desk: &Desk<'_>, said: Option<&str>) -> Result<WorkspaceView, CliError> {
    let known = handlers::workspaces_list(&desk.app, Empty {})?;
    let Some(said) = said else {
        let current = known.into_iter().find(|known| known.current);
        return Ok(current.ok_or(AppError::NoWorkspace)?);
    };
    let found = known
        .iter()
        .find(|known| known.id == said)
        .or_else(|| known.iter().find(|known| known.name == said));
    Ok(found.cloned().ok_or_else(|| AppError::Unknown {
        what: "workspace",
        id: clean(said).chars().take(60).collect(),
    })?)
}

/// Changes what is known of a workspace.
pub(super) fn set(
    desk: &Desk<'_>,
    workspace: &str,
    name: Option<String>,
    headers: Vec<HeaderValueRequest>,
) -> Result<WorkspaceView, CliError> {
    let request = WorkspaceSetRequest {
        workspace: workspace.to_owned(),
        name,
        headers,
    };
    Ok(handlers::workspaces_set(&desk.app, request)?)
}

fn words_on_headers(workspace: &WorkspaceView) -> String {
    let headers: Vec<String> = workspace
        .headers
        .iter()
        .map(|header| match &header.value {
            Some(value) => format!("  {}: {}", clean(&header.name), clean(value)),
            None => format!("  {}: –", clean(&header.name)),
        })
        .collect();
    format!(
        "{} sends beside its keys:\n{}",
        clean(&workspace.name),
        headers.join("\n")
    )
}

fn remove(desk: &Desk<'_>, workspace: &str, yes: bool) -> Result<u8, CliError> {
    let workspace = named(desk, Some(workspace))?;
    let name = clean(&workspace.name);
    if !yes {
        desk.console.say(&format!(
            "{name} would be forgotten, and its keys taken out of the keychain. They stay valid at the provider."
        ));
        desk.console.confirm(&format!("Remove {name}?"))?;
    }
    let request = WorkspaceRequest {
        workspace: workspace.id,
    };
    let done = handlers::workspaces_remove(&desk.app, request)?;
    if !desk.console.json {
        desk.console.say(&format!("Removed {name}."));
    }
    desk.console.show(&done, |_| String::new())?;
    Ok(0)
}

fn organizations(desk: &Desk<'_>, workspace: Option<&str>) -> Result<u8, CliError> {
    let workspace = named(desk, workspace)?;
    let current = workspace.organization.map(|current| current.id);
    let request = WorkspaceRequest {
        workspace: workspace.id,
    };
    let view = handlers::workspaces_organizations(&desk.app, request)?;
    if view.is_empty() && !desk.console.json {
        desk.console.say(&format!(
            "{} belongs to no organization.",
            clean(&workspace.login)
        ));
    }
    desk.console.show(&view, |view| {
        if view.is_empty() {
            return String::new();
        }
        let mut table = Table::new(&["ID", "NAME", ""]);
        for organization in view {
            let here = current.as_ref() == Some(&organization.id);
            let current = if here { "in use" } else { "" };
            table.row([&organization.id, &organization.name, current]);
        }
        table.to_string()
    })?;
    Ok(0)
}

fn dashboard(desk: &Desk<'_>, workspace: Option<&str>) -> Result<u8, CliError> {
    let workspace = named(desk, workspace)?;
    let provider = providers::of(desk, &workspace)?;
    if let Some(dashboard) = provider.and_then(|provider| provider.dashboard) {
        desk.console.show(&dashboard, in_full)?;
    }
    let request = WorkspaceRequest {
        workspace: workspace.id,
    };
    handlers::workspaces_open_dashboard(&desk.app, request)?;
    if !desk.console.json {
        desk.console.say("Your browser was asked to open it.");
    }
    Ok(0)
}

/// What a dashboard is for, step by step.
pub(super) fn in_full(dashboard: &DashboardView) -> String {
    let mut text = format!("{}\n", clean(&dashboard.url));
    let parts = [
        ("To make a key", &dashboard.create),
        ("To revoke one", &dashboard.revoke),
    ];
    for (title, steps) in parts {
        if !steps.is_empty() {
            text.push_str(&format!("{title}:\n{}\n", words::steps(steps)));
        }
    }
    for also in &dashboard.also {
        let what = providers::capability(&also.what);
        text.push_str(&format!("To {what}:\n{}\n", words::steps(&also.steps)));
    }
    text
}

/// The provider of the workspace in use, where there is one.
pub(super) fn provider_in_use(desk: &Desk<'_>) -> Result<Option<ProviderView>, CliError> {
    let known = handlers::workspaces_list(&desk.app, Empty {})?;
    match known.iter().find(|known| known.current) {
        Some(current) => providers::of(desk, current),
        None => Ok(None),
    }
}
