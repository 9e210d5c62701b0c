//! A proxy in front of a loopback HTTP server that fails when and how a test says.

mod exchange;
mod message;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How a request fares.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The connection is closed before anything reaches the server.
    Refuse,
    /// The server does its work and answers, and the answer never arrives.
    DropResponse,
    /// The request waits, and is passed on then.
    Delay(Duration),
    /// An answer that is not the server's; nothing reaches the server.
    Answer {
        /// HTTP status.
        status: u16,
        /// Header names and values; the length is added.
        headers: Vec<(String, String)>,
        /// The body, whatever it is.
        body: Vec<u8>,
    },
    /// The server's answer up to half of its body, then the connection is closed.
    CutBody,
    /// The server's answer up to half of its body, and then nothing more on an open connection.
    Stall,
    /// An answer of status 200 with a body of JSON that never ends; nothing reaches the server.
    EndlessBody,
}

impl Fault {
    /// An answer that is not the server's.
    pub fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// Adds a header to an answer, such as `Retry-After`; other faults have none.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

struct Rule {
    /// Start of `METHOD /path`; empty matches all.
    prefix: String,
    fault: Fault,
    once: bool,
}

#[derive(Default)]
struct Script {
    rules: Vec<Rule>,
    requests: Vec<String>,
}

/// The proxy. It is on a thread of its own, so tests with and without an async runtime can hold one, and ends when dropped.
///
/// Every request gets a connection of its own on both sides (`Connection: close`), and answers are streamed as they come.
pub struct FaultProxy {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FaultProxy {
    /// Starts a proxy on a free loopback port in front of `upstream`, passing everything until told otherwise.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub fn start(upstream: SocketAddr) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket of ours");
        let address = listener.local_addr().expect("bound above");
        let script = Arc::new(Mutex::new(Script::default()));
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&script);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listening socket");
                tokio::select! {
                    () = serve(listener, upstream, shared) => {}
                    _ = stopped => {}
                }
            });
            // Connections that stall on purpose end with the runtime.
        });
        Self {
            address,
            script,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request that begins with `prefix` (such as `POST /keys`; empty for any) meets this fault. Faults are tried in the
    /// order in which they were given.
    pub fn once(&self, prefix: &str, fault: Fault) {
        self.add(prefix, fault, true);
    }

    /// Every request that begins with `prefix` meets this fault, until [`FaultProxy::pass`].
    pub fn always(&self, prefix: &str, fault: Fault) {
        self.add(prefix, fault, false);
    }

    /// Forgets all faults: everything passes again.
    pub fn pass(&self) {
        self.script().rules.clear();
    }

    /// `METHOD /path?query` of all requests so far, in order, whatever happened to them.
    pub fn requests(&self) -> Vec<String> {
        self.script().requests.clone()
    }

    fn add(&self, prefix: &str, fault: Fault, once: bool) {
        self.script().rules.push(Rule {
            prefix: prefix.to_owned(),
            fault,
            once,
        });
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Script {
    /// Notes a request and says how it is to fare.
    fn meet(&mut self, request: &str) -> Option<Fault> {
        self.requests.push(request.to_owned());
        let at = self
            .rules
            .iter()
            .position(|rule| request.starts_with(&rule.prefix))?;
        if self.rules[at].once {
            Some(self.rules.remove(at).fault)
        } else {
            Some(self.rules[at].fault.clone())
        }
    }
}

async fn serve(listener: TcpListener, upstream: SocketAddr, script: Arc<Mutex<Script>>) {
    while let Ok((client, _)) = listener.accept().await {
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            // A connection that breaks is what this proxy is for.
            let _ = exchange::run(client, upstream, |request| lock(&script).meet(request)).await;
        });
    }
}
