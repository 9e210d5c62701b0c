//! The Credential Manager. Entries are named `<account>.<service>` and stay on this machine (they do not roam).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use keystow_core::Secret;
use keystow_core::keychain::KeychainError;
use zeroize::{Zeroize, Zeroizing};

use crate::SERVICE;
use crate::split::{self, Blobs};
use crate::store::{Store, Until};

/// There is one per person, and nothing to find.
#[derive(Clone)]
pub(crate) struct Place;

impl Place {
    pub(crate) fn of_this_session() -> Self {
        Self
    }

    pub(crate) fn open(&self) -> Box<dyn Store> {
        Box::new(CredentialManager { store: None })
    }

    /// It is open as long as the person is logged in.
    pub(crate) fn unlock(&self, limit: Duration) -> Result<(), KeychainError> {
        self.open().check(Until::after(limit))
    }
}

struct CredentialManager {
    store: Option<Arc<windows_native_keyring_store::Store>>,
}

impl CredentialManager {
    fn blobs(&mut self) -> Result<Credentials, KeychainError> {
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => windows_native_keyring_store::Store::new().map_err(said)?,
        };
        self.store = Some(Arc::clone(&store));
        Ok(Credentials(store))
    }
}

impl Store for CredentialManager {
    fn set(&mut self, account: &str, secret: &Secret, until: Until) -> Result<(), KeychainError> {
        let mut tag = [0; 8];
        getrandom::fill(&mut tag).map_err(|error| KeychainError::Failed {
            detail: error.to_string(),
        })?;
        let blobs = self.blobs()?;
        until.check()?;
        // EXPOSE: on its way into the keychain.
        split::write(&blobs, account, secret.expose().as_bytes(), tag)
    }

    fn get(&mut self, account: &str, _: Until) -> Result<Option<Secret>, KeychainError> {
        let Some(bytes) = split::read(&self.blobs()?, account)? else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| KeychainError::Failed {
            detail: "the entry is not text".to_owned(),
        })?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    fn delete(&mut self, account: &str, until: Until) -> Result<(), KeychainError> {
        let blobs = self.blobs()?;
        until.check()?;
        split::remove(&blobs, account)
    }

    fn check(&mut self, _: Until) -> Result<(), KeychainError> {
        // Any answer will do, also that there is no such entry.
        self.blobs()?.read("state/0").map(drop)
    }
}

struct Credentials(Arc<windows_native_keyring_store::Store>);

impl Credentials {
    fn entry(&self, name: &str) -> Result<Entry, KeychainError> {
        let here = HashMap::from([("persistence", "Local")]);
        self.0.build(SERVICE, name, Some(&here)).map_err(said)
    }
}

impl Blobs for Credentials {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(said(error)),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        self.entry(name)?.set_secret(bytes).map_err(said)
    }

    fn remove(&self, name: &str) -> Result<(), KeychainError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(error)),
        }
    }
}

fn said(error: Error) -> KeychainError {
    match error {
        // No logon session, as for some services and remote shells.
        Error::NoStorageAccess(cause) => KeychainError::NoDaemon {
            detail: cause.to_string(),
        },
        // Their bytes are the secret.
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeychainError::Failed {
                detail: "the entry is not readable".to_owned(),
            }
        }
        other => KeychainError::Failed {
            detail: other.to_string(),
        },
    }
}
