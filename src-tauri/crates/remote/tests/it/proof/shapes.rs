//! What any answer can be.

use keystow_core::Secret;
use keystow_core::key::{Budget, KeyFacts};
use keystow_core::provider::Tells;
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteError, RemoteErrorKind as Kind};
use serde_json::json;

use crate::scripted::{Reply, Scripted};
use crate::server::remote;

fn get(reply: Reply, tells: &Tells) -> Result<KeyFacts, RemoteError> {
    let server = Scripted::start(|_| vec![("GET /me", reply)]);
    let proof = Proof {
        url: &server.url("/me"),
        kind: ProofKind::Get,
        header: "x-api-key",
        scheme: "",
        headers: &[],
        tells,
    };
    remote().prove(&proof, &Secret::new("key-of-the-test".into()))
}

fn kind(reply: Reply) -> Kind {
    get(reply, &Tells::default()).unwrap_err().kind
}

#[test]
fn tells_all_that_a_file_asks_for() {
    let at = |pointer: &str| Some(pointer.to_owned());
    let tells = Tells {
        id: at("/key/id"),
        name: at("/key/name"),
        organization: at("/org"),
        scopes: at("/key/scopes"),
        expires_at: at("/key/expires"),
        last_used_at: at("/key/used"),
        requests: at("/usage/total"),
        endpoints: at("/usage/by"),
    };
    let body = json!({
        "key": {"id": "k1", "name": "mine", "scopes": ["a"], "expires": 1_771_336_800, "used": "2026-02-17T13:00:00Z"},
        "org": 12, "usage": {"total": 9, "by": [{"endpoint": "/x", "requests": 1}, {"path": "/y", "count": 8}]},
    });
    let reply = Reply::new(200, body)
        .with("ratelimit-policy", "\"default\";q=100;w=60")
        .with("ratelimit", "\"default\";r=50;t=30");
    let facts = get(reply, &tells).unwrap();
    assert_eq!(facts.organization.as_deref(), Some("12"));
    assert_eq!(facts.expires_at, Some(1_771_336_800_000));
    assert_eq!(facts.usage.last_used_at, Some(1_771_333_200_000));
    assert_eq!(facts.usage.requests, Some(9));
    assert_eq!(
        facts.usage.endpoints,
        [("/y".to_owned(), 8), ("/x".to_owned(), 1)]
    );
    let budget = facts.budget.unwrap();
    assert_eq!(
        budget,
        Budget {
            limit: 100,
            remaining: Some(50),
            window_ms: Some(60_000),
            resets_at: budget.resets_at,
        }
    );
}

#[test]
fn what_is_no_json_proves_nothing() {
    let html = Reply::new(200, json!(1)).with("content-type", "text/html");
    let found = "HTML".to_owned();
    let expected = "JSON".to_owned();
    assert_eq!(kind(html), Kind::Unexpected { found, expected });
    // better-auth's answer to nobody.
    assert_eq!(kind(Reply::new(200, json!(null))), Kind::Unauthorised);
}

#[test]
fn a_second_factor_another_region_and_a_missing_scope_are_told_apart() {
    // Source: github.com/AtlasDevHQ/atlas at e84e80b, checked 2026-11-20.
    let body = json!({"error": "mfa_enrollment_required", "enrollmentUrl": "/admin/account-security", "requestId": "r1"});
    let page = Some("/admin/account-security".to_owned());
    assert_eq!(kind(Reply::new(403, body)), Kind::SecondFactor { page });
    let body = json!({"error": "mfa_enrollment_required", "enrollmentUrl": "javascript:alert(1)"});
    assert_eq!(
        kind(Reply::new(403, body)),
        Kind::SecondFactor { page: None }
    );
    let body = json!({"error": "misdirected_request", "correctApiUrl": "https://api-eu.useatlas.dev",
        "expectedRegion": "eu", "actualRegion": "us", "requestId": "r2"});
    let to = "https://api-eu.useatlas.dev".to_owned();
    assert_eq!(kind(Reply::new(421, body)), Kind::Elsewhere { to });
    assert!(matches!(
        kind(Reply::new(421, json!({}))),
        Kind::Refused { status: 421, .. }
    ));
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"mcp:write\"";
    let body = json!({"error": "insufficient_scope", "message": "Not with this token."});
    let detail = Some("Not with this token. (scope: mcp:write)".to_owned());
    assert_eq!(
        kind(Reply::new(403, body).with("www-authenticate", challenge)),
        Kind::Forbidden { detail }
    );
}
