//! What has been agreed with the server: in the session era a session id and a version, in the stateless era only the version
//! that the client itself sends along.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use reqwest::header::HeaderValue;
use tokio::sync::watch;

use crate::peek::{peek, text};
use crate::pending::Id;

/// The session as one request sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// Which session this is; 0 before the first.
    pub(crate) generation: u64,
    /// `Mcp-Session-Id`, where the server keeps sessions.
    pub(crate) id: Option<HeaderValue>,
    /// `MCP-Protocol-Version`, as negotiated.
    pub(crate) version: Option<HeaderValue>,
}

/// The client's own handshake, to repeat when the server lost the session.
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    pub(crate) id: Id,
    pub(crate) initialize: Bytes,
    pub(crate) initialized: Option<Bytes>,
}

#[derive(Debug, Default)]
struct State {
    session: Snapshot,
    handshake: Option<Handshake>,
    /// Requests to repeat in a later session, by what they are about.
    standing: BTreeMap<String, Bytes>,
    /// What a client of the stateless era last sent as its version.
    stateless: Option<HeaderValue>,
}

/// The state shared by all requests.
#[derive(Debug)]
pub(crate) struct Session {
    state: Mutex<State>,
    /// Held while a lost session is made anew.
    pub(crate) renewing: tokio::sync::Mutex<()>,
    /// The generation whose handshake is complete.
    ready: watch::Sender<u64>,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
            renewing: tokio::sync::Mutex::new(()),
            ready: watch::Sender::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.state().session.clone()
    }

    /// The client asks for a session: whatever was agreed before is over.
    pub(crate) fn ask(&self, id: Id, initialize: &Bytes) {
        let mut state = self.state();
        state.stateless = None;
        state.session.id = None;
        state.session.version = None;
        state.standing.clear();
        state.handshake = Some(Handshake {
            id,
            // A copy, so that the buffer it was read into can go.
            initialize: Bytes::copy_from_slice(initialize),
            initialized: None,
        });
    }

    /// The session after this one, not yet in use.
    pub(crate) fn next(&self, id: Option<HeaderValue>, version: Option<HeaderValue>) -> Snapshot {
        Snapshot {
            generation: self.state().session.generation + 1,
            id,
            version,
        }
    }

    /// From now on requests belong to this session.
    pub(crate) fn publish(&self, session: Snapshot) {
        self.state().session = session;
    }

    /// The client's own `notifications/initialized`, to repeat in a later session.
    pub(crate) fn note_initialized(&self, body: &Bytes) {
        if let Some(handshake) = &mut self.state().handshake {
            handshake.initialized = Some(Bytes::copy_from_slice(body));
        }
    }

    /// The client asked for no session after all.
    pub(crate) fn withdraw(&self) {
        self.state().handshake = None;
    }

    /// A request whose effect lasts as long as the session has been granted.
    pub(crate) fn note_standing(&self, request: &[u8]) {
        let Ok(seen) = peek(request) else {
            return;
        };
        let about = seen.params.uri.and_then(text).unwrap_or_default();
        let mut state = self.state();
        if seen.method.as_deref() == Some("resources/unsubscribe") {
            state.standing.remove(about.as_ref());
        } else {
            let request = Bytes::copy_from_slice(request);
            state.standing.insert(about.into_owned(), request);
        }
    }

    pub(crate) fn standing(&self) -> Vec<Bytes> {
        self.state().standing.values().cloned().collect()
    }

    pub(crate) fn handshake(&self) -> Option<Handshake> {
        self.state().handshake.clone()
    }

    /// The handshake of `generation` is complete: its stream may be opened.
    pub(crate) fn set_ready(&self, generation: u64) {
        self.ready.send_replace(generation);
    }

    pub(crate) fn ready(&self) -> watch::Receiver<u64> {
        self.ready.subscribe()
    }

    /// A request of the stateless era came by.
    pub(crate) fn note_stateless(&self, version: &HeaderValue) {
        let mut state = self.state();
        if state.stateless.as_ref() != Some(version) {
            state.stateless = Some(version.clone());
        }
    }

    /// The version for messages that do not say one, where the client is of the stateless era.
    pub(crate) fn stateless_version(&self) -> Option<HeaderValue> {
        let state = self.state();
        if state.handshake.is_some() {
            return None;
        }
        state.stateless.clone()
    }
}
