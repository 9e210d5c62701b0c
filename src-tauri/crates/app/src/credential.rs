//! What a connection hands on: where its server is, and its key, both asked for anew whenever somebody needs them. The bridge, the
//! command for headers and the one that runs a server with its key all get it here.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keystow_core::clients::Mode;
use keystow_core::keychain::{Item, Keychain, KeychainError};
use keystow_core::local::LocalWorkspace;
use keystow_core::provider::{Base, Provider, Server, Tells};
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteErrorKind, ServerSignIn, Session};
use keystow_core::{Clock, ConnectionId, KeyId, Secret};
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::handlers::{checked_base, shown};
use crate::lock;
use crate::rotation::live::{Live, Record};
use crate::rotation::switched;
use crate::session::{ALMOST_OVER_MS, REFRESH_WAIT};
use crate::store::{Connected, Store, Workspace};

/// One connection, ready to be carried.
pub struct Carried {
    keychain: Arc<dyn Keychain>,
    local: Arc<dyn LocalWorkspace>,
    proof: Arc<dyn KeyProof>,
    server_sign_in: Arc<dyn ServerSignIn>,
    clock: Arc<dyn Clock>,
    connection: ConnectionId,
    mode: Mode,
    variable: Option<String>,
    entry: Value,
    /// What it sends.
    first: Mutex<Option<Item>>,
    /// What was handed on last.
    using: Mutex<Option<Item>>,
    /// How often connections had changed their keys when this one was looked up.
    looked_at: AtomicU64,
    /// What others can see of this process.
    record: Mutex<Option<Record>>,
    /// They need not any more.
    left: AtomicBool,
    /// Rotations were under way when this connection was looked up.
    rotating: bool,
    /// The token that was handed on last, of a connection that sends one: who asks again was refused with it.
    last: Mutex<Option<Secret>>,
    data: PathBuf,
    provider: &'static Provider,
    workspace: Workspace,
    server: Server,
    client: String,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Before the workspace and the key, in the settings of the store: when a server was last noted to refuse it.
pub(crate) const REFUSED: &str = "refused/";

/// Looks a connection up: one read of the store.
///
/// # Errors
/// `input.unknown` when no such connection was written, `store.*`.
pub fn carried(app: &App, id: &str) -> Result<Carried, AppError> {
    let unknown = |what, id: String| AppError::Unknown { what, id };
    let looked_at = switched::count(&app.paths.data);
    let connected = app
        .store
        .connection(&ConnectionId::new(id))?
        .ok_or_else(|| unknown("connection", shown(id)))?;
    let workspace = app
        .store
        .workspace(&connected.workspace)?
        .ok_or_else(|| unknown("workspace", connected.workspace.to_string()))?;
    let (provider, server) = app
        .providers()
        .server(&connected.server)
        .ok_or_else(|| unknown("server", connected.server.to_string()))?;
    Ok(Carried {
        keychain: app.doors.keychain.clone(),
        local: app.doors.local.clone(),
        proof: app.doors.proof.clone(),
        server_sign_in: app.doors.server_sign_in.clone(),
        clock: app.doors.clock.clone(),
        first: Mutex::new(Some(item(&connected, server))),
        using: Mutex::default(),
        looked_at: AtomicU64::new(looked_at),
        record: Mutex::default(),
        left: AtomicBool::default(),
        rotating: !app.store.rotations_under_way()?.is_empty(),
        last: Mutex::default(),
        connection: connected.id,
        mode: connected.mode,
        variable: connected.variable,
        entry: connected.ledger.entry,
        data: app.paths.data.clone(),
        provider,
        workspace,
        server: server.clone(),
        client: connected.client.to_string(),
    })
}

/// What a connection sends.
fn item(connected: &Connected, server: &Server) -> Item {
    match connected.sends_token() {
        true => Item::Oauth(connected.workspace.clone(), server.name.clone()),
        false => Item::Key(connected.workspace.clone(), connected.key.clone()),
    }
}

impl Carried {
    /// The MCP endpoint; starts the local workspace where it is that.
    ///
    /// # Errors
    /// `local.*`, `workspace.no_organization`.
    pub fn locate(&self) -> Result<Url, AppError> {
        let base = match &self.provider.base {
            Base::Local => self.local.ensure_running()?,
            Base::Fixed { url } => url.clone(),
            Base::Asked { .. } => checked_base(&self.workspace.url)?,
        };
        let organization = self.workspace.organization.as_ref().map(|o| o.id.as_str());
        Ok(self
            .provider
            .address(&self.server.url, &base, organization)?)
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

    /// Names and values of the headers that carry the key or token, fresh from the keychain. From the second call on the connection
    /// is looked up anew, too: a client that was connected again, with another key, goes on without a restart; and a token that was
    /// handed on before is taken for refused, and refreshed.
    ///
    /// # Errors
    /// As [`Carried::key`].
    pub fn headers(&self) -> Result<Vec<(String, Secret)>, AppError> {
        Ok(self.headers_with(&self.key()?))
    }

    /// The same with a key or token that was read just now.
    pub fn headers_with(&self, key: &Secret) -> Vec<(String, Secret)> {
        let sends_token = lock_of(&self.last).is_some();
        let (header, scheme) = match sends_token {
            true => ("authorization", "Bearer"),
            false => (
                self.provider.key.header.as_str(),
                self.provider.key.scheme.as_str(),
            ),
        };
        let beside = self
            .workspace
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), Secret::new(value.clone())));
        std::iter::once((header.to_owned(), key.after_word(scheme)))
            .chain(beside)
            .collect()
    }

    /// The key itself, or an access token that is good for a while.
    ///
    /// # Errors
    /// `input.unknown` when the client was disconnected meanwhile, `key.revoked` when this computer knows that the key is gone,
    /// `server.signed_out` when the tokens are gone or no longer accepted, `keychain.*`, `store.*`.
    pub fn key(&self) -> Result<Secret, AppError> {
        match lock_of(&self.first).take() {
            Some(item @ Item::Oauth(..)) => self.token(&item),
            Some(item) => match self.keychain.get_stowed(&item) {
                Err(KeychainError::Missing { .. }) => self.read_again(),
                read => {
                    let key = read?;
                    *lock_of(&self.using) = Some(item);
                    Ok(key)
                }
            },
            None => self.read_again(),
        }
    }

    /// Whether connections have changed their keys since this one was looked up: one look at a file.
    pub fn may_have_changed(&self) -> bool {
        switched::count(&self.data) != self.looked_at.load(Ordering::Relaxed)
    }

    /// The headers, if the connection uses another key than was handed on last.
    ///
    /// # Errors
    /// As [`Carried::key`].
    pub fn headers_if_other(&self) -> Result<Option<Vec<(String, Secret)>>, AppError> {
        let count = switched::count(&self.data);
        // One that was disconnected goes on with what it has, until that is refused.
        let same = match Store::open(&self.data)?.connection(&self.connection)? {
            Some(connected) => {
                let item = item(&connected, &self.server);
                matches!(item, Item::Oauth(..)) || lock_of(&self.using).as_ref() == Some(&item)
            }
            None => true,
        };
        if same {
            self.looked_at.store(count, Ordering::Relaxed);
            return Ok(None);
        }
        let key = self.read_again()?;
        Ok(Some(self.headers_with(&key)))
    }

    /// Which key was handed on last, by its id; empty for a token.
    pub fn key_in_use(&self) -> String {
        match lock_of(&self.using).as_ref() {
            Some(Item::Key(_, key)) => key.to_string(),
            _ => String::new(),
        }
    }

    /// Whether a rotation was under way when this connection was looked up.
    pub fn is_rotating(&self) -> bool {
        self.rotating
    }

    /// Lets rotations see which key this process uses, from now until it ends: `key` as [`Carried::key_in_use`] said it, whether
    /// the server has just taken a message with it, and whether something is still under way that was sent with an earlier one.
    /// What sends a token is not seen. Not being able to write it is no reason not to serve.
    pub fn tell(&self, key: &str, accepted: bool, behind: bool) {
        if key.is_empty() {
            return;
        }
        let live = Live {
            pid: 0,
            began: 0,
            connection: self.connection.clone(),
            mode: self.mode,
            key: KeyId::new(key),
            accepted_at: accepted.then(|| self.clock.now_ms()),
            behind,
        };
        let mut record = lock_of(&self.record);
        if self.left.load(Ordering::SeqCst) {
            return;
        }
        let told = match record.as_mut() {
            Some(record) => record.write(live),
            None => Record::open(&self.data).and_then(|mut new| {
                new.write(live)?;
                *record = Some(new);
                Ok(())
            }),
        };
        if let Err(error) = told {
            tracing::warn!(%error, "rotations cannot see this program");
        }
    }

    /// The server refuses this key, as [`Carried::key_in_use`] said it. It is noted once a day for each key, so that a window can
    /// tell the person; a client tries again and again.
    pub fn refused(&self, key: &str) {
        if !key.is_empty()
            && let Err(error) = self.note_refused(&KeyId::new(key))
        {
            tracing::warn!(%error, "that a key is refused could not be noted");
        }
    }

    fn note_refused(&self, key: &KeyId) -> Result<(), AppError> {
        let store = Store::open(&self.data)?;
        let place = format!("{REFUSED}{}/{key}", self.workspace.id);
        let now = self.clock.now_ms();
        let before: Option<i64> = store.setting(&place)?.and_then(|at| at.parse().ok());
        if before.is_some_and(|at| now - at < DAY_MS) {
            return Ok(());
        }
        store.set_setting(&place, &now.to_string())?;
        let known = store.key(&self.workspace.id, key)?;
        let name = known.map_or_else(|| key.to_string(), |known| known.name);
        let text = format!(
            "{} refused key {name}, sent by {}.",
            self.server.title, self.client
        );
        Ok(store.note(now, "key.refused", &text)?)
    }

    /// This process sends nothing any more.
    pub fn leave(&self) {
        let mut record = lock_of(&self.record);
        self.left.store(true, Ordering::SeqCst);
        *record = None;
    }

    /// Leaves what was told to the program that this process becomes.
    pub fn hand_on(&self) {
        if let Some(record) = lock_of(&self.record).take() {
            record.hand_on();
        }
    }

    /// An access token: refreshed when it is over soon, or when it is the one that was handed on before. Single flight across
    /// processes; the new tokens are stowed before they are used.
    fn token(&self, item: &Item) -> Result<Secret, AppError> {
        let signed_out = || AppError::ServerSignedOut {
            server: self.server.title.clone(),
            id: self.provider.server_id(&self.server),
        };
        let stowed = || -> Result<Session, AppError> {
            let secret = self.keychain.get(item)?.ok_or_else(signed_out)?;
            Session::from_secret(&secret).ok_or_else(signed_out)
        };
        let fresh = |session: &Session| {
            let over = session
                .expires_at
                .is_some_and(|over| over - ALMOST_OVER_MS <= self.clock.now_ms());
            let refused = lock_of(&self.last)
                .as_ref()
                .is_some_and(|last| *last == session.access);
            !over && !refused
        };
        let mut session = stowed()?;
        if !fresh(&session) {
            let _lock = lock::take(
                &self.data,
                &format!("oauth-{}-{}", self.workspace.id, self.server.name),
                REFRESH_WAIT,
            )?;
            session = stowed()?;
            if !fresh(&session) {
                session = match self.server_sign_in.refresh(&self.locate()?, &session) {
                    Ok(new) => {
                        self.keychain.set(item, &new.to_secret())?;
                        new
                    }
                    Err(error)
                        if matches!(
                            error.kind,
                            RemoteErrorKind::SessionEnded | RemoteErrorKind::Unauthorised
                        ) =>
                    {
                        return Err(signed_out());
                    }
                    Err(error) => return Err(error.into()),
                };
            }
        }
        *lock_of(&self.last) = Some(session.access.duplicate());
        Ok(session.access)
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
        let headers: Vec<(String, String)> = self.workspace.headers.clone().into_iter().collect();
        let sends_token = lock_of(&self.last).is_some();
        let proof = Proof {
            url,
            kind: ProofKind::Mcp,
            header: if sends_token {
                "authorization"
            } else {
                &self.provider.key.header
            },
            scheme: if sends_token {
                "Bearer"
            } else {
                &self.provider.key.scheme
            },
            headers: &headers,
            tells: &Tells::default(),
        };
        match self.proof.prove(&proof, key) {
            Err(error) => match error.kind {
                RemoteErrorKind::Unauthorised => Err(AppError::KeyRefused { detail: None }),
                RemoteErrorKind::Forbidden { detail } => Err(AppError::KeyRefused { detail }),
                _ => Ok(()),
            },
            Ok(_) => Ok(()),
        }
    }

    fn read_again(&self) -> Result<Secret, AppError> {
        let count = switched::count(&self.data);
        let store = Store::open(&self.data)?;
        let connected = store
            .connection(&self.connection)?
            .ok_or_else(|| AppError::Unknown {
                what: "connection",
                id: self.connection.to_string(),
            })?;
        let item = item(&connected, &self.server);
        if connected.sends_token() {
            return self.token(&item);
        }
        // Connected again meanwhile, with a key in place of the token.
        *lock_of(&self.last) = None;
        let known = store.key(&connected.workspace, &connected.key)?.is_some();
        match self.keychain.get_stowed(&item) {
            // What was taken out of the keychain on purpose is not missing.
            Err(KeychainError::Missing { .. }) if !known => Err(AppError::Revoked),
            read => {
                let key = read?;
                *lock_of(&self.using) = Some(item);
                self.looked_at.store(count, Ordering::Relaxed);
                Ok(key)
            }
        }
    }

    /// Who calls, so that the provider can tell usage per client.
    pub fn user_agent(&self) -> String {
        format!("keystow/{} ({})", env!("CARGO_PKG_VERSION"), self.client)
    }
}

fn lock_of<T>(cell: &Mutex<T>) -> MutexGuard<'_, T> {
    cell.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(all(test, target_os = "linux"))]
mod tests;
