//! Somebody with a browser, or a program of theirs: one request at a time, nothing followed, nothing kept.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use url::Url;

/// What it got.
pub struct Page {
    pub status: u16,
    head: String,
    pub text: String,
}

impl Page {
    pub fn location(&self) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        let (_, place) = fields.find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
        Some(place)
    }

    pub fn json(&self) -> Value {
        assert!(self.status < 300, "{}: {}", self.status, self.text);
        serde_json::from_str(&self.text).unwrap()
    }
}

/// Asks for a page with these fields beside what every request has.
pub fn get(url: &str, fields: &[(&str, &str)]) -> Page {
    send("GET", url, fields, "")
}

/// Sends JSON as somebody who is signed in.
pub fn post(url: &str, token: &str, body: &Value) -> Page {
    let bearer = format!("Bearer {token}");
    let fields = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    send("POST", url, &fields, &body.to_string())
}

fn send(method: &str, url: &str, fields: &[(&str, &str)], body: &str) -> Page {
    let url = Url::parse(url).unwrap();
    let port = url.port().expect("a server of the test");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    // The older version, so that the answer comes in one piece and ends with the connection.
    let mut request = format!("{method} {target} HTTP/1.0\r\nhost: 127.0.0.1:{port}\r\n");
    for (name, value) in fields {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").expect("an answer");
    let status = head.split(' ').nth(1).unwrap();
    Page {
        status: status.parse().unwrap(),
        head: head.to_owned(),
        text: text.to_owned(),
    }
}
