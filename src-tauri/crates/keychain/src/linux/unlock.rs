//! Asking the person, through the system's own prompt, to unlock the keychain.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use keystow_core::keychain::KeychainError;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, Value};

use super::Place;
use super::error::Trouble;
use crate::store::Until;

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";

/// What the thread that waits for the prompt tells.
enum News {
    /// The prompt is about to be shown; this is how to take it away.
    Asking(Connection, OwnedObjectPath),
    Done(Result<(), KeychainError>),
}

/// Says that no prompt is open any more, however the attempt ends.
struct Prompting(Arc<AtomicBool>);

impl Drop for Prompting {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

pub(super) fn unlock(place: &Place, limit: Duration) -> Result<(), KeychainError> {
    if place.prompting.swap(true, Ordering::AcqRel) {
        return Err(KeychainError::PromptWaiting);
    }
    let prompting = Prompting(Arc::clone(&place.prompting));
    let until = Until::after(limit);
    let (tell, news) = channel();
    let place = place.clone();
    std::thread::Builder::new()
        .name("keystow-unlock".to_owned())
        .spawn(move || {
            let _prompting = prompting;
            let outcome = ask(&place, &tell).map_err(|trouble| trouble.error);
            let _ = tell.send(News::Done(outcome));
        })
        .map_err(|error| KeychainError::Failed {
            detail: format!("no thread could be started: {error}"),
        })?;
    let mut asking = None;
    loop {
        match news.recv_timeout(until.left()) {
            Ok(News::Asking(connection, prompt)) => asking = Some((connection, prompt)),
            Ok(News::Done(outcome)) => return outcome,
            Err(RecvTimeoutError::Timeout) => {
                if let Some((connection, prompt)) = asking {
                    take_away(connection, &prompt);
                }
                return Err(until.timed_out());
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(KeychainError::Failed {
                    detail: "the keychain library panicked".to_owned(),
                });
            }
        }
    }
}

/// Asks and waits for the answer, however long that takes.
fn ask(place: &Place, tell: &Sender<News>) -> Result<(), Trouble> {
    let connection = place.connect()?;
    let service = Proxy::new(&connection, SECRETS, "/org/freedesktop/secrets", SERVICE)?;
    let default: OwnedObjectPath = service.call("ReadAlias", &("default"))?;
    let prompt: OwnedObjectPath = if default.as_str() == "/" {
        let properties = HashMap::from([(
            "org.freedesktop.Secret.Collection.Label",
            Value::from("Default keyring"),
        )]);
        let (_, prompt): (OwnedObjectPath, OwnedObjectPath) =
            service.call("CreateCollection", &(properties, "default"))?;
        prompt
    } else {
        let objects: Vec<ObjectPath<'_>> = vec![default.into()];
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            service.call("Unlock", &(objects))?;
        prompt
    };
    if prompt.as_str() == "/" {
        return Ok(());
    }
    let asking = Proxy::new(&connection, SECRETS, prompt.clone(), PROMPT)?;
    let mut answers = asking.receive_signal("Completed")?;
    let _ = tell.send(News::Asking(connection.clone(), prompt));
    asking.call::<_, _, ()>("Prompt", &(""))?;
    let answer = answers.next().ok_or(KeychainError::PromptWaiting)?;
    let (dismissed, _): (bool, Value<'_>) = answer.body().deserialize()?;
    if dismissed {
        return Err(KeychainError::PromptWaiting.into());
    }
    Ok(())
}

/// The thread above ends by this: its stream of signals ends with the connection.
fn take_away(connection: Connection, prompt: &OwnedObjectPath) {
    if let Ok(asking) = Proxy::new(&connection, SECRETS, prompt.clone(), PROMPT) {
        let _ = asking.call::<_, _, ()>("Dismiss", &());
    }
    let _ = connection.close();
}
