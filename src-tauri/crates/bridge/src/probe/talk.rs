use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use keystow_core::remote::ProbeError;
use serde_json::{Value, json};

/// More tools than this are not counted.
const TOOLS: usize = 1000;
const PROTOCOL: &str = "2025-11-25";

/// Whoever is on the other side of a conversation. Its lines come by a channel, which disconnects when it has closed its side.
pub(super) trait Peer {
    /// Hands a line over; `false` when it is not taken any more.
    fn say(&mut self, line: &[u8]) -> bool;

    /// How it ended, after it has closed its side.
    fn how_it_ended(&mut self) -> String;

    /// Adds what it said last beside the protocol, where it said something.
    fn with_last_words(&self, detail: String) -> String;

    /// Closes our side, lets it end by itself for a moment (not beyond `deadline`), and sees to it that it has.
    fn end(&mut self, deadline: Instant);
}

/// A conversation of an AI client with an MCP server.
pub(super) struct Talk<P: Peer> {
    peer: P,
    lines: Receiver<Vec<u8>>,
    deadline: Instant,
    limit: Duration,
    next_id: u64,
}

impl<P: Peer> Talk<P> {
    /// Everything of it is over `limit` after `started`.
    pub(super) fn new(
        (peer, lines): (P, Receiver<Vec<u8>>),
        started: Instant,
        limit: Duration,
    ) -> Self {
        Self {
            peer,
            lines,
            deadline: started + limit,
            limit,
            next_id: 0,
        }
    }

    /// Ends it.
    pub(super) fn end(mut self) {
        self.peer.end(self.deadline);
    }

    /// The handshake, then all pages of `tools/list`: the server's name and version, and its tools.
    pub(super) fn ask_for_tools(&mut self) -> Result<(String, Vec<String>), ProbeError> {
        let hello = self.request(
            "initialize",
            json!({
                "protocolVersion": PROTOCOL,
                "capabilities": {},
                "clientInfo": { "name": "keystow", "version": env!("CARGO_PKG_VERSION") },
            }),
        )?;
        let of_server = |member: &str| {
            let text = hello.pointer(&format!("/serverInfo/{member}"));
            text.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let server = format!("{} {}", of_server("name"), of_server("version"))
            .trim()
            .to_owned();
        self.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))?;

        let mut tools = Vec::new();
        let mut cursor: Option<Value> = None;
        while tools.len() < TOOLS {
            let params = match &cursor {
                Some(cursor) => json!({ "cursor": cursor }),
                None => json!({}),
            };
            let page = self.request("tools/list", params)?;
            let named = page.get("tools").and_then(Value::as_array);
            let named = named.into_iter().flatten();
            tools.extend(
                named
                    .filter_map(|tool| tool.get("name")?.as_str())
                    .map(str::to_owned),
            );
            let next = page
                .get("nextCursor")
                .filter(|next| next.is_string())
                .cloned();
            if next.is_none() || next == cursor {
                break;
            }
            cursor = next;
        }
        tools.truncate(TOOLS);
        Ok((server, tools))
    }

    fn request(&mut self, method: &str, params: Value) -> Result<Value, ProbeError> {
        self.next_id += 1;
        let id = self.next_id;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let mut message = self.hear(method)?;
            if let Some(asked) = message.get("method").and_then(Value::as_str) {
                if let Some(its_id) = message.get("id") {
                    let answer = answer_to_server(asked, its_id);
                    self.say(&answer)?;
                }
                continue;
            }
            let is_answer = message.get("id").and_then(Value::as_u64) == Some(id);
            if let Some(error) = message.get("error").filter(|_| {
                // An error without an id is about what we said last.
                is_answer || message.get("id").is_none_or(Value::is_null)
            }) {
                let text = error.get("message").and_then(Value::as_str);
                return Err(ProbeError::Answered {
                    message: crate::fault::shown(text.unwrap_or("The server refused.")),
                });
            }
            if is_answer {
                return Ok(message
                    .get_mut("result")
                    .map(Value::take)
                    .unwrap_or_default());
            }
        }
    }

    fn say(&mut self, message: &Value) -> Result<(), ProbeError> {
        let line = format!("{message}\n");
        if self.peer.say(line.as_bytes()) {
            Ok(())
        } else {
            Err(self.ended())
        }
    }

    /// The next message; lines that are none are passed over.
    fn hear(&mut self, method: &str) -> Result<Value, ProbeError> {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Ok(message @ Value::Object(_)) = serde_json::from_slice(&line) {
                        return Ok(message);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let detail = format!(
                        "gave no answer to {method} within {} ms",
                        self.limit.as_millis()
                    );
                    return Err(ProbeError::Silent {
                        detail: self.peer.with_last_words(detail),
                    });
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    /// The other side is closed.
    fn ended(&mut self) -> ProbeError {
        let detail = self.peer.how_it_ended();
        ProbeError::Silent {
            detail: self.peer.with_last_words(detail),
        }
    }
}

/// Servers may ask back during the handshake; we offer nothing but a sign of life.
fn answer_to_server(method: &str, id: &Value) -> Value {
    if method == "ping" {
        json!({ "jsonrpc": "2.0", "id": id, "result": {} })
    } else {
        let error = json!({ "code": -32601, "message": "not offered" });
        json!({ "jsonrpc": "2.0", "id": id, "error": error })
    }
}
