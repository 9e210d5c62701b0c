//! A keychain that is locked: said in one place, with the one action that helps.

use keystow_testkit::World;

use crate::{cli, window::Window};

const UNLOCK: &str = "[...document.querySelectorAll('button:not([data-loading], :disabled)')]
    .find((button) => button.textContent.trim() === 'Unlock')?.click()";

#[test]
fn a_locked_keychain_is_unlocked_from_the_banner() {
    let world = World::new()
        .with_display()
        .with_prompter()
        .with_web_driver();
    cli::run(&world, &["sign-in", "--provider", "local"]);
    world.lock_keychain();
    let window = Window::open(&world);
    window.reads("The keychain is locked");
    assert!(!world.has_prompt(), "nobody asked for it yet");
    window.press("Unlock");
    // Where the daemon was too busy to ask, the button is there again, and a person presses it again.
    window.until("the prompt shows up", || {
        let shows = world.has_prompt();
        if !shows {
            window.script(UNLOCK);
        }
        shows
    });
    world.answer_prompt();
    window.reads("Keychain unlocked");
    window.reads("owner@keystow.local");
    window.close();
}
