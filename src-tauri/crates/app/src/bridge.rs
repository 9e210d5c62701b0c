//! What a bridge needs: where to send, and the key to send along, both asked for anew whenever the relay asks.

use std::sync::Arc;

use keystow_core::keychain::{Item, Keychain};
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::{Base, KeyStyle};
use keystow_core::{ConnectionId, Secret};
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::handlers::{endpoint, shown};

/// One connection, ready to be carried.
pub struct Target {
    keychain: Arc<dyn Keychain>,
    local: Arc<dyn LocalWorkspace>,
    key: Item,
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
        key: Item::Key(connected.workspace, connected.key),
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

    /// Name and value of the header that carries the key, fresh from the keychain.
    ///
    /// # Errors
    /// `keychain.*`.
    pub fn credential(&self) -> Result<(String, Secret), AppError> {
        let secret = self.keychain.get_stowed(&self.key)?;
        Ok((
            self.style.header.clone(),
            secret.after_word(&self.style.scheme),
        ))
    }

    /// Who calls, so that the provider can tell usage per client.
    pub fn user_agent(&self) -> String {
        format!("keystow/{} ({})", env!("CARGO_PKG_VERSION"), self.client)
    }
}
