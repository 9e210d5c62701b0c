//! The authorization endpoint: who asks for what, and what the owner says to it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawQuery, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use rusqlite::params;
use serde::Deserialize;
use url::Url;

use super::body::Form;
use super::consent::{self, Question};
use super::once::Once;
use super::{Problem, auth, register};
use crate::clock::{self, SECOND};
use crate::db;
use crate::db::DbError;
use crate::grants::Audience;
use crate::mcp::permit;
use crate::random;
use crate::state::State;

/// How long a ticket stands for the password.
const TICKET_LIFE: Duration = Duration::from_secs(60);

/// How long the page waits for an answer, and how long a code can be redeemed.
const QUESTION_LIFE: Duration = Duration::from_secs(600);
const CODE_LIFE: clock::UnixMs = 600 * SECOND;

/// Length of an S256 challenge: 32 bytes in base64url.
const CHALLENGE_CHARACTERS: usize = 43;

/// A question that waits for the owner.
#[derive(Clone)]
struct Waiting {
    client: register::Client,
    redirect: Url,
    state: Option<String>,
    challenge: String,
    audience: Audience,
    scope: String,
    /// A ticket has stood for the password already.
    proven: bool,
}

/// Tickets and questions; in memory only, as neither outlives ten minutes.
pub(crate) struct Consents {
    /// Each with the challenge it is for.
    tickets: Once<String>,
    waiting: Once<Waiting>,
}

impl Default for Consents {
    fn default() -> Self {
        Self {
            tickets: Once::new(TICKET_LIFE),
            waiting: Once::new(QUESTION_LIFE),
        }
    }
}

impl Consents {
    /// A one-time ticket that stands for the password, and how many seconds it does. A browser's address is no secret place, so
    /// it does so only for the program that knows the verifier behind `challenge`.
    pub(super) fn ticket(&self, challenge: String) -> (String, u64) {
        (self.tickets.keep("kt_", challenge), TICKET_LIFE.as_secs())
    }

    /// Whether a ticket is for this challenge; it is not a second time.
    pub(super) fn redeem(&self, ticket: &str, challenge: &str) -> bool {
        self.tickets
            .take(ticket)
            .is_some_and(|meant| meant == challenge)
    }

    /// Forgets what has expired.
    pub(crate) fn prune(&self) {
        self.tickets.prune();
        self.waiting.prune();
    }
}

/// `GET /oauth/authorize`: checks the request and shows the page.
pub(super) async fn ask(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Response {
    let mut asked = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if asked
            .insert(name.into_owned(), value.into_owned())
            .is_some()
        {
            return consent::refusal(StatusCode::BAD_REQUEST, "The request says something twice.");
        }
    }
    // Until client and redirect are known to belong together, nothing is sent there.
    let (client, redirect) = match known_client(&state, &asked).await {
        Ok(known) => known,
        Err(refusal) => return refusal,
    };
    let question = match question(&state, client, redirect.clone(), &asked) {
        Ok(question) => question,
        Err((error, description)) => {
            let mut to = redirect;
            to.query_pairs_mut()
                .append_pair("error", error)
                .append_pair("error_description", description);
            return back(&state, to, asked.get("state"));
        }
    };
    show(&state, question, None).await
}

async fn known_client(
    state: &State,
    asked: &HashMap<String, String>,
) -> Result<(register::Client, Url), Response> {
    let refuse = |sentence| Err(consent::refusal(StatusCode::BAD_REQUEST, sentence));
    let Some(id) = asked.get("client_id").cloned() else {
        return refuse("The request does not say which program asks.");
    };
    let client = match state.db.read(move |c| register::find(c, &id)).await {
        Ok(Some(client)) => client,
        Ok(None) => return refuse("The program that asks is not registered here."),
        Err(error) => return Err(Problem::from(error).into_response()),
    };
    match asked
        .get("redirect_uri")
        .and_then(|uri| client.redirect(uri))
    {
        Some(redirect) => Ok((client, redirect)),
        None => refuse(
            "The program that asks wants the answer sent to an address it is not registered with.",
        ),
    }
}

/// Checks the rest of the request; an error is told to the client.
fn question(
    state: &State,
    client: register::Client,
    redirect: Url,
    asked: &HashMap<String, String>,
) -> Result<Waiting, (&'static str, &'static str)> {
    let get = |name: &str| asked.get(name).map(String::as_str);
    if get("response_type") != Some("code") {
        return Err(("unsupported_response_type", "response_type must be code"));
    }
    let challenge = get("code_challenge").unwrap_or_default();
    if get("code_challenge_method") != Some("S256") || challenge.len() != CHALLENGE_CHARACTERS {
        return Err(("invalid_request", "PKCE with S256 is required"));
    }
    let audience = audience(state, get("resource"))
        .ok_or(("invalid_target", "resource is not one of this server"))?;
    let scope = granted_scope(audience, get("scope"))
        .ok_or(("invalid_scope", "scope names something unknown"))?;
    Ok(Waiting {
        client,
        redirect,
        state: asked.get("state").cloned(),
        challenge: challenge.to_owned(),
        audience,
        scope,
        proven: get("keystow_ticket")
            .is_some_and(|ticket| state.consents.redeem(ticket, challenge)),
    })
}

/// Which of our two resources is meant; without a name it is the API.
pub(super) fn audience(state: &State, resource: Option<&str>) -> Option<Audience> {
    let Some(resource) = resource else {
        return Some(Audience::Api);
    };
    let resource = resource.strip_suffix('/').unwrap_or(resource);
    if resource == state.origin || resource == state.base.as_str() {
        Some(Audience::Api)
    } else {
        (resource == state.mcp_url()).then_some(Audience::Mcp)
    }
}

/// The scope that is given for what was asked; `None` when it names something unknown.
pub(super) fn granted_scope(audience: Audience, asked: Option<&str>) -> Option<String> {
    let asked: Vec<&str> = asked
        .unwrap_or_default()
        .split(' ')
        // Refresh tokens are always given; some clients ask for them by name.
        .filter(|scope| !scope.is_empty() && *scope != "offline_access")
        .collect();
    let known = match audience {
        Audience::Api => &[auth::WORKSPACE_SCOPE][..],
        Audience::Mcp => permit::SCOPES,
    };
    if !asked.iter().all(|scope| known.contains(scope)) {
        return None;
    }
    let granted = match (audience, asked.is_empty()) {
        (Audience::Api, _) => known.to_vec(),
        (Audience::Mcp, true) => permit::READING_SCOPES.to_vec(),
        (Audience::Mcp, false) => asked,
    };
    Some(granted.join(" "))
}

async fn show(state: &State, question: Waiting, error: Option<&str>) -> Response {
    let port = question
        .redirect
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let answer_to = format!("{}{port}", question.redirect.host_str().unwrap_or_default());
    // A policy cannot name an IPv6 address.
    let answer_origin = match question.redirect.host() {
        Some(url::Host::Ipv6(_)) => "http:".to_owned(),
        _ => format!("http://{answer_to}"),
    };
    let proof = match consent::Proof::needed(state, question.proven).await {
        Ok(proof) => proof,
        Err(error) => return Problem::from(error).into_response(),
    };
    let csrf = state.consents.waiting.keep("", question.clone());
    consent::page(&Question {
        action: "/oauth/authorize",
        client: &question.client.name,
        self_named: !question.client.built_in,
        from: &format!("on this computer ({answer_to})"),
        answer_origin: &answer_origin,
        allows: &allowed(question.audience, &question.scope),
        user_code: None,
        csrf: &csrf,
        proof,
        error,
    })
}

/// What a scope allows, to follow "wants to".
pub(super) fn allowed(audience: Audience, scope: &str) -> Vec<&'static str> {
    match audience {
        Audience::Api => vec!["see, make, change and revoke the keys of this workspace"],
        Audience::Mcp => scope.split(' ').filter_map(permit::about).collect(),
    }
}

#[derive(Deserialize)]
pub(super) struct Decision {
    pub(super) csrf: String,
    pub(super) decision: String,
    #[serde(default)]
    pub(super) password: String,
    #[serde(default)]
    pub(super) code: String,
}

/// `POST /oauth/authorize`: what the owner said.
pub(super) async fn decide(
    Shared(state): Shared<Arc<State>>,
    Form(decision): Form<Decision>,
) -> Response {
    let Some(question) = state.consents.waiting.take(&decision.csrf) else {
        return consent::refusal(
            StatusCode::BAD_REQUEST,
            "This page is too old, or was answered already. Start again where you came from.",
        );
    };
    if decision.decision != "allow" {
        let mut to = question.redirect;
        to.query_pairs_mut()
            .append_pair("error", "access_denied")
            .append_pair("error_description", "The owner said no.");
        return back(&state, to, question.state.as_ref());
    }
    if !question.proven {
        let proven = auth::prove(&state, decision.password, decision.code).await;
        if let Err(problem) = proven {
            return show(&state, question, Some(problem.detail())).await;
        }
    }
    match store_code(&state, &question).await {
        Ok(code) => {
            let mut to = question.redirect;
            to.query_pairs_mut().append_pair("code", &code);
            back(&state, to, question.state.as_ref())
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn store_code(state: &State, question: &Waiting) -> Result<String, DbError> {
    let code = random::token("kc_");
    let hash = random::hash(&code);
    let question = question.clone();
    state
        .db
        .write(move |c| {
            c.execute(
                "INSERT INTO codes (hash, client, redirect_uri, challenge, audience, scope, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    hash,
                    question.client.id,
                    question.redirect.as_str(),
                    question.challenge,
                    question.audience.as_str(),
                    question.scope,
                    clock::now() + CODE_LIFE,
                ],
            )?;
            Ok::<_, db::DbError>(())
        })
        .await?;
    Ok(code)
}

/// Sends the browser back to the client, naming ourselves (RFC 9207).
fn back(state: &State, mut to: Url, client_state: Option<&String>) -> Response {
    if let Some(client_state) = client_state {
        to.query_pairs_mut().append_pair("state", client_state);
    }
    to.query_pairs_mut().append_pair("iss", &state.origin);
    Redirect::to(to.as_str()).into_response()
}
