//! The authorization endpoint: who asks for what, and what the owner says to it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{RawQuery, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use rusqlite::params;
use serde::Deserialize;
use url::Url;

use super::body::Form;
use super::consent::{self, Question};
use super::{Problem, auth, register};
use crate::clock::{self, SECOND};
use crate::db::DbError;
use crate::grants::Audience;
use crate::mcp::permit;
use crate::random::{self, Hash};
use crate::state::State;
use crate::{OWNER_LOGIN, db};

/// How long a ticket stands for the password.
const TICKET_LIFE: Duration = Duration::from_secs(60);

/// How long the page waits for an answer, and how long a code can be redeemed.
const QUESTION_LIFE: Duration = Duration::from_secs(600);
const CODE_LIFE: clock::UnixMs = 600 * SECOND;

/// Questions and tickets kept at most; the oldest go first.
const MOST_WAITING: usize = 200;

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
#[derive(Default)]
pub(crate) struct Consents {
    tickets: Mutex<HashMap<Hash, (Instant, String)>>,
    waiting: Mutex<HashMap<Hash, (Instant, Waiting)>>,
}

impl Consents {
    /// A one-time ticket that stands for the password, and how many seconds it does. A browser's address is no secret place, so
    /// it does so only for the program that knows the verifier behind `challenge`.
    pub(super) fn ticket(&self, challenge: String) -> (String, u64) {
        self.prune();
        let ticket = random::token("kt_");
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut tickets, |(made, _)| *made);
        tickets.insert(random::hash(&ticket), (Instant::now(), challenge));
        (ticket, TICKET_LIFE.as_secs())
    }

    fn redeem(&self, ticket: &str, challenge: &str) -> bool {
        self.tickets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&random::hash(ticket))
            .is_some_and(|(made, meant)| made.elapsed() < TICKET_LIFE && meant == challenge)
    }

    fn wait(&self, question: Waiting) -> String {
        self.prune();
        let csrf = random::token("");
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut waiting, |(made, _)| *made);
        waiting.insert(random::hash(&csrf), (Instant::now(), question));
        csrf
    }

    fn answer(&self, csrf: &str) -> Option<Waiting> {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&random::hash(csrf))
            .filter(|(made, _)| made.elapsed() < QUESTION_LIFE)
            .map(|(_, question)| question)
    }

    /// Forgets what has expired.
    pub(crate) fn prune(&self) {
        self.tickets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, (made, _)| made.elapsed() < TICKET_LIFE);
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, (made, _)| made.elapsed() < QUESTION_LIFE);
    }
}

fn make_room<T>(kept: &mut HashMap<Hash, T>, made: impl Fn(&T) -> Instant) {
    while kept.len() >= MOST_WAITING {
        let oldest = kept
            .iter()
            .min_by_key(|(_, one)| made(one))
            .map(|(hash, _)| *hash);
        let Some(oldest) = oldest else { return };
        kept.remove(&oldest);
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
    show(&state, question, None)
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

fn granted_scope(audience: Audience, asked: Option<&str>) -> Option<String> {
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

fn show(state: &State, question: Waiting, error: Option<&str>) -> Response {
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
    let allows: Vec<&'static str> = match question.audience {
        Audience::Api => vec!["see, make, change and revoke the keys of this workspace"],
        Audience::Mcp => question
            .scope
            .split(' ')
            .filter_map(permit::about)
            .collect(),
    };
    let csrf = state.consents.wait(question.clone());
    consent::page(&Question {
        client: &question.client.name,
        self_named: !question.client.built_in,
        answer_to: &answer_to,
        answer_origin: &answer_origin,
        allows: &allows,
        csrf: &csrf,
        password: !question.proven,
        error,
    })
}

#[derive(Deserialize)]
pub(super) struct Decision {
    csrf: String,
    decision: String,
    #[serde(default)]
    password: String,
}

/// `POST /oauth/authorize`: what the owner said.
pub(super) async fn decide(
    Shared(state): Shared<Arc<State>>,
    Form(decision): Form<Decision>,
) -> Response {
    let Some(question) = state.consents.answer(&decision.csrf) else {
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
        let proven = auth::check_password(&state, OWNER_LOGIN.to_owned(), decision.password).await;
        if let Err(problem) = proven {
            return show(&state, question, Some(problem.detail()));
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
