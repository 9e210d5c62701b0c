//! Where the server listens, and the HTTP client for it.

use std::sync::Arc;
use std::time::Duration;

use keystow_core::is_loopback;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::sync::Mutex;
use url::Url;

use crate::ahead::Ahead;
use crate::credential::broken_source;
use crate::fault::{Fault, host_of};
use crate::options::Options;
use crate::source::{EndpointSource, SourceError};

/// A connection that was quiet for so long is checked, so that a peer that vanished is noticed.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// A check that is not answered is repeated after this time, three times.
const KEEPALIVE_AGAIN: Duration = Duration::from_secs(10);

/// A server that has been located.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: Url,
    /// For sentences and logs.
    pub(crate) host: String,
    pub(crate) client: Client,
    /// Which finding this was.
    pub(crate) generation: u64,
}

/// The endpoint in use; one search at a time, whoever asks.
pub(crate) struct Endpoints {
    source: Arc<dyn EndpointSource>,
    options: Options,
    current: Mutex<Option<Arc<Endpoint>>>,
}

impl Endpoints {
    pub(crate) fn new(source: Arc<dyn EndpointSource>, options: Options) -> Self {
        Self {
            source,
            options,
            current: Mutex::new(None),
        }
    }

    /// The endpoint in use, located now if there is none.
    pub(crate) async fn current(&self) -> Result<Arc<Endpoint>, Fault> {
        let mut current = self.current.lock().await;
        if let Some(endpoint) = &*current {
            return Ok(endpoint.clone());
        }
        let endpoint = self.locate(None).await?;
        *current = Some(endpoint.clone());
        Ok(endpoint)
    }

    /// Asks again because nobody listens at finding `generation`, unless somebody has since.
    pub(crate) async fn relocate(&self, generation: u64) -> Result<(), Fault> {
        let mut current = self.current.lock().await;
        if let Some(old) = &*current
            && old.generation == generation
        {
            let endpoint = self.locate(Some(old)).await?;
            *current = Some(endpoint);
        }
        Ok(())
    }

    /// Takes an address of the same origin that the server pointed to; `false` for any other.
    pub(crate) async fn follow(&self, from: &Endpoint, location: &str) -> bool {
        let Ok(url) = from.url.join(location) else {
            return false;
        };
        if url.origin() != from.url.origin() {
            return false;
        }
        let mut current = self.current.lock().await;
        if current
            .as_ref()
            .is_some_and(|now| now.generation == from.generation)
        {
            *current = Some(Arc::new(Endpoint {
                url,
                generation: from.generation + 1,
                ..from.clone()
            }));
        }
        true
    }

    async fn locate(&self, old: Option<&Endpoint>) -> Result<Arc<Endpoint>, Fault> {
        let source = self.source.clone();
        let url = tokio::task::spawn_blocking(move || source.locate())
            .await
            .map_err(|_| broken_source("server"))??;
        let client = match old {
            Some(old) if reached_alike(&old.url, &url) => old.client.clone(),
            _ => {
                let ahead = Ahead::default();
                let client = self.client(&url, &ahead)?;
                if url.scheme() == "https" {
                    ahead.begin(&client, &url).await;
                }
                client
            }
        };
        Ok(Arc::new(Endpoint {
            host: host_of(&url),
            url,
            client,
            generation: old.map_or(1, |old| old.generation + 1),
        }))
    }

    fn client(&self, url: &Url, ahead: &Ahead) -> Result<Client, Fault> {
        let mut builder = Client::builder()
            .connector_layer(ahead.clone())
            .user_agent(&self.options.user_agent)
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(self.options.connect_timeout)
            .tcp_nodelay(true)
            .tcp_keepalive(KEEPALIVE)
            .tcp_keepalive_interval(KEEPALIVE_AGAIN)
            .tcp_keepalive_retries(3)
            .http2_keep_alive_interval(KEEPALIVE)
            .http2_keep_alive_timeout(KEEPALIVE_AGAIN);
        if is_loopback(url) {
            builder = builder.no_proxy();
            if url.scheme() == "http" {
                // Reading hundreds of certificates that nobody asks for would be most of the time a bridge takes to start.
                builder = builder.tls_certs_only([]);
            }
        }
        builder.build().map_err(|error| {
            Fault::Source(SourceError {
                code: "bridge.http_client".to_owned(),
                message: format!(
                    "Keystow cannot make HTTP connections here ({error}). Run `keystow doctor`."
                ),
            })
        })
    }
}

/// Whether one client does for both.
fn reached_alike(one: &Url, other: &Url) -> bool {
    is_loopback(one) == is_loopback(other) && one.scheme() == other.scheme()
}
