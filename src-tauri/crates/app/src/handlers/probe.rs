use keystow_core::clients::{Mode, Target};
use keystow_core::remote::{Probe, ProbeError};
use serde_json::Value;
use url::Url;

use super::connections::{look_at, named};
use crate::app::App;
use crate::contract::*;
use crate::describe;
use crate::drift::{self, Shape};
use crate::error::AppError;
use crate::store::Connected;

/// How long a probe may take, in milliseconds.
const PROBE_MS: u64 = 15_000;

/// Does what the client does with the entry in its settings file (starts the very command, or asks the very command for headers
/// and calls the very URL), and counts the tools that come.
pub fn connections_probe(app: &App, request: ConnectionRequest) -> Result<ProbeView, AppError> {
    let connected = named(app, &request.connection)?;
    let connection = connected.id.to_string();
    Ok(match tried(app, &connected)? {
        Ok(probe) => ProbeView {
            connection,
            tools: probe.tools,
            took_ms: u32::try_from(probe.took_ms).unwrap_or(u32::MAX),
            problem: None,
        },
        Err(problem) => ProbeView {
            connection,
            tools: Vec::new(),
            took_ms: 0,
            problem: Some(*problem),
        },
    })
}

/// What a client does with an entry.
enum Use {
    /// Starts a command.
    Start(String, Vec<String>),
    /// Asks a command line for headers, and calls a URL with them.
    Call(Url, String),
}

fn tried(app: &App, connected: &Connected) -> Result<Result<Probe, Box<ProblemView>>, AppError> {
    let wanted = match connected.mode {
        // What the client made of a link is its own business; this is what the link told it to start.
        Mode::Link => Use::Start(
            app.paths.stable_binary().to_string_lossy().into_owned(),
            vec!["bridge".to_owned(), connected.id.to_string()],
        ),
        Mode::Bridge | Mode::Helper | Mode::Exec => match in_file(app, connected)? {
            Ok(wanted) => wanted,
            Err(problem) => return Ok(Err(problem)),
        },
    };
    let prober = &app.doors.prober;
    let probe: Result<Probe, ProbeError> = match &wanted {
        Use::Start(command, args) => prober.probe(command, args, PROBE_MS),
        Use::Call(url, helper) => prober.probe_url(url, helper, PROBE_MS),
    };
    Ok(probe.map_err(|error| Box::new(describe::probe(&error))))
}

fn in_file(app: &App, connected: &Connected) -> Result<Result<Use, Box<ProblemView>>, AppError> {
    let found = match look_at(app, connected) {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    let nothing =
        || drift::words::no_command(&app.paths.shown(&connected.path), connected.id.as_str());
    let Some(entry) = &found.theirs else {
        let gone = drift::words::of(app, connected, &found);
        return Ok(Err(Box::new(gone.unwrap_or_else(nothing))));
    };
    let (_, target, _) = drift::target_of(app, connected)?;
    Ok(read(target, connected.mode, entry).ok_or_else(|| Box::new(nothing())))
}

/// Reads an entry in the client's own shape.
fn read(target: &Target, mode: Mode, entry: &Value) -> Option<Use> {
    let shape = Shape::of(target, mode)?;
    match mode {
        Mode::Helper => {
            let url = Url::parse(shape.url(entry)?).ok()?;
            Some(Use::Call(url, shape.helper(entry)?.to_owned()))
        }
        Mode::Bridge | Mode::Exec | Mode::Link => {
            let (command, args) = shape.command_line(entry)?;
            Some(Use::Start(command, args))
        }
    }
}
