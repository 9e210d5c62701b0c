//! The HTTP surface: what holds for all routes.

mod auth;
mod authorize;
mod body;
mod consent;
mod device;
mod device_page;
mod keys;
mod metadata;
mod once;
mod organizations;
mod problem;
mod register;
mod routes;
mod token;
mod totp;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HOST, ORIGIN, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

pub(crate) use auth::{Partials, bearer};
pub(crate) use authorize::Consents;
pub(crate) use body::{Held, bytes_of};
pub(crate) use device::Devices;
pub(crate) use problem::Problem;

use crate::state;
use crate::{grants, random};

/// The largest request body taken.
pub(crate) const BODY_BYTES: usize = 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long counted requests are collected before they are written.
const FLUSH_AFTER: Duration = Duration::from_secs(1);

/// How often what ended is cleaned away.
const PRUNE_EVERY: Duration = Duration::from_secs(60);

/// The whole surface.
pub(crate) fn router(state: Arc<state::State>) -> Router {
    routes::all(&state)
        .into_router()
        .fallback(async || Problem::not_found("There is nothing at this address."))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(Arc::clone(&state), only_from_here))
        .layer(from_fn_with_state(Arc::clone(&state), frame))
        .with_state(state)
}

/// The outermost layer: counts the request as under way until its answer is out, names it, and writes problems out. Nothing is
/// answered before the whole request is there: an answer that leaves before it is lost when the connection closes.
async fn frame(State(state): State<Arc<state::State>>, request: Request, next: Next) -> Response {
    let busy = state.activity.begin();
    let request_id = random::short_id("req_");
    let (head, body) = request.into_parts();
    let mut response = match body::read_all(body).await {
        Ok(body) => next.run(Request::from_parts(head, body.into())).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.written(&request_id, response);
    }
    let headers = response.headers_mut();
    headers.insert(
        REQUEST_ID,
        HeaderValue::from_str(&request_id).expect("letters and digits"),
    );
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.map(|body| Held::new(body, busy).into_body())
}

/// Refuses requests a web page could have made: a name that is not ours points here (DNS rebinding), or a foreign origin asks.
async fn only_from_here(
    State(state): State<Arc<state::State>>,
    request: Request,
    next: Next,
) -> Response {
    let port = state.address.port();
    let ours = |host: &str| {
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host.eq_ignore_ascii_case(&format!("{name}:{port}")))
    };
    let host = match only(request.headers(), &HOST) {
        Some(host) => Some(host),
        None => request
            .uri()
            .authority()
            .map(|authority| authority.as_str()),
    };
    if !host.is_some_and(ours) {
        return Problem::forbidden(
            "host_not_allowed",
            "This server answers to its own address only.",
        )
        .into_response();
    }
    let allowed = !request.headers().contains_key(ORIGIN)
        || only(request.headers(), &ORIGIN)
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(ours);
    if !allowed {
        return Problem::forbidden(
            "origin_not_allowed",
            "Requests from other web pages are not taken.",
        )
        .into_response();
    }
    next.run(request).await
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then(|| first.to_str().ok())?
}

/// Writes counted requests, and forgets what has expired, until it is aborted.
pub(crate) async fn housekeeping(state: Arc<state::State>) {
    let mut prunes = tokio::time::interval_at(Instant::now() + PRUNE_EVERY, PRUNE_EVERY);
    loop {
        tokio::select! {
            () = state.usage.to_write() => {
                tokio::time::sleep(FLUSH_AFTER).await;
                if let Err(error) = state.usage.flush(&state.db).await {
                    tracing::warn!(%error, "requests could not be written to the activity log; trying again");
                }
            }
            _ = prunes.tick() => prune(&state).await,
        }
    }
}

async fn prune(state: &state::State) {
    state.keys.prune();
    state.consents.prune();
    state.partials.prune();
    state.devices.prune();
    state.sessions.prune().await;
    if let Err(error) = state.db.write(grants::prune).await {
        tracing::warn!(%error, "expired tokens could not be removed");
    }
}
