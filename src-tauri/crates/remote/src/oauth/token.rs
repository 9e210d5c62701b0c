use keystow_core::Secret;
use keystow_core::remote::{RemoteError, RemoteErrorKind, Session};
use reqwest::Method;
use serde::Deserialize;
use url::Url;

use super::discovery::discover;
use crate::Remote;
use crate::tokens::{TokenDto, expiry};
use crate::transport::{Answer, error_at, host_of};

#[derive(Deserialize)]
struct GrantDto {
    access_token: TokenDto,
    token_type: String,
    expires_in: Option<f64>,
    refresh_token: Option<TokenDto>,
}

/// The session in a token endpoint's success.
pub(super) fn session(answer: &Answer, client: &str) -> Result<Session, RemoteError> {
    let grant: GrantDto = answer.json()?;
    if !grant.token_type.eq_ignore_ascii_case("bearer") {
        return Err(answer.not_what("a token of another type", "a bearer token"));
    }
    Ok(Session {
        access: grant.access_token.0,
        refresh: grant.refresh_token.map(|token| token.0),
        expires_at: expiry(grant.expires_in),
        oauth_client: Some(client.to_owned()),
        issuer: None,
    })
}

/// Trades a refresh token at the token endpoint.
pub(crate) fn refresh(
    remote: &Remote,
    base: &Url,
    client: &str,
    refresh: &Secret,
) -> Result<Session, RemoteError> {
    let server = discover(remote, base)?;
    let answer = remote
        .transport()
        .ask(Method::POST, server.token_endpoint)?
        .form(&[
            ("grant_type", "refresh_token"),
            // EXPOSE: sent to the authorization server that issued it
            ("refresh_token", refresh.expose()),
            ("client_id", client),
            ("resource", &server.resource),
        ])
        .hides(refresh)
        .send()?
        .success()
        .map_err(|failure| match failure.code.as_deref() {
            Some("invalid_grant") => failure.into_kind(RemoteErrorKind::SessionEnded),
            _ => failure.into(),
        })?;
    let mut new = session(&answer, client)?;
    // A server that does not rotate gives none back; the old one stays good.
    new.refresh.get_or_insert_with(|| refresh.duplicate());
    Ok(new)
}

/// Ends a session at the authorization server (RFC 7009); a token it does not know is as good as revoked.
///
/// # Errors
/// [`RemoteErrorKind::Unsupported`] when it has no such endpoint.
pub(crate) fn revoke(
    remote: &Remote,
    base: &Url,
    client: &str,
    token: &Secret,
) -> Result<(), RemoteError> {
    let server = discover(remote, base)?;
    let endpoint = server
        .revocation_endpoint
        .ok_or_else(|| error_at(host_of(base), RemoteErrorKind::Unsupported))?;
    let answer = remote
        .transport()
        .ask(Method::POST, endpoint)?
        // EXPOSE: sent to the authorization server that issued it, to end it
        .form(&[("token", token.expose()), ("client_id", client)])
        .hides(token)
        .send()?;
    match answer.success() {
        Ok(_) => Ok(()),
        Err(failure)
            if matches!(
                failure.code.as_deref(),
                Some("invalid_token" | "invalid_grant")
            ) =>
        {
            Ok(())
        }
        Err(failure) => Err(failure.into()),
    }
}
