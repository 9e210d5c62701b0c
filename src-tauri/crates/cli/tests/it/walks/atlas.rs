//! Atlas: its own routes in front of a real better-auth, and its hosted MCP server, which takes OAuth only, on another host.

use keystow_testkit::World;

use super::script::*;
use super::servers::App;
use super::visitor;
use crate::pasted::product_at;
use crate::support::*;

#[test]
fn walk_atlas() {
    let (world, api) = (World::new(), App::start());
    let acme = api.organization("Acme");
    let mcp = App::tools_at(&format!("/mcp/{acme}"));
    let hosts = [
        ("https://api.useatlas.dev", api.base.clone()),
        ("https://mcp.useatlas.dev", mcp.base.clone()),
    ];
    let file = include_str!("../../../../core/providers/atlas.toml");
    product_at(&world, "atlas-here", file, &hosts);
    let mut walk = Walk::of(&world, "Atlas", 0)
        .here("atlas", "atlas-here")
        .here("atlas/hosted", "atlas-here/hosted");
    walk.meanwhile("sign-in", |said| api.approves(&code(said)));
    let organizations = walk.run("workspaces organizations");
    assert!(organizations.stdout.contains("Acme"), "{organizations}");
    walk.run("workspaces use-organization");

    walk.run("keys create laptop");
    let key = keystow(&world, &["keys", "show", "laptop", "--json"]).ok();
    let account = format!("key/atlas-here/{}", key.json()["id"].as_str().unwrap());
    let plaintext = stowed(&world, &account).unwrap();
    let tables = format!("{}/api/v1/tables", api.base);
    let opened = visitor::get(&tables, &[("x-api-key", &plaintext)]);
    assert_eq!(opened.status, 200, "{}", opened.text);

    walk.meanwhile("servers sign-in", |said| mcp.consents(&address(said)));
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    let mut cursor = cursor(&world, "atlas");
    assert_eq!(tools(&mut cursor), ["whoami"]);
    assert!(!told(&mut cursor, "whoami").is_empty());
    drop(cursor);

    let account = "oauth/atlas-here/hosted";
    assert!(stowed(&world, account).is_some());
    let mut walk = Walk::of(&world, "Atlas", 1).here("atlas/hosted", "atlas-here/hosted");
    walk.run("servers sign-out");
    assert_eq!(stowed(&world, account), None);
    walk.run("disconnect cursor");
    walk.run("keys delete laptop");
    walk.run("sign-out");
    walk.done();
    let opened = visitor::get(&tables, &[("x-api-key", &plaintext)]);
    assert_eq!(opened.status, 401, "the key was revoked: {}", opened.text);
    assert_eq!(stowed(&world, "session/atlas-here"), None);
}
