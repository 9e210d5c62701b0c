use std::path::Path;

use url::Url;

use super::{RemoteError, Session};
use crate::key::UnixMs;
use crate::{Cancel, Secret};

/// Who signed in, as the provider tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Such as `owner@keystow.local`.
    pub login: String,
    /// The organization or tenant in use, where there is one.
    pub organization: Option<Organization>,
}

/// An organization (tenant, workspace of the product) that an account belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// What requests name it by: an id, or a slug where the product wants that.
    pub id: String,
    /// For people.
    pub name: String,
}

/// A browser sign-in that waits: the URL to open, and the way to wait for its end.
pub trait BrowserSignIn: Send {
    /// What the browser is to open. It carries no secret that outlives the attempt.
    fn url(&self) -> &Url;

    /// Blocks until the browser came back, the person cancelled, or `timeout_ms` passed; then closes the loopback port.
    fn wait(self: Box<Self>, cancel: &Cancel, timeout_ms: u64) -> Result<Session, RemoteError>;
}

/// What a person types on another screen (RFC 8628).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// Such as `3HD5-EEMS`; shown even where the complete address is opened.
    pub user_code: String,
    /// Where to type it.
    pub page: Url,
    /// The same with the code in it, where the server gives that.
    pub complete_page: Option<Url>,
    /// When it is over.
    pub expires_at: UnixMs,
}

/// A device sign-in that waits for the person.
pub trait DeviceSignIn: Send {
    /// What to show.
    fn code(&self) -> &DeviceCode;

    /// Polls as the server asks (`interval`, `slow_down`) until the person approved or refused, the code is over, or `cancel`.
    fn wait(self: Box<Self>, cancel: &Cancel) -> Result<Session, RemoteError>;
}

/// What a password came to.
#[derive(Debug)]
pub enum PasswordAnswer {
    /// Signed in.
    Done(Session),
    /// A one-time code is asked for; this stands for the password meanwhile.
    CodeNeeded(Secret),
}

/// Signing in and out at one kind of workspace. Calls block; never call them on an async runtime's thread. Base URLs end without
/// a slash and include the API's path, such as `http://127.0.0.1:8787/api`. What a kind of workspace does not have fails with
/// `Unsupported`; provider files offer only what is there.
pub trait SignIn: Send + Sync {
    /// Signs in with a password.
    fn password(
        &self,
        base: &Url,
        login: &str,
        password: &Secret,
    ) -> Result<PasswordAnswer, RemoteError>;

    /// Answers the question for a one-time code (TOTP). `partial` is what [`PasswordAnswer::CodeNeeded`] gave.
    fn second_factor(
        &self,
        base: &Url,
        partial: &Secret,
        code: &Secret,
    ) -> Result<Session, RemoteError>;

    /// Prepares a browser sign-in: discovers the authorization server, binds a loopback port, makes PKCE and state. `account` is the
    /// login and password of an account that Keystow made itself (the local workspace's owner): they are traded for a one-time
    /// ticket that is good for this attempt only, so that the page asks for consent and nothing else.
    fn browser(
        &self,
        base: &Url,
        account: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError>;

    /// Asks for a device code, as the public client `client_id`.
    fn device(&self, base: &Url, client_id: &str) -> Result<Box<dyn DeviceSignIn>, RemoteError>;

    /// Trades the refresh token for new tokens. The old one is dead afterwards.
    ///
    /// # Errors
    /// `SessionEnded` when it is no longer accepted, or when there is none.
    fn refresh(&self, base: &Url, session: &Session) -> Result<Session, RemoteError>;

    /// Ends the session at the provider.
    fn sign_out(&self, base: &Url, session: &Session) -> Result<(), RemoteError>;

    /// Who the session belongs to.
    ///
    /// # Errors
    /// `Unauthorised` when nobody is signed in with it, however the server says so.
    fn account(&self, base: &Url, access: &Secret) -> Result<Account, RemoteError>;

    /// The organizations the account belongs to; none where the product has none.
    fn organizations(&self, base: &Url, access: &Secret) -> Result<Vec<Organization>, RemoteError>;

    /// Makes one the session's own, where the server keeps that. A server that hands out a new token for it makes the old one
    /// stale: stow what comes back.
    fn choose_organization(
        &self,
        base: &Url,
        session: &Session,
        organization: &str,
    ) -> Result<Option<Session>, RemoteError>;
}

/// OAuth 2.1 for an MCP server itself: tokens for that server alone (RFC 8707), used like a key. Calls block.
pub trait ServerSignIn: Send + Sync {
    /// Prepares a browser sign-in at whatever authorization server `url` names (RFC 9728, 8414): `client_id` where one is
    /// registered beforehand, else the client metadata document, else dynamic registration.
    fn begin(
        &self,
        url: &Url,
        client_id: Option<&str>,
        scopes: &[String],
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError>;

    /// Trades the refresh token.
    ///
    /// # Errors
    /// `SessionEnded` when it is no longer accepted, or when there is none.
    fn refresh(&self, url: &Url, session: &Session) -> Result<Session, RemoteError>;

    /// Revokes the tokens where the server can.
    fn revoke(&self, url: &Url, session: &Session) -> Result<(), RemoteError>;
}

/// Opens addresses with whatever the person's system has for them.
pub trait Opener: Send + Sync {
    /// Opens `url` in the person's browser.
    fn open_browser(&self, url: &Url) -> Result<(), RemoteError>;

    /// Opens a link of an AI client, such as `cursor://…`. It has no secret in it.
    fn open_link(&self, link: &Url) -> Result<(), RemoteError>;

    /// Shows a folder of Keystow's own in the system's file manager.
    fn open_folder(&self, folder: &Path) -> Result<(), RemoteError>;
}
