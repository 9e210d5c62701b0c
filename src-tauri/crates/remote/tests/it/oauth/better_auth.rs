//! A real better-auth 1.7.5 as authorization server, with an MCP server beside it (`tests/better-auth/oauth.mjs`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystow_core::remote::{BrowserSignIn, RemoteErrorKind as Kind, ServerSignIn, Session};
use keystow_core::{Cancel, Secret};
use serde_json::{Value, json};
use url::Url;

use super::pairs;
use crate::dialects::app::App;
use crate::server::{Browser, remote};

fn mcp(app: &App) -> Url {
    app.base.join("/mcp").unwrap()
}

/// Says yes or no where the app asks Mira; gives the address that the browser is sent to.
fn answer(app: &App, attempt: &dyn BrowserSignIn, accept: bool) -> Url {
    let browser = Browser::new();
    let page = browser.get_with(attempt.url(), &app.session);
    let asks = page.headers["location"].to_str().unwrap();
    let asks = app.base.join(asks).unwrap();
    assert_eq!(asks.path(), "/consent");
    let answer = json!({"accept": accept, "oauth_query": asks.query().unwrap()});
    let consent = app.base.join("/api/auth/oauth2/consent").unwrap();
    let told = browser.post_with(&consent, &app.session, &answer);
    // A yes is a redirect, a no an address in JSON.
    if told.headers.contains_key("location") {
        return told.location();
    }
    let told: Value = serde_json::from_str(&told.text).unwrap();
    Url::parse(told["url"].as_str().unwrap()).unwrap()
}

fn decide(app: &App, accept: bool) -> Result<Session, Kind> {
    let attempt = remote().begin(&mcp(app), None, &[]).unwrap();
    let back = answer(app, &*attempt, accept);
    let redirect_uri = &pairs(attempt.url())["redirect_uri"];
    assert!(back.as_str().starts_with(redirect_uri.as_str()));
    let browser = std::thread::spawn(move || Browser::new().get(&back));
    let outcome = attempt.wait(&Cancel::default(), 20_000);
    browser.join().unwrap();
    outcome.map_err(|error| error.kind)
}

/// What a JWT says.
fn claims(token: &Secret) -> Value {
    let body = token.expose().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

fn refresh_error(app: &App, session: &Session) -> Kind {
    remote().refresh(&mcp(app), session).unwrap_err().kind
}

#[test]
fn a_real_authorization_server_registers_signs_in_and_rotates() {
    let app = App::authorization_server();
    let first = decide(&app, true).unwrap();
    let issuer = app.base.join("/api/auth").unwrap();
    assert_eq!(first.issuer.as_deref(), Some(issuer.as_str()));
    assert!(first.oauth_client.is_some() && first.expires_at.is_some());
    let told = claims(&first.access);
    assert_eq!(told["aud"], mcp(&app).as_str());
    assert_eq!(told["iss"], issuer.as_str());

    let second = remote().refresh(&mcp(&app), &first).unwrap();
    assert_ne!(second.refresh, first.refresh);
    assert_eq!(claims(&second.access)["aud"], mcp(&app).as_str());

    // The old token was used up: showing it again ends all that came of it.
    assert_eq!(refresh_error(&app, &first), Kind::SessionEnded);
    assert_eq!(refresh_error(&app, &second), Kind::SessionEnded);
    remote().revoke(&mcp(&app), &second).unwrap();
}

#[test]
fn a_real_authorization_server_revokes_and_passes_on_a_no() {
    let app = App::authorization_server();
    let session = decide(&app, true).unwrap();
    remote().revoke(&mcp(&app), &session).unwrap();
    assert_eq!(refresh_error(&app, &session), Kind::SessionEnded);
    let detail = "access was not allowed".to_owned();
    assert_eq!(
        decide(&app, false).unwrap_err(),
        Kind::SignInRefused { detail }
    );
}
