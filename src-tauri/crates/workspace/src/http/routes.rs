//! All routes, in one list: what the server takes is what the OpenAPI document is tested against.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use super::{
    auth, authorize, device, device_page, keys, metadata, organizations, register, token, totp,
};
use crate::mcp;
use crate::state::State;

/// Routes, and what they are called.
pub(super) struct Routes {
    router: Router<Arc<State>>,
    /// Path and method, in lower case.
    listed: Vec<(&'static str, &'static str)>,
}

impl Routes {
    fn add<H, T>(
        mut self,
        method: (MethodFilter, &'static str),
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Arc<State>>,
        T: 'static,
    {
        let (filter, name) = method;
        self.router = self.router.route(path, on(filter, handler));
        self.listed.push((path, name));
        self
    }

    pub(super) fn into_router(self) -> Router<Arc<State>> {
        self.router
    }
}

const GET: (MethodFilter, &str) = (MethodFilter::GET, "get");
const POST: (MethodFilter, &str) = (MethodFilter::POST, "post");
const PUT: (MethodFilter, &str) = (MethodFilter::PUT, "put");
const PATCH: (MethodFilter, &str) = (MethodFilter::PATCH, "patch");
const DELETE: (MethodFilter, &str) = (MethodFilter::DELETE, "delete");

/// The list.
pub(super) fn all(state: &Arc<State>) -> Routes {
    const KEY: &str = "/api/api-keys/{id}";
    const MCP: &str = "/api/mcp/stream";
    const RESOURCE: &str = "/.well-known/oauth-protected-resource";
    const API_RESOURCE: &str = "/.well-known/oauth-protected-resource/api";
    const MCP_RESOURCE: &str = "/.well-known/oauth-protected-resource/api/mcp/stream";
    let none = Routes {
        // Answers other methods itself, as the protocol wants it.
        router: Router::new().route(MCP, mcp::route(state)),
        listed: vec![(MCP, "post"), (MCP, "get"), (MCP, "delete")],
    };
    none.add(GET, "/api/health", metadata::health)
        .add(GET, "/api/openapi.json", metadata::openapi)
        .add(POST, "/api/auth/login", auth::login)
        .add(POST, "/api/auth/login/2fa", auth::login_with_code)
        .add(POST, "/api/auth/refresh", auth::refresh)
        .add(POST, "/api/auth/logout", auth::logout)
        .add(GET, "/api/auth/me", auth::me)
        .add(POST, "/api/auth/ticket", auth::ticket)
        .add(POST, "/api/auth/totp/enroll", totp::enroll)
        .add(POST, "/api/auth/totp/confirm", totp::confirm)
        .add(DELETE, "/api/auth/totp", totp::remove)
        .add(POST, "/api/auth/device/code", device::code)
        .add(POST, "/api/auth/device/token", device::token)
        .add(GET, "/api/auth/organizations", organizations::list)
        .add(POST, "/api/auth/organizations", organizations::create)
        .add(GET, "/api/api-keys", keys::list)
        .add(POST, "/api/api-keys", keys::create)
        .add(GET, KEY, keys::show)
        .add(PATCH, KEY, keys::update)
        .add(PUT, KEY, keys::update)
        .add(DELETE, KEY, keys::revoke)
        .add(POST, "/api/api-keys/{id}/toggle", keys::toggle)
        .add(GET, "/api/api-keys/{id}/activity", keys::activity)
        .add(GET, "/api/admin/api-keys", keys::list_everybodys)
        .add(DELETE, "/api/admin/api-keys/{id}", keys::revoke_anybodys)
        .add(GET, RESOURCE, metadata::protected_api)
        .add(GET, API_RESOURCE, metadata::protected_api)
        .add(GET, MCP_RESOURCE, metadata::protected_mcp)
        .add(
            GET,
            "/.well-known/oauth-authorization-server",
            metadata::authorization_server,
        )
        .add(GET, "/oauth/authorize", authorize::ask)
        .add(POST, "/oauth/authorize", authorize::decide)
        .add(POST, "/oauth/token", token::token)
        .add(POST, "/oauth/revoke", token::revoke)
        .add(POST, "/oauth/register", register::register)
        .add(GET, "/device", device_page::show_code)
        .add(POST, "/device", device_page::decide)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::db::Db;

    #[test]
    fn the_document_has_every_route_and_no_other() {
        let place = tempfile::tempdir().unwrap();
        let db = Db::open(place.path()).unwrap();
        let state = Arc::new(State::new(db, ([127, 0, 0, 1], 1).into()));
        let served: BTreeSet<String> = all(&state)
            .listed
            .iter()
            .map(|(path, method)| format!("{method} {path}"))
            .collect();
        let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
        let written: BTreeSet<String> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, operations)| {
                let operations = operations.as_object().unwrap().keys();
                operations
                    .filter(|name| *name != "parameters")
                    .map(move |method| format!("{method} {path}"))
            })
            .collect();
        assert_eq!(served, written);
    }
}
