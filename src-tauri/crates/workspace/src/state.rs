//! What all requests share.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use url::Url;

use crate::db::Db;
use crate::http::{Consents, Devices, Partials};
use crate::idle::Activity;
use crate::live::Registry;
use crate::mcp::Sessions;
use crate::random;
use crate::throttle::Throttle;
use crate::usage::Usage;

/// A signal that is given once and stays given; whoever waits wakes up, and also when the signal itself goes away.
#[derive(Clone, Debug)]
pub(crate) struct Ending(Arc<watch::Sender<bool>>);

impl Ending {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub(crate) fn end(&self) {
        self.0.send_replace(true);
    }

    /// Resolves once the signal is given.
    pub(crate) fn cancelled(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut given = self.0.subscribe();
        async move {
            // An error says that nobody can give it any more.
            let _ = given.wait_for(|given| *given).await;
        }
    }
}

/// The running server.
pub(crate) struct State {
    pub(crate) db: Db,
    pub(crate) address: SocketAddr,
    /// `http://127.0.0.1:PORT`: the OAuth issuer, and the only browser origin we take requests from.
    pub(crate) origin: String,
    /// `http://127.0.0.1:PORT/api`.
    pub(crate) base: Url,
    /// Made anew at each start.
    pub(crate) instance: String,
    /// Given when the server ends.
    pub(crate) closing: Ending,
    pub(crate) keys: Registry,
    /// Held from a change in the database until the registry has it too, so that changes arrive there in their order.
    pub(crate) changing: tokio::sync::Mutex<()>,
    pub(crate) usage: Usage,
    pub(crate) activity: Activity,
    /// Failed sign-ins.
    pub(crate) sign_ins: Throttle,
    /// Wrong one-time codes. There are only a million, three of them good: so few tries that guessing takes years.
    pub(crate) codes: Throttle,
    pub(crate) partials: Partials,
    pub(crate) devices: Devices,
    /// Clients that registered themselves.
    pub(crate) registrations: Throttle,
    pub(crate) consents: Consents,
    pub(crate) sessions: Sessions,
}

impl State {
    pub(crate) fn new(db: Db, address: SocketAddr) -> Self {
        let origin = format!("http://{address}");
        let base = Url::parse(&format!("{origin}/api")).expect("a socket address makes a URL");
        Self {
            db,
            address,
            origin,
            base,
            instance: random::short_id("i-"),
            closing: Ending::new(),
            keys: Registry::default(),
            changing: tokio::sync::Mutex::default(),
            usage: Usage::default(),
            activity: Activity::default(),
            sign_ins: Throttle::new(10),
            codes: Throttle::new(5),
            partials: Partials::default(),
            devices: Devices::default(),
            registrations: Throttle::new(20),
            consents: Consents::default(),
            sessions: Sessions::default(),
        }
    }

    /// The MCP endpoint, as OAuth names it.
    pub(crate) fn mcp_url(&self) -> String {
        format!("{}/api/mcp/stream", self.origin)
    }

    /// Ends everything that is open.
    pub(crate) fn close(&self) {
        self.closing.end();
        self.sessions.close();
    }
}
