//! What makes no sense is refused with a sentence, and nothing is touched.

use std::os::unix::fs::PermissionsExt;

use keystow_testkit::World;
use serde_json::json;

use crate::support::*;

#[test]
fn senseless_arguments_end_with_2_and_one_sentence() {
    let world = World::new();
    let long = "x".repeat(10_000);
    for (name, args) in [
        ("unknown command", vec!["frobnicate"]),
        ("a very long command", vec![long.as_str()]),
        ("no client", vec!["connect"]),
        ("a method that is not", vec!["sign-in", "--method", &long]),
        ("hours", vec!["keys", "create", "k", "--expires", "3h"]),
        ("no days", vec!["keys", "create", "k", "--expires", "0d"]),
        (
            "both keys",
            vec!["connect", "cursor", "--key", "k", "--new-key"],
        ),
        (
            "look and write",
            vec!["connect", "cursor", "--dry-run", "--yes"],
        ),
        (
            "reveal as data",
            vec!["keys", "show", "k", "--reveal", "--json"],
        ),
        (
            "no port",
            vec!["workspace", "serve", "--listen", "localhost"],
        ),
        (
            "not this computer",
            vec!["workspace", "serve", "--listen", "192.0.2.1:80"],
        ),
        ("no provider", vec!["sign-in", "--provider", "nobody"]),
        ("a long provider", vec!["sign-in", "--provider", &long]),
    ] {
        let ran = keystow(&world, &args);
        assert_eq!(ran.code, 2, "{name}: {ran}");
        assert!(ran.stdout.is_empty(), "{name}: {ran}");
        assert!(ran.stderr.starts_with("error: "), "{name}: {ran}");
        assert!(ran.stderr.len() < 700, "{name}: {} bytes", ran.stderr.len());
        assert!(!ran.stderr.contains('\u{1b}'), "{name}: {ran}");
    }
}

#[test]
fn names_that_cannot_be_are_refused() {
    let world = signed_in();
    let long = "n".repeat(10_000);
    for args in [
        vec!["keys", "create", ""],
        vec!["keys", "create", "  "],
        vec!["keys", "create", &long],
        vec!["keys", "create", "two\nlines"],
        vec!["keys", "create", "\u{1b}[2J"],
        vec!["keys", "create", "k", "--scope", "fly"],
        vec!["keys", "create", "k", "--expires", "99y"],
        vec!["keys", "show", ""],
        vec!["keys", "show", "nobody"],
        vec!["keys", "show", &long],
        vec!["keys", "delete", "\u{7}", "--yes"],
        vec!["keys", "rename", "nobody", "somebody"],
        vec!["keys", "add", ""],
        vec!["connect", "nothing"],
        vec!["connect", "\u{1b}]0;x\u{7}"],
        vec!["connect", "cursor", "--server", "local/none"],
        vec!["connect", "cursor", "--key", "nobody"],
        vec!["disconnect", "cursor", "--yes"],
        vec!["undo", "ch-nothing", "--yes"],
        vec!["workspaces", "use", "elsewhere"],
        vec!["sign-out", "elsewhere"],
    ] {
        let ran = keystow(&world, &args);
        assert!(matches!(ran.code, 1 | 2), "{args:?}: {ran}");
        assert!(ran.stdout.is_empty(), "{args:?}: {ran}");
        assert!(ran.stderr.starts_with("error: "), "{args:?}: {ran}");
        assert!(ran.stderr.len() < 400, "{args:?}: {ran}");
        assert!(!ran.stderr.contains(['\u{1b}', '\u{7}']), "{args:?}: {ran}");
    }
    assert_eq!(
        keystow(&world, &["keys", "list", "--json"]).ok().json()["total"],
        0
    );
}

#[test]
fn with_json_a_failure_is_data_too() {
    let world = signed_in();
    let ran = keystow(&world, &["keys", "show", "nobody", "--json"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.json()["problem"]["code"], "input.unknown");
    assert!(ran.stderr.starts_with("error: "), "{ran}");
}

#[test]
fn a_file_that_cannot_be_read_is_refused_with_its_place() {
    let world = signed_in();
    lay_settings(&world);
    let file = &SETTINGS[1];
    let broken = "{\n\t\"servers\": {\n\t\t\"docs\": oops\n\t}\n}\n";
    std::fs::write(file.place(&world), broken).unwrap();
    let ran = keystow(&world, &["connect", "cursor", "vscode", "--yes"]);
    assert_eq!(ran.code, 1);
    assert_said!(world, "connect_unparseable", ran);
    assert_eq!(file.now(&world), broken);
    assert_eq!(SETTINGS[0].now(&world), SETTINGS[0].text);
    assert_eq!(
        keystow(&world, &["keys", "list", "--json"]).ok().json()["total"],
        0
    );

    let ran = keystow(&world, &["connect", "vscode", "--yes", "--json"]);
    assert_eq!(ran.code, 1);
    let outcome = ran.json();
    assert_eq!(outcome["applied"], json!(null));
    assert!(
        outcome["plan"]["files"][0]["problem"]["detail"]
            .as_str()
            .unwrap()
            .contains("line 3"),
        "{ran}"
    );
}

#[test]
fn an_entry_that_is_not_ours_is_replaced_on_purpose_only() {
    let world = signed_in();
    let file = &SETTINGS[0];
    let theirs = "{ \"mcpServers\": { \"keystow\": { \"command\": \"mine\" } } }\n";
    std::fs::create_dir_all(file.place(&world).parent().unwrap()).unwrap();
    std::fs::write(file.place(&world), theirs).unwrap();
    let ran = keystow(&world, &["connect", "cursor", "--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stdout.contains("did not write"), "{ran}");
    assert_eq!(file.now(&world), theirs);

    keystow(&world, &["connect", "cursor", "--yes", "--replace"]).ok();
    assert!(file.now(&world).contains("\"bridge\""));
    keystow(&world, &["undo", "--yes"]).ok();
    assert_eq!(file.now(&world), theirs);
}

#[test]
fn a_file_that_changed_since_is_not_undone() {
    let world = signed_in();
    lay_settings(&world);
    connect_cursor(&world);
    let file = &SETTINGS[0];
    let edited = format!("{}\n", file.now(&world));
    std::fs::write(file.place(&world), &edited).unwrap();
    let ran = keystow(&world, &["undo", "--yes", "--json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()["problem"]["code"], "undo.changed_on_disk");
    assert_eq!(file.now(&world), edited);
    keystow(&world, &["disconnect", "cursor", "--yes"]).ok();
    assert_eq!(file.now(&world), format!("{}\n", file.text));
}

#[test]
fn a_read_only_file_stays_as_it_is() {
    let world = signed_in();
    lay_settings(&world);
    let place = SETTINGS[0].place(&world);
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o444)).unwrap();
    let ran = keystow(&world, &["connect", "cursor", "--yes"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stdout.contains("read-only"), "{ran}");
    assert_settings_untouched(&world);
}
