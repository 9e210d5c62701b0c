//! A real better-auth app that has an MCP server of its own.

use std::fs;

use keystow_testkit::World;

use super::script::*;
use super::servers::{App, MIRA, MIRAS_PASSWORD};
use crate::support::*;

const SECTION: &str = "better-auth app";
const BASE: &str = "https://app.example.com";

/// Lays the provider file of the document.
fn lay_provider(world: &World) {
    let dir = world.paths().own_providers();
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("acme.toml"), block(SECTION, "toml", 0)).unwrap();
}

/// From a session on; what is left of the walk.
fn from_there(world: &World, mut walk: Walk<'_>, workspace: &str) {
    walk.run("keys create laptop");
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    let mut cursor = cursor(world, "acme");
    assert_eq!(tools(&mut cursor), ["whoami"]);
    assert_eq!(told(&mut cursor, "whoami"), "laptop");
    let key = keystow(world, &["keys", "show", "laptop", "--json"]).ok();
    let account = format!("key/{workspace}/{}", key.json()["id"].as_str().unwrap());
    assert!(stowed(world, &account).is_some());
}

#[test]
fn walk_better_auth() {
    let (world, app) = (World::new(), App::start());
    lay_provider(&world);
    let mut walk = Walk::of(&world, SECTION, 0)
        .here(BASE, &app.base)
        .here("ada@example.com", MIRA);
    let signed_in = walk.typing("sign-in", &format!("{MIRAS_PASSWORD}\n"));
    assert!(signed_in.stderr.contains(MIRA), "{signed_in}");
    from_there(&world, walk, "acme");
}

#[test]
fn walk_better_auth_by_code() {
    let (world, app) = (World::new(), App::start());
    lay_provider(&world);
    let mut walk = Walk::of(&world, SECTION, 1).here(BASE, &app.base);
    let signed_in = walk.meanwhile("sign-in", |said| app.approves(&code(said)));
    assert!(signed_in.stderr.contains(MIRA), "{signed_in}");
    from_there(&world, walk, "acme");
}
