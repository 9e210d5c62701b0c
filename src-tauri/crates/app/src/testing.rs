//! For tests that need no network: doors that lead nowhere and say so.

use keystow_core::clipboard::{ClipboardError, SecretClipboard};
use keystow_core::key::{ApiKey, CreatedKey, KeyPage, KeyQuery, NewKey};
use keystow_core::local::{LocalError, LocalWorkspace};
use keystow_core::remote::{
    Account, BrowserSignIn, KeyApi, Probe, ProbeError, Prober, RemoteError, RemoteErrorKind,
    Session, SignIn,
};
use keystow_core::{ConnectionId, KeyId, Secret, WorkspaceId};
use url::Url;

/// Every call fails with "unreachable".
pub(crate) struct Nowhere;

fn unreachable_host<T>() -> Result<T, RemoteError> {
    Err(RemoteError {
        host: "nowhere".into(),
        kind: RemoteErrorKind::Unreachable {
            detail: "a test without network".into(),
        },
        request_id: None,
    })
}

impl SignIn for Nowhere {
    fn password(&self, _: &Url, _: &str, _: &Secret) -> Result<Session, RemoteError> {
        unreachable_host()
    }
    fn browser(
        &self,
        _: &Url,
        _: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        unreachable_host()
    }
    fn open_browser(&self, _: &Url) -> Result<(), RemoteError> {
        unreachable_host()
    }
    fn open_link(&self, _: &Url) -> Result<(), RemoteError> {
        unreachable_host()
    }
    fn refresh(&self, _: &Url, _: &Session) -> Result<Session, RemoteError> {
        unreachable_host()
    }
    fn sign_out(&self, _: &Url, _: &Session) -> Result<(), RemoteError> {
        unreachable_host()
    }
    fn account(&self, _: &Url, _: &Secret) -> Result<Account, RemoteError> {
        unreachable_host()
    }
}

impl KeyApi for Nowhere {
    fn list(&self, _: &Url, _: &Secret, _: &KeyQuery) -> Result<KeyPage, RemoteError> {
        unreachable_host()
    }
    fn get(&self, _: &Url, _: &Secret, _: &KeyId) -> Result<ApiKey, RemoteError> {
        unreachable_host()
    }
    fn create(&self, _: &Url, _: &Secret, _: &NewKey) -> Result<CreatedKey, RemoteError> {
        unreachable_host()
    }
    fn rename(&self, _: &Url, _: &Secret, _: &KeyId, _: &str) -> Result<ApiKey, RemoteError> {
        unreachable_host()
    }
    fn set_paused(&self, _: &Url, _: &Secret, _: &KeyId, _: bool) -> Result<ApiKey, RemoteError> {
        unreachable_host()
    }
    fn verify(&self, _: &Url, _: &str, _: &str, _: &Secret) -> Result<(), RemoteError> {
        unreachable_host()
    }
    fn delete(&self, _: &Url, _: &Secret, _: &KeyId) -> Result<(), RemoteError> {
        unreachable_host()
    }
}

impl LocalWorkspace for Nowhere {
    fn ensure_running(&self) -> Result<Url, LocalError> {
        Err(LocalError::NotUp {
            detail: "a test without network".into(),
        })
    }
    fn running(&self) -> Result<Option<Url>, LocalError> {
        Ok(None)
    }
}

impl Prober for Nowhere {
    fn probe(&self, command: &str, _: &[String], _: u64) -> Result<Probe, ProbeError> {
        Err(ProbeError::Start {
            command: command.into(),
            detail: "a test without processes".into(),
        })
    }
    fn probe_url(&self, _: &Url, _: &str, _: u64) -> Result<Probe, ProbeError> {
        Err(ProbeError::Helper {
            detail: "was not run in a test without processes".into(),
        })
    }
}

fn no_display() -> Result<u32, ClipboardError> {
    Err(ClipboardError::Absent {
        detail: "a test without a display".into(),
    })
}

impl SecretClipboard for Nowhere {
    fn copy_key(&self, _: &WorkspaceId, _: &KeyId) -> Result<u32, ClipboardError> {
        no_display()
    }
    fn copy_link(&self, _: &ConnectionId, _: u32) -> Result<u32, ClipboardError> {
        no_display()
    }
    fn copy_text(&self, _: &str) -> Result<u32, ClipboardError> {
        no_display()
    }
}
