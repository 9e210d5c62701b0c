//! `keystow uninstall`: everything Keystow ever wrote goes, and nothing else does.

use std::fs::File;

use keystow_testkit::World;

use crate::support::*;

const MINE: &str = "id = \"mine\"\nname = \"Mine\"\n";

/// Three clients connected, a provider added by a link, one key more.
fn used() -> World {
    let world = signed_in();
    lay_settings(&world);
    new_key(&world, "laptop");
    let link = "keystow://provider?name=Acme&url=https%3A%2F%2Fmcp.acme.example%2Fmcp";
    keystow(&world, &["open", link, "--yes"]).ok();
    keystow(&world, &["workspaces", "use", "local"]).ok();
    let connect = [
        "connect",
        "cursor",
        "vscode",
        "claude-desktop",
        "--yes",
        "--no-probe",
    ];
    keystow(&world, &connect).ok();
    world
}

/// Whatever the keychain has under our service, by its own tool.
fn in_keychain(world: &World) -> String {
    let found = world
        .command("secret-tool")
        .args(["search", "--all", "service", "keystow-dev"])
        .output()
        .expect("secret-tool is installed");
    String::from_utf8_lossy(&found.stdout).into_owned()
}

fn assert_nothing_left(world: &World) {
    let paths = world.paths();
    assert_eq!(in_keychain(world), "");
    for dir in [&paths.data, &paths.config] {
        assert!(!dir.exists(), "{} is left", dir.display());
    }
}

#[test]
fn everything_goes_and_settings_files_have_the_bytes_from_before() {
    let world = used();
    let before: Vec<String> = SETTINGS.iter().map(|file| file.now(&world)).collect();
    let looked = keystow(&world, &["uninstall", "--dry-run"]).ok();
    for word in [
        "~/.cursor/mcp.json",
        "~/.config/Code/User/mcp.json",
        "Out of the keychain: 4 keys",
        "keystow.db",
        "The local workspace ends",
    ] {
        assert!(looked.stdout.contains(word), "{word}: {looked}");
    }
    assert!(!looked.stdout.contains("sk-live-0123456789"), "{looked}");
    let unasked = keystow(&world, &["uninstall"]);
    assert_eq!(unasked.code, 1, "{unasked}");
    let now: Vec<String> = SETTINGS.iter().map(|file| file.now(&world)).collect();
    assert_eq!(now, before, "nothing goes before a yes");
    assert!(in_keychain(&world).contains("seal/1"));

    let gone = keystow(&world, &["uninstall", "--yes"]).ok();
    assert!(gone.stderr.contains("left nothing behind"), "{gone}");
    assert_settings_untouched(&world);
    assert_nothing_left(&world);
    let served = world
        .processes()
        .into_iter()
        .filter_map(|pid| std::fs::read(format!("/proc/{pid}/cmdline")).ok())
        .any(|line| String::from_utf8_lossy(&line).contains("serve\0--on-demand"));
    assert!(!served, "the local workspace still runs");
}

#[test]
fn of_a_file_that_was_changed_since_only_ours_goes() {
    let world = used();
    let file = &SETTINGS[0];
    let edit = |text: &str| {
        text.replacen(
            "\"mcpServers\": {",
            "\"mcpServers\": {\r\n      \"later\": {\"command\": \"later\"},",
            1,
        )
    };
    std::fs::write(file.place(&world), edit(&file.now(&world))).unwrap();
    keystow(&world, &["uninstall", "--yes"]).ok();
    assert_eq!(file.now(&world), edit(file.text));
    assert_eq!(SETTINGS[1].now(&world), SETTINGS[1].text);
    assert_nothing_left(&world);
}

#[test]
fn an_entry_that_was_changed_by_hand_is_named_before_it_goes() {
    let world = used();
    let file = &SETTINGS[0];
    let drifted = file
        .now(&world)
        .replacen("\"bridge\"", "\"bridge\", \"--x\"", 1);
    std::fs::write(file.place(&world), drifted).unwrap();
    let looked = keystow(&world, &["uninstall", "--dry-run"]).ok();
    assert!(looked.stdout.contains("changed by hand"), "{looked}");
    keystow(&world, &["uninstall", "--yes"]).ok();
    assert_settings_untouched(&world);
}

#[test]
fn a_file_that_cannot_be_written_stops_it_before_anything_is_lost() {
    let world = used();
    std::fs::create_dir_all(world.home().join(".copilot")).unwrap();
    keystow(&world, &["connect", "copilot-cli", "--yes", "--no-probe"]).ok();
    let theirs = File::create(world.home().join(".copilot/.mcp-writer.lock")).unwrap();
    theirs.lock().unwrap();

    let stopped = keystow(&world, &["uninstall", "--yes", "--json"]);
    assert_eq!(stopped.code, 1, "{stopped}");
    let removed = &stopped.json()["removed"];
    let state = |id: &str| -> Vec<String> {
        let steps = removed["steps"].as_array().unwrap().iter();
        steps
            .filter(|step| step["id"] == id)
            .map(|step| step["state"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        state("entry").iter().filter(|s| *s == "failed").count(),
        1,
        "{stopped}"
    );
    assert_eq!(state("entry").len(), 4, "the others were tried: {stopped}");
    assert_eq!(state("keychain"), ["not_tried"]);
    assert_eq!(state("store"), ["not_tried"]);
    assert_settings_untouched(&world);
    assert!(
        in_keychain(&world).contains("key/local/"),
        "keys are still stowed"
    );
    let status = keystow(&world, &["status", "--no-probe", "--json"])
        .ok()
        .json();
    assert_eq!(
        status.as_array().unwrap().len(),
        1,
        "only what failed is left"
    );

    drop(theirs);
    keystow(&world, &["uninstall", "--yes"]).ok();
    assert!(!world.home().join(".copilot/mcp-config.json").exists());
    assert_nothing_left(&world);
}

#[test]
fn what_keystow_did_not_write_stays_and_is_named() {
    let world = used();
    let mine = world.paths().own_providers().join("mine.toml");
    let note = world.paths().data.join("notes.txt");
    std::fs::write(&mine, MINE).unwrap();
    std::fs::write(&note, "mine").unwrap();
    let gone = keystow(&world, &["uninstall", "--yes"]).ok();
    for name in ["mine.toml", "notes.txt"] {
        assert!(gone.stdout.contains(name), "{name}: {gone}");
    }
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), MINE);
    let left = |dir: &std::path::Path| std::fs::read_dir(dir).unwrap().count();
    assert_eq!(left(&world.paths().own_providers()), 1);
    assert_eq!(left(&world.paths().data), 1);
    assert_eq!(in_keychain(&world), "");
}

#[test]
fn with_a_locked_keychain_nothing_is_touched() {
    let world = used();
    let before: Vec<String> = SETTINGS.iter().map(|file| file.now(&world)).collect();
    world.lock_keychain();
    let refused = keystow(&world, &["uninstall", "--yes"]);
    assert_eq!(refused.code, 3, "{refused}");
    let now: Vec<String> = SETTINGS.iter().map(|file| file.now(&world)).collect();
    assert_eq!(now, before);
    assert!(world.paths().data.join("keystow.db").exists());
}
