//! One-time codes beside the password.

use hmac::{Hmac, KeyInit, Mac};
use keystow_core::Secret;
use keystow_workspace::{OWNER_LOGIN, serve};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::consent::{self, landed, param};
use crate::device;
use crate::oauth::{Asking, ticket};
use crate::server::{Owner, PASSWORD, Server, config, ok, problem};

/// What an authenticator does: the code of now, or of so many steps later.
pub struct Authenticator(Vec<u8>);

impl Authenticator {
    pub fn new(secret: &str) -> Self {
        let mut bits = String::new();
        for c in secret.bytes() {
            let value = if c.is_ascii_uppercase() {
                c - b'A'
            } else {
                c - b'2' + 26
            };
            bits.push_str(&format!("{value:05b}"));
        }
        let bytes = bits.as_bytes().chunks_exact(8);
        let byte = |eight: &[u8]| u8::from_str_radix(std::str::from_utf8(eight).unwrap(), 2);
        Self(bytes.map(|eight| byte(eight).unwrap()).collect())
    }

    pub fn code(&self, later: i64) -> String {
        let step = OffsetDateTime::now_utc().unix_timestamp() / 30 + later;
        let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&self.0).unwrap();
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        let four = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
        format!("{:06}", four % 1_000_000)
    }
}

fn with_code(owner: &Owner<'_>, method: Method, path: &str, code: &str) -> RequestBuilder {
    let request = owner.request(method, &format!("/api/auth/totp{path}"));
    request.json(&json!({"code": code}))
}

/// Turns codes on. The code of now is spent; that of the next step is good.
async fn turn_on(owner: &Owner<'_>) -> (Authenticator, String) {
    let enrolled = ok(owner.request(Method::POST, "/api/auth/totp/enroll")).await;
    let secret = enrolled["secret"].as_str().unwrap();
    assert_eq!(
        enrolled["otpauthUri"],
        format!(
            "otpauth://totp/Keystow:owner%40keystow.local?secret={secret}&issuer=Keystow&algorithm=SHA1&digits=6&period=30"
        )
    );
    let authenticator = Authenticator::new(secret);
    let first = authenticator.code(0);
    let on = ok(with_code(owner, Method::POST, "/confirm", &first)).await;
    assert_eq!(on, json!({"totpEnabled": true}));
    (authenticator, first)
}

async fn login(server: &Server) -> Value {
    let body = json!({"email": OWNER_LOGIN, "password": PASSWORD});
    ok(server.post("/api/auth/login", &body)).await
}

fn second(server: &Server, partial: &Value, code: &str) -> RequestBuilder {
    let body = json!({"code": code, "partialToken": partial["partialToken"]});
    server.post("/api/auth/login/2fa", &body)
}

#[tokio::test]
async fn a_login_needs_the_code_and_each_code_works_once() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let enrolled = ok(owner.request(Method::POST, "/api/auth/totp/enroll")).await;
    // Nothing is asked for before it is confirmed.
    assert_eq!(login(&server).await["requiresTOTP"], false);
    let wrong = with_code(&owner, Method::POST, "/confirm", "000000x");
    problem(wrong, 403, "invalid_code").await;
    let (authenticator, spent) = turn_on(&owner).await;
    assert_eq!(ok(owner.get("/api/auth/me")).await["totpEnabled"], true);
    problem(
        owner.request(Method::POST, "/api/auth/totp/enroll"),
        409,
        "totp_enabled",
    )
    .await;

    let partial = login(&server).await;
    assert_eq!(partial["requiresTOTP"], true);
    assert_eq!(partial["user"]["email"], OWNER_LOGIN);
    assert!(partial.get("accessToken").is_none() && partial.get("refreshToken").is_none());
    let token = partial["partialToken"].as_str().unwrap();
    problem(
        server.get("/api/auth/me").bearer_auth(token),
        401,
        "unauthorized",
    )
    .await;
    // The secret of an enrolment that was replaced is worth nothing.
    let replaced = Authenticator::new(enrolled["secret"].as_str().unwrap()).code(1);
    problem(second(&server, &partial, &replaced), 401, "invalid_code").await;
    problem(second(&server, &partial, &spent), 401, "invalid_code").await;
    let next = authenticator.code(1);
    let session = ok(second(&server, &partial, &next)).await;
    assert_eq!(session["requiresTOTP"], false);
    let access = session["accessToken"].as_str().unwrap();
    ok(server.get("/api/auth/me").bearer_auth(access)).await;

    problem(
        second(&server, &partial, &next),
        401,
        "partial_token_expired",
    )
    .await;
    let partial = login(&server).await;
    problem(second(&server, &partial, &next), 401, "invalid_code").await;
}

#[tokio::test]
async fn guessing_codes_is_limited() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (authenticator, _) = turn_on(&owner).await;
    let partial = login(&server).await;
    for _ in 0..5 {
        problem(second(&server, &partial, "12345"), 401, "invalid_code").await;
    }
    let right = second(&server, &partial, &authenticator.code(1));
    problem(right, 429, "rate_limited").await;
    let code = authenticator.code(1);
    problem(
        with_code(&owner, Method::DELETE, "", &code),
        429,
        "rate_limited",
    )
    .await;
}

#[tokio::test]
async fn a_code_turns_it_off_and_a_session_alone_does_not() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (authenticator, spent) = turn_on(&owner).await;
    problem(
        with_code(&owner, Method::DELETE, "", &spent),
        403,
        "invalid_code",
    )
    .await;
    let off = ok(with_code(
        &owner,
        Method::DELETE,
        "",
        &authenticator.code(1),
    ))
    .await;
    assert_eq!(off, json!({"totpEnabled": false}));
    assert_eq!(login(&server).await["requiresTOTP"], false);
    let anybody = server.request(Method::POST, "/api/auth/totp/enroll");
    problem(anybody, 401, "unauthorized").await;
}

#[tokio::test]
async fn pages_ask_for_the_code_and_a_ticket_still_stands_for_both() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (authenticator, _) = turn_on(&owner).await;
    let page = Asking::default().send(&server).await.text().await.unwrap();
    assert!(page.contains("name=\"code\""));
    let token = consent::csrf(&page);
    let fields = [
        ("csrf", token.as_str()),
        ("decision", "allow"),
        ("password", PASSWORD),
    ];
    let again = consent::answer(&server, &fields).await;
    let again = again.text().await.unwrap();
    assert!(again.contains("The one-time code is not right"));

    let begun = device::begin(&server).await;
    let page = device::open(&server, &begun, &[])
        .await
        .text()
        .await
        .unwrap();
    assert!(page.contains("name=\"code\""));
    let code = authenticator.code(1);
    let fields = [
        ("decision", "allow"),
        ("password", PASSWORD),
        ("code", code.as_str()),
    ];
    let done = device::answer(&server, &page, &fields).await;
    assert!(done.text().await.unwrap().contains("Signed in"));

    let asking = Asking::default().with("keystow_ticket", &ticket(&server).await);
    let page = asking.send(&server).await.text().await.unwrap();
    assert!(!page.contains("name=\"code\"") && !page.contains("type=\"password\""));
    let token = consent::csrf(&page);
    let fields = [("csrf", token.as_str()), ("decision", "allow")];
    let done = landed(&consent::answer(&server, &fields).await);
    assert!(param(&done, "code").is_some());
}

#[tokio::test]
async fn another_password_at_start_turns_it_off() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    turn_on(&owner).await;
    let data = server.stop().await;
    let (tell, ready) = tokio::sync::oneshot::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let reset = config(data.path());
    let serving = tokio::spawn(async move {
        let password = Some(Secret::new("another one".to_owned()));
        serve(reset, password, async { drop(stopped.await) }, |running| {
            drop(tell.send(running))
        })
        .await
    });
    let running = ready.await.unwrap();
    let request = crate::server::client().post(format!("{}/auth/login", running.url));
    let session = ok(request.json(&json!({"email": OWNER_LOGIN, "password": "another one"}))).await;
    assert_eq!(session["requiresTOTP"], false);
    drop(stop);
    serving.await.unwrap().unwrap();
}
