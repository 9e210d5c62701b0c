//! A bridge as an AI client has it: a child process and two pipes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{AT_ONCE, CONCURRENT, INITIALIZED, WARM_UP, call, initialize, spread};

/// How long a bridge is left alone after its first calls.
const SETTLED: Duration = Duration::from_millis(300);

struct Bridge {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    line: Vec<u8>,
    next: u64,
}

impl Bridge {
    /// A bridge that has answered `initialize`, and how long that took from its start.
    fn start(command: &[&str]) -> (Self, f64) {
        let [program, args @ ..] = command else {
            panic!("a command");
        };
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let output = BufReader::with_capacity(64 * 1024, child.stdout.take().unwrap());
        let mut bridge = Self {
            child,
            input,
            output,
            line: Vec::new(),
            next: 1,
        };
        bridge.say(&initialize(0));
        bridge.answer();
        let took = started.elapsed().as_secs_f64() * 1e3;
        bridge.say(INITIALIZED);
        (bridge, took)
    }

    fn say(&mut self, message: &str) {
        let line = format!("{message}\n");
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
    }

    /// Reads up to the next answer, which must be a result; gives its size.
    fn answer(&mut self) -> usize {
        loop {
            self.line.clear();
            let bytes = self.output.read_until(b'\n', &mut self.line).unwrap();
            assert!(bytes > 0, "the bridge has ended");
            // Whole messages are small, and the head of a large one tells as much; `result` may come first or last.
            let head = String::from_utf8_lossy(&self.line[..bytes.min(400)]);
            if head.contains("\"result\"") {
                return bytes;
            }
            assert!(!head.contains("\"error\""), "{head}");
        }
    }

    /// Calls that are not counted, before and after a while in which it does what it does once it has started.
    fn settle(&mut self) {
        for wait in [SETTLED, Duration::ZERO] {
            for _ in 0..WARM_UP {
                self.call("echo");
            }
            std::thread::sleep(wait);
        }
    }

    fn call(&mut self, tool: &str) -> (f64, usize) {
        let message = call(self.next, tool);
        self.next += 1;
        let started = Instant::now();
        self.say(&message);
        let bytes = self.answer();
        (started.elapsed().as_secs_f64() * 1e3, bytes)
    }

    /// Calls a second with many under way all the time.
    fn throughput(&mut self, calls: u64) -> f64 {
        let started = Instant::now();
        let mut sent = 0;
        let mut send = |bridge: &mut Self| {
            let message = call(bridge.next, "echo");
            bridge.next += 1;
            sent += 1;
            bridge.say(&message);
            sent
        };
        for _ in 0..AT_ONCE {
            send(self);
        }
        for answered in 1..=calls {
            self.answer();
            if answered + (AT_ONCE as u64) <= calls {
                send(self);
            }
        }
        calls as f64 / started.elapsed().as_secs_f64()
    }

    /// Its processes: the one that was started and all below it.
    fn processes(&self) -> Vec<u32> {
        let mut all = vec![self.child.id()];
        let mut at = 0;
        while let Some(pid) = all.get(at) {
            let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
            let children = children.unwrap_or_default();
            all.extend(
                children
                    .split_whitespace()
                    .map(|pid| pid.parse::<u32>().unwrap()),
            );
            at += 1;
        }
        all
    }

    /// One figure of the memory of all its processes, in MB.
    fn memory(&self, file: &str, figure: &str) -> f64 {
        let of = |pid: u32| {
            let text = fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix(figure));
            let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
            kb.unwrap_or(0.0) / 1024.0
        };
        self.processes().into_iter().map(of).sum()
    }

    /// Closes its input; gives how long it took to end.
    fn end(mut self) -> f64 {
        let started = Instant::now();
        drop(self.input.take());
        // Some bridges stay when their client goes.
        while self.child.try_wait().unwrap().is_none() {
            if started.elapsed().as_secs() >= 2 {
                for pid in self.processes() {
                    let _ = Command::new("kill").arg("-9").arg(pid.to_string()).status();
                }
                let _ = self.child.wait();
                return f64::NAN;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        started.elapsed().as_secs_f64() * 1e3
    }
}

pub(crate) fn live(calls: u64, command: &[&str]) -> Value {
    let (mut bridge, start) = Bridge::start(command);
    bridge.settle();
    let times = spread((0..calls).map(|_| bridge.call("echo").0).collect());
    let pss = bridge.memory("smaps_rollup", "Pss:");
    let throughput = bridge.throughput(calls * CONCURRENT);
    let end = bridge.end();
    json!({"start_ms": start, "call_ms": times, "pss_mb": pss, "calls_per_s": throughput, "end_ms": end})
}

pub(crate) fn large(command: &[&str]) -> Value {
    let (mut bridge, _) = Bridge::start(command);
    bridge.settle();
    for pid in bridge.processes() {
        // The peak from here on. Not `std::fs::write`, which is for no files of a person either.
        let file = fs::OpenOptions::new()
            .write(true)
            .open(format!("/proc/{pid}/clear_refs"));
        file.unwrap().write_all(b"5").unwrap();
    }
    let before = bridge.memory("status", "VmRSS:");
    let (took, bytes) = bridge.call("large");
    let added = bridge.memory("status", "VmHWM:") - before;
    bridge.end();
    json!({"ms": took, "bytes": bytes, "added_mb": added})
}

pub(crate) fn many(count: usize, command: &[&str]) -> Value {
    let mut bridges: Vec<_> = (0..count).map(|_| Bridge::start(command).0).collect();
    for bridge in &mut bridges {
        bridge.settle();
    }
    let pss: f64 = bridges
        .iter()
        .map(|bridge| bridge.memory("smaps_rollup", "Pss:"))
        .sum();
    for bridge in bridges {
        bridge.end();
    }
    json!({"pss_mb": pss})
}
