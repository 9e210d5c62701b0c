//! For tests that need no network: doors that lead nowhere and say so.

use std::sync::Arc;

use keystow_core::Clock;
use keystow_core::clipboard::{ClipboardError, SecretClipboard};
use keystow_core::key::{ApiKey, KeyFacts, KeyPage, KeyQuery, KeyStatus, UnixMs};
use keystow_core::local::{LocalError, LocalWorkspace};
use keystow_core::provider::{Capability, Dialect};
use keystow_core::remote::{
    Account, BrowserSignIn, Caller, DeviceSignIn, Dialects, KeyApi, KeyProof, Opener, Organization,
    PasswordAnswer, Probe, ProbeError, Prober, Proof, RemoteError, RemoteErrorKind, ServerSignIn,
    Session, SignIn,
};
use keystow_core::{ConnectionId, KeyId, ProviderId, Secret, WorkspaceId};
use keystow_keychain::OsKeychain;
use keystow_testkit::World;
use url::Url;

use crate::app::{App, Doors};
use crate::store::Workspace;

/// A clock that stands still.
struct Noon;

impl Clock for Noon {
    fn now_ms(&self) -> UnixMs {
        1_800_000_000_000
    }
}

/// An application in a world, with doors that lead nowhere but to the keychain.
pub(crate) fn app(world: &World) -> App {
    let nowhere = Arc::new(Nowhere);
    let doors = Doors {
        keychain: Arc::new(OsKeychain::on_bus(world.bus_address())),
        dialects: nowhere.clone(),
        server_sign_in: nowhere.clone(),
        proof: nowhere.clone(),
        opener: nowhere.clone(),
        local: nowhere.clone(),
        prober: nowhere.clone(),
        clipboard: nowhere,
        clock: Arc::new(Noon),
        program: world.home().join("keystow-program"),
        host_name: "mira".into(),
    };
    App::open_without_recovery(world.paths(), doors).expect("a store can be made in a world")
}

/// A workspace that is signed in.
pub(crate) fn workspace(id: &str) -> Workspace {
    Workspace {
        id: WorkspaceId::new(id),
        provider: ProviderId::new("adlyse"),
        name: "Acme".into(),
        login: String::new(),
        organization: None,
        url: "https://example.com/".into(),
        signed_in: true,
        current: true,
        created_at: 1,
        headers: std::collections::BTreeMap::new(),
        expires_at: None,
    }
}

/// A key as a provider tells it.
pub(crate) fn key(id: &str, name: &str) -> ApiKey {
    ApiKey {
        id: KeyId::new(id),
        name: name.into(),
        masked: "••••".into(),
        status: KeyStatus::Enabled,
        scopes: vec![],
        read_only: false,
        preset: None,
        tools: vec![],
        created_at: None,
        expires_at: None,
        last_used_at: None,
        requests: None,
        mcp_permissions: vec![],
        projects: vec![],
        instances: vec![],
        reconnect: None,
        owner: None,
        budget: None,
    }
}

/// Every call fails with "unreachable".
pub(crate) struct Nowhere;

fn unreachable_host<T>() -> Result<T, RemoteError> {
    Err(RemoteError {
        host: "nowhere".into(),
        kind: RemoteErrorKind::Unreachable {
            detail: "a test without network".into(),
        },
        request_id: None,
        code: None,
    })
}

impl Dialects for Nowhere {
    fn key_api(&self, _: Dialect) -> Option<Arc<dyn KeyApi>> {
        Some(Arc::new(Self))
    }
    fn sign_in(&self, _: Dialect) -> Option<Arc<dyn SignIn>> {
        Some(Arc::new(Self))
    }
}

impl SignIn for Nowhere {
    fn password(&self, _: &Url, _: &str, _: &Secret) -> Result<PasswordAnswer, RemoteError> {
        unreachable_host()
    }
    fn second_factor(&self, _: &Url, _: &Secret, _: &Secret) -> Result<Session, RemoteError> {
        unreachable_host()
    }
    fn browser(
        &self,
        _: &Url,
        _: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        unreachable_host()
    }
    fn device(&self, _: &Url, _: &str) -> Result<Box<dyn DeviceSignIn>, RemoteError> {
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
    fn organizations(&self, _: &Url, _: &Secret) -> Result<Vec<Organization>, RemoteError> {
        unreachable_host()
    }
    fn choose_organization(
        &self,
        _: &Url,
        _: &Session,
        _: &str,
    ) -> Result<Option<Session>, RemoteError> {
        unreachable_host()
    }
}

impl ServerSignIn for Nowhere {
    fn begin(
        &self,
        _: &Url,
        _: Option<&str>,
        _: &[String],
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        unreachable_host()
    }
    fn refresh(&self, _: &Url, _: &Session) -> Result<Session, RemoteError> {
        unreachable_host()
    }
    fn revoke(&self, _: &Url, _: &Session) -> Result<(), RemoteError> {
        unreachable_host()
    }
}

impl Opener for Nowhere {
    fn open_browser(&self, _: &Url) -> Result<(), RemoteError> {
        unreachable_host()
    }
    fn open_link(&self, _: &Url) -> Result<(), RemoteError> {
        unreachable_host()
    }
    fn open_folder(&self, _: &std::path::Path) -> Result<(), RemoteError> {
        unreachable_host()
    }
}

impl KeyProof for Nowhere {
    fn prove(&self, _: &Proof<'_>, _: &Secret) -> Result<KeyFacts, RemoteError> {
        unreachable_host()
    }
}

impl KeyApi for Nowhere {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }
    fn list(&self, _: &Caller<'_>, _: &KeyQuery) -> Result<KeyPage, RemoteError> {
        unreachable_host()
    }
    fn get(&self, _: &Caller<'_>, _: &KeyId) -> Result<ApiKey, RemoteError> {
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
    fn stop(&self) -> Result<(), LocalError> {
        Ok(())
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
    fn copy_key(&self, _: &WorkspaceId, _: &KeyId, _: u32) -> Result<u32, ClipboardError> {
        no_display()
    }
    fn copy_link(&self, _: &ConnectionId, _: u32, _: u32) -> Result<u32, ClipboardError> {
        no_display()
    }
    fn take(&self) -> Result<Secret, ClipboardError> {
        Err(ClipboardError::Nothing)
    }
    fn copy_text(&self, _: &str) -> Result<u32, ClipboardError> {
        no_display()
    }
}
