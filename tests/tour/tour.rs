//! The way the tour takes, step by step.

#[path = "../support/cli.rs"]
#[allow(dead_code)]
mod cli;
#[path = "../support/mcp.rs"]
#[allow(dead_code)]
mod mcp;
#[path = "../support/settings.rs"]
mod settings;
#[path = "../support/window.rs"]
#[allow(dead_code)]
mod window;

use std::path::{Path, PathBuf};

use keystow_testkit::World;
use serde_json::json;

use mcp::Entry;
use window::Window;

/// Which steps it shows, in both themes.
const IN_README: [&str; 4] = ["keys", "preview", "connect", "rotation"];
/// Where the README's pictures are kept.
const README: &str = "src-tauri/docs/pictures";

/// Takes the tour; with `for_readme`, also the pictures of the README.
pub fn run(for_readme: bool) {
    let pictures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tour");
    let _ = std::fs::remove_dir_all(&pictures);
    let mut tour = Tour {
        pictures,
        step: 0,
        for_readme,
    };

    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    tour.says("A fresh home: settings of Claude Desktop, Cursor and VS Code, with comments and other servers in them.");

    let window = Window::open(&world);
    window.reads("Stow your keys.");
    tour.pictures(
        &window,
        "first-run",
        "The app opens and offers a workspace that needs no account.",
    );

    window.press("Try with a local workspace");
    window.reads("Each client gets a key of its own");
    tour.says("Signed in to the local workspace. Its password was made just now and lies in the keychain.");
    window.press("Continue");
    window.reads("Connect what is on this computer");
    tour.pictures(
        &window,
        "clients",
        "Three clients were found on this computer.",
    );

    window.press("Preview 3 clients");
    window.reads("Look before it is written");
    window.reads("\"bridge\"");
    assert!(
        !window.text().contains("somebody-elses-token"),
        "the preview shows somebody's secret"
    );
    tour.pictures(
        &window,
        "preview",
        "The preview shows each file, and nobody's secrets.",
    );

    window.press("Write 3 files");
    window.reads("No file on this computer holds it.");
    for at in 0..3 {
        window.reads_times("6 tools", at + 1);
    }
    tour.pictures(
        &window,
        "connected",
        "Each written entry was started and asked: 6 tools, three times.",
    );
    window.press("Open Keystow");

    window.press_page("Keys");
    window.reads("Cursor on");
    tour.pictures(
        &window,
        "keys",
        "One key for each client; the window has none of them.",
    );

    let cursor = &settings::ALL[1];
    let mut bridge = Entry::start(&world, &cursor.place(&world), cursor.pointer);
    let said = bridge
        .call("echo", json!({ "text": "hello from Cursor" }))
        .expect("a tool can be called");
    assert!(said.contains("hello from Cursor"), "{said}");
    tour.says("Started Cursor's entry as Cursor would, and called a tool: it echoed.");

    window.press_starting("Actions for Cursor on");
    window.press("Rotate…");
    window.reads("No call fails");
    tour.pictures(
        &window,
        "rotate",
        "Rotating a key: a new one takes its place, and the person says when the old one goes.",
    );
    window.press("Rotate key");
    window.press_page("Rotations");
    window.reads("waiting for its next call");
    tour.pictures(
        &window,
        "rotation",
        "The new key is stowed; Cursor, which is open, goes over with its next call.",
    );
    let said = bridge
        .call("echo", json!({ "text": "with the new key" }))
        .expect("a rotation fails no call");
    assert!(said.contains("with the new key"), "{said}");
    window.reads("old key revoked");
    tour.pictures(
        &window,
        "rotated",
        "That call went through with the new key, so the old one was revoked.",
    );

    window.press_page("Connect");
    window.reads("connected");
    tour.pictures(&window, "connect", "The connections, each with its file.");

    let code = &settings::ALL[2];
    let written = code.now(&world);
    edit(
        code,
        &world,
        &written.replace("\"bridge\"", "\"bridge\", \"--verbose\""),
    );
    window.press_page("Activity");
    window.press_page("Connect");
    window.press("Review VS Code");
    window.press("Compare");
    window.reads("As it stands in the file");
    tour.pictures(
        &window,
        "drift",
        "Changed VS Code's entry by hand: it is shown three ways, to restore, keep or forget.",
    );
    window.press_nth("Close", 1);
    window.press("Restore it");
    window.press("Write 1 file");
    window.reads_times("6 tools", 3);
    window.press("Done");
    assert_eq!(code.now(&world), written, "restoring gives our entry back");
    tour.says("Restored it from the window: the file is again as it was written.");

    window.press_page("Keys");
    window.press_starting("Actions for Cursor on");
    window.press("Revoke…");
    window.reads("cannot be undone");
    tour.pictures(&window, "revoke", "Revoking says who uses the key.");
    window.press("Revoke key");
    window.reads("Revoked Cursor on");
    let refused = bridge
        .call("echo", json!({ "text": "again" }))
        .expect_err("a revoked key is refused");
    assert!(refused.contains("revoked"), "{refused}");
    bridge.end();
    tour.says(&format!(
        "Revoked that key: the next call of the running bridge says “{refused}”"
    ));

    window.press_page("Activity");
    window.press("Changes to files");
    tour.pictures(&window, "activity", "What happened, by name.");
    window.press_starting("Undo: Restored");
    window.press("Undo change");
    window.reads("Undone: Restored");
    edit(code, &world, &written);
    window.press_starting("Undo: Connected");
    window.press("Undo change");
    window.reads("Undone: Connected");
    settings::assert_untouched(&world);
    tour.says("Undone: all three files are as they were, byte for byte.");

    window.press_page("Settings");
    window.reads("keystow");
    tour.pictures(&window, "settings", "Settings, and what the doctor finds.");
    window.press("Dark");
    window.press_page("Connect");
    tour.pictures(&window, "dark", "The same in the dark.");
    window.close();
    println!("The tour is over: {} pictures in target/tour/.", tour.step);
}

struct Tour {
    pictures: PathBuf,
    step: u32,
    for_readme: bool,
}

impl Tour {
    #[allow(clippy::unused_self)] // one voice
    fn says(&self, text: &str) {
        println!("  · {text}");
    }

    fn pictures(&mut self, window: &Window, name: &str, text: &str) {
        window.settles();
        self.step += 1;
        window.picture(&self.pictures.join(format!("{:02}-{name}.png", self.step)));
        if self.for_readme && IN_README.contains(&name) {
            let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(README);
            for theme in ["dark", "light"] {
                window.theme(theme);
                window.settles();
                window.picture(&kept.join(format!("{name}-{theme}.png")));
            }
        }
        self.says(text);
    }
}

/// Changes a settings file as a person would, in an editor.
#[allow(clippy::disallowed_methods)] // it is the person's own file
fn edit(file: &settings::Settings, world: &World, text: &str) {
    std::fs::write(file.place(world), text).expect("files can be changed");
}
