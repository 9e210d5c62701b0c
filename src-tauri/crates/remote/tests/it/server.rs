//! Servers and a browser for the tests, all on 127.0.0.1.

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystow_core::Secret;
use keystow_core::key::KeyQuery;
use keystow_core::provider::Dialect;
use keystow_core::remote::{Caller, Dialects, KeyApi, RemoteError, RemoteErrorKind, SignIn};
use keystow_remote::{Limits, Remote};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use url::Url;

/// What the tests' servers run on.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// An axum server on a free port; it ends with this.
pub struct Server {
    pub address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub fn start(router: Router) -> Self {
        let (listener, address) = free_port();
        Self::serve(listener, address, router)
    }

    /// For routers that need to know where they are.
    pub fn start_at(router: impl FnOnce(&str) -> Router) -> Self {
        let (listener, address) = free_port();
        Self::serve(listener, address, router(&format!("http://{address}")))
    }

    fn serve(listener: TcpListener, address: SocketAddr, router: Router) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        runtime().spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let stopped = async {
                let _ = stopped.await;
            };
            axum::serve(listener, router)
                .with_graceful_shutdown(stopped)
                .await
                .unwrap();
        });
        Self {
            address,
            _stop: stop,
        }
    }

    pub fn base(&self) -> Url {
        base(self.address)
    }
}

/// The base URL of a workspace at an address.
pub fn base(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/api")).unwrap()
}

fn free_port() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A server below HTTP: `talk` gets each connection, after its request's head was read.
pub fn raw(talk: impl Fn(TcpStream) + Send + Sync + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let talk = Arc::new(talk);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (talk, count) = (Arc::clone(&talk), Arc::clone(&count));
            std::thread::spawn(move || {
                if read_head(&mut stream) {
                    count.fetch_add(1, Ordering::SeqCst);
                    talk(stream);
                }
            });
        }
    });
    (address, requests)
}

fn read_head(stream: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    let mut byte = [0_u8];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return false,
        }
    }
    true
}

/// A remote with short patience.
pub fn remote() -> Remote {
    let limits = Limits {
        connect_ms: 1_000,
        total_ms: 5_000,
        body_bytes: 64 * 1024,
    };
    Remote::with_limits("keystow-test/1", limits).unwrap()
}

pub fn impatient() -> Remote {
    let limits = Limits {
        connect_ms: 300,
        total_ms: 300,
        body_bytes: 1024 * 1024,
    };
    Remote::with_limits("keystow-test/1", limits).unwrap()
}

pub fn keys(remote: &Remote) -> Arc<dyn KeyApi> {
    remote.key_api(Dialect::Ocore).unwrap()
}

/// Signing in where oCore's routes are spoken.
pub fn ocore(remote: &Remote) -> Arc<dyn SignIn> {
    remote.sign_in(Dialect::Ocore).unwrap()
}

/// The caller of the tests, without an organization.
pub fn caller(base: &Url) -> Caller<'_> {
    static TOKEN: OnceLock<Secret> = OnceLock::new();
    Caller {
        base,
        access: TOKEN.get_or_init(token),
        organization: None,
    }
}

pub fn token() -> Secret {
    Secret::new("access-token-of-the-test".into())
}

pub fn first_page() -> KeyQuery {
    KeyQuery {
        search: None,
        page: 1,
        limit: 50,
        everybody: false,
        order: None,
    }
}

/// What a list of keys fails with.
pub fn list_error(base: &Url) -> RemoteError {
    keys(&remote())
        .list(&caller(base), &first_page())
        .unwrap_err()
}

pub fn list_kind(base: &Url) -> RemoteErrorKind {
    list_error(base).kind
}

/// An answer of a status and a JSON body.
pub fn json(status: u16, body: Value) -> Response {
    (
        StatusCode::from_u16(status).unwrap(),
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

/// A browser that follows nothing by itself.
pub struct Browser(reqwest::Client);

/// What it got.
pub struct Page {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Page {
    pub fn location(&self) -> Url {
        Url::parse(self.headers["location"].to_str().unwrap()).unwrap()
    }

    /// The value of a hidden field of a form.
    pub fn field(&self, name: &str) -> String {
        let (_, rest) = self
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }
}

impl Browser {
    pub fn new() -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self(client)
    }

    pub fn try_get(&self, url: &Url) -> Result<Page, reqwest::Error> {
        self.send(self.0.get(url.clone()))
    }

    pub fn get(&self, url: &Url) -> Page {
        self.try_get(url).unwrap()
    }

    /// As somebody who is signed in.
    pub fn get_with(&self, url: &Url, token: &Secret) -> Page {
        self.send(self.0.get(url.clone()).bearer_auth(token.expose()))
            .unwrap()
    }

    /// Sends JSON as somebody who is signed in.
    pub fn post_with(&self, url: &Url, token: &Secret, body: &Value) -> Page {
        let request = self.0.post(url.clone()).bearer_auth(token.expose());
        self.send(request.json(body)).unwrap()
    }

    pub fn get_as(&self, url: &Url, host: &str) -> Page {
        self.send(self.0.get(url.clone()).header("host", host))
            .unwrap()
    }

    pub fn method(&self, method: reqwest::Method, url: &Url) -> Page {
        self.send(self.0.request(method, url.clone())).unwrap()
    }

    pub fn post_form(&self, url: &Url, fields: &[(&str, &str)]) -> Page {
        self.send(self.0.post(url.clone()).form(fields)).unwrap()
    }

    /// A form of a page at the same place.
    pub fn post_form_from_there(&self, url: &Url, fields: &[(&str, &str)]) -> Page {
        let origin = url.origin().ascii_serialization();
        let request = self.0.post(url.clone()).header("origin", origin);
        self.send(request.form(fields)).unwrap()
    }

    /// JSON as somebody who is signed in; what comes back has to be JSON, too.
    pub fn post_json(&self, url: &Url, token: &Secret, body: &Value) -> Value {
        let request = self.0.post(url.clone()).bearer_auth(token.expose());
        let page = self.send(request.json(body)).unwrap();
        assert!(page.status < 300, "{url}: {}", page.status);
        serde_json::from_str(&page.text).unwrap()
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Result<Page, reqwest::Error> {
        runtime().block_on(async {
            let response = request.send().await?;
            Ok(Page {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                text: response.text().await?,
            })
        })
    }
}
