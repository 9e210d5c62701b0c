//! `keystow link`: what a person hands to a client.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use keystow_testkit::{World, eventually};
use serde_json::Value;

use crate::support::*;

fn links(world: &World, client: &str, more: &[&str]) -> Value {
    let mut args = vec!["link", client, "--json"];
    args.extend(more);
    keystow(world, &args).ok().json()
}

fn texts(links: &Value) -> Vec<String> {
    let links = links["links"].as_array().unwrap().iter();
    links
        .map(|link| link["text"].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn keys(world: &World) -> Value {
    keystow(world, &["keys", "list", "--json"]).ok().json()
}

#[test]
fn links_start_a_bridge_of_their_own_and_are_made_once() {
    let world = signed_in();
    let first = links(&world, "claude-code", &[]);
    let id = first["connection"].as_str().unwrap();
    let stable = world.home().join(".local/share/keystow/bin/keystow");
    assert!(stable.exists());
    let started = format!(
        r#"{{"type":"stdio","command":"{}","args":["bridge","{id}"]}}"#,
        stable.display()
    );
    let texts_of_first = texts(&first);
    assert!(
        texts_of_first.iter().any(|text| text.contains(&started)),
        "{texts_of_first:?}"
    );
    assert!(!first.to_string().contains("ksl_"));
    assert_eq!(links(&world, "claude-code", &[]), first);
    let made = keys(&world);
    assert_eq!(made["total"], 1, "one key for all links of a client");
    assert_eq!(made["keys"][0]["usedBy"][0]["connection"], id);

    // It stands among the connections, works, and goes with them.
    let status = keystow(&world, &["status", "--json"]).ok().json();
    let connection = &status[0]["connection"];
    assert_eq!(
        (connection["mode"].as_str(), connection["path"].as_str()),
        (Some("link"), Some(""))
    );
    assert_eq!(connection["entry"], "fine");
    assert_eq!(status[0]["probe"]["tools"].as_array().unwrap().len(), 6);
    keystow(&world, &["doctor"]).ok();
    let plan = keystow(&world, &["disconnect", "claude-code", "--yes"]).ok();
    assert!(plan.stdout.contains("Remove it there"), "{plan}");
    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status, serde_json::json!([]));
    let again = links(&world, "claude-code", &[]);
    assert_ne!(again["connection"], id);
    assert_eq!(
        keys(&world)["total"],
        1,
        "the key that was kept is used again"
    );
}

#[test]
fn what_a_link_says_is_what_the_command_would_write() {
    let world = signed_in();
    let found = links(&world, "cursor", &[]);
    let deep = &found["links"][0];
    assert_eq!(
        (deep["kind"].as_str(), deep["opens"].as_bool()),
        (Some("deep_link"), Some(true))
    );
    let text = deep["text"].as_str().unwrap();
    assert!(
        text.starts_with("cursor://anysphere.cursor-deeplink/mcp/install?name=keystow&config="),
        "{text}"
    );
    let ran = keystow(&world, &["link", "cursor"]).ok();
    assert!(ran.stdout.contains(text), "{ran}");
}

#[test]
fn a_client_in_a_cloud_gets_an_address_no_key_and_a_word_about_it() {
    let world = signed_in();
    let found = links(&world, "chatgpt", &[]);
    assert_eq!(found["connection"], Value::Null);
    assert_eq!(found["warnings"][0]["code"], "link.not_reachable");
    assert!(
        texts(&found)
            .iter()
            .any(|text| text.starts_with("http://127.0.0.1:"))
    );
    assert_eq!(keys(&world)["total"], 0);
}

#[test]
fn a_link_is_opened_by_what_the_system_has_for_it() {
    let world = signed_in();
    let bin = world.home().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let opened = world.home().join("opened");
    let opener = bin.join("xdg-open");
    std::fs::write(
        &opener,
        format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\n", opened.display()),
    )
    .unwrap();
    std::fs::set_permissions(&opener, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), world.var("PATH").unwrap());
    let open = |args: &[&str]| {
        let output = command(&world, args)
            .env("PATH", &path)
            .stdin(Stdio::null())
            .output();
        Ran::of(output.unwrap())
    };
    let wanted = texts(&links(&world, "cursor", &[])).remove(0);
    open(&["link", "cursor", "--open", "1"]).ok();
    eventually("the link is opened", || {
        std::fs::read_to_string(&opened).is_ok_and(|text| text == wanted)
    });
    for (client, number) in [("claude-code", "1"), ("cursor", "0"), ("cursor", "99")] {
        let ran = open(&["link", client, "--open", number, "--json"]);
        assert_eq!(ran.code, 2, "{ran}");
        assert_eq!(ran.json()["problem"]["code"], "input.invalid");
    }
}

#[test]
fn a_link_with_the_key_in_it_is_copied_and_never_shown() {
    let world = World::new().with_display();
    sign_in(&world);
    let found = links(&world, "claude-code", &["--expose-key"]);
    let all = found["links"].as_array().unwrap();
    let at = all
        .iter()
        .position(|link| link["exposesKey"] == true)
        .unwrap();
    assert_eq!(all[at]["text"], Value::Null);
    assert_eq!(found["warnings"][0]["code"], "link.exposes_key");
    let key = keys(&world)["keys"][0]["id"].as_str().unwrap().to_owned();
    let plaintext = stowed(&world, &format!("key/local/{key}")).unwrap();
    assert!(!found.to_string().contains(&plaintext));

    let paste = || {
        let output = world
            .command("xclip")
            .args(["-selection", "clipboard", "-o", "-t", "UTF8_STRING"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let number = (at + 1).to_string();
    let args = ["link", "claude-code", "--expose-key", "--copy", &number];
    let ran = keystow(&world, &args).ok();
    assert!(!ran.to_string().contains(&plaintext), "{ran}");
    let copied = paste();
    assert!(
        copied.contains(&format!("Bearer {plaintext}")),
        "nothing with the key was copied"
    );
    for pid in world.processes() {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&line).contains(&plaintext));
    }
    let open = ["link", "claude-code", "--expose-key", "--open", &number];
    assert_eq!(keystow(&world, &open).code, 2);

    keystow(&world, &["link", "claude-code", "--copy", "1"]).ok();
    assert_eq!(paste(), all[0]["text"].as_str().unwrap());
}
