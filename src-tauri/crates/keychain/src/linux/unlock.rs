//! Asking the person, through the system's own prompt, to unlock the keychain.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use keystow_core::keychain::KeychainError;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, Value};

use super::error::Trouble;
use super::{Place, SECRETS, SECRETS_INTERFACE, SECRETS_PATH};
use crate::store::Until;

const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const NO_OBJECT: &str = "/";

/// Says that no prompt is open any more, however the attempt ends.
struct Prompting(Arc<AtomicBool>);

impl Drop for Prompting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Waits on a thread of its own, one at a time. A prompt that nobody answers within the limit stays where it is, and so does the
/// thread: an answer given later still unlocks, and `Prompt.Dismiss` on a prompt that is being shown makes gnome-keyring 42 exit.
pub(super) fn unlock(place: &Place, limit: Duration) -> Result<(), KeychainError> {
    if place.prompting.swap(true, Ordering::AcqRel) {
        return Err(KeychainError::PromptWaiting);
    }
    let prompting = Prompting(Arc::clone(&place.prompting));
    let until = Until::after(limit);
    let (tell, told) = channel();
    let place = place.clone();
    std::thread::Builder::new()
        .name("keystow-unlock".to_owned())
        .spawn(move || {
            let outcome = ask(&place).map_err(|trouble| trouble.error);
            drop(prompting);
            let _ = tell.send(outcome);
        })
        .map_err(|error| KeychainError::Failed {
            detail: format!("no thread could be started: {error}"),
        })?;
    match told.recv_timeout(until.left()) {
        Ok(outcome) => outcome,
        Err(RecvTimeoutError::Timeout) => Err(until.timed_out()),
        Err(RecvTimeoutError::Disconnected) => Err(KeychainError::Failed {
            detail: "the keychain library panicked".to_owned(),
        }),
    }
}

/// Asks and waits for the answer, however long that takes.
fn ask(place: &Place) -> Result<(), Trouble> {
    let connection = place.meet()?;
    let service = Proxy::new(&connection, SECRETS, SECRETS_PATH, SECRETS_INTERFACE)?;
    let default: OwnedObjectPath = service.call("ReadAlias", &("default"))?;
    let prompt: OwnedObjectPath = if default.as_str() == NO_OBJECT {
        let label = Value::from("Default keyring");
        let properties = HashMap::from([("org.freedesktop.Secret.Collection.Label", label)]);
        let (_, prompt): (OwnedObjectPath, OwnedObjectPath) =
            service.call("CreateCollection", &(properties, "default"))?;
        prompt
    } else {
        let objects: Vec<ObjectPath<'_>> = vec![default.into()];
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            service.call("Unlock", &(objects))?;
        prompt
    };
    if prompt.as_str() == NO_OBJECT {
        return Ok(());
    }
    let outcome = answer(&connection, &service, prompt);
    // Ends the threads that listen, too.
    let _ = connection.close();
    outcome
}

/// Shows the prompt and waits for the answer to it, or for the daemon to go away.
fn answer(
    connection: &Connection,
    service: &Proxy<'static>,
    prompt: OwnedObjectPath,
) -> Result<(), Trouble> {
    let asking = Proxy::new(connection, SECRETS, prompt, PROMPT)?;
    let mut answers = asking.receive_signal("Completed")?;
    let mut owners = service.receive_owner_changed()?;
    let (tell, told) = channel();
    let tell_of_owner = tell.clone();
    listen(&tell, move || {
        let answer = answers.next().ok_or_else(gone)?;
        let (dismissed, _): (bool, Value<'_>) = answer.body().deserialize()?;
        if dismissed {
            return Err(KeychainError::PromptWaiting.into());
        }
        Ok(())
    })?;
    listen(&tell_of_owner, move || {
        let _ = owners.next();
        Err(gone())
    })?;
    asking.call::<_, _, ()>("Prompt", &(""))?;
    told.recv().unwrap_or_else(|_| Err(gone()))
}

fn listen(
    tell: &Sender<Result<(), Trouble>>,
    wait: impl FnOnce() -> Result<(), Trouble> + Send + 'static,
) -> Result<(), Trouble> {
    let tell = tell.clone();
    std::thread::Builder::new()
        .name("keystow-prompt".to_owned())
        .spawn(move || drop(tell.send(wait())))
        .map(drop)
        .map_err(|error| {
            let detail = format!("no thread could be started: {error}");
            KeychainError::Failed { detail }.into()
        })
}

fn gone() -> Trouble {
    KeychainError::NoDaemon {
        detail: "the keychain service went away while it showed its prompt".to_owned(),
    }
    .into()
}
