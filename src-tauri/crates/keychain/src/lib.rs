//! The operating system's keychain, behind [`keystow_core::keychain::Keychain`]: the Secret Service on Linux, the login keychain
//! on macOS, the Credential Manager on Windows.
//!
//! This is the only crate that names a secret store. It never writes a secret anywhere else, never makes the system show a
//! prompt unless [`OsKeychain::unlock`] is called, and answers every call within three seconds. Hosts (window, CLI) make one
//! [`OsKeychain`] and hand it on; calls block, so they stay off the threads of an async runtime.

mod attendant;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(any(windows, test))]
mod split;
mod store;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(target_os = "macos")]
use macos as system;
#[cfg(windows)]
use windows as system;

use std::time::Duration;

use keystow_core::Secret;
use keystow_core::keychain::{Item, Keychain, KeychainError, KeychainState};

use attendant::Attendant;

/// The service under which all items are kept. Debug builds have their own, so that work on Keystow never touches a person's keys.
pub const SERVICE: &str = if cfg!(debug_assertions) {
    "keystow-dev"
} else {
    "keystow"
};

/// The most bytes one item takes. Sessions with large tokens stay far below; the Secret Service rewrites its whole file on every
/// change, so megabytes would make every later write slow.
pub const MAX_BYTES: usize = 64 * 1024;

/// How long a call may take.
const LIMIT: Duration = Duration::from_secs(3);

/// How long a connection that rests is kept after a call.
const REST: Duration = Duration::from_millis(50);

/// The keychain of the person who runs this process.
///
/// # Errors
/// All calls fail typed, see [`KeychainError`]. A `set` or `delete` that timed out may still have happened when the request was
/// already on its way; one that had not been sent is never sent later.
pub struct OsKeychain {
    place: system::Place,
    attendant: Attendant,
}

impl OsKeychain {
    /// The keychain of this login session. Nothing is opened before the first call, so this cannot fail.
    ///
    /// On Linux the session bus is the one that `DBUS_SESSION_BUS_ADDRESS` names or else the one at `$XDG_RUNTIME_DIR/bus`, or
    /// else at `/run/user/<uid>/bus`: AI clients start programs without most of the environment.
    pub fn new() -> Self {
        Self::at(system::Place::of_this_session(), None)
    }

    /// The same for a program that asks once and lives for hours: a moment after each call the connection is given up, and the threads
    /// that hold it. The next call connects again.
    pub fn resting() -> Self {
        Self::at(system::Place::of_this_session(), Some(REST))
    }

    /// The keychain on a given session bus, such as `unix:path=/run/user/1000/bus`.
    #[cfg(target_os = "linux")]
    pub fn on_bus(address: &str) -> Self {
        Self::at(system::Place::on_bus(address), None)
    }

    /// Begins to connect and does not wait for it: for who is going to ask soon. The keys that a session on the bus is encrypted with
    /// take most of the time of a first call.
    pub fn prepare(&self) {
        self.attendant.begin(|store, until| store.prepare(until));
    }

    fn at(place: system::Place, rest: Option<Duration>) -> Self {
        let opened = place.clone();
        Self {
            place,
            attendant: Attendant::new(LIMIT, rest, move || opened.open()),
        }
    }
}

impl OsKeychain {
    /// Calls `changed`, from another thread, whenever the keychain may have been locked, unlocked, started or ended: ask
    /// [`Keychain::state`] then, on a thread of your own. `false`: this system does not tell, or has no keychain to tell of.
    pub fn on_change(&self, changed: impl FnMut() + Send + 'static) -> bool {
        #[cfg(target_os = "linux")]
        return self
            .place
            .watch(changed)
            .inspect_err(|error| tracing::warn!(%error, "the keychain does not tell of its lock"))
            .is_ok();
        #[cfg(not(target_os = "linux"))]
        {
            drop(changed);
            false
        }
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new()
    }
}

impl Keychain for OsKeychain {
    fn set(&self, item: &Item, secret: &Secret) -> Result<(), KeychainError> {
        if secret.len() > MAX_BYTES {
            return Err(KeychainError::TooLarge {
                bytes: secret.len(),
                limit: MAX_BYTES,
            });
        }
        let (account, secret) = (item.to_string(), secret.duplicate());
        self.attendant
            .ask(move |store, until| store.set(&account, &secret, until))
    }

    fn get(&self, item: &Item) -> Result<Option<Secret>, KeychainError> {
        let account = item.to_string();
        self.attendant
            .ask(move |store, until| store.get(&account, until))
    }

    fn delete(&self, item: &Item) -> Result<(), KeychainError> {
        let account = item.to_string();
        self.attendant
            .ask(move |store, until| store.delete(&account, until))
    }

    /// Makes a keychain, too, where there is none. Other calls go on meanwhile and say [`KeychainError::PromptWaiting`].
    fn unlock(&self, timeout_ms: u64) -> Result<(), KeychainError> {
        self.place.unlock(Duration::from_millis(timeout_ms))
    }

    fn state(&self) -> KeychainState {
        match self.attendant.ask(|store, until| store.check(until)) {
            Ok(()) => KeychainState::Unlocked,
            Err(KeychainError::Locked | KeychainError::PromptWaiting) => KeychainState::Locked,
            Err(error) => KeychainState::Absent(error),
        }
    }
}
