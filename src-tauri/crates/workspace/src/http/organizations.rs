//! The organizations of the owner.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use keystow_core::key::checked_name;
use serde::{Deserialize, Serialize};

use super::auth::Owner;
use super::body::Json;
use super::problem::{FieldError, Problem};
use crate::organizations::{self, Organization};
use crate::state::State;

#[derive(Serialize)]
pub(super) struct ListView {
    organizations: Vec<Organization>,
}

#[derive(Serialize)]
pub(super) struct OneView {
    organization: Organization,
}

#[derive(Deserialize)]
pub(super) struct CreateRequest {
    name: String,
}

pub(super) async fn list(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
) -> Result<Answer<ListView>, Problem> {
    let organizations = state.db.read(organizations::all).await?;
    Ok(Answer(ListView { organizations }))
}

pub(super) async fn create(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<CreateRequest>,
) -> Result<(StatusCode, Answer<OneView>), Problem> {
    let name = checked_name(&request.name).map_err(|error| {
        Problem::validation(vec![FieldError {
            field: "name",
            message: error.to_string(),
        }])
    })?;
    let organization = state
        .db
        .write(move |c| organizations::create(c, &name))
        .await?;
    Ok((StatusCode::CREATED, Answer(OneView { organization })))
}
