//! The bridge as a whole: reads the client's lines, sends each on its way, and ends.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::credential::Credentials;
use crate::endpoint::Endpoints;
use crate::era::Eras;
use crate::events::EventStreams;
use crate::exchange::Link;
use crate::fault::{Fault, error_line};
use crate::frame::{FrameError, Lines};
use crate::message::{self, Incoming, Kind, Message};
use crate::options::Options;
use crate::output;
use crate::params::ParamHeaders;
use crate::pending::{Cancelled, Pending};
use crate::session::Session;
use crate::source::{CredentialSource, EndpointSource};

/// Messages that wait for the handshake; beyond them the client is not read.
const HELD: usize = 256;

/// How a bridge came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client closed its side.
    InputClosed,
    /// The client no longer reads.
    OutputClosed,
    /// The host asked for it.
    Stopped,
}

/// Why a bridge could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BridgeError {
    /// The client's messages cannot be read.
    #[error("the client's messages cannot be read: {source}")]
    Read {
        /// What the system said.
        source: std::io::Error,
    },
}

/// Relays between a client (`input`, `output`: one JSON-RPC message a line) and the server until the client is gone or `stop`
/// completes. Requests under way are then dropped and the session is ended at the server, which takes 50 ms at most.
///
/// Everything else that goes wrong is told to the client as the answer to the request it concerns. Runs on a runtime with one
/// thread or several.
///
/// # Errors
/// Only when `input` fails.
pub async fn run<R, W>(
    options: Options,
    credential: Arc<dyn CredentialSource>,
    endpoint: Arc<dyn EndpointSource>,
    input: R,
    output: W,
    stop: impl Future<Output = ()>,
) -> Result<Ended, BridgeError>
where
    R: AsyncRead + Unpin + Send + 'static,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (lines_out, receiver) = output::channel();
    let (finish, finishing) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let writer = tokio::spawn(output::write(output, receiver, finishing));
    let link = Arc::new(Link {
        credentials: Credentials::new(credential),
        endpoints: Endpoints::new(endpoint, options.clone()),
        session: Session::new(),
        pending: Pending::default(),
        tools: ParamHeaders::default(),
        output: lines_out,
        eras: Eras::new(),
        events: EventStreams::new(),
        options,
    });
    tasks.spawn({
        let link = link.clone();
        async move {
            // Both are slow to come by, and the first message will want them. Failures are told to that message.
            let _ = tokio::join!(link.credentials.current(), link.endpoints.current());
            link.listen().await;
        }
    });
    tasks.spawn({
        let link = link.clone();
        async move { link.keep_subscribed().await }
    });
    tasks.spawn({
        let link = link.clone();
        async move { link.read_events().await }
    });
    let (in_order, queue) = mpsc::unbounded_channel();
    tasks.spawn(send_in_order(link.clone(), queue));

    let mut dispatcher = Dispatcher {
        link: link.clone(),
        tasks,
        in_order,
        held: VecDeque::new(),
        gate: None,
    };
    let ended = dispatcher
        .serve(Lines::new(input, link.options.frame_limit_bytes), stop)
        .await;
    dispatcher.finish(&ended).await;
    finish.send_replace(true);
    let stop_writing = writer.abort_handle();
    let goodbye = link.options.goodbye;
    let _ = tokio::join!(
        timeout(goodbye, link.end_session()),
        timeout(goodbye, writer)
    );
    stop_writing.abort();
    debug!(?ended, "bridge ended");
    ended
}

/// Sends notifications one after the other, as the client spoke them.
async fn send_in_order(link: Arc<Link>, mut queue: mpsc::UnboundedReceiver<Message>) {
    while let Some(message) = queue.recv().await {
        link.carry(&message).await;
    }
}

struct Dispatcher {
    link: Arc<Link>,
    tasks: JoinSet<()>,
    in_order: mpsc::UnboundedSender<Message>,
    /// What came while the handshake was under way.
    held: VecDeque<Message>,
    /// Opens (by being dropped on the other side) when a step of the handshake is done.
    gate: Option<oneshot::Receiver<()>>,
}

impl Dispatcher {
    async fn serve<R: AsyncRead + Unpin>(
        &mut self,
        mut lines: Lines<R>,
        stop: impl Future<Output = ()>,
    ) -> Result<Ended, BridgeError> {
        let mut stop = pin!(stop);
        let output = self.link.output.clone();
        let mut gone = pin!(output.closed());
        loop {
            tokio::select! {
                () = &mut stop => return Ok(Ended::Stopped),
                () = &mut gone => return Ok(Ended::OutputClosed),
                () = opened(&mut self.gate), if self.gate.is_some() => {
                    self.gate = None;
                    while self.gate.is_none() && let Some(message) = self.held.pop_front() {
                        self.dispatch(message);
                    }
                }
                line = lines.next(), if self.held.len() < HELD => match line {
                    Ok(Some(line)) => self.accept(line),
                    Ok(None) => return Ok(Ended::InputClosed),
                    Err(error @ FrameError::TooLarge { .. }) => {
                        warn!(%error, "dropped");
                        let text = format!("{error}, which is more than is carried");
                        self.complain(error_line("null", -32600, &text, "bridge.too_large"));
                    }
                    Err(FrameError::Read(source)) => return Err(BridgeError::Read { source }),
                },
                Some(done) = self.tasks.join_next(), if !self.tasks.is_empty() => {
                    if let Err(error) = done && error.is_panic() {
                        warn!("a message was lost to a fault in the bridge");
                    }
                }
            }
        }
    }

    /// Takes a line of the client.
    fn accept(&mut self, line: Bytes) {
        match message::read(line, &self.link.session, &self.link.tools) {
            Incoming::Send(message) => {
                // Answers to the server pass the handshake: the server may be waiting for them to get on with it.
                if self.gate.is_some() && message.kind != Kind::Reply {
                    self.held.push_back(message);
                } else {
                    self.dispatch(message);
                }
            }
            Incoming::Cancel(id, message) => match self.link.cancel(&id) {
                Cancelled::Closed => debug!("request cancelled"),
                Cancelled::Tell if !self.link.tells_cancelled(&message) => {}
                Cancelled::Tell if self.gate.is_some() => self.held.push_back(message),
                Cancelled::Tell => self.dispatch(message),
            },
            Incoming::NotJson => {
                let text = "The message is not JSON.";
                self.complain(error_line("null", -32700, text, "bridge.bad_message"));
            }
            Incoming::NotMessage => {
                let text = "The message is not JSON-RPC.";
                self.complain(error_line("null", -32600, text, "bridge.bad_message"));
            }
        }
    }

    /// Sends a message on its way.
    fn dispatch(&mut self, message: Message) {
        debug!(method = message.method, "from the client");
        if message.kind == Kind::Notification {
            let _ = self.in_order.send(message);
            return;
        }
        let (opener, gate) = oneshot::channel::<()>();
        let mut opener = Some(opener);
        let mut twice = Vec::new();
        for id in &message.ids {
            let mut entry = message.entry();
            if message.kind == Kind::Initialize {
                entry.gate = opener.take();
            }
            if !self.link.pending.insert(id.clone(), entry) {
                twice.push(id.clone());
            }
        }
        if !twice.is_empty() {
            self.refuse_twice(message, twice);
            return;
        }
        if message.kind == Kind::Initialize
            && let Some(id) = message.ids.first()
        {
            self.link.session.ask(id.clone(), &message.body);
        }
        if matches!(message.kind, Kind::Initialize | Kind::Initialized) {
            self.gate = Some(gate);
        }
        let link = self.link.clone();
        let ids = message.ids.clone();
        let task = self.tasks.spawn(async move {
            link.carry(&message).await;
            drop(opener);
        });
        for id in &ids {
            self.link.pending.carried_by(id, task.clone());
        }
    }

    /// A request under an id that is still under way would make two answers indistinguishable.
    fn refuse_twice(&mut self, message: Message, twice: Vec<crate::pending::Id>) {
        for id in message.ids.iter().filter(|id| !twice.contains(id)) {
            self.link.pending.take(id);
        }
        for id in &message.ids {
            let text = "A request with this id is still under way.";
            let line = error_line(id.as_json(), -32600, text, "bridge.bad_message");
            self.complain(line);
        }
    }

    /// Tells the client about its own message, without waiting until it reads.
    fn complain(&mut self, line: Bytes) {
        let output = self.link.output.clone();
        self.tasks.spawn(async move { output.send(line).await });
    }

    /// Ends what is under way.
    async fn finish(mut self, ended: &Result<Ended, BridgeError>) {
        if matches!(ended, Ok(Ended::InputClosed)) {
            let link = self.link.clone();
            let tasks = &mut self.tasks;
            let answered =
                async { while !link.pending.is_empty() && tasks.join_next().await.is_some() {} };
            let _ = timeout(self.link.options.drain, answered).await;
        }
        self.tasks.shutdown().await;
        for id in self.held.iter().flat_map(|message| &message.ids) {
            let line = Fault::GivenUp.answer(id.as_json());
            self.link.output.send_now(line);
        }
    }
}

/// Completes when the other side has answered or given up.
async fn opened(gate: &mut Option<oneshot::Receiver<()>>) {
    if let Some(gate) = gate {
        let _ = gate.await;
    }
}
