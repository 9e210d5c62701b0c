use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::callback::PATH;
use super::discovery::AuthorizationServer;
use crate::Remote;
use crate::transport::{Answer, Failure, error_at, host_of};

/// What we say of ourselves: a program on the person's computer, which can keep no secret.
#[derive(Serialize)]
struct ClientDto<'a> {
    client_name: &'static str,
    redirect_uris: [&'a str; 2],
    grant_types: &'a [&'static str],
    response_types: [&'static str; 1],
    token_endpoint_auth_method: &'static str,
    application_type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
}

#[derive(Deserialize)]
struct RegisteredDto {
    client_id: String,
    token_endpoint_auth_method: Option<String>,
    /// Never looked at: a public client has none.
    client_secret: Option<IgnoredAny>,
    redirect_uris: Option<Vec<String>>,
}

/// The longest client id that is one.
const LONGEST_ID: usize = 512;

/// Registers us at an authorization server that knows nobody beforehand (RFC 7591), and gives the client id it chose.
///
/// A client id metadata document would come first, where a server takes one (`client_id_metadata_document_supported`); it has to
/// lie at an https address of ours, and there is none. The redirect address is registered with the port of this attempt, for
/// servers that compare it to the letter, and without one, for those that let a native app choose (RFC 8252, 7.3).
///
/// # Errors
/// `SignInRefused` where the server registers nobody, or no public client: the person needs a client id from it.
pub(super) fn register(
    remote: &Remote,
    server: &AuthorizationServer,
    redirect_uri: &str,
    scope: &str,
) -> Result<String, RemoteError> {
    let Some(endpoint) = server.registration_endpoint.clone() else {
        let host = host_of(&server.token_endpoint);
        return Err(error_at(
            host,
            by_hand("it registers no programs by itself"),
        ));
    };
    let any_port = format!("http://127.0.0.1{PATH}");
    debug_assert!(
        redirect_uri.starts_with("http://127.0.0.1:"),
        "{redirect_uri}"
    );
    let grants = ["authorization_code", "refresh_token"];
    let client = ClientDto {
        client_name: "Keystow",
        redirect_uris: [redirect_uri, &any_port],
        grant_types: if server.never_refreshes {
            grants.split_at(1).0
        } else {
            &grants
        },
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        application_type: "native",
        scope,
    };
    let answer = remote
        .transport()
        .ask(Method::POST, endpoint)?
        .json(&client)
        .send()?
        .success()
        .map_err(refused)?;
    let given: RegisteredDto = answer.json()?;
    let fits = given.redirect_uris.is_none_or(|uris| {
        uris.iter()
            .any(|uri| *uri == redirect_uri || *uri == any_port)
    });
    let public = match given.token_endpoint_auth_method.as_deref() {
        Some(method) => method == "none",
        None => given.client_secret.is_none(),
    };
    if !public {
        return Err(answer.of_kind(by_hand("it gives a secret to every program")));
    }
    if !fits {
        return Err(answer.of_kind(by_hand("it does not take an address of this computer")));
    }
    checked(given.client_id, &answer)
}

fn checked(id: String, answer: &Answer) -> Result<String, RemoteError> {
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Err(answer.not_what("no client id", "one"));
    }
    Ok(id)
}

fn refused(failure: Failure) -> RemoteError {
    match failure.error.kind {
        RemoteErrorKind::Refused { .. }
        | RemoteErrorKind::Unauthorised
        | RemoteErrorKind::Forbidden { .. }
        | RemoteErrorKind::NotFound => {
            let why = failure
                .sentence
                .clone()
                .unwrap_or_else(|| "it registers no programs by itself".to_owned());
            failure.into_kind(by_hand(&why))
        }
        _ => failure.into(),
    }
}

/// The way out where registration does not work.
fn by_hand(why: &str) -> RemoteErrorKind {
    RemoteErrorKind::SignInRefused {
        detail: format!(
            "Keystow could not be registered there ({why}); give the client id of a public client that you registered there"
        ),
    }
}
