//! Which era the server is of, where that is not the client's own.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde_json::value::RawValue;
use tokio::sync::{oneshot, watch};

use crate::pending::Id;

/// The only revision of the stateless era so far.
pub(crate) const STATELESS: &str = "2026-07-28";
/// The last revision of the session era.
pub(crate) const SESSIONS: &str = "2025-11-25";
/// All revisions of the session era.
pub(crate) const SESSION_VERSIONS: &[&str] = &["2024-11-05", "2025-03-26", "2025-06-18", SESSIONS];

pub(crate) const META_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
pub(crate) const META_CLIENT: &str = "io.modelcontextprotocol/clientInfo";
pub(crate) const META_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
pub(crate) const META_LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";
pub(crate) const META_SERVER: &str = "io.modelcontextprotocol/serverInfo";
pub(crate) const META_SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// How client and server understand each other.
#[derive(Clone, Debug, Default)]
pub(crate) enum Spoken {
    /// Messages pass as they are. `true` once the server has answered one of the client's era.
    #[default]
    Plain,
    /// As before, and the server has understood the client.
    Understood,
    /// A client of the session era, a stateless server.
    Lifted(Arc<Lifted>),
    /// A stateless client, a server with sessions.
    Lowered(Arc<Lowered>),
}

/// The finding, shared by all requests.
#[derive(Debug)]
pub(crate) struct Eras {
    spoken: watch::Sender<Spoken>,
    /// Numbers for ids of the bridge's own requests.
    next: AtomicU64,
    /// What the bridge asked the client in the server's name.
    asked: Mutex<HashMap<Id, oneshot::Sender<Bytes>>>,
}

impl Eras {
    pub(crate) fn new() -> Self {
        Self {
            spoken: watch::Sender::default(),
            next: AtomicU64::new(1),
            asked: Mutex::default(),
        }
    }

    pub(crate) fn spoken(&self) -> Spoken {
        self.spoken.borrow().clone()
    }

    pub(crate) fn set(&self, spoken: Spoken) {
        self.spoken.send_replace(spoken);
    }

    pub(crate) fn changes(&self) -> watch::Receiver<Spoken> {
        self.spoken.subscribe()
    }

    /// An id that no client uses.
    pub(crate) fn own_id(&self) -> Id {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Id::of_json(format!("\"keystow-bridge-{number}\""))
    }

    /// Waits for the client's answer to a request under this id.
    pub(crate) fn ask(&self, id: Id) -> oneshot::Receiver<Bytes> {
        let (sender, answer) = oneshot::channel();
        lock(&self.asked).insert(id, sender);
        answer
    }

    pub(crate) fn forget(&self, id: &Id) {
        lock(&self.asked).remove(id);
    }

    /// Hands over an answer of the client; `false` when nobody asked.
    pub(crate) fn answered(&self, id: &Id, answer: Bytes) -> bool {
        lock(&self.asked)
            .remove(id)
            .is_some_and(|waiting| waiting.send(answer).is_ok())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What of a list the client wants to be told about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) tools: bool,
    pub(crate) prompts: bool,
    pub(crate) resources: bool,
    /// Resources subscribed to.
    pub(crate) uris: BTreeSet<String>,
    /// Counts the changes.
    pub(crate) revision: u64,
}

impl Wanted {
    pub(crate) fn is_empty(&self) -> bool {
        !self.tools && !self.prompts && !self.resources && self.uris.is_empty()
    }
}

/// What the server has said to a change of [`Wanted`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    pub(crate) revision: u64,
    /// Resources that it tells about.
    pub(crate) uris: BTreeSet<String>,
}

/// A client of the session era in front of a stateless server.
#[derive(Debug)]
pub(crate) struct Lifted {
    pub(crate) version: HeaderValue,
    /// Members of `_meta` that every request carries.
    meta: String,
    log_level: Mutex<Option<String>>,
    /// The client has said that it is ready.
    pub(crate) ready: watch::Sender<bool>,
    pub(crate) wanted: watch::Sender<Wanted>,
    pub(crate) heard: watch::Sender<Heard>,
}

impl Lifted {
    /// `client` and `capabilities` are what `initialize` said, in JSON's spelling.
    pub(crate) fn new(client: Option<&str>, capabilities: Option<&str>) -> Self {
        let capabilities = capabilities.unwrap_or("{}");
        let mut meta =
            format!(r#""{META_VERSION}":"{STATELESS}","{META_CAPABILITIES}":{capabilities}"#);
        if let Some(client) = client {
            meta.push_str(&format!(r#","{META_CLIENT}":{client}"#));
        }
        Self {
            version: HeaderValue::from_static(STATELESS),
            meta,
            log_level: Mutex::default(),
            ready: watch::Sender::new(false),
            wanted: watch::Sender::default(),
            heard: watch::Sender::default(),
        }
    }

    /// Members of `_meta`, as they are now.
    pub(crate) fn meta(&self) -> String {
        match &*lock(&self.log_level) {
            Some(level) => format!(r#"{},"{META_LOG_LEVEL}":{level}"#, self.meta),
            None => self.meta.clone(),
        }
    }

    /// The level of messages the client wants to see, in JSON's spelling.
    pub(crate) fn set_log_level(&self, level: &RawValue) {
        *lock(&self.log_level) = Some(level.get().to_owned());
    }
}

/// A stateless client in front of a server with sessions.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// `capabilities`, `serverInfo` and `instructions` of the server, in JSON's spelling.
    pub(crate) capabilities: String,
    pub(crate) server: Option<String>,
    pub(crate) instructions: Option<String>,
    /// Ever since the client asked for the server's own messages.
    pub(crate) logs: AtomicBool,
    pub(crate) log_level: tokio::sync::Mutex<Option<String>>,
    listeners: Mutex<Vec<Listener>>,
    parked: Mutex<HashMap<String, Parked>>,
    /// Questions of the server that wait until the one before is answered, by the request they are about.
    questions: Mutex<HashMap<Id, VecDeque<Bytes>>>,
}

/// A `subscriptions/listen` of the client.
#[derive(Clone, Debug)]
pub(crate) struct Listener {
    pub(crate) id: Id,
    pub(crate) wanted: Wanted,
}

/// A request that the client has to ask again, with the answer to a question.
#[derive(Clone, Debug)]
pub(crate) struct Parked {
    pub(crate) request: Id,
    /// The id of the server's question.
    pub(crate) question: Id,
}

impl Lowered {
    pub(crate) fn new(
        capabilities: String,
        server: Option<String>,
        instructions: Option<String>,
    ) -> Self {
        Self {
            capabilities,
            server,
            instructions,
            logs: AtomicBool::new(false),
            log_level: tokio::sync::Mutex::default(),
            listeners: Mutex::default(),
            parked: Mutex::default(),
            questions: Mutex::default(),
        }
    }

    pub(crate) fn listen(&self, listener: Listener) {
        lock(&self.listeners).push(listener);
    }

    pub(crate) fn unlisten(&self, id: &Id) -> Option<Listener> {
        let mut listeners = lock(&self.listeners);
        let at = listeners.iter().position(|listener| &listener.id == id)?;
        Some(listeners.swap_remove(at))
    }

    pub(crate) fn listeners(&self) -> Vec<Listener> {
        lock(&self.listeners).clone()
    }

    /// Notes a question; `true` when it is the only one about this request.
    pub(crate) fn question(&self, request: &Id, question: Bytes) -> bool {
        let mut questions = lock(&self.questions);
        let queue = questions.entry(request.clone()).or_default();
        queue.push_back(question);
        queue.len() == 1
    }

    /// The question that this request waits with.
    pub(crate) fn question_of(&self, request: &Id) -> Option<Bytes> {
        lock(&self.questions).get(request)?.front().cloned()
    }

    /// The question before is answered: the next one, if any.
    pub(crate) fn next_question(&self, request: &Id) -> Option<Bytes> {
        let mut questions = lock(&self.questions);
        let queue = questions.get_mut(request)?;
        queue.pop_front();
        match queue.front() {
            Some(question) => Some(question.clone()),
            None => {
                questions.remove(request);
                None
            }
        }
    }

    /// The request is over.
    pub(crate) fn over(&self, request: &Id) {
        lock(&self.questions).remove(request);
        lock(&self.parked).retain(|_, parked| &parked.request != request);
    }

    pub(crate) fn park(&self, token: String, parked: Parked) {
        lock(&self.parked).insert(token, parked);
    }

    pub(crate) fn unpark(&self, token: &str) -> Option<Parked> {
        lock(&self.parked).remove(token)
    }
}
