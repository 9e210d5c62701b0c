//! oCore, whose routes the local workspace speaks.

use keystow_testkit::World;
use serde_json::json;

use super::script::*;
use super::servers::Ocore;
use crate::stub::{Stub, UNTIL_2100};
use crate::support::*;

#[test]
fn walk_ocore() {
    let ocore = Ocore::start();
    let world = World::new();
    let mut walk = Walk::of(&world, "oCore", 0)
        .here("https://ocore.example.com/api", &ocore.base)
        .here("ada@example.com", Ocore::LOGIN)
        // What keys of the local workspace may do has other names.
        .here("view:instances", "view:keys")
        .here("mcp:search", "view:keys")
        .here("search_records", "whoami");
    walk.typing("sign-in", &ocore.typed());
    let organizations = walk.run("workspaces organizations");
    assert!(organizations.stdout.contains("Acme"), "{organizations}");
    let chosen = walk.run("workspaces use-organization");
    assert!(chosen.stderr.contains("stands for Acme"), "{chosen}");
    walk.run("keys create laptop");
    walk.run("connect cursor");
    walk.run("status");
    walk.done();

    let mut cursor = cursor(&world, "ocore");
    assert_eq!(tools(&mut cursor), ["whoami"], "the key is for no other");
    let told = told(&mut cursor, "whoami");
    assert!(told.contains("laptop") && told.contains("Acme"), "{told}");
    let key = keystow(&world, &["keys", "show", "laptop", "--json"]).ok();
    let key = key.json();
    assert_eq!(key["readOnly"], true);
    assert_eq!(key["mcpPermissions"], json!(["view:keys"]));
    let account = format!("key/ocore/{}", key["id"].as_str().unwrap());
    assert!(stowed(&world, &account).is_some());
}

#[test]
fn walk_ocore_by_token() {
    let world = World::new();
    let stub = Stub::ocore("nobody's password", "000000");
    let base = format!("{}/api", stub.url());
    let mut walk = Walk::of(&world, "oCore", 1).here("https://ocore.example.com/api", base);
    let signed_in = walk.typing("sign-in", &format!("{UNTIL_2100}\n"));
    assert!(!signed_in.to_string().contains(UNTIL_2100), "{signed_in}");
    let shown = walk.run("workspaces");
    assert!(shown.stdout.contains("2100-01-01"), "{shown}");
    walk.done();
    let wrong = keystow_with_input(
        &world,
        &[
            "sign-in",
            "--provider",
            "ocore",
            "--url",
            &format!("{}/api", stub.url()),
            "--method",
            "token",
        ],
        "not-a-token-of-anybody\n",
    );
    assert_eq!(wrong.code, 1, "{wrong}");
    assert!(!wrong.to_string().contains("not-a-token"), "{wrong}");
}
