use std::path::PathBuf;

use keystow_core::clipboard::ClipboardError;
use keystow_core::edit::EditError;
use keystow_core::key::NameError;
use keystow_core::keychain::KeychainError;
use keystow_core::local::LocalError;
use keystow_core::provider::AddressError;
use keystow_core::remote::RemoteError;
use keystow_core::{ChangeId, ServerId};

use crate::files::FileError;
use crate::store::StoreError;

/// Why a use case did not come to its end. [`crate::describe`] turns it into words and codes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The keychain failed; nothing was written elsewhere.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// A key was made and could not be stowed. Its plaintext is gone.
    #[error("{error}; the new key {name} was {}", if *.revoked { "revoked again" } else { "left unusable at the provider" })]
    NotStowed {
        /// Name of the key.
        name: String,
        /// Whether revoking it again worked. If not, it is listed as an orphan.
        revoked: bool,
        /// What the keychain said.
        error: KeychainError,
    },
    /// Nobody knows whether a key was made.
    #[error("{error}; {} key(s) named {name} without a known secret were found", .orphans)]
    CreateUnknown {
        /// Name of the key.
        name: String,
        /// Keys of that name that nobody holds the secret of.
        orphans: usize,
        /// What went wrong.
        error: RemoteError,
    },
    /// The workspace failed or refused.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The local workspace cannot be had.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// The session ended, or there never was one.
    #[error("signed out of {workspace}")]
    SignedOut {
        /// Name of the workspace.
        workspace: String,
    },
    /// An address of a provider's file cannot be filled in for a workspace.
    #[error("the address cannot be told: {0}")]
    Address(#[from] AddressError),
    /// A pasted text is not a key of the provider.
    #[error("that is not a key of {provider}{}", if .prefix.is_empty() { String::new() } else { format!(", which starts with {}", .prefix) })]
    NotItsKey {
        /// Name of the provider.
        provider: String,
        /// What its keys start with; may be empty.
        prefix: String,
    },
    /// Connections still use the workspace.
    #[error("{} still {} {workspace}", .clients.join(", "), if .clients.len() == 1 { "uses" } else { "use" })]
    InUse {
        /// Name of the workspace.
        workspace: String,
        /// Names of the clients.
        clients: Vec<String>,
    },
    /// A provider has no MCP server that is known.
    #[error("{provider} has no MCP server that Keystow knows of")]
    NoServer {
        /// Its name.
        provider: String,
    },
    /// No key of a workspace is stowed, and none can be made from here.
    #[error("no key of {workspace} is stowed, and none can be made from here")]
    NoKey {
        /// Name of the workspace.
        workspace: String,
    },
    /// A server is signed in to by OAuth, and nobody has.
    #[error("nobody is signed in to {server}")]
    ServerSignedOut {
        /// Its name.
        server: String,
        /// Such as `atlas/hosted`.
        id: ServerId,
    },
    /// No workspace is in use.
    #[error("no workspace is signed in")]
    NoWorkspace,
    /// The account's password is not in the keychain, so a password sign-in without a question is not possible.
    #[error("no password is stowed for {workspace}")]
    NoPassword {
        /// Workspace id.
        workspace: String,
    },
    /// Something was named that is not there.
    #[error("there is no {what} {id:?}")]
    Unknown {
        /// `key`, `client`, `server`, …
        what: &'static str,
        /// What was named, shortened.
        id: String,
    },
    /// A name that several have.
    #[error("{count} keys are named {name:?}")]
    Ambiguous {
        /// The name.
        name: String,
        /// How many.
        count: usize,
    },
    /// A name that cannot be one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A request that makes no sense.
    #[error("{reason}")]
    Invalid {
        /// What is wrong with it.
        reason: String,
    },
    /// The provider cannot do that remotely.
    #[error("{provider} cannot {what} remotely")]
    NotCapable {
        /// Name of the provider.
        provider: String,
        /// Such as `pause keys`.
        what: &'static str,
        /// Where to do it instead, in whole sentences.
        instead: String,
    },
    /// A key whose secret is not on this computer.
    #[error("the secret of key {name} is not in this keychain")]
    NotHere {
        /// Name of the key.
        name: String,
    },
    /// A key that was revoked from this computer.
    #[error("this key was revoked")]
    Revoked,
    /// A key that its provider does not take.
    #[error("the server does not take this key{}", .detail.as_ref().map(|d| format!(": {d}")).unwrap_or_default())]
    KeyRefused {
        /// The server's sentence, where it has one.
        detail: Option<String>,
    },
    /// A client speaks to the URL in its settings, and the server is at another now.
    #[error("the server is at {url} now, which is not what the client's settings say")]
    Moved {
        /// Where it is.
        url: String,
    },
    /// A client without the feature that a mode needs.
    #[error("{client} {found} cannot do that; it can from {needed} on")]
    TooOld {
        /// Name of the client.
        client: String,
        /// Its version.
        found: String,
        /// The first version that can.
        needed: String,
    },
    /// The system has nothing to open a client's link with.
    #[error("the link could not be opened ({detail})")]
    LinkNotOpened {
        /// What the system said.
        detail: String,
    },
    /// A link from outside that is not followed.
    #[error("{0}")]
    DeepLink(#[from] keystow_core::deep_link::DeepLinkError),
    /// A settings file that cannot be edited. It was not touched.
    #[error("{}: {error}", path.display())]
    Edit {
        /// The file.
        path: PathBuf,
        /// Why, and where.
        error: EditError,
    },
    /// A settings file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The client does not take a server of that name.
    #[error(transparent)]
    EntryName(keystow_core::clients::NameError),
    /// An entry of that name is there and is not ours.
    #[error("{} already has an entry {name:?} that Keystow did not write", path.display())]
    EntryTaken {
        /// The file.
        path: PathBuf,
        /// The entry's name.
        name: String,
    },
    /// An entry of ours that is not there any more.
    #[error("{} has no entry {name:?} any more", path.display())]
    EntryGone {
        /// The file.
        path: PathBuf,
        /// The entry's name.
        name: String,
    },
    /// An entry of ours that was changed so much that it is not ours any more.
    #[error("{}: the entry {name:?} does not start Keystow's own copy for this connection any more", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// The entry's name.
        name: String,
    },
    /// The client has no settings file on this system.
    #[error("{client} has no settings file on this system")]
    NoTarget {
        /// Name of the client.
        client: String,
    },
    /// The client cannot reach a server that way.
    #[error("{client} has no mode {mode:?} here")]
    NoMode {
        /// Name of the client.
        client: String,
        /// Such as `helper`.
        mode: &'static str,
    },
    /// The client cannot take the file as it is.
    #[error("{}: {reason}", path.display())]
    Quirk {
        /// The file.
        path: PathBuf,
        /// One sentence.
        reason: String,
    },
    /// The plan was applied, replaced or forgotten.
    #[error("this preview is no longer there")]
    PlanGone,
    /// The file changed since, so exact bytes cannot be given back.
    #[error("{} changed since; undoing would lose that", path.display())]
    UndoChanged {
        /// The file.
        path: PathBuf,
    },
    /// A later change of ours touched the file, too.
    #[error("{} was changed again by “{title}”", path.display())]
    UndoLaterFirst {
        /// The file.
        path: PathBuf,
        /// The later change.
        change: ChangeId,
        /// Such as `Connected Cursor`.
        title: String,
    },
    /// Some files of a plan were written, and then one could not be.
    #[error("{} {} done, and {failed} failed: {reason}{}", .done.join(", "), if .done.len() == 1 { "was" } else { "were" }, if .left.is_empty() { String::new() } else { format!("; {} {} not tried", .left.join(", "), if .left.len() == 1 { "was" } else { "were" }) })]
    PartlyApplied {
        /// Names of the clients that are done.
        done: Vec<String>,
        /// Name of the client whose file could not be written.
        failed: String,
        /// Names of the clients that came after it.
        left: Vec<String>,
        /// Why it could not.
        reason: Box<AppError>,
        /// The change in history that holds what was done.
        change: ChangeId,
    },
    /// A rotation whose old key is revoked, or that was called off.
    #[error("the rotation of {name} is over")]
    RotationOver {
        /// Name of the key.
        name: String,
    },
    /// There is nothing to undo.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The before-image does not open.
    #[error("the before-image of {} cannot be opened", path.display())]
    Sealed {
        /// The file.
        path: PathBuf,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The clipboard failed.
    #[error(transparent)]
    Clipboard(#[from] ClipboardError),
    /// Another Keystow process holds a lock for too long.
    #[error("another Keystow process is busy with {what}")]
    Busy {
        /// What it holds.
        what: String,
    },
}
