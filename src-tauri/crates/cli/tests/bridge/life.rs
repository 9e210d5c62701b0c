//! How a bridge begins, what it leaves, and that it always ends.

use std::process::{Command, Stdio};

use keystow_testkit::{World, eventually};
use serde_json::json;

use crate::client::{connected, is_gone};
use crate::server::Server;
use crate::support::{Bridge, KEYSTOW, terminate};

#[test]
fn the_session_ends_with_the_input_and_with_a_signal() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let before = server.seen().deleted;
    let mut bridge = Bridge::ready(&world, &id);
    bridge.call("echo").unwrap();
    assert_eq!(bridge.end().code, 0);
    assert_eq!(server.seen().deleted, before + 1);

    let mut bridge = Bridge::ready(&world, &id);
    bridge.call("echo").unwrap();
    terminate(&bridge.process);
    assert_eq!(bridge.ended().code, 0);
    assert_eq!(server.seen().deleted, before + 2);
}

#[test]
fn servers_learn_which_client_calls() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    server.seen().user_agents.clear();
    Bridge::ready(&world, &id).call("echo").unwrap();
    let wanted = format!("keystow/{} (cursor)", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.seen().user_agents, [wanted]);
}

#[test]
fn it_ends_when_its_client_is_killed_even_while_others_hold_its_pipes() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let before = server.seen().deleted;
    let pid_file = world.root().join("pid");
    // The shell is the client. This test holds the pipes as well, as another child of a client may.
    let script = r#"exec 3<&0; "$0" bridge "$1" <&3 & echo $! > "$2"; wait"#;
    let mut client = world
        .command("sh")
        .args(["-c", script, KEYSTOW, &id])
        .arg(&pid_file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = client.stdin.take().unwrap();
    let output = client.stdout.take().unwrap();
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
    }});
    std::io::Write::write_all(&mut input, format!("{hello}\n").as_bytes()).unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
    assert!(line.contains("serverInfo"), "{line}");
    let pid: u32 = std::fs::read_to_string(&pid_file)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    assert!(!is_gone(pid));

    client.kill().unwrap();
    client.wait().unwrap();
    eventually("the bridge ends", || is_gone(pid));
    assert_eq!(server.seen().deleted, before + 1);
    drop(input);
}

#[test]
fn a_store_that_others_write_to_does_not_keep_it_from_starting() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let mut bridges: Vec<_> = (0..5).map(|_| Bridge::start(&world, &id)).collect();
    for bridge in &mut bridges {
        bridge.initialize().unwrap();
    }
    for bridge in bridges {
        assert_eq!(bridge.end().code, 0);
    }
    let left = Command::new("pgrep")
        .args(["-f", &format!("bridge {id}")])
        .output();
    assert!(left.is_ok_and(|left| left.stdout.is_empty()));
}
