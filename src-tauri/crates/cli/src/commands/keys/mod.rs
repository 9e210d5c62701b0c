//! `keys …`.

mod care;
mod list;
mod plaintext;

use keystow_app::contract::{
    BudgetView, KeyCreateRequest, KeyRenameRequest, KeyRequest, KeyUpdateRequest, KeyView,
};
use keystow_app::handlers;

use std::time::Duration;

use super::{Desk, activity, providers, rotations, workspaces};
use crate::args::{Access, Changes, KeysCommand};
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean};

pub(super) use care::warn_of_expiry;

pub(super) fn run(desk: &Desk<'_>, command: KeysCommand) -> Result<u8, CliError> {
    match command {
        KeysCommand::List {
            search,
            page,
            all,
            everybody,
            sort,
            reverse,
            states,
            ..
        } => {
            let wanted = list::Wanted {
                search,
                everybody,
                state: list::state(states),
                order: list::order(sort, reverse),
            };
            list::list(desk, &wanted, page, all)
        }
        KeysCommand::Create {
            name,
            expires,
            read_only,
            access,
            ..
        } => create(desk, name, expires, read_only, access),
        KeysCommand::Add {
            name,
            of,
            clipboard,
            ..
        } => plaintext::add(desk, name, of, clipboard),
        KeysCommand::Show { key, reveal, .. } if reveal => plaintext::reveal(desk, key),
        KeysCommand::Show { key, .. } => {
            let key = handlers::keys_show(&desk.app, KeyRequest { key })?;
            desk.console.show(&key, |key| details(desk.now, key))?;
            Ok(0)
        }
        KeysCommand::Usage { key, .. } => care::usage(desk, key),
        KeysCommand::Rename { key, name, .. } => {
            let key = handlers::keys_rename(&desk.app, KeyRenameRequest { key, name })?;
            changed(desk, &key, "Renamed", "")
        }
        KeysCommand::Update { key, changes, .. } => update(desk, key, changes),
        KeysCommand::Pause { key, .. } => {
            let key = handlers::keys_pause(&desk.app, KeyRequest { key })?;
            changed(desk, &key, "Paused", "It is refused until you resume it.")
        }
        KeysCommand::Resume { key, .. } => {
            let key = handlers::keys_resume(&desk.app, KeyRequest { key })?;
            changed(desk, &key, "Resumed", "")
        }
        KeysCommand::Replace { key, yes, .. } => care::replace(desk, key, yes),
        KeysCommand::Delete {
            key,
            everybody: true,
            name,
            yes,
            ..
        } => care::revoke_other(desk, key, name, yes),
        KeysCommand::Rotate { dry_run: true, .. } => rotations::plan_all(desk),
        KeysCommand::Rotate {
            key, grace, wait, ..
        } => rotations::rotate(desk, key, grace, Duration::from_secs(wait)),
        KeysCommand::Revoke { key, yes, .. } => rotations::revoke(desk, key, yes),
        KeysCommand::Delete { key, yes, .. } => care::delete(desk, key, yes),
        KeysCommand::Hygiene { .. } => care::hygiene(desk),
        KeysCommand::Trail { key, .. } => activity::trail(desk, key),
        KeysCommand::Copy { key, .. } => plaintext::copy(desk, key),
    }
}

fn create(
    desk: &Desk<'_>,
    name: String,
    expires: Option<u32>,
    read_only: bool,
    access: Access,
) -> Result<u8, CliError> {
    if let Some(provider) = workspaces::provider_in_use(desk)?
        && !providers::can(&provider, "create")
        && let Some(dashboard) = &provider.dashboard
    {
        desk.console.say(&format!(
            "{}\n{}\n  {}. keystow keys add \"{}\"",
            clean(&dashboard.url),
            words::steps(&dashboard.create),
            dashboard.create.len() + 1,
            clean(&name)
        ));
        return Err(CliError::DashboardOnly {
            provider: clean(&provider.name),
        });
    }
    let request = KeyCreateRequest {
        name,
        scopes: access.scopes,
        expires_in_days: expires,
        read_only,
        preset: access.preset,
        tools: access.tools,
        mcp_permissions: access.mcp_permissions,
        projects: access.projects,
        instances: access.instances,
    };
    let key = handlers::keys_create(&desk.app, request)?;
    changed(desk, &key, "Created", "Its plaintext is in the keychain.")
}

fn update(desk: &Desk<'_>, key: String, changes: Changes) -> Result<u8, CliError> {
    // An empty value stands for none.
    let named = |values: Option<Vec<String>>| {
        values.map(|values| {
            let named = values.into_iter().filter(|value| !value.is_empty());
            named.collect::<Vec<_>>()
        })
    };
    let request = KeyUpdateRequest {
        key,
        scopes: named(changes.scopes),
        read_only: changes.read_only,
        preset: changes.preset,
        tools: named(changes.tools),
        mcp_permissions: named(changes.mcp_permissions),
        projects: named(changes.projects),
        instances: named(changes.instances),
    };
    let key = handlers::keys_update(&desk.app, request)?;
    let reconnect = key.reconnect.as_deref().map(clean).unwrap_or_default();
    changed(desk, &key, "Updated", &reconnect)
}

/// Says what became of a key; its id is the data.
fn changed(desk: &Desk<'_>, key: &KeyView, verb: &str, more: &str) -> Result<u8, CliError> {
    if !desk.console.json {
        let text = format!(
            "{verb} “{}” ({}). {more}",
            clean(&key.name),
            clean(&key.masked)
        );
        desk.console.say(text.trim_end());
    }
    desk.console.show(key, |key| clean(&key.id))?;
    Ok(0)
}

pub(super) fn users(key: &KeyView) -> String {
    let mut names: Vec<&str> = key.used_by.iter().map(|user| user.name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

fn details(now: i64, key: &KeyView) -> String {
    let some = |text: String| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text
        }
    };
    let mut table = Table::plain();
    table.row(["Name", &key.name]);
    table.row(["Id", &key.id]);
    table.row(["Key", &key.masked]);
    table.row(["State", words::key_state(key.state)]);
    let stowed = if key.stowed {
        "in this computer's keychain"
    } else {
        "not on this computer"
    };
    table.row(["Plaintext", stowed]);
    if let Some(owner) = &key.owner {
        table.row(["Owner", owner]);
    }
    table.row(["Scopes", &some(key.scopes.join(", "))]);
    table.row(["Read only", if key.read_only { "yes" } else { "no" }]);
    table.row(["Preset", &some(key.preset.clone().unwrap_or_default())]);
    let tools = match key.tools.is_empty() {
        true => "all".to_owned(),
        false => key.tools.join(", "),
    };
    table.row(["Tools", &tools]);
    let limits = [
        ("Over MCP", &key.mcp_permissions),
        ("Projects", &key.projects),
        ("Instances", &key.instances),
    ];
    for (title, values) in limits {
        if !values.is_empty() {
            table.row([title, &values.join(", ")]);
        }
    }
    table.row(["Created", &words::when_or(now, key.created_at, "unknown")]);
    table.row(["Expires", &list::expiry(now, key)]);
    table.row(["Last used", &words::when_or(now, key.last_used_at, "never")]);
    if let Some(requests) = key.requests {
        table.row(["Requests", &requests.to_string()]);
    }
    if let Some(budget) = &key.budget {
        table.row(["Budget", &of_budget(now, budget)]);
    }
    table.row(["Used by", &some(users(key))]);
    if let Some(reconnect) = &key.reconnect {
        table.row(["Note", reconnect]);
    }
    table.to_string()
}

/// `3 of 10 requests a day left, full again in 20 h`.
fn of_budget(now: i64, budget: &BudgetView) -> String {
    let span = match budget.window_s {
        Some(60) => " a minute".to_owned(),
        Some(3600) => " an hour".to_owned(),
        Some(86_400) => " a day".to_owned(),
        Some(seconds) => format!(" in {seconds} s"),
        None => String::new(),
    };
    let mut text = match budget.remaining {
        Some(left) => format!("{left} of {} requests{span} left", budget.limit),
        None => format!("{} requests{span}", budget.limit),
    };
    if let Some(at) = budget.resets_at.filter(|at| *at > now) {
        text.push_str(&format!(", full again {}", words::when(now, at)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_told_as_far_as_it_is_known() {
        let now = 1_800_000_000_000;
        let mut budget = BudgetView {
            limit: 10,
            remaining: Some(3),
            window_s: Some(86_400),
            resets_at: Some(now + 20 * 3_600_000),
        };
        assert_eq!(
            of_budget(now, &budget),
            "3 of 10 requests a day left, full again in 20 h"
        );
        budget.resets_at = Some(now);
        budget.window_s = Some(90);
        assert_eq!(of_budget(now, &budget), "3 of 10 requests in 90 s left");
        budget.remaining = None;
        budget.window_s = None;
        assert_eq!(of_budget(now, &budget), "10 requests");
    }
}
