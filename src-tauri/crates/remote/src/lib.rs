//! HTTP to workspaces: signing in and out, and their key APIs.
//!
//! This is the only crate that speaks HTTP to a provider's API. It puts real requests behind [`SignIn`] and [`KeyApi`] of
//! `keystow_core::remote`, and turns whatever comes back into one [`RemoteError`]. Hosts make one [`Remote`] and hand it to the
//! `app` crate; nobody else calls it.
//!
//! It must never: keep a cookie, follow a redirect, send an `Origin` (but for the one request that answers a one-time code at
//! better-auth, which its guard against forged requests refuses without one), send a secret in the clear to another computer, retry a
//! write, or put a body, a token or a query string into an error or the log.
//!
//! Every call blocks. A small runtime of its own runs on a thread of its own, so calls work from plain threads and from a
//! runtime's blocking threads alike.

mod atlas;
mod better_auth;
mod browser;
mod clock;
mod device;
mod engine;
mod failure;
mod learned;
mod oauth;
mod ocore;
mod parse;
mod proof;
mod text;
mod tokens;
mod transport;

use std::path::Path;
use std::sync::Arc;

use keystow_core::provider::Dialect;
#[cfg(doc)]
use keystow_core::remote::KeyProof;
use keystow_core::remote::{Dialects, KeyApi, Opener, RemoteError, RemoteErrorKind, SignIn};
use reqwest::Method;
use url::Url;

use crate::atlas::Atlas;
use crate::better_auth::BetterAuth;
use crate::learned::Learned;
use crate::ocore::Ocore;
use crate::transport::{Ask, below, error_at, host_of};

/// How long to wait and how much to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect, TLS included, in milliseconds.
    pub connect_ms: u64,
    /// For the whole answer, in milliseconds.
    pub total_ms: u64,
    /// The largest body that is read, in bytes.
    pub body_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_ms: 10_000,
            total_ms: 30_000,
            body_bytes: 2 * 1024 * 1024,
        }
    }
}

/// Why there can be no HTTP at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteSetupError {
    /// The system gave no thread or no event queue.
    #[error("the network thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// The HTTP client could not be made, for instance because the user agent is not one.
    #[error("the HTTP client could not be made: {0}")]
    Client(#[source] reqwest::Error),
}

/// Speaks to workspaces. Clones share connections and the network thread, which ends with the last of them.
#[derive(Clone)]
pub struct Remote {
    transport: Arc<transport::Transport>,
    learned: Arc<Learned>,
}

impl Remote {
    /// Starts the network thread. `user_agent` is sent with each request, such as `keystow/0.1.0`.
    pub fn new(user_agent: &str) -> Result<Self, RemoteSetupError> {
        Self::with_limits(user_agent, Limits::default())
    }

    /// The same, with other limits.
    pub fn with_limits(user_agent: &str, limits: Limits) -> Result<Self, RemoteSetupError> {
        Ok(Self {
            transport: Arc::new(transport::Transport::new(user_agent, limits)?),
            learned: Arc::default(),
        })
    }

    /// Begins a request below a workspace's base URL.
    pub(crate) fn ask(
        &self,
        method: Method,
        base: &Url,
        segments: &[&str],
    ) -> Result<Ask<'_>, RemoteError> {
        let url = below(base, segments)
            .ok_or_else(|| error_at(host_of(base), RemoteErrorKind::NotFound))?;
        self.transport().ask(method, url)
    }

    /// What servers turned out to do.
    pub(crate) fn learned(&self) -> &Learned {
        &self.learned
    }

    fn transport(&self) -> &transport::Transport {
        &self.transport
    }
}

impl Dialects for Remote {
    fn key_api(&self, dialect: Dialect) -> Option<Arc<dyn KeyApi>> {
        let remote = self.clone();
        match dialect {
            Dialect::Ocore => Some(Arc::new(Ocore { remote })),
            Dialect::BetterAuth => Some(Arc::new(BetterAuth { remote })),
            Dialect::Atlas => Some(Arc::new(Atlas::new(remote))),
            Dialect::None => None,
        }
    }

    fn sign_in(&self, dialect: Dialect) -> Option<Arc<dyn SignIn>> {
        let remote = self.clone();
        match dialect {
            Dialect::Ocore => Some(Arc::new(Ocore { remote })),
            Dialect::BetterAuth => Some(Arc::new(BetterAuth { remote })),
            Dialect::Atlas => Some(Arc::new(Atlas::new(remote))),
            Dialect::None => None,
        }
    }
}

impl Opener for Remote {
    fn open_browser(&self, url: &Url) -> Result<(), RemoteError> {
        browser::open(url)
    }

    fn open_link(&self, link: &Url) -> Result<(), RemoteError> {
        browser::open_link(link)
    }

    fn open_folder(&self, folder: &Path) -> Result<(), RemoteError> {
        browser::open_folder(folder)
    }
}
