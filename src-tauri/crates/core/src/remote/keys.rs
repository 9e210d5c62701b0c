use std::sync::Arc;

use url::Url;

use super::{RemoteError, RemoteErrorKind, SignIn};
use crate::key::{ApiKey, CreatedKey, KeyChange, KeyPage, KeyQuery, KeyUsage, NewKey};
use crate::provider::{Capability, Dialect};
use crate::{KeyId, Secret};

/// Where a call goes, who makes it, and for which organization.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The workspace's API, without a slash at the end.
    pub base: &'a Url,
    /// The access token of its session.
    pub access: &'a Secret,
    /// The organization the workspace stands for, where there is one.
    pub organization: Option<&'a str>,
}

/// The key API of one dialect. Calls block; never call them on an async runtime's thread. What a dialect cannot do fails with
/// [`RemoteErrorKind::Unsupported`], and is not among its [`KeyApi::capabilities`].
pub trait KeyApi: Send + Sync {
    /// What it can do; a provider file names no more.
    fn capabilities(&self) -> &'static [Capability];

    /// One page of keys. A dialect whose server cannot search or page reads what there is and does it here.
    fn list(&self, caller: &Caller<'_>, query: &KeyQuery) -> Result<KeyPage, RemoteError>;

    /// One key.
    fn get(&self, caller: &Caller<'_>, id: &KeyId) -> Result<ApiKey, RemoteError>;

    /// Makes a key. On an error with [`RemoteError::outcome_unknown`] the caller lists and reconciles.
    fn create(&self, caller: &Caller<'_>, _key: &NewKey) -> Result<CreatedKey, RemoteError> {
        Err(unsupported(caller))
    }

    /// Changes what is named in `change` and leaves the rest; gives the key as it is then.
    fn update(
        &self,
        caller: &Caller<'_>,
        _id: &KeyId,
        _change: &KeyChange,
    ) -> Result<ApiKey, RemoteError> {
        Err(unsupported(caller))
    }

    /// Pauses or resumes a key; reads back rather than trusting a toggle.
    fn set_paused(
        &self,
        caller: &Caller<'_>,
        _id: &KeyId,
        _paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        Err(unsupported(caller))
    }

    /// Revokes a key; one that is already gone is as good as revoked.
    fn delete(&self, caller: &Caller<'_>, _id: &KeyId) -> Result<(), RemoteError> {
        Err(unsupported(caller))
    }

    /// What it was used for.
    fn usage(&self, caller: &Caller<'_>, _id: &KeyId) -> Result<KeyUsage, RemoteError> {
        Err(unsupported(caller))
    }
}

/// What there is for each kind of workspace.
pub trait Dialects: Send + Sync {
    /// Its key API; `None` for products that have none.
    fn key_api(&self, dialect: Dialect) -> Option<Arc<dyn KeyApi>>;

    /// Signing in to it; `None` where there is nothing to sign in to.
    fn sign_in(&self, dialect: Dialect) -> Option<Arc<dyn SignIn>>;
}

fn unsupported(caller: &Caller<'_>) -> RemoteError {
    RemoteError {
        host: caller.base.host_str().unwrap_or_default().to_owned(),
        kind: RemoteErrorKind::Unsupported,
        request_id: None,
        code: None,
    }
}
