//! The official conformance suite, the official server and the official SDKs, with the bridge between them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The bridge as a command: cargo builds examples along with the tests, beside them.
fn relay() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(2).unwrap();
    let relay = target.join("examples/relay");
    assert!(relay.exists(), "{} is not built", relay.display());
    relay
}

fn node(script: &str, arguments: &[&str]) -> Output {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/mcp");
    assert!(
        place.join("node_modules").exists(),
        "the official packages are not installed: run `make setup`"
    );
    Command::new("node")
        .arg(place.join(script))
        .arg(relay())
        .args(arguments)
        .output()
        .expect("node is installed")
}

#[track_caller]
fn conforms(revision: &str) {
    let output = node("conformance.mjs", &[revision]);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_conformance_suite_passes_through_the_bridge_for_2025_11_25() {
    conforms("2025-11-25");
}

#[test]
fn the_conformance_suite_passes_through_the_bridge_for_2026_07_28() {
    conforms("2026-07-28");
}

#[test]
fn everything_of_the_official_server_works_as_it_does_directly() {
    let output = node("everything.mjs", &[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (direct, bridged) = (&seen["direct"], &seen["bridged"]);
    for (name, outcome) in direct.as_object().unwrap() {
        assert_eq!(outcome, &bridged[name], "{name}");
    }
    assert_eq!(
        direct.as_object().unwrap().len(),
        bridged.as_object().unwrap().len()
    );
    // What was compared is what there was to compare.
    assert_eq!(direct["tools/list"]["tools"].as_array().unwrap().len(), 19);
    for asked in ["roots", "sampling", "elicitation form", "elicitation url"] {
        assert!(!direct["asked"][asked].is_null(), "{asked}");
    }
}
