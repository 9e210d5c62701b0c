//! Source: docs.creatoraudit.com/api-reference/{authentication, errors, rate-limits}, checked 2026-11-21.

use keystow_core::key::{Budget, KeyFacts};
use keystow_core::remote::RemoteErrorKind as Kind;
use serde_json::{Value, json};

use super::{arrives, hidden, prove, provider};
use crate::scripted::{Reply, Scripted};

const WHOAMI: &str = "GET /whoami";

fn answering(reply: Reply) -> Scripted {
    Scripted::start(|_| vec![(WHOAMI, reply)])
}

fn problem(status: u16, title: &str, code: &str, detail: &str) -> Value {
    json!({
        "type": format!("urn:creatoraudit:error:{}", code.to_lowercase().replace('_', "-")),
        "title": title, "status": status, "detail": detail, "code": code, "instance": "/v2/whoami",
        "request_id": "8f1c2a4e",
    })
}

#[test]
fn tells_whose_key_it_is_and_what_is_left_of_it() {
    let body = json!({"data": {"type": "whoami", "organization_id": "0b3f2c14-9a6d-4f1e-8b2a-1c2d3e4f5a6b",
        "api_key_name": "Production key"}});
    let reply = Reply::new(200, body)
        .with("date", "Fri, 14 Jun 2024 08:59:00 GMT")
        .with("x-ratelimit-limit", "600")
        .with("x-ratelimit-remaining", "12")
        .with("x-ratelimit-reset", "1718355600");
    let (provider, server) = (provider("creatoraudit"), answering(reply));
    let facts = prove(&provider, &server, &[]).unwrap();
    arrives(&provider, &server, WHOAMI);
    let budget = facts.budget.unwrap();
    assert!(budget.resets_at.is_some());
    assert_eq!(
        facts,
        KeyFacts {
            name: Some("Production key".into()),
            organization: Some("0b3f2c14-9a6d-4f1e-8b2a-1c2d3e4f5a6b".into()),
            budget: Some(Budget {
                limit: 600,
                remaining: Some(12),
                window_ms: None,
                resets_at: budget.resets_at,
            }),
            ..KeyFacts::default()
        }
    );
}

#[test]
fn its_refusals_keep_their_code_their_sentence_and_their_id() {
    let forbidden = |detail: &str| Kind::Forbidden {
        detail: Some(detail.to_owned()),
    };
    let provider = provider("creatoraudit");
    for (status, title, code, detail, kind) in [
        (
            401,
            "Unauthorized",
            "UNAUTHORIZED",
            "Invalid API key.",
            Kind::Unauthorised,
        ),
        (
            403,
            "Forbidden",
            "FORBIDDEN",
            "Inactive key.",
            forbidden("Inactive key."),
        ),
        (
            403,
            "Forbidden",
            "INSUFFICIENT_SCOPE",
            "Needs write.",
            forbidden("Needs write."),
        ),
        (
            403,
            "Forbidden",
            "QUOTA_EXCEEDED",
            "Quota reached.",
            forbidden("Quota reached."),
        ),
        (
            404,
            "Not Found",
            "NOT_FOUND",
            "Account not found.",
            Kind::NotFound,
        ),
        (
            502,
            "Bad Gateway",
            "UPSTREAM_ERROR",
            "Upstream.",
            Kind::Server { status: 502 },
        ),
    ] {
        let reply = Reply::new(status, problem(status, title, code, detail))
            .with("content-type", "application/problem+json");
        let error = prove(&provider, &answering(reply), &[]).unwrap_err();
        assert_eq!(error.kind, kind);
        assert_eq!(error.code.as_deref(), Some(code));
        assert_eq!(error.request_id.as_deref(), Some("8f1c2a4e"));
        assert!(
            provider.error(code).is_some(),
            "the provider file explains {code}"
        );
        hidden(&error);
    }
}

#[test]
fn a_validation_error_names_the_fields() {
    let mut body = problem(
        422,
        "Unprocessable Entity",
        "VALIDATION_ERROR",
        "Request failed validation.",
    );
    body["errors"] = json!([{"field": "platform", "message": "must be one of: instagram, tiktok"}]);
    let error = prove(
        &provider("creatoraudit"),
        &answering(Reply::new(422, body)),
        &[],
    )
    .unwrap_err();
    let detail =
        "Request failed validation. (platform: must be one of: instagram, tiktok)".to_owned();
    let status = 422;
    assert_eq!(error.kind, Kind::Refused { status, detail });
}

#[test]
fn too_many_requests_say_how_long() {
    let body = problem(
        429,
        "Too Many Requests",
        "RATE_LIMITED",
        "Rate limit exceeded.",
    );
    let server = answering(Reply::new(429, body).with("retry-after", "30"));
    let error = prove(&provider("creatoraudit"), &server, &[]).unwrap_err();
    let retry_after_ms = Some(30_000);
    assert_eq!(error.kind, Kind::RateLimited { retry_after_ms });
    assert_eq!(error.code.as_deref(), Some("RATE_LIMITED"));
    assert_eq!(server.asked(), [WHOAMI]);
}
