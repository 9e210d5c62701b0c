//! Signing in with the password, and staying signed in.

use std::sync::Arc;
use std::time::Duration;

use axum::Json as Answer;
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::body::Json;
use super::once::Once;
use super::{Problem, bytes_of};
use crate::OWNER_LOGIN;
use crate::accounts::{self, User};
use crate::clock;
use crate::db::DbError;
use crate::grants::{self, ACCESS_SECONDS, Audience, Refreshed, Tokens};
use crate::keys::Whose;
use crate::organizations::{self, Organization};
use crate::random::KEY_PREFIX;
use crate::state::State;
use crate::totp;

/// How long a partial sign-in waits for its one-time code.
const PARTIAL_LIFE: Duration = Duration::from_secs(300);

pub(super) const WRONG_CODE: &str = "The one-time code is not right, or was used before.";

/// Scope of a session that manages the workspace.
pub(super) const WORKSPACE_SCOPE: &str = "workspace";

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
    fn new(user: User, organization: Organization, tokens: Tokens) -> Self {
        Self {
            user: user.into(),
            organization,
            requires_totp: false,
            partial_token: None,
            access_token: tokens.access,
            refresh_token: tokens.refresh,
            expires_in: ACCESS_SECONDS,
        }
    }
}

/// Half a sign-in: the password was right, a one-time code is missing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartialView {
    user: UserView,
    #[serde(rename = "requiresTOTP")]
    requires_totp: bool,
    partial_token: String,
    expires_in: u64,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum LoginView {
    Session(Box<SessionView>),
    Partial(PartialView),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountView {
    user: UserView,
    organization: Organization,
    totp_enabled: bool,
}

/// Sign-ins that wait for their one-time code.
pub(crate) struct Partials(Once<User>);

impl Default for Partials {
    fn default() -> Self {
        Self(Once::new(PARTIAL_LIFE))
    }
}

impl Partials {
    /// Forgets what is too old.
    pub(crate) fn prune(&self) {
        self.0.prune();
    }
}

#[derive(Deserialize)]
pub(super) struct LoginRequest {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeRequest {
    code: String,
    partial_token: String,
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

/// Checks a one-time code, which is spent then. Wrong ones are counted.
pub(super) async fn check_code(state: &State, code: String) -> Result<(), Problem> {
    begin_code(state)?;
    let right = state
        .db
        .write(move |c| totp::check(c, &code, clock::now()))
        .await?;
    if right {
        state.codes.forgive();
        return Ok(());
    }
    Err(Problem::unauthorised("invalid_code", WRONG_CODE))
}

/// Counts a one-time code before it is looked at; whoever knows it to be right takes it back.
pub(super) fn begin_code(state: &State) -> Result<(), Problem> {
    state.codes.begin().map_err(|seconds| {
        Problem::too_many(
            "Too many wrong codes. Wait a little and try again.",
            seconds,
        )
    })
}

/// The owner, as a page has to prove them: the password, and a one-time code where that is asked for.
pub(super) async fn prove(state: &State, password: String, code: String) -> Result<(), Problem> {
    check_password(state, OWNER_LOGIN.to_owned(), password).await?;
    if state.db.read(totp::is_on).await? {
        check_code(state, code).await?;
    }
    Ok(())
}

pub(super) async fn login(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<LoginRequest>,
) -> Result<Answer<LoginView>, Problem> {
    let user = check_password(&state, request.email, request.password).await?;
    if state.db.read(totp::is_on).await? {
        return Ok(Answer(LoginView::Partial(PartialView {
            user: user.clone().into(),
            requires_totp: true,
            partial_token: state.partials.0.keep("kp_", user),
            expires_in: PARTIAL_LIFE.as_secs(),
        })));
    }
    let session = open_session(&state, user).await?;
    Ok(Answer(LoginView::Session(Box::new(session))))
}

/// The second half of a sign-in. A wrong code leaves the first half as it is.
pub(super) async fn login_with_code(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<CodeRequest>,
) -> Result<Answer<SessionView>, Problem> {
    let over = || {
        Problem::unauthorised(
            "partial_token_expired",
            "This sign-in took too long, or is done. Start again with the password.",
        )
    };
    if !state.partials.0.has(&request.partial_token) {
        return Err(over());
    }
    check_code(&state, request.code).await?;
    let user = state.partials.0.take(&request.partial_token);
    open_session(&state, user.ok_or_else(over)?)
        .await
        .map(Answer)
}

async fn open_session(state: &State, user: User) -> Result<SessionView, Problem> {
    let (tokens, organization) = state
        .db
        .write(|c| {
            let (_, tokens) = grants::open(c, None, Audience::Api, WORKSPACE_SCOPE)?;
            Ok::<_, DbError>((tokens, organizations::default(c)?))
        })
        .await?;
    Ok(SessionView::new(user, organization, tokens))
}

pub(super) async fn refresh(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<RefreshRequest>,
) -> Result<Answer<SessionView>, Problem> {
    let (refreshed, owner, organization) = state
        .db
        .write(move |c| {
            let refreshed = grants::refresh(c, &request.refresh_token, None)?;
            Ok::<_, DbError>((refreshed, accounts::owner(c)?, organizations::default(c)?))
        })
        .await?;
    match (refreshed, owner) {
        (Refreshed::Tokens(tokens), Some(owner)) => {
            Ok(Answer(SessionView::new(owner, organization, tokens)))
        }
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
    let body = bytes_of(request.into_body()).await?;
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
    SignedIn { organization }: SignedIn,
    Shared(state): Shared<Arc<State>>,
) -> Result<Answer<AccountView>, Problem> {
    let (owner, totp_enabled) = state
        .db
        .read(|c| Ok::<_, DbError>((accounts::owner(c)?, totp::is_on(c)?)))
        .await?;
    Ok(Answer(AccountView {
        user: owner.ok_or_else(not_signed_in)?.into(),
        organization,
        totp_enabled,
    }))
}

/// Asks for the password alone, also where one-time codes are on: the ticket stands in for the person only on a page of this
/// computer that the same program opened.
pub(super) async fn ticket(
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<TicketRequest>,
) -> Result<Answer<TicketView>, Problem> {
    check_password(&state, request.email, request.password).await?;
    let (ticket, expires_in) = state.consents.ticket(request.code_challenge);
    Ok(Answer(TicketView { ticket, expires_in }))
}

/// Proof that a request carries a session's access token. All sessions are the owner's.
pub(super) struct SignedIn {
    /// The organization the request names in `X-Org-Slug`, or the default one.
    pub(super) organization: Organization,
}

impl SignedIn {
    /// The keys it concerns.
    pub(super) fn whose(&self) -> Whose {
        Whose::Organization(self.organization.seq)
    }
}

/// As [`SignedIn`], for what concerns all organizations.
pub(super) struct Owner;

impl FromRequestParts<Arc<State>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Problem> {
        // What is no text is no slug.
        let slug = parts.headers.get("x-org-slug");
        let slug = slug.map(|slug| slug.to_str().unwrap_or_default().to_owned());
        signed_in(&parts.headers, state).await?;
        let organization = state
            .db
            .read(move |c| organizations::named(c, slug.as_deref()))
            .await?;
        match organization {
            Some(organization) => Ok(Self { organization }),
            None => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "organization_not_found",
                "Not found",
                "There is no such organization here.",
            )),
        }
    }
}

impl FromRequestParts<Arc<State>> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Problem> {
        signed_in(&parts.headers, state).await.map(|()| Self)
    }
}

async fn signed_in(headers: &HeaderMap, state: &State) -> Result<(), Problem> {
    let token = bearer(headers).ok_or_else(not_signed_in)?.to_owned();
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
        Some(_) => Ok(()),
        None => Err(not_signed_in()),
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
