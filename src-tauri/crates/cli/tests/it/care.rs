//! What else can be done about keys and workspaces.

use keystow_testkit::World;
use serde_json::json;

use crate::support::*;

#[test]
fn what_a_key_may_do_is_chosen_and_changed() {
    let world = signed_in();
    let say = |args: &[&str]| keystow(&world, args);
    let made = say(&[
        "keys",
        "create",
        "laptop",
        "--mcp-permission",
        "view:keys",
        "--project",
        "p1",
        "--instance",
        "i1",
        "--json",
    ]);
    let made = made.ok().json();
    assert_eq!(made["mcpPermissions"], json!(["view:keys"]));
    assert_eq!(made["projects"], json!(["p1"]));
    assert_eq!(made["instances"], json!(["i1"]));

    let args = ["--read-only", "--tool", "whoami", "--project", "", "--json"];
    let changed = say(&[&["keys", "update", "laptop"], &args[..]].concat());
    let changed = changed.ok().json();
    assert_eq!(changed["readOnly"], true);
    assert_eq!(changed["tools"], json!(["whoami"]));
    assert_eq!(changed["projects"], json!([]));
    assert_eq!(
        changed["instances"],
        json!(["i1"]),
        "what is not named stays"
    );
    let back = say(&["keys", "update", "laptop", "--read-only=false", "--json"]);
    assert_eq!(back.ok().json()["readOnly"], false);
    assert_eq!(say(&["keys", "update", "laptop"]).code, 2);
}

#[test]
fn a_key_is_replaced_under_the_feet_of_its_clients() {
    let world = signed_in();
    let old = new_key(&world, "shared");
    keystow(&world, &["connect", "cursor", "--key", "shared", "--yes"]).ok();
    let unsure = keystow(&world, &["keys", "replace", "shared"]);
    assert_eq!(unsure.code, 1, "{unsure}");
    assert_said!(world, "keys_replace_nobody_to_ask", unsure);

    let new = keystow(&world, &["keys", "replace", "shared", "--yes", "--json"]);
    let new = new.ok().json();
    assert_ne!(new["id"], *old);
    assert_eq!(new["name"], "shared");
    assert_eq!(stowed(&world, &format!("key/local/{old}")), None);
    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status[0]["connection"]["key"], new["id"]);
    assert_eq!(status[0]["probe"]["problem"], json!(null));
}

#[test]
fn use_is_told_and_warned_of_before_a_key_goes() {
    let world = signed_in();
    connect_cursor(&world);
    keystow(&world, &["status"]).ok();
    let keys = keystow(&world, &["keys", "list", "--json"]).ok().json();
    let id = keys["keys"][0]["id"].as_str().unwrap();

    let usage = keystow(&world, &["keys", "usage", id, "--json"])
        .ok()
        .json();
    assert!(usage["requests"].as_u64().unwrap() > 0, "{usage:#}");
    let people = keystow(&world, &["keys", "usage", id]).ok();
    assert!(people.stdout.contains("By endpoint:\n"), "{people}");

    let unsure = keystow(&world, &["keys", "delete", id]);
    assert_eq!(unsure.code, 1, "{unsure}");
    for told in ["Cursor through c-", "used within the last 24 hours"] {
        assert!(unsure.stderr.contains(told), "{told}: {unsure}");
    }
}

#[test]
fn keys_come_in_sections_and_those_that_end_are_pointed_out() {
    let world = signed_in();
    let say = |args: &[&str]| keystow(&world, args);
    say(&["keys", "create", "soon", "--expires", "7d"]).ok();
    say(&["keys", "create", "off"]).ok();
    say(&["keys", "pause", "off"]).ok();

    assert_said!(world, "keys_sections", say(&["keys", "list"]));
    let paused = say(&["keys", "list", "--paused", "--json"]).ok().json();
    assert_eq!(
        (&paused["total"], &paused["keys"][0]["name"]),
        (&json!(1), &json!("off"))
    );
    let expired = say(&["keys", "list", "--expired"]).ok();
    assert!(expired.stderr.starts_with("No key fits that."), "{expired}");
    assert_eq!(say(&["keys", "list", "--paused", "--expired"]).code, 2);
    let everybody = say(&["keys", "list", "--everybody"]).ok();
    assert!(everybody.stdout.contains("OWNER"), "{everybody}");

    assert_said!(world, "keys_hygiene", say(&["keys", "hygiene"]));
    let hygiene = say(&["keys", "hygiene", "--json"]).ok();
    assert!(hygiene.stderr.is_empty(), "{hygiene}");
    assert_eq!(hygiene.json()["expiring"][0]["name"], "soon");
    let status = say(&["status"]).ok();
    assert!(status.stderr.contains("“soon” within 7 days"), "{status}");
}

#[test]
fn a_workspace_is_renamed_found_by_its_name_and_removed() {
    let world = signed_in();
    let say = |args: &[&str]| keystow(&world, args);
    say(&["workspaces", "rename", "local", "Try it"]).ok();
    say(&["workspaces", "use", "Try it"]).ok();
    let connection = connect_cursor(&world);
    let account = format!("key/local/{}", connection["key"].as_str().unwrap());
    let used = say(&["workspaces", "remove", "Try it", "--yes"]);
    assert_eq!(used.code, 1, "{used}");
    assert!(used.stderr.contains("Cursor still uses Try it"), "{used}");
    say(&["disconnect", "cursor", "--yes"]).ok();
    assert_said!(
        world,
        "workspaces_remove_nobody_to_ask",
        say(&["workspaces", "remove", "Try it"])
    );
    say(&["workspaces", "remove", "Try it", "--yes"]).ok();
    assert_eq!(stowed(&world, &account), None);
    let unknown = say(&["workspaces", "use", "Try it"]);
    assert_eq!(unknown.code, 2, "{unknown}");
}

#[test]
fn a_password_comes_by_standard_input_and_goes_nowhere() {
    let world = signed_in();
    let password = stowed(&world, "password/local").unwrap();
    keystow(&world, &["sign-out"]).ok();
    let args = ["sign-in", "--login", "owner@keystow.local"];
    let wrong = keystow_with_input(&world, &args, "not the password\n");
    assert_eq!(wrong.code, 1, "{wrong}");
    let none = keystow_with_input(&world, &args, "");
    assert!(none.stderr.contains("Nothing was given"), "{none}");
    let right = keystow_with_input(&world, &args, &format!("{password}\n")).ok();
    assert!(!right.to_string().contains(&password));

    let nobody = keystow(
        &world,
        &[
            "sign-in",
            "--provider",
            "ocore",
            "--url",
            "http://127.0.0.1:9/api",
        ],
    );
    assert_eq!(nobody.code, 2, "{nobody}");
    assert!(nobody.stderr.contains("--login"), "{nobody}");
    let nowhere = keystow(&world, &["sign-in", "--provider", "ocore"]);
    assert_eq!(nowhere.code, 2, "{nowhere}");
    assert!(nowhere.stderr.contains("needs its address"), "{nowhere}");
}

#[test]
fn a_one_time_code_may_be_mistyped_twice() {
    let world = keystow_testkit::World::new();
    let stub = crate::stub::Stub::ocore("right password", "123456");
    let url = format!("{}/api", stub.url());
    let sign_in = |lines: &str| {
        let args = ["sign-in", "--provider", "ocore", "--url", &url];
        let args = [&args[..], &["--login", "ada@example.com"]].concat();
        keystow_with_input(&world, &args, lines)
    };
    let three = sign_in("right password\n000000\n111111\n222222\n123456\n");
    assert_eq!(three.code, 1, "{three}");
    let none = sign_in("right password\n");
    assert!(none.stderr.contains("Nothing was given"), "{none}");
    let third = sign_in("right password\n000000\n111111\n123456\n").ok();
    assert_said!(world, "sign_in_one_time_code", third);
    assert!(stowed(&world, "session/ocore").is_some());
}

#[test]
fn every_provider_can_be_read_in_full() {
    let world = keystow_testkit::World::without_bus();
    let all = keystow(&world, &["providers", "--json"]).ok().json();
    for provider in all.as_array().unwrap() {
        let id = provider["id"].as_str().unwrap();
        let shown = keystow(&world, &["providers", id]).ok();
        for unsure in provider["unsure"].as_array().unwrap() {
            assert!(shown.stdout.contains(unsure.as_str().unwrap()), "{shown}");
        }
    }
    assert_said!(
        world,
        "providers_adlyse",
        keystow(&world, &["providers", "adlyse"])
    );
    assert_eq!(keystow(&world, &["providers", "none"]).code, 2);
}

#[test]
fn a_key_of_everybodys_list_is_revoked_by_its_name_or_id() {
    let world = signed_in();
    let say = |args: &[&str]| keystow(&world, args);
    new_key(&world, "one");
    let two = new_key(&world, "two");
    let unsure = say(&["keys", "delete", "one", "--everybody"]);
    assert_eq!(unsure.code, 1, "{unsure}");
    say(&["keys", "delete", "one", "--everybody", "--yes"]).ok();
    let by_id = ["keys", "delete", &two, "--everybody", "--name", "two"];
    say(&[&by_id[..], &["--yes"]].concat()).ok();
    let left = say(&["keys", "list", "--everybody", "--json"]).ok().json();
    assert_eq!(left["total"], 0);
    assert_eq!(stowed(&world, &format!("key/local/{two}")), None);
}

#[test]
fn what_only_a_dashboard_can_do_ends_with_1_and_says_where() {
    let world = World::new();
    let say = |args: &[&str]| keystow(&world, args);
    for provider in ["adlyse", "aidelly", "creatoraudit"] {
        say(&["sign-in", "--provider", provider]).ok();
        let refused: [&[&str]; 9] = [
            &["create", "k"],
            &["update", "k", "--scope", "read"],
            &["pause", "k"],
            &["resume", "k"],
            &["replace", "k", "--yes"],
            &["usage", "k"],
            &["list", "--everybody"],
            &["delete", "k", "--everybody", "--yes"],
            &["update", "k", "--read-only"],
        ];
        for args in refused {
            let said = say(&[&["keys"], args].concat());
            assert_eq!(said.code, 1, "{provider} {args:?}: {said}");
            let told = said.stderr.contains("dashboard");
            assert!(
                told && said.stderr.contains("https://"),
                "{provider} {args:?}: {said}"
            );
        }
    }
}
