use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::Remote;
use crate::transport::{Answer, below, is_loopback};

/// The authorization server of a workspace, as the workspace and the server itself describe it.
pub(super) struct AuthorizationServer {
    /// What tokens are asked for (RFC 8707).
    pub(super) resource: String,
    /// Scopes to ask for, joined by spaces.
    pub(super) scope: String,
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) revocation_endpoint: Option<Url>,
    /// Whether its answers name it, so that one without the name is not its.
    pub(super) names_itself: bool,
}

#[derive(Deserialize)]
struct ResourceDto {
    resource: String,
    #[serde(default)]
    authorization_servers: Vec<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
}

#[derive(Deserialize)]
struct ServerDto {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    revocation_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Asks the workspace for its authorization server, and that for its endpoints. Refuses what does not fit together.
///
/// The resource is the API itself, not an MCP endpoint below it: a token for the one need not open the other.
pub(super) fn discover(remote: &Remote, base: &Url) -> Result<AuthorizationServer, RemoteError> {
    let place = inserted(base, "oauth-protected-resource");
    let (answer, described): (_, ResourceDto) = fetch(remote, place)?;
    if described.resource.trim_end_matches('/') != base.as_str().trim_end_matches('/') {
        return Err(answer.not_what(
            "a description of another resource",
            "one of the workspace itself",
        ));
    }
    let issuer = described
        .authorization_servers
        .into_iter()
        .next()
        .ok_or_else(|| answer.not_what("no authorization server", "one"))?;
    let issuer_url = Url::parse(&issuer)
        .ok()
        .filter(|url| trusted(url, base) && url.query().is_none())
        .ok_or_else(|| {
            answer.not_what(
                "an authorization server at an address that is not safe",
                "an https address",
            )
        })?;
    let (answer, server) = metadata(remote, &issuer_url)?;
    if server.issuer != issuer {
        return Err(answer.not_what(
            "an authorization server that goes by another name",
            "the name it was found by",
        ));
    }
    if !server
        .code_challenge_methods_supported
        .iter()
        .any(|method| method == "S256")
    {
        return Err(answer.not_what("an authorization server without PKCE", "PKCE with S256"));
    }
    let endpoint = |text: &str| {
        Url::parse(text)
            .ok()
            .filter(|url| trusted(url, base))
            .ok_or_else(|| {
                answer.not_what(
                    "an endpoint at an address that is not safe",
                    "an https address",
                )
            })
    };
    Ok(AuthorizationServer {
        resource: described.resource,
        scope: described.scopes_supported.join(" "),
        issuer,
        authorization_endpoint: endpoint(&server.authorization_endpoint)?,
        token_endpoint: endpoint(&server.token_endpoint)?,
        revocation_endpoint: match &server.revocation_endpoint {
            Some(text) => Some(endpoint(text)?),
            None => None,
        },
        names_itself: server.authorization_response_iss_parameter_supported,
    })
}

/// The server's own description, at the first place that has one.
fn metadata(remote: &Remote, issuer: &Url) -> Result<(Answer, ServerDto), RemoteError> {
    let mut places = vec![
        inserted(issuer, "oauth-authorization-server"),
        inserted(issuer, "openid-configuration"),
    ];
    if issuer.path() != "/" {
        places.extend(below(issuer, &[".well-known", "openid-configuration"]));
    }
    let mut first_failure = None;
    for place in places {
        match fetch(remote, place) {
            Ok(found) => return Ok(found),
            Err(error) if not_there(&error.kind) => {
                first_failure.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    Err(first_failure.expect("there is always a first place"))
}

fn not_there(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::NotFound | RemoteErrorKind::Unexpected { .. }
    )
}

fn fetch<T: DeserializeOwned>(remote: &Remote, url: Url) -> Result<(Answer, T), RemoteError> {
    let answer = remote
        .transport()
        .ask(Method::GET, url)?
        .send()?
        .success()?;
    let value = answer.json()?;
    Ok((answer, value))
}

/// `/.well-known/<name>` put between host and path.
fn inserted(url: &Url, name: &str) -> Url {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.set_path(&format!(
        "/.well-known/{name}{}",
        url.path().trim_end_matches('/')
    ));
    place
}

/// Whether an address that a workspace names may be used: `https`, or `http` on this computer; and on this computer only when the
/// workspace is here too, so that no distant server makes us call local ones.
fn trusted(url: &Url, base: &Url) -> bool {
    let clean = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let fits = match url.scheme() {
        "https" => !is_loopback(url) || is_loopback(base),
        "http" => is_loopback(url) && is_loopback(base),
        _ => false,
    };
    clean && fits
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn puts_the_well_known_part_before_the_path() {
        let place =
            |url: &str| inserted(&Url::parse(url).unwrap(), "oauth-protected-resource").to_string();
        assert_eq!(
            place("http://127.0.0.1:1/api"),
            "http://127.0.0.1:1/.well-known/oauth-protected-resource/api"
        );
        assert_eq!(
            place("https://example.com"),
            "https://example.com/.well-known/oauth-protected-resource"
        );
    }

    #[test]
    fn a_distant_workspace_cannot_send_us_to_this_computer() {
        let near = Url::parse("http://127.0.0.1:1/api").unwrap();
        let far = Url::parse("https://example.com/api").unwrap();
        for (url, from_near, from_far) in [
            ("https://login.example.com/", true, true),
            ("http://login.example.com/", false, false),
            ("http://127.0.0.1:2/", true, false),
            ("https://localhost/", true, false),
            ("https://user:pass@example.com/", false, false),
            ("https://example.com/#part", false, false),
            ("javascript:alert(1)", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(trusted(&url, &near), from_near, "{url}");
            assert_eq!(trusted(&url, &far), from_far, "{url}");
        }
    }
}
