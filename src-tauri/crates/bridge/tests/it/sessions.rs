//! Sessions: lost and made anew, listened to, resumed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::Method;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::support::{
    Client, accepted, event, events, json_answer, legacy, live_events, serve, status,
};

/// Loses its first session once the handshake is over; `code` is what it says to a session that it does not know.
async fn forgetful(code: u16, body: &'static str) -> crate::support::Server {
    let sessions = Arc::new(AtomicUsize::new(0));
    serve(move |seen| {
        let sessions = sessions.clone();
        async move {
            if seen.rpc() == "initialize" {
                let number = sessions.fetch_add(1, Ordering::SeqCst) + 1;
                let mut answer = legacy(&seen).unwrap();
                let id = format!("s{number}").parse().unwrap();
                answer.headers_mut().insert("mcp-session-id", id);
                return answer;
            }
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            if seen.header("mcp-session-id") == Some("s1") {
                return (status(code).status(), body).into_response();
            }
            json_answer(&seen, json!({"session": seen.header("mcp-session-id")}))
        }
    })
    .await
}

#[tokio::test]
async fn a_lost_session_is_made_anew_without_the_client_seeing_it() {
    let unknown = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}"#;
    for (code, body) in [
        (404, ""),
        (
            404,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}"#,
        ),
        (400, unknown),
        (401, "Unauthorized: Session not found"),
    ] {
        let server = forgetful(code, body).await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        let answer = client.ask("tools/list", json!({})).await;
        assert_eq!(answer["result"]["session"], "s2", "{code}");
        let log = server.log();
        let hellos: Vec<_> = log
            .iter()
            .filter(|seen| seen.rpc() == "initialize")
            .collect();
        assert_eq!(hellos.len(), 2);
        assert_eq!(hellos[0].body, hellos[1].body);
        assert_eq!(hellos[1].header("mcp-session-id"), None);
        let ready: Vec<_> = log
            .iter()
            .filter(|seen| seen.rpc() == "notifications/initialized")
            .map(|seen| seen.header("mcp-session-id"))
            .collect();
        assert_eq!(ready, [Some("s1"), Some("s2")]);
        client.close().await;
        assert!(client.rest().await.is_empty());
        let gone = server.saw(|seen| seen.method == Method::DELETE).await;
        assert_eq!(gone.header("mcp-session-id"), Some("s2"));
    }
}

#[tokio::test]
async fn requests_at_once_share_one_new_session() {
    let server = forgetful(404, "").await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    for id in 0..20 {
        let call = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call"});
        client.send(&call.to_string()).await;
    }
    for _ in 0..20 {
        assert_eq!(client.message().await["result"]["session"], "s2");
    }
    let methods = server.methods();
    let hellos = methods.iter().filter(|method| *method == "initialize");
    assert_eq!(hellos.count(), 2);
}

#[tokio::test]
async fn sessions_that_are_lost_in_a_row_are_made_anew_until_one_holds() {
    let sessions = Arc::new(AtomicUsize::new(0));
    for (lost, holds) in [(3, true), (usize::MAX, false)] {
        sessions.store(0, Ordering::SeqCst);
        let counted = sessions.clone();
        let server = serve(move |seen| {
            let sessions = counted.clone();
            async move {
                if seen.rpc() == "initialize" {
                    sessions.fetch_add(1, Ordering::SeqCst);
                }
                // The second one does not even hold until its handshake is over.
                let number = sessions.load(Ordering::SeqCst);
                if seen.rpc() == "notifications/initialized" && number == 2 {
                    return status(404);
                }
                let answer = legacy(&seen);
                answer.unwrap_or_else(|| match number {
                    number if number <= lost => status(404),
                    _ => json_answer(&seen, json!({})),
                })
            }
        })
        .await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        if holds {
            assert_eq!(
                client.ask("tools/list", json!({})).await["result"],
                json!({})
            );
        } else {
            let (sentence, code) = client.ask_in_vain("tools/list").await;
            assert_eq!(code, "remote.session_lost", "{sentence}");
        }
        client.close().await;
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_made_anew_is_told() {
    let sessions = Arc::new(AtomicUsize::new(0));
    let server = serve(move |seen| {
        let sessions = sessions.clone();
        async move {
            if seen.rpc() == "initialize" && sessions.fetch_add(1, Ordering::SeqCst) > 0 {
                let error = json!({"code": -32603, "message": "full"});
                let refusal = json!({"jsonrpc": "2.0", "id": seen.id(), "error": error});
                return axum::Json(refusal).into_response();
            }
            legacy(&seen).unwrap_or_else(|| status(404))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    let told = client.ask_in_vain("tools/list").await;
    assert_eq!(told.1, "remote.session_lost");
}

#[tokio::test]
async fn an_unknown_method_is_no_lost_session() {
    let server = serve(|seen| async move {
        if let Some(answer) = legacy(&seen) {
            return answer;
        }
        let error = json!({"code": -32601, "message": "no such method"});
        let answer = json!({"jsonrpc": "2.0", "id": seen.id(), "error": error});
        (status(404).status(), axum::Json(answer)).into_response()
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    let answer = client.ask("no/such", json!({})).await;
    assert_eq!(answer["error"]["code"], -32601);
    let methods = server.methods();
    assert_eq!(
        methods,
        ["initialize", "notifications/initialized", "no/such"]
    );
}

#[tokio::test]
async fn the_server_speaks_unasked_and_its_stream_is_opened_again_behind_the_last_event() {
    let rounds = Arc::new(AtomicUsize::new(0));
    let server = serve(move |seen| {
        let rounds = rounds.clone();
        async move {
            if seen.method != Method::GET {
                return legacy(&seen).unwrap_or_else(accepted);
            }
            let round = rounds.fetch_add(1, Ordering::SeqCst);
            let said = json!({"jsonrpc": "2.0", "method": "notifications/n", "params": round});
            match round {
                0 | 1 => events(format!("id: e{round}\n{}", event(&said))),
                2 => status(503),
                _ => {
                    let (events, answer) = live_events();
                    events.send(event(&said)).unwrap();
                    tokio::spawn(async move { events.closed().await });
                    answer
                }
            }
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    for round in [0, 1, 3] {
        assert_eq!(client.message().await["params"], round);
    }
    let log = server.log();
    let asked: Vec<_> = log
        .iter()
        .filter(|seen| seen.method == Method::GET)
        .map(|seen| (seen.header("mcp-session-id"), seen.header("last-event-id")))
        .collect();
    assert_eq!(
        asked,
        [
            (Some("s1"), None),
            (Some("s1"), Some("e0")),
            (Some("s1"), Some("e1")),
            (Some("s1"), Some("e1")),
        ]
    );
}

#[tokio::test]
async fn a_dropped_answer_is_resumed_behind_its_last_event() {
    let open: Arc<Mutex<Value>> = Arc::default();
    let server = serve(move |seen| {
        let open = open.clone();
        async move {
            if seen.method == Method::GET {
                return match seen.header("last-event-id") {
                    Some("7") => {
                        let id = open.lock().unwrap().clone();
                        events(event(&json!({"jsonrpc": "2.0", "id": id, "result": {}})))
                    }
                    _ => status(405),
                };
            }
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            *open.lock().unwrap() = seen.id();
            events("retry: 5\nid: 7\ndata:\n\n")
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    let answer = client.ask("tools/call", json!({})).await;
    assert!(answer["result"].is_object(), "{answer}");
    client.close().await;
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn initialize_may_be_answered_by_a_stream() {
    let server = serve(|seen| async move {
        if seen.rpc() == "initialize" {
            let result = json!({"protocolVersion": "2025-06-18"});
            let answer = json!({"jsonrpc": "2.0", "id": seen.id(), "result": result});
            let mut answer = events(event(&answer));
            let id = "streamed".parse().unwrap();
            answer.headers_mut().insert("mcp-session-id", id);
            return answer;
        }
        legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client.ask("tools/list", json!({})).await;
    let seen = server.saw(|seen| seen.rpc() == "tools/list").await;
    assert_eq!(seen.header("mcp-session-id"), Some("streamed"));
    assert_eq!(seen.header("mcp-protocol-version"), Some("2025-06-18"));
}
