//! A stateless client in front of a server with sessions: the bridge holds the session, and what the server asks in the middle
//! of a request becomes an answer that asks for more.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::debug;

use crate::ask::{Answer, request};
use crate::dialect::Dialect;
use crate::era::{Lowered, META_SERVER, Parked, SESSION_VERSIONS, SESSIONS, STATELESS, Spoken};
use crate::exchange::{Content, Link, Reply};
use crate::fault::Fault;
use crate::handshake::{
    METHOD_NOT_FOUND, STATELESS_ERRORS, Tells, UNSUPPORTED_VERSION, error_of, refused,
};
use crate::message::{Kind, Manner, Message};
use crate::peek::{peek, text};
use crate::pending::{Cancelled, Id};
use crate::splice::with_part;

/// The name of the one question in an answer that asks for more.
const QUESTION: &str = "question";

/// What matters of a request of the stateless era.
#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow, default)]
    params: Params<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Params<'a> {
    #[serde(borrow, rename = "_meta")]
    meta: Meta<'a>,
    request_state: Option<String>,
    #[serde(borrow)]
    input_responses: BTreeMap<String, &'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/clientInfo")]
    client: Option<&'a RawValue>,
    #[serde(borrow, rename = "io.modelcontextprotocol/clientCapabilities")]
    capabilities: Option<&'a RawValue>,
    #[serde(borrow, rename = "io.modelcontextprotocol/logLevel")]
    log_level: Option<&'a RawValue>,
}

/// What a server with sessions says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Initialized<'a> {
    #[serde(borrow)]
    capabilities: Option<&'a RawValue>,
    #[serde(borrow)]
    server_info: Option<&'a RawValue>,
    #[serde(borrow)]
    instructions: Option<&'a RawValue>,
}

impl Link {
    /// Carries a stateless message to a server that has not shown yet of which era it is.
    pub(crate) async fn carry_first(&self, message: &Message) -> Result<(), Fault> {
        let Some(id) = message.ids.first() else {
            return self.exchange_once(message).await;
        };
        if matches!(self.recall(), Some(Dialect::Sessions | Dialect::Events))
            && let Some(lowered) = self.lower(message).await?
        {
            return self.carry_lowered(&lowered, message).await;
        }
        let mut reply = self.post(message).await;
        if let Ok(Reply {
            content: Content::Events(_),
            ..
        }) = &reply
            && message.method == "server/discover"
        {
            reply = Ok(self.whole(reply?, id).await?);
        }
        if speaks_sessions(&reply, &message.method)
            && let Some(lowered) = self.lower(message).await?
        {
            return self.carry_lowered(&lowered, message).await;
        }
        if reply.as_ref().is_ok_and(is_stateless) {
            if matches!(self.eras.spoken(), Spoken::Plain) {
                self.eras.set(Spoken::Understood);
            }
            if self.recall().is_some() {
                self.remember(Dialect::Stateless);
            }
        }
        self.take_in_with_headers(message, reply?).await
    }

    /// A reply whose stream has been read to the answer.
    async fn whole(&self, mut reply: Reply, id: &Id) -> Result<Reply, Fault> {
        let content = std::mem::replace(&mut reply.content, Content::Nothing);
        if let Some(body) = self.first_answer(content, &reply.host, id).await? {
            reply.content = Content::Body(body);
        }
        Ok(reply)
    }

    /// Begins a session in the name of a stateless client; `None` when the server knows none either.
    async fn lower(&self, message: &Message) -> Result<Option<Arc<Lowered>>, Fault> {
        let _one_at_a_time = self.session.renewing.lock().await;
        if let Spoken::Lowered(lowered) = self.eras.spoken() {
            return Ok(Some(lowered));
        }
        let Ok(Request { params }) = serde_json::from_slice(&message.body) else {
            return Ok(None);
        };
        let id = self.eras.own_id();
        let ours = format!(
            r#"{{"name":"keystow","version":"{}"}}"#,
            env!("CARGO_PKG_VERSION")
        );
        let hello = format!(
            r#"{{"protocolVersion":"{SESSIONS}","capabilities":{},"clientInfo":{}}}"#,
            params.meta.capabilities.map_or("{}", RawValue::get),
            params.meta.client.map_or(ours.as_str(), RawValue::get),
        );
        self.session
            .ask(id.clone(), &request(&id, "initialize", &hello));
        let mut dialect = Dialect::Sessions;
        let mut shaken = match self.recall() {
            Some(Dialect::Events) if self.open_events().await? => {
                dialect = Dialect::Events;
                self.shake_hands().await
            }
            _ => self.shake_hands().await,
        };
        if dialect == Dialect::Sessions
            && shaken.as_ref().is_err_and(no_session)
            && self.open_events().await?
        {
            dialect = Dialect::Events;
            shaken = self.shake_hands().await;
        }
        let answer = match shaken {
            Ok(answer) => answer,
            Err(fault) => {
                self.session.withdraw();
                self.events.forget();
                return match no_session(&fault) {
                    true => Ok(None),
                    false => Err(fault),
                };
            }
        };
        let found = Answer::read(&answer)
            .and_then(|answer| answer.result)
            .and_then(|result| serde_json::from_str::<Initialized>(result.get()).ok());
        let Some(found) = found else {
            self.session.withdraw();
            return Ok(None);
        };
        let raw = |value: Option<&RawValue>| value.map(|value| value.get().to_owned());
        let lowered = Arc::new(Lowered::new(
            found.capabilities.map_or("{}", RawValue::get).to_owned(),
            raw(found.server_info),
            raw(found.instructions),
        ));
        debug!("a client without sessions, a server with");
        self.eras.set(Spoken::Lowered(lowered.clone()));
        self.remember(dialect);
        Ok(Some(lowered))
    }

    pub(crate) async fn carry_lowered(
        &self,
        lowered: &Arc<Lowered>,
        message: &Message,
    ) -> Result<(), Fault> {
        match (message.ids.first(), message.method.as_str()) {
            (Some(id), "server/discover") => {
                let found = discovered(lowered);
                self.answer_client(id, &format!(r#""result":{found}"#))
                    .await;
                Ok(())
            }
            (Some(id), "subscriptions/listen") => self.listen_lowered(lowered, message, id).await,
            (Some(id), _) => self.carry_request(lowered, message, id).await,
            (None, "notifications/cancelled") => self.tell_cancelled(lowered, message).await,
            // A stateless client has nothing else to say unasked.
            (None, _) => Ok(()),
        }
    }

    async fn carry_request(
        &self,
        lowered: &Arc<Lowered>,
        message: &Message,
        id: &Id,
    ) -> Result<(), Fault> {
        let seen = serde_json::from_slice::<Request>(&message.body).ok();
        if let Some(Request { params }) = &seen
            && let Some(token) = &params.request_state
        {
            return self
                .go_on(lowered, id, token, &params.input_responses)
                .await;
        }
        if let Some(level) = seen.and_then(|seen| seen.params.meta.log_level) {
            self.set_session_level(lowered, level).await;
        }
        self.pending.with(id, |entry| {
            entry.manner = Manner::Lowered;
            entry.stateless = false;
            entry.headers_matter = false;
        });
        let mut sent = message.clone();
        sent.manner = Manner::Lowered;
        sent.stateless = None;
        sent.headers = Vec::new();
        let carried = self.exchange_once(&sent).await;
        lowered.over(id);
        carried
    }

    /// The client comes back with the answer to a question.
    async fn go_on(
        &self,
        lowered: &Arc<Lowered>,
        id: &Id,
        token: &str,
        answers: &BTreeMap<String, &RawValue>,
    ) -> Result<(), Fault> {
        let gone = "The request that this goes on with has ended. Begin again.";
        let Some(parked) = lowered.unpark(token) else {
            self.refuse(id, -32602, gone).await;
            return Ok(());
        };
        let key = parked.request;
        // The request under way takes this one's place.
        self.pending.take(id);
        let waiting = self.pending.with(&key, |entry| {
            entry.now = Some(id.clone());
            entry.parked = false;
            entry.interim.take()
        });
        let Some(answered_meanwhile) = waiting else {
            let line =
                crate::fault::error_line(id.as_json(), -32602, gone, "bridge.untranslatable");
            self.output.send(line).await;
            return Ok(());
        };
        if let Some(body) = answered_meanwhile {
            if let Some(entry) = self.pending.take(&key) {
                self.output.send(self.for_client(body, &key, &entry)).await;
            }
            return Ok(());
        }
        let question = parked.question;
        let Some(answer) = answers.get(QUESTION) else {
            self.ask_again(lowered, &key).await;
            return Ok(());
        };
        let outcome = format!(r#""result":{}"#, answer.get());
        self.reply_to_server(&question, &outcome).await?;
        if let Some(next) = lowered.next_question(&key) {
            self.put_to_stateless(lowered, &key, &next).await;
        }
        Ok(())
    }

    async fn ask_again(&self, lowered: &Lowered, key: &Id) {
        if let Some(question) = lowered.question_of(key) {
            self.put_to_stateless(lowered, key, &question).await;
        }
    }

    /// Relays what the server says outside an answer.
    pub(crate) async fn relay_to_lowered(
        &self,
        lowered: &Arc<Lowered>,
        body: Bytes,
        message: &Message,
    ) -> Result<(), Fault> {
        let Ok(seen) = peek(&body) else {
            return Ok(());
        };
        let method = seen.method.as_deref().unwrap_or_default().to_owned();
        if let Some(question) = seen.id.map(Id::new) {
            return self
                .take_question(lowered, &body, &method, &question, message)
                .await;
        }
        match method.as_str() {
            "notifications/tools/list_changed"
            | "notifications/prompts/list_changed"
            | "notifications/resources/list_changed"
            | "notifications/resources/updated" => {
                let uri = seen.params.uri.and_then(text);
                self.tell_listeners(lowered, &method, uri.as_deref(), &body)
                    .await;
            }
            "notifications/message" if !lowered.logs.load(Ordering::Relaxed) => {}
            // About questions of the server, which a stateless client never sees as such.
            "notifications/cancelled" | "notifications/elicitation/complete" => {}
            _ => self.output.send(body).await,
        }
        Ok(())
    }

    /// A question of the server becomes part of the answer to the request that it is about.
    async fn take_question(
        &self,
        lowered: &Arc<Lowered>,
        body: &Bytes,
        method: &str,
        question: &Id,
        message: &Message,
    ) -> Result<(), Fault> {
        match method {
            "ping" => return self.reply_to_server(question, r#""result":{}"#).await,
            "elicitation/create" | "sampling/createMessage" | "roots/list" => {}
            _ => {
                let error =
                    r#""error":{"code":-32601,"message":"The client does not know this method."}"#;
                return self.reply_to_server(question, error).await;
            }
        }
        let about = match message.ids.as_slice() {
            [id] => Some(id.clone()),
            _ => self.pending.askable(),
        };
        let Some(about) = about else {
            let error = r#""error":{"code":-32601,"message":"This client can be asked only while it waits for an answer."}"#;
            return self.reply_to_server(question, error).await;
        };
        if lowered.question(&about, body.clone()) {
            self.put_to_stateless(lowered, &about, body).await;
        }
        Ok(())
    }

    async fn put_to_stateless(&self, lowered: &Lowered, key: &Id, question: &Bytes) {
        #[derive(Deserialize)]
        struct Question<'a> {
            #[serde(borrow)]
            id: &'a RawValue,
            method: String,
            #[serde(borrow)]
            params: Option<&'a RawValue>,
        }
        let Ok(asked) = serde_json::from_slice::<Question>(question) else {
            return;
        };
        let token = self.eras.own_id();
        let plain = token.as_json().trim_matches('"').to_owned();
        lowered.park(
            plain,
            Parked {
                request: key.clone(),
                question: Id::new(asked.id),
            },
        );
        let waiting = self.pending.with(key, |entry| {
            entry.parked = true;
            entry.answers(key).clone()
        });
        if let Some(id) = waiting {
            let params = match asked.params {
                Some(params) => format!(r#","params":{}"#, params.get()),
                None => String::new(),
            };
            let line = format!(
                r#"{{"jsonrpc":"2.0","id":{},"result":{{"resultType":"input_required","inputRequests":{{"{QUESTION}":{{"method":"{}"{params}}}}},"requestState":{}}}}}"#,
                id.as_json(),
                asked.method,
                token.as_json(),
            );
            self.output.send(line.into()).await;
        }
    }

    /// Answers a request of the server.
    async fn reply_to_server(&self, id: &Id, outcome: &str) -> Result<(), Fault> {
        let body = format!(r#"{{"jsonrpc":"2.0","id":{},{outcome}}}"#, id.as_json());
        let message = Message::new(body.into(), Kind::Reply, "(answer)");
        Box::pin(self.exchange_once(&message)).await
    }

    async fn set_session_level(&self, lowered: &Lowered, level: &RawValue) {
        let mut set = lowered.log_level.lock().await;
        if set.as_deref() == Some(level.get()) {
            return;
        }
        if Tells::read(&lowered.capabilities).logging.is_none() {
            return;
        }
        let params = format!(r#"{{"level":{}}}"#, level.get());
        let request = self.session_request("logging/setLevel", &params);
        lowered.logs.store(true, Ordering::Relaxed);
        if self.ask(request).await.is_ok() {
            *set = Some(level.get().to_owned());
        }
    }

    /// Whether messages change on their way, for which they must be whole.
    pub(crate) fn translates(&self) -> bool {
        matches!(self.eras.spoken(), Spoken::Lifted(_) | Spoken::Lowered(_))
    }

    /// The client no longer waits for a request.
    pub(crate) fn cancel(&self, id: &Id) -> Cancelled {
        let known = self.pending.known_as(id);
        self.pending.cancel(known.as_ref().unwrap_or(id))
    }

    /// Whether the server wants to hear of a cancellation by a message.
    pub(crate) fn tells_cancelled(&self, message: &Message) -> bool {
        message.stateless.is_none() || matches!(self.eras.spoken(), Spoken::Lowered(_))
    }

    async fn tell_cancelled(&self, lowered: &Lowered, message: &Message) -> Result<(), Fault> {
        let Ok(seen) = peek(&message.body) else {
            return Ok(());
        };
        let Some(request) = seen.params.request_id else {
            return Ok(());
        };
        let id = Id::new(request);
        if lowered.listeners().iter().any(|one| one.id == id) {
            return Ok(());
        }
        let mut sent = message.clone();
        sent.stateless = None;
        sent.headers = Vec::new();
        if let Some(key) = self.pending.known_as(&id) {
            lowered.over(&key);
            sent.body = with_part(&message.body, request, key.as_json());
        }
        self.exchange_once(&sent).await
    }
}

/// The result of `server/discover` that says what `initialize` said.
fn discovered(lowered: &Lowered) -> String {
    let capabilities = &lowered.capabilities;
    let instructions = match &lowered.instructions {
        Some(text) => format!(r#","instructions":{text}"#),
        None => String::new(),
    };
    let meta = match &lowered.server {
        Some(server) => format!(r#","_meta":{{"{META_SERVER}":{server}}}"#),
        None => String::new(),
    };
    format!(
        r#"{{"resultType":"complete","supportedVersions":["{STATELESS}"],"capabilities":{capabilities}{instructions},"ttlMs":0,"cacheScope":"private"{meta}}}"#
    )
}

/// Whether a reply to a stateless request is that of a server that knows sessions only.
fn speaks_sessions(reply: &Result<Reply, Fault>, method: &str) -> bool {
    let reply = match reply {
        Ok(reply) => reply,
        Err(fault) => return refused(fault),
    };
    let Some(error) = error_of(reply) else {
        return false;
    };
    if error.code == UNSUPPORTED_VERSION {
        let supported = &error.data.supported;
        let knows = |one: &String| SESSION_VERSIONS.contains(&one.as_str());
        return !supported.is_empty() && supported.iter().all(knows);
    }
    if STATELESS_ERRORS.contains(&error.code) {
        return false;
    }
    if method == "server/discover" {
        return true;
    }
    error.code != METHOD_NOT_FOUND && reply.status.is_client_error()
}

/// Whether a reply shows a stateless server.
fn is_stateless(reply: &Reply) -> bool {
    match &reply.content {
        Content::Body(body) => memchr::memmem::find(body, b"\"resultType\"").is_some(),
        _ => false,
    }
}

/// Whether no session could be had because the server knows none.
fn no_session(fault: &Fault) -> bool {
    refused(fault)
        || matches!(
            fault,
            Fault::SessionLost { .. } | Fault::NotMcp { .. } | Fault::WebPage { .. }
        )
}
