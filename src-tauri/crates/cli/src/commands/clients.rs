//! `clients`.

use keystow_app::contract::{Checked, ClientView, Empty, ModeView, Reload, TargetView};
use keystow_app::{AppError, handlers};

use super::Desk;
use super::status::entry;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean};

/// All clients in a table, or some (or all) in full.
pub(super) fn clients(desk: &Desk<'_>, named: &[String], all: bool) -> Result<u8, CliError> {
    let mut view = handlers::clients_list(&desk.app, Empty {})?;
    for name in named {
        if !view.iter().any(|client| client.id == *name) {
            return Err(CliError::App(AppError::Unknown {
                what: "client",
                id: clean(name).chars().take(60).collect(),
            }));
        }
    }
    view.retain(|client| named.is_empty() || named.contains(&client.id));
    let full = all || !named.is_empty();
    desk.console.show(&view, |view| match full {
        true => view.iter().map(in_full).collect(),
        false => of_clients(view),
    })?;
    if !desk.console.json {
        let own = handlers::clients_own(&desk.app, Empty {})?;
        for problem in own.files.iter().filter_map(|file| file.problem.as_ref()) {
            desk.console.say(&words::problem("warning", problem));
        }
        if !full {
            desk.console.say(
                "`keystow clients NAME` shows one in full. What is unverified (a target: ?) is second hand: look at the preview.",
            );
        }
    }
    Ok(0)
}

fn of_clients(clients: &[ClientView]) -> String {
    let mut table = Table::new(&["NAME", "CLIENT", "FOUND", "CONNECTED", "CHECKED", "TARGETS"]);
    for client in clients {
        let connected: Vec<&str> = client
            .connections
            .iter()
            .map(|connection| connection.name.as_str())
            .collect();
        let surer = client.checked != Checked::Unverified;
        let targets: Vec<String> = client
            .targets
            .iter()
            .map(|target| match target.checked {
                Checked::Unverified if surer => format!("{}?", target.id),
                _ => target.id.clone(),
            })
            .collect();
        table.row([
            &client.id,
            &client.name,
            if client.found { "yes" } else { "no" },
            match connected.is_empty() {
                true => "no".to_owned(),
                false => connected.join(", "),
            }
            .as_str(),
            checked(client.checked),
            match targets.is_empty() {
                true => "by link only".to_owned(),
                false => targets.join(", "),
            }
            .as_str(),
        ]);
    }
    table.to_string()
}

fn checked(checked: Checked) -> &'static str {
    match checked {
        Checked::Run => "run",
        Checked::Source => "source",
        Checked::Documentation => "documentation",
        Checked::Unverified => "unverified",
    }
}

/// `documentation, 2026-11-20, version 1.4`.
pub(super) fn facts(how: Checked, on: &str, version: Option<&str>) -> String {
    let mut facts = checked(how).to_owned();
    if !on.is_empty() {
        facts.push_str(&format!(", {on}"));
    }
    if let Some(version) = version {
        facts.push_str(&format!(", version {version}"));
    }
    facts
}

fn in_full(client: &ClientView) -> String {
    let mut table = Table::plain();
    let found = match (client.found, client.detected_by.as_str()) {
        (true, by) => format!("yes: {by}"),
        (false, "") => "not known; nothing on this computer would tell".to_owned(),
        (false, wanted) => format!("no; looked for {wanted}"),
    };
    table.row(["  Found", &found]);
    let known = facts(
        client.checked,
        &client.checked_on,
        client.checked_version.as_deref(),
    );
    table.row(["  Checked", &known]);
    if !client.source.is_empty() {
        table.row(["  Source", &client.source]);
    }
    if let Some(note) = &client.note {
        table.row(["  Note", note]);
    }
    let links = format!("`keystow link {}` lists them", client.id);
    if client.links {
        table.row(["  Links", &links]);
    }
    let reload = match client.reload {
        Reload::Live => "by itself",
        Reload::Window => "after its window or server list is reloaded",
        Reload::Restart => "after it was quit and started again",
    };
    if !client.targets.is_empty() {
        table.row(["  Takes up changes", reload]);
    }
    let own = if client.own { ", your own" } else { "" };
    let mut text = format!(
        "{} ({}{own})\n{table}",
        clean(&client.name),
        clean(&client.id)
    );
    for target in &client.targets {
        text.push_str(&of_target(target));
    }
    for connection in &client.connections {
        text.push_str(&format!(
            "  connected: {} in {}: {} ({})\n",
            clean(&connection.name),
            clean(&connection.path),
            entry(connection.entry),
            clean(&connection.id)
        ));
    }
    text.push('\n');
    text
}

fn of_target(target: &TargetView) -> String {
    let title = match &target.title {
        Some(title) => format!(" ({})", clean(title)),
        None => String::new(),
    };
    let there = if target.exists {
        ""
    } else if target.needs_project {
        ", in a project"
    } else {
        ", not there yet"
    };
    let modes: Vec<String> = target
        .modes
        .iter()
        .map(|mode| match (mode, &target.helper_since) {
            (ModeView::Bridge, _) => "bridge".to_owned(),
            (ModeView::Helper, Some(since)) => format!("helper (from version {since})"),
            (ModeView::Helper, None) => "helper".to_owned(),
            (ModeView::Exec, _) => "exec".to_owned(),
            (ModeView::Link, _) => "link".to_owned(),
        })
        .collect();
    let known = facts(
        target.checked,
        &target.checked_on,
        target.checked_version.as_deref(),
    );
    format!(
        "  target {}{title}\n    {} ({}{there})\n    modes: {}; {known}\n",
        clean(&target.id),
        clean(&target.path),
        target.syntax,
        modes.join(", ")
    )
}
