//! One module for each group of commands: check, call the handler, print its view.

mod activity;
mod clients;
mod connections;
mod doctor;
mod drift;
mod history;
mod keys;
mod link;
mod open;
mod providers;
mod rotations;
mod servers;
mod settings;
mod sign_in;
mod status;
mod uninstall;
mod wait;
mod workspaces;

use std::io::Cursor;
use std::time::Duration;

use clap::CommandFactory;
use keystow_app::contract::{
    ConnectRequest, DisconnectRequest, ExecRequest, LinkRequest, ModeView, RepairAction,
};
use keystow_app::{App, handlers};
use keystow_core::Clock;
use tracing::level_filters::LevelFilter;

use crate::args::{Args, Command, ConnectMode, WorkspaceCommand};
use crate::error::CliError;
use crate::output::Console;
use crate::wire::{Surroundings, Wall};
use crate::{bridge, copy, exec, headers, log, serve};

/// What every command has at hand.
pub(crate) struct Desk<'a> {
    pub app: App,
    pub console: &'a Console,
    /// When the command was started, in Unix milliseconds.
    pub now: i64,
}

/// Runs a command and tells its exit code.
pub(crate) fn run(
    surroundings: &Surroundings,
    console: &Console,
    command: Command,
) -> Result<u8, CliError> {
    match command {
        Command::Completions { shell } => {
            let mut script = Cursor::new(Vec::new());
            clap_complete::generate(shell, &mut Args::command(), "keystow", &mut script);
            console.data(&String::from_utf8_lossy(script.get_ref()))?;
            return Ok(0);
        }
        Command::Bridge { connection } => return bridge::run(surroundings, console, &connection),
        Command::Headers { connection } => return headers::run(surroundings, console, &connection),
        Command::Exec {
            connection,
            command,
        } => return exec::run(surroundings, &connection, &command),
        Command::Workspace(WorkspaceCommand::Serve { listen, on_demand }) => {
            return serve::run(surroundings, console, listen, on_demand);
        }
        Command::ClipboardTake => return copy::take(console),
        Command::ClipboardHold { what, seconds } => {
            return copy::hold(surroundings, console, &what, Duration::from_secs(seconds));
        }
        _ => {}
    }
    log::to_stderr(surroundings.log.as_deref(), LevelFilter::WARN);
    let desk = Desk {
        app: surroundings.open()?,
        console,
        now: Wall.now_ms(),
    };
    let code = at_the_desk(&desk, command);
    // Rotations are carried on by whatever runs next.
    if !desk.app.is_removed()
        && let Err(error) = handlers::rotations_carry_on(&desk.app)
    {
        tracing::warn!(%error, "rotations were not carried on");
    }
    code
}

fn at_the_desk(desk: &Desk<'_>, command: Command) -> Result<u8, CliError> {
    match command {
        Command::SignIn(args) => sign_in::sign_in(desk, args),
        Command::SignOut { workspace } => sign_in::sign_out(desk, workspace.as_deref()),
        Command::Workspaces { action, .. } => workspaces::run(desk, action),
        Command::Providers {
            action, provider, ..
        } => providers::run(desk, action, provider),
        Command::Servers { action, .. } => servers::run(desk, action),
        Command::Clients { clients, all, .. } => clients::clients(desk, &clients, all),
        Command::Keys(command) => keys::run(desk, command),
        Command::Rotations { action, .. } => rotations::run(desk, action),
        Command::Connect {
            clients,
            server,
            key,
            new_key: _,
            replace,
            target,
            mode,
            name,
            env,
            no_probe,
            wait,
            command,
            apply,
        } => {
            let request = ConnectRequest {
                clients,
                workspace: None,
                server,
                key,
                replace,
                target: target.map(connections::absolute).transpose()?,
                mode: Some(match mode {
                    ConnectMode::Bridge => ModeView::Bridge,
                    ConnectMode::Helper => ModeView::Helper,
                    ConnectMode::Exec => ModeView::Exec,
                }),
                name,
                exec: (env.is_some() || !command.is_empty()).then(|| ExecRequest {
                    variable: env.unwrap_or_default(),
                    command,
                }),
            };
            let after = connections::After { no_probe, wait };
            connections::connect(desk, request, apply, after)
        }
        Command::Disconnect { clients, apply } => {
            connections::disconnect(desk, DisconnectRequest { clients }, apply)
        }
        Command::Drift {
            connections,
            all,
            restore,
            adopt,
            forget,
            apply,
        } => {
            let action = match (restore, adopt, forget) {
                (true, _, _) => Some(RepairAction::Restore),
                (_, true, _) => Some(RepairAction::Adopt),
                (_, _, true) => Some(RepairAction::Forget),
                _ => None,
            };
            match action {
                Some(action) => drift::repair(desk, &connections, all, action, apply),
                None => drift::show(desk, &connections),
            }
        }
        Command::Link {
            client,
            server,
            key,
            expose_key,
            copy,
            open,
            ..
        } => {
            let request = LinkRequest {
                client,
                server,
                key,
                expose_key,
            };
            link::run(desk, request, copy, open)
        }
        Command::Open(args) => open::open(desk, args),
        Command::Status { no_probe, .. } => status::status(desk, no_probe),
        Command::History { .. } => history::history(desk),
        Command::Undo { change, yes, .. } => history::undo(desk, change, yes),
        Command::Activity(args) => activity::activity(desk, args),
        Command::Settings(args) => settings::settings(desk, args),
        Command::Uninstall(args) => uninstall::uninstall(desk, args),
        Command::Doctor { fix, .. } => doctor::doctor(desk, fix),
        Command::Completions { .. }
        | Command::Bridge { .. }
        | Command::Headers { .. }
        | Command::Exec { .. }
        | Command::Workspace(_)
        | Command::ClipboardTake
        | Command::ClipboardHold { .. } => {
            unreachable!("run() has answered the commands that need no application")
        }
    }
}
