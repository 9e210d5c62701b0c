//! A message of the client as it is sent on: its own bytes, and what has to stand in headers.

use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue};

use crate::headers;
use crate::params::ParamHeaders;
use crate::peek::{Peek, is_batch, peek, peek_batch, text};
use crate::pending::{Entry, Id};
use crate::session::{Session, Snapshot};

/// Methods that may be sent again when it is not known whether the server has seen them: they read, or set what is already set.
const REPEATABLE: &[&str] = &[
    "completion/complete",
    "initialize",
    "logging/setLevel",
    "ping",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/subscribe",
    "resources/templates/list",
    "resources/unsubscribe",
    "server/discover",
    "tasks/get",
    "tasks/list",
    "tools/list",
];

/// Methods whose effect lasts as long as the session, so that they are repeated in the next one.
pub(crate) const STANDING: &[&str] = &[
    "logging/setLevel",
    "resources/subscribe",
    "resources/unsubscribe",
];

/// What kind of message it is, as far as relaying differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Initialize,
    Initialized,
    Request,
    Notification,
    /// An answer to a request of the server.
    Reply,
    Batch,
}

/// How a message of one era goes to a server of the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As it is: client and server are of the same era.
    #[default]
    Plain,
    /// From the session era to a stateless server.
    Lifted,
    /// From the stateless era to a server with sessions.
    Lowered,
}

/// A message on its way to the server.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Exactly what the client wrote, unless it goes to a server of the other era.
    pub(crate) body: Bytes,
    pub(crate) kind: Kind,
    /// For logs.
    pub(crate) method: String,
    /// The requests in it: none, one, or those of a batch.
    pub(crate) ids: Vec<Id>,
    /// May be sent twice.
    pub(crate) repeatable: bool,
    /// A tool call, which may take long.
    pub(crate) patient: bool,
    /// The version of a message of the stateless era.
    pub(crate) stateless: Option<HeaderValue>,
    /// Headers derived from the body.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The session it belongs to, where that is not the current one.
    pub(crate) session: Option<Snapshot>,
    pub(crate) manner: Manner,
    /// The id it has at the server, where that is another one than at the client.
    pub(crate) wire: Option<Id>,
}

/// What a line of the client asks for.
pub(crate) enum Incoming {
    Send(Message),
    /// A cancellation, and the request it is about.
    Cancel(Id, Message),
    /// Not JSON.
    NotJson,
    /// JSON, but no JSON-RPC message.
    NotMessage,
}

/// Reads a line of the client.
pub(crate) fn read(line: Bytes, session: &Session, tools: &ParamHeaders) -> Incoming {
    if is_batch(&line) {
        return batch(line);
    }
    let seen = match peek(&line) {
        Ok(seen) => seen,
        Err(error) if error.is_data() => return Incoming::NotMessage,
        Err(_) => return Incoming::NotJson,
    };
    let id = seen.id.map(Id::new);
    let Some(method) = seen.method.as_deref() else {
        if id.is_none() || !seen.is_answer() {
            return Incoming::NotMessage;
        }
        let message = Message::new(line.clone(), Kind::Reply, "(answer)");
        return Incoming::Send(message);
    };
    let kind = match (&id, method) {
        (Some(_), "initialize") => Kind::Initialize,
        (Some(_), _) => Kind::Request,
        (None, "notifications/initialized") => Kind::Initialized,
        (None, _) => Kind::Notification,
    };
    let mut message = Message::new(line.clone(), kind, method);
    message.repeatable = REPEATABLE.contains(&method);
    message.patient = method == "tools/call";
    message.ids.extend(id);
    message.stateless = stateless_version(&seen, kind, session);
    if message.stateless.is_some() {
        message.headers = derived_headers(&seen, method, tools);
    }
    if method == "notifications/cancelled"
        && let Some(request) = seen.params.request_id
    {
        return Incoming::Cancel(Id::new(request), message);
    }
    Incoming::Send(message)
}

fn batch(line: Bytes) -> Incoming {
    let seen = match peek_batch(&line) {
        Ok(seen) => seen,
        Err(error) if error.is_data() => return Incoming::NotMessage,
        Err(_) => return Incoming::NotJson,
    };
    let ids = seen
        .iter()
        .filter(|seen| seen.method.is_some())
        .filter_map(|seen| seen.id.map(Id::new))
        .collect();
    let mut message = Message::new(line.clone(), Kind::Batch, "(batch)");
    message.ids = ids;
    message.patient = true;
    Incoming::Send(message)
}

fn stateless_version(seen: &Peek<'_>, kind: Kind, session: &Session) -> Option<HeaderValue> {
    if kind == Kind::Initialize {
        return None;
    }
    match seen.params.stateless_version() {
        Some(version) => {
            let version = HeaderValue::from_str(&version).ok()?;
            session.note_stateless(&version);
            Some(version)
        }
        None => session.stateless_version(),
    }
}

/// Headers that say what stands in the body.
pub(crate) fn derived_headers(
    seen: &Peek<'_>,
    method: &str,
    tools: &ParamHeaders,
) -> Vec<(HeaderName, HeaderValue)> {
    let mut derived = Vec::new();
    if let Ok(method) = HeaderValue::from_str(method) {
        derived.push((headers::METHOD, method));
    }
    if let Some(name) = headers::name(method, &seen.params) {
        derived.push((headers::NAME, name));
    }
    if method == "tools/call"
        && let Some(tool) = seen.params.name.and_then(text)
        && let Some(arguments) = seen.params.arguments
    {
        derived.extend(tools.of_call(&tool, arguments));
    }
    derived
}

impl Message {
    pub(crate) fn new(body: Bytes, kind: Kind, method: &str) -> Self {
        Self {
            body,
            kind,
            method: method.to_owned(),
            ids: Vec::new(),
            repeatable: false,
            patient: false,
            stateless: None,
            headers: Vec::new(),
            session: None,
            manner: Manner::Plain,
            wire: None,
        }
    }

    /// What is noted of a request while it is under way.
    pub(crate) fn entry(&self) -> Entry {
        Entry {
            initialize: self.kind == Kind::Initialize,
            lists_tools: self.method == "tools/list",
            may_ask: matches!(
                self.method.as_str(),
                "tools/call" | "prompts/get" | "resources/read"
            ),
            cacheable: matches!(
                self.method.as_str(),
                "tools/list"
                    | "prompts/list"
                    | "resources/list"
                    | "resources/read"
                    | "resources/templates/list"
            ),
            standing: STANDING
                .contains(&self.method.as_str())
                .then(|| self.body.clone()),
            headers_matter: self.stateless.is_some(),
            stateless: self.stateless.is_some(),
            ..Entry::default()
        }
    }

    /// Whether a session id goes with it.
    pub(crate) fn has_session(&self) -> bool {
        self.kind != Kind::Initialize && self.stateless.is_none()
    }
}
