//! What clients start with hardly any variables: the bus is found by the user's id, and the data directory by where the program is.

use std::io::Write;
use std::process::{Command, Stdio};

use keystow_testkit::World;
use serde_json::{Value, json};

use crate::support::*;

/// A handshake and a question, as a client says them.
fn questions() -> String {
    let client = json!({ "name": "test", "version": "1" });
    [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params":
            { "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client } }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {} }),
    ]
    .map(|message| format!("{message}\n"))
    .concat()
}

/// Talks to a command until it has answered; gives the number of tools, or what was said instead.
fn tools(mut command: Command) -> Result<usize, String> {
    let mut server = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    let _ = input.write_all(questions().as_bytes());
    let output = std::io::BufReader::new(server.stdout.take().unwrap());
    let answers = std::io::BufRead::lines(output)
        .map_while(Result::ok)
        .map(|line| serde_json::from_str::<Value>(&line).unwrap());
    let found = { answers }.find(|answer| answer["id"] == 2 || answer.get("error").is_some());
    drop(input);
    let ended = server.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    match found
        .as_ref()
        .and_then(|answer| answer["result"]["tools"].as_array())
    {
        Some(tools) => Ok(tools.len()),
        None => Err(format!("{found:?}\n{said}")),
    }
}

/// The command line that was written for Cursor.
fn written(world: &World) -> Vec<String> {
    let text = std::fs::read_to_string(world.home().join(".cursor/mcp.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let entry = &file["mcpServers"]["keystow"];
    let args = entry["args"].as_array().unwrap().iter();
    std::iter::once(&entry["command"])
        .chain(args)
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_data_directory_that_was_moved_is_found_without_the_variable_that_moved_it() {
    let world = World::new();
    let moved = world.home().join("elsewhere");
    for args in [
        &["sign-in", "--provider", "local"] as &[&str],
        &["connect", "cursor", "--yes", "--no-probe"],
    ] {
        let output = command(&world, args)
            .env("XDG_DATA_HOME", &moved)
            .stdin(Stdio::null())
            .output();
        Ran::of(output.unwrap()).ok();
    }
    let line = written(&world);
    assert!(line[0].starts_with(moved.to_str().unwrap()), "{line:?}");
    let run_dir = world.var("XDG_RUNTIME_DIR").unwrap();
    let mut scrubbed = Command::new("env");
    scrubbed
        .arg("-i")
        .arg(format!("HOME={}", world.home().display()))
        .arg(format!("PATH={}", world.var("PATH").unwrap()))
        .arg(format!("XDG_RUNTIME_DIR={run_dir}"))
        .args(&line);
    assert_eq!(tools(scrubbed), Ok(6));
    assert!(
        !world.home().join(".local/share/keystow").exists(),
        "a second data directory was made"
    );
}

#[test]
fn with_no_more_than_home_path_and_user_the_bus_is_found_by_the_users_id() {
    // A `/run/user` of one's own takes root, because the bus asks for the true user id.
    let may = Command::new("unshare")
        .args(["-m", "mount", "-t", "tmpfs", "none", "/run"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !may {
        println!("The bus by the user's id was not tried: this system lets nobody mount a /run.");
        return;
    }
    let world = signed_in();
    keystow(&world, &["connect", "cursor", "--yes", "--no-probe"]).ok();
    // The usual place leads to this world's bus, for the tested program alone.
    let script = r#"
set -eu
mount -t tmpfs none /run
mkdir -p "/run/user/$(id -u)"
ln -s "$1" "/run/user/$(id -u)/bus"
shift
exec env -i "HOME=$HOME" "PATH=$PATH" "USER=nobody" "$@"
"#;
    let bus = format!("{}/bus", world.var("XDG_RUNTIME_DIR").unwrap());
    let mut scrubbed = world.command("unshare");
    scrubbed
        .args(["-m", "sh", "-c", script, "sh", &bus])
        .args(written(&world));
    assert_eq!(tools(scrubbed), Ok(6));
}
