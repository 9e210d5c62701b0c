//! No mouse anywhere: from the first run to a connected client. Every stop of the focus is looked at.

use fantoccini::key::Key;
use keystow_testkit::World;

use crate::{settings, window::Window};

#[test]
fn everything_from_first_run_to_a_connected_client_goes_by_keyboard() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    let window = Window::open(&world);
    window.reads("Stow your keys.");
    go(&window, "Try with a local workspace");
    window.reads("Each client gets a key of its own");
    go(&window, "Skip");
    window.reads("Connect what is on this computer");
    go(&window, "Skip");
    window.reads("No key yet");

    // A letter opens the dialog; what it asks for first has the focus, and where it was before has it again afterwards.
    shortcut(&window, "n");
    window.until("the name can be typed", || {
        window.focus().name.starts_with("Name")
    });
    window.types("Reports on mira");
    go(&window, "Create key");
    window.reads("Created Reports on mira.");
    go(&window, "Done");

    shortcut(&window, "?");
    window.reads("Keyboard shortcuts");
    window.key(Key::Escape);
    window.reads_no_more("They rest while you type");

    // A menu: opened, walked, taken from, and left.
    go(&window, "Actions for Reports on mira");
    window.until("the first thing to do has the focus", || {
        window.focus().role == "menuitem"
    });
    pick(&window, "Rename");
    window.until("the name is a field", || {
        window.focus().name == "New name for Reports on mira"
    });
    window.chord(Key::Control, 'a');
    window.types("Reports");
    window.key(Key::Enter);
    window.until("it has its new name", || {
        window.script(
            "return document.querySelector('[aria-label=\"Actions for Reports\"]') !== null",
        ) == serde_json::Value::Bool(true)
    });

    // The palette finds the client; the preview's one button is where the focus is.
    window.chord(Key::Control, 'k');
    window.until("the palette listens", || window.focus().role == "combobox");
    window.types("connect cur");
    window.until("it found the client", || {
        window.script("return document.querySelector('[role=\"option\"][aria-selected=\"true\"]')?.innerText ?? ''")
            .as_str().is_some_and(|chosen| chosen.contains("Connect Cursor"))
    });
    window.key(Key::Enter);
    window.reads("Write 1 file");
    settings::assert_untouched(&world);
    go(&window, "Write 1 file");
    window.reads("6 tools");
    go(&window, "Done");

    // The same by walking: rail, box, button, tabs.
    shortcut(&window, "gk");
    window.until("the keys are there", || window.text().contains("Reports"));
    go(&window, "Connect…");
    window.reads("On this computer");
    window.tab_to("Select VS Code");
    window.types(" ");
    window.chord(Key::Shift, Key::Tab);
    window.tab_to("Select Claude Desktop");
    window.types(" ");
    go(&window, "Connect 2 selected");
    window.reads("Write 2 files");
    window.until("the preview has the focus", || {
        window.script("return document.activeElement.closest('[role=\"dialog\"]') !== null")
            == serde_json::Value::Bool(true)
    });
    window.tab_to("CD Claude Desktop…");
    window.key(Key::Down);
    window.reads(".config/Code/User/mcp.json");
    go(&window, "Write 2 files");
    window.reads_times("6 tools", 2);
    go(&window, "Done");
    for file in &settings::ALL {
        assert!(
            file.now(&world).contains("\"bridge\""),
            "{} is written",
            file.path
        );
    }

    // Back to how it was, by keyboard as well.
    shortcut(&window, "ga");
    window.reads("What happened here");
    window.tab_to("Trail");
    window.key(Key::Right);
    go(&window, "Undo: Connected…");
    window.reads("Undo “Connected");
    go(&window, "Undo change");
    window.reads("Undone: Connected");
    window.close();
}

/// Keys that stand for something while nothing is over the page.
fn shortcut(window: &Window, keys: &str) {
    const OVER: &str =
        "return document.querySelector('[role=\"dialog\"], [role=\"menu\"]') === null";
    window.until("nothing is over the page", || {
        window.script(OVER) == serde_json::Value::Bool(true)
    });
    window.types(keys);
}

/// Tabs there and presses Enter.
fn go(window: &Window, name: &str) {
    window.tab_to(name);
    window.key(Key::Enter);
}

/// Goes down a menu to what has this name, and takes it.
fn pick(window: &Window, name: &str) {
    for _ in 0..20 {
        let focus = window.focus();
        assert_eq!(focus.fault, "", "{focus:?}");
        if focus.name == name {
            return window.key(Key::Enter);
        }
        window.key(Key::Down);
    }
    panic!(
        "the menu has no {name:?}. The window reads:\n{}",
        window.text()
    );
}
