use keystow_core::Secret;
use keystow_workspace::{OWNER_LOGIN, ServeError, owner_exists, serve};
use reqwest::Method;
use serde_json::json;

use crate::server::{PASSWORD, Server, config, ok, problem};

#[tokio::test]
async fn the_owner_signs_in_with_the_password() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let session = &owner.session;
    assert_eq!(session["user"]["email"], OWNER_LOGIN);
    assert_eq!(session["organization"]["slug"], "personal");
    assert_eq!(session["organization"]["name"], "Personal");
    assert_eq!(session["requiresTOTP"], false);
    assert!(session["partialToken"].is_null());
    assert_eq!(session["expiresIn"], 3600);
    let me = ok(owner.get("/api/auth/me")).await;
    assert_eq!(me["user"], session["user"]);
    assert_eq!(me["organization"], session["organization"]);
    assert_eq!(me["totpEnabled"], false);
}

#[tokio::test]
async fn login_and_password_are_refused_alike_and_not_too_often() {
    let server = Server::start().await;
    let wrong = json!({"email": OWNER_LOGIN, "password": "guess"});
    let stranger = json!({"email": "mallory@example.com", "password": PASSWORD});
    let first = problem(
        server.post("/api/auth/login", &wrong),
        401,
        "invalid_credentials",
    )
    .await;
    let second = problem(
        server.post("/api/auth/login", &stranger),
        401,
        "invalid_credentials",
    )
    .await;
    assert_eq!(first["detail"], second["detail"]);
    let mut wrong_ticket = wrong.clone();
    wrong_ticket["codeChallenge"] = "x".into();
    for _ in 0..8 {
        problem(
            server.post("/api/auth/ticket", &wrong_ticket),
            401,
            "invalid_credentials",
        )
        .await;
    }
    let right = json!({"email": OWNER_LOGIN, "password": PASSWORD});
    let refused = server.post("/api/auth/login", &right).send().await.unwrap();
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    crate::server::is_problem(refused, 429, "rate_limited").await;
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let refresh = |token: &str| server.post("/api/auth/refresh", &json!({"refreshToken": token}));

    let second = ok(refresh(owner.refresh())).await;
    assert_ne!(second["accessToken"], owner.session["accessToken"]);
    // A request that was under way with the old access token still gets through.
    ok(owner.get("/api/auth/me")).await;
    let third = ok(refresh(second["refreshToken"].as_str().unwrap())).await;

    problem(refresh(owner.refresh()), 401, "session_ended").await;
    problem(
        refresh(third["refreshToken"].as_str().unwrap()),
        401,
        "session_ended",
    )
    .await;
    let newest = third["accessToken"].as_str().unwrap();
    problem(
        server.get("/api/auth/me").bearer_auth(newest),
        401,
        "unauthorized",
    )
    .await;
}

#[tokio::test]
async fn refreshing_in_the_same_moment_ends_the_session_rather_than_splitting_it() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let refresh = || {
        server
            .post(
                "/api/auth/refresh",
                &json!({"refreshToken": owner.refresh()}),
            )
            .send()
    };
    let (a, b, c) = tokio::join!(refresh(), refresh(), refresh());
    let answers = [a, b, c].map(|answer| answer.unwrap().status().as_u16());
    assert!(
        answers.iter().filter(|status| **status == 200).count() <= 1,
        "{answers:?}"
    );
}

#[tokio::test]
async fn logging_out_ends_every_token_of_the_session_and_no_other() {
    let server = Server::start().await;
    let leaving = server.sign_in().await;
    let staying = server.sign_in().await;
    let body = json!({"refreshToken": leaving.refresh()});
    let done = leaving
        .request(Method::POST, "/api/auth/logout")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(done.status(), 204);
    problem(leaving.get("/api/auth/me"), 401, "unauthorized").await;
    problem(
        server.post("/api/auth/refresh", &body),
        401,
        "session_ended",
    )
    .await;
    problem(
        leaving.request(Method::POST, "/api/auth/logout"),
        401,
        "unauthorized",
    )
    .await;
    ok(staying.get("/api/auth/me")).await;
}

#[tokio::test]
async fn another_password_at_start_becomes_the_password_and_ends_sessions_but_not_keys() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "stays"})).await;
    let (access, refresh) = (owner.access().to_owned(), owner.refresh().to_owned());
    let data = server.stop().await;

    // The same password changes nothing.
    let again = config(data.path());
    let server = Server::start_with(data, again).await;
    ok(server.get("/api/auth/me").bearer_auth(&access)).await;
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
    let http = crate::server::client();
    let url = |path: &str| format!("{}{path}", running.url);
    problem(
        http.get(url("/auth/me")).bearer_auth(&access),
        401,
        "unauthorized",
    )
    .await;
    problem(
        http.post(url("/auth/refresh"))
            .json(&json!({"refreshToken": refresh})),
        401,
        "session_ended",
    )
    .await;
    let login = |password: &str| {
        http.post(url("/auth/login"))
            .json(&json!({"email": OWNER_LOGIN, "password": password}))
    };
    problem(login(PASSWORD), 401, "invalid_credentials").await;
    ok(login("another one")).await;
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}});
    let still = http
        .post(url("/mcp/stream"))
        .bearer_auth(key)
        .header("accept", "application/json, text/event-stream")
        .json(&ping)
        .send()
        .await
        .unwrap();
    assert_eq!(still.status(), 200);
    drop(stop);
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn without_an_owner_a_password_is_needed() {
    let data = tempfile::tempdir().unwrap();
    assert!(!owner_exists(data.path()).unwrap());
    let start = |password: Option<&str>| {
        let password = password.map(|text| Secret::new(text.to_owned()));
        serve(
            config(data.path()),
            password,
            std::future::pending(),
            |_| panic!("it must not start"),
        )
    };
    assert!(matches!(
        start(None).await,
        Err(ServeError::OwnerPasswordNeeded)
    ));
    assert!(matches!(
        start(Some("")).await,
        Err(ServeError::OwnerPasswordEmpty)
    ));
    assert!(!owner_exists(data.path()).unwrap());
    let same = config(data.path());
    let data = Server::start_with(data, same).await.stop().await;
    assert!(owner_exists(data.path()).unwrap());
}
