use keystow_core::clients::{Mode, valid_entry_name};
use keystow_core::{ClientId, ConnectionId, PlanId, ServerId};

use super::views;
use crate::app::App;
use crate::connect::{self, Exec, Plan, Wish};
use crate::contract::*;
use crate::describe::{self, describe};
use crate::error::AppError;
use crate::random;
use crate::store::{Connected, ConnectionOp};

/// How long a probe may take, in milliseconds.
const PROBE_MS: u64 = 15_000;
/// Previews that wait at the same time; older ones are forgotten.
const PLANS: usize = 16;

/// Plans connections and shows what they would do.
pub fn connections_plan(app: &App, request: ConnectRequest) -> Result<PlanView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let server = match &request.server {
        Some(id) => ServerId::new(id),
        None => provider.server_id(
            provider
                .servers
                .first()
                .expect("every provider file names a server"),
        ),
    };
    if provider.server(&server).is_none() {
        return Err(AppError::Unknown {
            what: "server",
            id: views::shown(server.as_str()),
        });
    }
    let key = match &request.key {
        Some(key) => {
            let key = super::keys::resolve(app, &workspace, key)?;
            if !app
                .store
                .key(&workspace.id, &key.id)?
                .is_some_and(|stored| stored.stowed)
            {
                return Err(AppError::NotHere { name: key.name });
            }
            Some(key.id)
        }
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
    let mut view = AppliedView {
        change: Some(change.id.to_string()),
        connected: Vec::new(),
        disconnected: Vec::new(),
    };
    for op in &change.ops {
        match op {
            ConnectionOp::Add(connected) => view.connected.push(views::connection(app, connected)?),
            // A neighbour that only learned something about its file is not news.
            ConnectionOp::Relearn { before, after }
                if before.key != after.key || before.ledger.entry != after.ledger.entry =>
            {
                view.connected.push(views::connection(app, after)?);
            }
            ConnectionOp::Relearn { .. } => {}
            ConnectionOp::Remove(connected) => view.disconnected.push(connected.id.to_string()),
        }
    }
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
    app.store
        .connections()?
        .iter()
        .map(|connected| views::connection(app, connected))
        .collect()
}

/// Runs the very command that stands in the settings file, and counts the tools it offers.
pub fn connections_probe(app: &App, request: ConnectionRequest) -> Result<ProbeView, AppError> {
    let connected = named(app, &request.connection)?;
    let failed = |problem| ProbeView {
        connection: connected.id.to_string(),
        tools: Vec::new(),
        took_ms: 0,
        problem: Some(problem),
    };
    let entry = match views::entry_of(app, &connected) {
        Ok(Some(entry)) => entry,
        Ok(None) => {
            return Ok(failed(describe::entry_gone(
                &app.paths.shown(&connected.path),
            )));
        }
        Err(error) => return Ok(failed(describe(&error))),
    };
    let Some((command, args)) = command_of(&entry) else {
        return Ok(failed(describe::entry_has_no_command(
            &app.paths.shown(&connected.path),
        )));
    };
    match app.doors.prober.probe(&command, &args, PROBE_MS) {
        Ok(probe) => Ok(ProbeView {
            connection: connected.id.to_string(),
            tools: probe.tools,
            took_ms: u32::try_from(probe.took_ms).unwrap_or(u32::MAX),
            problem: None,
        }),
        Err(error) => Ok(failed(describe::probe(&error))),
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

/// The command line in an entry, whatever else is in it.
fn command_of(entry: &serde_json::Value) -> Option<(String, Vec<String>)> {
    let command = entry.get("command")?.as_str()?.to_owned();
    let args = match entry.get("args") {
        Some(args) => args
            .as_array()?
            .iter()
            .map(|arg| arg.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        None => Vec::new(),
    };
    Some((command, args))
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
