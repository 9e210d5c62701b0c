//! Greeting MCP servers of both eras with a key.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystow_core::Secret;
use keystow_core::provider::Tells;
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteErrorKind as Kind};
use serde_json::json;
use url::Url;

use crate::server::{Server, json, remote};

/// What a server was asked: method, and protocol version or session.
type Asked = Arc<Mutex<Vec<String>>>;

fn greet(
    answer: impl Fn(&str) -> Response + Clone + Send + Sync + 'static,
) -> (Result<(), Kind>, Vec<String>) {
    let asked = Asked::default();
    let notes = Arc::clone(&asked);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        assert_eq!(request.uri().path(), "/mcp/");
        assert_eq!(request.headers()["x-api-key"], "key-of-the-test");
        let headers = request.headers();
        let what = match (headers.get("mcp-method"), request.method()) {
            (Some(method), _) => method.to_str().unwrap().to_owned(),
            (None, &Method::DELETE) => {
                format!("end {}", headers["mcp-session-id"].to_str().unwrap())
            }
            (None, _) => "initialize".to_owned(),
        };
        notes.lock().unwrap().push(what.clone());
        let answer = answer(&what);
        async { answer }
    }));
    let url = Url::parse(&format!("http://{}/mcp/", server.address)).unwrap();
    let key = Secret::new("key-of-the-test".into());
    let proof = Proof {
        url: &url,
        kind: ProofKind::Mcp,
        header: "x-api-key",
        scheme: "",
        headers: &[],
        tells: &Tells::default(),
    };
    let outcome = remote()
        .prove(&proof, &key)
        .map(|_| ())
        .map_err(|error| error.kind);
    let asked = asked.lock().unwrap().clone();
    (outcome, asked)
}

fn greeting() -> Response {
    json(200, json!({"jsonrpc": "2.0", "id": 1, "result": {}}))
}

#[test]
fn one_request_is_enough_for_a_server_without_sessions() {
    let (outcome, asked) = greet(|_| greeting());
    assert_eq!(outcome, Ok(()));
    assert_eq!(asked, ["server/discover"]);
}

#[test]
fn a_server_with_sessions_is_greeted_its_way_and_left() {
    for unknown in [
        || {
            json(
                400,
                json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "No session"}}),
            )
        },
        || {
            json(
                200,
                json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Unknown"}}),
            )
        },
    ] {
        let (outcome, asked) = greet(move |what| match what {
            "initialize" => ([("mcp-session-id", "s-1")], greeting()).into_response(),
            "end s-1" => StatusCode::NO_CONTENT.into_response(),
            _ => unknown(),
        });
        assert_eq!(outcome, Ok(()));
        assert_eq!(asked, ["server/discover", "initialize", "end s-1"]);
    }
}

#[test]
fn the_beginning_of_a_stream_is_an_answer() {
    let (outcome, _) = greet(|_| {
        let endless = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        (
            [(header::CONTENT_TYPE, "text/event-stream")],
            axum::body::Body::from_stream(endless),
        )
            .into_response()
    });
    assert_eq!(outcome, Ok(()));
}

#[test]
fn a_refused_key_is_not_tried_again() {
    let (outcome, asked) = greet(|_| json(401, json!({"detail": "This key was revoked."})));
    assert_eq!(outcome, Err(Kind::Unauthorised));
    assert_eq!(asked, ["server/discover"]);
    let (outcome, _) = greet(|_| json(403, json!({"detail": "This key is paused."})));
    assert_eq!(
        outcome,
        Err(Kind::Forbidden {
            detail: Some("This key is paused.".into())
        })
    );
}

#[test]
fn what_is_not_mcp_proves_nothing() {
    let (outcome, _) = greet(|_| json(200, json!({"ok": true})));
    assert!(matches!(outcome, Err(Kind::Unexpected { .. })));
    let (outcome, _) = greet(|_| StatusCode::NOT_FOUND.into_response());
    assert_eq!(outcome, Err(Kind::NotFound));
    let (outcome, _) = greet(|_| {
        json(
            200,
            json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": "no"}}),
        )
    });
    assert!(matches!(outcome, Err(Kind::Unexpected { .. })));
}
