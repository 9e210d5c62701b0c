//! Adlyse, Aidelly and CreatorAudit: keys are made on their dashboards and pasted; the MCP servers of two of them take OAuth, too.

use keystow_testkit::World;
use serde_json::json;

use super::script::*;
use super::servers::App;
use crate::pasted::product_at;
use crate::stub::Stub;
use crate::support::*;

const ADLYSE: &str = include_str!("../../../../core/providers/adlyse.toml");
const AIDELLY: &str = include_str!("../../../../core/providers/aidelly.toml");
const CREATOR_AUDIT: &str = include_str!("../../../../core/providers/creatoraudit.toml");

const ADLYSE_KEY: &str = "mii_prod_0123456789abcdefghijABCDEFGHIJ12";
const AIDELLY_KEY: &str = "aidelly_live_0123456789abcdefghijABCDEFGHIJ12";
const CREATOR_AUDIT_KEY: &str = "ca-live-6Fh2kQ8vZr1mX4tW9pLs";

/// The command that was written for Cursor works, and the server saw this header.
fn assert_carries(world: &World, name: &str, stub: &Stub, header: &str) {
    let mut cursor = cursor(world, name);
    assert_eq!(tools(&mut cursor), ["accounts", "videos"]);
    assert_eq!(told(&mut cursor, "accounts"), "in order");
    let heads = stub.heads();
    let last = heads.iter().rfind(|head| head.starts_with("POST")).unwrap();
    assert!(
        last.lines().any(|line| line.eq_ignore_ascii_case(header)),
        "{last}"
    );
}

/// Signs in to a server, calls it through Cursor, has it refuse the token, and signs out again.
fn by_oauth(world: &World, walk: &mut Walk<'_>, app: &App, name: &str, account: &str) {
    let signed_in = walk.meanwhile("servers sign-in", |said| app.consents(&address(said)));
    assert!(signed_in.stderr.contains("Signed in to "), "{signed_in}");
    let first = stowed(world, account).unwrap();
    walk.run("connect cursor");
    let mut cursor = cursor(world, name);
    assert_eq!(tools(&mut cursor), ["whoami"]);
    let caller = told(&mut cursor, "whoami");

    // The server takes it no more, as servers do after a while: the bridge gets another one.
    app.post("/test/refuse", &json!({}));
    assert_eq!(told(&mut cursor, "whoami"), caller);
    let second = stowed(world, account).unwrap();
    assert_ne!(first, second);
    assert_eq!(told(&mut cursor, "whoami"), caller);
    assert_eq!(stowed(world, account).unwrap(), second);

    // Whichever workspace is in use.
    sign_in(world);
    walk.run("servers sign-out");
    assert_eq!(stowed(world, account), None);
    app.post("/test/refuse", &json!({}));
    let error = cursor.call("whoami").unwrap_err();
    assert!(error.starts_with("Nobody is signed in to "), "{error}");
    assert!(error.contains("`keystow servers sign-in "), "{error}");
}

#[test]
fn walk_adlyse() {
    let world = World::new();
    let stub = Stub::start("authorization", &format!("Bearer {ADLYSE_KEY}"));
    let hosts = [("https://mcp.adlyse.com", stub.url().to_owned())];
    product_at(&world, "adlyse-here", ADLYSE, &hosts);
    let mut walk = Walk::of(&world, "Adlyse", 0).here("adlyse", "adlyse-here");
    walk.run("sign-in");
    walk.typing("keys add laptop", &format!("{ADLYSE_KEY}\n"));
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    assert_carries(
        &world,
        "adlyse",
        &stub,
        &format!("authorization: Bearer {ADLYSE_KEY}"),
    );
    let heads = stub.heads();
    assert!(
        heads
            .iter()
            .any(|head| head.starts_with("POST /mcp/insights/ ")),
        "the slash at the end is gone: {heads:?}"
    );
}

#[test]
fn walk_adlyse_by_oauth() {
    let world = World::new();
    let app = App::tools_at("/mcp/insights/");
    let hosts = [("https://mcp.adlyse.com", app.base.clone())];
    product_at(&world, "adlyse-here", ADLYSE, &hosts);
    let mut walk = Walk::of(&world, "Adlyse", 1)
        .here("adlyse", "adlyse-here")
        .here("adlyse/insights", "adlyse-here/insights");
    walk.run("sign-in");
    let account = "oauth/adlyse-here/insights";
    by_oauth(&world, &mut walk, &app, "adlyse", account);
    walk.done();
}

#[test]
fn walk_aidelly() {
    let world = World::new();
    let stub = Stub::start("authorization", &format!("Bearer {AIDELLY_KEY}"));
    let hosts = [("https://app.aidelly.ai", stub.url().to_owned())];
    product_at(&world, "aidelly-here", AIDELLY, &hosts);
    let mut walk = Walk::of(&world, "Aidelly", 0).here("aidelly", "aidelly-here");
    walk.run("sign-in");
    walk.typing("keys add laptop", &format!("{AIDELLY_KEY}\n"));
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    assert_carries(
        &world,
        "aidelly",
        &stub,
        &format!("authorization: Bearer {AIDELLY_KEY}"),
    );
    assert_carries(&world, "aidelly", &stub, "x-aidelly-workspace-id: ws_123");
}

#[test]
fn walk_aidelly_by_oauth() {
    let world = World::new();
    let app = App::tools_at("/api/mcp/public-api");
    let hosts = [("https://app.aidelly.ai", app.base.clone())];
    product_at(&world, "aidelly-here", AIDELLY, &hosts);
    let mut walk = Walk::of(&world, "Aidelly", 1)
        .here("aidelly", "aidelly-here")
        .here("aidelly/public-api", "aidelly-here/public-api");
    walk.run("sign-in");
    let account = "oauth/aidelly-here/public-api";
    by_oauth(&world, &mut walk, &app, "aidelly", account);
    walk.done();
}

#[test]
fn walk_creatoraudit() {
    let world = World::new();
    let stub = Stub::start("authorization", &format!("Bearer {CREATOR_AUDIT_KEY}"));
    let here = |path: &str| format!("{}{path}", stub.url());
    let hosts = [
        ("https://api.creatoraudit.com/v2", here("/v2")),
        ("https://mcp.creatoraudit.com/mcp", here("/mcp")),
    ];
    product_at(&world, "audit", CREATOR_AUDIT, &hosts);
    let mut walk = Walk::of(&world, "CreatorAudit", 0).here("creatoraudit", "audit");
    walk.run("sign-in");
    walk.typing("keys add", &format!("{CREATOR_AUDIT_KEY}\n"));
    walk.run("connect cursor");
    walk.run("status");
    walk.done();
    assert_carries(
        &world,
        "creatoraudit",
        &stub,
        &format!("authorization: Bearer {CREATOR_AUDIT_KEY}"),
    );
}
