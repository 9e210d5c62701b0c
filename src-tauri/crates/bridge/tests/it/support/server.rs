//! Servers on the loopback interface that remember what they were sent.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The JSON-RPC method.
    pub fn rpc(&self) -> String {
        self.json()["method"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub fn id(&self) -> Value {
        self.json()["id"].clone()
    }
}

/// A running server.
pub struct Server {
    pub url: Url,
    log: Arc<Mutex<Vec<Recorded>>>,
    count: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub fn log(&self) -> Vec<Recorded> {
        self.log.lock().unwrap().clone()
    }

    /// The JSON-RPC methods posted so far, in order of arrival.
    pub fn methods(&self) -> Vec<String> {
        let log = self.log();
        let posts = log.iter().filter(|seen| seen.method == Method::POST);
        posts.map(Recorded::rpc).collect()
    }

    /// Waits until a request like this has arrived.
    pub async fn saw(&self, wanted: impl Fn(&Recorded) -> bool) -> Recorded {
        let mut count = self.count.clone();
        let wait = async {
            loop {
                if let Some(seen) = self.log().into_iter().find(&wanted) {
                    return seen;
                }
                count.changed().await.unwrap();
            }
        };
        timeout(Duration::from_secs(20), wait)
            .await
            .expect("the request in time")
    }
}

/// Serves every request by `answer`, at `/mcp`.
pub async fn serve<F, Fut>(answer: F) -> Server
where
    F: Fn(Recorded) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response> + Send,
{
    let log = Arc::new(Mutex::new(Vec::new()));
    let (counted, count) = watch::channel(0);
    let recording = log.clone();
    let router = Router::new().fallback(move |request: Request| {
        let (answer, log, counted) = (answer.clone(), recording.clone(), counted.clone());
        async move {
            let (head, body) = request.into_parts();
            let seen = Recorded {
                method: head.method,
                path: head.uri.path().to_owned(),
                headers: head.headers,
                body: to_bytes(body, usize::MAX).await.unwrap(),
            };
            log.lock().unwrap().push(seen.clone());
            counted.send_modify(|count| *count += 1);
            answer(seen).await
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Server {
        url: Url::parse(&format!("http://{address}/mcp")).unwrap(),
        log,
        count,
        task,
    }
}

/// What a simple server of the session era says to the handshake, to GET and to DELETE.
pub fn legacy(seen: &Recorded) -> Option<Response> {
    if seen.method == Method::GET {
        return Some(status(405));
    }
    if seen.method == Method::DELETE {
        return Some(status(200));
    }
    match seen.rpc().as_str() {
        "initialize" => {
            let result = json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "serverInfo": {"name": "scripted", "version": "1"},
            });
            let mut answer = json_answer(seen, result);
            answer
                .headers_mut()
                .insert("mcp-session-id", "s1".parse().unwrap());
            Some(answer)
        }
        "notifications/initialized" => Some(accepted()),
        _ => None,
    }
}

pub fn json_answer(seen: &Recorded, result: Value) -> Response {
    axum::Json(json!({"jsonrpc": "2.0", "id": seen.id(), "result": result})).into_response()
}

pub fn accepted() -> Response {
    StatusCode::ACCEPTED.into_response()
}

pub fn status(code: u16) -> Response {
    StatusCode::from_u16(code).unwrap().into_response()
}

/// A stream of events whose body is given as a whole or by a channel.
pub fn events(body: impl Into<Body>) -> Response {
    ([("content-type", "text/event-stream")], body.into()).into_response()
}

/// A stream of events that goes on for as long as its sender lives.
pub fn live_events() -> (mpsc::UnboundedSender<String>, Response) {
    let (sender, receiver) = mpsc::unbounded_channel::<String>();
    let pieces = futures_util::stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(piece), receiver))
    });
    (sender, events(Body::from_stream(pieces)))
}

/// One event.
pub fn event(message: &Value) -> String {
    format!("data: {message}\n\n")
}
