//! Source: aidelly.ai/docs/{getting-started/authentication, api/overview, api/errors, api/rate-limits}, checked 2026-11-21. What
//! `data` of `GET /usage` holds is not documented, and nothing is read from it.

use keystow_core::remote::RemoteErrorKind as Kind;
use serde_json::{Value, json};

use super::{arrives, hidden, prove, provider};
use crate::scripted::{Reply, Scripted};

const USAGE: &str = "GET /usage";

fn answering(reply: Reply) -> Scripted {
    Scripted::start(|_| vec![(USAGE, reply)])
}

fn error_body(code: &str, message: &str) -> Value {
    json!({"success": false, "error": {"code": code, "message": message}, "request_id": "a1b2c3"})
}

#[test]
fn tells_what_is_left_until_an_iso_moment() {
    let body = json!({"success": true, "data": {}, "request_id": "a1b2c3"});
    let reply = Reply::new(200, body)
        .with("x-ratelimit-limit", "60")
        .with("x-ratelimit-remaining", "47")
        .with("x-ratelimit-reset", "2126-02-17T14:00:00Z");
    let (provider, server) = (provider("aidelly"), answering(reply));
    let headers: Vec<(String, String)> = provider
        .headers
        .iter()
        .map(|extra| (extra.name.clone(), format!("value of {}", extra.name)))
        .collect();
    let facts = prove(&provider, &server, &headers).unwrap();
    arrives(&provider, &server, USAGE);
    let sent = server.only(USAGE).headers;
    for name in ["x-aidelly-workspace-id", "x-aidelly-brand-id"] {
        assert_eq!(sent[name], format!("value of {name}"));
    }
    let budget = facts.budget.unwrap();
    assert_eq!((budget.limit, budget.remaining), (60, Some(47)));
    // In a hundred years, and a day at most for the time between the two clocks' looks.
    let moment = 4_927_010_400_000;
    let told = budget.resets_at.unwrap();
    assert!((moment..moment + 86_400_000).contains(&told), "{told}");
}

#[test]
fn its_refusals_keep_their_code_their_sentence_and_their_id() {
    let provider = provider("aidelly");
    for (status, code, kind) in [
        (401, "PUBLIC_API_AUTH_REQUIRED", Kind::Unauthorised),
        (401, "PUBLIC_API_KEY_INVALID", Kind::Unauthorised),
        (401, "PUBLIC_API_KEY_EXPIRED", Kind::Unauthorised),
        (
            403,
            "PUBLIC_API_SCOPE_FORBIDDEN",
            Kind::Forbidden {
                detail: Some("Key does not have posts:write scope.".into()),
            },
        ),
        (
            409,
            "PUBLIC_API_IDEMPOTENCY_CONFLICT",
            Kind::Refused {
                status: 409,
                detail: "Key does not have posts:write scope.".into(),
            },
        ),
        (500, "PUBLIC_API_AUTH_ERROR", Kind::Server { status: 500 }),
    ] {
        let body = error_body(code, "Key does not have posts:write scope.");
        let error = prove(&provider, &answering(Reply::new(status, body)), &[]).unwrap_err();
        assert_eq!(error.kind, kind);
        assert_eq!(error.code.as_deref(), Some(code));
        assert_eq!(error.request_id.as_deref(), Some("a1b2c3"));
        assert!(
            provider.error(code).is_some(),
            "the provider file explains {code}"
        );
        hidden(&error);
    }
}

#[test]
fn too_many_requests_say_how_long() {
    let body = error_body(
        "PUBLIC_API_RATE_LIMITED",
        "Rate limit exceeded. Retry after the reset time.",
    );
    let server = answering(Reply::new(429, body).with("retry-after", "42"));
    let error = prove(&provider("aidelly"), &server, &[]).unwrap_err();
    let retry_after_ms = Some(42_000);
    assert_eq!(error.kind, Kind::RateLimited { retry_after_ms });
    assert_eq!(error.code.as_deref(), Some("PUBLIC_API_RATE_LIMITED"));
}
