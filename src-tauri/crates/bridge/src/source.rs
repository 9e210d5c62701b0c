use keystow_core::Secret;
use url::Url;

/// Where the key comes from. Called on a blocking thread: once at the start, again when the server answers 401, never twice at
/// the same time.
pub trait CredentialSource: Send + Sync + 'static {
    /// The credential as it is now.
    fn read(&self) -> Result<Credential, SourceError>;
}

/// Where the server listens. Called on a blocking thread: once at the start and again when nobody listens there any more, never
/// twice at the same time. It may start a local server.
pub trait EndpointSource: Send + Sync + 'static {
    /// The address that messages are posted to, such as `https://mcp.example.com/mcp`.
    fn locate(&self) -> Result<Url, SourceError>;
}

/// What is sent to prove who calls.
#[derive(Debug)]
pub struct Credential {
    /// Names, such as `authorization` or `x-api-key`, and whole values, such as `Bearer …`.
    pub headers: Vec<(String, Secret)>,
}

/// Why a source has nothing. The client shows the message to a person, so it is a plain sentence without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SourceError {
    /// Machine code, such as `keychain.locked`.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
}
