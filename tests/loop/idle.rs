//! A window at rest costs nothing, and a window that is open is true: it asks for nothing while nothing happens, and sees what the
//! command line, an editor, a bridge or the keychain does without being told by anybody.

use keystow_testkit::World;
use serde_json::{Value, json};

use crate::mcp::Entry;
use crate::settings::{self, ALL};
use crate::{cli, window::Window};

/// Counts from now on what the page asks of the native side, and what it is told by it.
const COUNT: &str = "
    const counts = window.__counts = { asked: [], told: [], last: performance.now() };
    const fetched = window.fetch;
    window.fetch = (...sent) => {
        counts.asked.push(String(sent[0]));
        counts.last = performance.now();
        return fetched(...sent);
    };
    const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
    const handler = transformCallback(({ payload }) => {
        counts.told.push(payload);
        counts.last = performance.now();
    });
    invoke('plugin:event|listen', { event: 'changed', target: { kind: 'Any' }, handler });
    return true;
";
/// Two seconds without anything, and the counting starts anew.
const AT_REST: &str = "
    if (performance.now() - window.__counts.last < 2000) return false;
    Object.assign(window.__counts, { asked: [], told: [], since: performance.now() });
    return true;
";
/// Longer than anything that would look again by itself could wait and still be called live.
const FOR_LONG: &str = "return performance.now() - window.__counts.since > 21000";
const COUNTED: &str =
    "return { asked: window.__counts.asked, told: window.__counts.told, hidden: document.hidden }";

#[test]
fn a_window_at_rest_asks_for_nothing_and_is_told_nothing() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    cli::run(&world, &["connect", "cursor", "--yes"]);
    let window = Window::open(&world);
    // The page that has the most to wait for, with a bridge that lives.
    let mut bridge = Entry::start(&world, &ALL[1].place(&world), ALL[1].pointer);
    bridge.call("whoami", json!({})).unwrap();
    window.press_page("Rotations");
    window.settles();
    assert_eq!(window.script(COUNT), json!(true));
    window.holds("the window comes to rest", AT_REST);
    window.holds("a long time goes by", FOR_LONG);
    let counted = window.script(COUNTED);
    assert_eq!(counted, json!({ "asked": [], "told": [], "hidden": false }));

    // The counting itself: what happens is counted.
    cli::run(&world, &["keys", "create", "From a terminal"]);
    window.holds(
        "the window is told of it",
        "return window.__counts.told.flat().includes('keys')",
    );
    let counted = window.script(COUNTED);
    assert_ne!(counted["asked"], Value::Array(Vec::new()), "{counted}");
    bridge.end();
    window.close();
}

#[test]
fn what_others_do_is_seen_without_a_touch() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    let window = Window::open(&world);
    window.reads("owner@keystow.local");
    cli::run(&world, &["keys", "create", "From a terminal"]);
    window.reads("From a terminal");
    cli::run(&world, &["connect", "cursor", "--yes"]);
    window.reads("1 connection");

    window.press_page("Connect");
    window.reads("~/.cursor/mcp.json");
    let place = ALL[1].place(&world);
    let ours = ALL[1].now(&world);
    for (theirs, said) in [
        (ours.replace("bridge", "bridges"), "changed by hand"),
        (ours.clone(), ""),
        (ALL[1].text.to_owned(), "entry is gone"),
    ] {
        #[allow(clippy::disallowed_methods)] // the person's editor
        std::fs::write(&place, theirs).unwrap();
        match said {
            "" => window.holds(
                "it reads as before",
                "return !document.body.innerText.includes('changed by hand')",
            ),
            said => window.reads(said),
        }
    }

    window.press_page("Rotations");
    cli::run(&world, &["keys", "rotate", "From a terminal"]);
    window.reads("old key revoked");
    window.press_page("Keys");
    window.reads("Keychain unlocked");
    world.lock_keychain();
    window.reads("The keychain is locked");
    window.close();
}
