//! `keystow open`: links from outside are hostile until the person has said yes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use keystow_testkit::World;

use crate::support::*;

const KEY: &str = "sk-live-0123456789abcdefABCDEF";
const PROVIDER: &str = "keystow://provider?name=Acme&url=https%3A%2F%2Fmcp.acme.example%2Fmcp&header=x-api-key&scheme=";

/// Every file of ours and of the clients, with its bytes. SQLite's index of who reads is no content.
fn bytes(world: &World) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![world.paths().data, world.paths().config];
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            let name = entry.file_name().to_string_lossy().into_owned();
            if kind.is_dir() && name != "locks" && name != "workspace" && name != "logs" {
                left.push(path);
            } else if kind.is_file() && !name.ends_with("-shm") {
                found.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    for file in &SETTINGS {
        found.insert(file.place(world), file.now(world).into_bytes());
    }
    found
}

#[test]
fn a_refused_link_changes_no_byte() {
    let world = signed_in();
    lay_settings(&world);
    let before = bytes(&world);
    for (link, code, why) in [
        (
            format!("keystow://connect?client=cursor&token={KEY}"),
            1,
            "a key, a token or a password",
        ),
        (
            format!("keystow://provider?name=Acme&url=https://a.example/{KEY}"),
            1,
            "in url",
        ),
        (
            "keystow://connect?client=cursor&run=rm".into(),
            1,
            "\"run\"",
        ),
        (
            "keystow://connect?client=cursor%E2%80%AE".into(),
            1,
            "cannot be seen",
        ),
        (
            "keystow://provider?name=A&url=http://a.example/mcp".into(),
            1,
            "this computer only",
        ),
        (
            "https://example.com/?keystow://connect".into(),
            1,
            "does not begin with keystow://",
        ),
        (
            "keystow://connect?client=nonesuch".into(),
            1,
            "\"nonesuch\"",
        ),
        (
            "keystow://connect?client=cursor&server=no/such".into(),
            1,
            "\"no/such\"",
        ),
        (
            "keystow://connect?client=cursor&workspace=Nowhere".into(),
            1,
            "\"Nowhere\"",
        ),
    ] {
        let ran = keystow(&world, &["open", &link, "--yes"]);
        assert_eq!(ran.code, code, "{link}: {ran}");
        assert!(ran.stderr.contains(why), "{link}: {ran}");
        assert!(
            ran.stderr.to_lowercase().contains("nothing was done"),
            "{link}: {ran}"
        );
        assert!(!format!("{ran}").contains("0123456789"), "{ran}");
    }
    assert_eq!(bytes(&world), before);
}

#[test]
fn nothing_is_done_before_a_yes() {
    let world = signed_in();
    lay_settings(&world);
    let before = bytes(&world);
    for link in [
        PROVIDER,
        "keystow://connect?server=local/tools&client=cursor",
    ] {
        let looked = keystow(&world, &["open", link, "--dry-run"]).ok();
        assert!(looked.stderr.contains("Nothing was written."), "{looked}");
        let unasked = keystow(&world, &["open", link]);
        assert_eq!(unasked.code, 1, "{unasked}");
        let refused = on_a_terminal(&world, &format!("{KEYSTOW} open '{link}'"), "[y/N]", "\n");
        assert_eq!(refused.code, 1, "{refused}");
    }
    assert_eq!(bytes(&world), before);
}

#[test]
fn a_provider_link_shows_the_whole_file_and_then_writes_it() {
    let world = signed_in();
    let looked = keystow(&world, &["open", PROVIDER, "--dry-run"]).ok();
    let path = world.paths().own_providers().join("acme.toml");
    for word in [
        "mcp.acme.example",
        "x-api-key",
        "acme.toml",
        "url = \"https://mcp.acme.example/mcp\"",
    ] {
        assert!(looked.stdout.contains(word), "{word}: {looked}");
    }
    keystow(&world, &["open", PROVIDER, "--yes"]).ok();
    let written = std::fs::read_to_string(&path).unwrap();
    for line in written.lines() {
        assert!(looked.stdout.contains(line), "{line}: {looked}");
    }
    let current = keystow(&world, &["workspaces", "--json"]).ok().json();
    let added = current
        .as_array()
        .unwrap()
        .iter()
        .find(|w| w["provider"] == "acme")
        .unwrap();
    assert_eq!(added["current"], true);
    let again = keystow(&world, &["open", PROVIDER, "--yes"]);
    assert_eq!(again.code, 1, "{again}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
}

#[test]
fn a_name_that_is_taken_and_letters_that_look_alike_are_said() {
    let world = World::new();
    let link = "keystow://provider?name=ADLYSE&url=https%3A%2F%2F%D0%B0dlyse.example%2Fmcp";
    let looked = keystow(&world, &["open", link, "--dry-run"]).ok();
    assert!(looked.stdout.contains("xn--dlyse-3ve.example"), "{looked}");
    assert!(!looked.stdout.contains("аdlyse.example"), "{looked}");
    for word in ["look like those of another name", "knows Adlyse already"] {
        assert!(looked.stderr.contains(word), "{word}: {looked}");
    }
}

#[test]
fn a_connect_link_is_the_usual_preview_and_can_be_undone() {
    let world = signed_in();
    lay_settings(&world);
    let link = "keystow://connect?server=local/tools&name=tools";
    let none = keystow(&world, &["open", link, "--yes"]);
    assert_eq!(none.code, 2, "{none}");
    let ran = keystow(&world, &["open", link, "--client", "cursor", "--yes"]).ok();
    for word in [
        "127.0.0.1 (this computer)",
        "+",
        "\"tools\"",
        "Cursor → 6 tools",
    ] {
        assert!(ran.stdout.contains(word), "{word}: {ran}");
    }
    assert!(SETTINGS[0].now(&world).contains("\"tools\""));
    keystow(&world, &["undo", "--yes"]).ok();
    assert_settings_untouched(&world);
}

#[test]
fn a_link_reaches_another_workspace_without_switching_to_it() {
    let world = signed_in();
    lay_settings(&world);
    keystow(&world, &["open", PROVIDER, "--yes"]).ok();
    let link = "keystow://connect?server=local/tools&client=cursor";
    let ran = keystow(&world, &["open", link, "--yes"]).ok();
    assert!(ran.stdout.contains("Cursor → 6 tools"), "{ran}");
    let all = keystow(&world, &["workspaces", "--json"]).ok().json();
    let current = all
        .as_array()
        .unwrap()
        .iter()
        .find(|w| w["current"] == true)
        .unwrap();
    assert_eq!(current["provider"], "acme");
}
