//! Password sign-in, refresh and sign-out against servers that differ from the local workspace.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use keystow_core::Secret;
use keystow_core::remote::{PasswordAnswer, RemoteErrorKind as Kind, Session};
use serde_json::{Value, json};

use crate::server::{Server, json, ocore, remote, token};

fn answering(status: u16, body: Value) -> Server {
    Server::start(Router::new().fallback(move || {
        let body = body.clone();
        async move { json(status, body) }
    }))
}

fn sign_in(status: u16, body: Value) -> Result<Session, Kind> {
    let server = answering(status, body);
    ocore(&remote())
        .password(
            &server.base(),
            "me@example.com",
            &Secret::new("pass-word".into()),
        )
        .map(|answer| match answer {
            PasswordAnswer::Done(session) => session,
            PasswordAnswer::CodeNeeded(_) => unreachable!("no second factor was asked for"),
        })
        .map_err(|error| error.kind)
}

fn session(refresh: Option<&str>) -> Session {
    Session {
        access: token(),
        refresh: refresh.map(|token| Secret::new(token.into())),
        expires_at: None,
        oauth_client: None,
        issuer: None,
    }
}

#[test]
fn a_wrong_password_is_a_refused_sign_in_in_the_servers_words() {
    assert_eq!(
        sign_in(
            401,
            json!({"code": "invalid_credentials", "detail": "pass-word is not right."})
        )
        .unwrap_err(),
        Kind::SignInRefused {
            detail: "•••••••• is not right.".into()
        }
    );
    assert!(matches!(
        sign_in(401, json!({})).unwrap_err(),
        Kind::SignInRefused { .. }
    ));
    assert_eq!(
        sign_in(429, json!({"retryAfterSeconds": 2})).unwrap_err(),
        Kind::RateLimited {
            retry_after_ms: Some(2_000)
        }
    );
}

#[test]
fn a_second_factor_is_asked_for_and_answered() {
    let asked = Arc::new(Mutex::new(None));
    let note = Arc::clone(&asked);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let note = Arc::clone(&note);
        async move {
            match request.uri().path() {
                "/api/auth/login" => json(
                    200,
                    json!({"user": {}, "requiresTOTP": true, "partialToken": "half"}),
                ),
                "/api/auth/login/2fa" => {
                    let body = axum::body::to_bytes(request.into_body(), 1_000).await;
                    let body: Value = serde_json::from_slice(&body.unwrap()).unwrap();
                    *note.lock().unwrap() = Some(body.clone());
                    match body["code"] == "123456" {
                        true => json(200, json!({"accessToken": "whole", "requiresTOTP": false})),
                        false => json(401, json!({"message": "123457 is wrong."})),
                    }
                }
                _ => json(404, json!({})),
            }
        }
    }));
    let sign_in = ocore(&remote());
    let password = Secret::new("pass-word".into());
    let answer = sign_in.password(&server.base(), "me@example.com", &password);
    let PasswordAnswer::CodeNeeded(half) = answer.unwrap() else {
        unreachable!("a code is asked for")
    };
    let code =
        |code: &str| sign_in.second_factor(&server.base(), &half, &Secret::new(code.to_owned()));
    let detail = "•••••••• is wrong.".to_owned();
    assert_eq!(
        code("123457").unwrap_err().kind,
        Kind::SignInRefused { detail }
    );
    let session = code("123456").unwrap();
    assert_eq!(session.access, Secret::new("whole".into()));
    assert_eq!(
        *asked.lock().unwrap(),
        Some(json!({"code": "123456", "partialToken": "half"}))
    );
}

#[test]
fn tokens_that_come_as_cookies_only_are_read_once() {
    let server = Server::start(Router::new().fallback(|| async {
        let mut response = json(200, json!({"user": {}, "requiresTOTP": false}));
        for cookie in [
            "csrf_token=no; Path=/",
            "refresh_token=the-refresh; HttpOnly",
            // Its middle says that it ends in 2100.
            "access_token=e30.eyJleHAiOjQxMDI0NDQ4MDB9.x; HttpOnly; Path=/",
        ] {
            let headers = response.headers_mut();
            headers.append("set-cookie", cookie.parse().unwrap());
        }
        response
    }));
    let answer = ocore(&remote()).password(&server.base(), "me", &Secret::new("p".into()));
    let PasswordAnswer::Done(session) = answer.unwrap() else {
        unreachable!("no code is asked for")
    };
    let access = "e30.eyJleHAiOjQxMDI0NDQ4MDB9.x".to_owned();
    assert_eq!(session.access, Secret::new(access));
    assert_eq!(session.refresh, Some(Secret::new("the-refresh".into())));
    assert_eq!(session.expires_at, Some(4_102_444_800_000));
}

#[test]
fn a_sign_in_without_a_token_is_none() {
    for body in [
        json!({"user": {}}),
        json!({"accessToken": null}),
        json!({"accessToken": ""}),
        json!({"accessToken": 7}),
    ] {
        let kind = sign_in(200, body).unwrap_err();
        assert!(matches!(kind, Kind::Unexpected { .. }), "{kind}");
    }
}

#[test]
fn a_session_without_an_expiry_has_none() {
    let session = sign_in(200, json!({"accessToken": "a"})).unwrap();
    assert!(session.expires_at.is_none() && session.refresh.is_none());
    assert_eq!(session.oauth_client, None);
}

#[test]
fn a_refresh_that_does_not_rotate_keeps_the_old_token() {
    let server = answering(200, json!({"accessToken": "new", "expiresIn": 60}));
    let new = ocore(&remote())
        .refresh(&server.base(), &session(Some("old")))
        .unwrap();
    assert_eq!(new.access, Secret::new("new".into()));
    assert_eq!(new.refresh, Some(Secret::new("old".into())));
    assert!(new.expires_at.is_some());
}

#[test]
fn only_a_clear_no_ends_the_session() {
    let kind = |status, body| {
        let server = answering(status, body);
        ocore(&remote())
            .refresh(&server.base(), &session(Some("old")))
            .unwrap_err()
            .kind
    };
    assert_eq!(
        kind(401, json!({"code": "session_ended"})),
        Kind::SessionEnded
    );
    assert_eq!(kind(500, json!({})), Kind::Server { status: 500 });
    assert_eq!(kind(404, json!({})), Kind::NotFound);
    let server = answering(200, json!({}));
    let nothing_to_refresh = ocore(&remote()).refresh(&server.base(), &session(None));
    assert_eq!(nothing_to_refresh.unwrap_err().kind, Kind::SessionEnded);
}

#[test]
fn a_sign_out_with_a_stale_access_token_refreshes_it_first() {
    let paths = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&paths);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let fresh = request
            .headers()
            .get("authorization")
            .map(|v| v == "Bearer fresh")
            == Some(true);
        let path = request.uri().path().to_owned();
        seen.lock().unwrap().push(path.clone());
        async move {
            match path.as_str() {
                "/api/auth/refresh" => {
                    json(200, json!({"accessToken": "fresh", "refreshToken": "next"}))
                }
                "/api/auth/logout" if fresh => axum::http::StatusCode::NO_CONTENT.into_response(),
                _ => json(401, json!({"code": "token_expired"})),
            }
        }
    }));
    ocore(&remote())
        .sign_out(&server.base(), &session(Some("old")))
        .unwrap();
    assert_eq!(
        *paths.lock().unwrap(),
        ["/api/auth/logout", "/api/auth/refresh", "/api/auth/logout"]
    );
}

#[test]
fn a_session_that_has_ended_is_as_good_as_signed_out() {
    let server = answering(401, json!({"code": "session_ended"}));
    let remote = remote();
    ocore(&remote)
        .sign_out(&server.base(), &session(Some("old")))
        .unwrap();
    ocore(&remote)
        .sign_out(&server.base(), &session(None))
        .unwrap();
}

#[test]
fn an_account_is_told_in_plain_text() {
    let server = answering(
        200,
        json!({"user": {"id": "u", "email": "me@example.com\u{1b}[0m"}, "organization": {"slug": "acme", "name": ""}}),
    );
    let account = ocore(&remote()).account(&server.base(), &token()).unwrap();
    assert_eq!(account.login, "me@example.com[0m");
    assert_eq!(account.organization.unwrap().id, "acme");
}
