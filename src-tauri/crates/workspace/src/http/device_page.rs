//! The page behind a device's code: who asks, and what the owner says to it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Query, State as Shared};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::authorize::{Decision, allowed};
use super::body::Form;
use super::consent::{self, Question};
use super::device::{Said, as_shown};
use super::once::Once;
use super::{Problem, auth};
use crate::random::Hash;
use crate::state::State;

/// How long the page waits for an answer.
const PAGE_LIFE: Duration = Duration::from_secs(600);

/// A page that is open.
#[derive(Clone)]
struct Page {
    device: Hash,
    user_code: String,
    /// A ticket has stood for the password already.
    proven: bool,
}

/// Pages that wait for an answer.
pub(super) struct Pages(Once<Page>);

impl Default for Pages {
    fn default() -> Self {
        Self(Once::new(PAGE_LIFE))
    }
}

impl Pages {
    /// Forgets what is too old.
    pub(super) fn prune(&self) {
        self.0.prune();
    }
}

/// `GET /device`: asks for the code, or, with one, for the answer.
///
/// A ticket stands for the password here when it was made for the challenge of the device code (S256, as with PKCE), so only
/// the program that holds the device code can use it.
pub(super) async fn show_code(
    Shared(state): Shared<Arc<State>>,
    Query(mut asked): Query<HashMap<String, String>>,
) -> Response {
    let Some(user_code) = asked.remove("user_code").filter(|code| !code.is_empty()) else {
        return consent::ask_user_code(StatusCode::OK, None);
    };
    let devices = &state.devices;
    if let Err(seconds) = devices.guesses.begin() {
        let mut response = consent::ask_user_code(
            StatusCode::TOO_MANY_REQUESTS,
            Some("Too many wrong codes. Wait a little and try again."),
        );
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    let Some(device) = devices.showing(&user_code, Instant::now()) else {
        return consent::ask_user_code(
            StatusCode::NOT_FOUND,
            Some("This code is not known. It may have expired, or was used already."),
        );
    };
    devices.guesses.forgive();
    let challenge = URL_SAFE_NO_PAD.encode(device);
    let proven = asked
        .get("keystow_ticket")
        .is_some_and(|ticket| state.consents.redeem(ticket, &challenge));
    let page = Page {
        device,
        user_code: as_shown(&user_code),
        proven,
    };
    show(&state, page, None).await
}

async fn show(state: &State, page: Page, error: Option<&str>) -> Response {
    let Some(asking) = state.devices.waiting(&page.device, Instant::now()) else {
        return too_old();
    };
    let proof = match consent::Proof::needed(state, page.proven).await {
        Ok(proof) => proof,
        Err(error) => return Problem::from(error).into_response(),
    };
    let from = if asking.device.is_empty() {
        "on another device or in a terminal".to_owned()
    } else {
        format!("on {}", asking.device)
    };
    let csrf = state.devices.pages.0.keep("", page.clone());
    consent::page(&Question {
        action: "/device",
        client: &asking.client.name,
        self_named: !asking.client.built_in,
        from: &from,
        answer_origin: "",
        allows: &allowed(asking.audience, &asking.scope),
        user_code: Some(&page.user_code),
        csrf: &csrf,
        proof,
        error,
    })
}

/// `POST /device`: what the owner said.
pub(super) async fn decide(
    Shared(state): Shared<Arc<State>>,
    Form(decision): Form<Decision>,
) -> Response {
    let Some(page) = state.devices.pages.0.take(&decision.csrf) else {
        return too_old();
    };
    let allow = decision.decision == "allow";
    if allow && !page.proven {
        let proven = auth::prove(&state, decision.password, decision.code).await;
        if let Err(problem) = proven {
            return show(&state, page, Some(problem.detail())).await;
        }
    }
    let said = if allow { Said::Yes } else { Said::No };
    if !state.devices.answer(&page.device, said, Instant::now()) {
        return too_old();
    }
    if allow {
        consent::outcome(
            "Signed in",
            "Go back to your device: it goes on by itself. You can close this page.",
        )
    } else {
        consent::outcome(
            "Denied",
            "The device gets no access. You can close this page.",
        )
    }
}

fn too_old() -> Response {
    consent::refusal(
        StatusCode::BAD_REQUEST,
        "This page is too old, or was answered already. Ask for another code on your device.",
    )
}
