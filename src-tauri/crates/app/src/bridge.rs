//! What a bridge needs: where to send, and the key to send along, both asked for anew whenever the relay asks.

use std::path::PathBuf;
use std::sync::Arc;

use keystow_core::keychain::{Item, Keychain, KeychainError};
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::{Base, KeyStyle};
use keystow_core::{ConnectionId, KeyId, Secret, WorkspaceId};
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::handlers::{endpoint, shown};
use crate::store::Store;

/// One connection, ready to be carried.
pub struct Target {
    keychain: Arc<dyn Keychain>,
    local: Arc<dyn LocalWorkspace>,
    workspace: WorkspaceId,
    key: KeyId,
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
        workspace: connected.workspace,
        key: connected.key,
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

    /// Name and value of the header that carries the key, fresh from the keychain.
    ///
    /// # Errors
    /// `key.revoked` when this computer knows that the key is gone, `keychain.*`.
    pub fn credential(&self) -> Result<(String, Secret), AppError> {
        let item = Item::Key(self.workspace.clone(), self.key.clone());
        let secret = match self.keychain.get_stowed(&item) {
            // What was taken out of the keychain on purpose is not missing.
            Err(KeychainError::Missing { .. })
                if Store::open(&self.data)?
                    .key(&self.workspace, &self.key)?
                    .is_none() =>
            {
                return Err(AppError::Revoked);
            }
            read => read?,
        };
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
