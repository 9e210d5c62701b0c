//! Keys are rotated under clients that stay open: with real bridges, the real local workspace and the real keychain.

use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use keystow_core::Secret;
use keystow_core::provider::Tells;
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteErrorKind};
use keystow_remote::Remote;
use keystow_testkit::{World, eventually};
use serde_json::{Value, json};
use url::Url;

use crate::support::*;

/// Bridges that run all the while, each with a key of its own.
const BRIDGES: usize = 20;
/// Between two calls of one bridge: 50 calls a second in all.
const BETWEEN: Duration = Duration::from_millis(400);
/// What the local workspace takes from one key in a minute is 120 requests; a slow computer stays below that.
const IN_A_MINUTE: usize = 100;
/// Where the process that rotates is killed: system calls that change something, in turn.
const KILLS: [(&str, usize); 10] = [
    ("pwrite64", 3),
    ("pwrite64", 7),
    ("sendto", 1),
    ("pwrite64", 11),
    ("pwrite64", 15),
    ("pwrite64", 19),
    ("pwrite64", 23),
    ("sendto", 2),
    ("pwrite64", 27),
    ("pwrite64", 32),
];

/// Connects Cursor in a project of its own; gives the connection.
fn connect(world: &World, number: usize) -> Value {
    let project = world.home().join(format!("project-{number}"));
    std::fs::create_dir(&project).unwrap();
    let target = format!("project={}", project.display());
    let args = [
        "connect",
        "cursor",
        "--target",
        &target,
        "--yes",
        "--no-probe",
    ];
    keystow(world, &args).ok();
    let status = keystow(world, &["status", "--no-probe", "--json"]);
    let lines = status.ok().json();
    let path = project
        .display()
        .to_string()
        .replace(&world.home().display().to_string(), "~");
    let mut lines = lines.as_array().unwrap().iter();
    let line = lines.find(|line| {
        line["connection"]["path"]
            .as_str()
            .unwrap()
            .starts_with(&path)
    });
    line.unwrap()["connection"].clone()
}

/// Calls now and then until it is over; gives how many calls failed, and how.
fn call_until(bridge: &mut Bridge, over: &AtomicBool, calls: &AtomicUsize) -> Vec<String> {
    let mut failed = Vec::new();
    let mut lately: VecDeque<Instant> = VecDeque::new();
    while !over.load(Ordering::SeqCst) {
        let began = Instant::now();
        while lately
            .front()
            .is_some_and(|at| at.elapsed() > Duration::from_secs(60))
        {
            lately.pop_front();
        }
        if lately.len() < IN_A_MINUTE {
            lately.push_back(began);
            calls.fetch_add(1, Ordering::SeqCst);
            if let Err(sentence) = bridge.call("whoami") {
                failed.push(sentence);
            }
        }
        thread::sleep(BETWEEN.saturating_sub(began.elapsed()));
    }
    failed
}

/// Rotates in a process that is killed at a system call, unless it is done by then.
fn rotate_killed(world: &World, key: &str, calls: &str, number: usize) -> bool {
    let inject = format!("inject={calls}:signal=KILL:when={number}");
    let status = world
        .command("strace")
        .args([
            "--quiet=all",
            "-f",
            "--seccomp-bpf",
            "-o",
            "/dev/null",
            "-e",
            &inject,
        ])
        .args([KEYSTOW, "keys", "rotate", key])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace is installed");
    status.signal() == Some(9)
}

fn rotations(world: &World) -> Vec<Value> {
    let listed = keystow(world, &["rotations", "--json"]).ok().json();
    listed.as_array().unwrap().clone()
}

/// The rotation of a key, as it is now.
fn rotation_of(world: &World, key: &str) -> Option<Value> {
    let known = rotations(world);
    known.into_iter().find(|rotation| rotation["oldKey"] == key)
}

/// Whether the local workspace refuses a key.
fn is_dead(world: &World, plaintext: &str) -> bool {
    let servers = keystow(world, &["servers", "--json"]).ok().json();
    let url = Url::parse(servers[0]["url"].as_str().unwrap()).unwrap();
    let proof = Proof {
        url: &url,
        kind: ProofKind::Mcp,
        header: "authorization",
        scheme: "Bearer",
        headers: &[],
        tells: &Tells::default(),
    };
    let said = Remote::new("keystow-test")
        .unwrap()
        .prove(&proof, &Secret::new(plaintext.to_owned()));
    matches!(said, Err(error) if error.kind == RemoteErrorKind::Unauthorised)
}

#[test]
fn twenty_rotations_that_are_killed_fail_no_call_of_twenty_bridges() {
    let world = signed_in();
    let connections: Vec<Value> = (0..BRIDGES).map(|number| connect(&world, number)).collect();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let old: Vec<(String, String)> = connections
        .iter()
        .map(|connection| {
            let key = text(&connection["key"]);
            let plaintext = stowed(&world, &format!("key/local/{key}")).unwrap();
            (key, plaintext)
        })
        .collect();
    // One after the other: twenty clients that start at once are another test.
    let mut bridges: Vec<Bridge> = connections
        .iter()
        .map(|connection| Bridge::ready(&world, &text(&connection["id"])))
        .collect();
    let (over, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    let failed: Vec<String> = thread::scope(|scope| {
        let callers: Vec<_> = bridges
            .iter_mut()
            .map(|bridge| scope.spawn(|| call_until(bridge, &over, &calls)))
            .collect();
        let rotated = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            eventually("every bridge has called", || {
                calls.load(Ordering::SeqCst) >= 2 * BRIDGES
            });
            let mut kills = 0;
            for ((key, _), (calls, number)) in old.iter().zip(KILLS.iter().cycle()) {
                kills += usize::from(rotate_killed(&world, key, calls, *number));
                // Killed before anything was begun, or on the way; a bridge may have carried it on since.
                if rotation_of(&world, key).is_none() {
                    keystow(&world, &["keys", "rotate", key]).ok();
                }
                eventually("the rotation is over", || {
                    let rotation = rotation_of(&world, key).unwrap();
                    let id = text(&rotation["id"]);
                    if rotation["endedAt"].is_null() {
                        keystow(&world, &["rotations", "continue", &id]);
                    }
                    rotation["stage"] == "retired"
                });
            }
            assert!(kills >= BRIDGES / 2, "only {kills} were killed");
        }));
        over.store(true, Ordering::SeqCst);
        let failed = callers
            .into_iter()
            .flat_map(|caller| caller.join().unwrap());
        let failed = failed.collect();
        if let Err(panic) = rotated {
            std::panic::resume_unwind(panic);
        }
        failed
    });
    let calls = calls.load(Ordering::SeqCst);
    assert!(
        failed.is_empty(),
        "{} of {calls} calls failed: {failed:?}",
        failed.len()
    );

    let keys = keystow(&world, &["keys", "list", "--all", "--json"])
        .ok()
        .json();
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), BRIDGES, "a key is left over: {keys:?}");
    for key in keys {
        assert_eq!(key["stowed"], true, "{key}");
        assert_eq!(key["usedBy"].as_array().unwrap().len(), 1, "{key}");
        assert!(!key["name"].as_str().unwrap().contains("rotating"), "{key}");
    }
    for (key, plaintext) in &old {
        assert!(stowed(&world, &format!("key/local/{key}")).is_none());
        assert!(is_dead(&world, plaintext), "the old key {key} still works");
    }
}

#[test]
fn a_client_that_is_open_goes_over_with_its_next_call_and_then_the_old_key_goes() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let key = connection["key"].as_str().unwrap();
    let plaintext = stowed(&world, &format!("key/local/{key}")).unwrap();
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    bridge.call("whoami").unwrap();
    eventually("the bridge is seen", || {
        let live = world.home().join(".local/share/keystow/live");
        std::fs::read_dir(live).is_ok_and(|mut files| files.next().is_some())
    });

    let ran = keystow(&world, &["keys", "rotate", key, "--wait", "0"]).ok();
    assert!(ran.stderr.contains("next call of Cursor"), "{ran}");
    assert!(!is_dead(&world, &plaintext));
    bridge.call("whoami").unwrap();
    // The bridge itself carries the rotation on.
    eventually("the old key is retired", || is_dead(&world, &plaintext));
    eventually("the rotation is over", || {
        rotation_of(&world, key).unwrap()["stage"] == "retired"
    });
    bridge.call("whoami").unwrap();
    let live = world.home().join(".local/share/keystow/live");
    assert!(bridge.end().code == 0);
    assert_eq!(std::fs::read_dir(live).unwrap().count(), 0);
}

#[test]
fn a_rotation_with_a_grace_is_listed_and_called_off() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let key = connection["key"].as_str().unwrap();
    let ran = keystow(&world, &["keys", "rotate", key, "--grace", "24h"]).ok();
    assert!(ran.stderr.contains("the old one still works"), "{ran}");
    let listed = keystow(&world, &["rotations"]).ok();
    assert!(listed.stdout.contains("in 24 h"), "{listed}");
    let keys = keystow(&world, &["keys", "list"]).ok();
    assert_eq!(
        keys.stdout.matches("rotated, goes in 24 h").count(),
        1,
        "{keys}"
    );
    let doctor = keystow(&world, &["doctor"]);
    assert!(doctor.stdout.contains("Rotation of"), "{doctor}");
    let rotation = rotation_of(&world, key).unwrap();
    let id = rotation["id"].as_str().unwrap();
    let ran = keystow(&world, &["rotations", "cancel", id]).ok();
    assert!(ran.stderr.contains("as before"), "{ran}");
    let keys = keystow(&world, &["keys", "list"]).ok();
    assert!(!keys.stdout.contains("rotated"), "{keys}");
    let new = rotation["newKey"].as_str().unwrap();
    assert!(stowed(&world, &format!("key/local/{new}")).is_none());
    let again = keystow(&world, &["rotations", "cancel", id]);
    assert_eq!(again.code, 1, "{again}");
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    bridge.call("whoami").unwrap();
}

#[test]
fn a_leaked_key_is_revoked_first_and_its_clients_get_another() {
    let world = signed_in();
    let connection = connect_cursor(&world);
    let key = connection["key"].as_str().unwrap();
    let plaintext = stowed(&world, &format!("key/local/{key}")).unwrap();
    let mut bridge = Bridge::ready(&world, connection["id"].as_str().unwrap());
    bridge.call("whoami").unwrap();
    assert_eq!(keystow(&world, &["keys", "revoke", key, "--yes"]).code, 2);
    assert_eq!(keystow(&world, &["keys", "revoke", key, "--now"]).code, 1);
    assert!(!is_dead(&world, &plaintext));
    let ran = keystow(&world, &["keys", "revoke", key, "--now", "--yes"]).ok();
    assert!(ran.stderr.contains("The old key is revoked"), "{ran}");
    assert!(is_dead(&world, &plaintext));
    bridge.call("whoami").unwrap();
}

#[test]
fn all_keys_of_a_workspace_are_rotated_in_one_go() {
    let world = signed_in();
    let ids: Vec<String> = ["one", "two", "three"]
        .iter()
        .map(|name| new_key(&world, name))
        .collect();
    let plan = keystow(&world, &["keys", "rotate", "--all", "--dry-run", "--json"]).ok();
    assert_eq!(plan.json()["keys"].as_array().unwrap().len(), 3);
    let begun = keystow(&world, &["rotations", "--json"]).ok().json();
    assert_eq!(begun, json!([]), "looking starts nothing");
    let ran = keystow(&world, &["keys", "rotate", "--all", "--json"]).ok();
    let views = ran.json();
    assert_eq!(views.as_array().unwrap().len(), 3);
    for view in views.as_array().unwrap() {
        assert_eq!(view["stage"], "retired", "{view}");
    }
    for id in &ids {
        assert!(stowed(&world, &format!("key/local/{id}")).is_none());
    }
    let sorted = ["keys", "list", "--sort", "name", "--reverse", "--json"];
    let keys = keystow(&world, &sorted).ok().json();
    assert_eq!(keys["total"], json!(3));
    let listed: Vec<&str> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str().unwrap())
        .collect();
    let mut names = listed.clone();
    names.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(listed, names);
    let trail = keystow(&world, &["keys", "trail", listed[0], "--json"]).ok();
    let told = trail.json();
    let kinds: Vec<&str> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"rotation.retired"), "{told}");
    assert_eq!(kinds.last(), Some(&"key.created"), "{told}");
}

#[test]
fn a_program_that_keeps_the_old_key_is_named() {
    let world = signed_in();
    keystow(
        &world,
        &[
            "connect",
            "cursor",
            "--mode",
            "exec",
            "--env",
            "API_KEY",
            "--yes",
            "--no-probe",
            "--",
            "sleep",
            "600",
        ],
    )
    .ok();
    let status = keystow(&world, &["status", "--no-probe", "--json"])
        .ok()
        .json();
    let connection = &status[0]["connection"];
    let (id, key) = (
        connection["id"].as_str().unwrap(),
        connection["key"].as_str().unwrap(),
    );
    let mut program = command(&world, &["exec", id, "--", "sleep", "600"])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the program is seen", || {
        let live = world.home().join(".local/share/keystow/live");
        std::fs::read_dir(live).is_ok_and(|mut files| files.next().is_some())
    });
    let ran = keystow(&world, &["keys", "rotate", key, "--grace", "1h", "--json"]).ok();
    let view = ran.json();
    assert_eq!(view["stage"], "observed", "{ran}");
    assert_eq!(view["clients"][0]["state"], "holds", "{ran}");
    assert!(
        view["waitsFor"].as_str().unwrap().contains("restart it"),
        "{ran}"
    );
    program.kill().unwrap();
    program.wait().unwrap();
    let seen = rotation_of(&world, key).unwrap();
    assert_eq!(seen["clients"][0]["state"], "not_running", "{seen}");
}
