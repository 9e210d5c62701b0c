//! `keys add`, `copy` and `show --reveal`: where plaintext comes in, and where it may go out.

use std::io::{self, IsTerminal};
use std::time::Duration;

use keystow_app::contract::{KeyPasteRequest, KeyRequest};
use keystow_app::handlers;
use keystow_core::key::checked_name;

use super::{Desk, changed, details};
use crate::ask;
use crate::error::CliError;
use crate::output::words::clean;

/// How long a revealed key stays.
const REVEALED: Duration = Duration::from_secs(30);

pub(super) fn add(
    desk: &Desk<'_>,
    name: Option<String>,
    of: Option<String>,
    clipboard: bool,
) -> Result<u8, CliError> {
    // Before a person pastes anything.
    let name = name
        .map(|name| checked_name(&name))
        .transpose()
        .map_err(keystow_app::AppError::from)?;
    if let Some(key) = of.clone() {
        handlers::keys_show(&desk.app, KeyRequest { key })?;
    }
    let key = match clipboard {
        true => handlers::keys_paste(&desk.app, KeyPasteRequest { name, key: of })?,
        false => handlers::keys_add(&desk.app, name.as_deref(), of.as_deref(), ask::key()?)?,
    };
    changed(desk, &key, "Stowed", "Its plaintext is in the keychain.")
}

pub(super) fn copy(desk: &Desk<'_>, key: String) -> Result<u8, CliError> {
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

pub(super) fn reveal(desk: &Desk<'_>, key: String) -> Result<u8, CliError> {
    if !io::stdout().is_terminal() {
        return Err(CliError::NotATerminal);
    }
    let (key, secret) = handlers::key_secret(&desk.app, KeyRequest { key })?;
    desk.console.data(&details(desk.now, &key))?;
    let terminal = desk.console.terminal;
    // EXPOSE: shown on the terminal of the person who asked for it
    terminal.show_for(secret.expose(), REVEALED)?;
    if terminal.moves {
        desk.console.say("The key is hidden again.");
    }
    Ok(0)
}
