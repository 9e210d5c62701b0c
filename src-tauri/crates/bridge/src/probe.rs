//! Asks a written command for its tools, the way an AI client would.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use keystow_core::remote::{Probe, ProbeError, Prober};
use serde_json::{Value, json};

/// More tools than this are not counted.
const TOOLS: usize = 1000;
/// The longest message that is read.
const LINE_BYTES: u64 = 16 * 1024 * 1024;
/// How much of what the command says on standard error is kept.
const TAIL_BYTES: usize = 8 * 1024;
/// How long a command may take to end once its input is closed.
const FAREWELL: Duration = Duration::from_millis(500);
/// How often a command that should end is looked at.
const LOOK: Duration = Duration::from_millis(5);
const PROTOCOL: &str = "2025-11-25";

/// Probes by starting a process. It uses threads of its own, so it may be called from anywhere that may block.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessProber;

impl Prober for ProcessProber {
    fn probe(&self, command: &str, args: &[String], timeout_ms: u64) -> Result<Probe, ProbeError> {
        let started = Instant::now();
        let limit = Duration::from_millis(timeout_ms);
        let mut talk = Talk::start(command, args, started + limit, limit)?;
        let result = talk.ask_for_tools();
        talk.end();
        let (server, tools) = result?;
        Ok(Probe {
            tools,
            server,
            took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// A conversation with a process. Dropping it ends the process.
struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Vec<u8>>,
    tail: Arc<Mutex<VecDeque<u8>>>,
    /// Disconnects when standard error has been read to its end.
    tail_ended: Receiver<()>,
    deadline: Instant,
    limit: Duration,
    next_id: u64,
}

impl Talk {
    fn start(
        command: &str,
        args: &[String],
        deadline: Instant,
        limit: Duration,
    ) -> Result<Self, ProbeError> {
        let failed = |error: std::io::Error| ProbeError::Start {
            command: command.to_owned(),
            detail: error.to_string(),
        };
        let mut building = Command::new(command);
        building
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        platform::prepare(&mut building);
        let mut child = building.spawn().map_err(failed)?;
        let input = child.stdin.take();
        let (sender, lines) = sync_channel(16);
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || read_lines(output, &sender));
        }
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let (tail_open, tail_ended) = sync_channel(0);
        if let Some(errors) = child.stderr.take() {
            let tail = tail.clone();
            thread::spawn(move || {
                keep_tail(errors, &tail);
                drop(tail_open);
            });
        }
        Ok(Self {
            child,
            input,
            lines,
            tail,
            tail_ended,
            deadline,
            limit,
            next_id: 0,
        })
    }

    /// The handshake, then all pages of `tools/list`: the server's name and version, and its tools.
    fn ask_for_tools(&mut self) -> Result<(String, Vec<String>), ProbeError> {
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
        let said = match &mut self.input {
            Some(input) => input
                .write_all(line.as_bytes())
                .and_then(|()| input.flush())
                .is_ok(),
            None => false,
        };
        if said { Ok(()) } else { Err(self.ended()) }
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
                        detail: self.with_last_words(detail),
                    });
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    /// The process closed its side.
    fn ended(&mut self) -> ProbeError {
        self.input = None;
        let status = self.wait_until(Instant::now() + FAREWELL);
        let _ = self.tail_ended.recv_timeout(FAREWELL);
        let detail = match status {
            Some(status) => format!("ended before it answered ({status})"),
            None => "closed its output before it answered".to_owned(),
        };
        ProbeError::Silent {
            detail: self.with_last_words(detail),
        }
    }

    /// Adds the last line of standard error, where there is one.
    fn with_last_words(&self, detail: String) -> String {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(tail.make_contiguous()).into_owned();
        match text.lines().rev().find(|line| !line.trim().is_empty()) {
            Some(last) => format!("{detail}: {}", crate::fault::shown(last.trim())),
            None => detail,
        }
    }

    /// Closes the input, lets the process end by itself for a moment, and sees to it that it has.
    fn end(&mut self) {
        self.input = None;
        let patience = self.deadline.max(Instant::now() + LOOK);
        if self
            .wait_until(patience.min(Instant::now() + FAREWELL))
            .is_none()
        {
            platform::kill(&mut self.child);
            let _ = self.child.wait();
        }
    }

    fn wait_until(&mut self, until: Instant) -> Option<std::process::ExitStatus> {
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if Instant::now() >= until {
                return None;
            }
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            platform::kill(&mut self.child);
            let _ = self.child.wait();
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

fn read_lines(output: impl Read, sender: &SyncSender<Vec<u8>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        let read = (&mut output).take(LINE_BYTES).read_until(b'\n', &mut line);
        let whole = line.last() == Some(&b'\n') || (line.len() as u64) < LINE_BYTES;
        match read {
            Ok(0) | Err(_) => return,
            Ok(_) if !whole => return,
            Ok(_) => {
                if sender.send(line).is_err() {
                    return;
                }
            }
        }
    }
}

fn keep_tail(mut errors: impl Read, tail: &Mutex<VecDeque<u8>>) {
    let mut piece = [0; 1024];
    while let Ok(count @ 1..) = errors.read(&mut piece) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend(piece.iter().take(count));
        let surplus = tail.len().saturating_sub(TAIL_BYTES);
        tail.drain(..surplus);
    }
}

#[cfg(unix)]
mod platform {
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, kill_process_group};

    /// A group of its own, so that what the command starts ends with it.
    pub(super) fn prepare(command: &mut Command) {
        command.process_group(0);
    }

    pub(super) fn kill(child: &mut Child) {
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = child.kill();
    }
}

#[cfg(windows)]
mod platform {
    use std::os::windows::process::CommandExt;
    use std::process::{Child, Command};

    /// `CREATE_NO_WINDOW`: no console flashes up.
    const NO_WINDOW: u32 = 0x0800_0000;

    pub(super) fn prepare(command: &mut Command) {
        command.creation_flags(NO_WINDOW);
    }

    pub(super) fn kill(child: &mut Child) {
        let _ = child.kill();
    }
}
