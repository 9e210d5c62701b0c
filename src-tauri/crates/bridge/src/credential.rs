//! The credential as it is sent: read from its source when it is missing, was refused, or may have been replaced.

use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};
use tracing::{debug, warn};

use crate::fault::Fault;
use crate::source::{Credential, CredentialSource, SourceError, Usage};

/// A source that could not tell what changed is asked again after this time; until then the credential at hand is used.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// While the server takes messages, the source hears of it this often.
const TELL_AGAIN: Duration = Duration::from_secs(1);

/// A credential ready to send. Whoever has something under way with it holds on to it.
pub(crate) struct Loaded {
    /// Values are marked as sensitive; clones share their memory.
    pub(crate) headers: HeaderMap,
    /// Which reading this was.
    pub(crate) generation: u64,
    teller: Arc<Teller>,
}

impl Loaded {
    /// The server took a message with it.
    pub(crate) fn accepted(&self) {
        self.teller.accepted(self.generation);
    }

    /// The server does not take it.
    pub(crate) fn refused(&self) {
        self.teller.refused(self.generation);
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        self.teller.finished();
    }
}

/// The credential in use; one reading at a time, whoever asks.
pub(crate) struct Credentials {
    source: Arc<dyn CredentialSource>,
    current: Mutex<Current>,
    generation: watch::Sender<u64>,
    teller: Arc<Teller>,
}

#[derive(Default)]
struct Current {
    loaded: Option<Arc<Loaded>>,
    /// The source failed to tell what changed, and when it is asked again.
    ask_again: Option<Instant>,
}

impl Credentials {
    pub(crate) fn new(source: Arc<dyn CredentialSource>) -> Self {
        Self {
            teller: Arc::new(Teller {
                source: source.clone(),
                told: StdMutex::default(),
            }),
            source,
            current: Mutex::default(),
            generation: watch::Sender::new(0),
        }
    }

    /// The credential in use, read now if there is none or if it was replaced. One that cannot be looked up again does as long as
    /// the server takes it.
    pub(crate) async fn current(&self) -> Result<Arc<Loaded>, Fault> {
        let mut current = self.current.lock().await;
        if current.loaded.is_none() {
            return self.read_into(&mut current).await;
        }
        let wait = current.ask_again.is_some_and(|at| Instant::now() < at);
        if !wait && self.source.may_have_changed() {
            let source = self.source.clone();
            let other = self.load(move || source.read_if_other()).await;
            current.ask_again = other.is_err().then(|| Instant::now() + ASK_AGAIN);
            match other {
                Ok(Some(loaded)) => self.publish(&mut current, loaded),
                Ok(None) => {}
                Err(fault) => warn!(code = fault.code(), "goes on with the key it has"),
            }
        }
        Ok(current.loaded.clone().expect("it was there above"))
    }

    /// Reads again because the server refused reading `generation`, unless somebody has since.
    pub(crate) async fn renew(&self, generation: u64) -> Result<(), Fault> {
        let mut current = self.current.lock().await;
        if current
            .loaded
            .as_ref()
            .is_none_or(|loaded| loaded.generation == generation)
        {
            current.loaded = None;
            self.read_into(&mut current).await?;
        }
        Ok(())
    }

    /// Changes with every reading.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    /// Which reading is in use.
    pub(crate) fn generation(&self) -> u64 {
        *self.generation.borrow()
    }

    async fn read_into(&self, current: &mut Current) -> Result<Arc<Loaded>, Fault> {
        let source = self.source.clone();
        let loaded = self.load(move || source.read().map(Some)).await?;
        let loaded = loaded.expect("a reading gives something");
        self.publish(current, loaded.clone());
        Ok(loaded)
    }

    /// Reads on a blocking thread.
    async fn load(
        &self,
        read: impl FnOnce() -> Result<Option<Credential>, SourceError> + Send + 'static,
    ) -> Result<Option<Arc<Loaded>>, Fault> {
        let generation = self.generation() + 1;
        let read = tokio::task::spawn_blocking(move || {
            let Some(credential) = read()? else {
                return Ok(None);
            };
            let headers = headers(&credential)?;
            Ok::<_, SourceError>(Some((headers, credential.mark)))
        });
        let read = read.await.map_err(|_| broken_source("key"))??;
        Ok(read.map(|(headers, mark)| {
            self.teller.reads(generation, mark);
            Arc::new(Loaded {
                headers,
                generation,
                teller: self.teller.clone(),
            })
        }))
    }

    fn publish(&self, current: &mut Current, loaded: Arc<Loaded>) {
        let generation = loaded.generation;
        current.loaded = Some(loaded);
        self.generation.send_replace(generation);
    }
}

fn headers(credential: &Credential) -> Result<HeaderMap, SourceError> {
    let unusable = || SourceError {
        code: "credential.unusable".to_owned(),
        message: "This key cannot be sent as an HTTP header. Open Keystow and stow it again."
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
    Ok(headers)
}

/// Tells the source how its credential fares, apart from the messages: they do not wait for it.
struct Teller {
    source: Arc<dyn CredentialSource>,
    told: StdMutex<Told>,
}

#[derive(Default)]
struct Told {
    usage: Usage,
    generation: u64,
    /// The reading that was told to be refused; 0: none.
    refused_at: u64,
    /// Readings that somebody still holds on to, the one in use among them.
    held: usize,
    /// When the source last heard that messages are taken.
    accepted_at: Option<Instant>,
    /// There is something to tell.
    news: bool,
    /// Somebody is telling, and will tell this, too.
    telling: bool,
}

impl Teller {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A credential was read. The one before is still held.
    fn reads(self: &Arc<Self>, generation: u64, mark: String) {
        let mut told = self.told();
        told.generation = generation;
        told.held += 1;
        told.accepted_at = None;
        told.usage = Usage {
            mark,
            accepted: false,
            behind: told.held > 1,
        };
        self.tell(told);
    }

    fn accepted(self: &Arc<Self>, generation: u64) {
        let mut told = self.told();
        let due = told
            .accepted_at
            .is_none_or(|before| before.elapsed() >= TELL_AGAIN);
        if told.generation == generation && due {
            told.accepted_at = Some(Instant::now());
            told.usage.accepted = true;
            self.tell(told);
        }
    }

    fn refused(&self, generation: u64) {
        let mut told = self.told();
        if told.generation != generation || told.refused_at == generation {
            return;
        }
        told.refused_at = generation;
        let (source, mark) = (self.source.clone(), told.usage.mark.clone());
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn_blocking(move || source.refused(&mark));
        }
    }

    /// Nobody holds on to one of the readings any more.
    fn finished(self: &Arc<Self>) {
        let mut told = self.told();
        told.held -= 1;
        let behind = told.held > 1;
        if told.usage.behind && !behind {
            told.usage.behind = false;
            self.tell(told);
        }
    }

    fn tell(self: &Arc<Self>, mut told: MutexGuard<'_, Told>) {
        told.news = true;
        if told.telling {
            return;
        }
        // At the very end there is no runtime any more, and nobody left to tell.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        told.telling = true;
        drop(told);
        let teller = self.clone();
        runtime.spawn_blocking(move || {
            debug!("telling how the key fares");
            loop {
                let usage = {
                    let mut told = teller.told();
                    if !std::mem::take(&mut told.news) {
                        told.telling = false;
                        return;
                    }
                    told.usage.clone()
                };
                teller.source.used(usage);
            }
        });
    }
}

/// A source that panicked rather than answer.
pub(crate) fn broken_source(what: &str) -> Fault {
    Fault::Source(SourceError {
        code: "bridge.internal".to_owned(),
        message: format!("Keystow failed while it looked for the {what}. Run `keystow doctor`."),
    })
}
