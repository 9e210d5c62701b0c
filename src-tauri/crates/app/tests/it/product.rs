//! A product that has dashboards and no key API: it answers one question, `GET /v2/whoami`, as CreatorAudit documents it.
//! Source: docs.creatoraudit.com/api-reference/{authentication,errors,rate-limits}, checked 2026-11-20.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// The key it takes from the start.
pub const KEY: &str = "ca_live_0123456789abcdefghijklmnop";

const GOOD: &str = r#"{"data":{"type":"whoami","organization_id":"0b6f4c1e-2222-4f6e-9c63-1d2f3a4b5c6d","api_key_name":"Production key"}}"#;
const BAD: &str = r#"{"type":"urn:creatoraudit:error:unauthorized","title":"Unauthorized","status":401,"detail":"The API key is not valid.","code":"UNAUTHORIZED","instance":"/v2/whoami","request_id":"req_1"}"#;

/// The running product.
pub struct Product {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    keys: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Product {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, stop) = (Arc::new(Mutex::default()), Arc::new(AtomicBool::default()));
        let keys = Arc::new(Mutex::new(vec![KEY.to_owned()]));
        let (log, taken, ended) = (asked.clone(), keys.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                answer(stream.unwrap(), &log, &taken);
            }
        });
        Self {
            port,
            asked,
            keys,
            stop,
            thread: Some(thread),
        }
    }

    /// The first lines of the requests it got.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// What a person does in its dashboard.
    pub fn makes(&self, key: &str) {
        self.keys.lock().unwrap().push(key.to_owned());
    }

    /// What a person does in its dashboard.
    pub fn revokes(&self, key: &str) {
        self.keys.lock().unwrap().retain(|taken| taken != key);
    }

    /// The provider file that comes with Keystow, as one of the person's own for this server.
    pub fn provider_file(&self) -> String {
        include_str!("../../../core/providers/creatoraudit.toml")
            .replace("id = \"creatoraudit\"", "id = \"audit\"")
            .replace(
                "https://api.creatoraudit.com",
                &format!("http://127.0.0.1:{}", self.port),
            )
            .replace(
                "https://mcp.creatoraudit.com",
                &format!("http://127.0.0.1:{}", self.port),
            )
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<String>>, keys: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    log.lock().unwrap().push(first.clone());
    let mut key = String::new();
    for line in lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
    {
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("authorization")
        {
            key = value.to_owned();
        }
    }
    let bearer = key.strip_prefix("Bearer ").unwrap_or_default();
    let good = keys.lock().unwrap().iter().any(|key| key == bearer);
    let (status, kind, body) = match (first.as_str(), good) {
        ("GET /v2/whoami HTTP/1.1", true) => ("200 OK", "application/json", GOOD),
        ("GET /v2/whoami HTTP/1.1", false) => ("401 Unauthorized", "application/problem+json", BAD),
        _ => ("404 Not Found", "application/json", "{}"),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nx-ratelimit-limit: 600\r\nx-ratelimit-remaining: 599\r\nx-request-id: req_1\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.shutdown(Shutdown::Write);
}
