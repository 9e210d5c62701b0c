use keystow_core::Secret;
use url::Url;

/// Where the key comes from. Called on a blocking thread, unless said otherwise, and no method twice at the same time.
pub trait CredentialSource: Send + Sync + 'static {
    /// The credential as it is now: asked for at the start, and again when the server answers 401.
    fn read(&self) -> Result<Credential, SourceError>;

    /// Whether the credential may be another one by now. Asked before each message and on the runtime's thread: it may look at
    /// one file, no more.
    fn may_have_changed(&self) -> bool {
        false
    }

    /// The credential, if it is another than was read last: asked for when it may have changed.
    ///
    /// # Errors
    /// The bridge goes on with the credential it has, and asks again a little later.
    fn read_if_other(&self) -> Result<Option<Credential>, SourceError> {
        Ok(None)
    }

    /// What has become of what was read. Told soon after it changes, and once a second while the server takes messages.
    fn used(&self, _usage: Usage) {}

    /// The server refuses the credential with this mark, although it was read anew just before. Told once for each reading, and
    /// beside the other methods.
    fn refused(&self, _mark: &str) {}
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
    /// Which one it is, for [`Usage`]: never anything secret, nor made from it. May be empty.
    pub mark: String,
    /// Names, such as `authorization` or `x-api-key`, and whole values, such as `Bearer …`.
    pub headers: Vec<(String, Secret)>,
}

/// How the credential fares that is in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Its mark.
    pub mark: String,
    /// Whether the server has taken a message with it.
    pub accepted: bool,
    /// Whether something is still under way that was sent with an earlier one.
    pub behind: bool,
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
