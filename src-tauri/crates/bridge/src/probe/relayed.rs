use std::future::pending;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::Url;

use super::talk::Peer;
use crate::options::Options;
use crate::source::{CredentialSource, EndpointSource, SourceError};

/// How much may be on its way to and from the relay, in bytes.
const PIPE_BYTES: usize = 64 * 1024;

/// A server behind this crate's own relay, on a thread of its own: what a client does that speaks HTTP itself.
pub(super) struct Relayed {
    input: Option<UnboundedSender<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Relayed {
    /// Starts the relay; what the server says comes by the channel, message by message.
    pub(super) fn start(
        url: Url,
        credential: Arc<dyn CredentialSource>,
        limit: Duration,
    ) -> std::io::Result<(Self, Receiver<Vec<u8>>)> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (input, said) = unbounded_channel();
        let (heard, lines) = channel();
        let mut options = Options::new(concat!("keystow/", env!("CARGO_PKG_VERSION"), " (probe)"));
        options.answer_timeout = limit;
        options.patience = Duration::ZERO;
        let thread = thread::Builder::new()
            .name("keystow-probe".to_owned())
            .spawn(move || {
                let (ours_in, its_in) = duplex(PIPE_BYTES);
                let (its_out, ours_out) = duplex(PIPE_BYTES);
                let at = Arc::new(At(url));
                let relay = crate::run(options, credential, at, its_in, its_out, pending());
                // What the relay does not get told it cannot fail to read.
                let _ = runtime.block_on(async {
                    tokio::join!(relay, feed(ours_in, said), hear(ours_out, heard))
                });
                // A command for the headers that hangs is not waited for.
                runtime.shutdown_background();
            })?;
        let relayed = Self {
            input: Some(input),
            thread: Some(thread),
        };
        Ok((relayed, lines))
    }
}

async fn feed(mut input: DuplexStream, mut said: UnboundedReceiver<Vec<u8>>) {
    while let Some(line) = said.recv().await {
        if input.write_all(&line).await.is_err() {
            return;
        }
    }
}

async fn hear(output: DuplexStream, heard: Sender<Vec<u8>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match output.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) if heard.send(line).is_err() => return,
            Ok(_) => {}
        }
    }
}

impl Peer for Relayed {
    fn say(&mut self, line: &[u8]) -> bool {
        self.input
            .as_ref()
            .is_some_and(|input| input.send(line.to_vec()).is_ok())
    }

    fn how_it_ended(&mut self) -> String {
        "the connection ended before an answer came".to_owned()
    }

    fn with_last_words(&self, detail: String) -> String {
        detail
    }

    /// The relay ends within 50 ms of the end of its input.
    fn end(&mut self, _: Instant) {
        self.input = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A server that stays where it is.
struct At(Url);

impl EndpointSource for At {
    fn locate(&self) -> Result<Url, SourceError> {
        Ok(self.0.clone())
    }
}
