//! From nothing to tools in three steps, each of which can be done again.

use keystow_testkit::World;

use crate::{settings, window::Window};

#[test]
fn first_run_asks_nothing_and_ends_with_the_tools_of_each_client() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    let window = Window::open(&world);
    window.reads("Stow your keys.");
    window.press("Try with a local workspace");
    window.reads("Each client gets a key of its own");
    assert!(window.text().contains("Signed in to Local workspace"));

    // Each step can be gone back to and done again.
    window.press_starting("Sign in");
    window.reads("Where do your keys live?");
    window.press("Try with a local workspace");
    window.reads("Each client gets a key of its own");
    window.press("Make one by hand too");
    window.fill("Name of the key", "By hand");
    window.press("Make key");
    window.reads("Made and stowed By hand.");
    window.press_starting("A key");
    window.press("Continue");
    window.reads("Connect what is on this computer");
    assert!(
        !window.text().contains("By hand"),
        "the line of a step done again is that of the last time"
    );

    // Left out, looked at, and taken back in.
    window.press("VS Code");
    window.press("Preview 2 clients");
    window.reads("Look before it is written");
    window.press("Back");
    window.press("VS Code");
    window.press("Preview 3 clients");
    window.reads("Write 3 files");
    settings::assert_untouched(&world);
    window.press("Write 3 files");
    window.reads("No file on this computer holds it.");
    window.reads_times("6 tools", 3);
    // The last step, too, is taken back and done again.
    window.press("Undo");
    window.reads("The files are as they were.");
    settings::assert_untouched(&world);
    window.press("Preview 3 clients");
    window.press("Write 3 files");
    window.reads_times("6 tools", 3);
    for client in ["Claude Desktop", "Cursor", "VS Code"] {
        assert!(
            window.text().contains(client),
            "{client} is named in the proof"
        );
    }
    window.press("Open Keystow");
    window.reads("By hand");
    for file in &settings::ALL {
        assert!(
            file.now(&world).contains("\"bridge\""),
            "{} is written",
            file.path
        );
    }

    // And the whole of it, whenever the person likes.
    window.press_page("Settings");
    window.press("Go through them again");
    window.reads("Where do your keys live?");
    window.press("Skip");
    window.reads("By hand");
    window.close();
}
