//! Products on this computer: one answers like CreatorAudit's whoami and like an MCP server that wants a key in a header, one like
//! oCore's sign-in.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// A token that says itself when it is over: with the year 2099.
pub const UNTIL_2100: &str =
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MSIsImV4cCI6NDEwMjQ0NDgwMH0.c2lnbmVkLWJ5LXRoZS1zdHVi";

/// Serves until the test ends.
pub struct Stub {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

/// Status line, content type and body.
type Answer = (&'static str, &'static str, String);

impl Stub {
    /// A product that takes requests with `header: value` only.
    pub fn start(header: &str, value: &str) -> Self {
        let wanted = format!("{header}: {value}");
        Self::with(move |head, body| {
            let mut fields = head.lines().filter_map(|line| line.split_once(": "));
            let taken =
                fields.any(|(name, value)| format!("{}: {value}", name.to_lowercase()) == wanted);
            match (taken, target(head)) {
                (false, _) => refused(),
                (true, path) if path.contains("/mcp") && head.starts_with("POST") => mcp(body),
                (true, path) if path.contains("/mcp") => {
                    ("405 Method Not Allowed", "text/plain", String::new())
                }
                (true, _) => ok(&json!({ "data": {
                    "type": "whoami", "organization_id": "org_1", "api_key_name": "Analytics",
                } })),
            }
        })
    }

    /// An oCore with an account that has a second factor.
    pub fn ocore(password: &'static str, code: &'static str) -> Self {
        Self::with(move |head, body| {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            let user = json!({ "id": "u1", "email": "ada@example.com", "name": "Ada" });
            match target(head) {
                "/api/auth/login" if body["password"] == password => ok(&json!({
                    "user": user, "requiresTOTP": true, "partialToken": "partial-1", "expiresIn": 300,
                })),
                "/api/auth/login/2fa"
                    if body["code"] == code && body["partialToken"] == "partial-1" =>
                {
                    ok(&json!({
                        "user": user, "requiresTOTP": false,
                        "accessToken": "access-1", "refreshToken": "refresh-1", "expiresIn": 900,
                    }))
                }
                "/api/auth/me"
                    if head.contains("Bearer access-1")
                        || head.contains(&format!("Bearer {UNTIL_2100}")) =>
                {
                    ok(&json!({ "user": user }))
                }
                _ => refused(),
            }
        })
    }

    fn with(answer: impl Fn(&str, &[u8]) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let answer = Arc::new(answer);
        std::thread::spawn({
            let heads = heads.clone();
            move || {
                for stream in listener.incoming().map_while(Result::ok) {
                    let (answer, heads) = (answer.clone(), heads.clone());
                    std::thread::spawn(move || serve(stream, &*answer, &heads));
                }
            }
        });
        Self { url, heads }
    }

    /// Such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The heads of all requests so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn target(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

fn ok(body: &Value) -> Answer {
    ("200 OK", "application/json", body.to_string())
}

fn refused() -> Answer {
    let body = json!({ "status": 401, "code": "UNAUTHORIZED", "title": "Unauthorized" });
    (
        "401 Unauthorized",
        "application/problem+json",
        body.to_string(),
    )
}

fn serve(
    mut stream: TcpStream,
    answer: &dyn Fn(&str, &[u8]) -> Answer,
    heads: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line) {
            Ok(1..) if line != "\r\n" => head.push_str(&line),
            Ok(1..) => break,
            _ => return,
        }
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    heads.lock().unwrap().push(head.clone());
    let (status, kind, text) = answer(&head, &body);
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    );
}

fn mcp(body: &[u8]) -> Answer {
    let message: Value = serde_json::from_slice(body).unwrap();
    let Some(id) = message.get("id") else {
        return ("202 Accepted", "application/json", String::new());
    };
    let empty = json!({ "type": "object" });
    let outcome = match message["method"].as_str().unwrap() {
        "initialize" => json!({ "result": {
            "protocolVersion": "2025-06-18",
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "stub", "version": "1" },
        } }),
        "tools/list" => json!({ "result": { "tools": [
            { "name": "accounts", "inputSchema": empty },
            { "name": "videos", "inputSchema": empty },
        ] } }),
        "tools/call" => {
            json!({ "result": { "content": [{ "type": "text", "text": "in order" }] } })
        }
        _ => json!({ "error": { "code": -32601, "message": "no such method" } }),
    };
    let mut answer = outcome;
    answer["jsonrpc"] = json!("2.0");
    answer["id"] = id.clone();
    ok(&answer)
}
