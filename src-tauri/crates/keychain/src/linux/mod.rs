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
