//! The stream on which a server of the session era speaks unasked.

use bytes::Bytes;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode};
use tracing::debug;

use crate::exchange::{Link, insert_session, is_events};
use crate::fault::Fault;
use crate::headers;
use crate::session::Snapshot;
use crate::sse::Parser;

/// Why a stream is not opened again by itself.
enum Over {
    /// The server has none, or it is of no use before the next session.
    UntilNextSession,
    /// The credential is refused; another one may do.
    UntilNextCredential,
}

impl Link {
    /// Listens for as long as the bridge lives: one stream for each session that is ready, opened again when it drops.
    pub(crate) async fn listen(&self) {
        let mut ready = self.session.ready();
        let mut credentials = self.credentials.changes();
        let mut listened = 0;
        loop {
            match ready.wait_for(|generation| *generation != listened).await {
                Ok(generation) => listened = *generation,
                Err(_) => return,
            }
            let session = self.session.snapshot();
            loop {
                let over = tokio::select! {
                    over = self.listen_to(&session) => over,
                    _ = ready.wait_for(|generation| *generation != listened) => break,
                };
                credentials.mark_unchanged();
                match over {
                    Over::UntilNextSession => break,
                    Over::UntilNextCredential => tokio::select! {
                        _ = credentials.changed() => {}
                        _ = ready.wait_for(|generation| *generation != listened) => break,
                    },
                }
            }
        }
    }

    async fn listen_to(&self, session: &Snapshot) -> Over {
        let mut parser = Parser::new(self.options.frame_limit_bytes);
        let mut wait = self.options.reopen_first;
        loop {
            let last_id = parser.last_id().cloned();
            match self.open_stream(session, last_id.as_ref()).await {
                Ok(mut response) => {
                    debug!("listening");
                    let host = response.url().host_str().unwrap_or_default().to_owned();
                    parser.restart();
                    if self
                        .relay_listening(&mut response, &mut parser, &host)
                        .await
                    {
                        wait = self.options.reopen_first;
                    }
                }
                Err(Fault::Unauthorised | Fault::KeyPaused | Fault::Forbidden { .. }) => {
                    return Over::UntilNextCredential;
                }
                Err(Fault::NotFound { .. }) if session.id.is_some() => {
                    // A new session makes itself known; one that cannot be had is told to the next request.
                    let _ = self.renew_session(session.generation).await;
                    return Over::UntilNextSession;
                }
                Err(
                    Fault::Unreachable { .. }
                    | Fault::Broken { .. }
                    | Fault::TimedOut { .. }
                    | Fault::Server { .. }
                    | Fault::RateLimited { .. }
                    | Fault::Source(_),
                ) => {}
                Err(fault) => {
                    debug!(code = fault.code(), "no stream to listen to");
                    return Over::UntilNextSession;
                }
            }
            let asked = parser.retry().unwrap_or_default();
            tokio::time::sleep(wait.max(asked).min(self.options.reopen_last)).await;
            wait *= 2;
        }
    }

    /// Opens a stream of the session, behind `last_id` where something came before. A refused credential is read again once.
    pub(crate) async fn open_stream(
        &self,
        session: &Snapshot,
        last_id: Option<&Bytes>,
    ) -> Result<Response, Fault> {
        let mut renewed = false;
        loop {
            let (endpoint, credential) =
                tokio::try_join!(self.endpoints.current(), self.credentials.current())?;
            let mut request = Request::new(Method::GET, endpoint.url.clone());
            let head = request.headers_mut();
            head.clone_from(&credential.headers);
            head.insert(ACCEPT, headers::EVENTS);
            insert_session(head, session);
            if let Some(id) = last_id.and_then(|id| HeaderValue::from_bytes(id).ok()) {
                head.insert(headers::LAST_EVENT_ID, id);
            }
            let response = self
                .send(&endpoint, request, self.options.answer_timeout)
                .await?;
            let status = response.status();
            debug!(status = status.as_u16(), "stream asked for");
            if status == StatusCode::UNAUTHORIZED && !renewed {
                renewed = true;
                self.credentials.renew(credential.generation).await?;
                continue;
            }
            if status.is_success() && is_events(response.headers()) {
                return Ok(response);
            }
            return Err(if status.is_success() {
                Fault::NotMcp {
                    host: endpoint.host.clone(),
                }
            } else {
                Fault::of_status(status, response.headers(), &[], &endpoint.host)
            });
        }
    }

    /// Tells the server that the session is over. What it says to that does not matter.
    pub(crate) async fn end_session(&self) {
        let session = self.session.snapshot();
        if session.id.is_none() {
            return;
        }
        let (Ok(endpoint), Ok(credential)) = (
            self.endpoints.current().await,
            self.credentials.current().await,
        ) else {
            return;
        };
        let mut request = Request::new(Method::DELETE, endpoint.url.clone());
        let head = request.headers_mut();
        head.clone_from(&credential.headers);
        insert_session(head, &session);
        if let Ok(response) = self
            .send(&endpoint, request, self.options.answer_timeout)
            .await
        {
            debug!(status = response.status().as_u16(), "session ended");
        }
    }
}
