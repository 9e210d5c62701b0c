//! Signing in with a code that is approved in a browser (RFC 8628).

use keystow_workspace::OWNER_LOGIN;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::consent::csrf;
use crate::oauth::ticket_for;
use crate::server::{PASSWORD, Server, ok, problem};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Begins a sign-in: the answer of the endpoint.
pub async fn begin(server: &Server) -> Value {
    let body = json!({"client_id": "keystow", "device_name": "mira's <box>"});
    ok(server.post("/api/auth/device/code", &body)).await
}

fn device_code(begun: &Value) -> &str {
    begun["device_code"].as_str().unwrap()
}

fn poll(server: &Server, begun: &Value) -> RequestBuilder {
    let body =
        json!({"grant_type": GRANT, "device_code": device_code(begun), "client_id": "keystow"});
    server.post("/api/auth/device/token", &body)
}

async fn refused(request: RequestBuilder, status: u16, error: &str) {
    let response = request.send().await.unwrap();
    let found = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert_eq!((found, body["error"].as_str()), (status, Some(error)));
    assert!(body["error_description"].is_string());
}

/// The page behind the address with the code in it.
pub async fn open(server: &Server, begun: &Value, more: &[(&str, &str)]) -> Response {
    let complete = begun["verification_uri_complete"].as_str().unwrap();
    server.http.get(complete).query(more).send().await.unwrap()
}

pub async fn answer(server: &Server, page: &str, fields: &[(&str, &str)]) -> Response {
    let token = csrf(page);
    let mut form = vec![("csrf", token.as_str())];
    form.extend(fields);
    server
        .request(Method::POST, "/device")
        .header("origin", server.origin())
        .form(&form)
        .send()
        .await
        .unwrap()
}

async fn approve(server: &Server, begun: &Value) {
    let page = open(server, begun, &[]).await.text().await.unwrap();
    let done = answer(
        server,
        &page,
        &[("decision", "allow"), ("password", PASSWORD)],
    )
    .await;
    assert_eq!(done.status(), 200);
    assert!(done.text().await.unwrap().contains("Signed in"));
}

#[tokio::test]
async fn an_approved_device_gets_the_same_session_as_a_login() {
    let server = Server::start().await;
    let begun = begin(&server).await;
    assert_eq!(
        begun["verification_uri"],
        format!("{}/device", server.origin())
    );
    let user_code = begun["user_code"].as_str().unwrap();
    assert_eq!(
        begun["verification_uri_complete"],
        format!("{}/device?user_code={user_code}", server.origin())
    );
    assert_eq!(
        (&begun["expires_in"], &begun["interval"]),
        (&json!(900), &json!(5))
    );
    refused(poll(&server, &begun), 400, "authorization_pending").await;
    refused(poll(&server, &begun), 400, "slow_down").await;

    let page = open(&server, &begun, &[]).await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"));
    let page = page.text().await.unwrap();
    assert!(page.contains("Allow Keystow to use this workspace?") && page.contains(user_code));
    assert!(page.contains("mira&#39;s &lt;box&gt;") && page.contains("type=\"password\""));
    let wrong = answer(
        &server,
        &page,
        &[("decision", "allow"), ("password", "guess")],
    )
    .await;
    let page = wrong.text().await.unwrap();
    assert!(page.contains("The login or the password is not right."));
    let done = answer(
        &server,
        &page,
        &[("decision", "allow"), ("password", PASSWORD)],
    )
    .await;
    assert!(done.text().await.unwrap().contains("Signed in"));

    let tokens = ok(poll(&server, &begun)).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], "workspace");
    assert_eq!(tokens["expires_in"], 3600);
    refused(poll(&server, &begun), 400, "invalid_grant").await;
    let access = tokens["access_token"].as_str().unwrap();
    ok(server.get("/api/api-keys").bearer_auth(access)).await;
    let refresh = |token: &Value| server.post("/api/auth/refresh", &json!({"refreshToken": token}));
    let second = ok(refresh(&tokens["refresh_token"])).await;
    let newest = second["accessToken"].as_str().unwrap();
    ok(server.get("/api/auth/me").bearer_auth(newest)).await;
    problem(refresh(&tokens["refresh_token"]), 401, "session_ended").await;
    problem(
        server.get("/api/auth/me").bearer_auth(newest),
        401,
        "unauthorized",
    )
    .await;
}

#[tokio::test]
async fn a_form_at_the_token_endpoint_of_oauth_works_too() {
    let server = Server::start().await;
    let metadata = ok(server.get("/.well-known/oauth-authorization-server")).await;
    assert_eq!(
        metadata["device_authorization_endpoint"],
        format!("{}/api/auth/device/code", server.origin())
    );
    assert!(
        metadata["grant_types_supported"]
            .as_array()
            .unwrap()
            .contains(&json!(GRANT))
    );
    let begun = ok(server
        .request(Method::POST, "/api/auth/device/code")
        .form(&[("client_id", "keystow")]))
    .await;
    approve(&server, &begun).await;
    let form = |client: &'static str| {
        server.request(Method::POST, "/oauth/token").form(&[
            ("grant_type", GRANT),
            ("client_id", client),
            ("device_code", device_code(&begun)),
        ])
    };
    refused(form("stranger"), 400, "invalid_grant").await;
    let tokens = ok(form("keystow")).await;
    let again = ok(server.request(Method::POST, "/oauth/token").form(&[
        ("grant_type", "refresh_token"),
        ("client_id", "keystow"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ]))
    .await;
    let access = again["access_token"].as_str().unwrap();
    ok(server.get("/api/auth/me").bearer_auth(access)).await;
}

#[tokio::test]
async fn no_is_told_to_the_device_and_holds() {
    let server = Server::start().await;
    let begun = begin(&server).await;
    let page = open(&server, &begun, &[]).await.text().await.unwrap();
    let second = open(&server, &begun, &[]).await.text().await.unwrap();
    let done = answer(&server, &page, &[("decision", "deny")]).await;
    assert!(done.text().await.unwrap().contains("Denied"));
    refused(poll(&server, &begun), 400, "access_denied").await;
    // Another page that was open for the same code comes too late.
    let late = [("decision", "allow"), ("password", PASSWORD)];
    assert_eq!(answer(&server, &second, &late).await.status(), 400);
    assert_eq!(open(&server, &begun, &[]).await.status(), 404);
    refused(poll(&server, &begun), 400, "access_denied").await;
}

#[tokio::test]
async fn a_ticket_stands_for_the_password_for_the_program_that_holds_the_device_code() {
    let server = Server::start().await;
    let begun = begin(&server).await;
    let stolen = ticket_for(&server, "the-verifier-of-another-program-0123456789a").await;
    let page = open(&server, &begun, &[("keystow_ticket", &stolen)]).await;
    assert!(page.text().await.unwrap().contains("type=\"password\""));
    let ticket = ticket_for(&server, device_code(&begun)).await;
    let page = open(&server, &begun, &[("keystow_ticket", &ticket)]).await;
    let page = page.text().await.unwrap();
    assert!(!page.contains("type=\"password\""));
    let again = open(&server, &begun, &[("keystow_ticket", &ticket)]).await;
    assert!(again.text().await.unwrap().contains("type=\"password\""));
    answer(&server, &page, &[("decision", "allow")]).await;
    ok(poll(&server, &begun)).await;
}

#[tokio::test]
async fn a_page_is_answered_once_and_only_from_itself() {
    let server = Server::start().await;
    let begun = begin(&server).await;
    let page = open(&server, &begun, &[]).await.text().await.unwrap();
    let token = csrf(&page);
    let form = [
        ("csrf", token.as_str()),
        ("decision", "allow"),
        ("password", PASSWORD),
    ];
    let post = |origin: String| {
        server
            .request(Method::POST, "/device")
            .header("origin", origin)
            .form(&form)
    };
    problem(
        post("https://evil.example".to_owned()),
        403,
        "origin_not_allowed",
    )
    .await;
    let made_up = [
        ("csrf", "guess"),
        ("decision", "allow"),
        ("password", PASSWORD),
    ];
    let made_up = server.request(Method::POST, "/device").form(&made_up);
    assert_eq!(made_up.send().await.unwrap().status(), 400);
    refused(poll(&server, &begun), 400, "authorization_pending").await;
    assert_eq!(post(server.origin()).send().await.unwrap().status(), 200);
    assert_eq!(post(server.origin()).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn guessing_codes_is_limited() {
    let server = Server::start().await;
    let begun = begin(&server).await;
    let try_code = async |code: &str| {
        let request = server.get("/device").query(&[("user_code", code)]);
        request.send().await.unwrap()
    };
    // However it is typed.
    let shown = begun["user_code"].as_str().unwrap();
    let typed = format!(" {} ", shown.to_lowercase().replace('-', " "));
    for _ in 0..11 {
        let page = try_code(&typed).await;
        assert_eq!(page.status(), 200, "right ones are free");
        assert!(page.text().await.unwrap().contains(shown));
    }
    for _ in 0..10 {
        let page = try_code("BCDF-GHJK").await;
        assert_eq!(page.status(), 404);
        assert!(page.text().await.unwrap().contains("name=\"user_code\""));
    }
    let limited = try_code(&typed).await;
    assert_eq!(limited.status(), 429);
    let wait = limited.headers()["retry-after"].to_str().unwrap();
    assert!((1..=60).contains(&wait.parse::<u64>().unwrap()));
    let empty = server.get("/device").send().await.unwrap();
    assert_eq!(empty.status(), 200);
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_told_as_oauth_tells_it() {
    let server = Server::start().await;
    let ask = |body: Value| server.post("/api/auth/device/code", &body);
    refused(ask(json!({"client_id": "stranger"})), 401, "invalid_client").await;
    refused(ask(json!({})), 401, "invalid_client").await;
    let scope = json!({"client_id": "keystow", "scope": "everything"});
    refused(ask(scope), 400, "invalid_scope").await;
    let target = json!({"client_id": "keystow", "resource": "https://example.com/"});
    refused(ask(target), 400, "invalid_target").await;
    let poll = |body: Value| server.post("/api/auth/device/token", &body);
    refused(
        poll(json!({"grant_type": "password", "client_id": "keystow"})),
        400,
        "unsupported_grant_type",
    )
    .await;
    let unknown = json!({"grant_type": GRANT, "client_id": "keystow", "device_code": "kd_guess"});
    refused(poll(unknown), 400, "invalid_grant").await;
    let none = json!({"grant_type": GRANT, "client_id": "keystow"});
    refused(poll(none), 400, "invalid_request").await;
    let plain = server
        .request(Method::POST, "/api/auth/device/code")
        .header("content-type", "text/plain")
        .body("client_id=keystow");
    problem(plain, 415, "unsupported_media_type").await;
    for _ in 0..16 {
        ok(ask(json!({"client_id": "keystow"}))).await;
    }
    problem(ask(json!({"client_id": "keystow"})), 429, "rate_limited").await;
    // Signing in is not held up by it.
    let login = json!({"email": OWNER_LOGIN, "password": PASSWORD});
    ok(server.post("/api/auth/login", &login)).await;
}
