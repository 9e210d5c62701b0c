//! Signing in to MCP servers, each with an authorization server it names.

use std::collections::HashMap;

use keystow_core::Secret;
use keystow_core::remote::{RemoteErrorKind as Kind, ServerSignIn, Session};
use serde_json::{Value, json};
use url::Url;

use super::{back, pairs, visit};
use crate::scripted::{Reply, Scripted};
use crate::server::remote;

/// An MCP server and the authorization server beside it, on one host, as a script that tests change.
struct World {
    routes: HashMap<&'static str, Reply>,
}

const MCP: &str = "POST /mcp/ads/";
const RESOURCE: &str = "GET /.well-known/oauth-protected-resource/mcp/ads";
const METADATA: &str = "GET /.well-known/oauth-authorization-server";

fn metadata(origin: &str, issuer: &str) -> Value {
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"), "revocation_endpoint": format!("{origin}/revoke"),
        "registration_endpoint": format!("{origin}/register"),
        "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true,
    })
}

fn described(resource: String, issuer: &str) -> Value {
    json!({"resource": resource, "authorization_servers": [issuer], "scopes_supported": ["ads:read"]})
}

impl World {
    fn new(origin: &str) -> Self {
        let resource = described(format!("{origin}/mcp/ads/"), origin);
        let tokens = json!({"access_token": "mf_oauth_access", "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": "mf_oauth_refresh"});
        Self {
            routes: HashMap::from([
                (MCP, Reply::new(401, json!({"error_type": "auth_error"}))),
                (RESOURCE, Reply::new(200, resource)),
                (METADATA, Reply::new(200, metadata(origin, origin))),
                (
                    "POST /register",
                    Reply::new(201, json!({"client_id": "client-7"})),
                ),
                ("POST /token", Reply::new(200, tokens)),
                ("POST /revoke", Reply::new(200, json!({}))),
            ]),
        }
    }

    fn set(&mut self, what: &'static str, status: u16, body: Value) {
        self.routes.insert(what, Reply::new(status, body));
    }

    /// Changes what the authorization server says of itself.
    fn says(&mut self, origin: &str, name: &str, value: Value) {
        let mut body = metadata(origin, origin);
        body[name] = value;
        self.set(METADATA, 200, body);
    }
}

fn start(change: impl FnOnce(&mut World, &str)) -> Scripted {
    Scripted::start(|origin| {
        let mut world = World::new(origin);
        change(&mut world, origin);
        world.routes.into_iter().collect()
    })
}

fn ads(server: &Scripted) -> Url {
    server.url("/mcp/ads/")
}

fn sign_in(server: &Scripted, client_id: Option<&str>, scopes: &[String]) -> Result<Session, Kind> {
    let attempt = remote()
        .begin(&ads(server), client_id, scopes)
        .map_err(|error| error.kind)?;
    let iss = server.origin.as_str();
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", iss)]);
    visit(attempt, vec![url]).0.map_err(|error| error.kind)
}

fn begin_error(server: &Scripted) -> Kind {
    let outcome = remote().begin(&ads(server), None, &[]).map(|_| ());
    let error = outcome.unwrap_err();
    assert!(
        server.origin.ends_with(&error.host),
        "{error} names the host"
    );
    error.kind
}

fn session(server: &Scripted) -> Session {
    Session {
        access: Secret::new("old-access".into()),
        refresh: Some(Secret::new("old-refresh".into())),
        expires_at: None,
        oauth_client: Some("client-7".into()),
        issuer: Some(server.origin.clone()),
    }
}

#[test]
fn registers_itself_and_asks_for_a_token_for_this_server_alone() {
    let server = start(|world, origin| {
        // The challenge points elsewhere than the well-known places, and asks for other scopes.
        let challenge = format!(
            "Bearer resource_metadata=\"{origin}/about-ads\", scope=\"ads:read ads:write\""
        );
        let refusal = Reply::new(401, json!({})).with("www-authenticate", challenge);
        world.routes.insert(MCP, refusal);
        let resource = world.routes.remove(RESOURCE).unwrap();
        world.routes.insert("GET /about-ads", resource);
    });
    let attempt = remote().begin(&ads(&server), None, &[]).unwrap();
    let asked = pairs(attempt.url());
    let registered = server.only("POST /register").json();
    assert_eq!(
        registered["redirect_uris"],
        json!([asked["redirect_uri"], "http://127.0.0.1/callback"])
    );
    for (name, value) in [
        ("client_name", json!("Keystow")),
        ("token_endpoint_auth_method", json!("none")),
        ("application_type", json!("native")),
        ("response_types", json!(["code"])),
        (
            "grant_types",
            json!(["authorization_code", "refresh_token"]),
        ),
    ] {
        assert_eq!(registered[name], value, "{name}");
    }
    let resource = ads(&server);
    for (name, value) in [
        ("client_id", "client-7"),
        ("scope", "ads:read ads:write"),
        ("code_challenge_method", "S256"),
        ("resource", resource.as_str()),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    let iss = server.origin.as_str();
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", iss)]);
    let session = visit(attempt, vec![url]).0.unwrap();
    assert_eq!(session.access, Secret::new("mf_oauth_access".into()));
    assert_eq!(
        session.refresh,
        Some(Secret::new("mf_oauth_refresh".into()))
    );
    assert_eq!(session.oauth_client.as_deref(), Some("client-7"));
    assert_eq!(session.issuer.as_deref(), Some(iss));
    let form = server.only("POST /token").form();
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("client_id", "client-7"),
        ("resource", resource.as_str()),
        ("redirect_uri", &asked["redirect_uri"]),
    ] {
        assert_eq!(form[name], value, "{name}");
    }
    // The probe showed the server nothing.
    assert!(!server.only(MCP).headers.contains_key("authorization"));
}

#[test]
fn a_client_id_of_the_person_is_used_as_it_is() {
    let server = start(|_, _| {});
    let session = sign_in(&server, Some("mine"), &["just:this".to_owned()]).unwrap();
    assert_eq!(session.oauth_client.as_deref(), Some("mine"));
    assert!(server.all("POST /register").is_empty());
    assert_eq!(server.only("POST /token").form()["client_id"], "mine");
}

#[test]
fn finds_the_resource_at_every_place_that_is_used() {
    type Change = fn(&mut World, &str);
    let changes: [(&str, Change); 4] = [
        ("/mcp/ads/", |_, _| {}),
        // Adlyse: one description for the host. Source: docs.adlyse.com/mcp/authentication, 2026-11-20.
        ("", |world, origin| {
            world.routes.remove(RESOURCE);
            let body = described(origin.to_owned(), origin);
            world.set("GET /.well-known/oauth-protected-resource", 200, body);
        }),
        // Aidelly: after the path the server lies in. Source: aidelly.ai/docs/mcp/oauth-flow, 2026-11-20.
        ("/mcp", |world, origin| {
            world.routes.remove(RESOURCE);
            let body = described(format!("{origin}/mcp"), origin);
            world.set("GET /mcp/.well-known/oauth-protected-resource", 200, body);
        }),
        // A server that greets everybody and says so only later.
        ("/mcp/ads/", |world, _| {
            world.set(MCP, 200, json!({"jsonrpc": "2.0", "id": 1, "result": {}}));
        }),
    ];
    for (path, change) in changes {
        let server = start(change);
        sign_in(&server, None, &[]).unwrap();
        let form = server.only("POST /token").form();
        assert_eq!(form["resource"], format!("{}{path}", server.origin));
    }
}

#[test]
fn finds_the_authorization_server_at_every_place_that_is_used() {
    for (path, place) in [
        ("/auth", "GET /.well-known/oauth-authorization-server/auth"),
        ("/auth", "GET /.well-known/openid-configuration/auth"),
        ("/auth", "GET /auth/.well-known/openid-configuration"),
        ("/auth", "GET /auth/.well-known/oauth-authorization-server"),
        ("", "GET /.well-known/openid-configuration"),
        ("", "GET /mcp/ads/.well-known/oauth-authorization-server"),
        // Aidelly's. Source: aidelly.ai/docs/mcp/oauth-flow, 2026-11-20.
        ("", "GET /mcp/.well-known/oauth-authorization-server"),
    ] {
        let server = start(|world, origin| {
            let issuer = format!("{origin}{path}");
            let resource = described(format!("{origin}/mcp/ads/"), &issuer);
            world.set(RESOURCE, 200, resource);
            world.routes.remove(METADATA);
            world.set(place, 200, metadata(origin, &issuer));
        });
        let attempt = remote().begin(&ads(&server), None, &[]).unwrap();
        assert_eq!(attempt.url().path(), "/authorize", "{place}");
    }
}

#[test]
fn nobody_describes_the_authorization_server_of_another_host() {
    let other = start(|world, _| {
        world.routes.clear();
    });
    let issuer = other.origin.clone();
    let server = start(move |world, origin| {
        let resource = described(format!("{origin}/mcp/ads/"), &issuer);
        world.set(RESOURCE, 200, resource);
        let body = metadata(origin, &issuer);
        world.set("GET /mcp/.well-known/oauth-authorization-server", 200, body);
    });
    let outcome = remote().begin(&ads(&server), None, &[]).map(|_| ());
    let error = outcome.unwrap_err();
    assert!(
        matches!(&error.kind, Kind::Unexpected { found, .. } if found == "no description of itself"),
        "{error}"
    );
    assert!(other.origin.ends_with(&error.host), "{error}");
    assert!(server.all("POST /register").is_empty());
}

#[test]
fn refuses_what_does_not_fit_together() {
    type Change = fn(&mut World, &str);
    let changes: [(&str, Change); 10] = [
        ("another resource", |world, origin| {
            let body = described("https://mcp.example.com/mcp/ads/".into(), origin);
            world.set(RESOURCE, 200, body);
        }),
        ("another resource", |world, origin| {
            let body = described(format!("{origin}/mcp/reports/"), origin);
            world.set(RESOURCE, 200, body);
        }),
        ("no authorization server", |world, origin| {
            let body = json!({"resource": format!("{origin}/mcp/ads/")});
            world.set(RESOURCE, 200, body);
        }),
        ("at an address that is not safe", |world, origin| {
            let body = described(format!("{origin}/mcp/ads/"), "http://as.example.com");
            world.set(RESOURCE, 200, body);
        }),
        ("at an address that is not safe", |world, _| {
            let challenge = "Bearer resource_metadata=\"http://10.0.0.1/prm\"";
            let refusal = Reply::new(401, json!({})).with("www-authenticate", challenge);
            world.routes.insert(MCP, refusal);
        }),
        ("another name", |world, origin| {
            world.says(origin, "issuer", json!("https://as.example.com"));
        }),
        ("another name", |world, origin| {
            world.says(origin, "issuer", json!(format!("{origin}/")));
        }),
        ("without PKCE", |world, origin| {
            world.says(origin, "code_challenge_methods_supported", json!(["plain"]));
        }),
        ("without PKCE", |world, origin| {
            world.says(origin, "code_challenge_methods_supported", json!([]));
        }),
        ("not safe", |world, origin| {
            let place = json!("http://as.example.com/register");
            world.says(origin, "registration_endpoint", place);
        }),
    ];
    for (what, change) in changes {
        let server = start(change);
        match begin_error(&server) {
            Kind::Unexpected { found, .. } => assert!(found.contains(what), "{found}"),
            other => unreachable!("{other:?} where {what} was meant"),
        }
        assert!(server.all("POST /register").is_empty(), "{what}");
    }
}

#[test]
fn where_it_cannot_be_registered_it_asks_for_a_client_id() {
    type Change = fn(&mut World, &str);
    let changes: [(&str, Change); 6] = [
        ("registers no programs", |world, origin| {
            world.says(origin, "registration_endpoint", Value::Null);
        }),
        ("registers no programs", |world, _| {
            world.routes.remove("POST /register");
        }),
        ("Ask an administrator", |world, _| {
            let body =
                json!({"error": "access_denied", "error_description": "Ask an administrator"});
            world.set("POST /register", 403, body);
        }),
        ("redirect_uris", |world, _| {
            let body = json!({"error": "invalid_redirect_uri", "error_description": "redirect_uris must be https"});
            world.set("POST /register", 400, body);
        }),
        ("a secret to every program", |world, _| {
            let body = json!({"client_id": "c", "client_secret": "hidden-from-us",
                "token_endpoint_auth_method": "client_secret_basic"});
            world.set("POST /register", 201, body);
        }),
        ("an address of this computer", |world, _| {
            let body = json!({"client_id": "c", "redirect_uris": ["https://example.com/"]});
            world.set("POST /register", 201, body);
        }),
    ];
    for (why, change) in changes {
        let server = start(change);
        match begin_error(&server) {
            Kind::SignInRefused { detail } => {
                assert!(detail.contains(why), "{detail}");
                assert!(detail.contains("client id"), "{detail}");
                assert!(!detail.contains("hidden-from-us"), "{detail}");
            }
            other => unreachable!("{other:?} where {why} was meant"),
        }
        // The way out works.
        sign_in(&server, Some("mine"), &[]).unwrap();
    }
}

#[test]
fn a_secret_that_a_public_client_is_given_is_left_alone() {
    let server = start(|world, _| {
        let body = json!({"client_id": "c", "client_secret": "hidden-from-us", "token_endpoint_auth_method": "none"});
        world.set("POST /register", 201, body);
    });
    let session = sign_in(&server, None, &[]).unwrap();
    assert_eq!(session.oauth_client.as_deref(), Some("c"));
    assert!(!server.only("POST /token").body.contains("hidden-from-us"));
}

#[test]
fn asks_for_what_the_server_says_that_it_has() {
    let server = start(|world, origin| {
        let mut body = metadata(origin, origin);
        body["scopes_supported"] = json!(["openid", "offline_access"]);
        body["grant_types_supported"] = json!(["authorization_code"]);
        world.set(METADATA, 200, body);
    });
    let attempt = remote().begin(&ads(&server), None, &[]).unwrap();
    assert_eq!(pairs(attempt.url())["scope"], "ads:read offline_access");
    let registered = server.only("POST /register").json();
    assert_eq!(registered["grant_types"], json!(["authorization_code"]));
    assert_eq!(registered["scope"], "ads:read offline_access");
}

#[test]
fn nothing_is_redeemed_when_another_issuer_answers_or_none() {
    for iss in [Some("https://mixed.up"), None] {
        let server = start(|_, _| {});
        let attempt = remote().begin(&ads(&server), None, &[]).unwrap();
        let mut query = vec![("code", "the-code")];
        query.extend(iss.map(|iss| ("iss", iss)));
        let url = back(&*attempt, None, &query);
        let error = visit(attempt, vec![url]).0.unwrap_err();
        assert!(
            matches!(&error.kind, Kind::Unexpected { found, .. } if found.contains("another")),
            "{error}"
        );
        assert!(server.all("POST /token").is_empty());
    }
}

#[test]
fn a_server_without_a_sign_in_says_so() {
    let plain = start(|world, _| world.routes.clear());
    match begin_error(&plain) {
        Kind::Unexpected { found, .. } => assert!(found.contains("API key"), "{found}"),
        other => unreachable!("{other:?}"),
    }
    let moved = start(|world, _| {
        world.routes.clear();
        let elsewhere = "https://elsewhere.example/mcp?api_key=hidden";
        let reply = Reply::new(308, json!({})).with("location", elsewhere);
        world.routes.insert(MCP, reply);
    });
    let found = "a redirect to elsewhere.example (308)".to_owned();
    let expected = "an answer".to_owned();
    assert_eq!(begin_error(&moved), Kind::Unexpected { found, expected });
    let busy = start(|world, _| {
        let reply = Reply::new(429, json!({})).with("retry-after", "9");
        world.routes.insert(MCP, reply);
    });
    let retry_after_ms = Some(9_000);
    assert_eq!(begin_error(&busy), Kind::RateLimited { retry_after_ms });
    let broken = start(|world, _| world.set(METADATA, 503, json!({})));
    assert_eq!(begin_error(&broken), Kind::Server { status: 503 });
}

#[test]
fn refreshes_where_it_signed_in() {
    let server = start(|_, _| {});
    let new = remote().refresh(&ads(&server), &session(&server)).unwrap();
    assert_eq!(new.refresh, Some(Secret::new("mf_oauth_refresh".into())));
    assert_eq!(new.oauth_client.as_deref(), Some("client-7"));
    assert_eq!(new.issuer.as_deref(), Some(server.origin.as_str()));
    let form = server.only("POST /token").form();
    for (name, value) in [
        ("grant_type", "refresh_token"),
        ("refresh_token", "old-refresh"),
        ("client_id", "client-7"),
        ("resource", ads(&server).as_str()),
    ] {
        assert_eq!(form[name], value, "{name}");
    }
    assert!(server.all("POST /register").is_empty());
}

#[test]
fn a_refresh_token_goes_to_nobody_but_who_gave_it() {
    let server = start(|_, _| {});
    let of_another = Session {
        issuer: Some("https://as.example.com".into()),
        ..session(&server)
    };
    let error = remote().refresh(&ads(&server), &of_another).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
    let without = Session {
        refresh: None,
        ..session(&server)
    };
    let error = remote().refresh(&ads(&server), &without).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
    assert!(server.all("POST /token").is_empty());
}

#[test]
fn a_refused_refresh_ends_the_session_and_a_broken_server_does_not() {
    for (status, body, kind) in [
        (400, json!({"error": "invalid_grant"}), Kind::SessionEnded),
        (401, json!({"error": "invalid_client"}), Kind::SessionEnded),
        (503, json!({}), Kind::Server { status: 503 }),
    ] {
        let server = start(|world, _| world.set("POST /token", status, body));
        let error = remote()
            .refresh(&ads(&server), &session(&server))
            .unwrap_err();
        assert_eq!(error.kind, kind);
    }
}

#[test]
fn revokes_the_refresh_token_and_then_the_other() {
    let tokens = |server: &Scripted| -> Vec<String> {
        let all = server.all("POST /revoke");
        all.iter().map(|one| one.form()["token"].clone()).collect()
    };
    for (status, error) in [
        (200, ""),
        (400, "invalid_request"),
        (400, "unsupported_token_type"),
        (400, "invalid_token"),
    ] {
        let server = start(|world, _| world.set("POST /revoke", status, json!({"error": error})));
        remote().revoke(&ads(&server), &session(&server)).unwrap();
        assert_eq!(tokens(&server), ["old-refresh", "old-access"]);
    }
    let server = start(|world, _| world.set("POST /revoke", 503, json!({})));
    let error = remote()
        .revoke(&ads(&server), &session(&server))
        .unwrap_err();
    assert_eq!(error.kind, Kind::Server { status: 503 });
    let server = start(|world, origin| world.says(origin, "revocation_endpoint", Value::Null));
    let error = remote()
        .revoke(&ads(&server), &session(&server))
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
}
