//! What the window looks like on a desktop of somebody's own taste.

use keystow_testkit::World;
use serde_json::json;

use crate::{cli, window::Window};

/// Everything that would take its time to move.
const MOVES: &str = "const slow = [...document.querySelectorAll('*')].filter((element) => {
        const style = getComputedStyle(element);
        return [style.transitionDuration, style.animationDuration].join(',').split(',').some((each) => parseFloat(each) > 0.001);
    });
    return slow.map((element) => element.outerHTML.slice(0, 120))";

#[test]
fn what_the_system_says_of_motion_and_theme_holds() {
    let world = World::new().with_display().with_web_driver();
    let settings = world.home().join(".config/gtk-3.0/settings.ini");
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    #[allow(clippy::disallowed_methods)] // the person's desktop
    std::fs::write(
        settings,
        "[Settings]\ngtk-enable-animations=0\ngtk-application-prefer-dark-theme=1\n",
    )
    .unwrap();
    cli::run(&world, &["sign-in", "--provider", "local"]);
    let window = Window::open(&world);
    window.press("New key");
    window.reads("Create key");
    assert_eq!(
        window.script("return matchMedia('(prefers-reduced-motion: reduce)').matches"),
        json!(true)
    );
    assert_eq!(window.script(MOVES), json!([]));
    assert_eq!(
        window.script("return document.documentElement.dataset.mantineColorScheme"),
        json!("dark")
    );
    window.close();
}
