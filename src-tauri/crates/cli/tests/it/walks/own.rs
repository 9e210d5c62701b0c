//! What needs no product: the local workspace, and a server of one's own.

use keystow_testkit::World;

use super::script::*;
use crate::stub::Stub;

const KEY: &str = "a-key-of-our-own-tools-5d1b7c";

#[test]
fn walk_local() {
    let world = World::new();
    let mut walk = Walk::of(&world, "Local workspace", 0);
    walk.run("sign-in");
    walk.run("keys create laptop");
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    let mut cursor = cursor(&world, "keystow");
    assert!(tools(&mut cursor).contains(&"whoami".to_owned()));
    let told = told(&mut cursor, "whoami");
    assert!(told.contains("laptop"), "{told}");
}

#[test]
fn walk_custom() {
    let world = World::new();
    let stub = Stub::start("x-api-key", KEY);
    let url = format!("{}/mcp", stub.url());
    let mut walk = Walk::of(&world, "Another product", 0).here("https://mcp.example.com/mcp", url);
    walk.run("providers add");
    walk.run("sign-in");
    walk.typing("keys add laptop", &format!("{KEY}\n"));
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    let mut cursor = cursor(&world, "our-tools");
    assert_eq!(tools(&mut cursor), ["accounts", "videos"]);
    assert_eq!(told(&mut cursor, "accounts"), "in order");
    let heads = stub.heads();
    let last = heads.iter().rfind(|head| head.starts_with("POST")).unwrap();
    assert!(last.contains(&format!("x-api-key: {KEY}")), "{last}");
}
