//! OAuth at a workspace that knows Keystow beforehand.

use keystow_core::Secret;
use keystow_core::remote::{RemoteError, Session};
use url::Url;

use super::discovery::discover;
use super::resource::of_workspace;
use super::token::{self, Client};
use crate::Remote;

/// Our client id; workspaces that speak to Keystow have it registered beforehand.
pub(super) const CLIENT_ID: &str = "keystow";

fn client(id: &str) -> Client {
    Client {
        id: id.to_owned(),
        issuer: None,
    }
}

/// Trades a refresh token of a workspace.
pub(crate) fn refresh(
    remote: &Remote,
    base: &Url,
    client_id: &str,
    refresh: &Secret,
) -> Result<Session, RemoteError> {
    let resource = of_workspace(remote, base)?;
    let server = discover(remote, &resource)?;
    token::refresh(remote, &server, &resource.name, &client(client_id), refresh)
}

/// Ends a session of a workspace.
///
/// # Errors
/// `Unsupported` when its authorization server has no such endpoint.
pub(crate) fn revoke(
    remote: &Remote,
    base: &Url,
    client_id: &str,
    token: &Secret,
) -> Result<(), RemoteError> {
    let server = discover(remote, &of_workspace(remote, base)?)?;
    token::revoke(remote, &server, client_id, token)
}
