//! The life of a key: made, connected, used, rotated; its client's file put back; deleted.

use keystow_testkit::World;
use serde_json::json;

use crate::{cli, mcp::Entry, settings, window::Window};

#[test]
fn a_key_lives_from_its_making_to_its_end_and_leaves_files_as_they_were() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    let window = Window::open(&world);
    window.press("New key");
    window.fill("Name", "Reports on mira");
    window.press("Create key");
    window.reads("Created Reports on mira.");
    window.press("Done");

    window.press_page("Connect");
    window.press("Connect Cursor");
    window.press("Write 1 file");
    window.reads("6 tools");
    window.press("Done");

    let cursor = &settings::ALL[1];
    let mut bridge = Entry::start(&world, &cursor.place(&world), cursor.pointer);
    let said = bridge.call("whoami", json!({})).unwrap();
    assert!(said.contains("Cursor on"), "{said}");

    window.press_page("Keys");
    window.press_starting("Actions for Cursor on");
    window.press("Rotate…");
    window.press("Rotate key");
    window.press_page("Rotations");
    window.reads("waiting for its next call");
    bridge
        .call("echo", json!({ "text": "hello" }))
        .expect("a rotation fails no call");
    window.reads("old key revoked");

    window.press_page("Activity");
    window.press("Changes to files");
    window.press_starting("Undo: Connected Cursor");
    window.press("Undo change");
    window.reads("Undone: Connected Cursor");
    settings::assert_untouched(&world);
    window.press_page("Keys");
    window.press_starting("Actions for Cursor on");
    window.press("Revoke…");
    window.reads("cannot be undone");
    window.press("Revoke key");
    window.reads("Revoked Cursor on");
    // What was started before ends with the key, if not with the connection.
    let refused = bridge
        .call("echo", json!({ "text": "again" }))
        .expect_err("a revoked key is refused");
    let says = ["revoked", "Connect the client again"];
    assert!(says.iter().any(|word| refused.contains(word)), "{refused}");
    bridge.end();
    window.press_starting("Actions for Reports on mira");
    window.press("Revoke…");
    window.press("Revoke key");
    window.reads("No key yet");
    window.close();
}
