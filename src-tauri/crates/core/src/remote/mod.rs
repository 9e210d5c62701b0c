//! Workspaces as the rest of the product sees them. Only the `remote` crate puts real HTTP behind this.

mod keys;
mod probe;
mod proof;
mod session;
mod sign_in;

pub use keys::{Caller, Dialects, KeyApi};
pub use probe::{Probe, ProbeError, Prober};
pub use proof::{KeyProof, Proof, ProofKind};
pub use session::Session;
pub use sign_in::{
    Account, BrowserSignIn, DeviceCode, DeviceSignIn, Opener, Organization, PasswordAnswer,
    ServerSignIn, SignIn,
};

/// Why a workspace or MCP server did not do what was asked. Carries the host, never a body, header or secret.
#[derive(Debug, thiserror::Error)]
#[error("{host}: {kind}")]
pub struct RemoteError {
    /// Host and port, such as `127.0.0.1:8787`.
    pub host: String,
    /// What went wrong.
    pub kind: RemoteErrorKind,
    /// The server's own id for the request, for support.
    pub request_id: Option<String>,
    /// The server's own code, such as `PUBLIC_API_KEY_INVALID`; provider files say what it means.
    pub code: Option<String>,
}

/// The kinds of failure, each with one sentence and one way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteErrorKind {
    /// Nobody listens, or no route.
    #[error("cannot be reached ({detail})")]
    Unreachable {
        /// What the system said.
        detail: String,
    },
    /// The certificate or handshake is not acceptable.
    #[error("no trusted TLS connection ({detail})")]
    Tls {
        /// What the TLS library said.
        detail: String,
    },
    /// No answer in time. The outcome of a write is unknown.
    #[error("did not answer within {limit_ms} ms")]
    TimedOut {
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// The connection broke after the request was sent. The outcome of a write is unknown.
    #[error("the connection broke before an answer came ({detail})")]
    Broken {
        /// What the system said.
        detail: String,
    },
    /// 401.
    #[error("the sign-in or key is not accepted (401)")]
    Unauthorised,
    /// 403.
    #[error("not allowed (403){}", .detail.as_ref().map(|d| format!(": {d}")).unwrap_or_default())]
    Forbidden {
        /// The server's sentence.
        detail: Option<String>,
    },
    /// 404.
    #[error("not found (404)")]
    NotFound,
    /// 400, 409 or 422: what we sent is not acceptable.
    #[error("refused ({status}): {detail}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The server's sentence.
        detail: String,
    },
    /// 429.
    #[error("too many requests (429)")]
    RateLimited {
        /// How long to wait, in milliseconds, where the server says.
        retry_after_ms: Option<u64>,
    },
    /// 5xx.
    #[error("the server failed ({status})")]
    Server {
        /// HTTP status.
        status: u16,
    },
    /// Not what the protocol says: HTML, bad JSON, missing fields.
    #[error("answered {found} where {expected} was expected")]
    Unexpected {
        /// Such as `HTML`.
        found: String,
        /// Such as `JSON`.
        expected: String,
    },
    /// A body past the cap.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The cap.
        limit_bytes: u64,
    },
    /// Sign-in was refused by the person or the server.
    #[error("sign-in was refused: {detail}")]
    SignInRefused {
        /// The OAuth error or the server's sentence.
        detail: String,
    },
    /// The refresh token is no longer accepted: signed out.
    #[error("the session has ended")]
    SessionEnded,
    /// The person changed their mind.
    #[error("cancelled")]
    Cancelled,
    /// No browser could be started here.
    #[error("no browser could be started ({detail})")]
    Browser {
        /// What the system said.
        detail: String,
    },
    /// The product has no such call.
    #[error("this provider cannot do that remotely")]
    Unsupported,
    /// 421: the workspace lives at another address of the same product, such as that of another region.
    #[error("this workspace lives at {to} (421)")]
    Elsewhere {
        /// The right base address, as the server names it; nobody goes there unasked.
        to: String,
    },
    /// The product wants a second factor to be set up, or used, before it does that.
    #[error("a second factor is needed first{}", .page.as_ref().map(|page| format!(": {page}")).unwrap_or_default())]
    SecondFactor {
        /// The page to do it on, as the server names it: absolute, or a path at its web address.
        page: Option<String>,
    },
}

impl RemoteError {
    /// Whether a write may have happened although no answer came (P6: reconcile, never retry blindly).
    pub fn outcome_unknown(&self) -> bool {
        matches!(
            self.kind,
            RemoteErrorKind::TimedOut { .. }
                | RemoteErrorKind::Broken { .. }
                | RemoteErrorKind::Unexpected { .. }
                | RemoteErrorKind::TooLarge { .. }
                | RemoteErrorKind::Server { .. }
        )
    }
}
