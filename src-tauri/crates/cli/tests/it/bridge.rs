//! `keystow bridge`, spoken to as AI clients do.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::*;

#[test]
fn tools_are_listed_and_called_and_the_end_is_quick() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    let tools = bridge.ask("tools/list", json!({})).unwrap();
    assert_eq!(tools["tools"].as_array().unwrap().len(), 6);
    assert_ne!(bridge.call("whoami").unwrap()["isError"], true);
    let started = Instant::now();
    let ended = bridge.end();
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{ended}");
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    // Nothing went wrong, so nothing was logged.
    let logs = world.home().join(".local/share/keystow/logs");
    assert!(
        !logs
            .join(format!("bridge-{}.log", connection["id"].as_str().unwrap()))
            .exists()
    );
}

#[test]
fn a_deleted_key_fails_the_next_call_of_a_running_bridge_in_plain_words() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    bridge.call("whoami").unwrap();
    keystow(
        &world,
        &[
            "keys",
            "delete",
            connection["key"].as_str().unwrap(),
            "--yes",
        ],
    )
    .ok();

    let started = Instant::now();
    let sentence = bridge.call("whoami").unwrap_err();
    let took = started.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(sentence.contains("revoked"), "{sentence}");
    assert!(
        !sentence.contains("401") && sentence.ends_with('.'),
        "{sentence}"
    );
}

#[test]
fn its_log_is_for_nobody_else_and_says_names_only() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let id = connection["id"].as_str().unwrap();
    let key = connection["key"].as_str().unwrap();
    let plaintext = stowed(&world, &format!("key/local/{key}")).unwrap();
    let mut bridge = Bridge::with_env(&world, id, &[("KEYSTOW_LOG", "trace")]);
    bridge.initialize().unwrap();
    bridge
        .ask(
            "tools/call",
            json!({ "name": "echo", "arguments": { "text": "a private word" } }),
        )
        .unwrap();
    assert_eq!(bridge.end().code, 0);

    let log = world
        .home()
        .join(format!(".local/share/keystow/logs/bridge-{id}.log"));
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("tools/call"), "{text}");
    assert!(
        !text.contains(&plaintext) && !text.contains("a private word"),
        "{text}"
    );
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_paused_key_works_again_once_it_is_resumed() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let key = connection["key"].as_str().unwrap();
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    keystow(&world, &["keys", "pause", key]).ok();
    let sentence = bridge.call("whoami").unwrap_err();
    assert!(sentence.contains("paused"), "{sentence}");
    keystow(&world, &["keys", "resume", key]).ok();
    bridge.call("whoami").unwrap();
}

#[test]
fn an_unknown_connection_answers_every_request_with_the_reason() {
    let world = signed_in();
    for id in ["c-nothing0", "", "../../etc", "c\u{1b}[31m"] {
        let mut bridge = Bridge::start(&world, id);
        let sentence = bridge.initialize().unwrap_err();
        assert!(sentence.contains("There is no connection"), "{sentence}");
        assert!(bridge.ask("tools/list", json!({})).is_err());
        let ended = bridge.end();
        assert_eq!(ended.code, 2, "{ended}");
        assert!(
            ended.stderr.starts_with("error: There is no connection"),
            "{ended}"
        );
    }
}

#[test]
fn a_locked_keychain_is_told_to_the_client_and_gets_over_it() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    world.lock_keychain();
    let mut bridge = Bridge::start(&world, connection["id"].as_str().unwrap());
    let sentence = bridge.initialize().unwrap_err();
    assert!(sentence.contains("keychain is locked"), "{sentence}");
    world.kill_keychain();
    world.start_keychain();
    bridge.initialize().unwrap();
    bridge.call("whoami").unwrap();
}

#[test]
fn a_term_signal_ends_it_cleanly() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    let started = Instant::now();
    terminate(&bridge.process);
    let ended = bridge.ended();
    assert_eq!(ended.code, 0, "{ended}");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_local_workspace_that_went_is_started_again_under_a_running_bridge() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    bridge.call("whoami").unwrap();
    world.kill_workspace();
    bridge.call("whoami").unwrap();
}

#[test]
fn a_bridge_needs_no_more_than_what_clients_hand_on() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    // The session bus is found by its usual place; clients scrub the rest.
    let status = world
        .command("env")
        .args(["-i", &format!("HOME={}", world.home().display())])
        .arg(format!(
            "XDG_RUNTIME_DIR={}",
            world.var("XDG_RUNTIME_DIR").unwrap()
        ))
        .args([KEYSTOW, "bridge", connection["id"].as_str().unwrap()])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(status.status.code(), Some(0));
    assert!(status.stdout.is_empty());
}
