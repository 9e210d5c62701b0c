//! `servers`.

use keystow_app::contract::{Empty, ServerRequest, ServerView};
use keystow_app::handlers;

use super::{Desk, sign_in};
use crate::args::ServersCommand;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::clean;

pub(super) fn run(desk: &Desk<'_>, action: Option<ServersCommand>) -> Result<u8, CliError> {
    match action {
        None => list(desk),
        Some(ServersCommand::SignIn { server, .. }) => {
            let request = ServerRequest {
                server: server.clone(),
            };
            let view = handlers::servers_sign_in(&desk.app, request)?;
            let view = sign_in::through(desk, view)?;
            if !desk.console.json {
                desk.console
                    .say(&format!("Signed in to {}.", clean(&server)));
            }
            desk.console.show(&view, |_| String::new())?;
            Ok(0)
        }
        Some(ServersCommand::SignOut { server, .. }) => {
            let request = ServerRequest {
                server: server.clone(),
            };
            let done = handlers::servers_sign_out(&desk.app, request)?;
            if !desk.console.json {
                desk.console
                    .say(&format!("Signed out of {}.", clean(&server)));
            }
            desk.console.show(&done, |_| String::new())?;
            Ok(0)
        }
    }
}

fn list(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::servers_list(&desk.app, Empty {})?;
    desk.console.show(&view, |view| listed(view))?;
    if !desk.console.json {
        for server in &view {
            if let Some(caution) = &server.caution {
                desk.console.say(&format!(
                    "caution: {}: {}",
                    clean(&server.id),
                    clean(caution)
                ));
            }
        }
    }
    Ok(0)
}

fn listed(servers: &[ServerView]) -> String {
    if servers.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["ID", "NAME", "TAKES", "ENTRY", "URL", "ABOUT"]);
    for server in servers {
        let takes = match server.signed_in {
            true => format!("{} (signed in)", server.auth.join(" or ")),
            false => server.auth.join(" or "),
        };
        let url = match server.url.as_str() {
            "" => "(no organization is chosen)",
            url => url,
        };
        table.row([
            &server.id,
            &server.name,
            &takes,
            &server.entry,
            url,
            &server.about,
        ]);
    }
    table.to_string()
}
