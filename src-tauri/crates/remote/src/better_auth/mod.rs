//! Apps whose accounts and keys are better-auth's: routes below `/api/auth` of the app's own address.
//!
//! Facts here come from better-auth 1.4.18, 1.6.25 and 1.7.5 (run, and the source of 1.7.5), checked 2026-11-20:
//! a session is a bearer token that each use makes longer, and nothing refreshes it; a request with a cookie needs an `Origin`
//! and is refused without one, so none is sent; being signed out is `200` with `null`.

mod configs;
mod dto;
mod keys;
mod sign_in;

use keystow_core::Secret;
use keystow_core::remote::RemoteError;
use reqwest::Method;
use url::Url;

use crate::Remote;
use crate::transport::Ask;

pub(crate) use dto::Told;
pub(crate) use keys::{asks_for_limits, page_of, seconds_until};

/// A workspace whose accounts and keys are better-auth's.
#[derive(Clone)]
pub(crate) struct BetterAuth {
    pub(crate) remote: Remote,
}

impl BetterAuth {
    /// Begins a request below `/api/auth`.
    fn ask(
        &self,
        method: Method,
        base: &Url,
        route: &[&str],
        access: &Secret,
    ) -> Result<Ask<'_>, RemoteError> {
        self.open(method, base, route)?.bearer(access)
    }

    /// The same by nobody in particular.
    fn open(&self, method: Method, base: &Url, route: &[&str]) -> Result<Ask<'_>, RemoteError> {
        let segments: Vec<&str> = ["api", "auth"].iter().chain(route).copied().collect();
        self.remote.ask(method, base, &segments)
    }
}
