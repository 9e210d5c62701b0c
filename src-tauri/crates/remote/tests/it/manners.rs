//! What our requests carry, and where they never go.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Uri};
use axum::response::IntoResponse;
use keystow_core::key::KeyQuery;
use keystow_core::remote::{Opener, RemoteErrorKind};
use serde_json::json;
use url::Url;

use crate::server::{Server, caller, first_page, json, keys, list_kind, remote};

type Seen = Arc<Mutex<Vec<(Uri, HeaderMap)>>>;

/// A server that notes what comes, sets a cookie, and has no keys.
fn noting() -> (Server, Seen) {
    let seen = Seen::default();
    let notes = Arc::clone(&seen);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let note = (request.uri().clone(), request.headers().clone());
        notes.lock().unwrap().push(note);
        async {
            let body = json(200, json!({"apiKeys": [], "total": 0}));
            ([("set-cookie", "tracked=yes; Path=/")], body).into_response()
        }
    }));
    (server, seen)
}

#[test]
fn sends_a_bearer_token_and_neither_cookies_nor_an_origin() {
    let (server, seen) = noting();
    let remote = remote();
    for _ in 0..2 {
        keys(&remote)
            .list(&caller(&server.base()), &first_page())
            .unwrap();
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    for (_, headers) in seen.iter() {
        assert_eq!(headers["authorization"], "Bearer access-token-of-the-test");
        assert_eq!(headers["accept"], "application/json");
        assert_eq!(headers["user-agent"], "keystow-test/1");
        for absent in ["cookie", "origin", "referer"] {
            assert!(!headers.contains_key(absent), "{absent}");
        }
    }
}

#[test]
fn asks_for_pages_and_searches() {
    let (server, seen) = noting();
    let query = KeyQuery {
        search: Some("a&b=c d/ü".into()),
        page: 0,
        limit: 25,
        everybody: false,
        order: None,
    };
    let page = keys(&remote())
        .list(&caller(&server.base()), &query)
        .unwrap();
    assert_eq!((page.keys.len(), page.total), (0, 0));
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen[0].0.to_string(),
        "/api/api-keys?page=1&limit=25&search=a%26b%3Dc+d%2F%C3%BC"
    );
}

#[test]
fn follows_no_redirect() {
    let (elsewhere, seen) = noting();
    let target = format!("{}/api-keys", elsewhere.base());
    let server = Server::start(Router::new().fallback(move || {
        let target = target.clone();
        async move { axum::response::Redirect::temporary(&target) }
    }));
    assert_eq!(
        list_kind(&server.base()),
        RemoteErrorKind::Unexpected {
            found: format!("a redirect to {} (307)", elsewhere.address),
            expected: "an answer".into()
        }
    );
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn opens_nothing_but_web_addresses() {
    let remote = remote();
    for url in ["file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.c"] {
        let error = remote.open_browser(&Url::parse(url).unwrap()).unwrap_err();
        assert!(
            matches!(error.kind, RemoteErrorKind::Browser { .. }),
            "{error}"
        );
    }
}

/// Runs itself again, in a process whose environment names a proxy that is not there.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test is its own child process"
)]
fn this_computer_is_reached_past_the_proxy_of_the_environment() {
    const BASE: &str = "KEYSTOW_TEST_BASE";
    if let Ok(base) = std::env::var(BASE) {
        let base = Url::parse(&base).unwrap();
        keys(&remote()).list(&caller(&base), &first_page()).unwrap();
        return;
    }
    let (server, seen) = noting();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([
        "--exact",
        "manners::this_computer_is_reached_past_the_proxy_of_the_environment",
    ]);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, "http://127.0.0.1:9");
    }
    for name in ["no_proxy", "NO_PROXY", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let output = child.env(BASE, server.base().as_str()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(seen.lock().unwrap().len(), 1);
}
