use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::{Server, ok, problem};

#[tokio::test]
async fn a_foreign_host_is_refused_everywhere() {
    let server = Server::start().await;
    let port = server.running.address.port();
    for host in [
        "evil.example",
        "evil.example:80",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example",
    ] {
        for path in [
            "/api/health",
            "/api/mcp/stream",
            "/oauth/authorize",
            "/.well-known/oauth-authorization-server",
        ] {
            problem(
                server.get(path).header("host", host),
                403,
                "host_not_allowed",
            )
            .await;
        }
    }
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        ok(server
            .get("/api/health")
            .header("host", format!("{host}:{port}")))
        .await;
    }
}

#[tokio::test]
async fn a_foreign_origin_is_refused_everywhere() {
    let server = Server::start().await;
    for origin in [
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "https://127.0.0.1",
        "",
    ] {
        for path in ["/api/health", "/api/mcp/stream", "/oauth/token"] {
            problem(
                server.get(path).header("origin", origin),
                403,
                "origin_not_allowed",
            )
            .await;
        }
    }
    ok(server.get("/api/health").header("origin", server.origin())).await;
}

#[tokio::test]
async fn bodies_past_a_mebibyte_are_refused() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "big"})).await;
    let big = "x".repeat(1024 * 1024);
    let login = json!({"email": big, "password": "p"});
    problem(server.post("/api/auth/login", &login), 413, "too_large").await;
    problem(
        owner
            .request(Method::POST, "/api/api-keys")
            .json(&json!({"name": big})),
        413,
        "too_large",
    )
    .await;
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": big}});
    problem(server.mcp(Method::POST, &key).json(&call), 413, "too_large").await;
    let form = [("grant_type", big.as_str()), ("client_id", "keystow")];
    problem(
        server.request(Method::POST, "/oauth/token").form(&form),
        413,
        "too_large",
    )
    .await;
    // Without a length told beforehand too.
    let chunks = (0..40).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024]));
    let endless = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let chunked = server
        .mcp(Method::POST, &key)
        .header("content-type", "application/json")
        .body(endless);
    problem(chunked, 413, "too_large").await;
}

/// Whoever still sends when the connection closes never gets to the answer.
#[tokio::test]
async fn nothing_is_answered_before_the_whole_request_is_there() {
    let server = Server::start().await;
    let address = server.running.address;
    for path in ["/api/api-keys", "/api/mcp/stream", "/oauth/token", "/"] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{"
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let early = connection.read_to_string(&mut answer);
        let early = tokio::time::timeout(Duration::from_millis(200), early).await;
        assert!(early.is_err(), "{path}: {answer}");
        connection.write_all(b"}").await.unwrap();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn what_is_not_understood_gets_one_clear_problem() {
    let server = Server::start().await;
    problem(server.get("/api/nothing"), 404, "not_found").await;
    problem(server.get("/"), 404, "not_found").await;
    problem(
        server.request(Method::DELETE, "/api/auth/login"),
        405,
        "method_not_allowed",
    )
    .await;
    let post = |kind: &str, body: &str| {
        server
            .request(Method::POST, "/api/auth/login")
            .header("content-type", kind)
            .body(body.to_owned())
    };
    problem(post("text/plain", "{}"), 415, "unsupported_media_type").await;
    let broken = problem(
        post("application/json", "{\"email\": \"geheim"),
        400,
        "invalid_json",
    )
    .await;
    assert!(!broken["detail"].as_str().unwrap().contains("geheim"));
    let wrong = problem(
        post("application/json", "{\"email\": \"geheim\"}"),
        422,
        "validation_failed",
    )
    .await;
    assert!(!wrong["detail"].as_str().unwrap().contains("geheim"));
}

#[tokio::test]
async fn answers_are_not_kept_and_not_guessed_at() {
    let server = Server::start().await;
    let answer = server.get("/api/health").send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let other = server.get("/api/health").send().await.unwrap();
    assert_ne!(
        answer.headers()["x-request-id"],
        other.headers()["x-request-id"]
    );
    let health: Value = answer.json().await.unwrap();
    assert_eq!(health["product"], "keystow-local-workspace");
    assert_eq!(health["instance"], server.running.instance);
    assert_eq!(health["ok"], true);
}
