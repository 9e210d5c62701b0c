//! OAuth clients: the one we know, and those that register themselves (RFC 7591). All are programs on this computer.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keystow_core::is_loopback;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::Problem;
use super::body::Json;
use super::device::DEVICE_GRANT;
use crate::clock;
use crate::db::DbError;
use crate::random;
use crate::state::State;

/// Our own client.
const KEYSTOW: &str = "keystow";
const KEYSTOW_REDIRECT: &str = "http://127.0.0.1/callback";

/// Registrations kept; the oldest make room.
const MOST_CLIENTS: i64 = 200;

/// Redirect addresses a client may have, and how long one may be.
const MOST_REDIRECTS: usize = 10;
const REDIRECT_CHARACTERS: usize = 500;
const NAME_CHARACTERS: usize = 80;

/// A program that may ask for access.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) name: String,
    /// Known to us; the others chose their name themselves.
    pub(super) built_in: bool,
    redirects: Vec<Url>,
}

impl Client {
    /// Ours.
    pub(super) fn keystow() -> Self {
        Self {
            id: KEYSTOW.to_owned(),
            name: "Keystow".to_owned(),
            built_in: true,
            redirects: Url::parse(KEYSTOW_REDIRECT).into_iter().collect(),
        }
    }

    /// The redirect address as asked for, when it is a registered one but for its port (RFC 8252, 7.3).
    pub(super) fn redirect(&self, asked: &str) -> Option<Url> {
        let asked = Url::parse(asked).ok()?;
        let without_port = portless(&asked)?;
        self.redirects
            .iter()
            .any(|known| portless(known).as_ref() == Some(&without_port))
            .then_some(asked)
    }
}

fn portless(url: &Url) -> Option<Url> {
    let mut url = url.clone();
    url.set_port(None).ok()?;
    Some(url)
}

/// The client with an id.
pub(super) fn find(connection: &Connection, id: &str) -> Result<Option<Client>, DbError> {
    if id == KEYSTOW {
        return Ok(Some(Client::keystow()));
    }
    let found: Option<(String, String)> = connection
        .prepare_cached("SELECT name, redirect_uris FROM oauth_clients WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(name, redirects)| Client {
        id: id.to_owned(),
        name,
        built_in: false,
        redirects: serde_json::from_str::<Vec<Url>>(&redirects).unwrap_or_default(),
    }))
}

#[derive(Deserialize)]
pub(super) struct Registration {
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    client_name: Option<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
}

/// `POST /oauth/register`.
pub(super) async fn register(
    Shared(state): Shared<Arc<State>>,
    Json(asked): Json<Registration>,
) -> Result<Response, Problem> {
    state
        .registrations
        .begin()
        .map_err(|seconds| Problem::too_many("Too many programs register at once.", seconds))?;
    let redirects = match redirects(&asked.redirect_uris) {
        Ok(redirects) => redirects,
        Err(description) => return Ok(refusal("invalid_redirect_uri", description)),
    };
    let method = asked
        .token_endpoint_auth_method
        .as_deref()
        .unwrap_or("none");
    if method != "none" {
        return Ok(refusal(
            "invalid_client_metadata",
            "only public clients: token_endpoint_auth_method must be none",
        ));
    }
    let name: String = asked
        .client_name
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARACTERS)
        .collect();
    let name = match name.trim() {
        "" => "A program".to_owned(),
        name => name.to_owned(),
    };
    let id = random::short_id("client-");
    let answer = json!({
        "client_id": id,
        "client_name": name,
        "client_id_issued_at": clock::now() / clock::SECOND,
        "redirect_uris": redirects,
        "grant_types": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
    });
    let redirects = serde_json::to_string(&redirects).expect("URLs always serialise");
    state
        .db
        .write(move |c| {
            c.execute(
                "INSERT INTO oauth_clients (id, name, redirect_uris, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![id, name, redirects, clock::now()],
            )?;
            c.execute(
                "DELETE FROM oauth_clients WHERE id IN
                    (SELECT id FROM oauth_clients ORDER BY created_at DESC LIMIT -1 OFFSET ?1)",
                [MOST_CLIENTS],
            )?;
            Ok::<_, DbError>(())
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(answer)).into_response())
}

fn redirects(asked: &[String]) -> Result<Vec<Url>, &'static str> {
    if asked.is_empty() || asked.len() > MOST_REDIRECTS {
        return Err("1 to 10 redirect_uris are needed");
    }
    asked
        .iter()
        .map(|uri| {
            Url::parse(uri)
                .ok()
                .filter(|url| {
                    uri.len() <= REDIRECT_CHARACTERS
                        && url.scheme() == "http"
                        && url.fragment().is_none()
                        && url.username().is_empty()
                        && url.password().is_none()
                        && is_loopback(url)
                })
                .ok_or("only http addresses of this computer (127.0.0.1, [::1], localhost)")
        })
        .collect()
}

fn refusal(error: &'static str, description: &'static str) -> Response {
    let body = json!({"error": error, "error_description": description});
    (StatusCode::BAD_REQUEST, Answer(body)).into_response()
}
