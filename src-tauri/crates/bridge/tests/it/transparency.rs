//! Bytes that are not ours stay as they are, in both directions.

use axum::response::IntoResponse;
use serde_json::json;

use crate::support::{Client, Server, accepted, events, json_answer, legacy, serve};

const ODD: &str = r#"{"zeta" : 12345678901234567890,  "alpha":1.0e+2 ,"q":"\u00e9\/é","deep":[ { "x":-0 } ,null ],"unknown":{"future":true}}"#;

async fn echoing(as_events: bool) -> Server {
    serve(move |seen| async move {
        if let Some(answer) = legacy(&seen) {
            return answer;
        }
        let id = seen.id();
        let body = format!(r#"{{ "result" : {ODD}, "id":{id} ,"jsonrpc":"2.0","extra":[1 , 2]}}"#);
        if as_events {
            events(format!("event: message\nid: 1\ndata: {body}\n\n"))
        } else {
            ([("content-type", "application/json")], body).into_response()
        }
    })
    .await
}

#[tokio::test]
async fn requests_and_answers_reach_the_other_side_unchanged() {
    for as_events in [false, true] {
        let server = echoing(as_events).await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        let line = format!(
            r#"{{ "method":"future/thing","params": {ODD} , "id" : 7,"jsonrpc":"2.0", "extension":{{}} }}"#
        );
        client.send(&line).await;
        assert_eq!(
            client.line().await,
            format!(r#"{{ "result" : {ODD}, "id":7 ,"jsonrpc":"2.0","extra":[1 , 2]}}"#)
        );
        let seen = server.saw(|seen| seen.rpc() == "future/thing").await;
        assert_eq!(seen.body, line);
    }
}

#[tokio::test]
async fn an_answer_on_several_lines_becomes_one() {
    let server = serve(|seen| async move {
        if let Some(answer) = legacy(&seen) {
            return answer;
        }
        if seen.rpc() == "events" {
            return events(
                "data: {\"jsonrpc\":\"2.0\",\r\ndata: \"id\":1,\"result\":{\r\ndata: }}\r\n\r\n",
            );
        }
        let body = "{\n  \"jsonrpc\": \"2.0\",\r\n  \"id\": 1,\n  \"result\": {}\n}\n";
        ([("content-type", "application/json")], body).into_response()
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"body"}"#)
        .await;
    assert_eq!(
        client.line().await,
        r#"{  "jsonrpc": "2.0",  "id": 1,  "result": {}}"#
    );
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"events"}"#)
        .await;
    assert_eq!(
        client.line().await,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#
    );
}

#[tokio::test]
async fn batches_pass_as_they_are() {
    let server = serve(|seen| async move {
        if let Some(answer) = legacy(&seen) {
            return answer;
        }
        let body = r#"[{"id":2,"result":{}} , {"id":1,"result":{}}]"#;
        ([("content-type", "application/json")], body).into_response()
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    let batch = r#"[ {"id":1,"method":"a"}, {"id":2,"method":"b"}, {"method":"c"} ]"#;
    client.send(batch).await;
    assert_eq!(
        client.line().await,
        r#"[{"id":2,"result":{}} , {"id":1,"result":{}}]"#
    );
    server.saw(|seen| seen.body == batch).await;
    // Both are settled: their ids are free again.
    client.send(r#"{"id":1,"method":"a"}"#).await;
    client.line().await;
}

#[tokio::test]
async fn stateless_requests_carry_their_headers_and_no_session() {
    let server = serve(|seen| async move {
        if seen.id().is_null() {
            accepted()
        } else {
            json_answer(&seen, json!({}))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28"});
    for (method, params, name) in [
        (
            "tools/call",
            json!({"name": "größe"}),
            Some("=?base64?Z3LDtsOfZQ==?="),
        ),
        (
            "resources/read",
            json!({"uri": "file:///a b"}),
            Some("file:///a b"),
        ),
        ("tasks/get", json!({"taskId": "t1"}), Some("t1")),
        ("tools/list", json!({"name": "not a name"}), None),
    ] {
        let mut params = params;
        params["_meta"] = meta.clone();
        client.ask(method, params).await;
        let seen = server.saw(|seen| seen.rpc() == method).await;
        assert_eq!(seen.header("mcp-method"), Some(method));
        assert_eq!(seen.header("mcp-name"), name);
        assert_eq!(seen.header("mcp-protocol-version"), Some("2026-07-28"));
        assert_eq!(seen.header("mcp-session-id"), None);
        assert_eq!(seen.header("authorization"), Some("Bearer good"));
        assert_eq!(seen.header("user-agent"), Some("keystow/test"));
    }
    client
        .send(r#"{"jsonrpc":"2.0","method":"notifications/x"}"#)
        .await;
    let seen = server.saw(|seen| seen.rpc() == "notifications/x").await;
    assert_eq!(seen.header("mcp-method"), Some("notifications/x"));
    assert_eq!(seen.header("mcp-protocol-version"), Some("2026-07-28"));
}
