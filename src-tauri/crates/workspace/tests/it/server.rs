//! A server in a directory of its own, and a client signed in to it.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use keystow_core::Secret;
use keystow_workspace::{Config, OWNER_LOGIN, Running, ServeError, serve};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const PASSWORD: &str = "correct horse battery staple";

/// A running server.
pub struct Server {
    pub running: Running,
    pub http: Client,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    pub ended: Option<JoinHandle<Result<(), ServeError>>>,
    pub data: TempDir,
}

/// What most tests want: no idle exit, any port.
pub fn config(data: &Path) -> Config {
    Config {
        data: data.to_owned(),
        listen: None,
        idle_exit: None,
        window_lock: false,
    }
}

/// An HTTP client that follows no redirects.
pub fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

impl Server {
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = config(data.path());
        Self::start_with(data, config).await
    }

    pub async fn start_with(data: TempDir, config: Config) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, ready) = oneshot::channel();
        let ended = tokio::spawn(async move {
            let stop = async move {
                let _ = stopped.await;
            };
            let password = Some(Secret::new(PASSWORD.to_owned()));
            serve(config, password, stop, |running| {
                let _ = tell.send(running);
            })
            .await
        });
        let running = match ready.await {
            Ok(running) => running,
            Err(_) => panic!("did not start: {:?}", ended.await),
        };
        Self {
            running,
            http: client(),
            stop: Mutex::new(Some(stop)),
            ended: Some(ended),
            data,
        }
    }

    /// Stops it and gives its directory back.
    pub async fn stop(mut self) -> TempDir {
        self.request_stop();
        self.ended.take().unwrap().await.unwrap().unwrap();
        self.data
    }

    /// Asks it to stop.
    pub fn request_stop(&self) {
        let _ = self.stop.lock().unwrap().take().unwrap().send(());
    }

    /// `http://127.0.0.1:PORT`
    pub fn origin(&self) -> String {
        format!("http://{}", self.running.address)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.origin()))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    /// Signs in with the password.
    pub async fn sign_in(&self) -> Owner<'_> {
        let body = json!({"email": OWNER_LOGIN, "password": PASSWORD});
        let session = ok(self.post("/api/auth/login", &body)).await;
        Owner {
            server: self,
            session,
        }
    }

    /// The MCP endpoint with a credential.
    pub fn mcp(&self, method: Method, credential: &str) -> RequestBuilder {
        self.request(method, "/api/mcp/stream")
            .bearer_auth(credential)
            .header("accept", "application/json, text/event-stream")
    }
}

/// The owner, signed in.
pub struct Owner<'a> {
    pub server: &'a Server,
    pub session: Value,
}

impl Owner<'_> {
    pub fn access(&self) -> &str {
        self.session["accessToken"].as_str().unwrap()
    }

    pub fn refresh(&self) -> &str {
        self.session["refreshToken"].as_str().unwrap()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.server.request(method, path).bearer_auth(self.access())
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// Makes a key with these settings: its id and plaintext.
    pub async fn key(&self, settings: Value) -> (String, String) {
        let created = ok(self.request(Method::POST, "/api/api-keys").json(&settings)).await;
        (
            created["apiKey"]["id"].as_str().unwrap().to_owned(),
            created["key"].as_str().unwrap().to_owned(),
        )
    }

    /// Changes a key.
    pub async fn patch(&self, id: &str, settings: Value) -> Value {
        let path = format!("/api/api-keys/{id}");
        ok(self.request(Method::PATCH, &path).json(&settings)).await
    }

    pub async fn revoke(&self, id: &str) {
        ok(self.request(Method::DELETE, &format!("/api/api-keys/{id}"))).await;
    }
}

/// Sends, expects success, reads JSON.
pub async fn ok(request: RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// Sends, expects a problem with this status and code, and gives it.
pub async fn problem(request: RequestBuilder, status: u16, code: &str) -> Value {
    let response = request.send().await.unwrap();
    is_problem(response, status, code).await
}

pub async fn is_problem(response: Response, status: u16, code: &str) -> Value {
    let found = response.status().as_u16();
    let kind = response.headers().get("content-type").cloned();
    let request_id = response.headers().get("x-request-id").cloned();
    let text = response.text().await.unwrap();
    assert_eq!(found, status, "{text}");
    assert_eq!(kind.unwrap(), "application/problem+json", "{text}");
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(problem["code"], code, "{text}");
    assert_eq!(problem["type"], format!("urn:keystow:error:{code}"));
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], request_id.unwrap().to_str().unwrap());
    assert!(!problem["title"].as_str().unwrap().is_empty());
    assert!(!problem["detail"].as_str().unwrap().is_empty());
    problem
}

/// Waits until something holds, for ten seconds at most.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(10), "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
