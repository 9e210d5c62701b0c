//! One message to the server and the head of its answer, through everything that a second try can mend.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Request, Response, StatusCode};
use tokio::time::{Instant, timeout};
use tracing::debug;

use crate::credential::{Credentials, Loaded};
use crate::dialect::Dialect;
use crate::endpoint::{Endpoint, Endpoints};
use crate::era::Eras;
use crate::events::{EventStream, EventStreams};
use crate::fault::{self, Fault};
use crate::flow::{Flow, LARGE_BYTES};
use crate::headers;
use crate::message::Message;
use crate::options::Options;
use crate::output::Output;
use crate::params::ParamHeaders;
use crate::peek::peek;
use crate::pending::Pending;
use crate::session::{Session, Snapshot};

/// Sessions in a row that a server may lose under one message. What was sent in a lost session was not taken, so sending it again
/// does nothing twice.
pub(crate) const RENEWALS: u32 = 5;
/// How much of an error's body is read.
const ERROR_BODY_BYTES: usize = 64 * 1024;

/// Everything that requests share.
pub(crate) struct Link {
    pub(crate) options: Options,
    pub(crate) credentials: Credentials,
    pub(crate) endpoints: Endpoints,
    pub(crate) session: Session,
    pub(crate) pending: Pending,
    pub(crate) tools: ParamHeaders,
    pub(crate) output: Output,
    pub(crate) eras: Eras,
    pub(crate) events: EventStreams,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) content: Content,
    pub(crate) host: String,
    /// `Mcp-Session-Id` of the answer.
    pub(crate) session_id: Option<HeaderValue>,
    /// The session that the message was sent in.
    pub(crate) session: Snapshot,
    /// What it was sent with: in use until this has been carried to its end.
    pub(crate) _credential: Arc<Loaded>,
    pub(crate) status: StatusCode,
    /// The stream that answers come on, of a server of the oldest kind.
    pub(crate) stream: Option<Arc<EventStream>>,
}

pub(crate) enum Content {
    /// 202, 204, or nothing in it.
    Nothing,
    Body(Bytes),
    /// A message that is being handed on, and where the rest of it comes from.
    Flow(Flow, Response),
    Events(Response),
}

/// What has been tried for one message; each remedy is for once.
#[derive(Default)]
struct Tried {
    credential: bool,
    endpoint: bool,
    redirect: bool,
    repeat: bool,
    wait: bool,
    /// Sessions that were lost under it.
    sessions: u32,
    /// When nobody listened for the first time.
    down_since: Option<Instant>,
    downs: u32,
}

/// True the first time.
fn first(tried: &mut bool) -> bool {
    !std::mem::replace(tried, true)
}

impl Link {
    /// Sends a message until there is an answer that another try would not mend.
    pub(crate) async fn post(&self, message: &Message) -> Result<Reply, Fault> {
        let mut tried = Tried::default();
        loop {
            let (endpoint, credential) =
                tokio::try_join!(self.endpoints.current(), self.credentials.current())?;
            let session = match &message.session {
                Some(session) => session.clone(),
                None => self.session.snapshot(),
            };
            let stream = self.events.current();
            if let Some(stream) = &stream
                && stream.is_closed()
                && message.session.is_none()
            {
                Box::pin(self.reopen_events(stream)).await?;
                continue;
            }
            let mut request = post_request(&endpoint, &credential, &session, message);
            if let Some(stream) = &stream {
                request.url_mut().clone_from(&stream.url);
            }
            let limit = if message.patient {
                self.options.call_timeout
            } else {
                self.options.answer_timeout
            };
            let response = match self.send(&endpoint, request, limit).await {
                Ok(response) => response,
                Err(Fault::Unreachable {
                    relocatable: true, ..
                }) if first(&mut tried.endpoint) => {
                    self.endpoints.relocate(endpoint.generation).await?;
                    continue;
                }
                // Nothing was sent, so it is safe to wait for a server that starts again.
                Err(Fault::Unreachable {
                    relocatable: true, ..
                }) if self.may_come_back(&mut tried).await => continue,
                Err(Fault::Broken { .. }) if message.repeatable && first(&mut tried.repeat) => {
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            let status = response.status();
            debug!(
                method = message.method,
                status = status.as_u16(),
                "answered"
            );
            if let Some(stream) = stream.filter(|_| status.is_success()) {
                credential.accepted();
                return Ok(Reply {
                    content: Content::Nothing,
                    host: endpoint.host.clone(),
                    session_id: None,
                    session,
                    status,
                    stream: Some(stream),
                    _credential: credential,
                });
            }
            if status.is_success() {
                credential.accepted();
                let reply = self.reply(message, response, &endpoint, session, credential);
                match reply.await {
                    // Nothing of its body was handed on.
                    Err(Fault::Broken { .. }) if message.repeatable && first(&mut tried.repeat) => {
                        continue;
                    }
                    reply => return reply,
                }
            }
            let head = response.headers().clone();
            match status {
                StatusCode::UNAUTHORIZED if first(&mut tried.credential) => {
                    self.credentials.renew(credential.generation).await?;
                    continue;
                }
                StatusCode::TOO_MANY_REQUESTS
                    if fault::wait(&head).is_some_and(|wait| wait <= self.options.wait_limit)
                        && first(&mut tried.wait) =>
                {
                    tokio::time::sleep(fault::wait(&head).unwrap_or_default()).await;
                    continue;
                }
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
                    if first(&mut tried.redirect) =>
                {
                    let location = head.get(LOCATION).and_then(|to| to.to_str().ok());
                    if let Some(location) = location
                        && self.endpoints.follow(&endpoint, location).await
                    {
                        continue;
                    }
                }
                _ => {}
            }
            let body = self.error_body(response, &endpoint).await;
            let in_session = message.has_session() && session.id.is_some();
            if in_session && message.session.is_none() && is_session_lost(status, &body) {
                tried.sessions += 1;
                if tried.sessions <= RENEWALS {
                    Box::pin(self.renew_session(session.generation)).await?;
                    continue;
                }
                if status == StatusCode::NOT_FOUND {
                    return Err(Fault::SessionLost {
                        host: endpoint.host.clone(),
                        detail: "it loses every new one at once".to_owned(),
                    });
                }
            }
            if is_error_answer(status, &body) {
                return Ok(Reply {
                    content: Content::Body(body),
                    host: endpoint.host.clone(),
                    session_id: None,
                    session,
                    _credential: credential,
                    status,
                    stream: None,
                });
            }
            if status == StatusCode::UNAUTHORIZED {
                credential.refused();
            }
            return Err(Fault::of_status(status, &head, &body, &endpoint.host));
        }
    }

    /// Sends a request and waits at most `limit` for the head of the answer.
    pub(crate) async fn send(
        &self,
        endpoint: &Endpoint,
        request: Request,
        limit: Duration,
    ) -> Result<Response, Fault> {
        match timeout(limit, endpoint.client.execute(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Fault::of_transport(
                &error,
                &endpoint.host,
                self.options.connect_timeout,
            )),
            Err(_) => Err(Fault::TimedOut {
                host: endpoint.host.clone(),
                limit,
            }),
        }
    }

    async fn reply(
        &self,
        message: &Message,
        response: Response,
        endpoint: &Endpoint,
        session: Snapshot,
        credential: Arc<Loaded>,
    ) -> Result<Reply, Fault> {
        let session_id = response.headers().get(headers::SESSION_ID).cloned();
        let status = response.status();
        let content = if matches!(
            response.status(),
            StatusCode::ACCEPTED | StatusCode::NO_CONTENT
        ) {
            Content::Nothing
        } else if is_events(response.headers()) {
            Content::Events(response)
        } else {
            self.body(message, response, endpoint).await?
        };
        Ok(Reply {
            content,
            host: endpoint.host.clone(),
            session_id,
            session,
            _credential: credential,
            status,
            stream: None,
        })
    }

    /// Waits a moment for a server that is down; `false` when it has been for too long.
    async fn may_come_back(&self, tried: &mut Tried) -> bool {
        let since = *tried.down_since.get_or_insert_with(Instant::now);
        let wait = self.options.reopen_first / 4 * 2_u32.saturating_pow(tried.downs.min(8));
        tried.downs += 1;
        let left = self.options.patience.saturating_sub(since.elapsed());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(wait.min(left).min(self.options.reopen_last)).await;
        true
    }

    /// What the host remembers of the server.
    pub(crate) fn recall(&self) -> Option<Dialect> {
        self.options.memory.as_ref()?.recall()
    }

    /// Lets the host remember what was found, where that is news.
    pub(crate) fn remember(&self, found: Dialect) {
        if let Some(memory) = &self.options.memory
            && memory.recall() != Some(found)
        {
            debug!(dialect = found.as_str(), "the server's dialect");
            memory.remember(found);
        }
    }

    /// The whole body, within the frame limit; a large one as soon as it has begun. A body in one piece is not copied.
    async fn body(
        &self,
        message: &Message,
        mut response: Response,
        endpoint: &Endpoint,
    ) -> Result<Content, Fault> {
        let limit_bytes = self.options.frame_limit_bytes;
        let too_large = || Fault::TooLarge {
            host: endpoint.host.clone(),
            limit_bytes,
        };
        let announced = response.content_length();
        if announced.is_some_and(|length| length > limit_bytes as u64) {
            return Err(too_large());
        }
        let mut may_flow = true;
        let mut whole = Bytes::new();
        let mut pieces = BytesMut::new();
        while let Some(piece) = self.next_chunk(&mut response, &endpoint.host).await? {
            if pieces.len() + whole.len() + piece.len() > limit_bytes {
                return Err(too_large());
            }
            if pieces.is_empty() && whole.is_empty() {
                whole = piece;
                continue;
            }
            if pieces.is_empty() {
                pieces.reserve(whole.len() + piece.len());
                pieces.extend_from_slice(&whole);
                whole = Bytes::new();
            }
            pieces.extend_from_slice(&piece);
            if pieces.len() >= LARGE_BYTES && std::mem::take(&mut may_flow) {
                let head = pieces.split().freeze();
                if let Some(flow) = self.begin_flow(&head, message).await {
                    return Ok(Content::Flow(flow, response));
                }
                pieces = BytesMut::from(head);
            }
        }
        let body = if pieces.is_empty() {
            whole
        } else {
            pieces.freeze()
        };
        Ok(if body.trim_ascii().is_empty() {
            Content::Nothing
        } else {
            Content::Body(body)
        })
    }

    /// The beginning of an error's body; what cannot be read counts as empty.
    async fn error_body(&self, mut response: Response, endpoint: &Endpoint) -> Bytes {
        let mut body = BytesMut::new();
        let read = async {
            while let Ok(Some(piece)) = response.chunk().await {
                body.extend_from_slice(&piece);
                if body.len() >= ERROR_BODY_BYTES {
                    body.truncate(ERROR_BODY_BYTES);
                    break;
                }
            }
        };
        if timeout(self.options.answer_timeout, read).await.is_err() {
            debug!(host = endpoint.host, "an error's body did not end");
        }
        body.freeze()
    }
}

fn post_request(
    endpoint: &Endpoint,
    credential: &Arc<Loaded>,
    session: &Snapshot,
    message: &Message,
) -> Request {
    let mut request = Request::new(reqwest::Method::POST, endpoint.url.clone());
    let head = request.headers_mut();
    head.clone_from(&credential.headers);
    head.reserve(8 + message.headers.len());
    head.insert(ACCEPT, headers::JSON_OR_EVENTS);
    head.insert(CONTENT_TYPE, headers::JSON);
    if let Some(version) = &message.stateless {
        head.insert(headers::PROTOCOL_VERSION, version.clone());
        for (name, value) in &message.headers {
            head.insert(name.clone(), value.clone());
        }
    } else if message.has_session() {
        insert_session(head, session);
    }
    *request.body_mut() = Some(message.body.clone().into());
    request
}

/// Session id and version, where there are any.
pub(crate) fn insert_session(head: &mut HeaderMap, session: &Snapshot) {
    if let Some(id) = &session.id {
        head.insert(headers::SESSION_ID, id.clone());
    }
    if let Some(version) = &session.version {
        head.insert(headers::PROTOCOL_VERSION, version.clone());
    }
}

/// Whether a body is a stream of events.
pub(crate) fn is_events(head: &HeaderMap) -> bool {
    head.get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| {
            kind.split(';')
                .next()
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"))
        })
}

/// Whether the server says that it does not know the session (any more): 404 by the specification; some servers say 400 or 401
/// and name the session in words. A 404 that answers this very request with "method not found" is none.
fn is_session_lost(status: StatusCode, body: &[u8]) -> bool {
    let says_session = || {
        body.windows(7)
            .any(|window| window.eq_ignore_ascii_case(b"session"))
    };
    match status {
        StatusCode::NOT_FOUND => !peek(body).is_ok_and(|seen| {
            seen.id.is_some()
                && seen
                    .error
                    .is_some_and(|error| error.get().contains("-32601"))
        }),
        StatusCode::BAD_REQUEST => {
            peek(body).is_ok_and(|seen| seen.id.is_none() && seen.error.is_some()) && says_session()
        }
        StatusCode::UNAUTHORIZED => says_session(),
        _ => false,
    }
}

/// Whether an error status carries the server's own JSON-RPC error, which says more than the status does.
fn is_error_answer(status: StatusCode, body: &[u8]) -> bool {
    !matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
    ) && peek(body).is_ok_and(|seen| seen.method.is_none() && seen.error.is_some_and(is_object))
}

fn is_object(raw: &serde_json::value::RawValue) -> bool {
    raw.get().starts_with('{')
}
