use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::talk::Peer;

/// The longest message that is read.
const LINE_BYTES: u64 = 16 * 1024 * 1024;
/// How much of what the command says on standard error is kept.
const TAIL_BYTES: usize = 8 * 1024;
/// How long a command may take to end once its input is closed.
const FAREWELL: Duration = Duration::from_millis(500);
/// How often a command that should end is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// A process that speaks the protocol. Dropping it ends it, with all it started.
pub(super) struct Process {
    running: Running,
    input: Option<ChildStdin>,
    tail: Tail,
}

impl Process {
    /// Starts it; what it says comes by the channel, line by line.
    pub(super) fn start(command: &mut Command) -> std::io::Result<(Self, Receiver<Vec<u8>>)> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut running = Running::start(command)?;
        let input = running.child.stdin.take();
        let (sender, lines) = sync_channel(16);
        if let Some(output) = running.child.stdout.take() {
            thread::spawn(move || read_lines(output, &sender));
        }
        let tail = Tail::of(&mut running.child);
        let process = Self {
            running,
            input,
            tail,
        };
        Ok((process, lines))
    }
}

impl Peer for Process {
    fn say(&mut self, line: &[u8]) -> bool {
        self.input
            .as_mut()
            .is_some_and(|input| input.write_all(line).and_then(|()| input.flush()).is_ok())
    }

    fn how_it_ended(&mut self) -> String {
        self.input = None;
        let status = self.running.wait_until(Instant::now() + FAREWELL);
        self.tail.wait();
        match status {
            Some(status) => format!("ended before it answered ({status})"),
            None => "closed its output before it answered".to_owned(),
        }
    }

    fn with_last_words(&self, detail: String) -> String {
        self.tail.added_to(detail)
    }

    fn end(&mut self, deadline: Instant) {
        self.input = None;
        let patience = deadline.max(Instant::now() + LOOK);
        self.running
            .wait_until(patience.min(Instant::now() + FAREWELL));
        self.running.kill();
    }
}

/// A child that is killed with all it started when this is dropped before it has ended.
pub(super) struct Running {
    pub(super) child: Child,
}

impl Running {
    pub(super) fn start(command: &mut Command) -> std::io::Result<Self> {
        platform::prepare(command);
        Ok(Self {
            child: command.spawn()?,
        })
    }

    /// How it ended; `None` when it has not by then.
    pub(super) fn wait_until(&mut self, until: Instant) -> Option<ExitStatus> {
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

    fn kill(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            platform::kill(&mut self.child);
            let _ = self.child.wait();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The end of what a child says on standard error.
pub(super) struct Tail {
    kept: Arc<Mutex<VecDeque<u8>>>,
    /// Disconnects when standard error has been read to its end.
    ended: Receiver<()>,
}

impl Tail {
    pub(super) fn of(child: &mut Child) -> Self {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let (open, ended) = sync_channel(0);
        if let Some(errors) = child.stderr.take() {
            let kept = kept.clone();
            thread::spawn(move || {
                keep_tail(errors, &kept);
                drop(open);
            });
        }
        Self { kept, ended }
    }

    /// Waits a moment for its end.
    pub(super) fn wait(&self) {
        let _ = self.ended.recv_timeout(FAREWELL);
    }

    /// Adds the last line, where there is one.
    pub(super) fn added_to(&self, detail: String) -> String {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(kept.make_contiguous()).into_owned();
        match text.lines().rev().find(|line| !line.trim().is_empty()) {
            Some(last) => format!("{detail}: {}", crate::fault::shown(last.trim())),
            None => detail,
        }
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
