//! What the server says, on its way to the client.

use std::time::Duration;

use bytes::Bytes;
use memchr::memmem;
use reqwest::Response;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::era::Spoken;
use crate::exchange::{Content, Link, Reply};
use crate::fault::Fault;
use crate::flow::{Flow, LARGE_BYTES};
use crate::message::{Kind, Manner, Message};
use crate::peek::{Peek, is_batch, peek, peek_batch};
use crate::pending::{Entry, Id};
use crate::session::Snapshot;
use crate::splice::{with_id, with_result};
use crate::sse::{Event, Parser, Piece};

/// How long a stream is read on once its request is answered; servers close it then.
const AFTERMATH: Duration = Duration::from_secs(1);
/// Times in a row that a dropped stream is resumed without anything new coming.
const RESUMES: u32 = 5;

impl Link {
    /// Carries a message to the server and everything that comes back to the client. Each request in it is answered when this
    /// returns, but for those the client cancelled.
    pub(crate) async fn carry(&self, message: &Message) {
        let _last_resort = GivenUp {
            link: self,
            ids: &message.ids,
        };
        if let Err(fault) = self.exchange(message).await {
            debug!(method = message.method, code = fault.code(), "failed");
            self.fail(&message.ids, &fault).await;
        }
    }

    /// Answers requests that are still open with an error.
    pub(crate) async fn fail(&self, ids: &[Id], fault: &Fault) {
        for id in ids {
            if let Some(entry) = self.pending.take_to_fail(id) {
                let line = fault.answer(entry.answers(id).as_json());
                self.output.send(line).await;
                drop(entry);
            }
        }
    }

    async fn exchange(&self, message: &Message) -> Result<(), Fault> {
        if message.kind == Kind::Initialize {
            return self.begin(message).await;
        }
        match self.eras.spoken() {
            Spoken::Plain if message.stateless.is_some() => self.carry_first(message).await,
            Spoken::Understood if message.stateless.is_some() => {
                self.exchange_with_headers(message).await
            }
            Spoken::Plain | Spoken::Understood => self.exchange_once(message).await,
            Spoken::Lifted(lifted) => self.carry_lifted(&lifted, message).await,
            Spoken::Lowered(lowered) => self.carry_lowered(&lowered, message).await,
        }
    }

    /// Sends a message as it is and relays what comes back.
    pub(crate) async fn exchange_once(&self, message: &Message) -> Result<(), Fault> {
        let reply = self.post(message).await?;
        self.take_in(message, reply).await
    }

    /// Relays a reply, to the answer of each request in `message`. What may be sent twice is, where the answer stops coming before
    /// the client has seen any of it.
    pub(crate) async fn take_in(&self, message: &Message, reply: Reply) -> Result<(), Fault> {
        match self.take_in_once(message, reply).await {
            Err(Fault::Broken { .. })
                if message.repeatable && self.pending.is_unseen(&message.ids) =>
            {
                debug!(method = message.method, "an answer broke off");
                let reply = self.post(message).await?;
                self.take_in_once(message, reply).await
            }
            taken => taken,
        }
    }

    async fn take_in_once(&self, message: &Message, reply: Reply) -> Result<(), Fault> {
        if message.kind == Kind::Initialized {
            self.session.note_initialized(&message.body);
            if reply.stream.is_none() {
                self.session.set_ready(reply.session.generation);
            }
        }
        let host = reply.host.clone();
        match reply.content {
            Content::Nothing => {
                if let Some(stream) = &reply.stream {
                    self.await_on_stream(stream, message, &host).await?;
                }
            }
            Content::Body(body) => {
                self.answer(body, message, reply.session_id.as_ref(), &host)
                    .await?;
            }
            Content::Flow(flow, rest) => self.flow_body(flow, rest, &host).await?,
            Content::Events(_) => self.relay_events(message, reply).await?,
        }
        if self.pending.settled(&message.ids) {
            Ok(())
        } else {
            Err(Fault::NoAnswer { host })
        }
    }

    /// A plain body: the answer, or a batch of answers.
    async fn answer(
        &self,
        body: Bytes,
        message: &Message,
        session_id: Option<&HeaderValue>,
        host: &str,
    ) -> Result<(), Fault> {
        if message.ids.is_empty() {
            // Nobody waits for an answer to a notification.
            debug!(
                method = message.method,
                "an answer to no question is dropped"
            );
            return Ok(());
        }
        self.relay(body, message, session_id, host).await
    }

    /// Relays one message of the server, be it an answer, a request or a notification.
    async fn relay(
        &self,
        body: Bytes,
        message: &Message,
        session_id: Option<&HeaderValue>,
        host: &str,
    ) -> Result<(), Fault> {
        if is_batch(&body) {
            return self.relay_batch(body, host).await;
        }
        let Ok(seen) = peek(&body) else {
            return Err(not_mcp(&body, host));
        };
        if !seen.is_answer() {
            if seen.method.is_none() {
                return Err(not_mcp(&body, host));
            }
            return match self.eras.spoken() {
                Spoken::Plain | Spoken::Understood => {
                    self.output.send(body).await;
                    Ok(())
                }
                Spoken::Lifted(_) => {
                    self.relay_to_lifted(body).await;
                    Ok(())
                }
                Spoken::Lowered(lowered) => self.relay_to_lowered(&lowered, body, message).await,
            };
        }
        let id = seen.id.map(Id::new).map(|id| match &message.wire {
            Some(wire) if *wire == id => message.ids.first().cloned().unwrap_or(id),
            _ => id,
        });
        if let Some(id) = id
            && !self.kept(&id, &body, seen.result)
            && let Some(mut entry) = self.pending.take(&id)
        {
            self.note(&entry, &seen, message, session_id);
            drop(seen);
            if let Some(ours) = entry.ours.take() {
                // Whoever asked may have stopped waiting.
                let _ = ours.send(body);
                return Ok(());
            }
            self.output.send(self.for_client(body, &id, &entry)).await;
            drop(entry);
            return Ok(());
        }
        // Some servers answer with an error that names no request, or another.
        if let (Some(error), [id]) = (seen.error, message.ids.as_slice()) {
            let error = error.get();
            if let Some(ours) = self.pending.with(id, |entry| entry.ours.take()).flatten() {
                self.pending.take(id);
                let _ = ours.send(format!(r#"{{"error":{error}}}"#).into());
                return Ok(());
            }
            self.answer_client(id, &format!(r#""error":{error}"#)).await;
            return Ok(());
        }
        warn!(
            method = message.method,
            "an answer to an unknown request is dropped"
        );
        Ok(())
    }

    async fn relay_batch(&self, body: Bytes, host: &str) -> Result<(), Fault> {
        let Ok(seen) = peek_batch(&body) else {
            return Err(not_mcp(&body, host));
        };
        let answered: Vec<_> = seen
            .iter()
            .filter(|seen| seen.is_answer())
            .filter_map(|seen| self.pending.take(&Id::new(seen.id?)))
            .collect();
        drop(seen);
        self.output.send(body).await;
        drop(answered);
        Ok(())
    }

    /// Remembers what an answer means for later messages, before the client sees it.
    fn note(
        &self,
        entry: &Entry,
        seen: &Peek<'_>,
        message: &Message,
        session_id: Option<&HeaderValue>,
    ) {
        if entry.initialize
            && let Some(result) = seen.result
        {
            let session = self
                .session
                .next(session_id.cloned(), negotiated(result.get()));
            debug!(generation = session.generation, "session begun");
            self.session.publish(session);
        }
        if let Some(standing) = &entry.standing
            && message.stateless.is_none()
            && seen.result.is_some()
        {
            self.session.note_standing(standing);
        }
    }

    /// Keeps an answer that the client does not get now: one that asks for more first, or one to a request that the client has
    /// to ask again.
    fn kept(&self, id: &Id, body: &Bytes, result: Option<&RawValue>) -> bool {
        let keep = |entry: &mut Entry| {
            let asks = entry.manner == Manner::Lifted && result.is_some_and(asks_for_input);
            if asks || entry.parked {
                entry.interim = Some(body.clone());
            }
            asks || entry.parked
        };
        self.pending.with(id, keep).unwrap_or_default()
    }

    /// An answer as the client expects it: of its own era and under the id it waits for.
    pub(crate) fn for_client(&self, body: Bytes, id: &Id, entry: &Entry) -> Bytes {
        let mut body = body;
        if entry.lists_tools
            && entry.headers_matter
            && let Some(without_bad) = self.tools.learn(&body)
        {
            body = without_bad;
        }
        if entry.manner == Manner::Lowered {
            body = completed(&body, entry.cacheable);
        }
        if entry.now.is_some() || entry.manner == Manner::Lifted {
            body = with_id(&body, entry.answers(id).as_json());
        }
        body
    }

    /// Relays a stream of events until its requests are answered and it ends, resuming it where that is possible.
    async fn relay_events(&self, message: &Message, reply: Reply) -> Result<(), Fault> {
        let Reply {
            content: Content::Events(mut response),
            host,
            session_id,
            session,
            ..
        } = reply
        else {
            return Ok(());
        };
        let mut parser = Parser::new(self.options.frame_limit_bytes);
        let mut resumes = 0;
        loop {
            let before = parser.last_id().cloned();
            let ended = self
                .pump(
                    &mut response,
                    &mut parser,
                    message,
                    session_id.as_ref(),
                    &host,
                )
                .await;
            if self.pending.settled(&message.ids) {
                return Ok(());
            }
            ended?;
            if parser.last_id() != before.as_ref() {
                resumes = 0;
            }
            response = self
                .resume(&mut parser, message, &session, &mut resumes, &host)
                .await?;
        }
    }

    /// Reads a stream to its end.
    async fn pump(
        &self,
        response: &mut Response,
        parser: &mut Parser,
        message: &Message,
        session_id: Option<&HeaderValue>,
        host: &str,
    ) -> Result<(), Fault> {
        let mut bad = Ok(());
        let mut flow = None;
        loop {
            let chunk = if flow.is_some() {
                self.next_chunk(response, host).await?
            } else if self.pending.settled(&message.ids) {
                match timeout(AFTERMATH, response.chunk()).await {
                    Ok(chunk) => chunk.ok().flatten(),
                    Err(_) => return Ok(()),
                }
            } else {
                response.chunk().await.ok().flatten()
            };
            let Some(chunk) = chunk else {
                if let Some(flow) = flow {
                    return self.end_flow(flow, host);
                }
                if let Some(event) = parser.finish()
                    && peek(&event.data).is_ok()
                {
                    self.event(event, message, session_id, host).await?;
                }
                return bad;
            };
            parser.feed(chunk);
            while let Some(event) = self.next_event(parser, &mut flow, message, host).await? {
                // The answer may still come behind an event that makes no sense.
                if let Err(fault) = self.event(event, message, session_id, host).await {
                    warn!(
                        method = message.method,
                        code = fault.code(),
                        "an event is dropped"
                    );
                    bad = Err(fault);
                }
            }
        }
    }

    /// The next whole event within what the parser was fed; large ones are handed on as they come.
    async fn next_event(
        &self,
        parser: &mut Parser,
        flow: &mut Option<Flow>,
        message: &Message,
        host: &str,
    ) -> Result<Option<Event>, Fault> {
        let too_large = |_| Fault::TooLarge {
            host: host.to_owned(),
            limit_bytes: self.options.frame_limit_bytes,
        };
        loop {
            if let Some(begun) = flow {
                match parser.next_piece().map_err(too_large)? {
                    Some(Piece::Data(data)) => self.continue_flow(begun, data, host).await?,
                    Some(Piece::End) => {
                        if let Some(begun) = flow.take() {
                            self.end_flow(begun, host)?;
                        }
                    }
                    None => return Ok(None),
                }
                continue;
            }
            if let Some(event) = parser.next_event().map_err(too_large)? {
                return Ok(Some(event));
            }
            let Some(head) = parser.large(LARGE_BYTES) else {
                return Ok(None);
            };
            *flow = self.begin_flow(&head, message).await;
            if flow.is_none() {
                return Ok(None);
            }
            parser.go_in_pieces();
        }
    }

    async fn event(
        &self,
        event: Event,
        message: &Message,
        session_id: Option<&HeaderValue>,
        host: &str,
    ) -> Result<(), Fault> {
        if !event.is_message() || event.data.trim_ascii().is_empty() {
            return Ok(());
        }
        self.relay(event.data, message, session_id, host).await
    }

    /// Opens a dropped stream again behind the last event that came. Only the session era can.
    async fn resume(
        &self,
        parser: &mut Parser,
        message: &Message,
        session: &Snapshot,
        resumes: &mut u32,
        host: &str,
    ) -> Result<Response, Fault> {
        let broken = || Fault::Broken {
            host: host.to_owned(),
        };
        let last_id = parser.last_id().cloned();
        let Some(last_id) = last_id.filter(|_| message.stateless.is_none()) else {
            return Err(broken());
        };
        let mut wait = parser.retry().unwrap_or(self.options.reopen_first);
        while *resumes < RESUMES {
            *resumes += 1;
            tokio::time::sleep(wait.min(self.options.reopen_last)).await;
            wait *= 2;
            debug!(method = message.method, "resuming a dropped stream");
            match self.open_stream(session, Some(&last_id)).await {
                Ok(response) => {
                    parser.restart();
                    return Ok(response);
                }
                Err(Fault::Unreachable { .. } | Fault::Broken { .. } | Fault::Server { .. }) => {}
                Err(_) => return Err(broken()),
            }
        }
        Err(broken())
    }

    /// Relays a stream that belongs to no request, until it ends. `true` when anything came.
    pub(crate) async fn relay_listening(
        &self,
        response: &mut Response,
        parser: &mut Parser,
        host: &str,
    ) -> bool {
        let mut came = false;
        let mut flow = None;
        let nobody = Message::new(Bytes::new(), Kind::Notification, "(listening)");
        loop {
            loop {
                match self.next_event(parser, &mut flow, &nobody, host).await {
                    Ok(Some(event)) => {
                        if let Err(fault) = self.event(event, &nobody, None, host).await {
                            warn!(code = fault.code(), "an event is dropped");
                        }
                    }
                    Ok(None) => break,
                    Err(fault) => {
                        warn!(code = fault.code(), "the stream is opened again");
                        return came;
                    }
                }
            }
            let Ok(Some(chunk)) = response.chunk().await else {
                return came;
            };
            came = true;
            parser.feed(chunk);
        }
    }
}

/// Answers what is still open when a message is given up: at the end of the bridge, or through a fault in it.
struct GivenUp<'a> {
    link: &'a Link,
    ids: &'a [Id],
}

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        for id in self.ids {
            if let Some(entry) = self.link.pending.take_to_fail(id) {
                let line = Fault::GivenUp.answer(entry.answers(id).as_json());
                self.link.output.send_now(line);
            }
        }
    }
}

/// The protocol version in an `initialize` result.
pub(crate) fn negotiated(result: &str) -> Option<HeaderValue> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Agreed {
        protocol_version: String,
    }
    let agreed: Agreed = serde_json::from_str(result).ok()?;
    HeaderValue::from_str(&agreed.protocol_version).ok()
}

/// Whether a result of the stateless era asks the client for something first.
fn asks_for_input(result: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow, rename = "resultType")]
        kind: Option<std::borrow::Cow<'a, str>>,
    }
    memmem::find(result.get().as_bytes(), b"input_required").is_some()
        && serde_json::from_str::<Kind>(result.get())
            .is_ok_and(|result| result.kind.as_deref() == Some("input_required"))
}

/// A result of the session era with what every result of the stateless era says.
fn completed(answer: &Bytes, cacheable: bool) -> Bytes {
    let members = match cacheable {
        true => r#""resultType":"complete","ttlMs":0,"cacheScope":"private""#,
        false => r#""resultType":"complete""#,
    };
    with_result(answer, members)
}

/// A body that is no message: a page, or anything else.
fn not_mcp(body: &[u8], host: &str) -> Fault {
    let host = host.to_owned();
    if body.trim_ascii_start().first() == Some(&b'<') {
        Fault::WebPage { host }
    } else {
        Fault::NotMcp { host }
    }
}
