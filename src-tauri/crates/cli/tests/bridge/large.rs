//! Results larger than a bridge.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use keystow_testkit::World;
use serde_json::json;

use crate::client::{connected, kilobytes};
use crate::server::{Deed, Server};
use crate::support::command;

/// `make bench` measures 50 MB; this is enough to tell.
const LARGE: usize = 24 * 1024 * 1024;

#[test]
fn a_result_passes_through_that_is_larger_than_the_bridge_may_grow() {
    for as_events in [false, true] {
        let world = World::new();
        let server = Server::start(Box::new(move || Deed::Large(LARGE, as_events)), None);
        let id = connected(&world, &server.url, &[]);
        let mut bridge = command(&world, &["bridge", &id])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = bridge.stdin.take().unwrap();
        let mut output = BufReader::new(bridge.stdout.take().unwrap());
        let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
        }});
        writeln!(input, "{hello}").unwrap();
        let mut line = Vec::new();
        output.read_until(b'\n', &mut line).unwrap();
        writeln!(
            input,
            r#"{{"jsonrpc":"2.0","method":"notifications/initialized"}}"#
        )
        .unwrap();
        let mut call = |id: u32| {
            let call = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": "large"}});
            writeln!(input, "{call}").unwrap();
            line.clear();
            output.read_until(b'\n', &mut line).unwrap();
            assert!(line.len() > LARGE);
            assert!(line.ends_with(b"\"}]}}\n"));
        };
        // The first brings back the code that was given back after the start; the second is measured, with a peak of its own.
        call(2);
        std::fs::write(format!("/proc/{}/clear_refs", bridge.id()), "5").unwrap();
        let before = kilobytes(bridge.id(), "status", "VmRSS:");
        call(3);
        let added = kilobytes(bridge.id(), "status", "VmHWM:").saturating_sub(before);
        assert!(added <= 16 * 1024, "{added} kB were added");
        drop(input);
        assert!(bridge.wait().unwrap().success());
    }
}
