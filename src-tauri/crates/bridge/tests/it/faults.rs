//! Everything that can go wrong on the way, each told once and in a sentence.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use keystow_bridge::Options;
use serde_json::json;
use url::Url;

use crate::support::{
    At, Client, Keys, Moves, Server, accepted, events, json_answer, legacy, options, serve, status,
};

/// A server that shakes hands and then answers every call like this.
async fn failing(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Server {
    serve(move |seen| {
        let answer = answer.clone();
        async move { legacy(&seen).unwrap_or_else(answer) }
    })
    .await
}

/// The sentence and code that a call gets from such a server.
async fn told(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> (String, String) {
    told_with(options(), answer).await
}

async fn told_with(
    options: Options,
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (String, String) {
    let server = failing(answer).await;
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(options, Keys::new(&["good"]), at);
    client.handshake().await;
    let told = client.ask_in_vain("tools/call").await;
    // The bridge goes on.
    client.ask_in_vain("tools/call").await;
    client.close().await;
    assert!(client.rest().await.is_empty());
    told
}

/// A server that wants this key.
async fn wanting(key: &'static str) -> Server {
    serve(move |seen| async move {
        if seen.header("authorization") != Some(&format!("Bearer {key}")) {
            return status(401);
        }
        legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
    })
    .await
}

#[tokio::test]
async fn a_refused_key_is_read_again_and_the_new_one_used() {
    let server = wanting("new").await;
    let keys = Keys::new(&["old", "new"]);
    let mut client = Client::with(options(), keys.clone(), Arc::new(At(server.url.clone())));
    let hello = client.handshake().await;
    assert!(hello["result"].is_object(), "{hello}");
    client.ask("tools/list", json!({})).await;
    assert_eq!(keys.reads(), 2);
}

#[tokio::test]
async fn requests_at_once_share_one_reading() {
    let gate = Arc::new(tokio::sync::Barrier::new(8));
    let refusals = Arc::new(AtomicUsize::new(0));
    let server = serve(move |seen| {
        let (gate, refusals) = (gate.clone(), refusals.clone());
        async move {
            let old = seen.header("authorization") == Some("Bearer old");
            if old && seen.rpc() == "tools/call" {
                // All are sent with the old key before the first is refused.
                if refusals.fetch_add(1, Ordering::SeqCst) < 8 {
                    gate.wait().await;
                }
                return status(401);
            }
            legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
        }
    })
    .await;
    let keys = Keys::new(&["old", "new"]);
    let mut client = Client::with(options(), keys.clone(), Arc::new(At(server.url.clone())));
    client.handshake().await;
    for id in 0..8 {
        let call = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call"});
        client.send(&call.to_string()).await;
    }
    for _ in 0..8 {
        let answer = client.message().await;
        assert!(answer["result"].is_object(), "{answer}");
    }
    assert_eq!(keys.reads(), 2);
}

#[tokio::test]
async fn a_revoked_key_is_named_as_such() {
    let server = wanting("other").await;
    let keys = Keys::new(&["revoked"]);
    let mut client = Client::with(options(), keys.clone(), Arc::new(At(server.url.clone())));
    let told = client.ask_in_vain("initialize").await;
    assert_eq!(
        told.0,
        "This key was revoked or has expired. Open Keystow to rotate it."
    );
    assert_eq!(told.1, "remote.unauthorised");
    assert_eq!(keys.reads(), 2);
}

#[tokio::test]
async fn a_source_that_has_nothing_is_quoted() {
    let server = wanting("good").await;
    let mut client = Client::with(options(), Keys::new(&[]), Arc::new(At(server.url.clone())));
    let told = client.ask_in_vain("initialize").await;
    assert_eq!(told.0, "The keychain is locked. Unlock it and try again.");
    assert_eq!(told.1, "keychain.locked");
}

#[tokio::test]
async fn a_paused_key_and_a_missing_scope_are_told_apart() {
    let told_paused = told(|| {
        let problem = json!({"title": "Forbidden", "status": 403, "code": "key_paused"});
        (status(403).status(), axum::Json(problem)).into_response()
    })
    .await;
    assert_eq!(told_paused.0, "This key is paused. Resume it in Keystow.");
    assert_eq!(told_paused.1, "remote.key_paused");
    let told_scope = told(|| {
        let challenge = r#"Bearer error="insufficient_scope", scope="mcp:write""#;
        (status(403).status(), [("www-authenticate", challenge)]).into_response()
    })
    .await;
    assert!(told_scope.0.contains("mcp:write"), "{}", told_scope.0);
    assert_eq!(told_scope.1, "remote.forbidden");
}

#[tokio::test]
async fn a_web_page_is_called_that() {
    let told = told(|| axum::response::Html("<!doctype html><p>Sign in</p>").into_response()).await;
    assert!(told.0.starts_with("127.0.0.1:"), "{}", told.0);
    assert!(told.0.contains("web page"), "{}", told.0);
    assert_eq!(told.1, "remote.unexpected");
}

#[tokio::test]
async fn broken_json_empty_answers_and_bare_acceptance_are_told() {
    for body in [r#"{"jsonrpc":"2.0","id"#, "[]]", "7", "{}"] {
        let told = told(move || ([("content-type", "application/json")], body).into_response());
        assert_eq!(told.await.1, "remote.unexpected", "{body}");
    }
    assert_eq!(told(|| status(200)).await.1, "remote.unexpected");
    assert_eq!(told(accepted).await.1, "remote.unexpected");
}

#[tokio::test]
async fn statuses_have_a_sentence_each() {
    for (code, expected) in [
        (500, "remote.server"),
        (503, "remote.server"),
        (400, "remote.refused"),
        (413, "remote.refused"),
        (511, "remote.unexpected"),
    ] {
        let told = told(move || status(code)).await;
        assert_eq!(told.1, expected, "{code}");
        assert!(told.0.starts_with("127.0.0.1:"), "{}", told.0);
    }
}

#[tokio::test]
async fn the_servers_own_error_passes_under_the_requests_id() {
    let server = failing(|| {
        let error = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"mismatch","data":12345678901234567890}}"#;
        (status(400).status(), error).into_response()
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":"x","method":"m"}"#)
        .await;
    assert_eq!(
        client.line().await,
        r#"{"jsonrpc":"2.0","id":"x","error":{"code":-32020,"message":"mismatch","data":12345678901234567890}}"#
    );
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let small = Options {
        frame_limit_bytes: 100_000,
        ..options()
    };
    let endless = |kind: &'static str, piece: &'static str| {
        move || {
            let body =
                Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(piece)));
            ([("content-type", kind)], body).into_response()
        }
    };
    let piece: &'static str = "x".repeat(10_000).leak();
    let brackets = "[".repeat(10_000).leak();
    let lines = "data: xxxxxxxxxxxxxxx\n".repeat(500).leak();
    let told = told_with(small.clone(), endless("application/json", brackets)).await;
    assert_eq!(told.1, "remote.too_large");
    let told = told_with(small.clone(), endless("text/event-stream", lines)).await;
    assert_eq!(told.1, "remote.too_large");
    let told = told_with(small, endless("text/event-stream", piece)).await;
    assert_eq!(told.1, "remote.too_large");
    // The body of an error is of interest only where it begins.
    let told = told_with(options(), move || {
        let body = Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(piece)));
        (status(500).status(), body).into_response()
    })
    .await;
    assert_eq!(told.1, "remote.server");
}

#[tokio::test]
async fn a_stream_cut_before_the_answer_is_told() {
    let half = r#"data: {"jsonrpc":"2.0","id":"#;
    assert_eq!(told(move || events(half)).await.1, "remote.broken");
    assert_eq!(told(|| events(": ping\n\n")).await.1, "remote.broken");
    assert_eq!(
        told(|| events("data: nonsense\n\n")).await.1,
        "remote.unexpected"
    );
    let breaking = || {
        let pieces = [Ok(": ping\n\n"), Err(std::io::Error::other("cut"))];
        events(Body::from_stream(stream::iter(pieces)))
    };
    assert_eq!(told(breaking).await.1, "remote.broken");
}

#[tokio::test]
async fn what_only_reads_is_asked_again_when_its_answer_breaks_off() {
    type Half = fn() -> Response;
    let halves: [Half; 3] = [
        || events(": ping\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":"),
        || {
            let pieces = [Ok("data: {\"jsonrpc\":"), Err(std::io::Error::other("cut"))];
            events(Body::from_stream(stream::iter(pieces)))
        },
        || {
            let body = Body::from_stream(stream::iter([
                Ok("{\"jsonrpc\":"),
                Err(std::io::Error::other("cut")),
            ]));
            ([("content-type", "application/json")], body).into_response()
        },
    ];
    for half in halves {
        let calls = Arc::new(AtomicUsize::new(0));
        let server = serve(move |seen| {
            let calls = calls.clone();
            async move {
                if let Some(answer) = legacy(&seen) {
                    return answer;
                }
                match calls.fetch_add(1, Ordering::SeqCst) {
                    1 => json_answer(&seen, json!({"tools": []})),
                    _ => half(),
                }
            }
        })
        .await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        let answer = client.ask("tools/list", json!({})).await;
        assert_eq!(answer["result"]["tools"], json!([]), "{answer}");
        // What a tool did nobody knows, so it is not called twice.
        let told = client.ask_in_vain("tools/call").await;
        assert_eq!(told.1, "remote.broken");
        let methods = server.methods();
        let sent = |method: &str| methods.iter().filter(|each| *each == method).count();
        assert_eq!((sent("tools/list"), sent("tools/call")), (2, 1));
        client.close().await;
        assert!(client.rest().await.is_empty());
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_halfway_to_the_client_is_not_asked_for_again() {
    let large = format!(
        r#"{{"jsonrpc":"2.0","id":7,"result":"{}"#,
        "x".repeat(2_000_000)
    );
    let server = failing(move || {
        let pieces = [Ok(large.clone()), Err(std::io::Error::other("cut"))];
        let body = Body::from_stream(stream::iter(pieces));
        ([("content-type", "application/json")], body).into_response()
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":7,"method":"resources/read"}"#)
        .await;
    assert!(client.line().await.len() > 1_000_000);
    let told = client.message().await;
    assert_eq!(told["error"]["data"]["code"], "remote.broken", "{told}");
    let methods = server.methods();
    assert_eq!(
        methods
            .iter()
            .filter(|each| *each == "resources/read")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_short_wait_is_kept_and_a_long_one_told() {
    let calls = Arc::new(AtomicUsize::new(0));
    let server = serve(move |seen| {
        let calls = calls.clone();
        async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            match calls.fetch_add(1, Ordering::SeqCst) {
                0 => (status(429).status(), [("retry-after", "0")]).into_response(),
                1 => json_answer(&seen, json!({})),
                _ => (status(429).status(), [("retry-after", "3600")]).into_response(),
            }
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    let answer = client.ask("tools/call", json!({})).await;
    assert!(answer["result"].is_object(), "{answer}");
    let told = client.ask_in_vain("tools/call").await;
    assert!(told.0.contains("3600 s"), "{}", told.0);
    assert_eq!(told.1, "remote.rate_limited");
}

/// An address where nobody listens.
fn deserted() -> Url {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    Url::parse(&format!("http://{address}/mcp")).unwrap()
}

#[tokio::test]
async fn a_server_that_moved_is_found_again() {
    let server = wanting("good").await;
    let moves = Moves(Mutex::new([deserted(), server.url.clone()].into()));
    let mut client = Client::with(options(), Keys::new(&["good"]), Arc::new(moves));
    let hello = client.handshake().await;
    assert!(hello["result"].is_object(), "{hello}");
}

#[tokio::test]
async fn a_server_that_is_nowhere_is_told() {
    let url = deserted();
    let mut client = Client::to(&url);
    let told = client.ask_in_vain("initialize").await;
    let expected = format!(
        "127.0.0.1:{} cannot be reached (nobody listens there). Check that it runs and that this computer is online, then try again.",
        url.port().unwrap()
    );
    assert_eq!(told, (expected, "remote.unreachable".to_owned()));
}

#[tokio::test]
async fn a_server_without_tls_where_tls_is_due_is_told() {
    let server = wanting("good").await;
    let mut url = server.url.clone();
    url.set_scheme("https").unwrap();
    let told = Client::to(&url).ask_in_vain("initialize").await;
    assert_eq!(told.1, "remote.tls", "{}", told.0);
    assert!(server.log().is_empty());
}

#[tokio::test]
async fn a_silent_server_is_told() {
    let hasty = Options {
        answer_timeout: Duration::from_millis(100),
        call_timeout: Duration::from_millis(100),
        ..options()
    };
    let server = serve(|_| std::future::pending()).await;
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(hasty, Keys::new(&["good"]), at);
    assert_eq!(client.ask_in_vain("tools/call").await.1, "remote.timed_out");
    assert_eq!(client.ask_in_vain("tools/list").await.1, "remote.timed_out");
}

#[tokio::test]
async fn redirects_are_followed_at_home_and_nowhere_else() {
    let elsewhere = serve(|seen| async move { json_answer(&seen, json!({})) }).await;
    let target = elsewhere.url.to_string();
    let told = told(move || (status(307).status(), [("location", target.clone())]).into_response());
    let told = told.await;
    assert_eq!(told.1, "remote.redirected");
    assert!(told.0.contains(&elsewhere.url.port().unwrap().to_string()));
    assert!(elsewhere.log().is_empty());

    let calls = Arc::new(AtomicUsize::new(0));
    let server = serve(move |seen| {
        let calls = calls.clone();
        async move {
            if calls.fetch_add(1, Ordering::SeqCst) == 0 {
                return (status(307).status(), [("location", "/mcp/")]).into_response();
            }
            legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    let hello = client.handshake().await;
    assert!(hello["result"].is_object(), "{hello}");
}

#[tokio::test]
async fn nonsense_from_the_client_is_answered_and_the_bridge_goes_on() {
    let server = wanting("good").await;
    let small = Options {
        frame_limit_bytes: 1000,
        ..options()
    };
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(small, Keys::new(&["good"]), at);
    for (line, code) in [
        ("nonsense", -32700),
        (r#"{"jsonrpc":"2.0","#, -32700),
        ("[{]", -32700),
        ("{}", -32600),
        ("7", -32600),
        ("[1]", -32600),
        (&"x".repeat(2000), -32600),
    ] {
        client.send(line).await;
        let answer = client.message().await;
        assert_eq!(answer["error"]["code"], code, "{line}");
        assert!(answer["id"].is_null());
    }
    let hello = client.handshake().await;
    assert!(hello["result"].is_object(), "{hello}");
    assert!(server.methods().iter().all(|method| !method.is_empty()));
}
