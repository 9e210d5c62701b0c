//! What a bridge needs: where to send, and the key to send along, both asked for anew whenever the relay asks.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use keystow_core::keychain::{Item, Keychain, KeychainError};
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::{Base, KeyStyle};
use keystow_core::{ConnectionId, Secret};
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::handlers::{endpoint, shown};
use crate::store::Store;

/// One connection, ready to be carried.
pub struct Target {
    keychain: Arc<dyn Keychain>,
    local: Arc<dyn LocalWorkspace>,
    connection: ConnectionId,
    /// The key as it was looked up, until it was read once.
    first: Mutex<Option<Item>>,
    data: PathBuf,
    style: KeyStyle,
    base: Base,
    path: String,
    client: String,
}

/// Looks a connection up: one read of the store.
///
/// # Errors
/// `input.unknown` when no such connection was written, `store.*`.
pub fn target(app: &App, id: &str) -> Result<Target, AppError> {
    let connected = app
        .store
        .connection(&ConnectionId::new(id))?
        .ok_or_else(|| AppError::Unknown {
            what: "connection",
            id: shown(id),
        })?;
    let (provider, server) =
        app.providers
            .server(&connected.server)
            .ok_or_else(|| AppError::Unknown {
                what: "server",
                id: connected.server.to_string(),
            })?;
    Ok(Target {
        keychain: app.doors.keychain.clone(),
        local: app.doors.local.clone(),
        connection: connected.id,
        first: Mutex::new(Some(Item::Key(connected.workspace, connected.key))),
        data: app.paths.data.clone(),
        style: provider.key.clone(),
        base: provider.base.clone(),
        path: server.path.clone(),
        client: connected.client.to_string(),
    })
}

impl Target {
    /// The MCP endpoint; starts the local workspace where it is that.
    ///
    /// # Errors
    /// `local.*`.
    pub fn locate(&self) -> Result<Url, AppError> {
        match self.base {
            Base::Local => endpoint(&self.local.ensure_running()?, &self.path),
        }
    }

    /// Name and value of the header that carries the key, fresh from the keychain. From the second call on the connection is looked
    /// up anew, too: a client that was connected again, with another key, goes on without a restart.
    ///
    /// # Errors
    /// `input.unknown` when the client was disconnected meanwhile, `key.revoked` when this computer knows that the key is gone,
    /// `keychain.*`, `store.*`.
    pub fn credential(&self) -> Result<(String, Secret), AppError> {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let secret = match first {
            Some(item) => match self.keychain.get_stowed(&item) {
                Err(KeychainError::Missing { .. }) => self.read_again()?,
                read => read?,
            },
            None => self.read_again()?,
        };
        Ok((
            self.style.header.clone(),
            secret.after_word(&self.style.scheme),
        ))
    }

    fn read_again(&self) -> Result<Secret, AppError> {
        let store = Store::open(&self.data)?;
        let connected = store
            .connection(&self.connection)?
            .ok_or_else(|| AppError::Unknown {
                what: "connection",
                id: self.connection.to_string(),
            })?;
        let known = store.key(&connected.workspace, &connected.key)?.is_some();
        match self
            .keychain
            .get_stowed(&Item::Key(connected.workspace, connected.key))
        {
            // What was taken out of the keychain on purpose is not missing.
            Err(KeychainError::Missing { .. }) if !known => Err(AppError::Revoked),
            read => Ok(read?),
        }
    }

    /// Who calls, so that the provider can tell usage per client.
    pub fn user_agent(&self) -> String {
        format!("keystow/{} ({})", env!("CARGO_PKG_VERSION"), self.client)
    }
}
