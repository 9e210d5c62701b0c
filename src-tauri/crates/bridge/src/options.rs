use std::sync::Arc;
use std::time::Duration;

use crate::dialect::Memory;

/// What a host decides about a bridge. [`Options::new`] has the values meant for people; tests shorten the waits.
#[derive(Clone, Debug)]
pub struct Options {
    /// Sent with every request, such as `keystow/0.1.0 (cursor)`.
    pub user_agent: String,
    /// The largest message that is carried, in bytes, in either direction.
    pub frame_limit_bytes: usize,
    /// How long a connection may take to come up.
    pub connect_timeout: Duration,
    /// How long the server may take until it begins to answer, and between two pieces of a plain JSON answer.
    pub answer_timeout: Duration,
    /// The same for `tools/call`, where a server that answers in plain JSON stays silent until the tool has finished. Clients
    /// have a patience of their own and cancel.
    pub call_timeout: Duration,
    /// A server that asks for a wait up to this long (429 with `Retry-After`) is waited for and asked once more.
    pub wait_limit: Duration,
    /// How long a server is waited for at which nobody listens, such as one that is just starting again. Nothing has been sent
    /// until then.
    pub patience: Duration,
    /// Remembers how the server speaks; without one it is found out anew each time that matters.
    pub memory: Option<Arc<dyn Memory>>,
    /// The first wait before a dropped stream is opened again; doubled after each failure. A server's `retry:` takes its place.
    pub reopen_first: Duration,
    /// The longest such wait.
    pub reopen_last: Duration,
    /// How long answers under way may still take once the client closed its side.
    pub drain: Duration,
    /// How long ending the session at the server may take.
    pub goodbye: Duration,
}

impl Options {
    /// Values for people: 64 MiB, 10 s to connect, 60 s to begin an answer (10 minutes for a tool), waits up to 5 s
    /// honoured, and as long for a server that is down.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            frame_limit_bytes: 64 * 1024 * 1024,
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(60),
            call_timeout: Duration::from_secs(600),
            wait_limit: Duration::from_secs(5),
            patience: Duration::from_secs(5),
            memory: None,
            reopen_first: Duration::from_secs(1),
            reopen_last: Duration::from_secs(30),
            drain: Duration::from_millis(5),
            goodbye: Duration::from_millis(40),
        }
    }
}
