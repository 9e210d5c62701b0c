//! Removing everything from the window: the files of the clients are as they were, and of Keystow nothing is left.

use keystow_testkit::{World, eventually};

use crate::{cli, picture, settings, stowed, window::Window};

#[test]
fn everything_is_removed_from_the_window_after_a_look_at_it() {
    let world = World::new().with_display().with_web_driver();
    cli::run(&world, &["sign-in", "--provider", "local"]);
    settings::lay(&world);
    let connect = ["connect", "cursor", "vscode", "--yes", "--no-probe"];
    cli::run(&world, &connect);
    let window = Window::open(&world);
    window.press_page("Settings");
    window.reads("What settings files start.");
    picture(&window, "settings");
    window.press("Remove everything…");
    window.reads("What goes");
    for text in [
        "Cursor: our entry goes out of",
        "2 keys in the keychain",
        "The program itself: remove it the way it was installed.",
    ] {
        window.reads(text);
    }
    picture(&window, "remove-everything");
    assert!(stowed::read(&world, "seal/1").is_some());
    window.press("I have read this. There is no undo.");
    window.press("Remove everything");
    window.reads("Keystow left nothing behind.");
    picture(&window, "removed");
    settings::assert_untouched(&world);
    assert!(stowed::read(&world, "seal/1").is_none());
    assert!(stowed::read(&world, "session/local").is_none());

    window.press_last("Quit Keystow");
    let paths = world.paths();
    let traces = [
        paths.data.clone(),
        paths.config.clone(),
        paths.data.with_file_name("dev.keystow.desktop"),
        paths.config.with_file_name("dev.keystow.desktop"),
    ];
    eventually("the program has ended and nothing of it is left", || {
        traces.iter().all(|trace| !trace.exists())
    });
}
