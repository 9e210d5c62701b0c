//! What comes before what, and what the two sides may do at the same time.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};

use crate::support::{Client, accepted, event, json_answer, legacy, live_events, serve};

#[tokio::test]
async fn nothing_is_sent_before_initialize_is_answered_and_initialized_taken() {
    let go = Arc::new(Notify::new());
    let waiting = go.clone();
    let server = serve(move |seen| {
        let waiting = waiting.clone();
        async move {
            if matches!(
                seen.rpc().as_str(),
                "initialize" | "notifications/initialized"
            ) {
                waiting.notified().await;
            }
            legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    for line in [
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#,
    ] {
        client.send(line).await;
    }
    server.saw(|seen| seen.rpc() == "initialize").await;
    assert_eq!(server.methods(), ["initialize"]);
    go.notify_one();
    assert_eq!(client.message().await["id"], 1);
    let seen = server
        .saw(|seen| seen.rpc() == "notifications/initialized")
        .await;
    assert_eq!(seen.header("mcp-session-id"), Some("s1"));
    assert_eq!(seen.header("mcp-protocol-version"), Some("2025-11-25"));
    assert_eq!(server.methods().len(), 2);
    go.notify_one();
    assert_eq!(client.message().await["id"], 2);
}

#[tokio::test]
async fn notifications_arrive_in_the_order_they_were_spoken() {
    let server = serve(|seen| async move { legacy(&seen).unwrap_or_else(accepted) }).await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    for number in 0..200 {
        let said = json!({"jsonrpc": "2.0", "method": "notifications/n", "params": {"n": number}});
        client.send(&said.to_string()).await;
    }
    server.saw(|seen| seen.json()["params"]["n"] == 199).await;
    let heard: Vec<Value> = server
        .log()
        .iter()
        .filter(|seen| seen.rpc() == "notifications/n")
        .map(|seen| seen.json()["params"]["n"].clone())
        .collect();
    assert_eq!(heard, (0..200).map(Value::from).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_slow_request_holds_up_no_other() {
    let server = serve(|seen| async move {
        if seen.rpc() == "slow" {
            std::future::pending::<()>().await;
        }
        legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"slow"}"#)
        .await;
    for _ in 0..10 {
        client.ask("quick", json!({})).await;
    }
}

#[tokio::test]
async fn the_server_may_ask_in_the_middle_of_a_call() {
    type Open = Arc<Mutex<Option<mpsc::UnboundedSender<String>>>>;
    let open: Open = Arc::default();
    let server = serve(move |seen| {
        let open = open.clone();
        async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            if seen.rpc() == "tools/call" {
                let (events, answer) = live_events();
                let ask = json!({"jsonrpc": "2.0", "id": "q", "method": "sampling/createMessage"});
                events.send(event(&ask)).unwrap();
                *open.lock().unwrap() = Some(events);
                return answer;
            }
            // The client's answer: the call goes on with it.
            let said = seen.json()["result"].clone();
            let done = json!({"jsonrpc": "2.0", "id": 1, "result": said});
            let events = open.lock().unwrap().take().unwrap();
            events.send(event(&done)).unwrap();
            accepted()
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#)
        .await;
    let question = client.message().await;
    assert_eq!(question["method"], "sampling/createMessage");
    client
        .send(r#"{"jsonrpc":"2.0","id":"q","result":{"said":"yes"}}"#)
        .await;
    let answer = client.message().await;
    assert_eq!(
        answer,
        json!({"jsonrpc": "2.0", "id": 1, "result": {"said": "yes"}})
    );
}

#[tokio::test]
async fn cancelling_is_told_to_a_server_with_sessions_and_gets_no_error() {
    type Open = Arc<Mutex<Option<mpsc::UnboundedSender<String>>>>;
    let open: Open = Arc::default();
    let server = serve(move |seen| {
        let open = open.clone();
        async move {
            match seen.rpc().as_str() {
                "slow" => {
                    let (events, answer) = live_events();
                    *open.lock().unwrap() = Some(events);
                    answer
                }
                // The server gives up the call: its stream ends without an answer.
                "notifications/cancelled" => {
                    open.lock().unwrap().take();
                    accepted()
                }
                _ => legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({}))),
            }
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"slow"}"#)
        .await;
    server.saw(|seen| seen.rpc() == "slow").await;
    let cancel =
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"odd":[]}}"#;
    client.send(cancel).await;
    server.saw(|seen| seen.body == cancel).await;
    client.ask("quick", json!({})).await;
    client.close().await;
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn cancelling_closes_the_stream_of_the_stateless_era() {
    let (events, answer) = live_events();
    let answer = Arc::new(Mutex::new(Some(answer)));
    let server = serve(move |seen| {
        let answer = answer.lock().unwrap().take();
        async move { answer.unwrap_or_else(|| json_answer(&seen, json!({}))) }
    })
    .await;
    let mut client = Client::to(&server.url);
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28"});
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "slow", "params": {"_meta": meta}});
    client.send(&call.to_string()).await;
    let progress = json!({"jsonrpc": "2.0", "method": "notifications/progress"});
    events.send(event(&progress)).unwrap();
    client.message().await;
    client
        .send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        .await;
    // The server sees its stream closed.
    events.closed().await;
    client.ask("quick", json!({})).await;
    assert_eq!(server.methods(), ["slow", "quick"]);
    client.close().await;
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn an_id_in_use_is_refused_and_free_again_afterwards() {
    let server = serve(|seen| async move {
        if seen.rpc() == "slow" {
            std::future::pending::<()>().await;
        }
        json_answer(&seen, json!({}))
    })
    .await;
    let mut client = Client::to(&server.url);
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"slow"}"#)
        .await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"quick"}"#)
        .await;
    assert_eq!(client.message().await["error"]["code"], -32600);
    client
        .send(r#"{"jsonrpc":"2.0","id":2,"method":"quick"}"#)
        .await;
    assert!(client.message().await["result"].is_object());
    client
        .send(r#"{"jsonrpc":"2.0","id":2,"method":"quick"}"#)
        .await;
    assert!(client.message().await["result"].is_object());
}
