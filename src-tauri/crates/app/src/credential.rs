//! What a connection hands on: where its server is, and its key, both asked for anew whenever somebody needs them. The bridge, the
//! command for headers and the one that runs a server with its key all get it here.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use keystow_core::clients::Mode;
use keystow_core::keychain::{Item, Keychain, KeychainError};
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::{Base, KeyStyle};
use keystow_core::remote::{KeyApi, RemoteErrorKind};
use keystow_core::{ConnectionId, Secret};
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::handlers::{endpoint, shown};
use crate::store::Store;

/// One connection, ready to be carried.
pub struct Carried {
    keychain: Arc<dyn Keychain>,
    local: Arc<dyn LocalWorkspace>,
    keys: Arc<dyn KeyApi>,
    connection: ConnectionId,
    mode: Mode,
    variable: Option<String>,
    entry: Value,
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
pub fn carried(app: &App, id: &str) -> Result<Carried, AppError> {
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
    Ok(Carried {
        keychain: app.doors.keychain.clone(),
        local: app.doors.local.clone(),
        keys: app.key_api(provider),
        connection: connected.id,
        mode: connected.mode,
        variable: connected.variable,
        entry: connected.ledger.entry,
        first: Mutex::new(Some(Item::Key(connected.workspace, connected.key))),
        data: app.paths.data.clone(),
        style: provider.key.clone(),
        base: provider.base.clone(),
        path: server.path.clone(),
        client: connected.client.to_string(),
    })
}

impl Carried {
    /// The MCP endpoint; starts the local workspace where it is that.
    ///
    /// # Errors
    /// `local.*`.
    pub fn locate(&self) -> Result<Url, AppError> {
        match self.base {
            Base::Local => endpoint(&self.local.ensure_running()?, &self.path),
        }
    }

    /// The same for a client that speaks HTTP to the URL that was written into its settings.
    ///
    /// # Errors
    /// `connection.moved` when the server is elsewhere now: whoever listens at the old place must not get the key. `local.*`.
    pub fn locate_written(&self) -> Result<Url, AppError> {
        let url = self.locate()?;
        if self.mode == Mode::Helper && !holds(&self.entry, url.as_str()) {
            return Err(AppError::Moved {
                url: url.to_string(),
            });
        }
        Ok(url)
    }

    /// Names and values of the headers that carry the key, fresh from the keychain. From the second call on the connection is
    /// looked up anew, too: a client that was connected again, with another key, goes on without a restart.
    ///
    /// # Errors
    /// As [`Carried::key`].
    pub fn headers(&self) -> Result<Vec<(String, Secret)>, AppError> {
        Ok(self.headers_with(&self.key()?))
    }

    /// The same with a key that was read just now.
    pub fn headers_with(&self, key: &Secret) -> Vec<(String, Secret)> {
        let value = key.after_word(&self.style.scheme);
        vec![(self.style.header.clone(), value)]
    }

    /// The key itself.
    ///
    /// # Errors
    /// `input.unknown` when the client was disconnected meanwhile, `key.revoked` when this computer knows that the key is gone,
    /// `keychain.*`, `store.*`.
    pub fn key(&self) -> Result<Secret, AppError> {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match first {
            Some(item) => match self.keychain.get_stowed(&item) {
                Err(KeychainError::Missing { .. }) => self.read_again(),
                read => Ok(read?),
            },
            None => self.read_again(),
        }
    }

    /// The variable that takes the key, of a connection whose entry runs `keystow exec`.
    ///
    /// # Errors
    /// `input.invalid` for all others.
    pub fn variable(&self) -> Result<&str, AppError> {
        match (self.mode, &self.variable) {
            (Mode::Exec, Some(variable)) => Ok(variable),
            _ => Err(AppError::Invalid {
                reason: format!(
                    "connection {} is of mode {}, and only one of mode exec runs a command",
                    self.connection,
                    self.mode.as_str()
                ),
            }),
        }
    }

    /// Whether the server takes the key: one handshake. A server that cannot be asked right now is given the benefit of the doubt.
    ///
    /// # Errors
    /// `key.refused` when it says that it does not.
    pub fn ask_whether_taken(&self, url: &Url, key: &Secret) -> Result<(), AppError> {
        let (header, scheme) = (&self.style.header, &self.style.scheme);
        match self.keys.verify(url, header, scheme, key) {
            Err(error) => match error.kind {
                RemoteErrorKind::Unauthorised => Err(AppError::KeyRefused { detail: None }),
                RemoteErrorKind::Forbidden { detail } => Err(AppError::KeyRefused { detail }),
                _ => Ok(()),
            },
            Ok(()) => Ok(()),
        }
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

/// Whether a string stands anywhere in a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(map) => map.values().any(|item| holds(item, text)),
        _ => false,
    }
}
