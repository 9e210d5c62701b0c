//! The credential as it is sent, read from its source when it is missing or was refused.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{Mutex, watch};

use crate::fault::Fault;
use crate::source::{CredentialSource, SourceError};

/// A credential ready to send.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Values are marked as sensitive; clones share their memory.
    pub(crate) headers: HeaderMap,
    /// Which reading this was.
    pub(crate) generation: u64,
}

/// The credential in use; one reading at a time, whoever asks.
pub(crate) struct Credentials {
    source: Arc<dyn CredentialSource>,
    current: Mutex<Option<Arc<Loaded>>>,
    generation: watch::Sender<u64>,
}

impl Credentials {
    pub(crate) fn new(source: Arc<dyn CredentialSource>) -> Self {
        Self {
            source,
            current: Mutex::new(None),
            generation: watch::Sender::new(0),
        }
    }

    /// The credential in use, read now if there is none.
    pub(crate) async fn current(&self) -> Result<Arc<Loaded>, Fault> {
        let mut current = self.current.lock().await;
        match &*current {
            Some(loaded) => Ok(loaded.clone()),
            None => self.read_into(&mut current).await,
        }
    }

    /// Reads again because the server refused reading `generation`, unless somebody has since.
    pub(crate) async fn renew(&self, generation: u64) -> Result<(), Fault> {
        let mut current = self.current.lock().await;
        if current
            .as_ref()
            .is_none_or(|loaded| loaded.generation == generation)
        {
            *current = None;
            self.read_into(&mut current).await?;
        }
        Ok(())
    }

    /// Changes with every reading.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    async fn read_into(&self, current: &mut Option<Arc<Loaded>>) -> Result<Arc<Loaded>, Fault> {
        let source = self.source.clone();
        let generation = *self.generation.borrow() + 1;
        let read = tokio::task::spawn_blocking(move || {
            let credential = source.read()?;
            let unusable = || SourceError {
                code: "credential.unusable".to_owned(),
                message:
                    "This key cannot be sent as an HTTP header. Open Keystow and stow it again."
                        .to_owned(),
            };
            let mut headers = HeaderMap::with_capacity(8);
            for (name, secret) in &credential.headers {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
                let plain = secret.expose(); // EXPOSE: becomes a header that is sent
                let mut value = HeaderValue::from_str(plain).map_err(|_| unusable())?;
                value.set_sensitive(true);
                headers.insert(name, value);
            }
            Ok::<_, SourceError>(Loaded {
                headers,
                generation,
            })
        });
        let loaded = Arc::new(read.await.map_err(|_| broken_source("key"))??);
        *current = Some(loaded.clone());
        self.generation.send_replace(generation);
        Ok(loaded)
    }
}

/// A source that panicked rather than answer.
pub(crate) fn broken_source(what: &str) -> Fault {
    Fault::Source(SourceError {
        code: "bridge.internal".to_owned(),
        message: format!("Keystow failed while it looked for the {what}. Run `keystow doctor`."),
    })
}
