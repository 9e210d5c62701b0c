//! A server of the session era that does as it is told, also badly.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::tls::{Pair, Tls};

/// The only key it takes.
pub const KEY: &str = "kst_live_5uperSecretOfTheBridgeTests_0123456789";

/// What is done with one tool call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Json,
    Events,
    /// The answer after so many milliseconds.
    Slow(u64),
    /// The connection breaks off, before anything or within the answer.
    Cut,
    Half,
    /// The stream breaks off and can be resumed.
    Resumable,
    Status(u16),
    /// 429 with `Retry-After: 0`.
    Busy,
    Garbage,
    Page,
    /// All sessions are forgotten, this one too.
    Forget,
    /// So many bytes of text, in a plain body or in events.
    Large(usize, bool),
}

/// Decides on each call.
pub type Choice = Box<dyn FnMut() -> Deed + Send>;

#[derive(Default)]
pub struct Seen {
    sessions: HashMap<String, ()>,
    /// Answers that a cut stream still owes, by event id.
    owed: HashMap<String, String>,
    count: u64,
    pub calls: u64,
    pub deleted: usize,
    pub user_agents: Vec<String>,
    pub versions: Vec<Version>,
    pub connections: usize,
}

pub struct Server {
    pub url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    running: Option<Runtime>,
    pair: Option<Pair>,
}

struct Shared {
    seen: Mutex<Seen>,
    choice: Mutex<Choice>,
}

impl Server {
    /// A server that answers every call.
    pub fn kind() -> Self {
        Self::start(Box::new(|| Deed::Json), None)
    }

    pub fn start(choice: Choice, pair: Option<Pair>) -> Self {
        let shared = Arc::new(Shared {
            seen: Mutex::default(),
            choice: Mutex::new(choice),
        });
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let (running, address) = run(&shared, any, pair.as_ref());
        let scheme = if pair.is_some() { "https" } else { "http" };
        Self {
            url: format!("{scheme}://{address}/mcp"),
            address,
            shared,
            running: Some(running),
            pair,
        }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.seen.lock().unwrap()
    }

    /// Everything under way breaks off, and nobody listens any more.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown_background();
        }
    }

    /// Listens again at the same place; it knows no session any more.
    pub fn start_again(&mut self) {
        self.seen().sessions.clear();
        self.running = Some(run(&self.shared, self.address, self.pair.as_ref()).0);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(shared: &Arc<Shared>, at: SocketAddr, pair: Option<&Pair>) -> (Runtime, SocketAddr) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime.block_on(bind(at));
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(shared.clone());
    match pair {
        Some(pair) => {
            let counted = shared.clone();
            let tls = Tls::new(listener, pair, move || {
                counted.seen.lock().unwrap().connections += 1;
            });
            runtime.spawn(async move { axum::serve(tls, router).await.unwrap() });
        }
        None => {
            runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        }
    }
    (runtime, address)
}

/// The place may still be taken for a moment by the server before.
async fn bind(at: SocketAddr) -> TcpListener {
    let mut tries = 0;
    loop {
        match TcpListener::bind(at).await {
            Ok(listener) => return listener,
            Err(error) => assert!(tries < 400, "{error}"),
        }
        tries += 1;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    let status = |code: u16| StatusCode::from_u16(code).unwrap().into_response();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    let method = message["method"].as_str().unwrap_or_default();
    let session = header("mcp-session-id").unwrap_or_default().to_owned();
    {
        let mut seen = shared.seen.lock().unwrap();
        let agent = header("user-agent").unwrap_or_default().to_owned();
        if !seen.user_agents.contains(&agent) {
            seen.user_agents.push(agent);
        }
        if !seen.versions.contains(&head.version) {
            seen.versions.push(head.version);
        }
        if header("authorization") != Some(&format!("Bearer {KEY}")) {
            return status(401);
        }
        if method == "initialize" {
            seen.count += 1;
            let session = format!("s{}", seen.count);
            seen.sessions.insert(session.clone(), ());
            let info = json!({"name": "scripted", "version": "1"});
            let result = json!({"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": info});
            let answer = json!({"jsonrpc": "2.0", "id": message["id"], "result": result});
            return ([("mcp-session-id", session)], axum::Json(answer)).into_response();
        }
        if !seen.sessions.contains_key(&session) {
            return status(404);
        }
        match head.method {
            Method::DELETE => {
                seen.sessions.remove(&session);
                seen.deleted += 1;
                return status(200);
            }
            Method::GET => {
                let owed = header("last-event-id").and_then(|id| seen.owed.remove(id));
                return match owed {
                    Some(owed) => events(owed),
                    None => status(405),
                };
            }
            _ if message.get("id").is_none() => return status(202),
            _ => seen.calls += 1,
        }
    }
    call(&shared, &message).await
}

async fn call(shared: &Shared, message: &Value) -> Response {
    let status = |code: u16| StatusCode::from_u16(code).unwrap().into_response();
    let id = &message["id"];
    let said = |text: &str| {
        let content = json!([{"type": "text", "text": text}]);
        json!({"jsonrpc": "2.0", "id": id, "result": {"content": content}}).to_string()
    };
    let whole = said(&format!("answer to {id}"));
    let deed = (shared.choice.lock().unwrap())();
    match deed {
        Deed::Json => plain(whole),
        Deed::Events => events(format!("data: {whole}\n\n")),
        Deed::Slow(ms) => {
            tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
            plain(whole)
        }
        Deed::Cut => cut(String::new()),
        Deed::Half => cut(whole.chars().take(whole.len() / 2).collect()),
        Deed::Resumable => {
            let mut seen = shared.seen.lock().unwrap();
            seen.count += 1;
            let event = format!("e{}", seen.count);
            let owed = format!("id: {event}b\ndata: {whole}\n\n");
            seen.owed.insert(event.clone(), owed);
            events(format!("id: {event}\nretry: 10\ndata: \n\n"))
        }
        Deed::Status(code) => status(code),
        Deed::Busy => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")]).into_response(),
        Deed::Garbage => plain("{\"jsonrpc\": nonsense".to_owned()),
        Deed::Page => ([("content-type", "text/html")], "<html>Sign in</html>").into_response(),
        Deed::Forget => {
            shared.seen.lock().unwrap().sessions.clear();
            status(404)
        }
        Deed::Large(bytes, as_events) => {
            let body = said(&"0123456789abcdef".repeat(bytes / 16));
            if as_events {
                events(format!("data: {body}\n\n"))
            } else {
                plain(body)
            }
        }
    }
}

fn plain(body: String) -> Response {
    ([("content-type", "application/json")], body).into_response()
}

fn events(body: String) -> Response {
    ([("content-type", "text/event-stream")], body).into_response()
}

/// A body whose connection breaks off behind what is there.
fn cut(body: String) -> Response {
    let pieces = [Ok(body), Err(std::io::Error::other("cut"))];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    ([("content-type", "application/json")], body).into_response()
}
