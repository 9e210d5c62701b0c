//! `providers`, `servers`, `clients`.

use keystow_app::contract::{ClientView, Empty, Method, ProviderView, ServerView};
use keystow_app::handlers;

use super::Desk;
use crate::error::CliError;
use crate::output::Table;

pub(super) fn providers(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::providers_list(&desk.app, Empty {})?;
    desk.console.show(&view, |view| of_providers(view))?;
    Ok(0)
}

fn of_providers(providers: &[ProviderView]) -> String {
    let mut table = Table::new(&["ID", "NAME", "SIGN IN WITH", "ABOUT"]);
    for provider in providers {
        let methods: Vec<&str> = provider
            .methods
            .iter()
            .map(|method| match method {
                Method::Browser => "browser",
                Method::Password => "password",
            })
            .collect();
        table.row([
            &provider.id,
            &provider.name,
            &methods.join(", "),
            &provider.about,
        ]);
    }
    table.to_string()
}

pub(super) fn servers(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::servers_list(&desk.app, Empty {})?;
    desk.console.show(&view, |view| of_servers(view))?;
    Ok(0)
}

fn of_servers(servers: &[ServerView]) -> String {
    let mut table = Table::new(&["ID", "NAME", "ENTRY", "URL", "ABOUT"]);
    for server in servers {
        table.row([
            &server.id,
            &server.name,
            &server.entry,
            &server.url,
            &server.about,
        ]);
    }
    table.to_string()
}

pub(super) fn clients(desk: &Desk<'_>) -> Result<u8, CliError> {
    let mut view = handlers::clients_list(&desk.app, Empty {})?;
    if !desk.console.json {
        // Those on this computer first; the order of the table otherwise.
        view.sort_by_key(|client| !client.found);
    }
    desk.console.show(&view, |view| of_clients(view))?;
    Ok(0)
}

fn of_clients(clients: &[ClientView]) -> String {
    let mut table = Table::new(&["ID", "NAME", "FOUND", "CONNECTED", "SETTINGS FILE"]);
    for client in clients {
        let connected: Vec<&str> = client
            .connections
            .iter()
            .map(|connection| connection.name.as_str())
            .collect();
        let file = client.targets.first().map_or("", |target| &target.path);
        table.row([
            &client.id,
            &client.name,
            if client.found { "yes" } else { "no" },
            if connected.is_empty() {
                "no".to_owned()
            } else {
                connected.join(", ")
            }
            .as_str(),
            file,
        ]);
    }
    table.to_string()
}
