//! `keystow clipboard-hold`: keeps a copied key on the clipboard for a while. The window and `keys copy` start it; ids are all it
//! gets, and the key is read from the keychain here.

use std::time::{Duration, Instant};

use arboard::{Clipboard, Set};
use keystow_app::{AppError, describe};
use keystow_core::keychain::{Item, Keychain};
use keystow_core::{KeyId, Secret, WorkspaceId};
use keystow_keychain::OsKeychain;

use crate::error::CliError;
use crate::output::Console;
use crate::platform;

/// How often we look whether something else was copied.
const GLANCE: Duration = Duration::from_millis(500);

/// Says `holding 30` (the limit in seconds) on standard output once the key is there, or one sentence why it is not; then holds
/// it, and takes it off again unless something else was copied by then.
pub(crate) fn hold(
    console: &Console,
    workspace: &str,
    key: &str,
    limit: Duration,
) -> Result<u8, CliError> {
    platform::leave_terminal();
    let item = Item::Key(WorkspaceId::new(workspace), KeyId::new(key));
    let secret = match OsKeychain::new().get_stowed(&item) {
        Ok(secret) => secret,
        Err(error) => {
            let error = AppError::from(error);
            console.data(&describe(&error).detail)?;
            return Ok(keystow_app::exit_code(&error));
        }
    };
    let mut clipboard = match put(&secret) {
        Ok(clipboard) => clipboard,
        Err(error) => {
            console.data(&said(&error))?;
            return Ok(3);
        }
    };
    // Whoever started us may be gone already; the key is on the clipboard all the same.
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

fn put(secret: &Secret) -> Result<Clipboard, arboard::Error> {
    let mut clipboard = Clipboard::new()?;
    // EXPOSE: copied by the person, hidden from clipboard history
    hidden(clipboard.set()).text(secret.expose())?;
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
