use std::collections::HashMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use keystow_core::clipboard::SecretClipboard;
use keystow_core::key::UnixMs;
use keystow_core::keychain::Keychain;
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::Server;
use keystow_core::remote::{
    BrowserSignIn, DeviceSignIn, Dialects, KeyProof, Opener, Prober, ServerSignIn,
};
use keystow_core::{AttemptId, Cancel, Clock, Paths, PlanId, ProviderId, Secret, WorkspaceId};

use crate::bell::Bell;
use crate::connect::{Plan, recover};
use crate::error::AppError;
use crate::look::Disk;
use crate::own::{KnownClients, KnownProviders};
use crate::reach::Reach;
use crate::store::{Store, Workspace};
use url::Url;

/// How a host ends.
type Quit = Box<dyn Fn() + Send + Sync>;

/// What a host puts behind the traits of `keystow-core`.
pub struct Doors {
    /// The operating system's keychain.
    pub keychain: Arc<dyn Keychain>,
    /// Sign-in and key APIs by dialect.
    pub dialects: Arc<dyn Dialects>,
    /// Signing in to MCP servers themselves.
    pub server_sign_in: Arc<dyn ServerSignIn>,
    /// Shows keys to their products.
    pub proof: Arc<dyn KeyProof>,
    /// Opens pages and links.
    pub opener: Arc<dyn Opener>,
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

/// A sign-in that is under way.
pub(crate) struct Attempt {
    /// To stop it.
    pub cancel: Cancel,
    /// Taken by whoever goes on with it.
    pub step: Option<Step>,
    /// What it is for.
    pub place: Place,
    /// The page it waits for, where it waits for one.
    pub page: Option<Url>,
}

/// What a sign-in waits for.
pub(crate) enum Step {
    /// The browser.
    Browser(Box<dyn BrowserSignIn>),
    /// Another screen.
    Device(Box<dyn DeviceSignIn>),
    /// A one-time code; this stands for the password.
    Code(Secret),
}

/// What a sign-in is for.
#[derive(Clone)]
pub(crate) enum Place {
    /// A workspace of a provider.
    Workspace { provider: ProviderId, base: Url },
    /// An MCP server of a workspace, by its name.
    Server {
        workspace: WorkspaceId,
        server: String,
    },
}

/// Every client. Read when they are first asked for, which a bridge never does, and again after the person changed a file of theirs;
/// what was handed out stays good, so each reading stays in memory.
pub(crate) struct ClientsThereAre {
    own: PathBuf,
    known: Mutex<Option<&'static KnownClients>>,
}

impl ClientsThereAre {
    fn in_directory(own: PathBuf) -> Self {
        Self {
            own,
            known: Mutex::default(),
        }
    }

    /// The person changed a file.
    pub fn read_again(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Deref for ClientsThereAre {
    type Target = KnownClients;

    fn deref(&self) -> &KnownClients {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_with(|| Box::leak(Box::new(KnownClients::read(self.own.clone()))))
    }
}

/// The application: the store, the catalogues and the doors to the outside. Shared by all handlers; every call may block.
pub struct App {
    pub(crate) paths: Paths,
    pub(crate) doors: Doors,
    pub(crate) store: Store,
    providers: Mutex<Option<&'static KnownProviders>>,
    pub(crate) clients: ClientsThereAre,
    /// Rings when a rotation may have something to do.
    pub(crate) rotations_stirred: Bell,
    pub(crate) reach: Reach,
    plans: Mutex<HashMap<PlanId, Plan>>,
    attempts: Mutex<HashMap<AttemptId, Attempt>>,
    waiting_link: Mutex<Option<String>>,
    quit: OnceLock<Quit>,
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
            providers: Mutex::default(),
            clients: ClientsThereAre::in_directory(own),
            rotations_stirred: Bell::default(),
            reach: Reach::default(),
            plans: Mutex::default(),
            attempts: Mutex::default(),
            waiting_link: Mutex::default(),
            quit: OnceLock::new(),
        })
    }

    /// Where things are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Every provider. Read when they are first asked for, and again after the person added one; what was handed out stays good, so
    /// each reading stays in memory.
    pub(crate) fn providers(&self) -> &'static KnownProviders {
        let mut known = self
            .providers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_with(|| {
            Box::leak(Box::new(KnownProviders::read(self.paths.own_providers())))
        })
    }

    /// The person added a provider.
    pub(crate) fn read_providers_again(&self) {
        *self
            .providers
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The URL of an MCP server of a workspace; starts the local workspace where it is that.
    pub(crate) fn endpoint(&self, workspace: &Workspace, server: &Server) -> Result<Url, AppError> {
        let base = self.base_of(workspace)?;
        let organization = workspace.organization.as_ref().map(|o| o.id.as_str());
        let provider = self.provider_of(workspace)?;
        Ok(provider.address(&server.url, &base, organization)?)
    }

    /// Previews that wait to be applied.
    pub(crate) fn plans(&self) -> MutexGuard<'_, HashMap<PlanId, Plan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sign-ins that wait for the browser.
    pub(crate) fn attempts(&self) -> MutexGuard<'_, HashMap<AttemptId, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A link from outside that nobody has looked at yet.
    pub(crate) fn waiting_link(&self) -> MutexGuard<'_, Option<String>> {
        self.waiting_link
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how this host ends when the person asks for it.
    pub fn on_quit(&self, quit: impl Fn() + Send + Sync + 'static) {
        // A host says so once.
        let _ = self.quit.set(Box::new(quit));
    }

    pub(crate) fn quit(&self) {
        if let Some(quit) = self.quit.get() {
            quit();
        }
    }

    pub(crate) fn now(&self) -> UnixMs {
        self.doors.clock.now_ms()
    }
}
