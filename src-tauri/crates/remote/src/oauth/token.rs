use keystow_core::Secret;
use keystow_core::remote::{RemoteError, RemoteErrorKind, Session};
use reqwest::Method;
use serde::Deserialize;

use super::discovery::AuthorizationServer;
use crate::Remote;
use crate::tokens::{TokenDto, expiry};
use crate::transport::{Answer, error_at, host_of};

/// Who asks for tokens.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) id: String,
    /// The authorization server that knows it by this id; `None` for our own id, which every workspace for Keystow knows.
    pub(super) issuer: Option<String>,
}

#[derive(Deserialize)]
struct GrantDto {
    access_token: TokenDto,
    token_type: String,
    expires_in: Option<f64>,
    refresh_token: Option<TokenDto>,
}

/// The session in a token endpoint's success.
pub(super) fn session(answer: &Answer, client: &Client) -> Result<Session, RemoteError> {
    let grant: GrantDto = answer.json()?;
    if !grant.token_type.eq_ignore_ascii_case("bearer") {
        return Err(answer.not_what("a token of another type", "a bearer token"));
    }
    Ok(Session {
        access: grant.access_token.0,
        refresh: grant.refresh_token.map(|token| token.0),
        expires_at: expiry(grant.expires_in),
        oauth_client: Some(client.id.clone()),
        issuer: client.issuer.clone(),
    })
}

/// Trades a refresh token at the token endpoint.
pub(super) fn refresh(
    remote: &Remote,
    server: &AuthorizationServer,
    resource: &str,
    client: &Client,
    refresh: &Secret,
) -> Result<Session, RemoteError> {
    let answer = remote
        .transport()
        .ask(Method::POST, server.token_endpoint.clone())?
        .form(&[
            ("grant_type", "refresh_token"),
            // EXPOSE: sent to the authorization server that issued it
            ("refresh_token", refresh.expose()),
            ("client_id", &client.id),
            ("resource", resource),
        ])
        .hides(refresh)
        .send()?
        .success()
        .map_err(|failure| match failure.code.as_deref() {
            Some("invalid_grant") => failure.into_kind(RemoteErrorKind::SessionEnded),
            // The server forgot the registration, and with it all that it gave.
            Some("invalid_client" | "unauthorized_client") if client.issuer.is_some() => {
                failure.into_kind(RemoteErrorKind::SessionEnded)
            }
            _ => failure.into(),
        })?;
    let mut new = session(&answer, client)?;
    // A server that does not rotate gives none back; the old one stays good.
    new.refresh.get_or_insert_with(|| refresh.duplicate());
    Ok(new)
}

/// Ends a token at the authorization server (RFC 7009). One it does not know is as good as revoked, whether it says so with 200
/// or, as better-auth 1.7.5 does, with `invalid_request`; and one of a kind that cannot be revoked ends by itself.
///
/// # Errors
/// [`RemoteErrorKind::Unsupported`] when it has no such endpoint.
pub(super) fn revoke(
    remote: &Remote,
    server: &AuthorizationServer,
    client: &str,
    token: &Secret,
) -> Result<(), RemoteError> {
    const DONE: &[&str] = &[
        "invalid_token",
        "invalid_grant",
        "invalid_request",
        "unsupported_token_type",
    ];
    let Some(endpoint) = server.revocation_endpoint.clone() else {
        let host = host_of(&server.token_endpoint);
        return Err(error_at(host, RemoteErrorKind::Unsupported));
    };
    let outcome = remote
        .transport()
        .ask(Method::POST, endpoint)?
        // EXPOSE: sent to the authorization server that issued it, to end it
        .form(&[("token", token.expose()), ("client_id", client)])
        .hides(token)
        .send()?
        .success();
    match outcome {
        Ok(_) => Ok(()),
        Err(failure)
            if failure
                .code
                .as_deref()
                .is_some_and(|code| DONE.contains(&code)) =>
        {
            Ok(())
        }
        Err(failure) => Err(failure.into()),
    }
}
