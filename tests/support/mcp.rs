//! A small MCP client that starts what a settings file names, as an AI client does.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use keystow_testkit::World;
use serde_json::{Value, json};

/// A running entry.
pub struct Entry {
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
    next: u64,
}

impl Entry {
    /// Starts the command of the entry at `pointer` (such as `/mcpServers/keystow`) in a settings file, and shakes hands.
    pub fn start(world: &World, file: &Path, pointer: &str) -> Self {
        let text = std::fs::read_to_string(file).expect("the settings file is there");
        let value: Value = jsonc(&text);
        let entry = value
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{} has {pointer}", file.display()));
        let args = entry["args"]
            .as_array()
            .expect("args")
            .iter()
            .map(|arg| arg.as_str().expect("text"));
        let mut process = world
            .command(entry["command"].as_str().expect("a command"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the entry's command starts");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let message =
                    serde_json::from_str(&line).expect("standard output is protocol only");
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let mut entry = Self {
            input: process.stdin.take(),
            process,
            lines,
            next: 0,
        };
        entry
            .ask(
                "initialize",
                json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "tour", "version": "1" } }),
            )
            .expect("the handshake is answered");
        entry.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        entry
    }

    /// Asks and waits for the answer to it: a result, or the sentence of an error.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self
                .lines
                .recv_timeout(Duration::from_secs(30))
                .map_err(|_| format!("{method} was never answered"))?;
            if message["id"] == id {
                return match message.get("result") {
                    Some(result) => Ok(result.clone()),
                    None => Err(message["error"]["message"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned()),
                };
            }
        }
    }

    /// Calls a tool; gives its first text.
    pub fn call(&mut self, tool: &str, arguments: Value) -> Result<String, String> {
        let result = self.ask(
            "tools/call",
            json!({ "name": tool, "arguments": arguments }),
        )?;
        Ok(result["content"][0]["text"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Closes its input and waits for its end.
    pub fn end(mut self) {
        self.input = None;
        let status = self.process.wait().expect("it ends");
        assert!(status.success(), "the bridge ended with {status}");
    }

    fn send(&mut self, message: &Value) {
        let input = self.input.as_mut().expect("open until the end");
        // A bridge that ended is noticed when its answer does not come.
        let _ = writeln!(input, "{message}");
        let _ = input.flush();
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Settings files of editors hold comments; their entries are read here without the product's own parser.
fn jsonc(text: &str) -> Value {
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match (in_string, c, chars.peek()) {
            (true, '\\', Some(_)) => {
                plain.push(c);
                plain.extend(chars.next());
                continue;
            }
            (_, '"', _) => in_string = !in_string,
            (false, '/', Some('/')) => {
                while chars.peek().is_some_and(|c| *c != '\n') {
                    chars.next();
                }
                continue;
            }
            (false, '/', Some('*')) => {
                chars.next();
                while let Some(c) = chars.next() {
                    if c == '*' && chars.peek() == Some(&'/') {
                        chars.next();
                        break;
                    }
                }
                continue;
            }
            _ => {}
        }
        plain.push(c);
    }
    let mut tidy = String::new();
    for (at, c) in plain.char_indices() {
        let rest = plain.get(at + 1..).unwrap_or_default().trim_start();
        if c == ',' && rest.starts_with(['}', ']']) {
            continue;
        }
        tidy.push(c);
    }
    serde_json::from_str(&tidy).expect("the settings file can be read")
}
