//! The token endpoint and the revocation endpoint.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::json;

use super::authorize::audience;
use super::body::Form;
use super::device::DEVICE_GRANT;
use super::{Problem, device};
use crate::clock::{self, UnixMs};
use crate::db::DbError;
use crate::grants::{self, ACCESS_SECONDS, Audience, Refreshed, Tokens};
use crate::random;
use crate::state::State;

/// A verifier's length (RFC 7636, 4.1).
const VERIFIER_CHARACTERS: std::ops::RangeInclusive<usize> = 43..=128;

#[derive(Deserialize)]
pub(super) struct TokenRequest {
    grant_type: String,
    client_id: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    redirect_uri: Option<String>,
    refresh_token: Option<String>,
    device_code: Option<String>,
    resource: Option<String>,
}

/// What came of a code.
enum Redeemed {
    Tokens(Tokens),
    /// The sentence says why.
    Refused(&'static str),
    /// It had been redeemed before, so what it gave is taken back.
    Replayed(Option<String>),
}

/// `POST /oauth/token`.
pub(super) async fn token(
    Shared(state): Shared<Arc<State>>,
    Form(request): Form<TokenRequest>,
) -> Result<Response, Problem> {
    let Some(client) = request.client_id.clone() else {
        return Ok(refusal("invalid_client", "client_id is missing"));
    };
    match request.grant_type.as_str() {
        "authorization_code" => redeem(&state, client, request).await,
        "refresh_token" => refresh(&state, client, request).await,
        DEVICE_GRANT => {
            let owner = Some(client.clone());
            device::redeem(&state, &client, request.device_code, owner).await
        }
        _ => Ok(refusal(
            "unsupported_grant_type",
            "authorization_code, refresh_token and the device code grant are supported",
        )),
    }
}

async fn redeem(state: &State, client: String, request: TokenRequest) -> Result<Response, Problem> {
    let (Some(code), Some(verifier)) = (request.code, request.code_verifier) else {
        return Ok(refusal(
            "invalid_request",
            "code and code_verifier are needed",
        ));
    };
    let wanted = match request.resource.as_deref() {
        None => None,
        Some(resource) => match audience(state, Some(resource)) {
            Some(audience) => Some(audience),
            None => {
                return Ok(refusal(
                    "invalid_target",
                    "resource is not one of this server",
                ));
            }
        },
    };
    let redirect = request.redirect_uri;
    let redeemed = state
        .db
        .write(move |c| redeem_code(c, &code, &client, &verifier, redirect.as_deref(), wanted))
        .await?;
    Ok(match redeemed {
        Redeemed::Tokens(tokens) => granted(&tokens),
        Redeemed::Refused(why) => refusal("invalid_grant", why),
        Redeemed::Replayed(grant) => {
            if let Some(grant) = grant {
                state.keys.grant_ended(&grant);
            }
            refusal("invalid_grant", "this code was used before")
        }
    })
}

/// A code is spent by the first try, right or wrong.
fn redeem_code(
    connection: &Connection,
    code: &str,
    client: &str,
    verifier: &str,
    redirect: Option<&str>,
    wanted: Option<Audience>,
) -> Result<Redeemed, DbError> {
    struct Code {
        grant: Option<String>,
        redeemed: bool,
        client: String,
        redirect: String,
        challenge: String,
        audience: String,
        scope: String,
        expires_at: UnixMs,
    }
    let hash = random::hash(code);
    let found = connection
        .query_row(
            "SELECT grant_id, redeemed, client, redirect_uri, challenge, audience, scope, expires_at FROM codes WHERE hash = ?1",
            [&hash],
            |row| {
                Ok(Code {
                    grant: row.get(0)?,
                    redeemed: row.get(1)?,
                    client: row.get(2)?,
                    redirect: row.get(3)?,
                    challenge: row.get(4)?,
                    audience: row.get(5)?,
                    scope: row.get(6)?,
                    expires_at: row.get(7)?,
                })
            },
        )
        .optional()?;
    let Some(found) = found else {
        return Ok(Redeemed::Refused("this code is not known"));
    };
    if found.redeemed {
        if let Some(grant) = &found.grant {
            grants::end(connection, grant)?;
        }
        return Ok(Redeemed::Replayed(found.grant));
    }
    connection.execute("UPDATE codes SET redeemed = 1 WHERE hash = ?1", [&hash])?;
    let audience = Audience::parse(&found.audience);
    let why_not = if found.expires_at <= clock::now() {
        Some("this code has expired")
    } else if found.client != client {
        Some("this code was given to another client")
    } else if redirect.is_some_and(|redirect| redirect != found.redirect) {
        Some("redirect_uri is not the one the code was sent to")
    } else if wanted.is_some_and(|wanted| wanted != audience) {
        Some("resource is not the one the code is for")
    } else if !VERIFIER_CHARACTERS.contains(&verifier.len())
        || random::pkce_challenge(verifier) != found.challenge
    {
        Some("code_verifier is not the one of the challenge")
    } else {
        None
    };
    if let Some(why_not) = why_not {
        return Ok(Redeemed::Refused(why_not));
    }
    let (grant, tokens) = grants::open(connection, Some(client), audience, &found.scope)?;
    connection.execute(
        "UPDATE codes SET grant_id = ?2 WHERE hash = ?1",
        params![hash, grant],
    )?;
    Ok(Redeemed::Tokens(tokens))
}

async fn refresh(
    state: &State,
    client: String,
    request: TokenRequest,
) -> Result<Response, Problem> {
    let Some(token) = request.refresh_token else {
        return Ok(refusal("invalid_request", "refresh_token is needed"));
    };
    let refreshed = state
        .db
        .write(move |c| grants::refresh(c, &token, Some(&client)))
        .await?;
    Ok(match refreshed {
        Refreshed::Tokens(tokens) => granted(&tokens),
        Refreshed::Refused => refusal("invalid_grant", "this refresh token is no longer good"),
        Refreshed::Reused { grant } => {
            state.keys.grant_ended(&grant);
            refusal("invalid_grant", "this refresh token was used before")
        }
    })
}

#[derive(Deserialize)]
pub(super) struct RevokeRequest {
    token: String,
    client_id: Option<String>,
}

/// `POST /oauth/revoke` (RFC 7009): either token ends the whole sign-in; an unknown one is as good as revoked.
pub(super) async fn revoke(
    Shared(state): Shared<Arc<State>>,
    Form(request): Form<RevokeRequest>,
) -> Result<StatusCode, Problem> {
    let grant = state
        .db
        .write(move |c| match grants::of_token(c, &request.token)? {
            Some((grant, client)) if request.client_id.is_none() || client == request.client_id => {
                grants::end(c, &grant)?;
                Ok::<_, DbError>(Some(grant))
            }
            _ => Ok(None),
        })
        .await?;
    if let Some(grant) = grant {
        state.keys.grant_ended(&grant);
    }
    Ok(StatusCode::OK)
}

/// The answer to a token request (RFC 6749, 5.1).
pub(super) fn granted(tokens: &Tokens) -> Response {
    Answer(json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_SECONDS,
        "refresh_token": tokens.refresh,
        "scope": tokens.scope,
    }))
    .into_response()
}

/// The answer to a request that is refused (RFC 6749, 5.2).
pub(super) fn refusal(error: &'static str, description: &'static str) -> Response {
    let status = if error == "invalid_client" {
        StatusCode::UNAUTHORIZED
    } else {
        StatusCode::BAD_REQUEST
    };
    let body = json!({"error": error, "error_description": description});
    (status, Answer(body)).into_response()
}
