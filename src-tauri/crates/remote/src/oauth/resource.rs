use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::Deserialize;
use url::Url;

use super::address::{appended, fetch, fetch_first, inserted, named, not_there, root};
use crate::Remote;
use crate::proof;
use crate::transport::Answer;

const WELL_KNOWN: &str = "oauth-protected-resource";

/// What tokens are for, as it describes itself (RFC 9728).
pub(super) struct Resource {
    /// Where it is.
    pub(super) url: Url,
    /// The name it goes by, which tokens are asked for with (RFC 8707).
    pub(super) name: String,
    /// Scopes to ask for.
    pub(super) scopes: Vec<String>,
    /// Authorization servers it accepts tokens of; at least one.
    pub(super) issuers: Vec<String>,
    /// Its description, for errors about what it says.
    pub(super) answer: Answer,
}

impl Resource {
    /// The authorization server to go to: the first it names.
    pub(super) fn issuer(&self) -> &str {
        self.issuers.first().map_or("", String::as_str)
    }
}

#[derive(Deserialize)]
struct ResourceDto {
    resource: String,
    #[serde(default)]
    authorization_servers: Vec<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
}

/// What a workspace says of its API.
///
/// The resource is the API itself, not an MCP endpoint below it: a token for the one need not open the other.
pub(super) fn of_workspace(remote: &Remote, base: &Url) -> Result<Resource, RemoteError> {
    let (answer, described): (_, ResourceDto) = fetch(remote, inserted(base, WELL_KNOWN))?;
    if described.resource.trim_end_matches('/') != base.as_str().trim_end_matches('/') {
        return Err(answer.not_what(
            "a description of another resource",
            "one of the workspace itself",
        ));
    }
    whole(base, answer, described, None)
}

/// What an MCP server says of itself: where its answer to a request without a token points, else at the well-known places, of
/// which the last (after the path) are Aidelly's.
/// Source: RFC 9728; modelcontextprotocol.io/specification/2026-07-28/basic/authorization; aidelly.ai/docs/mcp/oauth-flow; checked
/// 2026-11-20.
pub(super) fn of_server(remote: &Remote, url: &Url) -> Result<Resource, RemoteError> {
    let greeting = proof::greeting(remote.transport().ask(Method::POST, url.clone())?).send()?;
    let challenge = greeting.challenge().unwrap_or_default();
    if challenge.resource_metadata.is_none() {
        passing(&greeting)?;
    }
    let mut places = Vec::new();
    if let Some(place) = &challenge.resource_metadata {
        places.push(named(place, url, "its description", &greeting)?);
    }
    places.push(inserted(url, WELL_KNOWN));
    places.push(inserted(&root(url), WELL_KNOWN));
    places.extend(appended(url, WELL_KNOWN));
    let (answer, described): (_, ResourceDto) = match fetch_first(remote, places) {
        Some(Err(error)) if not_there(&error.kind) => return Err(no_sign_in(&greeting)),
        Some(found) => found?,
        None => return Err(no_sign_in(&greeting)),
    };
    if !covers(&described.resource, url) {
        return Err(answer.not_what(
            "a description of another resource",
            "one of this MCP server",
        ));
    }
    whole(url, answer, described, challenge.scope.as_deref())
}

/// Goes on after a greeting that points nowhere, unless the server is busy or broken: then it is too early to say that it has no
/// sign-in.
fn passing(greeting: &Answer) -> Result<(), RemoteError> {
    match greeting.failure().map(RemoteError::from) {
        Some(error)
            if matches!(
                error.kind,
                RemoteErrorKind::RateLimited { .. }
                    | RemoteErrorKind::Server { .. }
                    | RemoteErrorKind::Elsewhere { .. }
                    | RemoteErrorKind::Unreachable { .. }
            ) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// What to say of a server that describes no sign-in: the greeting may tell more, such as a redirect.
fn no_sign_in(greeting: &Answer) -> RemoteError {
    match greeting.failure().map(RemoteError::from) {
        Some(error) if matches!(error.kind, RemoteErrorKind::Unexpected { .. }) => error,
        _ => greeting.not_what(
            "no word on who signs people in (it may take an API key instead)",
            "the address of an authorization server",
        ),
    }
}

fn whole(
    url: &Url,
    answer: Answer,
    described: ResourceDto,
    challenged: Option<&str>,
) -> Result<Resource, RemoteError> {
    if described.authorization_servers.is_empty() {
        return Err(answer.not_what("no authorization server", "one"));
    }
    Ok(Resource {
        url: url.clone(),
        name: described.resource,
        scopes: match challenged {
            Some(scope) => scope.split_whitespace().map(str::to_owned).collect(),
            None => described.scopes_supported,
        },
        issuers: described.authorization_servers,
        answer,
    })
}

/// Whether a resource is the server at `url`, or what it lies in on the same host: then a token for it is one for the server.
fn covers(resource: &str, url: &Url) -> bool {
    let Ok(resource) = Url::parse(resource) else {
        return false;
    };
    let plain = resource.username().is_empty()
        && resource.password().is_none()
        && resource.fragment().is_none()
        && (resource.query().is_none() || resource.query() == url.query());
    let (outer, inner) = (resource.path().trim_end_matches('/'), url.path());
    let within = inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    plain && resource.origin() == url.origin() && within
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_is_for_the_server_or_for_what_it_lies_in() {
        let url = Url::parse("https://mcp.example.com/mcp/ads/?a=1").unwrap();
        for (resource, fine) in [
            ("https://mcp.example.com/mcp/ads/", true),
            ("https://mcp.example.com/mcp/ads", true),
            ("https://mcp.example.com/mcp", true),
            ("https://mcp.example.com", true),
            ("https://mcp.example.com/mcp/ads/?a=1", true),
            ("https://mcp.example.com/mcp/ads/?a=2", false),
            ("https://mcp.example.com/mcp/ad", false),
            ("https://mcp.example.com/mcp/ads/deeper", false),
            ("https://mcp.example.com:8443/mcp/ads/", false),
            ("http://mcp.example.com/mcp/ads/", false),
            ("https://example.com/mcp/ads/", false),
            ("https://you@mcp.example.com/mcp/ads/", false),
            ("https://mcp.example.com/mcp/ads/#x", false),
            ("mcp", false),
        ] {
            assert_eq!(covers(resource, &url), fine, "{resource}");
        }
    }
}
