//! Signing in with the password, and staying signed in.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::{Problem, read_all};
use crate::accounts::{self, User};
use crate::clock;
use crate::db::DbError;
use crate::grants::{self, ACCESS_SECONDS, Audience, Refreshed, Tokens};
use crate::random::KEY_PREFIX;
use crate::state::State;

/// The only organization there is.
const ORGANIZATION: Organization = Organization {
    slug: "local",
    name: "Local workspace",
};

/// Scope of a session that manages the workspace.
pub(super) const WORKSPACE_SCOPE: &str = "workspace";

#[derive(Clone, Copy, Serialize)]
pub(super) struct Organization {
    slug: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
pub(super) struct UserView {
    id: String,
    email: String,
    name: String,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: user.name,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionView {
    user: UserView,
    organization: Organization,
    #[serde(rename = "requiresTOTP")]
    requires_totp: bool,
    partial_token: Option<String>,
    access_token: String,
    refresh_token: String,
    expires_in: i64,
}

impl SessionView {
    fn new(user: User, tokens: Tokens) -> Self {
        Self {
            user: user.into(),
            organization: ORGANIZATION,
            requires_totp: false,
            partial_token: None,
            access_token: tokens.access,
            refresh_token: tokens.refresh,
            expires_in: ACCESS_SECONDS,
        }
    }
}

#[derive(Serialize)]
pub(super) struct AccountView {
    user: UserView,
    organization: Organization,
}

#[derive(Deserialize)]
pub(super) struct LoginRequest {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TicketRequest {
    email: String,
    password: String,
    code_challenge: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefreshRequest {
    refresh_token: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LogoutRequest {
    refresh_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TicketView {
    ticket: String,
    expires_in: u64,
}

/// The owner, if login and password are right. Failed tries are counted.
pub(super) async fn check_password(
    state: &State,
    login: String,
    password: String,
) -> Result<User, Problem> {
    state.sign_ins.begin().map_err(|seconds| {
        Problem::too_many(
            "Too many failed sign-ins. Wait a little and try again.",
            seconds,
        )
    })?;
    let user = state
        .db
        .read(move |c| accounts::check(c, &login, &password))
        .await;
    match user {
        Ok(Some(user)) => {
            state.sign_ins.forgive();
            Ok(user)
        }
        Ok(None) => Err(Problem::unauthorised(
            "invalid_credentials",
            "The login or the password is not right.",
        )),
        Err(error) => Err(DbError::into(error)),
    }
}

pub(super) async fn login(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<LoginRequest>,
) -> Result<Answer<SessionView>, Problem> {
    let user = check_password(&state, request.email, request.password).await?;
    let (_, tokens) = state
        .db
        .write(|c| grants::open(c, None, Audience::Api, WORKSPACE_SCOPE))
        .await?;
    Ok(Answer(SessionView::new(user, tokens)))
}

pub(super) async fn refresh(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<RefreshRequest>,
) -> Result<Answer<SessionView>, Problem> {
    let (refreshed, owner) = state
        .db
        .write(move |c| {
            let refreshed = grants::refresh(c, &request.refresh_token, None)?;
            Ok::<_, DbError>((refreshed, accounts::owner(c)?))
        })
        .await?;
    match (refreshed, owner) {
        (Refreshed::Tokens(tokens), Some(owner)) => Ok(Answer(SessionView::new(owner, tokens))),
        _ => Err(Problem::unauthorised(
            "session_ended",
            "This session has ended. Sign in again.",
        )),
    }
}

pub(super) async fn logout(
    Shared(state): Shared<Arc<State>>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let access = bearer(request.headers()).map(str::to_owned);
    let body = read_all(request.into_body()).await?;
    // The access token alone will do, and so will the refresh token when the access token has expired.
    let body: LogoutRequest = serde_json::from_slice(&body).unwrap_or_default();
    let tokens: Vec<String> = access.into_iter().chain(body.refresh_token).collect();
    let grant = state
        .db
        .write(move |c| {
            for token in tokens {
                if let Some((grant, _)) = grants::of_token(c, &token)? {
                    grants::end(c, &grant)?;
                    return Ok(Some(grant));
                }
            }
            Ok::<_, DbError>(None)
        })
        .await?
        .ok_or_else(not_signed_in)?;
    state.keys.grant_ended(&grant);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(
    _: SignedIn,
    Shared(state): Shared<Arc<State>>,
) -> Result<Answer<AccountView>, Problem> {
    let owner = state
        .db
        .read(|c| accounts::owner(c).map_err(DbError))
        .await?
        .ok_or_else(not_signed_in)?;
    Ok(Answer(AccountView {
        user: owner.into(),
        organization: ORGANIZATION,
    }))
}

pub(super) async fn ticket(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<TicketRequest>,
) -> Result<Answer<TicketView>, Problem> {
    check_password(&state, request.email, request.password).await?;
    let (ticket, expires_in) = state.consents.ticket(request.code_challenge);
    Ok(Answer(TicketView { ticket, expires_in }))
}

/// Proof that a request carries a session's access token.
pub(super) struct SignedIn;

impl FromRequestParts<Arc<State>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(not_signed_in)?.to_owned();
        if token.starts_with(KEY_PREFIX) {
            return Err(Problem::unauthorised(
                "key_not_accepted",
                "An API key opens the MCP endpoint only. Sign in to manage keys.",
            ));
        }
        let access = state.db.read(move |c| grants::access(c, &token)).await?;
        match access {
            Some(access) if access.audience != Audience::Api => Err(Problem::unauthorised(
                "wrong_audience",
                "This token is for the MCP endpoint.",
            )),
            Some(access) if access.expires_at <= clock::now() => Err(Problem::unauthorised(
                "token_expired",
                "The access token has expired. Refresh it.",
            )),
            Some(_) => organization(&parts.headers).map(|()| Self),
            None => Err(not_signed_in()),
        }
    }
}

/// There is one organization; a request that names another one means another server.
fn organization(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get("x-org-slug") {
        Some(slug) if slug.as_bytes() != ORGANIZATION.slug.as_bytes() => {
            Err(Problem::not_found("There is no such organization here."))
        }
        _ => Ok(()),
    }
}

fn not_signed_in() -> Problem {
    Problem::unauthorised("unauthorized", "Sign in first.")
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = super::only(headers, &AUTHORIZATION)?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
