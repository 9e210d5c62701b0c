//! A client that speaks lines, and the sources that a host would give to the bridge.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keystow_bridge::{
    BridgeError, Credential, CredentialSource, Ended, EndpointSource, Options, SourceError,
};
use keystow_core::Secret;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

/// Longer than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Options whose waits are short.
pub fn options() -> Options {
    Options {
        patience: Duration::from_millis(50),
        reopen_first: Duration::from_millis(10),
        reopen_last: Duration::from_millis(100),
        goodbye: Duration::from_secs(5),
        ..Options::new("keystow/test")
    }
}

/// Hands out keys one after the other; the last one again and again.
pub struct Keys {
    left: Mutex<VecDeque<&'static str>>,
    pub reads: AtomicUsize,
}

impl Keys {
    pub fn new(keys: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            left: Mutex::new(keys.iter().copied().collect()),
            reads: AtomicUsize::new(0),
        })
    }

    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }
}

impl CredentialSource for Keys {
    fn read(&self) -> Result<Credential, SourceError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let mut left = self.left.lock().unwrap();
        let key = if left.len() > 1 {
            left.pop_front()
        } else {
            left.front().copied()
        };
        match key {
            Some(key) => Ok(Credential {
                mark: key.to_owned(),
                headers: vec![("authorization".into(), Secret::new(format!("Bearer {key}")))],
            }),
            None => Err(SourceError {
                code: "keychain.locked".into(),
                message: "The keychain is locked. Unlock it and try again.".into(),
            }),
        }
    }
}

/// A server that stays where it is.
pub struct At(pub Url);

impl EndpointSource for At {
    fn locate(&self) -> Result<Url, SourceError> {
        Ok(self.0.clone())
    }
}

/// A server that is somewhere else each time it is looked for.
pub struct Moves(pub Mutex<VecDeque<Url>>);

impl EndpointSource for Moves {
    fn locate(&self) -> Result<Url, SourceError> {
        let mut left = self.0.lock().unwrap();
        if left.len() > 1 {
            Ok(left.pop_front().unwrap())
        } else {
            Ok(left.front().unwrap().clone())
        }
    }
}

/// The client's side of a running bridge.
pub struct Client {
    input: Option<DuplexStream>,
    lines: Lines<BufReader<DuplexStream>>,
    stop: Option<oneshot::Sender<()>>,
    bridge: JoinHandle<Result<Ended, BridgeError>>,
    next_id: u64,
}

impl Client {
    /// A bridge to `url` with a key that is good.
    pub fn to(url: &Url) -> Self {
        Self::with(options(), Keys::new(&["good"]), Arc::new(At(url.clone())))
    }

    pub fn with(
        options: Options,
        credential: Arc<dyn CredentialSource>,
        endpoint: Arc<dyn EndpointSource>,
    ) -> Self {
        let (input, bridge_input) = tokio::io::duplex(64 * 1024);
        let (bridge_output, output) = tokio::io::duplex(64 * 1024);
        let (stop, stopped) = oneshot::channel::<()>();
        let bridge = tokio::spawn(keystow_bridge::run(
            options,
            credential,
            endpoint,
            bridge_input,
            bridge_output,
            async move {
                if stopped.await.is_err() {
                    std::future::pending::<()>().await;
                }
            },
        ));
        Self {
            input: Some(input),
            lines: BufReader::new(output).lines(),
            stop: Some(stop),
            bridge,
            next_id: 100,
        }
    }

    pub async fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).await.unwrap();
        input.write_all(b"\n").await.unwrap();
    }

    /// The next line, as it came.
    pub async fn line(&mut self) -> String {
        timeout(PATIENCE, self.lines.next_line())
            .await
            .expect("a line in time")
            .unwrap()
            .expect("a line before the end")
    }

    /// At least so many bytes of a line that has not ended.
    pub async fn some_bytes(&mut self, least: usize) -> Vec<u8> {
        let output = self.lines.get_mut();
        let mut bytes = vec![0; least];
        timeout(PATIENCE, output.read_exact(&mut bytes))
            .await
            .expect("the bytes in time")
            .unwrap();
        bytes
    }

    /// The next line, parsed.
    pub async fn message(&mut self) -> Value {
        serde_json::from_str(&self.line().await).unwrap()
    }

    /// All lines to the end of the output.
    pub async fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Some(line) = timeout(PATIENCE, self.lines.next_line())
            .await
            .expect("the end in time")
            .unwrap()
        {
            rest.push(line);
        }
        rest
    }

    /// Asks and waits for the answer, which must be the next message.
    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.send(
            &json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string(),
        )
        .await;
        let answer = self.message().await;
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// Asks for something that fails: the sentence and its code.
    pub async fn ask_in_vain(&mut self, method: &str) -> (String, String) {
        let answer = self.ask(method, json!({})).await;
        let error = &answer["error"];
        assert_eq!(error["code"], -32000, "{answer}");
        (
            error["message"].as_str().unwrap().to_owned(),
            error["data"]["code"].as_str().unwrap().to_owned(),
        )
    }

    /// The handshake of the session era.
    pub async fn handshake(&mut self) -> Value {
        self.handshake_with(json!({})).await
    }

    pub async fn handshake_with(&mut self, capabilities: Value) -> Value {
        let answer = self
            .ask(
                "initialize",
                json!({
                    "protocolVersion": "2025-11-25",
                    "capabilities": capabilities,
                    "clientInfo": {"name": "test", "version": "1"},
                }),
            )
            .await;
        self.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        answer
    }

    /// Closes the client's side and waits for the end of the bridge.
    pub async fn close(&mut self) -> Ended {
        self.input = None;
        self.ended().await
    }

    pub async fn stop(&mut self) -> Ended {
        let _ = self.stop.take().unwrap().send(());
        self.ended().await
    }

    /// Stops listening.
    pub fn deafen(&mut self) {
        let (_, nowhere) = tokio::io::duplex(1);
        self.lines = BufReader::new(nowhere).lines();
    }

    pub async fn ended(&mut self) -> Ended {
        timeout(PATIENCE, &mut self.bridge)
            .await
            .expect("an end in time")
            .unwrap()
            .unwrap()
    }
}
