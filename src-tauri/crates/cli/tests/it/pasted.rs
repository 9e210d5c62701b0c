//! Products that nobody signs in to from here: their keys are made elsewhere, pasted, proven and used.

use keystow_testkit::World;
use serde_json::json;

use crate::stub::Stub;
use crate::support::*;

const KEY: &str = "ca-live-6Fh2kQ8vZr1mX4tW9pLs";

/// A provider file of the person's own, with all addresses of the product on `stub`.
pub fn product_at(world: &World, id: &str, text: &str, hosts: &[(&str, String)]) {
    let mut text = text.to_owned();
    for (host, here) in hosts {
        assert!(text.contains(host), "{host}");
        text = text.replace(host, here);
    }
    let first = text.lines().find(|line| line.starts_with("id = ")).unwrap();
    let text = text.replace(first, &format!("id = \"{id}\""));
    let dir = world.paths().own_providers();
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join(format!("{id}.toml")), text).unwrap();
}

fn creator_audit(world: &World) -> Stub {
    let stub = Stub::start("authorization", &format!("Bearer {KEY}"));
    product_at(
        world,
        "audit",
        include_str!("../../../core/providers/creatoraudit.toml"),
        &[
            (
                "https://api.creatoraudit.com/v2",
                format!("{}/v2", stub.url()),
            ),
            (
                "https://mcp.creatoraudit.com/mcp",
                format!("{}/mcp", stub.url()),
            ),
        ],
    );
    stub
}

/// That nothing under the world's home, and nothing any of its processes was given, has the key in it.
fn assert_nowhere(world: &World, key: &str) {
    let mut left = vec![world.home().to_owned()];
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map_while(Result::ok) {
            // The keychain's own files are where it belongs; they are encrypted besides.
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => left.push(entry.path()),
                kind if kind.is_file() => {
                    let bytes = std::fs::read(entry.path()).unwrap_or_default();
                    let found = bytes
                        .windows(key.len())
                        .any(|piece| piece == key.as_bytes());
                    assert!(!found, "{}", entry.path().display());
                }
                _ => {}
            }
        }
    }
    for pid in world.processes() {
        for what in ["cmdline", "environ"] {
            let bytes = std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
            assert!(
                !String::from_utf8_lossy(&bytes).contains(key),
                "{pid} {what}"
            );
        }
    }
}

#[test]
fn a_key_of_a_dashboard_is_pasted_proven_used_and_forgotten() {
    let world = World::new();
    let stub = creator_audit(&world);
    let say = |args: &[&str]| keystow(&world, args);

    assert_said!(
        world,
        "pasted_sign_in",
        say(&["sign-in", "--provider", "audit"])
    );
    assert_said!(world, "pasted_workspaces", say(&["workspaces"]));
    assert_said!(world, "pasted_keys_empty", say(&["keys", "list"]));
    let create = say(&["keys", "create", "reports"]);
    assert_eq!(create.code, 1, "{create}");
    assert_said!(world, "pasted_keys_create", create);

    let wrong = keystow_with_input(&world, &["keys", "add"], "ca-live-nobody-made-this-one\n");
    assert_eq!(wrong.code, 1, "{wrong}");
    assert!(!wrong.stderr.contains("nobody-made"), "{wrong}");
    assert_eq!(say(&["keys", "list", "--json"]).ok().json()["total"], 0);

    let added = keystow_with_input(&world, &["keys", "add", "--json"], &format!("{KEY}\n")).ok();
    assert_eq!(added.json()["name"], "Analytics", "as its product calls it");
    let account = format!("key/audit/{}", added.json()["id"].as_str().unwrap());
    assert_eq!(stowed(&world, &account).as_deref(), Some(KEY));
    assert!(
        stub.heads()
            .iter()
            .any(|head| head.starts_with("GET /v2/whoami "))
    );

    // Pasted again it is the same key, under the name that is said.
    let again = keystow_with_input(&world, &["keys", "add", "reports", "--json"], KEY).ok();
    assert_eq!(again.json()["id"], added.json()["id"]);
    assert_eq!(say(&["keys", "list", "--json"]).ok().json()["total"], 1);

    say(&["connect", "cursor", "--key", "reports", "--yes"]).ok();
    let status = say(&["status", "--json"]).ok().json();
    assert_eq!(status[0]["probe"]["tools"], json!(["accounts", "videos"]));

    let unsure = say(&["keys", "delete", "reports"]);
    assert_eq!(unsure.code, 1, "{unsure}");
    assert_said!(world, "pasted_keys_delete_nobody_to_ask", unsure);
    assert_nowhere(&world, KEY);

    say(&["disconnect", "cursor", "--yes"]).ok();
    let gone = say(&["keys", "delete", "reports", "--yes"]).ok();
    assert!(gone.stderr.ends_with("Forgot “reports”.\n"), "{gone}");
    assert_eq!(stowed(&world, &account), None);
    assert_said!(
        world,
        "pasted_workspaces_remove",
        say(&["workspaces", "remove", "audit", "--yes"])
    );
    assert_eq!(say(&["workspaces", "--json"]).ok().json(), json!([]));
}

#[test]
fn a_server_of_ones_own_is_as_good_as_the_others() {
    let world = World::new();
    let stub = Stub::start("x-api-key", KEY);
    let url = format!("{}/mcp", stub.url());
    let say = |args: &[&str]| keystow(&world, args);

    let added = say(&[
        "providers",
        "add",
        "Our tools",
        "--url",
        &url,
        "--header",
        "X-Api-Key",
    ]);
    assert_said!(world, "providers_add", added.ok());
    assert_said!(
        world,
        "providers_own",
        say(&["providers", "our-tools"]).ok()
    );
    say(&["sign-in", "--provider", "our-tools"]).ok();
    keystow_with_input(&world, &["keys", "add", "laptop"], &format!("  {KEY}\r\n")).ok();
    say(&["connect", "cursor", "--yes"]).ok();
    let status = say(&["status", "--json"]).ok().json();
    assert_eq!(status[0]["probe"]["tools"], json!(["accounts", "videos"]));
    assert_eq!(status[0]["connection"]["keyName"], "laptop");
    assert_nowhere(&world, KEY);

    // The address must not carry one itself.
    let with_key = format!("{url}?api_key={KEY}");
    let refused = say(&["providers", "add", "Other", "--url", &with_key]);
    assert_eq!(refused.code, 2, "{refused}");
    assert!(!refused.to_string().contains(KEY), "{refused}");
    let none = say(&["sign-in", "--provider", "custom"]);
    assert_eq!(none.code, 2, "{none}");
    assert!(none.stderr.contains("keystow providers add"), "{none}");
}

#[test]
fn headers_beside_the_key_are_set_and_sent() {
    let world = World::new();
    let key = "aidelly_live_0123456789abcdefghijABCDEFGHIJ12";
    let stub = Stub::start("authorization", &format!("Bearer {key}"));
    product_at(
        &world,
        "social",
        include_str!("../../../core/providers/aidelly.toml"),
        &[
            (
                "https://app.aidelly.ai/api/public/v1",
                format!("{}/v1", stub.url()),
            ),
            (
                "https://app.aidelly.ai/api/mcp/public-api",
                format!("{}/mcp", stub.url()),
            ),
        ],
    );
    let say = |args: &[&str]| keystow(&world, args);
    assert_said!(
        world,
        "headers_sign_in",
        say(&["sign-in", "--provider", "social"])
    );
    assert_said!(
        world,
        "headers_set",
        say(&[
            "workspaces",
            "set",
            "--header",
            "X-Aidelly-Workspace-Id=ws_1"
        ])
    );
    let unknown = say(&["workspaces", "set", "--header", "x-other=1"]);
    assert_eq!(unknown.code, 2, "{unknown}");
    let added = keystow_with_input(&world, &["keys", "add", "posts"], key);
    added.ok();
    let asked = stub.heads();
    let verify = asked
        .iter()
        .find(|head| head.starts_with("GET /v1/usage "))
        .expect("the key was shown to its product");
    assert!(
        verify
            .to_lowercase()
            .contains("x-aidelly-workspace-id: ws_1"),
        "{verify}"
    );
}

#[test]
fn steps_of_a_dashboard_are_told_when_it_is_opened() {
    let world = World::new();
    let _stub = creator_audit(&world);
    keystow(&world, &["sign-in", "--provider", "audit"]).ok();
    let mut opened = command(&world, &["workspaces", "dashboard"]);
    let opened = Ran::of(opened.env("BROWSER", "true").output().unwrap());
    assert_said!(world, "dashboard", opened.ok());
}
