//! A credential that is replaced while the bridge runs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keystow_bridge::{Credential, CredentialSource, SourceError, Usage};
use keystow_core::Secret;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::support::{At, Client, Server, json_answer, legacy, options, serve, status};

/// A key that somebody replaces.
struct Replaced {
    key: Mutex<&'static str>,
    changed: AtomicBool,
    broken: AtomicBool,
    looks: AtomicUsize,
    usage: watch::Sender<Usage>,
}

impl Replaced {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            key: Mutex::new("old"),
            changed: AtomicBool::default(),
            broken: AtomicBool::default(),
            looks: AtomicUsize::default(),
            usage: watch::Sender::default(),
        })
    }

    fn replace(&self) {
        *self.key.lock().unwrap() = "new";
        self.changed.store(true, Ordering::SeqCst);
    }

    /// Waits until the bridge has told this.
    async fn told(&self, mark: &str, accepted: bool, behind: bool) {
        let wanted = Usage {
            mark: mark.into(),
            accepted,
            behind,
        };
        let mut usage = self.usage.subscribe();
        timeout(
            Duration::from_secs(20),
            usage.wait_for(|usage| *usage == wanted),
        )
        .await
        .unwrap_or_else(|_| panic!("{wanted:?} was never told, but {:?}", self.usage.borrow()))
        .unwrap();
    }
}

impl CredentialSource for Replaced {
    fn read(&self) -> Result<Credential, SourceError> {
        let key = *self.key.lock().unwrap();
        Ok(Credential {
            mark: key.to_owned(),
            headers: vec![("authorization".into(), Secret::new(format!("Bearer {key}")))],
        })
    }

    fn may_have_changed(&self) -> bool {
        self.changed.load(Ordering::SeqCst)
    }

    fn read_if_other(&self) -> Result<Option<Credential>, SourceError> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            return Err(SourceError {
                code: "keychain.locked".into(),
                message: "The keychain is locked.".into(),
            });
        }
        self.changed.store(false, Ordering::SeqCst);
        self.read().map(Some)
    }

    fn used(&self, usage: Usage) {
        self.usage.send_replace(usage);
    }
}

/// A server that takes both keys; a call named `slow` is answered when the test says so.
async fn taking_both(go_on: watch::Receiver<bool>) -> Server {
    serve(move |seen| {
        let mut go_on = go_on.clone();
        async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            if seen.json()["params"]["name"] == "slow" {
                go_on.wait_for(|go| *go).await.unwrap();
            }
            json_answer(&seen, json!({"key": seen.header("authorization")}))
        }
    })
    .await
}

async fn called(client: &mut Client, tool: &str) -> serde_json::Value {
    let answer = client.ask("tools/call", json!({"name": tool})).await;
    answer["result"].clone()
}

#[tokio::test]
async fn a_replaced_key_is_used_by_the_next_message_and_nothing_is_refused_before() {
    let (_go, go_on) = watch::channel(true);
    let server = taking_both(go_on).await;
    let source = Replaced::new();
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(options(), source.clone(), at);
    client.handshake().await;
    assert_eq!(called(&mut client, "x").await["key"], "Bearer old");
    source.told("old", true, false).await;
    assert_eq!(source.looks.load(Ordering::SeqCst), 0);

    source.replace();
    assert_eq!(called(&mut client, "x").await["key"], "Bearer new");
    source.told("new", true, false).await;
    assert_eq!(source.looks.load(Ordering::SeqCst), 1);
    client.close().await;
}

#[tokio::test]
async fn what_is_under_way_with_the_key_of_before_is_told_until_it_is_over() {
    let (go, go_on) = watch::channel(false);
    let server = taking_both(go_on).await;
    let source = Replaced::new();
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(options(), source.clone(), at);
    client.handshake().await;
    client
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}"#)
        .await;
    server
        .saw(|seen| seen.json()["params"]["name"] == "slow")
        .await;
    source.replace();
    assert_eq!(called(&mut client, "x").await["key"], "Bearer new");
    source.told("new", true, true).await;
    go.send_replace(true);
    let line = client.line().await;
    assert!(line.contains("Bearer old"), "{line}");
    source.told("new", true, false).await;
    client.close().await;
}

#[tokio::test]
async fn a_new_key_that_cannot_be_had_yet_does_not_stop_the_old_one() {
    let (_go, go_on) = watch::channel(true);
    let server = taking_both(go_on).await;
    let source = Replaced::new();
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(options(), source.clone(), at);
    client.handshake().await;
    source.broken.store(true, Ordering::SeqCst);
    source.replace();
    for _ in 0..3 {
        assert_eq!(called(&mut client, "x").await["key"], "Bearer old");
    }
    // It is not asked again for each message.
    assert_eq!(source.looks.load(Ordering::SeqCst), 1);
    client.close().await;
}

#[tokio::test]
async fn a_session_that_is_bound_to_the_key_of_before_is_begun_anew() {
    let sessions = Arc::new(AtomicUsize::default());
    let count = sessions.clone();
    let server = serve(move |seen| {
        let count = count.clone();
        async move {
            // The session says whose it is.
            let key = seen.header("authorization").unwrap().replace("Bearer ", "");
            let session = seen.header("mcp-session-id").map(str::to_owned);
            if session.is_some_and(|session| session != key) {
                return status(404);
            }
            if seen.rpc() == "initialize" {
                count.fetch_add(1, Ordering::SeqCst);
            }
            let Some(mut answer) = legacy(&seen) else {
                return json_answer(&seen, json!({"key": key}));
            };
            if let Some(id) = answer.headers_mut().get_mut("mcp-session-id") {
                *id = key.parse().unwrap();
            }
            answer
        }
    })
    .await;
    let source = Replaced::new();
    let at = Arc::new(At(server.url.clone()));
    let mut client = Client::with(options(), source.clone(), at);
    client.handshake().await;
    source.replace();
    assert_eq!(called(&mut client, "x").await["key"], "new");
    assert_eq!(sessions.load(Ordering::SeqCst), 2);
    client.close().await;
}
