use keystow_core::ClientId;
use keystow_core::clients::{Checked as Facts, Client, How, LocatedTarget, Reload as ClientReload};

use super::views;
use crate::app::App;
use crate::contract::*;
use crate::describe::problem;
use crate::error::AppError;
use crate::look::Disk;
use crate::running::Running;
use crate::store::Connected;

/// All AI clients: those found on this computer first.
pub fn clients_list(app: &App, _: Empty) -> Result<Vec<ClientView>, AppError> {
    let connections = app.store.connections()?;
    let seen = views::connections(app, &connections)?;
    let mut clients: Vec<ClientView> = app
        .clients
        .iter()
        .map(|client| {
            let ours = of_client(client, &connections, &seen);
            view(app, client, ours)
        })
        .collect();
    clients.sort_by_key(|client| !client.found);
    Ok(clients)
}

/// The person's own client files, with what is wrong with them.
pub fn clients_own(app: &App, _: Empty) -> Result<OwnClientsView, AppError> {
    let clients = &app.clients;
    let used = clients.iter().filter_map(|client| {
        Some(OwnClientView {
            file: client.own_file.clone()?,
            client: Some(client.id.to_string()),
            problem: None,
        })
    });
    let broken = clients.broken.iter().map(|(file, reason)| OwnClientView {
        file: file.clone(),
        client: None,
        problem: Some(problem(
            "client.own_file",
            "The client file is not used",
            &format!(
                "{}: {reason}",
                app.paths.shown(&clients.directory.join(file))
            ),
            Some("Mend it. All other clients go on working."),
            true,
        )),
    });
    let mut files: Vec<OwnClientView> = used.chain(broken).collect();
    files.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(OwnClientsView {
        directory: app.paths.shown(&clients.directory),
        files,
    })
}

/// Whether a client runs right now.
pub fn clients_running(app: &App, request: ClientRequest) -> Result<RunningView, AppError> {
    let client = app
        .clients
        .get(&ClientId::new(&request.client))
        .ok_or_else(|| AppError::Unknown {
            what: "client",
            id: views::shown(&request.client),
        })?;
    Ok(RunningView {
        client: client.id.to_string(),
        name: client.name.clone(),
        running: Running::now().has(client, app.paths.system),
        known: !client.running.on(app.paths.system).is_empty(),
    })
}

fn of_client(
    client: &Client,
    connections: &[Connected],
    seen: &[ConnectionView],
) -> Vec<ConnectionView> {
    connections
        .iter()
        .zip(seen)
        .filter(|(connected, _)| connected.client == client.id)
        .map(|(_, view)| view.clone())
        .collect()
}

fn view(app: &App, client: &Client, connections: Vec<ConnectionView>) -> ClientView {
    let located = client.locate(&app.paths, &Disk, None);
    ClientView {
        id: client.id.to_string(),
        name: client.name.clone(),
        found: located.found,
        detected_by: located.detected_by,
        own: client.own_file.is_some(),
        source: client.source.clone(),
        checked: checked(&client.checked),
        checked_on: client.checked.on.clone(),
        checked_version: client.checked.version.clone(),
        reload: match located.targets.first().map(|target| target.reload) {
            Some(ClientReload::Live) => Reload::Live,
            Some(ClientReload::Window) => Reload::Window,
            Some(ClientReload::Restart) | None => Reload::Restart,
        },
        note: client.note.clone(),
        links: client.has_links(),
        targets: located
            .targets
            .iter()
            .map(|located| target(client, located))
            .collect(),
        connections,
    }
}

fn target(client: &Client, located: &LocatedTarget) -> TargetView {
    let target = &client.targets[located.index];
    let facts = client.checked_of(target);
    TargetView {
        id: located.id.clone(),
        title: target.title.clone(),
        needs_project: target.needs_project(),
        modes: target.modes().into_iter().map(views::mode).collect(),
        path: located.shown.clone(),
        syntax: located.servers.syntax.as_str().to_owned(),
        exists: located.exists,
        checked: checked(facts),
        checked_on: facts.on.clone(),
        checked_version: facts.version.clone(),
        helper_since: target.helper_since.as_ref().map(ToString::to_string),
    }
}

fn checked(facts: &Facts) -> Checked {
    match facts.how {
        How::Run => Checked::Run,
        How::Source => Checked::Source,
        How::Documentation => Checked::Documentation,
        How::Unverified => Checked::Unverified,
    }
}
