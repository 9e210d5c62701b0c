//! Headers from a command, as clients that speak HTTP themselves ask for them.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use keystow_core::Secret;

use super::process::{Running, Tail};
use crate::source::{Credential, CredentialSource, SourceError};

/// How long clients wait for the command.
/// Source: Claude Code 2.1.329 and Codex 0.169.0, run, checked 2026-11-20.
const LIMIT: Duration = Duration::from_secs(10);
/// How much of its output they take, in bytes; the smaller of their limits.
const OUTPUT_BYTES: u64 = 64 * 1024;

type Headers = Vec<(String, Secret)>;

/// A command line that prints a JSON object of headers.
pub(super) struct Helper {
    line: String,
    /// What it printed when it was tried, until that was taken.
    first: Mutex<Option<Headers>>,
}

impl Helper {
    /// Runs the command once.
    ///
    /// # Errors
    /// One clause for people, such as `ended with exit status: 1: …`.
    pub(super) fn tried(line: &str, deadline: Instant) -> Result<Self, String> {
        Ok(Self {
            line: line.to_owned(),
            first: Mutex::new(Some(asked(line, deadline)?)),
        })
    }
}

impl CredentialSource for Helper {
    fn read(&self) -> Result<Credential, SourceError> {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let headers = match first {
            Some(headers) => headers,
            None => asked(&self.line, Instant::now() + LIMIT).map_err(|why| SourceError {
                code: "probe.helper".to_owned(),
                message: format!("The command for the headers {why}."),
            })?,
        };
        Ok(Credential {
            mark: String::new(),
            headers,
        })
    }
}

fn asked(line: &str, deadline: Instant) -> Result<Headers, String> {
    let patience = LIMIT.min(deadline.saturating_duration_since(Instant::now()));
    let until = Instant::now() + patience;
    let mut command = shell(line);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running =
        Running::start(&mut command).map_err(|error| format!("could not be started ({error})"))?;
    let tail = Tail::of(&mut running.child);
    let (done, output) = channel();
    if let Some(stdout) = running.child.stdout.take() {
        thread::spawn(move || {
            let mut text = String::new();
            let read = stdout.take(OUTPUT_BYTES + 1).read_to_string(&mut text);
            // Wiped when dropped, also where nobody waits any more.
            let _ = done.send((read, Secret::new(text)));
        });
    }
    let late = || format!("gave no answer within {} ms", patience.as_millis());
    let (read, text) = output
        .recv_timeout(until.saturating_duration_since(Instant::now()))
        .map_err(|_| tail.added_to(late()))?;
    let Some(status) = running.wait_until(until) else {
        return Err(tail.added_to(late()));
    };
    // What the parser says may quote the secret, so it stays unsaid.
    let not_headers = || "did not print one JSON object of strings".to_owned();
    // Before how it ended: it may have ended because nobody read on.
    if read.is_err() || text.len() as u64 > OUTPUT_BYTES {
        return Err(not_headers());
    }
    if !status.success() {
        tail.wait();
        return Err(tail.added_to(format!("ended with {status}")));
    }
    // EXPOSE: taken apart into the headers that are sent
    let headers: BTreeMap<String, String> =
        serde_json::from_str(text.expose().trim()).map_err(|_| not_headers())?;
    Ok(headers
        .into_iter()
        .map(|(name, value)| (name, Secret::new(value)))
        .collect())
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

/// As Node.js does with `shell: true`: `/s` takes the outer quotes off, and the rest stays as it is.
#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd.exe");
    command.raw_arg(format!("/d /s /c \"{line}\""));
    command
}
