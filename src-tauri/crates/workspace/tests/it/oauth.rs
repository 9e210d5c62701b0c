use keystow_workspace::OWNER_LOGIN;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::consent::{answer, csrf, landed, param};
use crate::mcp_protocol::{initialize, modern, tool_names};
use crate::server::{PASSWORD, Server, ok, problem};

/// Longer than a challenge, so that the two cannot be mistaken for each other.
pub const VERIFIER: &str = "a-verifier-of-fifty-characters-as-a-client-makes-it";
const REDIRECT: &str = "http://127.0.0.1:43121/callback";

/// A request to the authorization endpoint.
#[derive(Clone, Debug)]
pub struct Asking(Vec<(String, String)>);

impl Default for Asking {
    fn default() -> Self {
        Self(Vec::new())
            .with("response_type", "code")
            .with("client_id", "keystow")
            .with("redirect_uri", REDIRECT)
            .with("code_challenge", &challenge(VERIFIER))
            .with("code_challenge_method", "S256")
            .with("state", "s t&te")
    }
}

impl Asking {
    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).also(name, value)
    }

    pub fn also(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    pub async fn send(&self, server: &Server) -> Response {
        let request = self.on(server.get("/oauth/authorize"));
        request.send().await.unwrap()
    }

    /// Puts it on a request.
    pub fn on(&self, request: RequestBuilder) -> RequestBuilder {
        request.query(&self.0)
    }

    /// Goes through with it: the code.
    async fn code(&self, server: &Server) -> String {
        let asking = self.clone().with("keystow_ticket", &ticket(server).await);
        let page = asking.send(server).await.text().await.unwrap();
        let done = answer(server, &[("csrf", &csrf(&page)), ("decision", "allow")]).await;
        param(&landed(&done), "code").unwrap()
    }
}

fn challenge(verifier: &str) -> String {
    use base64::Engine;
    use sha2::Digest;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(verifier))
}

pub async fn ticket(server: &Server) -> String {
    ticket_for(server, VERIFIER).await
}

pub async fn ticket_for(server: &Server, verifier: &str) -> String {
    let body =
        json!({"email": OWNER_LOGIN, "password": PASSWORD, "codeChallenge": challenge(verifier)});
    let given = ok(server.post("/api/auth/ticket", &body)).await;
    assert_eq!(given["expiresIn"], 60);
    given["ticket"].as_str().unwrap().to_owned()
}

fn redeem(server: &Server, code: &str, verifier: &str) -> RequestBuilder {
    server.request(Method::POST, "/oauth/token").form(&[
        ("grant_type", "authorization_code"),
        ("client_id", "keystow"),
        ("code", code),
        ("code_verifier", verifier),
        ("redirect_uri", REDIRECT),
    ])
}

fn refresh(server: &Server, token: &Value, client: &str) -> RequestBuilder {
    server.request(Method::POST, "/oauth/token").form(&[
        ("grant_type", "refresh_token"),
        ("client_id", client),
        ("refresh_token", token.as_str().unwrap()),
    ])
}

async fn refused(request: RequestBuilder, error: &str) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        (status, body["error"].as_str()),
        (400, Some(error)),
        "{body}"
    );
}

fn me(server: &Server, tokens: &Value) -> RequestBuilder {
    server
        .get("/api/auth/me")
        .bearer_auth(tokens["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn the_whole_flow_ends_in_a_session() {
    let server = Server::start().await;
    let api = format!("{}/api", server.origin());
    let code = Asking::default()
        .with("resource", &api)
        .with("scope", "workspace")
        .code(&server)
        .await;
    let response = redeem(&server, &code, VERIFIER).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let tokens: Value = response.json().await.unwrap();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "workspace");
    assert_eq!(ok(me(&server, &tokens)).await["user"]["email"], OWNER_LOGIN);
    ok(server
        .get("/api/api-keys")
        .bearer_auth(tokens["access_token"].as_str().unwrap()))
    .await;
    problem(
        initialize(&server, tokens["access_token"].as_str().unwrap()),
        401,
        "wrong_audience",
    )
    .await;
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_is_spent_by_the_first_try() {
    let server = Server::start().await;
    let code = Asking::default().code(&server).await;
    refused(redeem(&server, &code, &"x".repeat(43)), "invalid_grant").await;
    refused(redeem(&server, &code, VERIFIER), "invalid_grant").await;
    refused(redeem(&server, "kc_guess", VERIFIER), "invalid_grant").await;
    let other = Asking::default().code(&server).await;
    let form = |extra: (&'static str, &'static str)| {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "keystow"),
            ("code", other.as_str()),
            ("code_verifier", VERIFIER),
        ];
        form.retain(|(name, _)| *name != extra.0);
        form.push(extra);
        server.request(Method::POST, "/oauth/token").form(&form)
    };
    refused(form(("grant_type", "password")), "unsupported_grant_type").await;
    refused(form(("resource", "https://example.com/")), "invalid_target").await;
    refused(
        form(("redirect_uri", "http://127.0.0.1:1/callback")),
        "invalid_grant",
    )
    .await;
    let third = Asking::default().code(&server).await;
    let stranger = server.request(Method::POST, "/oauth/token").form(&[
        ("grant_type", "authorization_code"),
        ("client_id", "stranger"),
        ("code", &third),
        ("code_verifier", VERIFIER),
    ]);
    refused(stranger, "invalid_grant").await;
}

#[tokio::test]
async fn a_replayed_code_takes_back_what_it_gave() {
    let server = Server::start().await;
    let code = Asking::default().code(&server).await;
    let tokens = ok(redeem(&server, &code, VERIFIER)).await;
    ok(me(&server, &tokens)).await;
    refused(redeem(&server, &code, VERIFIER), "invalid_grant").await;
    problem(me(&server, &tokens), 401, "unauthorized").await;
    refused(
        refresh(&server, &tokens["refresh_token"], "keystow"),
        "invalid_grant",
    )
    .await;
}

#[tokio::test]
async fn refresh_tokens_rotate_and_reuse_ends_the_family() {
    let server = Server::start().await;
    let code = Asking::default().code(&server).await;
    let first = ok(redeem(&server, &code, VERIFIER)).await;
    refused(
        refresh(&server, &first["refresh_token"], "stranger"),
        "invalid_grant",
    )
    .await;
    let by_password = server.post(
        "/api/auth/refresh",
        &json!({"refreshToken": first["refresh_token"]}),
    );
    problem(by_password, 401, "session_ended").await;
    let second = ok(refresh(&server, &first["refresh_token"], "keystow")).await;
    ok(me(&server, &second)).await;
    refused(
        refresh(&server, &first["refresh_token"], "keystow"),
        "invalid_grant",
    )
    .await;
    refused(
        refresh(&server, &second["refresh_token"], "keystow"),
        "invalid_grant",
    )
    .await;
    problem(me(&server, &second), 401, "unauthorized").await;
}

#[tokio::test]
async fn revoking_either_token_ends_the_sign_in() {
    let server = Server::start().await;
    let revoke = |token: &str, client: &str| {
        server
            .request(Method::POST, "/oauth/revoke")
            .form(&[("token", token), ("client_id", client)])
            .send()
    };
    for kind in ["refresh_token", "access_token"] {
        let code = Asking::default().code(&server).await;
        let tokens = ok(redeem(&server, &code, VERIFIER)).await;
        let token = tokens[kind].as_str().unwrap();
        assert_eq!(revoke(token, "stranger").await.unwrap().status(), 200);
        ok(me(&server, &tokens)).await;
        assert_eq!(revoke(token, "keystow").await.unwrap().status(), 200);
        problem(me(&server, &tokens), 401, "unauthorized").await;
    }
    assert_eq!(revoke("never was", "keystow").await.unwrap().status(), 200);
}

#[tokio::test]
async fn signing_out_ends_an_oauth_session_too() {
    let server = Server::start().await;
    let code = Asking::default().code(&server).await;
    let tokens = ok(redeem(&server, &code, VERIFIER)).await;
    let access = tokens["access_token"].as_str().unwrap();
    let out = server
        .request(Method::POST, "/api/auth/logout")
        .bearer_auth(access)
        .send()
        .await
        .unwrap();
    assert_eq!(out.status(), 204);
    refused(
        refresh(&server, &tokens["refresh_token"], "keystow"),
        "invalid_grant",
    )
    .await;
}

#[tokio::test]
async fn the_metadata_agrees_with_itself() {
    let server = Server::start().await;
    let origin = server.origin();
    let metadata = ok(server.get("/.well-known/oauth-authorization-server")).await;
    assert_eq!(metadata["issuer"], origin);
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        json!(["S256"])
    );
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
    for (name, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("revocation_endpoint", "/oauth/revoke"),
        ("registration_endpoint", "/oauth/register"),
    ] {
        assert_eq!(metadata[name], format!("{origin}{path}"));
    }
    for path in ["", "/api", "/api/mcp/stream"] {
        let resource =
            ok(server.get(&format!("/.well-known/oauth-protected-resource{path}"))).await;
        assert_eq!(resource["resource"], format!("{origin}{path}"));
        assert_eq!(resource["authorization_servers"], json!([origin]));
    }
}

/// An AI client that knows nothing but the MCP endpoint's address: challenge, metadata, registration, consent, call.
#[tokio::test]
async fn a_program_that_registers_itself_gets_to_the_tools_it_may_use() {
    let server = Server::start().await;
    let registered = ok(server.post(
        "/oauth/register",
        &json!({"client_name": "An <b>AI</b> client", "redirect_uris": ["http://localhost:1/back"], "grant_types": ["authorization_code"]}),
    ))
    .await;
    let client = registered["client_id"].as_str().unwrap();
    assert_eq!(registered["token_endpoint_auth_method"], "none");
    let asking = Asking::default()
        .with("client_id", client)
        .with("redirect_uri", "http://localhost:50505/back")
        .with("resource", &format!("{}/api/mcp/stream", server.origin()))
        .with("keystow_ticket", &ticket(&server).await);
    let page = asking.send(&server).await.text().await.unwrap();
    assert!(
        page.contains("An &lt;b&gt;AI&lt;/b&gt; client") && page.contains("nobody has checked")
    );
    assert!(page.contains("see keys and their usage") && !page.contains("change something"));
    let back = landed(&answer(&server, &[("csrf", &csrf(&page)), ("decision", "allow")]).await);
    assert!(back.as_str().starts_with("http://localhost:50505/back?"));
    let code = param(&back, "code").unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code.as_str()),
        ("code_verifier", VERIFIER),
        ("redirect_uri", "http://localhost:50505/back"),
    ];
    let tokens = ok(server.request(Method::POST, "/oauth/token").form(&form)).await;
    assert_eq!(tokens["scope"], "view:keys call:tools");
    let access = tokens["access_token"].as_str().unwrap();
    let listed = ok(modern(&server, access, "tools/list", json!({}))).await;
    assert_eq!(
        tool_names(&listed),
        ["whoami", "list_keys", "usage", "echo", "stream"]
    );
    problem(
        server.get("/api/api-keys").bearer_auth(access),
        401,
        "wrong_audience",
    )
    .await;
    let revoke = [("token", access), ("client_id", client)];
    server
        .request(Method::POST, "/oauth/revoke")
        .form(&revoke)
        .send()
        .await
        .unwrap();
    problem(
        modern(&server, access, "tools/list", json!({})),
        401,
        "key_unknown",
    )
    .await;
}

#[tokio::test]
async fn only_programs_on_this_computer_register() {
    let server = Server::start().await;
    for redirects in [
        json!(["https://evil.example/back"]),
        json!(["http://evil.example/back"]),
        json!(["http://127.0.0.1:1/back", "http://10.0.0.1/back"]),
        json!(["app:/back"]),
        json!(["http://127.0.0.1/back#part"]),
        json!(["http://user:pw@127.0.0.1/back"]),
        json!([]),
    ] {
        refused(
            server.post("/oauth/register", &json!({"redirect_uris": redirects})),
            "invalid_redirect_uri",
        )
        .await;
    }
    let secret = json!({"redirect_uris": ["http://127.0.0.1/b"], "token_endpoint_auth_method": "client_secret_basic"});
    refused(
        server.post("/oauth/register", &secret),
        "invalid_client_metadata",
    )
    .await;
    ok(server.post(
        "/oauth/register",
        &json!({"redirect_uris": ["http://[::1]:1/b"]}),
    ))
    .await;
    for _ in 0..11 {
        ok(server.post(
            "/oauth/register",
            &json!({"redirect_uris": ["http://127.0.0.1/b"]}),
        ))
        .await;
    }
    problem(
        server.post(
            "/oauth/register",
            &json!({"redirect_uris": ["http://127.0.0.1/b"]}),
        ),
        429,
        "rate_limited",
    )
    .await;
}
