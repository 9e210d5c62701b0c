//! A session that the server lost, made anew behind the client's back.

use bytes::Bytes;
use tokio::time::timeout;
use tracing::debug;

use crate::answer::negotiated;
use crate::exchange::{Content, Link, RENEWALS};
use crate::fault::Fault;
use crate::message::{Kind, Message};
use crate::peek::peek;
use crate::pending::Id;
use crate::session::{Handshake, Snapshot};
use crate::splice::with_id;
use crate::sse::Parser;

impl Link {
    /// Makes a new session with the client's own handshake, because `generation` is lost, unless somebody has since. The client
    /// sees nothing of it.
    pub(crate) async fn renew_session(&self, generation: u64) -> Result<(), Fault> {
        let _one_at_a_time = self.session.renewing.lock().await;
        if self.session.snapshot().generation != generation {
            return Ok(());
        }
        debug!(generation, "session lost, beginning anew");
        self.shake_hands().await?;
        self.repeat_standing().await;
        Ok(())
    }

    /// Makes a session with the handshake that was noted: the server's answer to `initialize`.
    pub(crate) async fn shake_hands(&self) -> Result<Bytes, Fault> {
        let endpoint = self.endpoints.current().await?;
        let lost = |detail: &str| Fault::SessionLost {
            host: endpoint.host.clone(),
            detail: detail.to_owned(),
        };
        let handshake = self
            .session
            .handshake()
            .ok_or_else(|| lost("the client never asked for one"))?;
        let mut tries = 0;
        loop {
            let sent_with = self.credentials.generation();
            let begun = self.begin_anew(&handshake, &lost).await;
            // Servers bind sessions to keys: one that was replaced between the two steps leaves nothing to go on with.
            if begun.is_err() && self.credentials.generation() != sent_with {
                continue;
            }
            tries += 1;
            if matches!(begun, Err(Fault::SessionLost { .. })) && tries < RENEWALS {
                continue;
            }
            return begun;
        }
    }

    async fn begin_anew(
        &self,
        handshake: &Handshake,
        lost: &impl Fn(&str) -> Fault,
    ) -> Result<Bytes, Fault> {
        let mut hello = Message::new(handshake.initialize.clone(), Kind::Initialize, "initialize");
        hello.repeatable = true;
        let (session_id, answer) = if self.events.current().is_some() {
            hello.session = Some(Snapshot::default());
            hello.ids.push(handshake.id.clone());
            (None, self.ask(hello).await?)
        } else {
            let reply = self.post(&hello).await?;
            let session_id = reply.session_id.clone();
            let answer = self
                .first_answer(reply.content, &reply.host, &handshake.id)
                .await?
                .ok_or_else(|| lost("it gave no answer"))?;
            (session_id, answer)
        };
        let seen = peek(&answer).map_err(|_| lost("its answer cannot be read"))?;
        let result = seen.result.ok_or_else(|| lost("it refused"))?;
        let session = self.session.next(session_id, negotiated(result.get()));
        let initialized = handshake.initialized.clone().unwrap_or_else(|| {
            Bytes::from_static(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        });
        let mut ready = Message::new(initialized, Kind::Initialized, "notifications/initialized");
        ready.session = Some(session.clone());
        self.post(&ready).await.map_err(|fault| match fault {
            Fault::NotFound { .. } => lost("it lost the new one at once"),
            other => other,
        })?;
        let generation = session.generation;
        self.session.publish(session);
        if self.events.current().is_none() {
            self.session.set_ready(generation);
        }
        drop(seen);
        Ok(answer)
    }

    /// What the client had set in the session before: subscriptions and the level of messages.
    pub(crate) async fn repeat_standing(&self) {
        let session = self.session.snapshot();
        for request in self.session.standing() {
            let id = self.eras.own_id();
            let body = with_id(&request, id.as_json());
            let mut message = Message::new(body, Kind::Request, "(repeated)");
            message.ids.push(id);
            message.session = Some(session.clone());
            if let Err(fault) = self.ask(message).await {
                debug!(code = fault.code(), "a subscription could not be repeated");
            }
        }
    }

    /// The answer to `id` in a reply of `host` that the client must not see.
    pub(crate) async fn first_answer(
        &self,
        content: Content,
        host: &str,
        id: &Id,
    ) -> Result<Option<Bytes>, Fault> {
        let is_answer = |body: &[u8]| {
            peek(body).is_ok_and(|seen| {
                seen.error.is_some()
                    || seen.is_answer() && seen.id.map(Id::new).as_ref() == Some(id)
            })
        };
        match content {
            // A handshake's answer never flows: it is looked at.
            Content::Nothing | Content::Flow(..) => Ok(None),
            Content::Body(body) => Ok(Some(body).filter(|body| is_answer(body))),
            Content::Events(mut response) => {
                let mut parser = Parser::new(self.options.frame_limit_bytes);
                let read = async {
                    while let Ok(Some(chunk)) = response.chunk().await {
                        parser.feed(chunk);
                        while let Ok(Some(event)) = parser.next_event() {
                            if event.is_message() && is_answer(&event.data) {
                                return Some(event.data);
                            }
                        }
                    }
                    None
                };
                let limit = self.options.answer_timeout;
                timeout(limit, read).await.map_err(|_| Fault::TimedOut {
                    host: host.to_owned(),
                    limit,
                })
            }
        }
    }
}
