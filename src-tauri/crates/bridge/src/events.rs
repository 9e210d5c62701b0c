//! The oldest transport (revision 2024-11-05), as a last resort: one stream of events says where to post, and every answer
//! comes on it.
//!
//! Source: MCP specification 2024-11-05, basic/transports (HTTP with SSE), checked 2026-11-21.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Response;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tracing::{debug, warn};
use url::Url;

use crate::endpoint::Endpoint;
use crate::exchange::Link;
use crate::fault::{Fault, host_of};
use crate::message::Message;
use crate::session::Snapshot;
use crate::sse::Parser;

/// A stream that was opened.
#[derive(Debug)]
pub(crate) struct EventStream {
    /// Where messages are posted to.
    pub(crate) url: Url,
    closed: watch::Sender<bool>,
}

impl EventStream {
    pub(crate) fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }
}

/// What is still to be read of a stream.
struct Opened {
    stream: Arc<EventStream>,
    response: Response,
    parser: Parser,
    host: String,
}

/// The stream in use, where the server is of that kind.
pub(crate) struct EventStreams {
    current: Mutex<Option<Arc<EventStream>>>,
    opened: mpsc::UnboundedSender<Opened>,
    to_read: tokio::sync::Mutex<mpsc::UnboundedReceiver<Opened>>,
}

impl EventStreams {
    pub(crate) fn new() -> Self {
        let (opened, to_read) = mpsc::unbounded_channel();
        Self {
            current: Mutex::default(),
            opened,
            to_read: tokio::sync::Mutex::new(to_read),
        }
    }

    pub(crate) fn current(&self) -> Option<Arc<EventStream>> {
        self.lock().clone()
    }

    /// Back to posting to the endpoint.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<EventStream>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Link {
    /// Opens the stream; `false` when the server has none of that kind.
    pub(crate) async fn open_events(&self) -> Result<bool, Fault> {
        let endpoint = self.endpoints.current().await?;
        let mut response = match self.open_stream(&Snapshot::default(), None).await {
            Ok(response) => response,
            Err(fault @ (Fault::Unauthorised | Fault::Source(_))) => return Err(fault),
            Err(_) => return Ok(false),
        };
        let mut parser = Parser::new(self.options.frame_limit_bytes);
        let first = async {
            loop {
                if let Some(event) = parser.next_event().ok()? {
                    return Some(event);
                }
                parser.feed(response.chunk().await.ok()??);
            }
        };
        let first = timeout(self.options.connect_timeout, first).await;
        let Ok(Some(event)) = first else {
            return Ok(false);
        };
        if event.kind != "endpoint" {
            return Ok(false);
        }
        let url = post_to(&endpoint, &event.data)?;
        debug!("the server answers on one stream of events");
        let stream = Arc::new(EventStream {
            url,
            closed: watch::Sender::new(false),
        });
        *self.events.lock() = Some(stream.clone());
        let opened = Opened {
            stream,
            response,
            parser,
            host: endpoint.host.clone(),
        };
        // The reader lives as long as the bridge.
        let _ = self.events.opened.send(opened);
        Ok(true)
    }

    /// Reads the streams that are opened, one after the other, for as long as the bridge lives.
    pub(crate) async fn read_events(&self) {
        let mut to_read = self.events.to_read.lock().await;
        while let Some(mut opened) = to_read.recv().await {
            self.relay_listening(&mut opened.response, &mut opened.parser, &opened.host)
                .await;
            warn!("the stream of events ended");
            opened.stream.closed.send_replace(true);
        }
    }

    /// Waits for answers on the stream.
    pub(crate) async fn await_on_stream(
        &self,
        stream: &EventStream,
        message: &Message,
        host: &str,
    ) -> Result<(), Fault> {
        let mut closed = stream.closed.subscribe();
        tokio::select! {
            () = self.pending.when_settled(&message.ids) => Ok(()),
            _ = closed.wait_for(|closed| *closed) => Err(Fault::Broken { host: host.to_owned() }),
        }
    }

    /// Opens the stream anew, with a session of its own, because `old` has ended, unless somebody has since.
    pub(crate) async fn reopen_events(&self, old: &Arc<EventStream>) -> Result<(), Fault> {
        let _one_at_a_time = self.session.renewing.lock().await;
        if self
            .events
            .current()
            .is_none_or(|now| !Arc::ptr_eq(&now, old))
        {
            return Ok(());
        }
        if !self.open_events().await? {
            let endpoint = self.endpoints.current().await?;
            return Err(Fault::SessionLost {
                host: endpoint.host.clone(),
                detail: "it opens no stream of events".to_owned(),
            });
        }
        if self.session.handshake().is_some() {
            self.shake_hands().await?;
            self.repeat_standing().await;
        }
        Ok(())
    }
}

/// Where the server wants messages posted to. Any other origin would be handed the key.
fn post_to(endpoint: &Endpoint, data: &[u8]) -> Result<Url, Fault> {
    let url = std::str::from_utf8(data)
        .ok()
        .and_then(|data| endpoint.url.join(data.trim()).ok())
        .ok_or_else(|| Fault::NotMcp {
            host: endpoint.host.clone(),
        })?;
    if url.origin() != endpoint.url.origin() {
        return Err(Fault::Redirected {
            host: endpoint.host.clone(),
            target: host_of(&url),
        });
    }
    Ok(url)
}
