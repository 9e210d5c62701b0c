//! `keys usage`, `replace`, `delete`, `hygiene`, and the warning before keys expire.

use keystow_app::contract::{
    ClientUseView, CountView, DayUseView, Empty, HygieneKeyView, KeyRequest, KeyView,
    OthersKeyRequest, ProviderView, UsageView,
};
use keystow_app::handlers;

use super::{Desk, changed, providers, workspaces};
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean, count};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days before the end at which a key is pointed out, the nearest first.
const WARNINGS: [i64; 3] = [1, 7, 14];
/// Keys that are named in a warning; the others are counted.
const NAMED: usize = 3;

pub(super) fn usage(desk: &Desk<'_>, key: String) -> Result<u8, CliError> {
    let view = handlers::keys_usage(&desk.app, KeyRequest { key })?;
    desk.console.show(&view, |view| used(desk.now, view))?;
    Ok(0)
}

fn used(now: i64, usage: &UsageView) -> String {
    let mut table = Table::plain();
    table.row([
        "Last used",
        &words::when_or(now, usage.last_used_at, "never"),
    ]);
    if let Some(requests) = usage.requests {
        table.row(["Requests", &requests.to_string()]);
    }
    let mut text = table.to_string();
    for (title, used) in [
        ("By endpoint", counted(&usage.endpoints)),
        ("By client", by_client(now, &usage.clients)),
        ("By day", by_day(&usage.days)),
    ] {
        let used = used.to_string();
        if !used.is_empty() {
            text.push_str(&format!("{title}:\n{used}"));
        }
    }
    text
}

fn by_client(now: i64, clients: &[ClientUseView]) -> Table {
    let mut table = Table::plain();
    for client in clients.iter().filter(|client| client.count > 0) {
        table.row([
            &format!("  {}", client.name),
            client.count.to_string().as_str(),
            &words::when_or(now, client.last_used_at, ""),
        ]);
    }
    table
}

/// What there was any of: a month of days without a request says nothing.
fn by_day(days: &[DayUseView]) -> Table {
    let mut table = Table::plain();
    for day in days.iter().filter(|day| day.count > 0) {
        table.row([&format!("  {}", day.day), day.count.to_string().as_str()]);
    }
    table
}

fn counted(counts: &[CountView]) -> Table {
    let mut table = Table::plain();
    for line in counts.iter().filter(|line| line.count > 0) {
        table.row([&format!("  {}", line.name), line.count.to_string().as_str()]);
    }
    table
}

pub(super) fn replace(desk: &Desk<'_>, key: String, yes: bool) -> Result<u8, CliError> {
    if let Some(provider) = workspaces::provider_in_use(desk)?
        && !(providers::can(&provider, "create") && providers::can(&provider, "delete"))
    {
        // Refused, with where to do it, before anybody is asked.
        handlers::keys_replace(&desk.app, KeyRequest { key: key.clone() })?;
    }
    let key = handlers::keys_show(&desk.app, KeyRequest { key })?;
    let name = clean(&key.name);
    if !yes {
        desk.console.say(&format!(
            "“{name}” ({}) would make way for a new key just like it, and be revoked at once.\n{}{}",
            clean(&key.masked),
            going_on(&key),
            words::consequences(desk.now, &key),
        ));
        desk.console.confirm(&format!("Replace “{name}”?"))?;
    }
    let new = handlers::keys_replace(&desk.app, KeyRequest { key: key.id })?;
    changed(
        desk,
        &new,
        "Replaced",
        "Its clients go on with the new key.",
    )
}

/// What becomes of the clients that we connected.
fn going_on(key: &KeyView) -> &'static str {
    match key.used_by.is_empty() {
        true => "Whatever else uses it stops working.\n",
        false => {
            "Clients that Keystow connected go on with the new one; whatever else uses it stops working.\n"
        }
    }
}

pub(super) fn delete(desk: &Desk<'_>, key: String, yes: bool) -> Result<u8, CliError> {
    let key = handlers::keys_show(&desk.app, KeyRequest { key })?;
    let provider = workspaces::provider_in_use(desk)?;
    let by_hand = provider
        .as_ref()
        .filter(|provider| !providers::can(provider, "list"));
    let name = clean(&key.name);
    if let Some(provider) = by_hand
        && !desk.console.json
    {
        desk.console.say(&revoked_elsewhere(&name, provider));
    }
    if !yes {
        let masked = clean(&key.masked);
        desk.console.say(&match by_hand {
            None => format!("“{name}” ({masked}) would stop working at once, for good."),
            Some(_) => format!("“{name}” ({masked}) would be forgotten on this computer."),
        });
        desk.console.say(&words::consequences(desk.now, &key));
        for user in &key.used_by {
            desk.console.say(&format!(
                "  {} through {}",
                clean(&user.name),
                clean(&user.connection)
            ));
        }
        if key.last_used_at.is_some_and(|at| desk.now - at < DAY_MS) {
            desk.console
                .say("caution: it was used within the last 24 hours.");
        }
        desk.console.confirm(&match by_hand {
            None => format!("Revoke “{name}”?"),
            Some(_) => format!("Forget “{name}”?"),
        })?;
    }
    let done = handlers::keys_delete(&desk.app, KeyRequest { key: key.id })?;
    if !desk.console.json {
        desk.console.say(&match by_hand {
            None => format!("Revoked “{name}”."),
            Some(_) => format!("Forgot “{name}”."),
        });
    }
    desk.console.show(&done, |_| String::new())?;
    Ok(0)
}

pub(super) fn revoke_other(
    desk: &Desk<'_>,
    key: String,
    name: Option<String>,
    yes: bool,
) -> Result<u8, CliError> {
    let shown = clean(name.as_deref().unwrap_or(&key));
    if !yes {
        desk.console.say(&format!(
            "“{shown}”, whoever uses it, would stop working at once, for good."
        ));
        desk.console.confirm(&format!("Revoke “{shown}”?"))?;
    }
    let request = OthersKeyRequest { key, name };
    let done = handlers::keys_revoke_other(&desk.app, request)?;
    if !desk.console.json {
        desk.console.say(&format!("Revoked “{shown}”."));
    }
    desk.console.show(&done, |_| String::new())?;
    Ok(0)
}

fn revoked_elsewhere(name: &str, provider: &ProviderView) -> String {
    let forgotten = format!(
        "Only {} itself can revoke “{name}”; here it is forgotten and taken out of the keychain.",
        clean(&provider.name)
    );
    match &provider.dashboard {
        Some(dashboard) => format!(
            "{forgotten} To revoke it ({}):\n{}",
            clean(&dashboard.url),
            words::steps(&dashboard.revoke)
        ),
        None => forgotten,
    }
}

pub(super) fn hygiene(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::keys_hygiene(&desk.app, Empty {})?;
    let sections = [
        ("Expire within 14 days", &view.expiring, "EXPIRES", ""),
        ("Never expire", &view.never_expire, "", ""),
        ("Not used for 90 days", &view.idle, "LAST USED", "never"),
        ("Used by no client here", &view.unused, "", ""),
        (
            "Made by Keystow, and nobody holds their secret",
            &view.orphans,
            "",
            "",
        ),
    ];
    let fine = sections.iter().all(|(_, keys, ..)| keys.is_empty());
    if fine && !desk.console.json {
        desk.console.say("There is nothing to look at.");
    }
    desk.console.show(&view, |_| {
        let found = sections.iter().filter(|(_, keys, ..)| !keys.is_empty());
        found
            .map(|(title, keys, when, none)| section(desk.now, title, keys, when, none))
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    if !fine && !desk.console.json {
        desk.console
            .say("Only keys that were made or stowed on this computer are looked at.");
    }
    Ok(0)
}

fn section(now: i64, title: &str, keys: &[HygieneKeyView], when: &str, none: &str) -> String {
    let mut table = Table::new(&["  NAME", "WORKSPACE", "ID", when]);
    for key in keys {
        let at = match key.at {
            Some(at) => words::when(now, at),
            None => none.to_owned(),
        };
        table.row([&format!("  {}", key.name), &key.workspace, &key.id, &at]);
    }
    format!("{title}\n{table}")
}

/// One line about keys that end soon, where there are any.
pub(in crate::commands) fn warn_of_expiry(desk: &Desk<'_>) -> Result<(), CliError> {
    let view = handlers::keys_hygiene(&desk.app, Empty {})?;
    if let Some(text) = expiring(desk.now, &view.expiring) {
        desk.console.say(&text);
    }
    Ok(())
}

/// `keys` come with the soonest first.
fn expiring(now: i64, keys: &[HygieneKeyView]) -> Option<String> {
    let soon: Vec<String> = keys
        .iter()
        .filter_map(|key| {
            let left = key.at? - now;
            let days = WARNINGS.into_iter().find(|days| left <= days * DAY_MS)?;
            let name = clean(&key.name);
            Some(match (left > 0, days) {
                (false, _) => format!("“{name}” is over"),
                (true, 1) => format!("“{name}” within 1 day"),
                (true, days) => format!("“{name}” within {days} days"),
            })
        })
        .collect();
    let first = soon.len().min(NAMED);
    let more = match soon.len() - first {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (first > 0).then(|| {
        format!(
            "warning: {}: {}{more}. `keystow keys hygiene` lists them.",
            match soon.len() {
                1 => "1 key expires soon".to_owned(),
                keys => format!("{} expire soon", count(keys, "key", "keys")),
            },
            soon[..first].join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, at: i64) -> HygieneKeyView {
        HygieneKeyView {
            id: name.to_owned(),
            name: name.to_owned(),
            workspace: "local".to_owned(),
            at: Some(at),
        }
    }

    #[test]
    fn one_line_warns_in_steps_of_14_7_and_1_days() {
        let now = 1_800_000_000_000;
        let keys: Vec<HygieneKeyView> = [("a", 1), ("b", 2), ("c", 14), ("d", 14)]
            .map(|(name, days)| key(name, now + days * DAY_MS))
            .into();
        assert_eq!(
            expiring(now, &keys).unwrap(),
            "warning: 4 keys expire soon: “a” within 1 day, “b” within 7 days, “c” within 14 days and 1 more. \
             `keystow keys hygiene` lists them."
        );
        assert_eq!(
            expiring(now, &keys[..1]).unwrap(),
            "warning: 1 key expires soon: “a” within 1 day. `keystow keys hygiene` lists them."
        );
        assert_eq!(expiring(now, &[key("later", now + 15 * DAY_MS)]), None);
        assert_eq!(expiring(now, &[]), None);
    }
}
