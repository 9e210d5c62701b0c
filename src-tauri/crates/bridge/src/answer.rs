//! What the server says, on its way to the client.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::exchange::{Content, Link, Reply};
use crate::fault::Fault;
use crate::flow::{Flow, LARGE_BYTES};
use crate::message::{Kind, Message};
use crate::peek::{Peek, is_batch, peek, peek_batch};
use crate::pending::{Entry, Id};
use crate::session::Snapshot;
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
                self.output.send(fault.answer(id.as_json())).await;
                drop(entry);
            }
        }
    }

    async fn exchange(&self, message: &Message) -> Result<(), Fault> {
        let reply = self.post(message).await?;
        if message.kind == Kind::Initialized {
            self.session.note_initialized(&message.body);
            self.session.set_ready(reply.session.generation);
        }
        let host = reply.host.clone();
        match reply.content {
            Content::Nothing => {}
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
            self.output.send(body).await;
            return Ok(());
        }
        if let Some(id) = seen.id.map(Id::new)
            && let Some(entry) = self.pending.take(&id)
        {
            self.note(&entry, &seen, &body, message, session_id);
            drop(seen);
            self.output.send(body).await;
            drop(entry);
            return Ok(());
        }
        // Some servers answer with an error that names no request, or another.
        if let (Some(error), [id]) = (seen.error, message.ids.as_slice()) {
            if let Some(entry) = self.pending.take(id) {
                let id = id.as_json();
                let error = error.get();
                let line = format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#);
                self.output.send(line.into()).await;
                drop(entry);
            }
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
        body: &[u8],
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
        if entry.lists_tools && message.stateless.is_some() {
            self.tools.learn(body);
        }
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
        mut response: Response,
        parser: &mut Parser,
        host: &str,
    ) -> bool {
        let mut came = false;
        let mut flow = None;
        let nobody = Message::new(Bytes::new(), Kind::Notification, "(listening)");
        while let Ok(Some(chunk)) = response.chunk().await {
            came = true;
            parser.feed(chunk);
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
        }
        came
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
            if self.link.pending.take_to_fail(id).is_some() {
                self.link
                    .output
                    .send_now(Fault::GivenUp.answer(id.as_json()));
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

/// A body that is no message: a page, or anything else.
fn not_mcp(body: &[u8], host: &str) -> Fault {
    let host = host.to_owned();
    if body.trim_ascii_start().first() == Some(&b'<') {
        Fault::WebPage { host }
    } else {
        Fault::NotMcp { host }
    }
}
