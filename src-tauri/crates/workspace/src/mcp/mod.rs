//! The MCP endpoint: who may come in, what is counted, and the protocol behind it (both eras, by the official library).

mod peek;
pub(crate) mod permit;
mod tools;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use futures_util::{FutureExt, StreamExt};
use rmcp::transport::streamable_http_server::session::SessionManager;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};

use crate::http::{BODY_BYTES, Problem, bearer, bytes_of};
use crate::live::{LiveKey, Rate, Refused};
use crate::mcp::peek::Peek;
use crate::mcp::tools::Tools;
use crate::state::State;

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// A session nobody used for this long is forgotten; its client gets a 404 then and starts anew.
const SESSION_LIFE: Duration = Duration::from_secs(24 * 3600);

type Service = StreamableHttpService<Tools, LocalSessionManager>;

/// Sessions of the era that has them (2025-11-25 and before).
pub(crate) struct Sessions {
    manager: Arc<LocalSessionManager>,
    config: StreamableHttpServerConfig,
    open: Mutex<HashMap<String, Session>>,
}

/// Whose a session is. Another key cannot use it, even if it learns the id.
#[derive(Clone)]
struct Session {
    key: String,
    client: String,
}

impl Default for Sessions {
    fn default() -> Self {
        let mut manager = LocalSessionManager::default();
        manager.session_config.keep_alive = Some(SESSION_LIFE);
        // Host and Origin are checked for all routes alike.
        let config = StreamableHttpServerConfig::default()
            .disable_allowed_hosts()
            .with_json_response(true)
            .with_max_request_body_bytes(BODY_BYTES);
        Self {
            manager: Arc::new(manager),
            config,
            open: Mutex::default(),
        }
    }
}

impl Sessions {
    fn open(&self) -> std::sync::MutexGuard<'_, HashMap<String, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all sessions and streams.
    pub(crate) fn close(&self) {
        self.config.cancellation_token.cancel();
    }

    /// Ends the sessions of a key that may no longer use them.
    pub(crate) async fn end_of_key(&self, key: &str) {
        let ids: Vec<String> = {
            let mut open = self.open();
            let ids = open.iter().filter(|(_, session)| session.key == key);
            let ids: Vec<String> = ids.map(|(id, _)| id.clone()).collect();
            for id in &ids {
                open.remove(id);
            }
            ids
        };
        for id in ids {
            if let Err(error) = self.manager.close_session(&id.into()).await {
                tracing::warn!(%error, "a session could not be closed");
            }
        }
    }

    /// Forgets sessions that ended by themselves.
    pub(crate) async fn prune(&self) {
        let alive = self.manager.sessions.read().await;
        self.open().retain(|id, _| alive.contains_key(id.as_str()));
    }
}

/// The route.
pub(crate) fn route(state: &Arc<State>) -> MethodRouter<Arc<State>> {
    let handler_state = Arc::clone(state);
    let service: Service = StreamableHttpService::new(
        move || Ok(Tools::new(Arc::clone(&handler_state))),
        Arc::clone(&state.sessions.manager),
        state.sessions.config.clone(),
    );
    let state = Arc::clone(state);
    any(move |request: Request| {
        let (state, service) = (Arc::clone(&state), service.clone());
        async move { admit(&state, &service, request).await }
    })
}

/// Everything that is asked of a request before the protocol sees it. It is asked again each time, so that a key that was
/// revoked, paused or limited meanwhile is refused at once.
async fn admit(state: &Arc<State>, service: &Service, request: Request) -> Response {
    let key = match authorise(state, request.headers()).await {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let rate = key.count();
    let mut response = match rate.wait {
        Some(seconds) => Problem::too_many(
            format!("This key may make {} requests a minute.", rate.limit),
            seconds,
        )
        .into_response(),
        None => match serve(state, service, &key, request).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        },
    };
    tell(&mut response, rate);
    response
}

async fn authorise(state: &State, headers: &HeaderMap) -> Result<Arc<LiveKey>, Problem> {
    let metadata = format!(
        "{}/.well-known/oauth-protected-resource/api/mcp/stream",
        state.origin
    );
    let credential = bearer(headers).or_else(|| headers.get(API_KEY)?.to_str().ok());
    let Some(credential) = credential else {
        return Err(
            Problem::unauthorised("unauthorized", "Send an API key of this workspace.")
                .with_challenge(format!("Bearer resource_metadata=\"{metadata}\"")),
        );
    };
    let refused = match state.keys.authorise(&state.db, credential).await {
        Ok(key) => return Ok(key),
        Err(refused) => refused,
    };
    let code = match &refused {
        Refused::Unknown => "key_unknown",
        Refused::Revoked => "key_revoked",
        Refused::Expired => "key_expired",
        Refused::TokenExpired => "token_expired",
        Refused::WrongAudience => "wrong_audience",
        Refused::Paused => {
            return Err(Problem::forbidden("key_paused", sentence(&refused)));
        }
        Refused::Db(_) => {
            let Refused::Db(error) = refused else {
                unreachable!("matched just now")
            };
            return Err(error.into());
        }
    };
    let detail = sentence(&refused);
    Err(
        Problem::unauthorised(code, detail.clone()).with_challenge(format!(
            "Bearer error=\"invalid_token\", error_description=\"{detail}\", resource_metadata=\"{metadata}\""
        )),
    )
}

/// An error's text as a sentence.
fn sentence(error: &Refused) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

async fn serve(
    state: &State,
    service: &Service,
    key: &Arc<LiveKey>,
    request: Request,
) -> Result<Response, Problem> {
    let session_id = request
        .headers()
        .get(SESSION_ID)
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    let session = match &session_id {
        None => None,
        Some(id) => {
            let session = state.sessions.open().get(id).cloned();
            // To a stranger a session of another key is not there.
            let session = session.filter(|session| session.key == key.id);
            Some(session.ok_or_else(no_session)?)
        }
    };
    let is_post = request.method() == Method::POST;
    let is_delete = request.method() == Method::DELETE;
    let (mut parts, body) = request.into_parts();
    let body = if is_post {
        bytes_of(body).await?
    } else {
        Default::default()
    };
    let peek = Peek::of(&parts.method, &body);
    let client = peek
        .client
        .or_else(|| session.map(|session| session.client))
        .unwrap_or_else(|| peek::user_agent(&parts.headers));
    if let Some(seq) = key.seq {
        state.usage.record(seq, peek.endpoint, client.clone());
    }
    if peek.learns_tools {
        key.reconnected();
    }
    parts.extensions.insert(Arc::clone(key));
    let response = service
        .handle(Request::from_parts(parts, Body::from(body)))
        .await
        .map(Body::new);
    if let Some(id) = response
        .headers()
        .get(SESSION_ID)
        .and_then(|id| id.to_str().ok())
    {
        let key = key.id.clone();
        state
            .sessions
            .open()
            .insert(id.to_owned(), Session { key, client });
    }
    if is_delete && let Some(id) = session_id {
        state.sessions.open().remove(&id);
    }
    Ok(until_ended(response, state, key))
}

fn no_session() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "session_not_found",
        "Not found",
        "This session has ended, or is another key's. Initialize a new one.",
    )
}

/// A stream that is open when the key is revoked or paused, or when the server ends, ends too.
fn until_ended(response: Response, state: &State, key: &LiveKey) -> Response {
    let is_stream = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !is_stream {
        return response;
    }
    let revoked = Box::pin(key.ending.cancelled());
    let closing = Box::pin(state.closing.cancelled());
    let ended = futures_util::future::select(revoked, closing).map(|_| ());
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(ended)))
}

/// Tells a client where it stands in its minute, in both spellings: draft-ietf-httpapi-ratelimit-headers-10 (checked 2026-11-20),
/// and what most servers send.
fn tell(response: &mut Response, rate: Rate) {
    let headers = response.headers_mut();
    for (name, value) in [
        (
            "ratelimit-policy",
            format!("\"minute\";q={};w=60", rate.limit),
        ),
        (
            "ratelimit",
            format!("\"minute\";r={};t={}", rate.remaining, rate.left),
        ),
    ] {
        let value = HeaderValue::try_from(value).expect("digits and punctuation");
        headers.insert(name, value);
    }
    headers.insert("x-ratelimit-limit", HeaderValue::from(rate.limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(rate.remaining));
    headers.insert("x-ratelimit-reset", HeaderValue::from(rate.reset));
}
