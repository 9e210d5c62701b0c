use keystow_core::remote::{RemoteError, RemoteErrorKind};
use serde::Deserialize;
use url::Url;

use super::address::{appended, fetch_first, inserted, named, not_there};
use super::resource::Resource;
use crate::Remote;
use crate::transport::Answer;

/// An authorization server, as it describes itself (RFC 8414).
pub(super) struct AuthorizationServer {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) revocation_endpoint: Option<Url>,
    /// Where clients register themselves (RFC 7591).
    pub(super) registration_endpoint: Option<Url>,
    /// Whether its answers name it, so that one without the name is not its.
    pub(super) names_itself: bool,
    /// Whether it says that it gives no refresh tokens.
    pub(super) never_refreshes: bool,
    /// Whether a scope has to be asked for to get a refresh token, as with OpenID.
    pub(super) offline_access: bool,
}

#[derive(Deserialize)]
struct ServerDto {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    revocation_endpoint: Option<String>,
    registration_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    grant_types_supported: Option<Vec<String>>,
    #[serde(default)]
    scopes_supported: Vec<String>,
}

/// Asks the first authorization server that a resource names for its endpoints. Refuses what does not fit together.
pub(super) fn discover(
    remote: &Remote,
    resource: &Resource,
) -> Result<AuthorizationServer, RemoteError> {
    describe(remote, resource.issuer(), &resource.url, &resource.answer)
}

/// Asks the authorization server `issuer`, of which `answer` of the resource at `url` told, for its endpoints.
pub(super) fn describe(
    remote: &Remote,
    issuer: &str,
    url: &Url,
    answer: &Answer,
) -> Result<AuthorizationServer, RemoteError> {
    let issuer_url = named(issuer, url, "an authorization server", answer)?;
    if issuer_url.query().is_some() {
        return Err(answer.not_what("an authorization server with a query", "one without"));
    }
    let (answer, server) = metadata(remote, &issuer_url, url)?;
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
    let endpoint = |text: &str| named(text, url, "an endpoint", &answer);
    let maybe = |text: &Option<String>| text.as_deref().map(endpoint).transpose();
    let lists = |list: &[String], wanted: &str| list.iter().any(|one| one == wanted);
    Ok(AuthorizationServer {
        authorization_endpoint: endpoint(&server.authorization_endpoint)?,
        token_endpoint: endpoint(&server.token_endpoint)?,
        revocation_endpoint: maybe(&server.revocation_endpoint)?,
        registration_endpoint: maybe(&server.registration_endpoint)?,
        names_itself: server.authorization_response_iss_parameter_supported,
        never_refreshes: server
            .grant_types_supported
            .is_some_and(|grants| !lists(&grants, "refresh_token")),
        offline_access: lists(&server.scopes_supported, "offline_access"),
        issuer: server.issuer,
    })
}

/// The server's own description, at the first place that has one: the standard's, OpenID's two, after the issuer's path, and last
/// after the path of the resource, where Aidelly has it. The last counts only where issuer and resource are one host: nobody
/// describes somebody else.
/// Source: RFC 8414; modelcontextprotocol.io/specification/2026-07-28/basic/authorization; aidelly.ai/docs/mcp/oauth-flow; checked
/// 2026-11-20.
fn metadata(
    remote: &Remote,
    issuer: &Url,
    resource: &Url,
) -> Result<(Answer, ServerDto), RemoteError> {
    const OAUTH: &str = "oauth-authorization-server";
    const OPENID: &str = "openid-configuration";
    let mut places = vec![inserted(issuer, OAUTH), inserted(issuer, OPENID)];
    places.extend(appended(issuer, OPENID).into_iter().next());
    places.extend(appended(issuer, OAUTH).into_iter().next());
    if issuer.origin() == resource.origin() {
        places.extend(appended(resource, OAUTH));
    }
    let found = fetch_first(remote, places).expect("there is always a first place");
    found.map_err(|error| match error.kind {
        RemoteErrorKind::Unexpected { .. } => error,
        ref kind if not_there(kind) => RemoteError {
            kind: RemoteErrorKind::Unexpected {
                found: "no description of itself".to_owned(),
                expected: "one with the endpoints of an authorization server".to_owned(),
            },
            ..error
        },
        _ => error,
    })
}
