//! Browser sign-in, refresh and revocation against authorization servers that misbehave.

use std::collections::HashMap;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystow_core::remote::{BrowserSignIn, RemoteError, RemoteErrorKind as Kind, Session, SignIn};
use keystow_core::{Cancel, Secret};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::server::{Browser, Page, Server, json, remote, runtime};

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
    json(status, body).into_response()
}

fn begin(server: &Server) -> Box<dyn BrowserSignIn> {
    remote().browser(&server.base(), None).unwrap()
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

#[test]
fn signs_in_with_pkce_state_and_resource() {
    let (server, script) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let ticket = Secret::new("one-time".into());
    let attempt = remote().browser(&server.base(), Some(&ticket)).unwrap();
    let asked = pairs(attempt.url());
    assert_eq!(attempt.url().path(), "/authorize");
    for (name, value) in [
        ("hint", "1"),
        ("response_type", "code"),
        ("client_id", "keystow"),
        ("code_challenge_method", "S256"),
        ("scope", "workspace more"),
        ("keystow_ticket", "one-time"),
        ("resource", server.base().as_str()),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    assert_eq!(
        (url.host_str(), url.path()),
        (Some("127.0.0.1"), "/callback")
    );

    let (outcome, pages) = visit(attempt, vec![url.clone()]);
    let session = outcome.unwrap();
    assert_eq!(session.access, Secret::new("the-access".into()));
    assert_eq!(session.refresh, Some(Secret::new("the-refresh".into())));
    assert_eq!(session.oauth_client.as_deref(), Some("keystow"));
    assert!(session.expires_at.is_some());
    assert!(!is_open(&url));

    let form = script.forms.lock().unwrap().pop().unwrap();
    let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert_eq!(hashed, asked["code_challenge"]);
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "the-code"),
        ("client_id", "keystow"),
        ("resource", server.base().as_str()),
        ("redirect_uri", asked["redirect_uri"].as_str()),
    ] {
        assert_eq!(form[name], value, "{name}");
    }

    let page = &pages[0];
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(page.text.contains("Signed in") && page.text.contains("close this tab"));
    assert!(!page.text.contains("<script") && !page.text.contains("the-code"));
    let (_, rest) = page.text.split_once("<style>").unwrap();
    let style = rest.split_once("</style>").unwrap().0;
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
    assert!(
        policy.contains(&hash),
        "the style is not the one the policy allows"
    );
}

#[test]
fn refuses_descriptions_that_do_not_fit_together() {
    type Change = fn(&mut Script);
    let changes: [(&str, Change); 8] = [
        ("another resource", |s| {
            s.resource["resource"] = json!("https://example.com/api")
        }),
        ("no authorization server", |s| {
            s.resource["authorization_servers"] = json!([])
        }),
        ("at an address that is not safe", |s| {
            s.resource["authorization_servers"] = json!(["http://example.com"])
        }),
        ("another name", |s| {
            s.metadata["issuer"] = json!("https://example.com")
        }),
        ("without PKCE", |s| {
            s.metadata["code_challenge_methods_supported"] = json!(["plain"])
        }),
        ("without PKCE", |s| {
            s.metadata
                .as_object_mut()
                .unwrap()
                .remove("code_challenge_methods_supported");
        }),
        ("not safe", |s| {
            s.metadata["token_endpoint"] = json!("http://example.com/token")
        }),
        ("not safe", |s| {
            s.metadata["authorization_endpoint"] = json!("javascript:alert(1)")
        }),
    ];
    for (what, change) in changes {
        let (server, _) = start(change);
        match remote()
            .browser(&server.base(), None)
            .map(|_| ())
            .unwrap_err()
            .kind
        {
            Kind::Unexpected { found, .. } => assert!(found.contains(what), "{found}"),
            other => unreachable!("{other:?} where {what} was meant"),
        }
    }
}

#[test]
fn finds_the_description_where_openid_has_it() {
    let server = Server::start_at(|origin| {
        let Script {
            resource,
            mut metadata,
            ..
        } = script(origin);
        let issuer = format!("{origin}/tenant");
        let mut resource = resource;
        resource["authorization_servers"] = json!([issuer]);
        metadata["issuer"] = json!(issuer);
        Router::new()
            .route(
                "/.well-known/oauth-protected-resource/api",
                get(async || Json(resource)),
            )
            .route(
                "/tenant/.well-known/openid-configuration",
                get(async || Json(metadata)),
            )
    });
    assert_eq!(begin(&server).url().path(), "/authorize");
}

#[test]
fn a_workspace_without_oauth_says_so() {
    let server = Server::start(Router::new());
    let error = remote()
        .browser(&server.base(), None)
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn a_wrong_state_is_sent_away_and_the_wait_goes_on() {
    let (server, script) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let code = [("code", "the-code"), ("iss", origin.as_str())];
    let urls = vec![
        back(&*attempt, Some("guessed"), &code),
        back(
            &*attempt,
            Some(""),
            &[("error", "access_denied"), ("iss", &origin)],
        ),
        back(&*attempt, None, &code),
    ];
    let (outcome, pages) = visit(attempt, urls);
    assert!(outcome.is_ok());
    let statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [400, 400, 200]);
    assert_eq!(script.forms.lock().unwrap().len(), 1);
}

#[test]
fn nothing_is_redeemed_for_another_authorization_server() {
    for iss in [Some("https://mixed.up"), None] {
        let (server, script) = start(|_| {});
        let attempt = begin(&server);
        let mut query = vec![("code", "the-code"), ("error_description", "show-me-not")];
        query.extend(iss.map(|iss| ("iss", iss)));
        let url = back(&*attempt, None, &query);
        let (outcome, pages) = visit(attempt, vec![url]);
        let error = outcome.unwrap_err();
        assert!(
            matches!(&error.kind, Kind::Unexpected { found, .. } if found.contains("another")),
            "{error}"
        );
        assert!(!pages[0].text.contains("show-me-not") && pages[0].text.contains("Not signed in"));
        assert!(script.forms.lock().unwrap().is_empty());
    }
}

#[test]
fn a_no_is_told_to_both_sides() {
    let (server, script) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let deny = |error: &str, sentence: &str| {
        let attempt = begin(&server);
        let query = [
            ("error", error),
            ("error_description", sentence),
            ("iss", origin.as_str()),
        ];
        let url = back(&*attempt, None, &query);
        let (outcome, mut pages) = visit(attempt, vec![url]);
        (outcome.unwrap_err().kind, pages.remove(0).text)
    };
    let (kind, page) = deny("access_denied", "The owner said no.");
    let detail = "access was not allowed".to_owned();
    assert_eq!(kind, Kind::SignInRefused { detail });
    assert!(page.contains("access was not allowed"), "{page}");

    let (kind, page) = deny("server_error", "<b>Broken</b>\u{7}");
    let detail = "<b>Broken</b>".to_owned();
    assert_eq!(kind, Kind::SignInRefused { detail });
    assert!(page.contains("&lt;b&gt;Broken"), "{page}");
    assert!(script.forms.lock().unwrap().is_empty());
}

#[test]
fn a_code_that_is_not_accepted_is_a_refused_sign_in() {
    let (server, _) = start(|script| {
        script.token = (
            400,
            json!({"error": "invalid_grant", "error_description": "the-code is too old"}),
        );
    });
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let (outcome, pages) = visit(attempt, vec![url]);
    let detail = "•••••••• is too old".to_owned();
    assert_eq!(outcome.unwrap_err().kind, Kind::SignInRefused { detail });
    assert!(pages[0].text.contains("Not signed in"));
}

#[test]
fn the_port_answers_to_its_name_its_path_and_a_browser_only() {
    let (server, _) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let browser = Browser::new();
    let port = url.port().unwrap();
    for host in ["localhost", "evil.example", &format!("localhost:{port}")] {
        assert_eq!(browser.get_as(&url, host).status, 421, "{host}");
    }
    for path in ["/", "/callback/", "/favicon.ico", "/Callback"] {
        let mut other = url.clone();
        other.set_path(path);
        assert_eq!(browser.get(&other).status, 404, "{path}");
    }
    for method in [
        reqwest::Method::HEAD,
        reqwest::Method::POST,
        reqwest::Method::OPTIONS,
    ] {
        assert_eq!(browser.method(method, &url).status, 405);
    }
    // None of that used the code up.
    assert!(visit(attempt, vec![url]).0.is_ok());
}

#[test]
fn the_same_answer_does_not_count_twice() {
    let (server, script) = start(|script| script.silent = true);
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let (cancel, again) = (Cancel::default(), url.clone());
    let first = std::thread::spawn(move || Browser::new().get(&url));
    let stop = cancel.clone();
    let second = std::thread::spawn(move || {
        // The first has been taken once the code is on its way.
        while script.forms.lock().unwrap().is_empty() {
            std::thread::yield_now();
        }
        let page = Browser::new().get(&again);
        stop.cancel();
        page
    });
    let outcome = attempt.wait(&cancel, 10_000);
    assert_eq!(outcome.unwrap_err().kind, Kind::Cancelled);
    assert_eq!(second.join().unwrap().status, 410);
    assert!(first.join().unwrap().text.contains("cancelled"));
}

#[test]
fn a_cancel_ends_the_wait_at_once_and_closes_the_port() {
    let (server, _) = start(|_| {});
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[]);
    // A browser that holds a connection open does not hold us.
    let _idle = TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let waiting = std::thread::spawn(move || {
        let outcome = attempt.wait(&cancel, 60_000);
        (outcome.unwrap_err().kind, Instant::now())
    });
    let began = Instant::now();
    stop.cancel();
    let (kind, ended) = waiting.join().unwrap();
    assert_eq!(kind, Kind::Cancelled);
    assert!(
        ended - began < Duration::from_secs(1),
        "{:?}",
        ended - began
    );
    assert!(!is_open(&url));
}

#[test]
fn the_wait_ends_in_time_and_closes_the_port() {
    let (server, _) = start(|_| {});
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[]);
    let outcome = attempt.wait(&Cancel::default(), 50);
    assert_eq!(outcome.unwrap_err().kind, Kind::TimedOut { limit_ms: 50 });
    assert!(!is_open(&url));
}

#[test]
fn the_time_counts_while_the_code_is_redeemed_too() {
    let (server, _) = start(|script| script.silent = true);
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let browser = std::thread::spawn(move || Browser::new().get(&url));
    let outcome = attempt.wait(&Cancel::default(), 400);
    assert_eq!(outcome.unwrap_err().kind, Kind::TimedOut { limit_ms: 400 });
    assert!(browser.join().unwrap().text.contains("took too long"));
}

#[test]
fn an_attempt_that_nobody_waits_for_closes_its_port() {
    let (server, _) = start(|_| {});
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[]);
    assert!(is_open(&url));
    drop(attempt);
    let until = Instant::now() + Duration::from_secs(5);
    while is_open(&url) {
        assert!(Instant::now() < until, "the port is still open");
        std::thread::yield_now();
    }
}

#[test]
fn waits_on_a_blocking_thread_of_another_runtime() {
    let (server, _) = start(|_| {});
    let base = server.base();
    let origin = format!("http://{}", server.address);
    let waiting = runtime().spawn_blocking(move || {
        let attempt = remote().browser(&base, None).unwrap();
        let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
        let browser = std::thread::spawn(move || Browser::new().get(&url));
        let outcome = attempt.wait(&Cancel::default(), 5_000);
        browser.join().unwrap();
        outcome.is_ok()
    });
    assert!(runtime().block_on(waiting).unwrap());
}

fn session() -> Session {
    Session {
        access: Secret::new("old-access".into()),
        refresh: Some(Secret::new("old-refresh".into())),
        expires_at: None,
        oauth_client: Some("keystow".into()),
    }
}

#[test]
fn refreshes_at_the_token_endpoint() {
    let (server, script) = start(|_| {});
    let new = remote().refresh(&server.base(), &session()).unwrap();
    assert_eq!(new.refresh, Some(Secret::new("the-refresh".into())));
    assert_eq!(new.oauth_client.as_deref(), Some("keystow"));
    let form = script.forms.lock().unwrap().pop().unwrap();
    for (name, value) in [
        ("grant_type", "refresh_token"),
        ("refresh_token", "old-refresh"),
        ("client_id", "keystow"),
        ("resource", server.base().as_str()),
    ] {
        assert_eq!(form[name], value, "{name}");
    }
}

#[test]
fn a_refused_refresh_token_ends_the_session() {
    let kind = |status, body| {
        let (server, _) = start(|script| script.token = (status, body));
        remote()
            .refresh(&server.base(), &session())
            .unwrap_err()
            .kind
    };
    assert_eq!(
        kind(400, json!({"error": "invalid_grant"})),
        Kind::SessionEnded
    );
    assert_eq!(
        kind(503, json!({"error": "temporarily_unavailable"})),
        Kind::Server { status: 503 }
    );
    let other = kind(200, json!({"access_token": "a", "token_type": "DPoP"}));
    assert!(matches!(other, Kind::Unexpected { .. }), "{other}");
}

#[test]
fn signs_out_by_revoking_the_refresh_token() {
    let (server, script) = start(|_| {});
    remote().sign_out(&server.base(), &session()).unwrap();
    let form = script.forms.lock().unwrap().pop().unwrap();
    assert_eq!(
        (form["token"].as_str(), form["client_id"].as_str()),
        ("old-refresh", "keystow")
    );

    let (server, _) = start(|script| script.token = (400, json!({"error": "invalid_token"})));
    remote().sign_out(&server.base(), &session()).unwrap();

    let (server, _) = start(|script| script.token = (503, json!({})));
    let error = remote().sign_out(&server.base(), &session()).unwrap_err();
    assert_eq!(error.kind, Kind::Server { status: 503 });

    let (server, _) = start(|script| {
        script
            .metadata
            .as_object_mut()
            .unwrap()
            .remove("revocation_endpoint");
    });
    let error = remote().sign_out(&server.base(), &session()).unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
}
