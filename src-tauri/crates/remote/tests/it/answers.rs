//! What servers answer, told in our kinds.

use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use keystow_core::KeyId;
use keystow_core::key::NewKey;
use keystow_core::remote::RemoteErrorKind as Kind;
use serde_json::{Value, json};

use crate::server::{Server, caller, first_page, json, keys, list_error, list_kind, remote};

/// A server that always gives the same answer.
fn always(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Server {
    Server::start(Router::new().fallback(move || {
        let answer = answer.clone();
        async move { answer() }
    }))
}

fn html(status: u16) -> Response {
    (
        StatusCode::from_u16(status).unwrap(),
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        "<!doctype html><title>Welcome to the hotel network</title>",
    )
        .into_response()
}

fn found(kind: Kind) -> String {
    match kind {
        Kind::Unexpected { found, .. } => found,
        other => unreachable!("{other:?} where Unexpected was meant"),
    }
}

#[test]
fn html_is_named_and_proves_nothing() {
    assert_eq!(found(list_kind(&always(|| html(200)).base())), "HTML");
    for status in [401, 403, 404] {
        let server = always(move || html(status));
        assert_eq!(found(list_kind(&server.base())), format!("HTML ({status})"));
    }
    // A web page that says 404 is not a workspace that says the key is revoked.
    let server = always(|| html(404));
    let outcome = keys(&remote()).delete(&caller(&server.base()), &KeyId::new("k1"));
    assert_eq!(found(outcome.unwrap_err().kind), "HTML (404)");
}

#[test]
fn bodies_that_are_not_the_documented_json_are_named() {
    let with = |kind: &'static str, body: &'static str| {
        let server = always(move || ([(header::CONTENT_TYPE, kind)], body).into_response());
        found(list_kind(&server.base()))
    };
    assert_eq!(with("application/json", "{\"apiKeys\": ["), "broken JSON");
    assert_eq!(with("application/json", ""), "nothing");
    assert_eq!(
        with("application/json", "{\"keys\": []}"),
        "JSON of another shape"
    );
    assert_eq!(
        with("application/json", "{\"apiKeys\": [{\"name\": \"no id\"}]}"),
        "JSON of another shape"
    );
    assert_eq!(with("text/plain", "{\"apiKeys\": []}"), "text/plain");
    assert_eq!(
        with(
            "application/json",
            "{\"apiKeys\": [{\"id\": \"k\", \"expiresAt\": \"soon\"}]}"
        ),
        "something else in expiresAt"
    );
}

#[test]
fn statuses_become_kinds() {
    let problem = json!({"title": "No", "detail": "Because.", "code": "no"});
    for (status, kind) in [
        (
            400,
            Kind::Refused {
                status: 400,
                detail: "Because.".into(),
            },
        ),
        (401, Kind::Unauthorised),
        (
            403,
            Kind::Forbidden {
                detail: Some("Because.".into()),
            },
        ),
        (404, Kind::NotFound),
        (
            409,
            Kind::Refused {
                status: 409,
                detail: "Because.".into(),
            },
        ),
        (
            422,
            Kind::Refused {
                status: 422,
                detail: "Because.".into(),
            },
        ),
        (500, Kind::Server { status: 500 }),
        (503, Kind::Server { status: 503 }),
    ] {
        let problem = problem.clone();
        let server = always(move || json(status, problem.clone()));
        let error = list_error(&server.base());
        assert_eq!(error.kind, kind);
        assert_eq!(error.host, server.address.to_string());
    }
}

#[test]
fn an_error_needs_no_body() {
    let server = always(|| StatusCode::CONFLICT.into_response());
    assert_eq!(
        list_kind(&server.base()),
        Kind::Refused {
            status: 409,
            detail: "no reason given".into()
        }
    );
    let server = always(|| StatusCode::BAD_GATEWAY.into_response());
    assert_eq!(list_kind(&server.base()), Kind::Server { status: 502 });
}

#[test]
fn too_many_requests_say_how_long_in_every_spelling() {
    let header = |name: &'static str, value: &'static str| {
        always(move || {
            (StatusCode::TOO_MANY_REQUESTS, [(name, value)], "slow down").into_response()
        })
    };
    let body = |body: Value| always(move || json(429, body.clone()));
    for (server, wait) in [
        (header("retry-after", "7"), Some(7_000)),
        (header("retry-after", "999999"), Some(3_600_000)),
        (
            header("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(0),
        ),
        (header("x-retry-after", "3"), Some(3_000)),
        (header("x-ratelimit-reset", "1994-11-06T08:49:37Z"), Some(0)),
        (body(json!({"retryAfterSeconds": 12})), Some(12_000)),
        (
            body(json!({"message": "no", "details": {"tryAgainIn": 250}})),
            Some(250),
        ),
        (body(json!({"message": "no"})), None),
    ] {
        assert_eq!(
            list_kind(&server.base()),
            Kind::RateLimited {
                retry_after_ms: wait
            }
        );
    }
}

#[test]
fn an_endless_body_is_left() {
    let server = always(|| {
        let chunk = || Ok::<_, std::io::Error>(vec![b' '; 16 * 1024]);
        let body = Body::from_stream(stream::iter(std::iter::repeat_with(chunk)));
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    });
    let error = list_error(&server.base());
    assert_eq!(
        error.kind,
        Kind::TooLarge {
            limit_bytes: 64 * 1024
        }
    );
    assert!(error.outcome_unknown());
}

#[test]
fn an_endless_error_is_still_that_error() {
    let server = always(|| {
        let chunk = || Ok::<_, std::io::Error>(vec![b' '; 16 * 1024]);
        let body = Body::from_stream(stream::iter(std::iter::repeat_with(chunk)));
        (StatusCode::FORBIDDEN, body).into_response()
    });
    assert_eq!(list_kind(&server.base()), Kind::Forbidden { detail: None });
}

#[test]
fn keeps_the_servers_id_for_the_request() {
    let server = always(|| ([("x-request-id", "req-7")], json(404, json!({}))).into_response());
    let error = list_error(&server.base());
    assert_eq!(error.request_id.as_deref(), Some("req-7"));
    let server = always(|| json(500, json!({"request_id": "req-8"})));
    let error = list_error(&server.base());
    assert_eq!(error.request_id.as_deref(), Some("req-8"));
}

#[test]
fn no_error_quotes_a_secret_or_a_query() {
    let server = always(|| {
        json(
            403,
            json!({"detail": "access-token-of-the-test may not\u{1b}[2J do that", "request_id": "access-token-of-the-test"}),
        )
    });
    let mut query = first_page();
    query.search = Some("a-search-of-mine".into());
    let error = keys(&remote())
        .list(&caller(&server.base()), &query)
        .unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(told.contains("•••••••• may not[2J do that"), "{told}");
    for hidden in ["access-token-of-the-test", "a-search-of-mine", "\u{1b}"] {
        assert!(!told.contains(hidden), "{told}");
    }
}

#[test]
fn a_shape_that_is_not_expected_is_not_quoted() {
    let server = always(|| {
        json(
            201,
            json!({"key": 7, "apiKey": {"id": "hidden-in-the-body"}}),
        )
    });
    let new = NewKey {
        name: "mine".into(),
        ..NewKey::default()
    };
    let error = keys(&remote())
        .create(&caller(&server.base()), &new)
        .unwrap_err();
    assert!(error.outcome_unknown());
    assert!(!format!("{error} {error:?}").contains("hidden-in-the-body"));
}
