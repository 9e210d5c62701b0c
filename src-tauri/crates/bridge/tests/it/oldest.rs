//! The oldest transport, of revision 2024-11-05.

use std::sync::{Arc, Mutex};

use axum::http::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::eras::with_meta;
use crate::support::{Client, Server, accepted, event, live_events, serve, status};

/// A server of the oldest kind; `endpoint` is what it says to post to.
async fn oldest(endpoint: &'static str) -> Server {
    let stream: Arc<Mutex<Option<UnboundedSender<String>>>> = Arc::default();
    serve(move |seen| {
        let stream = stream.clone();
        async move {
            if seen.method == Method::GET {
                let (sender, answer) = live_events();
                sender.send(format!("event: endpoint\ndata: {endpoint}\n\n")).unwrap();
                *stream.lock().unwrap() = Some(sender);
                return answer;
            }
            if seen.path != "/messages" {
                return status(405);
            }
            let say = |result: Value| {
                let answer = json!({"jsonrpc": "2.0", "id": seen.id(), "result": result});
                let sender = stream.lock().unwrap().clone();
                sender.unwrap().send(event(&answer)).unwrap();
            };
            match seen.rpc().as_str() {
                "initialize" => say(json!({"protocolVersion": "2024-11-05", "capabilities": {}, "serverInfo": {"name": "old", "version": "1"}})),
                "notifications/initialized" => {}
                "drop" => *stream.lock().unwrap() = None,
                method => say(json!({"method": method})),
            }
            accepted()
        }
    })
    .await
}

#[tokio::test]
async fn the_oldest_transport_is_spoken_where_nothing_else_is() {
    let server = oldest("/messages?session=1").await;
    let mut client = Client::to(&server.url);
    let hello = client.handshake().await;
    assert_eq!(hello["result"]["serverInfo"]["name"], "old");
    let listed = client.ask("tools/list", json!({})).await;
    assert_eq!(listed["result"]["method"], "tools/list");
    let (sentence, code) = client.ask_in_vain("drop").await;
    assert_eq!(code, "remote.broken", "{sentence}");
    // The next request finds a new stream and a new session.
    let again = client.ask("tools/list", json!({})).await;
    assert_eq!(again["result"]["method"], "tools/list");
    let hellos = server
        .log()
        .iter()
        .filter(|seen| seen.path == "/messages" && seen.rpc() == "initialize")
        .count();
    assert_eq!(hellos, 2);
    assert!(
        server
            .log()
            .iter()
            .all(|seen| seen.header("authorization") == Some("Bearer good"))
    );
}

#[tokio::test]
async fn a_stateless_client_reaches_the_oldest_transport_too() {
    let server = oldest("/messages").await;
    let mut client = Client::to(&server.url);
    let found = client.ask("server/discover", with_meta(json!({}))).await;
    assert_eq!(found["result"]["supportedVersions"], json!(["2026-07-28"]));
    let listed = client.ask("tools/list", with_meta(json!({}))).await;
    assert_eq!(listed["result"]["method"], "tools/list");
    assert_eq!(listed["result"]["resultType"], "complete");
}

#[tokio::test]
async fn a_stream_that_points_to_another_origin_gets_no_key() {
    let elsewhere = serve(|_| async { accepted() }).await;
    let target: &'static str = Box::leak(elsewhere.url.to_string().into_boxed_str());
    let server = oldest(target).await;
    let mut client = Client::to(&server.url);
    let (_, code) = client.ask_in_vain("initialize").await;
    assert_eq!(code, "remote.redirected");
    assert!(elsewhere.log().is_empty());
}
