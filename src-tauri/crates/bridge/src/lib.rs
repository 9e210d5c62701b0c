//! The bridge: raw JSON-RPC between an AI client's stdio and an MCP server's streamable HTTP, and the prober that asks a
//! written command for its tools.
//!
//! [`run`] relays: bytes of parameters and results are never re-encoded, unknown methods and fields pass, every request gets
//! exactly one answer, and standard output carries nothing but protocol. Where the key lies and where the server listens is
//! asked of a [`CredentialSource`] and an [`EndpointSource`]: this crate must never link SQLite, a keychain or the `app` crate,
//! and it never logs a body, a header or a secret. Hosts (the command line's `bridge`, tests) are the only callers.

mod ahead;
mod answer;
mod ask;
mod credential;
mod dialect;
mod endpoint;
mod era;
mod events;
mod exchange;
mod fault;
mod flow;
mod frame;
mod handshake;
mod headers;
mod lift;
mod listen;
mod listeners;
mod lower;
mod message;
mod options;
mod output;
mod params;
mod peek;
mod pending;
mod probe;
mod relay;
mod renew;
mod rounds;
mod session;
mod skim;
mod source;
mod splice;
mod sse;
mod subscribe;

pub use dialect::{Dialect, Memory};
pub use options::Options;
pub use probe::ProcessProber;
pub use relay::{BridgeError, Ended, run};
pub use source::{Credential, CredentialSource, EndpointSource, SourceError, Usage};

/// The parsers of what comes from outside, open to property tests and fuzzing; not part of the promise.
#[doc(hidden)]
pub mod parsers {
    pub use crate::frame::{FrameError, Lines};
    pub use crate::peek::{Peek, peek};
    pub use crate::sse::{Event, Parser, TooLarge};
}
