//! Atlas: better-auth with ways of its own to make keys, and keys that belong to one of the account's workspaces.
//!
//! Facts here come from the source, AtlasDevHQ/atlas e84e80b, checked 2026-11-20: keys are made at
//! `/api/v1/admin/workspace-keys` (a key made at better-auth's own route is refused when it is used), listed over all of the
//! account's workspaces, revoked and paused by better-auth's routes. Deployments from before that have only the latter.

mod keys;
mod sign_in;

use crate::Remote;
use crate::better_auth::BetterAuth;

/// An Atlas deployment.
#[derive(Clone)]
pub(crate) struct Atlas {
    remote: Remote,
    inner: BetterAuth,
}

impl Atlas {
    pub(crate) fn new(remote: Remote) -> Self {
        Self {
            inner: BetterAuth {
                remote: remote.clone(),
            },
            remote,
        }
    }
}
