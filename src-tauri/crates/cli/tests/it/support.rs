//! Running `keystow`, speaking to its bridge, and files as people keep them.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keystow_testkit::{World, eventually};
use serde_json::{Value, json};

pub const KEYSTOW: &str = env!("CARGO_BIN_EXE_keystow");

/// The service name of debug builds in the keychain.
const SERVICE: &str = "keystow-dev";

/// How a run ended, and all it said.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("keystow speaks UTF-8");
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Panics unless it ended with 0.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self}");
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "exit {}\n── stdout\n{}── stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

pub fn keystow(world: &World, args: &[&str]) -> Ran {
    Ran::of(command(world, args).stdin(Stdio::null()).output().unwrap())
}

/// The same, with something piped in.
pub fn keystow_with_input(world: &World, args: &[&str], input: &str) -> Ran {
    Ran::of(output_with(command(world, args), input))
}

pub fn command(world: &World, args: &[&str]) -> Command {
    let mut command = world.command(KEYSTOW);
    command.args(args);
    command
}

/// Runs a command line on a terminal of its own, where a person types `answer` once `question` is there.
pub fn on_a_terminal(world: &World, line: &str, question: &str, answer: &str) -> Ran {
    let mut script = world
        .command("script")
        .args(["--quiet", "--return", "--command", line, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("script is installed");
    let seen = Arc::new(Mutex::new(String::new()));
    let mut screen = script.stdout.take().unwrap();
    let reader = std::thread::spawn({
        let seen = seen.clone();
        move || {
            let mut bytes = Vec::new();
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut piece) {
                bytes.extend_from_slice(&piece[..count]);
                *seen.lock().unwrap() = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            }
        }
    });
    eventually(question, || seen.lock().unwrap().contains(question));
    if question.contains("not shown") {
        eventually("the terminal stops showing what is typed", || {
            does_not_show(world)
        });
    }
    let mut keyboard = script.stdin.take().unwrap();
    let _ = keyboard.write_all(answer.as_bytes());
    let code = script.wait().unwrap().code().unwrap_or(-1);
    reader.join().unwrap();
    let stdout = seen.lock().unwrap().clone();
    Ran {
        code,
        stdout,
        stderr: String::new(),
    }
}

/// Whether some terminal in the world has its echo switched off.
fn does_not_show(world: &World) -> bool {
    let terminals = world.processes().into_iter().filter_map(|pid| {
        let terminal = std::fs::read_link(format!("/proc/{pid}/fd/0")).ok()?;
        terminal.starts_with("/dev/pts").then_some(terminal)
    });
    terminals.into_iter().any(|terminal| {
        let stty = Command::new("stty")
            .arg("-F")
            .arg(terminal)
            .arg("-a")
            .output();
        String::from_utf8_lossy(&stty.unwrap().stdout).contains(" -echo ")
    })
}

pub fn output_with(mut command: Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that refuses before it reads closes its side.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// A world that is signed in to its local workspace.
pub fn signed_in() -> World {
    let world = World::new();
    sign_in(&world);
    world
}

pub fn sign_in(world: &World) {
    keystow(world, &["sign-in", "--provider", "local"]).ok();
}

/// What the keychain holds under an account such as `key/local/…`, read by the keychain's own tool.
pub fn stowed(world: &World, account: &str) -> Option<String> {
    let output = world
        .command("secret-tool")
        .args(["lookup", "service", SERVICE, "username", account])
        .output()
        .expect("secret-tool is installed");
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// Makes a key; gives its id.
pub fn new_key(world: &World, name: &str) -> String {
    let key = keystow(world, &["keys", "create", name, "--json"])
        .ok()
        .json();
    key["id"].as_str().unwrap().to_owned()
}

/// A settings file of a client as a person keeps it.
pub struct Settings {
    pub path: &'static str,
    pub text: &'static str,
}

/// Comments, tabs, odd indentation, CRLF, number lexemes, other servers, no final newline.
pub const SETTINGS: [Settings; 3] = [
    Settings {
        path: ".cursor/mcp.json",
        text: "{\r\n   \"mcpServers\": {\r\n      \"other\": {\"command\": \"other\", \"env\": {\"TOKEN\": \"sk-live-0123456789abcdefghijklmnop\"}}\r\n   }\r\n}",
    },
    Settings {
        path: ".config/Code/User/mcp.json",
        text: "// kept by hand\n{\n\t\"servers\": {\n\t\t/* off for now\n\t\t\"old\": {} */\n\t\t\"docs\": { \"type\": \"http\", \"url\": \"https://example.com/mcp\" }, // docs\n\t},\n\t\"inputs\": [ ]\n}\n",
    },
    Settings {
        path: ".config/Claude/claude_desktop_config.json",
        text: "{\n    \"globalShortcut\": \"Ctrl+Space\",\n    \"limit\": 1.50e3\n}\n",
    },
];

impl Settings {
    pub fn place(&self, world: &World) -> PathBuf {
        world.home().join(self.path)
    }

    pub fn now(&self, world: &World) -> String {
        std::fs::read_to_string(self.place(world)).unwrap()
    }
}

pub fn lay_settings(world: &World) {
    for file in &SETTINGS {
        let place = file.place(world);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, file.text).unwrap();
    }
}

pub fn assert_settings_untouched(world: &World) {
    for file in &SETTINGS {
        assert_eq!(file.now(world), file.text, "{}", file.path);
    }
}

/// Connects Cursor; gives the connection as `status` tells it.
pub fn connect_cursor(world: &World) -> Value {
    keystow(world, &["connect", "cursor", "--yes"]).ok();
    let status = keystow(world, &["status", "--no-probe", "--json"])
        .ok()
        .json();
    status[0]["connection"].clone()
}

/// An AI client's side of a running bridge.
pub struct Bridge {
    pub process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
    next: u64,
}

impl Bridge {
    pub fn start(world: &World, connection: &str) -> Self {
        Self::with_env(world, connection, &[])
    }

    pub fn with_env(world: &World, connection: &str, more: &[(&str, &str)]) -> Self {
        let mut bridge = command(world, &["bridge", connection]);
        bridge.envs(more.iter().copied());
        Self::of(bridge)
    }

    /// Whatever command a client was told to start.
    pub fn of(mut command: Command) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let message = serde_json::from_str(&line).expect("standard output is protocol");
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            input: process.stdin.take(),
            process,
            lines,
            next: 0,
        }
    }

    /// The same after the handshake.
    pub fn ready(world: &World, connection: &str) -> Self {
        Self::start(world, connection).greeted()
    }

    /// The handshake.
    pub fn greeted(mut self) -> Self {
        self.initialize().unwrap();
        self.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        self
    }

    pub fn initialize(&mut self) -> Result<Value, String> {
        let client = json!({ "name": "test", "version": "1" });
        self.ask(
            "initialize",
            json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client }),
        )
    }

    /// A result, or the sentence of an error.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        let limit = Instant::now() + Duration::from_secs(30);
        loop {
            let left = limit.saturating_duration_since(Instant::now());
            let message = self
                .lines
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("{method} was never answered"));
            if message["id"] == id {
                return match message.get("result") {
                    Some(result) => Ok(result.clone()),
                    None => Err(message["error"]["message"].as_str().unwrap().to_owned()),
                };
            }
        }
    }

    pub fn call(&mut self, tool: &str) -> Result<Value, String> {
        self.ask("tools/call", json!({ "name": tool, "arguments": {} }))
    }

    pub fn say(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    /// Closes its input; gives how it ended.
    pub fn end(mut self) -> Ran {
        drop(self.input.take());
        self.ended()
    }

    /// Waits for its end.
    pub fn ended(mut self) -> Ran {
        let mut stderr = String::new();
        let mut errors = self.process.stderr.take().unwrap();
        errors.read_to_string(&mut stderr).unwrap();
        let status = self.process.wait().unwrap();
        Ran {
            code: status.code().unwrap_or(-1),
            stdout: String::new(),
            stderr,
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends SIGTERM.
pub fn terminate(process: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = Pid::from_raw(i32::try_from(process.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
}

/// Compares what was said with the snapshot of that name; what differs from run to run is blanked.
macro_rules! assert_said {
    ($world:expr, $name:literal, $ran:expr) => {{
        let home = $world.home().display().to_string();
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for (pattern, shown) in $crate::support::blanks(&home) {
            settings.add_filter(&pattern, shown);
        }
        settings.bind(|| insta::assert_snapshot!($name, $ran.to_string()));
    }};
}
pub(crate) use assert_said;

pub fn blanks(home: &str) -> Vec<(String, &'static str)> {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    [
        (literal(home), "[home]"),
        (literal(KEYSTOW), "[keystow]"),
        (format!(r"\bon {}\b", literal(&host)), "on [host]"),
        (r"127\.0\.0\.1:\d+".to_owned(), "127.0.0.1:[port]"),
        (r"\b(c|ch|pl|at)-[a-z0-6]{8}\b".to_owned(), "$1-[id]"),
        (
            r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b".to_owned(),
            "[uuid]",
        ),
        (r"•{8}\w{4}\b".to_owned(), "••••••••[end]"),
        (r"\bin \d+ ms\b".to_owned(), "in [time]"),
        (r#""tookMs": \d+"#.to_owned(), r#""tookMs": [ms]"#),
        (r"\b\d{13}\b".to_owned(), "[ms]"),
        (r"\b(just now|\d+ min ago)".to_owned(), "[when]"),
        (r"Requests +\d+".to_owned(), "Requests  [count]"),
        // Columns are as wide as what was blanked.
        (r"([^\s+-]) {2,}".to_owned(), "$1  "),
    ]
    .into()
}

fn literal(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            (!c.is_alphanumeric())
                .then_some('\\')
                .into_iter()
                .chain([c])
        })
        .collect()
}
