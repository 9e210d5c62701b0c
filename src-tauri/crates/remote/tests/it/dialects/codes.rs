//! Codes for another screen, at servers that answer in every way RFC 8628 has.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use keystow_core::remote::{DeviceSignIn, RemoteErrorKind as Kind};
use keystow_core::{Cancel, Secret};
use serde_json::{Value, json};

use crate::server::{Server, json, ocore, remote};

fn code(expires_in: f64) -> Value {
    json!({
        "device_code": "the-device-code", "user_code": "BCDF-GHJK", "verification_uri": "/device",
        "expires_in": expires_in, "interval": 0,
    })
}

fn error(code: &str) -> (u16, Value) {
    (400, json!({"error": code}))
}

fn granted() -> (u16, Value) {
    (
        200,
        json!({"access_token": "the-access", "token_type": "Bearer", "expires_in": 60, "refresh_token": "the-refresh"}),
    )
}

/// A server that gives a code, and then these answers, the last of them for ever.
fn server(first: Value, answers: Vec<(u16, Value)>) -> (Server, Arc<Mutex<Vec<Value>>>) {
    let left = Arc::new(Mutex::new(VecDeque::from(answers)));
    let asked = Arc::<Mutex<Vec<Value>>>::default();
    let notes = Arc::clone(&asked);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let (left, notes, first) = (Arc::clone(&left), Arc::clone(&notes), first.clone());
        async move { answer(request, first, &left, &notes).await }
    }));
    (server, asked)
}

async fn answer(
    request: Request,
    first: Value,
    left: &Mutex<VecDeque<(u16, Value)>>,
    notes: &Mutex<Vec<Value>>,
) -> Response {
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 10_000)
        .await
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    if path == "/api/auth/device/code" {
        assert_eq!(body, json!({"client_id": "keystow"}));
        return json(200, first);
    }
    assert_eq!(path, "/api/auth/device/token");
    notes.lock().unwrap().push(body);
    let mut left = left.lock().unwrap();
    let (status, body) = match left.len() {
        1 => left[0].clone(),
        _ => left.pop_front().unwrap(),
    };
    json(status, body).into_response()
}

fn begin(server: &Server) -> Box<dyn DeviceSignIn> {
    ocore(&remote()).device(&server.base(), "keystow").unwrap()
}

#[test]
fn it_is_asked_for_until_the_person_said_yes() {
    let pending = || error("authorization_pending");
    let (server, asked) = server(
        code(60.0),
        vec![pending(), (503, json!({})), pending(), granted()],
    );
    let device = begin(&server);
    assert_eq!(device.code().user_code, "BCDF-GHJK");
    assert_eq!(
        device.code().page.as_str(),
        format!("http://{}/device", server.address)
    );
    let session = device.wait(&Cancel::default()).unwrap();
    assert_eq!(session.access, Secret::new("the-access".into()));
    assert_eq!(session.refresh, Some(Secret::new("the-refresh".into())));
    assert!(session.expires_at.is_some() && session.oauth_client.is_none());
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 4);
    assert_eq!(
        asked[0],
        json!({
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "the-device-code",
            "client_id": "keystow",
        })
    );
}

#[test]
fn a_no_and_an_end_are_told_apart() {
    let outcome = |answer: (u16, Value)| {
        let (server, _) = server(code(60.0), vec![answer]);
        begin(&server).wait(&Cancel::default()).unwrap_err().kind
    };
    let refused = |detail: &str| Kind::SignInRefused {
        detail: detail.to_owned(),
    };
    assert_eq!(
        outcome(error("access_denied")),
        refused("access was not allowed")
    );
    let expired = refused("the code has expired before it was typed");
    assert_eq!(outcome(error("expired_token")), expired);
    assert_eq!(
        outcome((
            400,
            json!({"error": "invalid_grant", "error_description": "the-device-code is wrong"})
        )),
        refused("•••••••• is wrong")
    );
    let (server, asked) = server(code(0.3), vec![error("authorization_pending")]);
    let error = begin(&server).wait(&Cancel::default()).unwrap_err();
    assert_eq!(error.kind, expired);
    assert!(asked.lock().unwrap().len() <= 3);
}

#[test]
fn a_cancel_ends_the_wait_though_the_server_wants_it_slow() {
    let (server, asked) = server(code(600.0), vec![error("slow_down")]);
    let (device, cancel) = (begin(&server), Cancel::default());
    let stop = cancel.clone();
    let waiting = std::thread::spawn(move || {
        let kind = device.wait(&cancel).unwrap_err().kind;
        (kind, Instant::now())
    });
    while asked.lock().unwrap().is_empty() {
        std::thread::yield_now();
    }
    // It now pauses for five seconds.
    let began = Instant::now();
    stop.cancel();
    let (kind, ended) = waiting.join().unwrap();
    assert_eq!(kind, Kind::Cancelled);
    assert!(ended - began < Duration::from_secs(4));
}

#[test]
fn a_server_without_codes_says_so() {
    let server = Server::start(Router::new());
    let error = ocore(&remote()).device(&server.base(), "keystow");
    assert_eq!(error.err().unwrap().kind, Kind::Unsupported);
}

#[test]
fn a_code_without_a_page_or_an_end_is_none() {
    for (field, value) in [
        ("verification_uri", json!("javascript:alert(1)")),
        ("expires_in", json!(-1)),
        ("user_code", json!("")),
        ("device_code", json!("")),
    ] {
        let mut first = code(60.0);
        first[field] = value;
        let (server, _) = server(first, vec![granted()]);
        let error = ocore(&remote())
            .device(&server.base(), "keystow")
            .err()
            .unwrap();
        assert!(
            matches!(error.kind, Kind::Unexpected { .. }),
            "{field}: {error}"
        );
    }
}
