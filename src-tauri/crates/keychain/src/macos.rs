//! The login keychain. macOS shows its own prompts where its access rules want one; a call that meets such a prompt times out,
//! and the next one succeeds once the person has answered.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use apple_native_keyring_store::keychain::Store as LoginKeychain;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use keystow_core::Secret;
use keystow_core::keychain::KeychainError;
use security_framework::os::macos::keychain::SecKeychain;
use zeroize::Zeroize;

use crate::SERVICE;
use crate::store::{Store, Until};

/// There is one per person, and nothing to find.
#[derive(Clone)]
pub(crate) struct Place;

impl Place {
    pub(crate) fn of_this_session() -> Self {
        Self
    }

    pub(crate) fn open(&self) -> Box<dyn Store> {
        Box::new(Login { store: None })
    }

    pub(crate) fn unlock(&self, limit: Duration) -> Result<(), KeychainError> {
        let until = Until::after(limit);
        let (tell, told) = channel();
        std::thread::Builder::new()
            .name("keystow-unlock".to_owned())
            .spawn(move || {
                let unlocked = SecKeychain::default().and_then(|mut login| login.unlock(None));
                let _ = tell.send(unlocked);
            })
            .map_err(|error| KeychainError::Failed {
                detail: format!("no thread could be started: {error}"),
            })?;
        match told.recv_timeout(until.left()) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(of_code(error.code(), error.to_string())),
            Err(_) => Err(until.timed_out()),
        }
    }
}

struct Login {
    store: Option<Arc<LoginKeychain>>,
}

impl Login {
    fn entry(&mut self, account: &str) -> Result<Entry, KeychainError> {
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => LoginKeychain::new().map_err(said)?,
        };
        self.store = Some(Arc::clone(&store));
        store.build(SERVICE, account, None).map_err(said)
    }
}

impl Store for Login {
    fn set(&mut self, account: &str, secret: &Secret, until: Until) -> Result<(), KeychainError> {
        let entry = self.entry(account)?;
        until.check()?;
        // EXPOSE: on its way into the keychain.
        entry.set_secret(secret.expose().as_bytes()).map_err(said)
    }

    fn get(&mut self, account: &str, _: Until) -> Result<Option<Secret>, KeychainError> {
        let bytes = match self.entry(account)?.get_secret() {
            Ok(bytes) => bytes,
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(said(error)),
        };
        String::from_utf8(bytes)
            .map(|text| Some(Secret::new(text)))
            .map_err(|error| {
                error.into_bytes().zeroize();
                KeychainError::Failed {
                    detail: "the entry is not text".to_owned(),
                }
            })
    }

    fn delete(&mut self, account: &str, until: Until) -> Result<(), KeychainError> {
        let entry = self.entry(account)?;
        until.check()?;
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(error)),
        }
    }

    fn check(&mut self, _: Until) -> Result<(), KeychainError> {
        // Looking for what is never there reads no secret, so nothing has to be asked for.
        match self.entry("state/0")?.get_credential() {
            Ok(_) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(error)),
        }
    }
}

fn said(error: Error) -> KeychainError {
    match error {
        Error::PlatformFailure(cause) | Error::NoStorageAccess(cause) => {
            let code = cause
                .downcast_ref::<security_framework::base::Error>()
                .map_or(0, |error| error.code());
            of_code(code, cause.to_string())
        }
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

/// Source: SecBase.h, checked 2026-11-20.
fn of_code(code: i32, detail: String) -> KeychainError {
    match code {
        // errSecInteractionNotAllowed
        -25308 => KeychainError::Locked,
        // errSecAuthFailed, userCanceledErr
        -25293 | -128 => KeychainError::PromptWaiting,
        // errSecNotAvailable, errSecNoSuchKeychain, errSecInvalidKeychain, errSecNoDefaultKeychain
        -25291 | -25294 | -25295 | -25307 => KeychainError::NoDaemon { detail },
        _ => KeychainError::Failed { detail },
    }
}
