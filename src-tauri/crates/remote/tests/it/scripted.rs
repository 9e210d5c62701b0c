//! A server that answers as it was told, and notes what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::Url;

use crate::server::{Server, json};

/// One answer.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

impl Reply {
    pub fn new(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = json(self.status, self.body);
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    }
}

/// What it was asked.
#[derive(Clone)]
pub struct Asked {
    /// Such as `POST /token`.
    pub what: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Asked {
    pub fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub struct Scripted {
    pub server: Server,
    pub origin: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scripted {
    /// Answers `METHOD /path` with what stands beside it, and everything else with 404.
    pub fn start(script: impl FnOnce(&str) -> Vec<(&'static str, Reply)>) -> Self {
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let notes = Arc::clone(&asked);
        let server = Server::start_at(move |origin| {
            let script: Arc<HashMap<_, _>> = Arc::new(script(origin).into_iter().collect());
            Router::new().fallback(move |request: Request| {
                let (script, notes) = (Arc::clone(&script), Arc::clone(&notes));
                async move {
                    let what = format!("{} {}", request.method(), request.uri().path());
                    let headers = request.headers().clone();
                    let body = axum::body::to_bytes(request.into_body(), 100_000).await;
                    let body = String::from_utf8(body.unwrap().to_vec()).unwrap();
                    let reply = script.get(what.as_str()).cloned();
                    notes.lock().unwrap().push(Asked {
                        what,
                        headers,
                        body,
                    });
                    reply.unwrap_or_else(|| Reply::new(404, serde_json::json!({})))
                }
            })
        });
        Self {
            origin: format!("http://{}", server.address),
            server,
            asked,
        }
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.origin)).unwrap()
    }

    /// What it was asked so far, such as `POST /token`.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|asked| asked.what.clone()).collect()
    }

    /// The requests that were `what`.
    pub fn all(&self, what: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|a| a.what == what).cloned().collect()
    }

    /// The one request that was `what`.
    pub fn only(&self, what: &str) -> Asked {
        let mut all = self.all(what);
        assert_eq!(all.len(), 1, "{what}");
        all.remove(0)
    }
}
