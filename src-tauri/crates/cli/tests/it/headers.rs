//! `keystow headers`, run as AI clients run it: by a shell, with few variables, and with nothing but the answer on its output.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keystow_testkit::{World, eventually};
use serde_json::Value;

use crate::support::*;

/// A `PATH` on which Claude Code has a version.
pub fn with_claude(world: &World, says: &str) -> String {
    let bin = world.home().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let claude = bin.join("claude");
    // Moved into place, so that no test beside this one holds it open for writing when it is started.
    let aside = bin.join("claude.new");
    std::fs::write(&aside, format!("#!/bin/sh\n{says}\n")).unwrap();
    std::fs::set_permissions(&aside, PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::rename(&aside, &claude).unwrap();
    format!("{}:{}", bin.display(), world.var("PATH").unwrap())
}

fn connect(world: &World, path: &str, more: &[&str]) -> Ran {
    let mut args = vec!["connect", "claude-code", "--mode", "helper", "--yes"];
    args.extend(more);
    let output = command(world, &args)
        .env("PATH", path)
        .stdin(Stdio::null())
        .output();
    Ran::of(output.unwrap())
}

/// The entry that was written, and the id of its connection.
struct Helped {
    entry: Value,
    id: String,
    key: String,
}

fn helped(world: &World) -> Helped {
    let path = with_claude(world, "echo '2.1.329 (Claude Code)'");
    connect(world, &path, &[]).ok();
    let text = std::fs::read_to_string(world.home().join(".claude.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let status = keystow(world, &["status", "--no-probe", "--json"]).ok();
    let connection = &status.json()[0]["connection"];
    Helped {
        entry: file["mcpServers"]["keystow"].clone(),
        id: connection["id"].as_str().unwrap().to_owned(),
        key: connection["key"].as_str().unwrap().to_owned(),
    }
}

impl Helped {
    fn plaintext(&self, world: &World) -> String {
        stowed(world, &format!("key/local/{}", self.key)).unwrap()
    }
}

fn headers(world: &World, id: &str) -> Ran {
    keystow(world, &["headers", id])
}

/// Panics unless nothing came, and one reason beside it.
fn assert_nothing(ran: &Ran, code: i32, reason: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{ran}");
    assert!(ran.stderr.contains(reason), "{reason}: {ran}");
}

#[test]
fn the_written_command_prints_one_line_of_json_to_a_client_with_few_variables() {
    let world = signed_in();
    let helped = helped(&world);
    assert_eq!(helped.entry["type"], "http");
    assert!(!helped.entry.to_string().contains("ksl_"));
    let line = helped.entry["headersHelper"].as_str().unwrap();
    let output = Command::new("env")
        .arg("-i")
        .arg(format!("HOME={}", world.home().display()))
        .arg("PATH=/usr/bin:/bin")
        .arg(format!(
            "XDG_RUNTIME_DIR={}",
            world.var("XDG_RUNTIME_DIR").unwrap()
        ))
        .args(["sh", "-c", line])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let ran = Ran::of(output).ok();
    assert_eq!(ran.stderr, "");
    assert_eq!(ran.stdout.matches('\n').count(), 1, "{ran}");
    assert!(ran.stdout.ends_with("}\n"), "{ran}");
    let bearer = format!("Bearer {}", helped.plaintext(&world));
    assert_eq!(ran.json(), serde_json::json!({ "Authorization": bearer }));
}

#[test]
fn a_helper_connection_is_tried_the_way_its_client_uses_it() {
    let world = signed_in();
    let path = with_claude(&world, "echo '2.1.329 (Claude Code)'");
    let ran = connect(&world, &path, &[]).ok();
    assert!(ran.stdout.contains("Claude Code → 6 tools"), "{ran}");
    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status[0]["connection"]["mode"], "helper");
    assert_eq!(status[0]["probe"]["tools"].as_array().unwrap().len(), 6);

    let key = status[0]["connection"]["key"].as_str().unwrap();
    keystow(&world, &["keys", "pause", key]).ok();
    let status = keystow(&world, &["status", "--json"]);
    assert_eq!(status.code, 1, "{status}");
    let problem = &status.json()[0]["probe"]["problem"];
    assert_eq!(problem["code"], "probe.helper", "{status}");
    assert!(
        problem["detail"].as_str().unwrap().contains("paused"),
        "{status}"
    );
}

#[test]
fn what_cannot_be_used_gives_a_reason_and_nothing_else() {
    let world = signed_in();
    let helped = helped(&world);
    assert_nothing(&headers(&world, "c-nothing0"), 2, "There is no connection");
    assert_nothing(&headers(&world, "../../etc"), 2, "There is no connection");

    keystow(&world, &["keys", "pause", &helped.key]).ok();
    assert_nothing(&headers(&world, &helped.id), 1, "paused");
    keystow(&world, &["keys", "resume", &helped.key]).ok();
    headers(&world, &helped.id).ok();

    keystow(&world, &["keys", "delete", &helped.key, "--yes"]).ok();
    assert_nothing(&headers(&world, &helped.id), 1, "revoked");
    let log = format!(".local/share/keystow/logs/headers-{}.log", helped.id);
    let log = std::fs::read_to_string(world.home().join(log)).unwrap();
    assert!(log.contains("key.revoked"), "{log}");

    keystow(&world, &["disconnect", "claude-code", "--yes"]).ok();
    assert_nothing(&headers(&world, &helped.id), 2, "There is no connection");
}

#[test]
fn a_keychain_that_hangs_or_is_locked_is_told_before_the_client_gives_up() {
    let world = signed_in();
    let helped = helped(&world);
    world.stop_keychain();
    let started = Instant::now();
    let ran = headers(&world, &helped.id);
    world.continue_keychain();
    assert_nothing(&ran, 3, "keychain");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    world.lock_keychain();
    assert_nothing(&headers(&world, &helped.id), 3, "locked");
}

#[test]
fn a_terminal_gets_no_headers() {
    let world = signed_in();
    let helped = helped(&world);
    let line = format!("{KEYSTOW} headers {}", helped.id);
    let ran = on_a_terminal(&world, &line, "terminal", "");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(!ran.stdout.contains("ksl_"), "{ran}");
}

#[test]
fn a_server_that_listens_elsewhere_now_is_named_and_whoever_has_its_place_gets_nothing() {
    let world = signed_in();
    let helped = helped(&world);
    let note = world
        .home()
        .join(".local/share/keystow/workspace/server.json");
    let running: Value = serde_json::from_str(&std::fs::read_to_string(&note).unwrap()).unwrap();
    world.kill_workspace();
    let mut elsewhere = command(&world, &["workspace", "serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("it serves elsewhere", || {
        std::fs::read_to_string(&note).is_ok_and(|now| {
            serde_json::from_str::<Value>(&now)
                .is_ok_and(|now| now["pid"] == elsewhere.id() && now["url"] != running["url"])
        })
    });
    assert_nothing(
        &headers(&world, &helped.id),
        1,
        "not what the client's settings say",
    );
    terminate(&elsewhere);
    elsewhere.wait().unwrap();
}

#[test]
fn a_client_that_is_too_old_is_refused_and_one_of_unknown_age_is_warned_of() {
    let world = signed_in();
    let old = with_claude(&world, "echo '2.1.84 (Claude Code)'");
    let ran = connect(&world, &old, &["--json"]);
    assert_eq!(ran.code, 1, "{ran}");
    let problem = &ran.json()["plan"]["files"][0]["problem"];
    assert_eq!(problem["code"], "client.too_old", "{ran}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("2.1.84") && detail.contains("2.1.85"),
        "{ran}"
    );
    assert!(!world.home().join(".claude.json").exists());

    let silent = with_claude(&world, "exit 1");
    let ran = connect(&world, &silent, &["--json"]).ok();
    let warnings = ran.json()["plan"]["files"][0]["warnings"].clone();
    let codes: Vec<&str> = warnings
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"plan.version_unknown"), "{codes:?}");
}

#[test]
fn a_client_without_the_mode_says_so() {
    let world = signed_in();
    let ran = keystow(
        &world,
        &["connect", "cursor", "--mode", "helper", "--yes", "--json"],
    );
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(
        ran.json()["plan"]["files"][0]["problem"]["code"],
        "client.no_mode"
    );
}
