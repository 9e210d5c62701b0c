//! The OpenAPI document, held against what the server answers. That it has every route is tested beside the routes.

use std::collections::BTreeSet;

use keystow_workspace::OWNER_LOGIN;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::consent::{csrf, param};
use crate::mcp_protocol::{initialize, modern};
use crate::oauth::{Asking, VERIFIER, ticket};
use crate::server::{PASSWORD, Server, ok};
use crate::totp::Authenticator;

/// Where a reference leads, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.strip_prefix('#').unwrap())
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => value,
    }
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("type {other} is not used so far"),
    }
}

/// What a value has against a schema: the part of JSON Schema the document uses.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolved(document, schema);
    let mut faults = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        let fits = match keyword.as_str() {
            "type" => match rule {
                Value::String(kind) => is_a(kind, value),
                kinds => {
                    let mut kinds = kinds.as_array().unwrap().iter();
                    kinds.any(|kind| is_a(kind.as_str().unwrap(), value))
                }
            },
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "allOf" => {
                for schema in rule.as_array().unwrap() {
                    faults.extend(self::faults(document, schema, value, at));
                }
                true
            }
            "oneOf" => {
                let schemas = rule.as_array().unwrap().iter();
                let fitting =
                    schemas.filter(|schema| self::faults(document, schema, value, at).is_empty());
                fitting.count() == 1
            }
            "required" => rule
                .as_array()
                .unwrap()
                .iter()
                .all(|name| value.get(name.as_str().unwrap()).is_some()),
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        faults.extend(self::faults(
                            document,
                            schema,
                            value,
                            &format!("{at}.{name}"),
                        ));
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object().unwrap();
                value
                    .as_object()
                    .is_none_or(|value| value.keys().all(|name| known.contains_key(name)))
            }
            "items" => {
                for (number, value) in value.as_array().into_iter().flatten().enumerate() {
                    faults.extend(self::faults(
                        document,
                        rule,
                        value,
                        &format!("{at}[{number}]"),
                    ));
                }
                true
            }
            "format" => match (rule.as_str().unwrap(), value.as_str()) {
                ("date-time", Some(text)) => time::OffsetDateTime::parse(
                    text,
                    &time::format_description::well_known::Rfc3339,
                )
                .is_ok(),
                ("uri", Some(text)) => url::Url::parse(text).is_ok(),
                ("uuid", Some(text)) => text.len() == 36,
                ("date", Some(text)) => text.len() == 10,
                (_, None) => true,
                (other, _) => panic!("format {other} is not used so far"),
            },
            "pattern" | "description" | "default" => true,
            "minLength" | "maxLength" | "minimum" | "maximum" => true,
            other => panic!("keyword {other} is not used so far"),
        };
        if !fits {
            faults.push(format!("{at} is not {keyword} {rule}: {value}"));
        }
    }
    faults
}

/// The body of a request, as what kind of thing, forms as objects of texts.
fn sent(request: &reqwest::Request) -> Option<(String, Value)> {
    let kind = request.headers().get("content-type")?.to_str().unwrap();
    let bytes = request.body()?.as_bytes().unwrap();
    let value = if kind.ends_with("json") {
        serde_json::from_slice(bytes).unwrap()
    } else {
        let pairs = url::form_urlencoded::parse(bytes);
        let texts: serde_json::Map<_, _> = pairs
            .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
            .collect();
        texts.into()
    };
    Some((kind.to_owned(), value))
}

/// Calls operations and holds each answer against the document.
struct Walk<'a> {
    server: &'a Server,
    document: Value,
    /// Operations that were seen to succeed.
    seen: BTreeSet<String>,
}

impl Walk<'_> {
    async fn call(&mut self, operation: &str, request: RequestBuilder) -> (Response, Value) {
        let (method, path) = operation.split_once(' ').unwrap();
        let operation_here = &self.document["paths"][path][method];
        assert!(operation_here.is_object(), "{operation}");
        let (http, built) = request.build_split();
        let built = built.unwrap();
        assert_eq!(built.method().as_str().to_lowercase(), method);
        let sent = sent(&built);
        let taken = operation_here["requestBody"]["content"].clone();
        let answer = http.execute(built).await.unwrap();
        let status = answer.status();
        let responses = &operation_here["responses"];
        let told = match responses.get(status.as_str()) {
            Some(told) => told,
            None => {
                assert!(!status.is_success(), "{operation}: {status} is not told of");
                &responses["default"]
            }
        };
        let told = resolved(&self.document, told).clone();
        if status.is_success() || status.is_redirection() {
            self.seen.insert(operation.to_owned());
            // What is taken is described, too.
            if let Some((kind, value)) = sent {
                let schema = &taken[&kind]["schema"];
                assert!(schema.is_object(), "{operation}: takes {kind}");
                let faults = faults(&self.document, schema, &value, operation);
                assert!(faults.is_empty(), "{faults:#?}");
            }
        }
        for (name, _) in told["headers"].as_object().into_iter().flatten() {
            assert!(answer.headers().contains_key(name), "{operation}: {name}");
        }
        let kind = answer.headers().get("content-type");
        let kind = kind.map(|kind| kind.to_str().unwrap().split(';').next().unwrap().to_owned());
        let head = axum::http::Response::builder().status(status);
        let head = answer
            .headers()
            .iter()
            .fold(head, |head, (name, value)| head.header(name, value));
        let text = match kind.as_deref() {
            // A stream of the session era is open as long as its session.
            Some("text/event-stream") => String::new(),
            _ => answer.text().await.unwrap(),
        };
        let mut value = Value::String(text.clone());
        match kind {
            None => assert!(text.is_empty(), "{operation}: {text}"),
            Some(kind) => {
                let content = &told["content"][&kind];
                assert!(content.is_object(), "{operation}: {status} as {kind}");
                if kind.ends_with("json") {
                    value = serde_json::from_str(&text).unwrap();
                }
                let faults = faults(&self.document, &content["schema"], &value, operation);
                assert!(faults.is_empty(), "{faults:#?}");
            }
        }
        (head.body("").unwrap().into(), value)
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        let request = self.server.post(path, &body);
        self.call(&format!("post {path}"), request).await.1
    }

    async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> (Response, Value) {
        let request = self.server.request(Method::POST, path).form(fields);
        self.call(&format!("post {path}"), request).await
    }
}

#[tokio::test]
async fn every_operation_answers_as_the_document_says() {
    let server = Server::start().await;
    let document = ok(server.get("/api/openapi.json")).await;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], server.origin());
    let mut walk = Walk {
        server: &server,
        document,
        seen: BTreeSet::new(),
    };
    for path in [
        "/api/health",
        "/api/openapi.json",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/api",
        "/.well-known/oauth-protected-resource/api/mcp/stream",
        "/device",
    ] {
        walk.call(&format!("get {path}"), server.get(path)).await;
    }
    let access = sign_in(&mut walk).await;
    keys(&mut walk, &access).await;
    oauth(&mut walk).await;
    device(&mut walk).await;
    two_factors(&mut walk, &access).await;
    let out = server
        .request(Method::POST, "/api/auth/logout")
        .bearer_auth(&access);
    walk.call("post /api/auth/logout", out).await;

    let operations: BTreeSet<String> = walk.document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods
                .filter(|name| *name != "parameters")
                .map(move |method| format!("{method} {path}"))
        })
        .collect();
    assert_eq!(walk.seen, operations);
}

async fn sign_in(walk: &mut Walk<'_>) -> String {
    let wrong = json!({"email": OWNER_LOGIN, "password": "guess"});
    walk.post("/api/auth/login", wrong).await;
    let right = json!({"email": OWNER_LOGIN, "password": PASSWORD});
    let session = walk.post("/api/auth/login", right).await;
    let refresh = json!({"refreshToken": session["refreshToken"]});
    let session = walk.post("/api/auth/refresh", refresh).await;
    let ticket = json!({"email": OWNER_LOGIN, "password": PASSWORD, "codeChallenge": "c"});
    walk.post("/api/auth/ticket", ticket).await;
    let access = session["accessToken"].as_str().unwrap().to_owned();
    for path in ["/api/auth/me", "/api/auth/organizations"] {
        let request = walk.server.get(path).bearer_auth(&access);
        walk.call(&format!("get {path}"), request).await;
    }
    let make = walk
        .server
        .post("/api/auth/organizations", &json!({"name": "Acme"}))
        .bearer_auth(&access);
    walk.call("post /api/auth/organizations", make).await;
    access
}

async fn keys(walk: &mut Walk<'_>, access: &str) {
    let server = walk.server;
    let ask = |method: Method, path: &str| server.request(method, path).bearer_auth(access);
    let full = json!({"name": "full", "expiresAt": "2099-01-01T00:00:00Z", "mcpPreset": "reporting",
        "mcpToolAllowlist": ["echo"], "mcpInstanceIds": ["local"], "mcpProjectIds": ["personal"], "mcpPermissions": ["view:keys"]});
    let create = |body: &Value| ask(Method::POST, "/api/api-keys").json(body);
    walk.call("post /api/api-keys", create(&full)).await;
    walk.call("post /api/api-keys", create(&json!({"name": ""})))
        .await;
    let plain = json!({"name": "plain", "rateLimitPerMinute": 6});
    let (_, made) = walk.call("post /api/api-keys", create(&plain)).await;
    let id = made["apiKey"]["id"].as_str().unwrap();
    let key = made["key"].as_str().unwrap();

    walk.call(
        "post /api/mcp/stream",
        modern(server, key, "tools/list", json!({})),
    )
    .await;
    let (begun, _) = walk
        .call("post /api/mcp/stream", initialize(server, key))
        .await;
    let session = begun.headers()["mcp-session-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let in_session = |method: Method| {
        server
            .mcp(method, key)
            .header("mcp-session-id", &session)
            .header("mcp-protocol-version", "2025-11-25")
    };
    walk.call("get /api/mcp/stream", in_session(Method::GET))
        .await;
    walk.call("delete /api/mcp/stream", in_session(Method::DELETE))
        .await;
    for _ in 0..3 {
        let request = modern(server, key, "tools/call", json!({"name": "whoami"}));
        walk.call("post /api/mcp/stream", request).await;
    }
    let unknown = modern(server, "ksl_unknown", "tools/list", json!({}));
    walk.call("post /api/mcp/stream", unknown).await;

    let path = format!("/api/api-keys/{id}");
    let one = "/api/api-keys/{id}";
    for (operation, method, path) in [
        ("get /api/api-keys", Method::GET, "/api/api-keys?limit=2"),
        ("get /api/api-keys", Method::GET, "/api/api-keys?limit=0"),
        (
            "get /api/admin/api-keys",
            Method::GET,
            "/api/admin/api-keys",
        ),
        (&format!("get {one}"), Method::GET, &path),
        (
            &format!("get {one}/activity"),
            Method::GET,
            &format!("{path}/activity"),
        ),
        (
            &format!("post {one}/toggle"),
            Method::POST,
            &format!("{path}/toggle"),
        ),
    ] {
        walk.call(operation, ask(method, path)).await;
    }
    for method in [Method::PATCH, Method::PUT] {
        let operation = format!("{} {one}", method.as_str().to_lowercase());
        walk.call(&operation, ask(method, &path).json(&full)).await;
    }
    let (_, made) = walk
        .call("post /api/api-keys", create(&json!({"name": "short"})))
        .await;
    let admin = format!(
        "/api/admin/api-keys/{}",
        made["apiKey"]["id"].as_str().unwrap()
    );
    walk.call(
        "delete /api/admin/api-keys/{id}",
        ask(Method::DELETE, &admin),
    )
    .await;
    for _ in 0..2 {
        walk.call(&format!("delete {one}"), ask(Method::DELETE, &path))
            .await;
    }
}

async fn oauth(walk: &mut Walk<'_>) {
    let server = walk.server;
    for redirect in ["http://127.0.0.1:1/back", "https://evil.example/"] {
        walk.post("/oauth/register", json!({"redirect_uris": [redirect]}))
            .await;
    }
    let asking = Asking::default().with("keystow_ticket", &ticket(server).await);
    let request = || server.get("/oauth/authorize");
    let (_, page) = walk
        .call("get /oauth/authorize", asking.on(request()))
        .await;
    walk.call("get /oauth/authorize", request()).await;
    let fields = [
        ("csrf", csrf(page.as_str().unwrap())),
        ("decision", "allow".to_owned()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let (done, _) = walk.form("/oauth/authorize", &fields).await;
    let code = param(&crate::consent::landed(&done), "code").unwrap();
    let redeem = [
        ("grant_type", "authorization_code"),
        ("client_id", "keystow"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let (_, tokens) = walk.form("/oauth/token", &redeem).await;
    walk.form("/oauth/token", &redeem).await;
    let token = tokens["access_token"].as_str().unwrap();
    walk.form("/oauth/revoke", &[("token", token)]).await;
}

async fn device(walk: &mut Walk<'_>) {
    let begun = walk
        .post("/api/auth/device/code", json!({"client_id": "keystow"}))
        .await;
    walk.post("/api/auth/device/code", json!({"client_id": "stranger"}))
        .await;
    let poll = json!({"grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": "keystow", "device_code": begun["device_code"]});
    walk.post("/api/auth/device/token", poll.clone()).await;
    let complete = begun["verification_uri_complete"].as_str().unwrap();
    let open = walk.server.http.get(complete);
    let (_, page) = walk.call("get /device", open).await;
    let token = csrf(page.as_str().unwrap());
    let fields = [
        ("csrf", token.as_str()),
        ("decision", "allow"),
        ("password", PASSWORD),
    ];
    walk.form("/device", &fields).await;
    walk.post("/api/auth/device/token", poll).await;
}

async fn two_factors(walk: &mut Walk<'_>, access: &str) {
    let server = walk.server;
    let enroll = server
        .request(Method::POST, "/api/auth/totp/enroll")
        .bearer_auth(access);
    let (_, enrolled) = walk.call("post /api/auth/totp/enroll", enroll).await;
    let authenticator = Authenticator::new(enrolled["secret"].as_str().unwrap());
    let confirm = server
        .post(
            "/api/auth/totp/confirm",
            &json!({"code": authenticator.code(0)}),
        )
        .bearer_auth(access);
    walk.call("post /api/auth/totp/confirm", confirm).await;
    let login = json!({"email": OWNER_LOGIN, "password": PASSWORD});
    let partial = walk.post("/api/auth/login", login).await;
    let wrong = json!({"code": "", "partialToken": partial["partialToken"]});
    walk.post("/api/auth/login/2fa", wrong).await;
    let right = json!({"code": authenticator.code(1), "partialToken": partial["partialToken"]});
    walk.post("/api/auth/login/2fa", right).await;
    // The next code is half a minute away, so it is another server's enrolment that is removed.
    let other = Server::start().await;
    let owner = other.sign_in().await;
    let enrolled = ok(owner.request(Method::POST, "/api/auth/totp/enroll")).await;
    let authenticator = Authenticator::new(enrolled["secret"].as_str().unwrap());
    let confirm = owner.request(Method::POST, "/api/auth/totp/confirm");
    ok(confirm.json(&json!({"code": authenticator.code(0)}))).await;
    let remove = owner
        .request(Method::DELETE, "/api/auth/totp")
        .json(&json!({"code": authenticator.code(1)}));
    walk.call("delete /api/auth/totp", remove).await;
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let server = Server::start().await;
    let document = ok(server.get("/api/openapi.json")).await;
    let text = document.to_string();
    let references = text.split("\"$ref\":\"#").skip(1);
    let mut seen = 0;
    for reference in references {
        let (pointer, _) = reference.split_once('"').unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        seen += 1;
    }
    assert!(seen > 50, "{seen} references");
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if method != "parameters" {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id), "{id} at {path} is not the only one");
                for security in operation["security"].as_array().unwrap() {
                    let (name, _) = security.as_object().unwrap().iter().next().unwrap();
                    assert!(document["components"]["securitySchemes"][name].is_object());
                }
            }
        }
    }
}
