use keystow_core::clients::{Mode, valid_entry_name};
use keystow_core::provider::{Provider, Server};
use keystow_core::{ClientId, ConnectionId, PlanId, ServerId};

use super::views;
use crate::app::App;
use crate::connect::{self, Exec, Plan, Repair, Wish};
use crate::contract::*;
use crate::drift::{self, Found};
use crate::error::AppError;
use crate::random;
use crate::store::{Connected, ConnectionOp, Workspace};

/// Previews that wait at the same time; older ones are forgotten.
const PLANS: usize = 16;

/// Plans connections and shows what they would do.
pub fn connections_plan(app: &App, request: ConnectRequest) -> Result<PlanView, AppError> {
    let workspace = match &request.workspace {
        Some(workspace) => signed_in(super::workspaces::named(app, workspace)?)?,
        None => app.current()?,
    };
    let provider = app.provider_of(&workspace)?;
    let (server, _) = server_named(provider, request.server.as_deref())?;
    let key = match &request.key {
        Some(key) => Some(super::keys::resolve_stowed(app, &workspace, key)?),
        None => None,
    };
    let wish = Wish {
        clients: ids(&request.clients),
        server,
        key,
        replace: request.replace,
        target: request.target,
        mode: match request.mode {
            None | Some(ModeView::Bridge) => Mode::Bridge,
            Some(ModeView::Helper) => Mode::Helper,
            Some(ModeView::Exec) => Mode::Exec,
            Some(ModeView::Link) => {
                return Err(invalid("a link is not written; ask for the client's links"));
            }
        },
        name: request.name.map(entry_name).transpose()?,
        exec: request.exec.map(exec).transpose()?,
    };
    if (wish.mode == Mode::Exec) != wish.exec.is_some() {
        return Err(invalid(
            "mode exec needs a variable and a command, and no other mode takes them",
        ));
    }
    let plan = connect::connect(app, workspace, &wish)?;
    Ok(remember(app, plan))
}

fn signed_in(workspace: Workspace) -> Result<Workspace, AppError> {
    match workspace.signed_in {
        true => Ok(workspace),
        false => Err(AppError::SignedOut {
            workspace: workspace.name,
        }),
    }
}

/// Plans the removal of all our entries from clients.
pub fn connections_plan_removal(
    app: &App,
    request: DisconnectRequest,
) -> Result<PlanView, AppError> {
    let plan = connect::disconnect(app, &ids(&request.clients))?;
    Ok(remember(app, plan))
}

/// Does what a preview showed.
pub fn connections_apply(app: &App, request: PlanRequest) -> Result<AppliedView, AppError> {
    let plan = app
        .plans()
        .remove(&PlanId::new(request.plan))
        .ok_or(AppError::PlanGone)?;
    let Some(change) = connect::apply(app, plan)? else {
        return Ok(AppliedView {
            change: None,
            connected: Vec::new(),
            disconnected: Vec::new(),
        });
    };
    // Where entries go, a neighbour that stays only learns something about its file, which is not news.
    let removes = change
        .ops
        .iter()
        .any(|op| matches!(op, ConnectionOp::Remove(_)));
    let mut connected: Vec<Connected> = Vec::new();
    let mut disconnected = Vec::new();
    for op in &change.ops {
        match op {
            ConnectionOp::Add(new) => connected.push(new.clone()),
            ConnectionOp::Relearn { before, after } => {
                let other = before.key != after.key || before.ledger.entry != after.ledger.entry;
                let written = change.files.iter().any(|file| file.path == after.path);
                if other || (written && !removes) {
                    connected.push(after.clone());
                }
            }
            ConnectionOp::Remove(gone) => disconnected.push(gone.id.to_string()),
        }
    }
    let view = AppliedView {
        change: Some(change.id.to_string()),
        connected: views::connections(app, &connected)?,
        disconnected,
    };
    let kind = if view.connected.is_empty() {
        "connection.removed"
    } else {
        "connection.written"
    };
    app.store
        .note(app.now(), kind, &format!("{}.", change.title))?;
    Ok(view)
}

/// All connections, each with a look at its file.
pub fn connections_list(app: &App, _: Empty) -> Result<Vec<ConnectionView>, AppError> {
    views::connections(app, &app.store.connections()?)
}

/// Shows an entry three ways: as written, as it stands, as it would be written today.
pub fn connections_drift(app: &App, request: ConnectionRequest) -> Result<DriftView, AppError> {
    let connected = named(app, &request.connection)?;
    let found = look_at(app, &connected);
    views::drift(app, &connected, found.as_ref().map_err(Box::as_ref))
}

/// Plans what is to be done about entries that drifted.
pub fn connections_plan_repair(app: &App, request: RepairRequest) -> Result<PlanView, AppError> {
    let ids: Vec<ConnectionId> = request
        .connections
        .iter()
        .map(|id| ConnectionId::new(views::shown(id)))
        .collect();
    let what = match request.action {
        RepairAction::Restore => Repair::Restore,
        RepairAction::Adopt => Repair::Adopt,
        RepairAction::Forget => Repair::Forget,
    };
    Ok(remember(app, connect::repair(app, &ids, what)?))
}

pub(super) fn look_at(app: &App, connected: &Connected) -> Result<Found, Box<ProblemView>> {
    drift::look_at(app, std::slice::from_ref(connected))
        .pop()
        .expect("one was asked for")
}

/// The server with an id, or the provider's first.
pub(super) fn server_named<'a>(
    provider: &'a Provider,
    id: Option<&str>,
) -> Result<(ServerId, &'a Server), AppError> {
    match id {
        Some(id) => {
            let id = ServerId::new(id);
            let by_name = || {
                provider
                    .servers
                    .iter()
                    .find(|server| server.name == id.as_str())
            };
            let server =
                provider
                    .server(&id)
                    .or_else(by_name)
                    .ok_or_else(|| AppError::Unknown {
                        what: "server",
                        id: views::shown(id.as_str()),
                    })?;
            Ok((provider.server_id(server), server))
        }
        None => {
            let first = provider.default_server().or(provider.servers.first());
            let server = first.ok_or_else(|| AppError::NoServer {
                provider: provider.name.clone(),
            })?;
            Ok((provider.server_id(server), server))
        }
    }
}

/// A name for an entry.
fn entry_name(name: String) -> Result<String, AppError> {
    if valid_entry_name(&name) {
        Ok(name)
    } else {
        Err(invalid(
            "the name of an entry has 1 to 13 characters, a-z, 0-9 and -, and begins with a letter",
        ))
    }
}

fn exec(request: ExecRequest) -> Result<Exec, AppError> {
    let mut chars = request.variable.chars();
    let named = chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !named {
        return Err(invalid("the variable is a name such as ACME_API_KEY"));
    }
    if request.command.first().is_none_or(String::is_empty) {
        return Err(invalid("name the program that takes the key"));
    }
    Ok(Exec {
        variable: request.variable,
        command: request.command,
    })
}

fn invalid(reason: &str) -> AppError {
    AppError::Invalid {
        reason: reason.to_owned(),
    }
}

pub(super) fn named(app: &App, id: &str) -> Result<Connected, AppError> {
    app.store
        .connection(&ConnectionId::new(id))?
        .ok_or_else(|| AppError::Unknown {
            what: "connection",
            id: views::shown(id),
        })
}

fn ids(clients: &[String]) -> Vec<ClientId> {
    clients
        .iter()
        .map(|id| ClientId::new(views::shown(id)))
        .collect()
}

fn remember(app: &App, plan: Plan) -> PlanView {
    let id = PlanId::new(random::id("pl"));
    let view = views::plan(app, id.to_string(), &plan);
    let mut plans = app.plans();
    if plans.len() >= PLANS {
        plans.clear();
    }
    plans.insert(id, plan);
    view
}
