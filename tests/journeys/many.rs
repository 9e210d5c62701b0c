//! A workspace with very many keys stays as quick and as complete as one with three.

use keystow_testkit::World;

use crate::{cli, window::Window};

const KEYS: u32 = 100_000;

const TO_THE_END: &str = "const list = document.querySelector('[role=\"grid\"]');
    for (let at = list; at !== null; at = at.parentElement) at.scrollTop = at.scrollHeight;
    return true";
/// Only what is in sight may be in the document.
const ROWS: &str = "return document.querySelectorAll('[role=\"row\"]').length";

#[test]
fn a_hundred_thousand_keys_are_scrolled_searched_and_changed() {
    let world = World::new().with_display().with_web_driver();
    cli::run(&world, &["sign-in", "--provider", "local"]);
    keystow_workspace::seed(&world.paths().data, KEYS).unwrap();
    let window = Window::open(&world);
    window.reads("Customer 99999 on");
    window.until("the list knows how long it is", || {
        window
            .script("return Number(document.querySelector('[role=\"grid\"]').ariaRowCount)")
            .as_u64()
            > Some(u64::from(KEYS))
    });
    window.until("the first key is at the end of the list", || {
        window.script(TO_THE_END);
        // Every 25th has expired, and those stand last.
        window.text().contains("Customer 25 on host-25")
    });
    let rows = window.script(ROWS).as_u64().unwrap();
    assert!(rows < 100, "{rows} rows are in the document");

    window.fill("Filter by name or last characters", "Customer 77777 ");
    window.reads("1 key");
    window.reads("Customer 77777 on host-594");
    window.press_starting("Actions for Customer 77777");
    window.press("Pause");
    window.reads("Paused Customer 77777 on host-594.");
    window.fill("Filter by name or last characters", "nobody has this");
    window.reads("No key matches");
    window.press("Clear filter");
    window.reads("Customer 99999 on");
    window.close();
}
