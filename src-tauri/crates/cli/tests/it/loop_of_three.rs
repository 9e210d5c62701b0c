//! The main job: three clients connected and disconnected again, with a proof.

use keystow_testkit::World;
use serde_json::json;

use crate::support::*;

const CLIENTS: [&str; 3] = ["cursor", "vscode", "claude-desktop"];

fn with_clients<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<&'a str> {
    [before, &CLIENTS, after].concat()
}

#[test]
fn from_a_fresh_machine_to_three_clients_and_back_byte_for_byte() {
    let world = World::new();
    lay_settings(&world);
    sign_in(&world);

    let connected = keystow(&world, &with_clients(&["connect"], &["--yes", "--json"])).ok();
    let outcome = connected.json();
    assert_eq!(outcome["plan"]["writes"], 3);
    assert_eq!(outcome["applied"]["connected"].as_array().unwrap().len(), 3);
    for file in &SETTINGS {
        assert_ne!(file.now(&world), file.text, "{}", file.path);
    }

    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status.as_array().unwrap().len(), 3);
    for line in status.as_array().unwrap() {
        let tools = line["probe"]["tools"].as_array().unwrap();
        assert!(tools.contains(&json!("whoami")), "{line:#}");
        assert_eq!(line["probe"]["problem"], json!(null));
        assert_eq!(line["connection"]["entry"], "fine");
        // Each client has a key of its own.
        let key = line["connection"]["key"].as_str().unwrap();
        assert!(
            stowed(&world, &format!("key/local/{key}"))
                .unwrap()
                .starts_with("ksl_")
        );
    }

    keystow(&world, &["undo", "--yes"]).ok();
    assert_settings_untouched(&world);
    let history = keystow(&world, &["history", "--json"]).ok().json();
    assert_eq!(history[0]["undone"], true);
    assert_eq!(history[0]["files"].as_array().unwrap().len(), 3);

    keystow(&world, &with_clients(&["connect"], &["--yes"])).ok();
    keystow(&world, &with_clients(&["disconnect"], &["--yes"])).ok();
    assert_settings_untouched(&world);
    assert_eq!(
        keystow(&world, &["status", "--json"]).ok().json(),
        json!([])
    );
    assert_eq!(
        keystow(&world, &["history", "--json"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_look_writes_nothing_and_makes_no_key() {
    let world = signed_in();
    lay_settings(&world);
    let ran = keystow(&world, &["connect", "vscode", "--dry-run", "--json"]).ok();
    let outcome = ran.json();
    assert_eq!(outcome["applied"], json!(null));
    assert_eq!(outcome["plan"]["files"][0]["action"], "change");
    assert_settings_untouched(&world);
    assert_eq!(
        keystow(&world, &["keys", "list", "--json"]).ok().json()["total"],
        0
    );
}

#[test]
fn a_file_we_made_goes_again_and_a_second_connect_changes_nothing() {
    let world = signed_in();
    let file = &SETTINGS[0];
    let first = connect_cursor(&world);
    let written = file.now(&world);
    let again = keystow(&world, &["connect", "cursor", "--yes"]).ok();
    assert!(again.stderr.contains("connected already"), "{again}");
    assert_eq!(file.now(&world), written);
    let status = keystow(&world, &["status", "--no-probe", "--json"])
        .ok()
        .json();
    assert_eq!(status[0]["connection"]["id"], first["id"]);
    assert_eq!(status[0]["probe"], json!(null));

    keystow(&world, &["disconnect", "cursor", "--yes"]).ok();
    assert!(!file.place(&world).exists());
}

#[test]
fn a_stowed_key_can_be_used_and_seen_in_use() {
    let world = signed_in();
    let key = new_key(&world, "shared");
    keystow(
        &world,
        &["connect", "cursor", "vscode", "--key", "shared", "--yes"],
    )
    .ok();
    let shown = keystow(&world, &["keys", "show", "shared", "--json"])
        .ok()
        .json();
    assert_eq!(shown["id"], *key);
    assert_eq!(shown["usedBy"].as_array().unwrap().len(), 2);
    assert_eq!(
        keystow(&world, &["keys", "list", "--json"]).ok().json()["total"],
        1
    );

    let unsure = keystow(&world, &["keys", "delete", "shared"]);
    assert_eq!(unsure.code, 1);
    assert!(
        unsure.stderr.contains("Cursor and VS Code use it"),
        "{unsure}"
    );
}

#[test]
fn a_broken_connection_is_told_and_ends_with_1() {
    let world = signed_in();
    lay_settings(&world);
    keystow(&world, &["connect", "cursor", "vscode", "--yes"]).ok();
    std::fs::write(SETTINGS[0].place(&world), SETTINGS[0].text).unwrap();

    let ran = keystow(&world, &["status"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_said!(world, "status_with_a_lost_entry", ran);
    let doctor = keystow(&world, &["doctor"]);
    assert_eq!(doctor.code, 1, "{doctor}");

    keystow(&world, &["connect", "cursor", "--yes"]).ok();
    keystow(&world, &["status"]).ok();
}

#[test]
fn a_key_that_was_made_elsewhere_is_tried_and_stowed() {
    let world = signed_in();
    let id = new_key(&world, "first");
    let account = format!("key/local/{id}");
    let plaintext = stowed(&world, &account).unwrap();
    let cleared = world
        .command("secret-tool")
        .args(["clear", "service", "keystow-dev", "username", &account])
        .status();
    assert!(cleared.unwrap().success());

    let added = keystow_with_input(
        &world,
        &["keys", "add", "second", "--json"],
        &format!("{plaintext}\n"),
    )
    .ok();
    assert_eq!(added.json()["name"], "second");
    assert_eq!(stowed(&world, &account), Some(plaintext));

    for wrong in [
        "",
        "   \n",
        "not a key at all, but long enough to be one",
        "ksl_0123456789012345678901234567890123456789",
    ] {
        let ran = keystow_with_input(&world, &["keys", "add", "third"], wrong);
        assert!(matches!(ran.code, 1 | 2), "{wrong:?}: {ran}");
        assert!(
            ran.stdout.is_empty() && ran.stderr.starts_with("error: "),
            "{ran}"
        );
        assert!(wrong.len() < 20 || !ran.stderr.contains(wrong), "{ran}");
    }
}

#[test]
fn a_running_window_is_not_needed_to_page_through_many_keys() {
    let world = signed_in();
    for number in 1..=53 {
        new_key(&world, &format!("key-{number:02}"));
    }
    let list = |args: &[&str]| {
        keystow(&world, &[&["keys", "list", "--json"], args].concat())
            .ok()
            .json()
    };
    let first = list(&[]);
    assert_eq!(
        (
            first["total"].clone(),
            first["keys"].as_array().unwrap().len()
        ),
        (json!(53), 50)
    );
    assert_eq!(list(&["--page", "2"])["keys"].as_array().unwrap().len(), 3);
    assert_eq!(list(&["--all"])["keys"].as_array().unwrap().len(), 53);
    assert_eq!(list(&["--search", "key-17"])["total"], 1);
    let people = keystow(&world, &["keys", "list"]).ok();
    assert_eq!(people.stdout.lines().count(), 51);
    assert!(people.stderr.contains("50 of 53 keys"), "{people}");
}

#[test]
fn every_read_has_its_answer_as_json() {
    let world = signed_in();
    connect_cursor(&world);
    for args in [
        vec!["providers"],
        vec!["servers"],
        vec!["clients"],
        vec!["workspaces"],
        vec!["keys", "list"],
        vec!["status"],
        vec!["history"],
        vec!["activity"],
        vec!["doctor"],
    ] {
        let ran = keystow(&world, &[&args[..], &["--json"]].concat()).ok();
        assert!(ran.stderr.is_empty(), "{args:?}: {ran}");
        let answer = ran.json();
        let list = answer.get("keys").unwrap_or(&answer).as_array().unwrap();
        assert!(!list.is_empty(), "{args:?}: {ran}");
    }
}

#[test]
fn several_at_the_same_time_do_not_lose_each_others_work() {
    let world = signed_in();
    lay_settings(&world);
    let running: Vec<_> = CLIENTS
        .iter()
        .map(|client| {
            command(&world, &["connect", client, "--yes"])
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut process in running {
        assert_eq!(process.wait().unwrap().code(), Some(0));
    }
    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status.as_array().unwrap().len(), 3);
    keystow(&world, &with_clients(&["disconnect"], &["--yes"])).ok();
    assert_settings_untouched(&world);
}
