//! Browser sign-in, refresh and revocation against authorization servers that misbehave.

mod at_server;
mod better_auth;
mod local;
mod port;
mod session;
mod sign_in;

use std::collections::HashMap;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use keystow_core::Cancel;
use keystow_core::remote::{BrowserSignIn, RemoteError, Session};
use serde_json::{Value, json};
use url::Url;

use crate::server::{Browser, Page, Server, json, ocore, remote};

/// What an authorization server says of itself and how it answers.
#[derive(Clone)]
struct Script {
    resource: Value,
    metadata: Value,
    token: (u16, Value),
    /// Never answers a code or refresh token.
    silent: bool,
    /// What came to the token and revocation endpoints.
    forms: Arc<Mutex<Vec<HashMap<String, String>>>>,
}

fn script(origin: &str) -> Script {
    Script {
        resource: json!({
            "resource": format!("{origin}/api"), "authorization_servers": [origin], "scopes_supported": ["workspace", "more"],
        }),
        metadata: json!({
            "issuer": origin, "authorization_endpoint": format!("{origin}/authorize?hint=1"),
            "token_endpoint": format!("{origin}/token"), "revocation_endpoint": format!("{origin}/revoke"),
            "code_challenge_methods_supported": ["plain", "S256"], "authorization_response_iss_parameter_supported": true,
        }),
        token: (
            200,
            json!({"access_token": "the-access", "token_type": "bearer", "expires_in": 60, "refresh_token": "the-refresh"}),
        ),
        silent: false,
        forms: Arc::default(),
    }
}

fn start(change: impl FnOnce(&mut Script)) -> (Server, Script) {
    let mut kept = None;
    let server = Server::start_at(|origin| {
        let mut script = script(origin);
        change(&mut script);
        kept = Some(script.clone());
        Router::new()
            .route(
                "/.well-known/oauth-protected-resource/api",
                get(async |State(script): State<Script>| Json(script.resource)),
            )
            .route(
                "/.well-known/oauth-authorization-server",
                get(async |State(script): State<Script>| Json(script.metadata)),
            )
            .route(
                "/api/auth/ticket",
                post(async |Json(asked): Json<Value>| {
                    assert_eq!(asked["codeChallenge"].as_str().map(str::len), Some(43));
                    Json(json!({"ticket": "one-time", "expiresIn": 60}))
                }),
            )
            .route("/token", post(token))
            .route("/revoke", post(token))
            .with_state(script)
    });
    (server, kept.unwrap())
}

async fn token(
    State(script): State<Script>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    script.forms.lock().unwrap().push(form);
    if script.silent {
        std::future::pending::<()>().await;
    }
    let (status, body) = script.token;
    json(status, body)
}

fn begin(server: &Server) -> Box<dyn BrowserSignIn> {
    ocore(&remote()).browser(&server.base(), None).unwrap()
}

fn pairs(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

/// The address the browser is to come back to, with `query` appended to the state.
fn back(attempt: &dyn BrowserSignIn, state: Option<&str>, query: &[(&str, &str)]) -> Url {
    let asked = pairs(attempt.url());
    let mut url = Url::parse(&asked["redirect_uri"]).unwrap();
    url.query_pairs_mut()
        .append_pair("state", state.unwrap_or(&asked["state"]))
        .extend_pairs(query);
    url
}

/// Waits while a browser visits one address after the other.
fn visit(
    attempt: Box<dyn BrowserSignIn>,
    urls: Vec<Url>,
) -> (Result<Session, RemoteError>, Vec<Page>) {
    let browser = std::thread::spawn(move || {
        let browser = Browser::new();
        urls.iter().map(|url| browser.get(url)).collect()
    });
    let outcome = attempt.wait(&Cancel::default(), 5_000);
    (outcome, browser.join().unwrap())
}

fn is_open(url: &Url) -> bool {
    TcpStream::connect(("127.0.0.1", url.port().unwrap())).is_ok()
}
