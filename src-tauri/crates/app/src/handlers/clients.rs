use keystow_core::clients::{How, Reload as ClientReload};

use super::views;
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::look::Disk;

/// All AI clients: those found on this computer first.
pub fn clients_list(app: &App, _: Empty) -> Result<Vec<ClientView>, AppError> {
    let connections = app.store.connections()?;
    let mut clients = Vec::new();
    for client in app.clients.iter() {
        let located = client.locate(&app.paths, &Disk, None);
        let ours = connections
            .iter()
            .filter(|connected| connected.client == client.id)
            .map(|connected| views::connection(app, connected))
            .collect::<Result<_, _>>()?;
        clients.push(ClientView {
            id: client.id.to_string(),
            name: client.name.clone(),
            found: located.found,
            detected_by: located.detected_by,
            checked: match client.checked.how {
                How::Run => Checked::Run,
                How::Source => Checked::Source,
                How::Documentation => Checked::Documentation,
                How::Unverified => Checked::Unverified,
            },
            checked_on: client.checked.on.clone(),
            reload: match located.targets.first().map(|target| target.reload) {
                Some(ClientReload::Live) => Reload::Live,
                Some(ClientReload::Window) => Reload::Window,
                Some(ClientReload::Restart) | None => Reload::Restart,
            },
            targets: located
                .targets
                .iter()
                .map(|target| TargetView {
                    id: target.id.clone(),
                    title: client.targets[target.index].title.clone(),
                    needs_project: client.targets[target.index].needs_project(),
                    modes: client.targets[target.index]
                        .modes()
                        .into_iter()
                        .map(views::mode)
                        .collect(),
                    path: target.shown.clone(),
                    syntax: target.servers.syntax.as_str().to_owned(),
                    exists: target.exists,
                })
                .collect(),
            connections: ours,
        });
    }
    clients.sort_by_key(|client| !client.found);
    Ok(clients)
}
