use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use keystow_core::clipboard::SecretClipboard;
use keystow_core::key::UnixMs;
use keystow_core::keychain::Keychain;
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::{Base, Dialect, Providers, Server};
use keystow_core::remote::{BrowserSignIn, KeyApi, Prober, SignIn};
use keystow_core::{AttemptId, Cancel, Clock, Paths, PlanId};

use crate::connect::{Plan, recover};
use crate::error::AppError;
use crate::look::Disk;
use crate::own::KnownClients;
use crate::store::{Store, Workspace};
use url::Url;

/// Finds the key API of a dialect.
pub type KeyApis = Box<dyn Fn(Dialect) -> Arc<dyn KeyApi> + Send + Sync>;

type ReadClients = Box<dyn FnOnce() -> KnownClients + Send>;

/// What a host puts behind the traits of `keystow-core`.
pub struct Doors {
    /// The operating system's keychain.
    pub keychain: Arc<dyn Keychain>,
    /// Signing in and out.
    pub sign_in: Arc<dyn SignIn>,
    /// Key APIs by dialect.
    pub key_apis: KeyApis,
    /// The local workspace.
    pub local: Arc<dyn LocalWorkspace>,
    /// Runs written entries.
    pub prober: Arc<dyn Prober>,
    /// The clipboard for secrets.
    pub clipboard: Arc<dyn SecretClipboard>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// The `keystow` program that came with this host; the stable copy is made from it.
    pub program: PathBuf,
    /// What this computer is called, for the names of keys.
    pub host_name: String,
}

/// A sign-in in the browser that is under way.
pub(crate) struct Attempt {
    /// To stop it.
    pub cancel: Cancel,
    /// Taken by whoever waits for it.
    pub waiting: Option<Box<dyn BrowserSignIn>>,
    /// The provider it is for.
    pub provider: keystow_core::ProviderId,
}

/// The application: the store, the catalogues and the doors to the outside. Shared by all handlers; every call may block.
pub struct App {
    pub(crate) paths: Paths,
    pub(crate) doors: Doors,
    pub(crate) store: Store,
    pub(crate) providers: Providers,
    /// Read when they are first asked for: a bridge never does.
    pub(crate) clients: LazyLock<KnownClients, ReadClients>,
    plans: Mutex<HashMap<PlanId, Plan>>,
    attempts: Mutex<HashMap<AttemptId, Attempt>>,
}

impl App {
    /// Opens the store, making it where there is none, and finishes or rolls back what a crash left half done.
    ///
    /// # Errors
    /// `store.newer_schema`, `store.unusable`, and whatever stands in the way of a roll-back.
    pub fn open(paths: Paths, doors: Doors) -> Result<Self, AppError> {
        let paths = paths.look_at_windows(&Disk);
        let app = Self::open_without_recovery(paths, doors)?;
        recover(&app)?;
        app.expire_backups()?;
        Ok(app)
    }

    /// Opens the store and nothing else: for a bridge, which only reads and must be ready at once.
    ///
    /// # Errors
    /// `store.newer_schema`, `store.unusable`.
    pub fn open_without_recovery(paths: Paths, doors: Doors) -> Result<Self, AppError> {
        let store = Store::open(&paths.data)?;
        let own = paths.own_clients();
        Ok(Self {
            paths,
            doors,
            store,
            providers: Providers::built_in(),
            clients: LazyLock::new(Box::new(move || KnownClients::read(own))),
            plans: Mutex::default(),
            attempts: Mutex::default(),
        })
    }

    /// Where things are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The URL of an MCP server of a workspace; starts the local workspace where it is that.
    pub(crate) fn endpoint(&self, workspace: &Workspace, server: &Server) -> Result<Url, AppError> {
        match self.provider_of(workspace)?.base {
            Base::Local => {
                crate::handlers::endpoint(&self.doors.local.ensure_running()?, &server.path)
            }
        }
    }

    /// Previews that wait to be applied.
    pub(crate) fn plans(&self) -> MutexGuard<'_, HashMap<PlanId, Plan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sign-ins that wait for the browser.
    pub(crate) fn attempts(&self) -> MutexGuard<'_, HashMap<AttemptId, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> UnixMs {
        self.doors.clock.now_ms()
    }
}
