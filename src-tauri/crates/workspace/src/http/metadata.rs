//! What the server tells about itself to anybody.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use super::auth::WORKSPACE_SCOPE;
use super::device::DEVICE_GRANT;
use crate::mcp::permit;
use crate::state::State;

pub(super) async fn health(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({
        "ok": true,
        "product": "keystow-local-workspace",
        "version": env!("CARGO_PKG_VERSION"),
        "instance": state.instance,
    }))
}

/// The OpenAPI document, with this server's address in it.
pub(super) async fn openapi(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let mut document: Value = serde_json::from_str(include_str!("../openapi.json"))
        .expect("the document is tested to be JSON");
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["servers"][0]["url"] = state.origin.clone().into();
    Json(document)
}

/// RFC 8414.
pub(super) async fn authorization_server(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let origin = &state.origin;
    let scopes: Vec<&str> = [WORKSPACE_SCOPE]
        .into_iter()
        .chain(permit::SCOPES.iter().copied())
        .collect();
    Json(json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/oauth/authorize"),
        "token_endpoint": format!("{origin}/oauth/token"),
        "revocation_endpoint": format!("{origin}/oauth/revoke"),
        "registration_endpoint": format!("{origin}/oauth/register"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "device_authorization_endpoint": format!("{origin}/api/auth/device/code"),
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "client_id_metadata_document_supported": false,
        "scopes_supported": scopes,
    }))
}

/// RFC 9728, for the API that manages keys.
pub(super) async fn protected_api(
    Shared(state): Shared<Arc<State>>,
    uri: axum::http::Uri,
) -> Json<Value> {
    let resource = if uri.path().ends_with("/api") {
        format!("{}/api", state.origin)
    } else {
        state.origin.clone()
    };
    Json(json!({
        "resource": resource,
        "resource_name": "Keystow local workspace",
        "authorization_servers": [state.origin],
        "bearer_methods_supported": ["header"],
        "scopes_supported": [WORKSPACE_SCOPE],
    }))
}

/// RFC 9728, for the MCP endpoint.
pub(super) async fn protected_mcp(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({
        "resource": state.mcp_url(),
        "resource_name": "Keystow local workspace tools",
        "authorization_servers": [state.origin],
        "bearer_methods_supported": ["header"],
        "scopes_supported": permit::SCOPES,
    }))
}
