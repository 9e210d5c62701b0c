//! Entries that drifted: told, shown three ways, and repaired.

use std::path::PathBuf;

use keystow_testkit::World;
use serde_json::{Value, json};

use crate::support::*;

/// Cursor and Claude Desktop, connected in files that people keep.
fn two_connected() -> World {
    let world = signed_in();
    lay_settings(&world);
    keystow(&world, &["connect", "cursor", "claude-desktop", "--yes"]).ok();
    world
}

fn cursor(world: &World) -> String {
    SETTINGS[0].now(world)
}

fn by_hand(world: &World, from: &str, to: &str) -> String {
    let text = cursor(world);
    assert!(text.contains(from), "{text}");
    let text = text.replacen(from, to, 1);
    std::fs::write(SETTINGS[0].place(world), &text).unwrap();
    text
}

/// State of the entry of a client, as `status` tells it.
fn state(world: &World, client: &str) -> Value {
    let status = keystow(world, &["status", "--no-probe", "--json"]).json();
    let lines = status.as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["connection"]["client"] == client);
    line.unwrap()["connection"]["entry"].clone()
}

#[test]
fn a_change_by_hand_is_shown_three_ways_and_taken_back() {
    let world = two_connected();
    let written = cursor(&world);
    assert_eq!(keystow(&world, &["drift", "--json"]).ok().json(), json!([]));
    let theirs = by_hand(
        &world,
        "\"args\"",
        "\"env\": {\"TOKEN\": \"hunter2hunter2\"}, \"args\"",
    );
    assert_eq!(state(&world, "cursor"), "changed");
    // It still works, so it is no fault.
    let status = keystow(&world, &["status"]).ok();
    assert!(status.stdout.contains("changed by hand"), "{status}");
    assert!(status.stderr.contains("--adopt"), "{status}");

    let drift = keystow(&world, &["drift"]).ok();
    assert!(!drift.to_string().contains("hunter2"), "{drift}");
    assert_said!(world, "drift_by_hand", drift);
    let look = keystow(&world, &["drift", "cursor", "--restore", "--dry-run"]).ok();
    assert!(look.stdout.contains("was changed by hand"), "{look}");
    let unsure = keystow(&world, &["drift", "cursor", "--restore"]);
    assert_eq!(unsure.code, 1, "{unsure}");
    assert_eq!(cursor(&world), theirs);

    let restored = keystow(&world, &["drift", "cursor", "--restore", "--yes"]).ok();
    assert!(restored.stdout.contains("Cursor → "), "{restored}");
    assert_eq!(cursor(&world), written);
    keystow(&world, &["undo", "--yes"]).ok();
    assert_eq!(cursor(&world), theirs);
}

#[test]
fn a_change_by_hand_is_adopted_and_goes_without_a_trace() {
    let world = two_connected();
    let theirs = by_hand(&world, "\"args\"", "\"env\": {\"MODE\": \"1\"}, \"args\"");
    assert_said!(
        world,
        "drift_adopt_nobody_to_ask",
        keystow(&world, &["drift", "cursor", "--adopt"])
    );
    let adopted = keystow(&world, &["drift", "--all", "--adopt", "--yes", "--json"])
        .ok()
        .json();
    assert_eq!(adopted["plan"]["writes"], 0);
    assert_eq!(adopted["applied"]["connected"][0]["entry"], "fine");
    assert_eq!(adopted["probes"][0]["problem"], json!(null));
    assert_eq!(cursor(&world), theirs);
    assert_eq!(state(&world, "cursor"), "fine");
    let again = keystow(&world, &["drift", "--all", "--adopt", "--yes"]).ok();
    assert!(again.stderr.contains("Nothing drifted"), "{again}");
    keystow(&world, &["disconnect", "cursor", "claude-desktop", "--yes"]).ok();
    assert_settings_untouched(&world);
}

#[test]
fn what_is_forgotten_leaves_the_file_and_keeps_the_key() {
    let world = two_connected();
    let written = cursor(&world);
    let keys = || keystow(&world, &["keys", "list", "--json"]).ok().json()["total"].clone();
    let before = keys();
    let forgot = keystow(&world, &["drift", "cursor", "--forget", "--yes"]).ok();
    assert_said!(world, "drift_forget", forgot);
    assert_eq!(cursor(&world), written);
    assert_eq!(keys(), before);
    let status = keystow(&world, &["status", "--no-probe", "--json"]).ok();
    assert_eq!(status.json().as_array().unwrap().len(), 1);
    keystow(&world, &["undo", "--yes"]).ok();
    assert_eq!(state(&world, "cursor"), "fine");
}

#[test]
fn a_client_that_wiped_its_file_is_named_and_the_doctor_writes_again() {
    let world = two_connected();
    let claude = SETTINGS[2].place(&world);
    std::fs::write(&claude, "{\"preferences\": {}}").unwrap();
    assert_eq!(state(&world, "claude-desktop"), "wiped");
    let status = keystow(&world, &["status", "--no-probe"]);
    assert_eq!(status.code, 1, "{status}");
    assert!(
        status.stderr.contains("Claude Desktop dropped our entry"),
        "{status}"
    );
    assert!(status.stderr.contains("--restore"), "{status}");
    assert_said!(world, "status_wiped", status);

    by_hand(&world, "\"bridge\"", "\"bridge\", \"--more\"");
    let fixed = keystow(&world, &["doctor", "--fix", "--json"]).json();
    let of = |client: &str| {
        let checks = fixed.as_array().unwrap();
        let title = format!("{client} → ");
        let check = checks
            .iter()
            .find(|check| check["title"].as_str().unwrap().starts_with(&title));
        check.unwrap()["state"].clone()
    };
    assert_eq!(
        (of("Claude Desktop"), of("Cursor")),
        (json!("fixed"), json!("warning"))
    );
    let text = std::fs::read_to_string(&claude).unwrap();
    assert!(text.contains("\"bridge\"") && text.contains("preferences"));
    assert!(cursor(&world).contains("--more"));
}

#[test]
fn a_file_that_is_garbage_is_refused_with_its_place() {
    let world = two_connected();
    std::fs::write(SETTINGS[0].place(&world), "{\n  oops\n").unwrap();
    assert_eq!(state(&world, "cursor"), "unreadable");
    let refused = keystow(&world, &["drift", "cursor", "--restore", "--yes"]);
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.to_string().contains("line 2"), "{refused}");
    assert_eq!(cursor(&world), "{\n  oops\n");
    let doctor = keystow(&world, &["doctor"]);
    assert!(
        doctor.code == 1 && doctor.stdout.contains("line 2"),
        "{doctor}"
    );
    keystow(&world, &["drift", "cursor", "--forget", "--yes"]).ok();
    assert_eq!(cursor(&world), "{\n  oops\n");
}

#[test]
fn a_repair_names_what_it_is_for() {
    let world = World::new();
    let ran = keystow(&world, &["drift", "--restore", "--yes"]);
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stderr.contains("--all"), "{ran}");
    let ran = keystow(&world, &["drift", "c-nobody", "--forget", "--yes"]);
    assert_eq!(ran.code, 2, "{ran}");
    let ran = keystow(&world, &["drift", "--all", "--restore", "--forget"]);
    assert_eq!(ran.code, 2, "{ran}");
    let ran = keystow(&world, &["drift", "--all", "--restore", "--yes"]).ok();
    assert!(ran.stderr.contains("Nothing drifted"), "{ran}");
}

fn own_clients(world: &World) -> PathBuf {
    let directory = world.home().join(".config/keystow/clients");
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

const MINE: &str = r#"
id = "my-editor"
name = "My Editor"
[[target]]
kind = "user"
syntax = "jsonc"
servers_at = ["tools", "mcp"]
entry.stdio = { run = "$argv", on = true }
reload = "restart"
path = { everywhere = ["${HOME}/.my-editor/settings.json"] }
"#;

#[test]
fn a_client_of_ones_own_works_like_a_built_in_one() {
    let world = signed_in();
    std::fs::write(own_clients(&world).join("mine.toml"), MINE).unwrap();
    let settings = world.home().join(".my-editor/settings.json");
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    let text = "{\n  // mine\n  \"tools\": {}\n}\n";
    std::fs::write(&settings, text).unwrap();

    let connected = keystow(&world, &["connect", "my-editor", "--yes"]).ok();
    assert!(connected.stdout.contains("My Editor → "), "{connected}");
    let clients = keystow(&world, &["clients", "my-editor", "--json"])
        .ok()
        .json();
    assert_eq!(clients[0]["own"], true);
    assert_eq!(clients[0]["checked"], "unverified");
    let status = keystow(&world, &["status"]).ok();
    assert!(status.stdout.contains("tools in"), "{status}");
    assert!(keystow(&world, &["doctor"]).stdout.contains("Own clients"));

    std::fs::write(&settings, text).unwrap();
    assert_eq!(state(&world, "my-editor"), "wiped");
    keystow(&world, &["drift", "--all", "--restore", "--yes"]).ok();
    keystow(&world, &["disconnect", "my-editor", "--yes"]).ok();
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), text);
}

#[test]
fn a_broken_client_file_breaks_nothing_else() {
    let world = two_connected();
    let broken = own_clients(&world).join("broken.toml");
    std::fs::write(&broken, "id = \"broken\"\nname = 7\n").unwrap();
    let clients = keystow(&world, &["clients"]).ok();
    assert!(clients.stdout.contains("Cursor"), "{clients}");
    let warning = "warning: ~/.config/keystow/clients/broken.toml: line 2";
    assert!(clients.stderr.contains(warning), "{clients}");
    let doctor = keystow(&world, &["doctor"]);
    assert_eq!(doctor.code, 1, "{doctor}");
    assert!(doctor.stdout.contains("broken.toml"), "{doctor}");
    keystow(&world, &["status"]).ok();

    // A connection of a client whose file went away is told, and can be forgotten.
    std::fs::write(&broken, MINE).unwrap();
    keystow(&world, &["connect", "my-editor", "--yes"]).ok();
    std::fs::remove_file(&broken).unwrap();
    assert_eq!(state(&world, "my-editor"), "unreadable");
    keystow(&world, &["drift", "my-editor", "--forget", "--yes"]).ok();
    keystow(&world, &["status"]).ok();
}

#[test]
fn every_client_tells_all_that_is_known_of_it() {
    let world = World::without_bus();
    let clients = keystow(&world, &["clients", "--json"]).ok().json();
    let clients = clients.as_array().unwrap();
    assert!(clients.len() >= 24, "only {} clients", clients.len());
    for client in clients {
        for fact in ["id", "name", "detectedBy", "source", "checked", "checkedOn"] {
            assert!(client[fact].is_string(), "{fact}: {client:#}");
        }
        for target in client["targets"].as_array().unwrap() {
            for fact in ["id", "path", "syntax", "checked", "checkedOn"] {
                let text = target[fact].as_str().unwrap();
                assert!(!text.is_empty(), "{fact}: {client:#}");
            }
            assert!(target["exists"].is_boolean() && target["needsProject"].is_boolean());
            assert_eq!(target["modes"][0], "bridge", "{client:#}");
        }
    }
    let table = keystow(&world, &["clients"]).ok();
    assert_eq!(table.stdout.lines().count(), clients.len() + 1, "{table}");
    let all = keystow(&world, &["clients", "--all"]).ok();
    for client in clients {
        let head = format!("({})\n", client["id"].as_str().unwrap());
        assert!(all.stdout.contains(&head), "{all}");
    }
    assert_said!(
        world,
        "clients_cursor",
        keystow(&world, &["clients", "cursor"])
    );
    let unknown = keystow(&world, &["clients", "nobody"]);
    assert_eq!(unknown.code, 2, "{unknown}");
}
