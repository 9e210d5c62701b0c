//! A keychain that is not there, locked or silent ends every command with 3 and a way out; nothing is written elsewhere.

use keystow_testkit::World;

use crate::support::*;

#[test]
fn without_a_bus_there_is_no_sign_in() {
    let world = World::without_bus();
    let ran = keystow(&world, &["sign-in", "--provider", "local", "--json"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("error: "), "{ran}");
}

#[test]
fn a_locked_keychain_ends_with_3_and_nothing_changes() {
    let world = signed_in();
    lay_settings(&world);
    world.lock_keychain();
    for args in [
        vec!["keys", "create", "k", "--json"],
        vec!["keys", "list", "--json"],
        vec!["connect", "cursor", "--yes", "--json"],
        vec!["sign-in", "--provider", "local", "--json"],
    ] {
        let ran = keystow(&world, &args);
        assert_eq!(ran.code, 3, "{args:?}: {ran}");
        assert_eq!(
            ran.json()["problem"]["code"],
            "keychain.locked",
            "{args:?}: {ran}"
        );
    }
    assert_settings_untouched(&world);
    let doctor = keystow(&world, &["doctor"]);
    assert_eq!(doctor.code, 1, "{doctor}");
    assert!(doctor.stdout.contains("locked"), "{doctor}");
    // What needs no secret goes on.
    keystow(&world, &["clients"]).ok();
    keystow(&world, &["history"]).ok();
}

#[test]
fn status_tells_of_a_locked_keychain_once_and_ends_with_3() {
    let world = signed_in();
    lay_settings(&world);
    keystow(&world, &["connect", "cursor", "vscode", "--yes"]).ok();
    world.lock_keychain();
    let ran = keystow(&world, &["status"]);
    assert_eq!(ran.code, 3, "{ran}");
    let said = "Cursor, VS Code: The keychain is locked. Unlock it, then try again.";
    assert!(ran.stderr.starts_with(said), "{ran}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran}");
}

#[test]
fn a_silent_keychain_is_given_up_on() {
    let world = signed_in();
    world.stop_keychain();
    let started = std::time::Instant::now();
    let ran = keystow(&world, &["keys", "create", "k", "--json"]);
    let took = started.elapsed();
    world.continue_keychain();
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(ran.json()["problem"]["code"], "keychain.timed_out");
    assert!(took.as_secs() < 10, "{took:?}");
}

#[test]
fn without_a_home_there_is_one_sentence() {
    let world = World::without_bus();
    let output = command(&world, &["clients"])
        .env_remove("HOME")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: The environment does not tell where your home directory is.\n  Start Keystow from your own session.\n"
    );
}

#[test]
fn the_log_says_names_only_and_goes_to_standard_error() {
    let world = signed_in();
    let id = new_key(&world, "quiet");
    let plaintext = stowed(&world, &format!("key/local/{id}")).unwrap();
    let ran = command(&world, &["keys", "list"])
        .env("KEYSTOW_LOG", "trace")
        .output()
        .unwrap();
    assert!(ran.status.success());
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(
        !said.contains(&plaintext) && !said.contains("Bearer "),
        "{said}"
    );
}
