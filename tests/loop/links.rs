//! `keystow://` links in the real window: one that is refused changes nothing, one that is followed shows what it writes first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use keystow_testkit::World;

use crate::{cli, picture, settings, window::Window};

const KEY: &str = "sk-live-0123456789abcdefABCDEF";
const LOOK_ALIKE: &str =
    "keystow://provider?name=Adlyse&url=https%3A%2F%2F%D0%B0dlyse.example%2Fmcp";

/// Starts the program with a link, as the system does; a window is open already, so it hands the link over and ends.
fn open(world: &World, link: &str) {
    let handed = world
        .command(env!("CARGO_BIN_EXE_keystow-desktop"))
        .arg(link)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(handed.success(), "{handed}");
}

/// Every file under a directory that can be changed by following a link, with its bytes. What SQLite keeps beside the store only
/// tells who reads it; its rows are compared by what the commands say.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![dir.to_owned()];
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                left.push(path);
            } else if kind.is_file() && !name.starts_with("keystow.db") {
                found.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// All that could change: files of clients and of our configuration, and what the store tells.
fn everything(world: &World) -> (BTreeMap<PathBuf, Vec<u8>>, Vec<String>) {
    let mut all = files(&world.paths().config);
    for file in &settings::ALL {
        let place = file.place(world);
        all.insert(place, file.now(world).into_bytes());
    }
    let told = [
        vec!["workspaces", "--json"],
        vec!["history", "--json"],
        vec!["activity", "--json"],
        vec!["providers", "--json"],
        vec!["keys", "list", "--json"],
        vec!["status", "--no-probe", "--json"],
    ];
    (all, told.iter().map(|args| cli::run(world, args)).collect())
}

#[test]
fn a_link_shows_what_it_does_and_does_it_only_when_told_to() {
    let world = World::new().with_display().with_web_driver();
    cli::run(&world, &["sign-in", "--provider", "local"]);
    settings::lay(&world);
    let window = Window::open(&world);
    window.reads("owner@keystow.local");
    let before = everything(&world);

    // Hostile ones: a key in it, a name in other letters, something that is no link.
    open(
        &world,
        &format!("keystow://connect?client=cursor&token={KEY}"),
    );
    window.reads("A link was refused");
    window.reads("looks like a key, a token or a password");
    picture(&window, "link-refused");
    assert!(!window.text().contains(KEY));
    window.press("Copy details");
    window.press_nth("Close", 1);
    open(&world, "keystow://connect/../run?client=cursor");
    window.reads("A link was refused");
    window.press_nth("Close", 1);
    open(&world, LOOK_ALIKE);
    window.reads("A link asks to add a provider");
    window.reads("xn--dlyse-3ve.example");
    window.reads("which can look like those of another name");
    window.reads("Keystow knows Adlyse already");
    picture(&window, "link-provider");
    window.press("Cancel");
    assert_eq!(everything(&world), before);

    // One that is fine, and not wanted.
    let link = "keystow://connect?server=local/tools&client=cursor&name=tools";
    open(&world, link);
    window.reads("A link asks to connect clients");
    window.reads("127.0.0.1");
    window.reads("Write 1 file");
    window.reads("mcpServers");
    window.settles();
    picture(&window, "link-connect");
    let default = window.script("return document.activeElement.innerText.trim()");
    assert_eq!(default, "Cancel", "leaving is the default");
    window.press("Cancel");
    assert_eq!(everything(&world), before);

    // And the same, wanted.
    open(&world, link);
    window.press("Write 1 file");
    window.reads("6 tools");
    window.press("Done");
    let after = settings::ALL[1].now(&world);
    assert!(after.contains("\"tools\""), "{after}");
    cli::run(&world, &["undo", "--yes"]);
    settings::assert_untouched(&world);
    window.close();
}
