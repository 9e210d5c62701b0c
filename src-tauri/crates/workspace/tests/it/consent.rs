//! The consent page, as a browser gets it.

use keystow_workspace::OWNER_LOGIN;
use reqwest::{Method, Response};
use serde_json::json;
use url::Url;

use crate::oauth::{Asking, VERIFIER, ticket, ticket_for};
use crate::server::{PASSWORD, Server};

pub fn csrf(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"csrf\" value=\"")
        .unwrap_or_else(|| panic!("{page}"));
    rest.split_once('"').unwrap().0.to_owned()
}

/// Where a redirect leads, with its query.
pub fn landed(response: &Response) -> Url {
    assert_eq!(response.status(), 303);
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

pub fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub async fn answer(server: &Server, fields: &[(&str, &str)]) -> Response {
    server
        .request(Method::POST, "/oauth/authorize")
        .header("origin", server.origin())
        .form(fields)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_page_says_who_asks_for_what_and_loads_nothing() {
    let server = Server::start().await;
    let page = Asking::default().send(&server).await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(policy.contains("form-action 'self' http://127.0.0.1:43121;"));
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script"));
    assert_eq!(page.headers()["x-frame-options"], "DENY");
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    assert!(!page.headers().contains_key("set-cookie"));
    let text = page.text().await.unwrap();
    assert!(text.contains("Keystow") && text.contains("127.0.0.1:43121"));
    assert!(text.contains("see, make, change and revoke the keys"));
    assert!(text.contains("type=\"password\""));
    // Enter presses the first button.
    assert!(text.find("value=\"allow\"") < text.find("value=\"deny\""));
    for outside in ["<script", "<link", "<img", "url(", "@import"] {
        assert!(!text.contains(outside), "{outside}");
    }
}

#[tokio::test]
async fn a_ticket_stands_for_the_password_once() {
    let server = Server::start().await;
    let ticket = ticket(&server).await;
    let asking = Asking::default().with("keystow_ticket", &ticket);
    let page = asking.send(&server).await.text().await.unwrap();
    assert!(!page.contains("type=\"password\""));
    let again = asking.send(&server).await.text().await.unwrap();
    assert!(again.contains("type=\"password\""), "a ticket works once");
    let done = landed(&answer(&server, &[("csrf", &csrf(&page)), ("decision", "allow")]).await);
    assert!(
        done.as_str()
            .starts_with("http://127.0.0.1:43121/callback?")
    );
    assert!(param(&done, "code").is_some());
    assert_eq!(param(&done, "state").unwrap(), "s t&te");
    assert_eq!(param(&done, "iss").unwrap(), server.origin());
    let made_up = Asking::default()
        .with("keystow_ticket", "kt_guess")
        .send(&server)
        .await
        .text()
        .await
        .unwrap();
    assert!(made_up.contains("type=\"password\""));
}

#[tokio::test]
async fn a_ticket_that_was_read_off_the_browsers_address_is_worth_nothing_to_another_program() {
    let server = Server::start().await;
    let stolen = ticket_for(&server, "the-verifier-of-another-program-0123456789a").await;
    let page = Asking::default()
        .with("keystow_ticket", &stolen)
        .send(&server)
        .await;
    assert!(page.text().await.unwrap().contains("type=\"password\""));
}

#[tokio::test]
async fn without_a_ticket_the_password_is_asked_for() {
    let server = Server::start().await;
    let page = Asking::default().send(&server).await.text().await.unwrap();
    let token = csrf(&page);
    let wrong = answer(
        &server,
        &[
            ("csrf", &token),
            ("decision", "allow"),
            ("password", "guess"),
        ],
    )
    .await;
    assert_eq!(wrong.status(), 200);
    let page = wrong.text().await.unwrap();
    assert!(page.contains("The login or the password is not right."));
    let none = answer(&server, &[("csrf", &csrf(&page)), ("decision", "allow")]).await;
    let page = none.text().await.unwrap();
    let done = answer(
        &server,
        &[
            ("csrf", &csrf(&page)),
            ("decision", "allow"),
            ("password", PASSWORD),
        ],
    )
    .await;
    assert!(param(&landed(&done), "code").is_some());
}

#[tokio::test]
async fn guessing_on_the_page_is_limited_as_signing_in_is() {
    let server = Server::start().await;
    let mut page = Asking::default().send(&server).await.text().await.unwrap();
    for _ in 0..10 {
        let fields = [
            ("csrf", csrf(&page)),
            ("decision", "allow".to_owned()),
            ("password", "guess".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        page = answer(&server, &fields).await.text().await.unwrap();
    }
    let right = answer(
        &server,
        &[
            ("csrf", &csrf(&page)),
            ("decision", "allow"),
            ("password", PASSWORD),
        ],
    )
    .await;
    assert!(
        right
            .text()
            .await
            .unwrap()
            .contains("Too many failed sign-ins")
    );
    let login = server.post(
        "/api/auth/login",
        &json!({"email": OWNER_LOGIN, "password": PASSWORD}),
    );
    assert_eq!(login.send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn no_is_told_to_the_client() {
    let server = Server::start().await;
    let page = Asking::default().send(&server).await.text().await.unwrap();
    let denied = landed(&answer(&server, &[("csrf", &csrf(&page)), ("decision", "deny")]).await);
    assert_eq!(param(&denied, "error").unwrap(), "access_denied");
    assert_eq!(param(&denied, "state").unwrap(), "s t&te");
    assert_eq!(param(&denied, "iss").unwrap(), server.origin());
    assert!(param(&denied, "code").is_none());
}

#[tokio::test]
async fn a_page_is_answered_once_and_only_from_itself() {
    let server = Server::start().await;
    let page = Asking::default()
        .with("keystow_ticket", &ticket(&server).await)
        .send(&server)
        .await;
    let token = csrf(&page.text().await.unwrap());
    let foreign = server
        .request(Method::POST, "/oauth/authorize")
        .header("origin", "https://evil.example")
        .form(&[("csrf", token.as_str()), ("decision", "allow")])
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    assert_eq!(
        answer(&server, &[("csrf", "guess"), ("decision", "allow")])
            .await
            .status(),
        400
    );
    let fields = [("csrf", token.as_str()), ("decision", "allow")];
    assert_eq!(answer(&server, &fields).await.status(), 303);
    assert_eq!(answer(&server, &fields).await.status(), 400);
}

#[tokio::test]
async fn a_wrong_address_or_client_is_never_redirected_to() {
    let server = Server::start().await;
    for asking in [
        Asking::default().with("redirect_uri", "https://evil.example/callback"),
        Asking::default().with("redirect_uri", "http://127.0.0.1:43121/other"),
        Asking::default().with("redirect_uri", "http://127.0.0.1:43121/callback?x=1"),
        Asking::default().with("redirect_uri", "http://user@127.0.0.1:43121/callback"),
        Asking::default().with("redirect_uri", "http://localhost:43121/callback"),
        Asking::default().with("redirect_uri", "not a url"),
        Asking::default().with("client_id", "stranger"),
        Asking::default().without("client_id"),
        Asking::default().without("redirect_uri"),
        Asking::default().also("redirect_uri", "https://evil.example/callback"),
    ] {
        let page = asking.send(&server).await;
        assert_eq!(page.status(), 400, "{asking:?}");
        assert!(!page.headers().contains_key("location"));
        assert!(!page.text().await.unwrap().contains("csrf"));
    }
}

#[tokio::test]
async fn other_mistakes_are_told_to_the_client() {
    let server = Server::start().await;
    for (asking, error) in [
        (
            Asking::default().with("response_type", "token"),
            "unsupported_response_type",
        ),
        (
            Asking::default().with("code_challenge_method", "plain"),
            "invalid_request",
        ),
        (
            Asking::default().without("code_challenge_method"),
            "invalid_request",
        ),
        (
            Asking::default().without("code_challenge"),
            "invalid_request",
        ),
        (
            Asking::default().with("code_challenge", VERIFIER),
            "invalid_request",
        ),
        (
            Asking::default().with("scope", "everything"),
            "invalid_scope",
        ),
        (
            Asking::default().with("scope", "call:tools"),
            "invalid_scope",
        ),
        (
            Asking::default().with("resource", "https://example.com"),
            "invalid_target",
        ),
    ] {
        let back = landed(&asking.send(&server).await);
        assert!(
            back.as_str()
                .starts_with("http://127.0.0.1:43121/callback?")
        );
        assert_eq!(param(&back, "error").unwrap(), error, "{asking:?}");
        assert_eq!(param(&back, "iss").unwrap(), server.origin());
        assert_eq!(param(&back, "state").unwrap(), "s t&te");
    }
}
