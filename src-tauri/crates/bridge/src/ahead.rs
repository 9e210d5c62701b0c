//! Connecting ahead: the way to a server (name, TCP, TLS) is made while the keychain is still asked.
//!
//! The HTTP client only connects for a request, and there is none without the key. So a request is begun that is never sent: its
//! connecting is carried on apart from it, the request is dropped, and the first one that is meant takes over the connection.

use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::Client;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};
use url::Url;

/// A connection that nobody took for so long is given up: servers close silent ones.
const KEPT: Duration = Duration::from_secs(5);

/// The layer of an HTTP client's connector that lets it connect ahead, once.
#[derive(Clone, Default)]
pub(crate) struct Ahead(Arc<Asked>);

#[derive(Default)]
struct Asked {
    /// The next to connect does not want the connection itself.
    wanted: AtomicBool,
    begun: Notify,
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ahead")
    }
}

impl Ahead {
    /// Has `client`, which this is a layer of and which was not used yet, connect to where `url` is. Does not wait for it.
    pub(crate) async fn begin(&self, client: &Client, url: &Url) {
        self.0.wanted.store(true, Ordering::SeqCst);
        let request = client.get(url.clone()).send();
        tokio::select! {
            biased;
            _ = request => {}
            () = self.0.begun.notified() => {}
        }
        self.0.wanted.store(false, Ordering::SeqCst);
    }
}

impl<T, C, E> Layer<BoxCloneSyncService<T, C, E>> for Ahead {
    type Service = Connector<T, C, E>;

    fn layer(&self, inner: BoxCloneSyncService<T, C, E>) -> Self::Service {
        Connector {
            inner,
            asked: self.0.clone(),
            made: Arc::default(),
        }
    }
}

/// A connection on its way.
type Made<C, E> = Arc<Mutex<Option<JoinHandle<Result<C, E>>>>>;

/// Connects, or hands over what was connected ahead.
pub(crate) struct Connector<T, C, E> {
    inner: BoxCloneSyncService<T, C, E>,
    asked: Arc<Asked>,
    made: Made<C, E>,
}

impl<T, C, E> Clone for Connector<T, C, E> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            asked: self.asked.clone(),
            made: self.made.clone(),
        }
    }
}

impl<T, C, E> Service<T> for Connector<T, C, E>
where
    T: Send + 'static,
    C: Send + 'static,
    E: Send + 'static,
{
    type Response = C;
    type Error = E;
    type Future = Pin<Box<dyn Future<Output = Result<C, E>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), E>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, to: T) -> Self::Future {
        if self.asked.wanted.swap(false, Ordering::SeqCst) {
            *slot(&self.made) = Some(tokio::spawn(self.inner.call(to)));
            tokio::spawn(give_up(self.made.clone()));
            self.asked.begun.notify_one();
            return Box::pin(pending());
        }
        let Some(made) = slot(&self.made).take() else {
            return self.inner.call(to);
        };
        let other = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, other);
        Box::pin(async move {
            match made.await {
                Ok(outcome) => outcome,
                Err(_) => inner.call(to).await,
            }
        })
    }
}

async fn give_up<C, E>(made: Made<C, E>) {
    tokio::time::sleep(KEPT).await;
    let left = slot(&made).take();
    if let Some(made) = left {
        made.abort();
    }
}

fn slot<T>(made: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    made.lock().unwrap_or_else(PoisonError::into_inner)
}
