//! What a bridge needs to begin, and the ends that clients hand it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write, pipe};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};

use keystow_testkit::{World, eventually};
use serde_json::{Value, json};

use crate::client::{connected, kilobytes};
use crate::server::Server;
use crate::support::{Bridge, KEYSTOW, command};

fn hello() -> String {
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"} });
    format!(
        "{}\n",
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
    )
}

fn call(id: usize) -> String {
    let params = json!({ "name": "echo", "arguments": {} });
    format!(
        "{}\n",
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
    )
}

/// A bridge with these ends as its standard input and output.
fn bridge(world: &World, id: &str, input: OwnedFd, output: OwnedFd) -> Child {
    command(world, &["bridge", id])
        .stdin(Stdio::from(input))
        .stdout(Stdio::from(output))
        .spawn()
        .unwrap()
}

/// Speaks so many lines and reads as many; the bridge is still there then.
fn converse(mut to: impl Write, from: impl Read) -> Vec<Value> {
    let mut answers = BufReader::new(from).lines();
    let said = [hello(), call(2), call(3)];
    said.iter()
        .map(|line| {
            to.write_all(line.as_bytes()).unwrap();
            serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap()
        })
        .collect()
}

#[test]
fn one_look_at_the_keychain_and_one_at_the_store_are_enough() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let trace = world.root().join("trace");
    let mut strace = world.command("strace");
    strace.args(["--quiet=all", "-f", "--seccomp-bpf", "-s", "4096", "-o"]);
    strace.arg(&trace);
    strace.args(["-e", "trace=openat,sendmsg", KEYSTOW, "bridge", &id]);
    let mut bridge = Bridge::of(strace).greeted();
    for _ in 0..3 {
        bridge.call("echo").unwrap();
    }
    assert_eq!(bridge.end().code, 0);
    let trace = fs::read_to_string(trace).unwrap();
    let count = |call: &str, what: &str| {
        let lines = trace.lines();
        lines
            .filter(|line| line.contains(call) && line.contains(what))
            .count()
    };
    assert_eq!(count("openat(", "/keystow.db\", O_RDWR"), 1, "{trace}");
    assert_eq!(count("sendmsg(", "GetSecret"), 1, "{trace}");
}

#[test]
fn memory_that_only_starting_needed_is_given_back() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let mut bridge = Bridge::ready(&world, &id);
    bridge.call("echo").unwrap();
    let pid = bridge.process.id();
    eventually("it holds less than it did", || {
        let most = kilobytes(pid, "status", "VmHWM:");
        kilobytes(pid, "status", "VmRSS:") * 10 < most * 7
    });
    bridge.call("echo").unwrap();
}

#[test]
fn clients_that_hand_over_sockets_are_served_as_well() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    // As Node does.
    let (to, input) = UnixStream::pair().unwrap();
    let (from, output) = UnixStream::pair().unwrap();
    let mut bridge = bridge(&world, &id, input.into(), output.into());
    let answers = converse(&to, &from);
    assert!(answers.iter().all(|answer| answer["result"].is_object()));
    drop(to);
    assert_eq!(bridge.wait().unwrap().code(), Some(0));
}

#[test]
fn an_end_that_others_hold_too_still_blocks_for_them() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let (input, to) = pipe().unwrap();
    let (from, output) = pipe().unwrap();
    let (other_input, other_output) = (input.try_clone().unwrap(), output.try_clone().unwrap());
    let mut bridge = bridge(&world, &id, input.into(), output.into());
    let answers = converse(&to, &from);
    assert!(answers.iter().all(|answer| answer["result"].is_object()));
    for end in [other_input.as_raw_fd(), other_output.as_raw_fd()] {
        let info = fs::read_to_string(format!("/proc/self/fdinfo/{end}")).unwrap();
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = u32::from_str_radix(flags.unwrap().trim(), 8).unwrap();
        assert_eq!(flags & 0o4000, 0, "does not block any more: {info}");
    }
    drop(to);
    assert_eq!(bridge.wait().unwrap().code(), Some(0));
}

#[test]
fn files_do_for_input_and_output_too() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let place = |name: &str| world.root().join(name);
    fs::write(place("in"), hello()).unwrap();
    let input = fs::File::open(place("in")).unwrap();
    let output = fs::File::create(place("out")).unwrap();
    let ended = bridge(&world, &id, input.into(), output.into()).wait();
    assert_eq!(ended.unwrap().code(), Some(0));
}
