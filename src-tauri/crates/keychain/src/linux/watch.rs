//! Being told when the keychain is locked, unlocked, started or ended.

use std::collections::HashMap;

use keystow_core::keychain::KeychainError;
use zbus::blocking::MessageIterator;
use zbus::blocking::fdo::DBusProxy;
use zbus::message::Type;
use zbus::zvariant::OwnedValue;
use zbus::{MatchRule, Message};

use super::error::Trouble;
use super::{Place, SECRETS, SECRETS_INTERFACE, SECRETS_PATH};

const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const BUS: &str = "org.freedesktop.DBus";

/// Calls `changed` from a thread of its own whenever something was said on the bus that may mean another state, until the bus
/// goes away. Costs nothing while nothing is said.
pub(super) fn watch(
    place: &Place,
    mut changed: impl FnMut() + Send + 'static,
) -> Result<(), KeychainError> {
    let signals = listen(place).map_err(|trouble| trouble.error)?;
    let wait = move || {
        for message in signals {
            match message {
                Ok(message) if matters(&message) => changed(),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        // The bus went, and the keychain with it.
        changed();
    };
    std::thread::Builder::new()
        .name("keystow-keychain-watch".to_owned())
        .spawn(wait)
        .map(drop)
        .map_err(|error| KeychainError::Failed {
            detail: format!("no thread could be started: {error}"),
        })
}

fn listen(place: &Place) -> Result<MessageIterator, Trouble> {
    let connection = place.connect()?;
    let bus = DBusProxy::new(&connection)?;
    let signal = || MatchRule::builder().msg_type(Type::Signal);
    let rules = [
        signal().interface(SECRETS_INTERFACE)?,
        signal()
            .interface(PROPERTIES)?
            .path_namespace(SECRETS_PATH)?
            .add_arg(COLLECTION)?,
        signal()
            .interface(BUS)?
            .member("NameOwnerChanged")?
            .add_arg(SECRETS)?,
    ];
    // Before it is asked for, so that nothing is missed.
    let signals = MessageIterator::from(&connection);
    for rule in rules {
        bus.add_match_rule(rule.build())
            .map_err(zbus::Error::from)?;
    }
    Ok(signals)
}

/// Whether a signal may mean another state. Items that come and go do not.
fn matters(message: &Message) -> bool {
    let header = message.header();
    let interface = header.interface().map(|name| name.as_str());
    match interface {
        Some(SECRETS_INTERFACE) => true,
        Some(PROPERTIES) => message
            .body()
            .deserialize::<(String, HashMap<String, OwnedValue>, Vec<String>)>()
            .is_ok_and(|(_, changed, _)| changed.contains_key("Locked")),
        Some(BUS) => header
            .member()
            .is_some_and(|member| member.as_str() == "NameOwnerChanged"),
        _ => false,
    }
}
