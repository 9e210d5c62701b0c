//! `activity`, and what happened to one key.

use keystow_app::contract::{ActivityRequest, ActivityView, KeyRequest};
use keystow_app::handlers;

use super::Desk;
use crate::args::ActivityArgs;
use crate::error::CliError;
use crate::output::{Table, words};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) fn activity(desk: &Desk<'_>, args: ActivityArgs) -> Result<u8, CliError> {
    let filtered = !args.kinds.is_empty() || !args.about.is_empty() || args.since.is_some();
    let request = ActivityRequest {
        before: args.before,
        limit: Some(args.limit),
        kinds: args.kinds,
        about: args.about,
        since: args.since.map(|days| desk.now - i64::from(days) * DAY_MS),
        until: None,
    };
    if args.json_lines {
        return lines(desk, request);
    }
    let view = handlers::activity_list(&desk.app, request)?;
    if view.is_empty() && !desk.console.json {
        desk.console.say(match filtered {
            true => "Nothing like that happened.",
            false => "Nothing happened yet.",
        });
    }
    desk.console
        .show(&view, |view| of_activity(desk.now, view))?;
    Ok(0)
}

fn lines(desk: &Desk<'_>, request: ActivityRequest) -> Result<u8, CliError> {
    let mut text = String::new();
    for entry in handlers::activity_all(&desk.app, request)? {
        let line = serde_json::to_string(&entry)
            .map_err(|error| CliError::Output(std::io::Error::from(error)))?;
        text.push_str(&line);
        text.push('\n');
    }
    if !text.is_empty() {
        desk.console.data(&text)?;
    }
    Ok(0)
}

/// What happened to one key.
pub(super) fn trail(desk: &Desk<'_>, key: String) -> Result<u8, CliError> {
    let view = handlers::keys_trail(&desk.app, KeyRequest { key })?;
    if view.is_empty() && !desk.console.json {
        desk.console
            .say("Nothing happened to it on this computer yet.");
    }
    desk.console
        .show(&view, |view| of_activity(desk.now, view))?;
    Ok(0)
}

fn of_activity(now: i64, trail: &[ActivityView]) -> String {
    if trail.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["NUMBER", "WHEN", "WHAT"]);
    for line in trail {
        table.row([
            &line.seq.to_string(),
            &words::when(now, line.at),
            &line.text,
        ]);
    }
    table.to_string()
}
