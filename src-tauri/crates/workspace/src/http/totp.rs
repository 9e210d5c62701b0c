//! Turning one-time codes on and off for the owner's account.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::auth::{Owner, WRONG_CODE, begin_code};
use super::body::Json;
use super::problem::Problem;
use crate::db::DbError;
use crate::state::State;
use crate::{accounts, clock, totp};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnrolledView {
    secret: String,
    otpauth_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StandingView {
    totp_enabled: bool,
}

#[derive(Deserialize)]
pub(super) struct CodeRequest {
    code: String,
}

/// `POST /api/auth/totp/enroll`: a secret, told once. Nothing changes until it is confirmed.
pub(super) async fn enroll(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
) -> Result<Answer<EnrolledView>, Problem> {
    let enrolled = state
        .db
        .write(|c| match accounts::owner(c)? {
            Some(owner) => totp::enroll(c, &owner.id),
            None => Ok::<_, DbError>(None),
        })
        .await?;
    match enrolled {
        Some(enrolled) => Ok(Answer(EnrolledView {
            secret: enrolled.secret,
            otpauth_uri: enrolled.uri,
        })),
        None => Err(Problem::new(
            StatusCode::CONFLICT,
            "totp_enabled",
            "Already on",
            "One-time codes are on already. Turn them off first.",
        )),
    }
}

/// `POST /api/auth/totp/confirm`: from now on codes are asked for.
pub(super) async fn confirm(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<CodeRequest>,
) -> Result<Answer<StandingView>, Problem> {
    begin_code(&state)?;
    let right = state
        .db
        .write(move |c| totp::confirm(c, &request.code, clock::now()))
        .await?;
    settled(&state, right, true)
}

/// `DELETE /api/auth/totp`: takes a code, so that a session alone cannot do it.
pub(super) async fn remove(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<CodeRequest>,
) -> Result<Answer<StandingView>, Problem> {
    begin_code(&state)?;
    let right = state
        .db
        .write(move |c| {
            let right = totp::check(c, &request.code, clock::now())?;
            if right {
                totp::remove(c)?;
            }
            Ok::<_, DbError>(right)
        })
        .await?;
    settled(&state, right, false)
}

/// Not 401: the session is fine.
fn settled(
    state: &State,
    right: bool,
    totp_enabled: bool,
) -> Result<Answer<StandingView>, Problem> {
    if !right {
        return Err(Problem::forbidden("invalid_code", WRONG_CODE));
    }
    state.codes.forgive();
    Ok(Answer(StandingView { totp_enabled }))
}
