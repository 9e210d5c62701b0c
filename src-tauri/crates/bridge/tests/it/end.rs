//! How a bridge ends.

use axum::http::Method;
use keystow_bridge::{Ended, Options};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{At, Client, Keys, Server, json_answer, legacy, options, serve};

async fn server() -> Server {
    serve(|seen| async move {
        if seen.rpc() == "slow" {
            std::future::pending::<()>().await;
        }
        legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
    })
    .await
}

#[tokio::test]
async fn the_end_of_input_ends_the_session_and_what_is_under_way() {
    let server = server().await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"slow"}"#)
        .await;
    server.saw(|seen| seen.rpc() == "slow").await;
    assert_eq!(client.close().await, Ended::InputClosed);
    let gone = server.saw(|seen| seen.method == Method::DELETE).await;
    assert_eq!(gone.header("mcp-session-id"), Some("s1"));
    assert_eq!(gone.header("authorization"), Some("Bearer good"));
    let rest = client.rest().await;
    assert_eq!(rest.len(), 1, "{rest:?}");
    assert!(rest[0].contains("bridge.ended"), "{rest:?}");
}

#[tokio::test]
async fn a_stop_ends_the_session() {
    let server = server().await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client.ask("tools/list", json!({})).await;
    assert_eq!(client.stop().await, Ended::Stopped);
    server.saw(|seen| seen.method == Method::DELETE).await;
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn a_client_that_no_longer_listens_ends_the_bridge() {
    let server = server().await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client.ask("tools/list", json!({})).await;
    client.deafen();
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
        .await;
    assert_eq!(client.ended().await, Ended::OutputClosed);
    server.saw(|seen| seen.method == Method::DELETE).await;
}

#[tokio::test]
async fn a_server_that_does_not_let_go_delays_nothing() {
    let server = serve(|seen| async move {
        if seen.method == Method::DELETE {
            std::future::pending::<()>().await;
        }
        legacy(&seen).unwrap_or_else(|| json_answer(&seen, json!({})))
    })
    .await;
    let brief = Options {
        goodbye: Duration::from_millis(40),
        ..options()
    };
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(brief, Keys::new(&["good"]), at);
    client.handshake().await;
    client.ask("tools/list", json!({})).await;
    assert_eq!(client.close().await, Ended::InputClosed);
}

#[tokio::test]
async fn a_bridge_nobody_spoke_through_just_ends() {
    let server = server().await;
    let mut client = Client::to(&server.url);
    assert_eq!(client.close().await, Ended::InputClosed);
    assert!(server.log().is_empty());
}
