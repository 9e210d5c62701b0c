//! `keystow clipboard-hold`: keeps a copied key, link or text on the clipboard for a while. The window, `keys copy` and `link` start
//! it; ids are all it gets of what is secret, and the key is read from the keychain here. And `keystow clipboard-take`, the other way.

use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant};

use arboard::{Clipboard, Set};
use keystow_app::AppError;
use keystow_app::links::insisted;
use keystow_core::keychain::{Item, Keychain};
use keystow_core::{KeyId, Secret, WorkspaceId};
use keystow_keychain::OsKeychain;

use crate::args::Held;
use crate::error::CliError;
use crate::output::Console;
use crate::platform;
use crate::wire::Surroundings;

/// How often we look whether something else was copied.
const GLANCE: Duration = Duration::from_millis(500);

/// A text that is no secret may stay for as long as somebody looks for the place to paste it.
const TEXT_LIMIT: Duration = Duration::from_secs(300);
/// Longer than any link, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Says `holding 30` (the limit in seconds) on standard output once it is there, or one sentence why it is not; then holds it, and
/// takes it off again unless something else was copied by then.
pub(crate) fn hold(
    surroundings: &Surroundings,
    console: &Console,
    what: &Held,
    limit: Duration,
) -> Result<u8, CliError> {
    platform::leave_terminal();
    let (secret, hide) = match found(surroundings, what) {
        Ok(found) => found,
        Err(error) => {
            console.data(&error.problem().detail)?;
            return Ok(error.exit_code());
        }
    };
    let limit = if hide { limit } else { TEXT_LIMIT };
    let mut clipboard = match put(&secret, hide) {
        Ok(clipboard) => clipboard,
        Err(error) => {
            console.data(&said(&error))?;
            return Ok(3);
        }
    };
    // Whoever started us may be gone already; it is on the clipboard all the same.
    let _ = console.data(&format!("holding {}", limit.as_secs()));
    let until = Instant::now() + limit;
    while is_ours(&mut clipboard, &secret) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            // What cannot be cleared goes with this process, on systems where the clipboard is its owner's.
            let _ = clipboard.clear();
            break;
        }
        std::thread::sleep(left.min(GLANCE));
    }
    Ok(0)
}

/// What is to be held, and whether it is hidden from clipboard history.
fn found(surroundings: &Surroundings, what: &Held) -> Result<(Secret, bool), CliError> {
    if let (Some(workspace), Some(key)) = (&what.workspace, &what.key) {
        let item = Item::Key(WorkspaceId::new(workspace), KeyId::new(key));
        let key = OsKeychain::new().get_stowed(&item);
        return Ok((key.map_err(AppError::from)?, true));
    }
    if let (Some(connection), Some(number)) = (&what.connection, what.link) {
        let app = surroundings.open_to_read()?;
        let insisted = insisted(&app, connection)?;
        // EXPOSE: becomes part of a link that a person insisted on, which is copied and not shown
        let mut links = insisted.links(insisted.key().expose());
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        if number >= links.len() {
            return Err(CliError::NoSuchLink);
        }
        return Ok((Secret::new(links.swap_remove(number).text), true));
    }
    debug_assert!(what.text, "the command line demands one of the three");
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(LONGEST)
        .read_to_string(&mut text)
        .map_err(CliError::Input)?;
    Ok((Secret::new(text), false))
}

/// Prints what is on the clipboard, without white space around it, and takes it off unless something else was copied by then. The
/// window and `keys add --clipboard` start it and read the other end of the pipe.
pub(crate) fn take(console: &Console) -> Result<u8, CliError> {
    let mut out = io::stdout();
    if out.is_terminal() {
        return Err(CliError::NotATerminal);
    }
    let mut clipboard = match Clipboard::new() {
        Ok(clipboard) => clipboard,
        Err(error) => {
            console.say(&said(&error));
            return Ok(3);
        }
    };
    let text = match clipboard.get_text() {
        Ok(text) => Secret::new(text),
        Err(arboard::Error::ContentNotAvailable) => return Ok(0),
        Err(error) => {
            console.say(&said(&error));
            return Ok(3);
        }
    };
    // EXPOSE: handed to the process that started this one, over a pipe
    let written = out.write_all(text.expose().trim().as_bytes());
    written
        .and_then(|()| out.flush())
        .map_err(CliError::Output)?;
    if !text.is_empty() && is_ours(&mut clipboard, &text) {
        // What cannot be cleared stays the person's own.
        let _ = clipboard.clear();
    }
    Ok(0)
}

fn put(secret: &Secret, hide: bool) -> Result<Clipboard, arboard::Error> {
    let mut clipboard = Clipboard::new()?;
    let set = match hide {
        true => hidden(clipboard.set()),
        false => clipboard.set(),
    };
    // EXPOSE: copied by the person, hidden from clipboard history where it is secret
    set.text(secret.expose())?;
    Ok(clipboard)
}

/// What is wrong with the clipboard, without the library's own preface.
fn said(error: &arboard::Error) -> String {
    match error {
        arboard::Error::Unknown { description } => description.clone(),
        other => other.to_string(),
    }
}

fn is_ours(clipboard: &mut Clipboard, secret: &Secret) -> bool {
    clipboard
        .get_text()
        .is_ok_and(|text| Secret::new(text) == *secret)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn hidden(set: Set<'_>) -> Set<'_> {
    use arboard::SetExtLinux;
    set.exclude_from_history()
}

#[cfg(target_os = "macos")]
fn hidden(set: Set<'_>) -> Set<'_> {
    use arboard::SetExtApple;
    set.exclude_from_history()
}

#[cfg(windows)]
fn hidden(set: Set<'_>) -> Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_monitoring()
        .exclude_from_cloud()
        .exclude_from_history()
}
