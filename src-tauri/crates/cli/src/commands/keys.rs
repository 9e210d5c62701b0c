//! `keys …`.

use std::io::{self, IsTerminal, Read};

use keystow_app::contract::{
    KeyCreateRequest, KeyPageView, KeyRenameRequest, KeyRequest, KeyView, KeysListRequest,
};
use keystow_app::handlers;
use keystow_core::Secret;
use keystow_core::key::checked_name;

use super::Desk;
use crate::args::KeysCommand;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::{self, clean};

/// Keys a page, and a page when all are wanted.
const PAGE: u32 = 50;
const LARGE_PAGE: u32 = 200;

/// Longer than any key, in bytes.
const LONGEST_SECRET: u64 = 64 * 1024;

pub(super) fn run(desk: &Desk<'_>, command: KeysCommand) -> Result<u8, CliError> {
    match command {
        KeysCommand::List {
            search, page, all, ..
        } => list(desk, search, page, all),
        KeysCommand::Create {
            name,
            scopes,
            expires,
            read_only,
            preset,
            tools,
            ..
        } => {
            let request = KeyCreateRequest {
                name,
                scopes,
                expires_in_days: expires,
                read_only,
                preset,
                tools,
                mcp_permissions: Vec::new(),
                projects: Vec::new(),
                instances: Vec::new(),
            };
            let key = handlers::keys_create(&desk.app, request)?;
            changed(desk, &key, "Created", "Its plaintext is in the keychain.")
        }
        KeysCommand::Add { name, .. } => add(desk, &name),
        KeysCommand::Show { key, reveal, .. } if reveal => show_revealed(desk, key),
        KeysCommand::Show { key, .. } => {
            let key = handlers::keys_show(&desk.app, KeyRequest { key })?;
            desk.console.show(&key, |key| details(desk.now, key))?;
            Ok(0)
        }
        KeysCommand::Rename { key, name, .. } => {
            let key = handlers::keys_rename(&desk.app, KeyRenameRequest { key, name })?;
            changed(desk, &key, "Renamed", "")
        }
        KeysCommand::Pause { key, .. } => {
            let key = handlers::keys_pause(&desk.app, KeyRequest { key })?;
            changed(desk, &key, "Paused", "It is refused until you resume it.")
        }
        KeysCommand::Resume { key, .. } => {
            let key = handlers::keys_resume(&desk.app, KeyRequest { key })?;
            changed(desk, &key, "Resumed", "")
        }
        KeysCommand::Delete { key, yes } => delete(desk, key, yes),
        KeysCommand::Copy { key, .. } => {
            let copied = handlers::keys_copy(&desk.app, KeyRequest { key })?;
            if !desk.console.json {
                desk.console.say(&format!(
                    "Copied “{}”. It is taken off the clipboard in {} s.",
                    clean(&copied.name),
                    copied.clears_after_s
                ));
            }
            desk.console.show(&copied, |_| String::new())?;
            Ok(0)
        }
    }
}

fn list(desk: &Desk<'_>, search: Option<String>, page: u32, all: bool) -> Result<u8, CliError> {
    let ask = |page, limit| {
        let request = KeysListRequest {
            search: search.clone(),
            page: Some(page),
            limit: Some(limit),
            everybody: false,
        };
        handlers::keys_list(&desk.app, request)
    };
    let view = if all {
        let mut whole = ask(1, LARGE_PAGE)?;
        let mut next = 2;
        while whole.keys.len() < whole.total as usize {
            let page = ask(next, LARGE_PAGE)?;
            if page.keys.is_empty() {
                break;
            }
            whole.keys.extend(page.keys);
            whole.total = page.total;
            next += 1;
        }
        whole
    } else {
        ask(page, PAGE)?
    };
    if !desk.console.json && view.keys.is_empty() {
        desk.console.say(match &search {
            Some(_) => "No key fits that.",
            None if view.total > 0 => "There is nothing on this page.",
            None => "No keys yet. `keystow keys create NAME` makes one.",
        });
    }
    desk.console.show(&view, |view| listed(desk.now, view))?;
    let shown = view.keys.len();
    if !desk.console.json && shown > 0 && shown < view.total as usize {
        desk.console.say(&format!(
            "{shown} of {}; --page {} shows more, --all shows all.",
            words::count(view.total as usize, "key", "keys"),
            view.page + 1
        ));
    }
    Ok(0)
}

fn listed(now: i64, page: &KeyPageView) -> String {
    if page.keys.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        "NAME",
        "KEY",
        "STATE",
        "LAST USED",
        "EXPIRES",
        "USED BY",
        "ID",
    ]);
    for key in &page.keys {
        table.row([
            &key.name,
            &key.masked,
            words::key_state(key.state),
            &words::when_or(now, key.last_used_at, "never"),
            &words::when_or(now, key.expires_at, "never"),
            &users(key),
            &key.id,
        ]);
    }
    table.to_string()
}

fn users(key: &KeyView) -> String {
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
    table.row(["Scopes", &some(key.scopes.join(", "))]);
    table.row(["Read only", if key.read_only { "yes" } else { "no" }]);
    table.row(["Preset", &some(key.preset.clone().unwrap_or_default())]);
    let tools = match key.tools.is_empty() {
        true => "all".to_owned(),
        false => key.tools.join(", "),
    };
    table.row(["Tools", &tools]);
    table.row(["Created", &words::when_or(now, key.created_at, "unknown")]);
    table.row(["Expires", &words::when_or(now, key.expires_at, "never")]);
    table.row(["Last used", &words::when_or(now, key.last_used_at, "never")]);
    if let Some(requests) = key.requests {
        table.row(["Requests", &requests.to_string()]);
    }
    table.row(["Used by", &some(users(key))]);
    table.to_string()
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

fn add(desk: &Desk<'_>, name: &str) -> Result<u8, CliError> {
    // Before a person pastes anything.
    let name = checked_name(name).map_err(keystow_app::AppError::from)?;
    let secret = read_secret()?;
    let key = handlers::keys_add(&desk.app, Some(&name), None, secret)?;
    changed(desk, &key, "Stowed", "It was tried just now, and works.")
}

/// Reads a key from a pipe, or asks for it without showing it.
fn read_secret() -> Result<Secret, CliError> {
    let text = if io::stdin().is_terminal() {
        rpassword::prompt_password("Paste the key (it is not shown): ").map_err(CliError::Input)?
    } else {
        let mut text = String::new();
        io::stdin()
            .lock()
            .take(LONGEST_SECRET + 1)
            .read_to_string(&mut text)
            .map_err(CliError::Input)?;
        text
    };
    // Wiped when dropped, like the copy without its line end.
    let text = Secret::new(text);
    if text.len() as u64 > LONGEST_SECRET {
        return Err(CliError::SecretTooLarge);
    }
    // EXPOSE: its line end is cut off
    let secret = Secret::new(text.expose().trim().to_owned());
    if secret.is_empty() {
        return Err(CliError::NoSecret);
    }
    Ok(secret)
}

fn show_revealed(desk: &Desk<'_>, key: String) -> Result<u8, CliError> {
    if !io::stdout().is_terminal() {
        return Err(CliError::NotATerminal);
    }
    let (key, secret) = handlers::key_secret(&desk.app, KeyRequest { key })?;
    desk.console.data(&details(desk.now, &key))?;
    // EXPOSE: shown on the terminal of the person who asked for it
    desk.console.data(secret.expose())?;
    Ok(0)
}

fn delete(desk: &Desk<'_>, key: String, yes: bool) -> Result<u8, CliError> {
    let key = handlers::keys_show(&desk.app, KeyRequest { key })?;
    let name = clean(&key.name);
    if !yes {
        desk.console.say(&format!(
            "“{name}” ({}) would stop working at once, for good.\n{}",
            clean(&key.masked),
            words::consequences(desk.now, &key)
        ));
        desk.console.confirm(&format!("Revoke “{name}”?"))?;
    }
    handlers::keys_delete(&desk.app, KeyRequest { key: key.id })?;
    desk.console.say(&format!("Revoked “{name}”."));
    Ok(0)
}
