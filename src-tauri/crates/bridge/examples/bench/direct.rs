//! A client that speaks HTTP itself, as well as one can.

use std::io::Read;
use std::time::Instant;

use reqwest::Client;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::{AT_ONCE, CONCURRENT, INITIALIZED, WARM_UP, call, initialize, spread};

#[derive(Clone)]
struct Direct {
    client: Client,
    url: String,
    headers: HeaderMap,
}

impl Direct {
    async fn start(url: &str) -> (Self, f64) {
        let mut key = String::new();
        std::io::stdin().read_to_string(&mut key).unwrap();
        let mut headers = HeaderMap::new();
        let bearer = format!("Bearer {}", key.trim());
        headers.insert("authorization", bearer.parse().unwrap());
        let accept = HeaderValue::from_static("application/json, text/event-stream");
        headers.insert("accept", accept);
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        let started = Instant::now();
        let mut builder = Client::builder().no_proxy().tcp_nodelay(true);
        if url.starts_with("http:") {
            builder = builder.tls_certs_only([]);
        }
        let mut direct = Self {
            client: builder.build().unwrap(),
            url: url.to_owned(),
            headers,
        };
        let session = direct.post(initialize(0)).await.1;
        let took = started.elapsed().as_secs_f64() * 1e3;
        direct.headers.insert("mcp-session-id", session.unwrap());
        direct.post(INITIALIZED.to_owned()).await;
        (direct, took)
    }

    /// Posts, and reads to the end, all of it, as the client of a bridge does; gives the size and the session.
    async fn post(&self, body: String) -> (usize, Option<HeaderValue>) {
        let request = self.client.post(&self.url).headers(self.headers.clone());
        let mut response = request.body(body).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        let session = response.headers().get("mcp-session-id").cloned();
        let mut message = Vec::new();
        while let Some(chunk) = response.chunk().await.unwrap() {
            message.extend_from_slice(&chunk);
        }
        (message.len(), session)
    }
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn live(calls: u64, url: &str) -> Value {
    let (direct, start) = Direct::start(url).await;
    let mut times = Vec::new();
    for id in 0..WARM_UP + calls {
        let started = Instant::now();
        direct.post(call(id, "echo")).await;
        if id >= WARM_UP {
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    let each = calls * CONCURRENT / AT_ONCE as u64;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..AT_ONCE as u64 {
        let direct = direct.clone();
        tasks.spawn(async move {
            for id in 0..each {
                direct.post(call((task + 2) * 1_000_000 + id, "echo")).await;
            }
        });
    }
    tasks.join_all().await;
    let rate = (each * AT_ONCE as u64) as f64 / started.elapsed().as_secs_f64();
    json!({"start_ms": start, "call_ms": spread(times), "calls_per_s": rate})
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn large(url: &str) -> Value {
    let (direct, _) = Direct::start(url).await;
    for id in 0..WARM_UP {
        direct.post(call(id, "echo")).await;
    }
    let started = Instant::now();
    let bytes = direct.post(call(WARM_UP, "large")).await.0;
    json!({"ms": started.elapsed().as_secs_f64() * 1e3, "bytes": bytes})
}
