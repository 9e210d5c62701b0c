//! Workspaces as the rest of the product sees them. Only the `remote` crate puts real HTTP behind this.

use url::Url;

use crate::key::{ApiKey, CreatedKey, KeyPage, KeyQuery, NewKey, UnixMs};
use crate::{Cancel, KeyId, Secret};

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

/// What sign-in gave. It goes to the keychain before it is used.
#[derive(Debug)]
pub struct Session {
    /// Sent as bearer token.
    pub access: Secret,
    /// Rotating: each use gives a new one, and reuse ends the session.
    pub refresh: Option<Secret>,
    /// When the access token expires.
    pub expires_at: Option<UnixMs>,
    /// The OAuth client id it was issued to, where it was OAuth.
    pub oauth_client: Option<String>,
}

/// How a session lies in the keychain.
#[derive(serde::Serialize)]
struct Packed<'a> {
    access: &'a str,
    refresh: Option<&'a str>,
    expires_at: Option<UnixMs>,
    oauth_client: Option<&'a str>,
}

/// The same, owned.
#[derive(serde::Deserialize)]
struct Unpacked {
    access: String,
    refresh: Option<String>,
    expires_at: Option<UnixMs>,
    oauth_client: Option<String>,
}

impl Session {
    /// The session as one secret for the keychain: a JSON object that [`Session::from_secret`] reads.
    pub fn to_secret(&self) -> Secret {
        let packed = Packed {
            access: self.access.expose(), // EXPOSE: packed into the secret that is stowed
            refresh: self.refresh.as_ref().map(|token| token.expose()), // EXPOSE: packed likewise
            expires_at: self.expires_at,
            oauth_client: self.oauth_client.as_deref(),
        };
        Secret::new(serde_json::to_string(&packed).expect("strings and numbers always serialise"))
    }

    /// Reads what [`Session::to_secret`] wrote; `None` when it is something else.
    pub fn from_secret(secret: &Secret) -> Option<Self> {
        // EXPOSE: unpacked from the secret that was stowed
        let unpacked: Unpacked = serde_json::from_str(secret.expose()).ok()?;
        Some(Self {
            access: Secret::new(unpacked.access),
            refresh: unpacked.refresh.map(Secret::new),
            expires_at: unpacked.expires_at,
            oauth_client: unpacked.oauth_client,
        })
    }
}

/// Who signed in, as the provider tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Such as `owner@keystow.local`.
    pub login: String,
    /// The organization or tenant, where there is one.
    pub organization: Option<String>,
}

/// A browser sign-in that waits: the URL to open, and the way to wait for its end.
pub trait BrowserSignIn: Send {
    /// What the browser is to open. It carries no secret that outlives the attempt.
    fn url(&self) -> &Url;

    /// Blocks until the browser came back, the person cancelled, or `timeout_ms` passed; then closes the loopback port.
    fn wait(self: Box<Self>, cancel: &Cancel, timeout_ms: u64) -> Result<Session, RemoteError>;
}

/// Signing in and out. Calls block; never call them on an async runtime's thread. Base URLs end without a slash and include
/// the API's path, such as `http://127.0.0.1:8787/api`.
pub trait SignIn: Send + Sync {
    /// Signs in with a password.
    fn password(&self, base: &Url, login: &str, password: &Secret) -> Result<Session, RemoteError>;

    /// Prepares a browser sign-in: discovers the authorization server, binds a loopback port, makes PKCE and state. `account` is the
    /// login and password of an account that Keystow made itself (the local workspace's owner): they are traded for a one-time
    /// ticket that is good for this attempt only, so that the page asks for consent and nothing else.
    fn browser(
        &self,
        base: &Url,
        account: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError>;

    /// Opens `url` in the person's browser.
    fn open_browser(&self, url: &Url) -> Result<(), RemoteError>;

    /// Opens a link of an AI client, such as `cursor://…`, with whatever the person's system has for it. It has no secret in it.
    fn open_link(&self, link: &Url) -> Result<(), RemoteError>;

    /// Trades the refresh token for new tokens. The old one is dead afterwards.
    ///
    /// # Errors
    /// [`RemoteErrorKind::SessionEnded`] when it is no longer accepted.
    fn refresh(&self, base: &Url, session: &Session) -> Result<Session, RemoteError>;

    /// Ends the session at the provider.
    fn sign_out(&self, base: &Url, session: &Session) -> Result<(), RemoteError>;

    /// Who the session belongs to.
    fn account(&self, base: &Url, access: &Secret) -> Result<Account, RemoteError>;
}

/// The key API of one dialect. Calls block; never call them on an async runtime's thread.
pub trait KeyApi: Send + Sync {
    /// One page of keys.
    fn list(&self, base: &Url, access: &Secret, query: &KeyQuery) -> Result<KeyPage, RemoteError>;
    /// One key.
    fn get(&self, base: &Url, access: &Secret, id: &KeyId) -> Result<ApiKey, RemoteError>;
    /// Makes a key. On an error with [`RemoteError::outcome_unknown`] the caller lists and reconciles.
    fn create(&self, base: &Url, access: &Secret, key: &NewKey) -> Result<CreatedKey, RemoteError>;
    /// Renames a key.
    fn rename(
        &self,
        base: &Url,
        access: &Secret,
        id: &KeyId,
        name: &str,
    ) -> Result<ApiKey, RemoteError>;
    /// Pauses or resumes a key; reads back rather than trusting a toggle.
    fn set_paused(
        &self,
        base: &Url,
        access: &Secret,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError>;
    /// Whether `key` is accepted by the MCP server at `url`: one handshake with it in `header`, after the word `scheme`.
    ///
    /// # Errors
    /// [`RemoteErrorKind::Unauthorised`] or [`RemoteErrorKind::Forbidden`] when it is not.
    fn verify(
        &self,
        url: &Url,
        header: &str,
        scheme: &str,
        key: &Secret,
    ) -> Result<(), RemoteError>;
    /// Revokes a key; one that is already gone is as good as revoked.
    fn delete(&self, base: &Url, access: &Secret, id: &KeyId) -> Result<(), RemoteError>;
}

/// What a probe of an MCP server through a written entry found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Names of the tools, in the server's order.
    pub tools: Vec<String>,
    /// The server's name and version.
    pub server: String,
    /// From spawn to the last answer, in milliseconds.
    pub took_ms: u64,
}

/// Why a probe found nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// The command could not be started.
    #[error("{command} could not be started: {detail}")]
    Start {
        /// The command as written.
        command: String,
        /// What the system said.
        detail: String,
    },
    /// The server answered with an error; its sentence is for people.
    #[error("{message}")]
    Answered {
        /// JSON-RPC error message.
        message: String,
    },
    /// The command for the headers did not print any.
    #[error("the command for the headers {detail}")]
    Helper {
        /// What it did instead, such as `ended with exit status: 1`, and the last it said.
        detail: String,
    },
    /// Ended or fell silent.
    #[error("{detail}")]
    Silent {
        /// What was seen last.
        detail: String,
    },
}

/// Runs the very command that a settings file names, does an MCP handshake and lists the tools.
pub trait Prober: Send + Sync {
    /// Speaks to the command. Blocks for at most `timeout_ms`; the process is gone afterwards.
    fn probe(&self, command: &str, args: &[String], timeout_ms: u64) -> Result<Probe, ProbeError>;

    /// Speaks HTTP to `url`, with the headers that the command line `helper` prints when the system's shell runs it. Blocks for
    /// about `timeout_ms` at most.
    fn probe_url(&self, url: &Url, helper: &str, timeout_ms: u64) -> Result<Probe, ProbeError>;
}
