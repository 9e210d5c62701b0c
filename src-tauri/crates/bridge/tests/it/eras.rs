//! Client and server of different eras.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use keystow_bridge::{Dialect, Memory};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::support::{
    At, Client, Keys, Recorded, accepted, event, events, json_answer, legacy, live_events, options,
    serve, status,
};

/// A request that opened a stream, and the stream.
type Stream = (Value, UnboundedSender<String>);

fn error(seen: &Recorded, code: u16, number: i64, data: Value) -> Response {
    let error = json!({"code": number, "message": "no", "data": data});
    let body = json!({"jsonrpc": "2.0", "id": seen.id(), "error": error});
    (status(code).status(), axum::Json(body)).into_response()
}

/// Answers what every stateless server does; `None` for what is left to the test.
fn stateless(seen: &Recorded) -> Option<Response> {
    if seen.method != Method::POST {
        return Some(status(405));
    }
    let request = seen.json();
    let version = &request["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"];
    if seen.header("mcp-protocol-version") != Some("2026-07-28") || version != "2026-07-28" {
        return Some(error(seen, 400, -32020, Value::Null));
    }
    assert_eq!(seen.header("mcp-method"), Some(seen.rpc().as_str()));
    match seen.rpc().as_str() {
        "server/discover" => Some(json_answer(
            seen,
            json!({
                "resultType": "complete", "ttlMs": 0, "cacheScope": "private",
                "supportedVersions": ["2026-07-28"],
                "capabilities": {"tools": {"listChanged": true}, "resources": {"subscribe": true}},
                "instructions": "Be kind.",
                "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "modern", "version": "3"}},
            }),
        )),
        _ => None,
    }
}

fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "modern client", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
    })
}

pub(crate) fn with_meta(mut params: Value) -> Value {
    params["_meta"] = meta();
    params
}

/// A server with sessions that knows nothing of the stateless era.
fn strict(seen: &Recorded) -> Option<Response> {
    if seen.method == Method::POST
        && seen.rpc() != "initialize"
        && seen.header("mcp-session-id") != Some("s1")
    {
        return Some(error(seen, 400, -32000, Value::Null));
    }
    legacy(seen)
}

#[tokio::test]
async fn a_client_with_sessions_calls_a_stateless_server() {
    let server = serve(|seen| async move {
        stateless(&seen).unwrap_or_else(|| {
            assert_eq!(seen.header("mcp-name"), Some("add"));
            json_answer(
                &seen,
                json!({"resultType": "complete", "seen": seen.json()["params"]}),
            )
        })
    })
    .await;
    let mut client = Client::to(&server.url);
    let hello = client.handshake_with(json!({"roots": {}})).await["result"].clone();
    assert_eq!(hello["protocolVersion"], "2025-11-25");
    assert_eq!(hello["serverInfo"]["name"], "modern");
    assert_eq!(hello["instructions"], "Be kind.");
    assert!(hello["capabilities"]["tools"].is_object());

    let level = client
        .ask("logging/setLevel", json!({"level": "warning"}))
        .await;
    assert_eq!(level["result"], json!({}));
    let wrong = client
        .ask("logging/setLevel", json!({"level": "loud"}))
        .await;
    assert_eq!(wrong["error"]["code"], -32602);
    assert_eq!(client.ask("ping", json!({})).await["result"], json!({}));

    let called = client
        .ask(
            "tools/call",
            json!({"name": "add", "arguments": {"a": 1}, "_meta": {"progressToken": 7}}),
        )
        .await;
    let seen = &called["result"]["seen"];
    assert_eq!(seen["arguments"]["a"], 1);
    assert_eq!(seen["_meta"]["progressToken"], 7);
    assert_eq!(seen["_meta"]["io.modelcontextprotocol/logLevel"], "warning");
    assert_eq!(
        seen["_meta"]["io.modelcontextprotocol/clientInfo"]["name"],
        "test"
    );
    assert_eq!(
        seen["_meta"]["io.modelcontextprotocol/clientCapabilities"],
        json!({"roots": {}})
    );
    client.close().await;
    assert!(client.rest().await.is_empty());
    assert!(server.log().iter().all(|seen| seen.method == Method::POST));
}

#[tokio::test]
async fn what_a_stateless_server_needs_first_is_asked_of_the_client() {
    let server = serve(|seen| async move {
        if let Some(answer) = stateless(&seen) {
            return answer;
        }
        let request = seen.json();
        let answers = &request["params"]["inputResponses"];
        if answers.is_null() {
            return json_answer(
                &seen,
                json!({
                    "resultType": "input_required", "requestState": "opaque",
                    "inputRequests": {"who": {"method": "elicitation/create", "params": {"message": "Who?"}}},
                }),
            );
        }
        assert_eq!(request["params"]["requestState"], "opaque");
        json_answer(&seen, json!({"resultType": "complete", "got": answers, "id": seen.id()}))
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake_with(json!({"elicitation": {}})).await;
    client
        .send(r#"{"jsonrpc":"2.0","id":"mine","method":"tools/call","params":{"name":"greet"}}"#)
        .await;
    let question = client.message().await;
    assert_eq!(question["method"], "elicitation/create");
    assert_eq!(question["params"]["message"], "Who?");
    let reply = json!({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept"}});
    client.send(&reply.to_string()).await;
    let answer = client.message().await;
    assert_eq!(answer["id"], "mine");
    assert_eq!(answer["result"]["got"]["who"]["action"], "accept");
    assert_ne!(answer["result"]["id"], "mine");

    // A client that will not answer gets one sentence.
    client
        .send(r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"greet"}}"#)
        .await;
    let question = client.message().await;
    let refusal = json!({"jsonrpc": "2.0", "id": question["id"], "error": {"code": -1, "message": "Not now."}});
    client.send(&refusal.to_string()).await;
    let answer = client.message().await;
    assert_eq!(answer["id"], 2);
    assert_eq!(answer["error"]["data"]["code"], "bridge.not_answered");
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Not now")
    );
}

#[tokio::test]
async fn a_client_with_sessions_hears_of_changes_of_a_stateless_server() {
    let streams: Arc<Mutex<Vec<Stream>>> = Arc::default();
    let open = streams.clone();
    let server = serve(move |seen| {
        let streams = streams.clone();
        async move {
            if let Some(answer) = stateless(&seen) {
                return answer;
            }
            let filter = seen.json()["params"]["notifications"].clone();
            let (sender, answer) = live_events();
            let acknowledged = json!({
                "jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged",
                "params": {"notifications": filter},
            });
            sender.send(event(&acknowledged)).unwrap();
            streams.lock().unwrap().push((filter, sender));
            answer
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    server
        .saw(|seen| seen.rpc() == "subscriptions/listen")
        .await;
    let subscribed = client
        .ask("resources/subscribe", json!({"uri": "file:///a"}))
        .await;
    assert_eq!(subscribed["result"], json!({}));
    let (filter, sender) = open.lock().unwrap().last().unwrap().clone();
    assert_eq!(
        filter,
        json!({"toolsListChanged": true, "resourceSubscriptions": ["file:///a"]})
    );
    let changed = json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"});
    sender.send(event(&changed)).unwrap();
    assert_eq!(client.message().await, changed);
}

#[tokio::test]
async fn a_stateless_client_calls_a_server_with_sessions() {
    let server = serve(|seen| async move {
        strict(&seen).unwrap_or_else(|| {
            json_answer(
                &seen,
                json!({"tools": [], "big": 1, "session": seen.header("mcp-session-id")}),
            )
        })
    })
    .await;
    let mut client = Client::to(&server.url);
    let found = client.ask("server/discover", with_meta(json!({}))).await["result"].clone();
    assert_eq!(found["supportedVersions"], json!(["2026-07-28"]));
    assert_eq!(found["resultType"], "complete");
    assert_eq!(
        found["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "scripted"
    );
    let listed = client.ask("tools/list", with_meta(json!({}))).await["result"].clone();
    assert_eq!(listed["session"], "s1");
    assert_eq!(listed["resultType"], "complete");
    assert_eq!(listed["cacheScope"], "private");
    let log = server.log();
    let hello = log
        .iter()
        .find(|seen| seen.rpc() == "initialize")
        .unwrap()
        .json();
    assert_eq!(hello["params"]["clientInfo"]["name"], "modern client");
    assert_eq!(hello["params"]["capabilities"], json!({"elicitation": {}}));
    client.close().await;
    server.saw(|seen| seen.method == Method::DELETE).await;
}

#[tokio::test]
async fn what_a_server_with_sessions_asks_becomes_an_answer_that_asks_for_more() {
    let calls: Arc<Mutex<Option<Stream>>> = Arc::default();
    let server = serve(move |seen| {
        let calls = calls.clone();
        async move {
            if let Some(answer) = strict(&seen) {
                return answer;
            }
            if seen.rpc() == "tools/call" {
                let (sender, answer) = live_events();
                let question = json!({"jsonrpc": "2.0", "id": 77, "method": "elicitation/create", "params": {"message": "Who?"}});
                sender.send(event(&question)).unwrap();
                *calls.lock().unwrap() = Some((seen.id(), sender));
                return answer;
            }
            let (id, sender) = calls.lock().unwrap().take().unwrap();
            assert_eq!(seen.json()["id"], 77);
            let answer = json!({"jsonrpc": "2.0", "id": id, "result": {"got": seen.json()["result"]}});
            sender.send(event(&answer)).unwrap();
            accepted()
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.ask("server/discover", with_meta(json!({}))).await;
    let first = client
        .ask("tools/call", with_meta(json!({"name": "greet"})))
        .await["result"]
        .clone();
    assert_eq!(first["resultType"], "input_required");
    let question = &first["inputRequests"]["question"];
    assert_eq!(question["method"], "elicitation/create");
    assert_eq!(question["params"]["message"], "Who?");
    let again = json!({
        "name": "greet", "requestState": first["requestState"],
        "inputResponses": {"question": {"action": "accept", "content": {"who": "me"}}},
    });
    let last = client.ask("tools/call", with_meta(again.clone())).await["result"].clone();
    assert_eq!(last["got"]["content"]["who"], "me");
    assert_eq!(last["resultType"], "complete");
    // What is over cannot be gone on with.
    let gone = client.ask("tools/call", with_meta(again)).await;
    assert_eq!(gone["error"]["code"], -32602);
}

#[tokio::test]
async fn a_stateless_client_hears_of_changes_of_a_server_with_sessions() {
    let stream: Arc<Mutex<Option<UnboundedSender<String>>>> = Arc::default();
    let open = stream.clone();
    let server = serve(move |seen| {
        let stream = stream.clone();
        async move {
            if seen.method == Method::GET {
                let (sender, answer) = live_events();
                *stream.lock().unwrap() = Some(sender);
                return answer;
            }
            if seen.rpc() == "initialize" {
                let capabilities = json!({"resources": {"subscribe": true, "listChanged": true}});
                let result = json!({"protocolVersion": "2025-11-25", "capabilities": capabilities, "serverInfo": {"name": "s", "version": "1"}});
                let mut answer = json_answer(&seen, result);
                answer.headers_mut().insert("mcp-session-id", "s1".parse().unwrap());
                return answer;
            }
            strict(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.ask("server/discover", with_meta(json!({}))).await;
    server.saw(|seen| seen.method == Method::GET).await;
    let listen = with_meta(
        json!({"notifications": {"toolsListChanged": true, "resourcesListChanged": true, "resourceSubscriptions": ["file:///a"]}}),
    );
    let listen =
        json!({"jsonrpc": "2.0", "id": "L", "method": "subscriptions/listen", "params": listen});
    client.send(&listen.to_string()).await;
    let acknowledged = client.message().await;
    assert_eq!(
        acknowledged["method"],
        "notifications/subscriptions/acknowledged"
    );
    assert_eq!(
        acknowledged["params"]["notifications"],
        json!({"resourcesListChanged": true, "resourceSubscriptions": ["file:///a"]})
    );
    let sender = open.lock().unwrap().clone().unwrap();
    for uri in ["file:///other", "file:///a"] {
        let updated = json!({"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": uri}});
        sender.send(event(&updated)).unwrap();
    }
    let heard = client.message().await;
    assert_eq!(heard["params"]["uri"], "file:///a");
    assert_eq!(
        heard["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"],
        "L"
    );
    client
        .send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"L"}}"#)
        .await;
    server
        .saw(|seen| seen.rpc() == "resources/unsubscribe")
        .await;
    client.close().await;
    assert!(client.rest().await.is_empty());
}

#[derive(Debug, Default)]
struct Remembered(Mutex<Option<Dialect>>);

impl Memory for Remembered {
    fn recall(&self) -> Option<Dialect> {
        *self.0.lock().unwrap()
    }

    fn remember(&self, dialect: Dialect) {
        *self.0.lock().unwrap() = Some(dialect);
    }
}

#[tokio::test]
async fn what_was_found_is_remembered_and_a_wrong_memory_does_no_harm() {
    let server = serve(|seen| async move {
        stateless(&seen).unwrap_or_else(|| json_answer(&seen, json!({"resultType": "complete"})))
    })
    .await;
    let memory = Arc::new(Remembered::default());
    let start = |url: &url::Url| {
        let mut options = options();
        options.memory = Some(memory.clone());
        Client::with(options, Keys::new(&["good"]), Arc::new(At(url.clone())))
    };
    start(&server.url).handshake().await;
    assert_eq!(memory.recall(), Some(Dialect::Stateless));
    assert_eq!(server.methods().first().unwrap(), "initialize");
    let before = server.methods().len();
    start(&server.url).handshake().await;
    assert_eq!(server.methods()[before], "server/discover");

    let other = serve(|seen| async move { legacy(&seen).unwrap_or_else(|| status(400)) }).await;
    let hello = start(&other.url).handshake().await;
    assert_eq!(hello["result"]["serverInfo"]["name"], "scripted");
    assert_eq!(memory.recall(), Some(Dialect::Sessions));
}

#[tokio::test]
async fn a_call_without_the_headers_its_tool_wants_is_sent_again_with_them() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = calls.clone();
    let server = serve(move |seen| {
        let calls = calls.clone();
        async move {
            if let Some(answer) = stateless(&seen) {
                return answer;
            }
            if seen.rpc() == "tools/list" {
                let schema =
                    json!({"properties": {"region": {"type": "string", "x-mcp-header": "Region"}}});
                let tools = json!([{"name": "regional", "inputSchema": schema}]);
                return json_answer(&seen, json!({"resultType": "complete", "tools": tools}));
            }
            calls.fetch_add(1, Ordering::SeqCst);
            match seen.header("mcp-param-region") {
                Some("eu") => json_answer(&seen, json!({"resultType": "complete"})),
                _ => error(&seen, 400, -32020, Value::Null),
            }
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    let call = json!({"name": "regional", "arguments": {"region": "eu"}});
    let answer = client.ask("tools/call", with_meta(call)).await;
    assert_eq!(answer["result"]["resultType"], "complete");
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_was_subscribed_to_is_subscribed_to_again_in_a_new_session() {
    let sessions = Arc::new(AtomicUsize::new(0));
    let server = serve(move |seen| {
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
            if seen.rpc() == "tools/list" && seen.header("mcp-session-id") == Some("s1") {
                return status(404);
            }
            json_answer(&seen, json!({}))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .ask("resources/subscribe", json!({"uri": "file:///a"}))
        .await;
    client
        .ask("resources/subscribe", json!({"uri": "file:///b"}))
        .await;
    client
        .ask("resources/unsubscribe", json!({"uri": "file:///b"}))
        .await;
    client
        .ask("logging/setLevel", json!({"level": "error"}))
        .await;
    client.ask("tools/list", json!({})).await;
    let again: Vec<_> = server
        .log()
        .iter()
        .filter(|seen| seen.header("mcp-session-id") == Some("s2"))
        .map(|seen| (seen.rpc(), seen.json()["params"].clone()))
        .filter(|(method, _)| method.contains('/') && !method.starts_with("notifications"))
        .collect();
    assert_eq!(
        again,
        [
            ("logging/setLevel".to_owned(), json!({"level": "error"})),
            (
                "resources/subscribe".to_owned(),
                json!({"uri": "file:///a"})
            ),
            ("tools/list".to_owned(), json!({})),
        ]
    );
    client.close().await;
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn a_server_with_sessions_may_refuse_by_a_stream_of_events() {
    let server = serve(|seen| async move {
        let answer =
            json!({"jsonrpc": "2.0", "id": seen.id(), "error": {"code": -32601, "message": "no"}});
        match seen.rpc().as_str() {
            "server/discover" => events(event(&answer)),
            _ => legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({}))),
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    let found = client.ask("server/discover", with_meta(json!({}))).await;
    assert_eq!(
        found["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "scripted"
    );
}
