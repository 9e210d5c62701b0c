//! Bad luck, much of it, in an order that a seed decides.
//!
//! `CHAOS_SECONDS` says how long [default: 45], `CHAOS_SEED` which bad luck.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keystow_testkit::{World, eventually};
use serde_json::{Value, json};

use crate::client::{connected, descriptors, is_gone, kilobytes};
use crate::server::{Deed, Server};
use crate::support::command;

/// Between two calls: 100 a second.
const PACE: Duration = Duration::from_millis(10);
/// Between two restarts of the server.
const UP: Duration = Duration::from_secs(5);
/// How long it is away.
const DOWN: Duration = Duration::from_millis(300);
/// What a bridge may grow by from the second third of the time to the last.
const GROWTH_KB: u64 = 4096;

/// A sequence that looks like chance and is not (xorshift).
struct Luck(u64);

impl Luck {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn deed(&mut self) -> Deed {
        match self.below(100) {
            0..70 => Deed::Json,
            70..80 => Deed::Events,
            80..84 => Deed::Slow(self.below(400)),
            84..86 => Deed::Cut,
            86..88 => Deed::Half,
            88..91 => Deed::Resumable,
            91..93 => Deed::Status(500 + u16::try_from(self.below(4)).unwrap()),
            93..95 => Deed::Busy,
            95 => Deed::Garbage,
            96 => Deed::Page,
            97 => Deed::Large(2 << 20, self.below(2) == 0),
            _ => Deed::Forget,
        }
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(usual, |set| set.parse().expect("a number"))
}

/// How each call was answered.
#[derive(Default)]
struct Answers {
    of: HashMap<u64, Vec<Result<(), String>>>,
    broken_lines: usize,
    /// In an answer's place: what is none.
    nonsense: Vec<String>,
}

impl Answers {
    fn take(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            // A large answer that broke off; its error follows.
            if line.len() > 1 << 20 {
                self.broken_lines += 1;
            } else {
                self.nonsense.push(line.to_owned());
            }
            return;
        };
        let Some(id) = message["id"].as_u64() else {
            return self.nonsense.push(line.to_owned());
        };
        let answer = if message.get("result").is_some() {
            let text = message["result"]["content"][0]["text"].as_str();
            let text = text.unwrap_or_default();
            let right = text == format!("answer to {id}") || text.starts_with("0123456789abcdef");
            if right || id == 0 {
                Ok(())
            } else {
                return self.nonsense.push(line.to_owned());
            }
        } else {
            let code = message["error"]["data"]["code"].as_str();
            Err(code.unwrap_or("(the server's own)").to_owned())
        };
        self.of.entry(id).or_default().push(answer);
    }
}

#[test]
fn every_call_is_answered_once_whatever_happens_and_nothing_is_left() {
    let lasts = Duration::from_secs(setting("CHAOS_SECONDS", 45));
    let seed = setting("CHAOS_SEED", 20_261_121);
    let world = World::new();
    let mut luck = Luck(seed);
    let mut server = Server::start(Box::new(move || luck.deed()), None);
    let id = connected(&world, &server.url, &[]);
    let mut bridge = command(&world, &["bridge", &id])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = bridge.id();
    let answers = Arc::new(Mutex::new(Answers::default()));
    let reader = std::thread::spawn({
        let answers = answers.clone();
        let output = BufReader::new(bridge.stdout.take().unwrap());
        move || {
            for line in output.lines() {
                answers.lock().unwrap().take(&line.unwrap());
            }
        }
    });
    let answered = |id: u64| answers.lock().unwrap().of.contains_key(&id);
    let mut input = bridge.stdin.take().unwrap();
    let mut say = |message: Value| writeln!(input, "{message}").unwrap();
    say(
        json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "chaos", "version": "1"},
        }}),
    );
    eventually("the handshake", || answered(0));
    say(json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));

    let started = Instant::now();
    let mut calls = 0;
    let mut restart_at = UP;
    let mut back_at = None;
    let mut memory = Vec::new();
    let mut open = 0;
    while started.elapsed() < lasts {
        calls += 1;
        say(
            json!({"jsonrpc": "2.0", "id": calls, "method": "tools/call", "params": {"name": "echo"}}),
        );
        let now = started.elapsed();
        if back_at.is_some_and(|at| now >= at) {
            server.start_again();
            back_at = None;
        } else if back_at.is_none() && now >= restart_at {
            server.stop();
            back_at = Some(now + DOWN);
            restart_at = now + UP;
        }
        if now >= Duration::from_secs(memory.len() as u64) {
            memory.push(kilobytes(pid, "smaps_rollup", "Pss_Anon:"));
            if now < lasts * 2 / 3 {
                open = open.max(descriptors(pid));
            }
        }
        // The pace is what is tested, not a wait for something.
        let due = PACE * u32::try_from(calls).unwrap();
        std::thread::sleep(due.saturating_sub(started.elapsed()));
    }
    if back_at.is_some() {
        server.start_again();
    }
    eventually("all calls are answered", || {
        answers.lock().unwrap().of.len() as u64 == calls + 1
    });

    let third = memory.len() / 3;
    let middle = |of: &[u64]| {
        let mut of = of.to_vec();
        of.sort_unstable();
        of[of.len() / 2]
    };
    let [second, last] = [third..2 * third, 2 * third..memory.len()].map(|of| middle(&memory[of]));
    assert!(last <= second + GROWTH_KB, "it grew, in kB: {memory:?}");
    eventually("no more descriptors than before", || {
        descriptors(pid) <= open
    });
    drop(input);
    assert!(bridge.wait().unwrap().success());
    reader.join().unwrap();
    assert!(is_gone(pid));

    let answers = answers.lock().unwrap();
    assert!(
        answers.nonsense.is_empty(),
        "seed {seed}: {:?}",
        answers.nonsense
    );
    let twice: Vec<_> = answers.of.iter().filter(|(_, of)| of.len() != 1).collect();
    assert!(twice.is_empty(), "seed {seed}: {twice:?}");
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    for answer in answers.of.values().flatten() {
        *kinds
            .entry(answer.as_ref().err().map_or("answered", String::as_str))
            .or_default() += 1;
    }
    println!(
        "{calls} calls, seed {seed}: {kinds:?}, {} lines broke off",
        answers.broken_lines
    );
    assert!(kinds["answered"] as u64 > calls / 2, "{kinds:?}");
}
