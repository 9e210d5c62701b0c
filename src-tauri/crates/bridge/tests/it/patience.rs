//! A server that is down for a moment, and one that stays down.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Json;
use axum::routing::post;
use keystow_bridge::{EndpointSource, SourceError};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use url::Url;

use crate::support::{Client, Keys, options};

/// Tells how often the server was looked for: more than once when nobody listened.
struct Watched {
    url: Url,
    count: AtomicUsize,
    looks: watch::Sender<usize>,
}

impl EndpointSource for Watched {
    fn locate(&self) -> Result<Url, SourceError> {
        let looks = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        self.looks.send_replace(looks);
        Ok(self.url.clone())
    }
}

/// Where nobody listens, yet.
async fn nowhere() -> (std::net::SocketAddr, Arc<Watched>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let watched = Watched {
        url: Url::parse(&format!("http://{address}/mcp")).unwrap(),
        count: AtomicUsize::new(0),
        looks: watch::Sender::new(0),
    };
    (address, Arc::new(watched))
}

#[tokio::test]
async fn a_server_that_starts_again_is_waited_for() {
    let (address, watched) = nowhere().await;
    let mut options = options();
    options.patience = Duration::from_secs(20);
    let mut looks = watched.looks.subscribe();
    let mut client = Client::with(options, Keys::new(&["good"]), watched);
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#)
        .await;
    looks.wait_for(|looks| *looks >= 2).await.unwrap();
    let answer = |Json(asked): Json<Value>| async move {
        Json(json!({"jsonrpc": "2.0", "id": asked["id"], "result": {}}))
    };
    let router = axum::Router::new().route("/mcp", post(answer));
    let listener = TcpListener::bind(address).await.unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    assert_eq!(client.message().await["result"], json!({}));
    server.abort();
}

#[tokio::test]
async fn a_server_that_stays_down_is_told_in_one_sentence() {
    let (_, watched) = nowhere().await;
    let mut client = Client::with(options(), Keys::new(&["good"]), watched);
    let (sentence, code) = client.ask_in_vain("tools/call").await;
    assert_eq!(code, "remote.unreachable");
    assert!(sentence.contains("nobody listens there"), "{sentence}");
}
