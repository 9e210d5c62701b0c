//! A proxy between us and a server that fails in every way there is. After each, the kind is right, it is known whether a write may
//! have happened, and no error quotes a secret.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use keystow_core::key::NewKey;
use keystow_core::remote::{RemoteError, RemoteErrorKind as Kind, ServerSignIn, Session};
use keystow_core::{KeyId, Secret};
use keystow_testkit::{Fault, FaultProxy};
use serde_json::json;
use url::Url;

use crate::scripted::Scripted;
use crate::server::{Server, caller, first_page, impatient, json, keys, remote};

/// A workspace with one key, behind the proxy.
struct Faulty {
    proxy: FaultProxy,
    /// Writes that reached the workspace.
    writes: Arc<AtomicUsize>,
    _server: Server,
}

const LIST: &str = "GET /api/api-keys";
const CREATE: &str = "POST /api/api-keys";

fn faulty() -> Faulty {
    let writes = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&writes);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let write = request.method() != reqwest::Method::GET;
        count.fetch_add(usize::from(write), Ordering::SeqCst);
        async move {
            // A server that closes before it has read everything breaks the proxy's own request.
            axum::body::to_bytes(request.into_body(), 10_000)
                .await
                .unwrap();
            let key = json!({"id": "k1", "name": "mine"});
            match write {
                true => json(201, json!({"key": "ksl_the_new_secret", "apiKey": key})),
                false => json(200, json!({"apiKeys": [key], "total": 1})),
            }
        }
    }));
    Faulty {
        proxy: FaultProxy::start(server.address),
        writes,
        _server: server,
    }
}

impl Faulty {
    fn base(&self) -> Url {
        Url::parse(&format!("{}/api", self.proxy.url())).unwrap()
    }

    fn list(&self) -> Result<u64, RemoteError> {
        let page = keys(&impatient()).list(&caller(&self.base()), &first_page());
        page.map(|page| page.total).inspect_err(hidden)
    }

    fn create(&self) -> Result<KeyId, RemoteError> {
        let new = NewKey {
            name: "mine".into(),
            ..NewKey::default()
        };
        let made = keys(&impatient()).create(&caller(&self.base()), &new);
        made.map(|made| made.key.id).inspect_err(hidden)
    }

    fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    /// What a read and a write come to under a fault; how many writes reached the workspace.
    fn under(&self, fault: &Fault) -> (Kind, Kind, bool, usize) {
        self.proxy.pass();
        self.proxy.always("", fault.clone());
        let before = self.writes();
        let (read, write) = (self.list().unwrap_err(), self.create().unwrap_err());
        assert_eq!(read.outcome_unknown(), write.outcome_unknown());
        let unknown = write.outcome_unknown();
        (read.kind, write.kind, unknown, self.writes() - before)
    }
}

fn hidden(error: &RemoteError) {
    let told = format!("{error} {error:?}");
    for secret in ["access-token-of-the-test", "ksl_the_new_secret", "hidden"] {
        assert!(!told.contains(secret), "{told}");
    }
}

fn found(kind: &Kind) -> &str {
    match kind {
        Kind::Unexpected { found, .. } => found,
        other => unreachable!("{other:?} where Unexpected was meant"),
    }
}

#[test]
fn a_connection_that_is_cut_leaves_a_write_unknown() {
    let faulty = faulty();
    assert_eq!(faulty.list().unwrap(), 1);
    assert_eq!(faulty.create().unwrap(), KeyId::new("k1"));
    for (fault, reached) in [
        (Fault::Refuse, 0),
        (Fault::DropResponse, 1),
        (Fault::CutBody, 1),
    ] {
        let (read, write, unknown, writes) = faulty.under(&fault);
        assert!(matches!(read, Kind::Broken { .. }), "{fault:?}: {read}");
        assert!(matches!(write, Kind::Broken { .. }), "{fault:?}: {write}");
        assert!(unknown, "{fault:?}");
        assert_eq!(writes, reached, "{fault:?}");
    }
    faulty.proxy.pass();
    assert_eq!(faulty.list().unwrap(), 1);
}

#[test]
fn an_answer_that_comes_too_late_leaves_a_write_unknown() {
    let faulty = faulty();
    let limit_ms = 300;
    let late = Kind::TimedOut { limit_ms };
    for fault in [Fault::Delay(Duration::from_secs(20)), Fault::Stall] {
        let (read, write, unknown, _) = faulty.under(&fault);
        assert_eq!((&read, &write, unknown), (&late, &late, true), "{fault:?}");
    }
    faulty.proxy.pass();
    faulty
        .proxy
        .always("", Fault::Delay(Duration::from_millis(1)));
    assert_eq!(faulty.list().unwrap(), 1);
}

#[test]
fn a_storm_of_429_is_waited_for_once_by_a_read_and_never_by_a_write() {
    let faulty = faulty();
    let body = b"{\"error\": \"slow_down\"}".to_vec();
    let storm = Fault::answer(429, "application/json", body).with_header("Retry-After", "0");
    let (read, write, unknown, writes) = faulty.under(&storm);
    let retry_after_ms = Some(0);
    let limited = Kind::RateLimited { retry_after_ms };
    assert_eq!((&read, &write), (&limited, &limited));
    assert_eq!((unknown, writes), (false, 0));
    let asked = |what: &str| {
        let all = faulty.proxy.requests();
        all.iter().filter(|asked| asked.starts_with(what)).count()
    };
    assert_eq!((asked(LIST), asked(CREATE)), (2, 1));

    faulty.proxy.pass();
    faulty.proxy.once(LIST, storm);
    assert_eq!(faulty.list().unwrap(), 1);
    assert_eq!(asked(LIST), 4);

    faulty.proxy.pass();
    let long = Fault::answer(429, "text/plain", "no").with_header("Retry-After", "60");
    faulty.proxy.once(LIST, long);
    let retry_after_ms = Some(60_000);
    assert_eq!(
        faulty.list().unwrap_err().kind,
        Kind::RateLimited { retry_after_ms }
    );
    assert_eq!(asked(LIST), 5);
}

#[test]
fn bodies_that_are_not_what_they_should_be_leave_a_write_unknown() {
    let faulty = faulty();
    let quoting =
        "{\"apiKeys\": [{\"id\": \"access-token-of-the-test\", \"key\": \"ksl_the_new_secret\"";
    for (fault, what) in [
        (
            Fault::answer(200, "application/json", quoting),
            "broken JSON",
        ),
        (Fault::answer(200, "text/html", "<p>hidden"), "HTML"),
        (
            Fault::answer(200, "application/pdf", "hidden"),
            "application/pdf",
        ),
        (Fault::answer(200, "application/json", ""), "nothing"),
        (
            Fault::answer(200, "application/json", "{\"hidden\": 1}"),
            "another shape",
        ),
    ] {
        let (read, write, unknown, _) = faulty.under(&fault);
        assert!(found(&read).contains(what), "{read}");
        let made = matches!(&write, Kind::Unexpected { .. });
        assert!(made && unknown, "{write}");
    }
}

#[test]
fn a_body_without_end_is_left() {
    let faulty = faulty();
    let (read, write, unknown, _) = faulty.under(&Fault::EndlessBody);
    let limit_bytes = 1024 * 1024;
    let too_large = Kind::TooLarge { limit_bytes };
    assert_eq!((&read, &write, unknown), (&too_large, &too_large, true));
}

#[test]
fn a_redirect_to_another_host_takes_nothing_there() {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let notes = Arc::clone(&seen);
    let elsewhere = Server::start(Router::new().fallback(move |request: Request| {
        notes.lock().unwrap().push(request.uri().to_string());
        async { "caught" }
    }));
    let faulty = faulty();
    for status in [301, 302, 303, 307, 308] {
        let to = format!("http://{}/api/api-keys?token=hidden", elsewhere.address);
        let fault = Fault::answer(status, "text/html", "").with_header("Location", &to);
        let (read, write, _, writes) = faulty.under(&fault);
        let told = format!("a redirect to {} ({status})", elsewhere.address);
        assert_eq!(
            (found(&read), found(&write)),
            (told.as_str(), told.as_str())
        );
        assert_eq!(writes, 0);
    }
    for (location, told) in [
        ("//caught.example/x", "a redirect to caught.example (302)"),
        ("/elsewhere?hidden", "a redirect (302)"),
        ("::", "a redirect (302)"),
    ] {
        let fault = Fault::answer(302, "text/html", "").with_header("Location", location);
        assert_eq!(found(&faulty.under(&fault).0), told);
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn a_clock_that_is_wrong_changes_no_wait() {
    let faulty = faulty();
    // Ten seconds later by the server's clock, whatever year it believes it is.
    for (now, later) in [
        (
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:47 GMT",
        ),
        (
            "Fri, 01 Jan 2100 00:00:00 GMT",
            "Fri, 01 Jan 2100 00:00:10 GMT",
        ),
    ] {
        let fault = Fault::answer(429, "application/json", "{}")
            .with_header("Date", now)
            .with_header("Retry-After", later);
        let (read, ..) = faulty.under(&fault);
        let retry_after_ms = Some(10_000);
        assert_eq!(read, Kind::RateLimited { retry_after_ms }, "{now}");
    }
    let fault = Fault::answer(429, "application/json", "{}")
        .with_header("Date", "the day before yesterday")
        .with_header("Retry-After", "7");
    let retry_after_ms = Some(7_000);
    assert_eq!(faulty.under(&fault).0, Kind::RateLimited { retry_after_ms });
}

#[test]
fn a_refresh_whose_answer_is_lost_is_unknown_and_quotes_no_token() {
    let server = Scripted::start(|_| Vec::new());
    let proxy = FaultProxy::start(server.server.address);
    let origin = proxy.url();
    let text = |value: serde_json::Value| Fault::answer(200, "application/json", value.to_string());
    let mcp = format!("{origin}/mcp");
    proxy.always("POST /mcp", Fault::answer(401, "application/json", "{}"));
    proxy.always(
        "GET /.well-known/oauth-protected-resource/mcp",
        text(json!({"resource": mcp, "authorization_servers": [origin]})),
    );
    proxy.always(
        "GET /.well-known/oauth-authorization-server",
        text(json!({"issuer": origin, "authorization_endpoint": format!("{origin}/a"), "token_endpoint": format!("{origin}/token"),
            "code_challenge_methods_supported": ["S256"]})),
    );
    let session = Session {
        access: Secret::new("access-token-of-the-test".into()),
        refresh: Some(Secret::new("hidden-refresh-token".into())),
        expires_at: None,
        oauth_client: Some("client".into()),
        issuer: Some(origin.clone()),
    };
    let url = Url::parse(&mcp).unwrap();
    let refresh = || {
        let error = remote().refresh(&url, &session).unwrap_err();
        hidden(&error);
        error
    };
    proxy.once("POST /token", Fault::DropResponse);
    let error = refresh();
    assert!(matches!(error.kind, Kind::Broken { .. }), "{error}");
    assert!(error.outcome_unknown());
    let quoting = "{\"error\": \"invalid_grant\", \"error_description\": \"hidden-refresh-token was used before\"}";
    proxy.once(
        "POST /token",
        Fault::answer(400, "application/json", quoting),
    );
    assert_eq!(refresh().kind, Kind::SessionEnded);
    let quoting = "{\"access_token\": \"hidden-new-token\"";
    proxy.once(
        "POST /token",
        Fault::answer(200, "application/json", quoting),
    );
    assert_eq!(found(&refresh().kind), "broken JSON");
    let away = Fault::answer(307, "text/plain", "")
        .with_header("Location", "https://caught.example/?hidden");
    proxy.once("POST /token", away);
    assert_eq!(found(&refresh().kind), "a redirect to caught.example (307)");
    // A token request is a write: none was made twice.
    let tokens = proxy.requests();
    assert_eq!(
        tokens
            .iter()
            .filter(|asked| asked.starts_with("POST /token"))
            .count(),
        4
    );
}
