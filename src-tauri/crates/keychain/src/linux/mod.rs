//! The Secret Service on a session bus: gnome-keyring, KWallet, KeePassXC.
//!
//! Items carry the attributes `service` and `username`, as keyring's own store writes them, so
//! `secret-tool lookup service keystow username key/<workspace>/<key>` finds them.

mod address;
mod error;
mod secret_service_store;
mod unlock;
mod watch;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use keystow_core::keychain::KeychainError;
use zbus::blocking::{Connection, connection};

use crate::LIMIT;
use crate::store::Store;
use error::{Trouble, no_bus};
use secret_service_store::SecretServiceStore;

/// What the secret service is called on the bus, and its own object and interface there.
const SECRETS: &str = "org.freedesktop.secrets";
const SECRETS_PATH: &str = "/org/freedesktop/secrets";
const SECRETS_INTERFACE: &str = "org.freedesktop.Secret.Service";

/// Where the secret service is.
#[derive(Clone)]
pub(crate) struct Place {
    /// `None` means the bus of this session, looked up whenever a connection is made.
    address: Option<String>,
    /// Whether a prompt that we asked for is on the screen.
    prompting: Arc<AtomicBool>,
}

impl Place {
    pub(crate) fn of_this_session() -> Self {
        Self {
            address: None,
            prompting: Arc::default(),
        }
    }

    pub(crate) fn on_bus(address: &str) -> Self {
        Self {
            address: Some(address.to_owned()),
            prompting: Arc::default(),
        }
    }

    pub(crate) fn open(&self) -> Box<dyn Store> {
        Box::new(SecretServiceStore::new(self.clone()))
    }

    pub(crate) fn unlock(&self, limit: Duration) -> Result<(), KeychainError> {
        unlock::unlock(self, limit)
    }

    pub(crate) fn watch(
        &self,
        changed: impl FnMut() + Send + 'static,
    ) -> Result<(), KeychainError> {
        watch::watch(self, changed)
    }

    /// A connection that the secret service knows of.
    ///
    /// gnome-keyring (42 to 50) takes note of a new connection in a task beside the one that answers its first request, and now and
    /// then does so too late. A request that needs the note (`OpenSession`, a property) then ends the daemon, and with it the sessions
    /// of all programs (<https://gitlab.gnome.org/GNOME/gnome-keyring/-/issues/190>). This one does not: it is told that there is no
    /// such collection, at worst. Once it is answered, the note is taken.
    fn meet(&self) -> Result<Connection, Trouble> {
        let connection = self.connect()?;
        connection.call_method(
            Some(SECRETS),
            SECRETS_PATH,
            Some(SECRETS_INTERFACE),
            "ReadAlias",
            &("default"),
        )?;
        Ok(connection)
    }

    fn connect(&self) -> Result<Connection, Trouble> {
        let session;
        let address = match &self.address {
            Some(address) => address,
            None => {
                session = address::of_this_session();
                &session
            }
        };
        connection::Builder::address(address.as_str())
            .map(|builder| builder.method_timeout(LIMIT))
            .and_then(connection::Builder::build)
            .map_err(no_bus)
    }
}
