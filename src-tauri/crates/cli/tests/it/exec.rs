//! `keystow exec`, started from what stands in a settings file.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use keystow_testkit::World;
use serde_json::Value;

use crate::support::*;

/// Connects Cursor to a program that takes its key in a variable; gives the entry and the plaintext of the key.
fn connected(world: &World, program: &[&str]) -> (Value, String) {
    let mut args = vec![
        "connect",
        "cursor",
        "--mode",
        "exec",
        "--env",
        "ACME_API_KEY",
        "--yes",
        "--no-probe",
        "--",
    ];
    args.extend(program);
    keystow(world, &args).ok();
    let text = std::fs::read_to_string(world.home().join(".cursor/mcp.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let status = keystow(world, &["status", "--no-probe", "--json"])
        .ok()
        .json();
    let key = status[0]["connection"]["key"].as_str().unwrap();
    let plaintext = stowed(world, &format!("key/local/{key}")).unwrap();
    (file["mcpServers"]["keystow"].clone(), plaintext)
}

/// What the client would start.
fn started(world: &World, entry: &Value) -> Command {
    let mut command = world.command(entry["command"].as_str().unwrap());
    let args = entry["args"].as_array().unwrap().iter();
    command.args(args.map(|arg| arg.as_str().unwrap()));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

#[test]
fn it_becomes_the_program_which_alone_has_the_key_in_its_environment() {
    let world = signed_in();
    let script = "echo ready; read -r line; exit 7";
    let (entry, plaintext) = connected(&world, &["sh", "-c", script]);
    assert!(!entry.to_string().contains(&plaintext));
    let mut server = started(&world, &entry).spawn().unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    // The same process, with nothing of Keystow left in it.
    let of = |what: &str| {
        let bytes = std::fs::read(format!("/proc/{}/{what}", server.id())).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    assert_eq!(of("cmdline"), format!("sh\0-c\0{script}\0"));
    assert!(of("environ").contains(&format!("ACME_API_KEY={plaintext}\0")));
    assert_eq!(of("environ").matches(&plaintext).count(), 1);
    drop(server.stdin.take());
    assert_eq!(server.wait().unwrap().code(), Some(7), "its end is ours");
}

#[test]
fn a_server_in_a_variable_is_tried_by_its_tools() {
    let world = signed_in();
    let script = r#"
[ "${ACME_API_KEY#ksl_}" != "$ACME_API_KEY" ] || exit 3
read -r hello
echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"acme","version":"1"}}}'
read -r initialized
read -r list
echo '{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a"},{"name":"b"}]}}'
read -r end
"#;
    let (_, _) = connected(&world, &["sh", "-c", script]);
    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status[0]["connection"]["mode"], "exec");
    assert_eq!(status[0]["probe"]["tools"], serde_json::json!(["a", "b"]));
}

#[test]
fn a_program_that_cannot_be_run_is_named_as_shells_do() {
    let world = signed_in();
    let (entry, plaintext) = connected(&world, &["/no/such/server", "--flag"]);
    let mut child = started(&world, &entry)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(127), "{said}");
    assert!(
        said.starts_with("error: /no/such/server cannot be run"),
        "{said}"
    );
    assert!(!said.contains(&plaintext));
    let id = entry["args"][1].as_str().unwrap();
    let ran = keystow(&world, &["exec", id, "--", "/etc/passwd"]);
    assert_eq!(ran.code, 126, "{ran}");
}

#[test]
fn only_a_connection_of_that_mode_runs_a_program() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let id = connection["id"].as_str().unwrap();
    let ran = keystow(&world, &["exec", id, "--", "env"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran}");
    assert!(ran.stderr.contains("is of mode bridge"), "{ran}");
    let ran = keystow(&world, &["exec", "c-nothing0", "--", "env"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran}");
    let ran = keystow(&world, &["exec", id]);
    assert_eq!(ran.code, 2, "{ran}");
}
