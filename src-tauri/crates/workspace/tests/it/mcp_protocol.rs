//! Both eras of the protocol, as clients speak them over plain HTTP.

use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::server::{Server, eventually, ok};

/// Reads the events of a stream one by one.
pub struct Events {
    response: std::pin::Pin<
        Box<dyn futures_util::Stream<Item = reqwest::Result<axum::body::Bytes>> + Send>,
    >,
    buffer: String,
}

impl Events {
    pub fn of(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response: Box::pin(response.bytes_stream()),
            buffer: String::new(),
        }
    }

    /// The next JSON-RPC message; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some(end) = self.buffer.find("\n\n") {
                let event: String = self.buffer.drain(..end + 2).collect();
                let data: String = event
                    .lines()
                    .filter_map(|line| line.strip_prefix("data:"))
                    .map(str::trim)
                    .collect();
                if !data.is_empty() {
                    return Some(serde_json::from_str(&data).unwrap());
                }
            }
            let chunk = self.response.next().await?.unwrap();
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

/// A session of the era that has them.
pub struct Session<'a> {
    pub server: &'a Server,
    pub key: &'a str,
    pub id: String,
}

pub fn initialize(server: &Server, key: &str) -> RequestBuilder {
    server.mcp(Method::POST, key).json(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "Old Client", "version": "1"}}}))
}

impl<'a> Session<'a> {
    pub async fn open(server: &'a Server, key: &'a str) -> Self {
        let answer = initialize(server, key).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let id = answer.headers()["mcp-session-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let mut events = Events::of(answer);
        let result = events.next().await.unwrap();
        assert_eq!(result["result"]["protocolVersion"], "2025-11-25");
        let session = Self { server, key, id };
        let done = session
            .post(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))
            .send()
            .await
            .unwrap();
        assert_eq!(done.status(), 202);
        session
    }

    pub fn request(&self, method: Method) -> RequestBuilder {
        self.server
            .mcp(method, self.key)
            .header("mcp-session-id", &self.id)
            .header("mcp-protocol-version", "2025-11-25")
    }

    pub fn post(&self, message: &Value) -> RequestBuilder {
        self.request(Method::POST).json(message)
    }

    pub async fn call(&self, method: &str, params: Value) -> Value {
        let message = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        Events::of(self.post(&message).send().await.unwrap())
            .next()
            .await
            .unwrap()
    }
}

/// A request of the stateless era.
pub fn modern(server: &Server, key: &str, method: &str, mut params: Value) -> RequestBuilder {
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28".into();
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
    params["_meta"]["io.modelcontextprotocol/clientInfo"] =
        json!({"name": "New Client", "version": "1"});
    let mut request = server
        .mcp(Method::POST, key)
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method);
    if let Some(name) = params["name"].as_str() {
        request = request.header("mcp-name", name);
    }
    request.json(&json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}))
}

pub fn tool_names(listed: &Value) -> Vec<String> {
    let tools = listed["result"]["tools"]
        .as_array()
        .unwrap_or_else(|| panic!("{listed}"));
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

pub const ALL: [&str; 6] = ["whoami", "list_keys", "usage", "echo", "stream", "slow"];

#[tokio::test]
async fn the_session_era_works() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "old"})).await;
    let session = Session::open(&server, &key).await;
    assert_eq!(
        tool_names(&session.call("tools/list", json!({})).await),
        ALL
    );
    let said = session
        .call(
            "tools/call",
            json!({"name": "echo", "arguments": {"text": "hällo"}}),
        )
        .await;
    assert_eq!(said["result"]["content"][0]["text"], "hällo");
    let who = session.call("tools/call", json!({"name": "whoami"})).await;
    assert_eq!(who["result"]["structuredContent"]["key"]["name"], "old");
    assert_eq!(session.call("ping", json!({})).await["result"], json!({}));
    assert_eq!(
        session.call("no/such", json!({})).await["error"]["code"],
        -32601
    );

    assert_eq!(
        session
            .request(Method::DELETE)
            .send()
            .await
            .unwrap()
            .status(),
        202
    );
    let gone = session
        .post(&json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 404);
    let without = server
        .mcp(Method::POST, &key)
        .json(&json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}))
        .send()
        .await
        .unwrap();
    assert!(without.status().is_client_error());
}

#[tokio::test]
async fn the_stateless_era_works() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "new"})).await;
    let found = ok(modern(&server, &key, "server/discover", json!({}))).await;
    assert!(
        found["result"]["supportedVersions"]
            .as_array()
            .unwrap()
            .contains(&json!("2026-07-28")),
        "{found}"
    );
    let listed = ok(modern(&server, &key, "tools/list", json!({}))).await;
    assert_eq!(tool_names(&listed), ALL);
    assert_eq!(listed["result"]["resultType"], "complete");
    let said = ok(modern(
        &server,
        &key,
        "tools/call",
        json!({"name": "echo", "arguments": {"text": "hi"}}),
    ))
    .await;
    assert_eq!(said["result"]["content"][0]["text"], "hi");
    let unknown = modern(&server, &key, "no/such", json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(unknown.status(), 404);
    let mismatch = modern(
        &server,
        &key,
        "tools/call",
        json!({"name": "echo", "arguments": {"text": "x"}}),
    )
    .header("mcp-name", "slow")
    .send()
    .await
    .unwrap();
    assert_eq!(mismatch.status(), 400);
    let get = server
        .mcp(Method::GET, &key)
        .header("mcp-protocol-version", "2026-07-28")
        .send()
        .await
        .unwrap();
    assert_eq!(get.status(), 405);
    let other_header = server
        .request(Method::POST, "/api/mcp/stream")
        .header("x-api-key", &key)
        .header("accept", "application/json, text/event-stream")
        .json(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}}}))
        .send()
        .await
        .unwrap();
    assert_eq!(other_header.status(), 200);
}

#[tokio::test]
async fn progress_comes_before_the_result_in_both_eras() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "k"})).await;
    let params = json!({"name": "stream", "arguments": {"count": 3, "interval_ms": 1}, "_meta": {"progressToken": "p"}});
    let session = Session::open(&server, &key).await;
    let old =
        session.post(&json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}));
    for request in [old, modern(&server, &key, "tools/call", params.clone())] {
        let mut events = Events::of(request.send().await.unwrap());
        for expected in 1..=3 {
            let note = events.next().await.unwrap();
            assert_eq!(note["method"], "notifications/progress");
            assert_eq!(
                note["params"]["progress"].as_f64(),
                Some(f64::from(expected))
            );
            assert_eq!(note["params"]["progressToken"], "p");
        }
        let result = events.next().await.unwrap();
        assert_eq!(result["result"]["structuredContent"]["messages"], 3);
        assert!(
            events.next().await.is_none(),
            "the stream ends with the result"
        );
    }
}

#[tokio::test]
async fn a_slow_call_can_be_cancelled_in_both_eras() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "k"})).await;
    let params =
        json!({"name": "slow", "arguments": {"seconds": 200}, "_meta": {"progressToken": 1}});
    let jobs = async || {
        let usage = ok(modern(
            &server,
            &key,
            "tools/call",
            json!({"name": "usage"}),
        ))
        .await;
        usage["result"]["structuredContent"]["latestJobs"]
            .as_array()
            .unwrap()
            .clone()
    };
    let session = Session::open(&server, &key).await;
    let call =
        session.post(&json!({"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": params}));
    let mut events = Events::of(call.send().await.unwrap());
    assert_eq!(
        events.next().await.unwrap()["method"],
        "notifications/progress"
    );
    let cancel =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 9}});
    assert_eq!(session.post(&cancel).send().await.unwrap().status(), 202);
    eventually("the first job stopped", async || jobs().await.len() == 1).await;

    let mut events = Events::of(
        modern(&server, &key, "tools/call", params)
            .send()
            .await
            .unwrap(),
    );
    assert_eq!(
        events.next().await.unwrap()["method"],
        "notifications/progress"
    );
    drop(events);
    eventually("the second job stopped", async || jobs().await.len() == 2).await;
    assert!(jobs().await.iter().all(|job| job["finished"] == false));

    let done = ok(modern(
        &server,
        &key,
        "tools/call",
        json!({"name": "slow", "arguments": {"seconds": 0}}),
    ))
    .await;
    assert_eq!(
        done["result"]["structuredContent"]["slept_seconds"].as_f64(),
        Some(0.0)
    );
}

#[tokio::test]
async fn bad_arguments_are_told() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "k"})).await;
    for (tool, arguments) in [
        ("echo", json!({})),
        ("echo", json!({"text": 7})),
        ("slow", json!({"seconds": 301})),
        ("slow", json!({"seconds": -1})),
        ("nothing", json!({})),
        ("list_keys", json!({"page": "one"})),
    ] {
        let answer = modern(
            &server,
            &key,
            "tools/call",
            json!({"name": tool, "arguments": arguments}),
        )
        .send()
        .await
        .unwrap();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], -32602, "{tool}: {body}");
    }
}

#[tokio::test]
async fn list_keys_pages_and_searches() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "asking"})).await;
    owner.key(json!({"name": "other"})).await;
    let call = |arguments: Value| {
        ok(modern(
            &server,
            &key,
            "tools/call",
            json!({"name": "list_keys", "arguments": arguments}),
        ))
    };
    let all = call(json!({})).await;
    assert_eq!(all["result"]["structuredContent"]["total"], 2);
    assert!(!all.to_string().contains(&key));
    let one = call(json!({"search": "OTH", "limit": 1})).await;
    assert_eq!(
        one["result"]["structuredContent"]["keys"][0]["name"],
        "other"
    );
}
