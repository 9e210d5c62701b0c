//! A client that is not ours: the official TypeScript SDK starts what was written into a settings file.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::*;

#[test]
fn the_official_sdk_lists_and_calls_the_tools_of_a_written_entry() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/sdk");
    assert!(
        sdk.join("node_modules/@modelcontextprotocol/sdk").exists(),
        "the SDK is not installed: run `make setup`"
    );
    let world = signed_in();
    connect_cursor(&world);
    let file: Value = serde_json::from_str(&SETTINGS[0].now(&world)).unwrap();
    let entry = &file["mcpServers"]["keystow"];
    let args = entry["args"].as_array().unwrap().iter();

    let output = world
        .command("node")
        .arg(sdk.join("client.mjs"))
        .arg(entry["command"].as_str().unwrap())
        .args(args.map(|arg| arg.as_str().unwrap()))
        .output()
        .expect("node is installed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen["server"], "keystow-local-workspace");
    assert_eq!(
        seen["tools"],
        json!(["whoami", "list_keys", "usage", "echo", "stream", "slow"])
    );
    assert!(
        seen["whoami"].as_str().unwrap().contains("Cursor on "),
        "{seen}"
    );
    assert!(
        seen["echo"].as_str().unwrap().contains("through Keystow"),
        "{seen}"
    );
}
