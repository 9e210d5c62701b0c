//! One window at a time.

use std::process::Stdio;

use keystow_testkit::World;

use crate::window::Window;

#[test]
fn a_second_start_ends_and_leaves_the_first_window_open() {
    let world = World::new().with_display().with_web_driver();
    let window = Window::open(&world);
    window.reads("Stow your keys.");
    let second = world
        .command(env!("CARGO_BIN_EXE_keystow-desktop"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(second.success(), "{second}");
    window.reads("Stow your keys.");
    window.close();
}

#[test]
fn a_store_of_a_newer_keystow_is_refused_on_the_screen_with_both_versions() {
    let world = World::new().with_display().with_web_driver();
    let data = world.paths().data;
    std::fs::create_dir_all(&data).unwrap();
    let made = world
        .command("python3")
        .args([
            "-c",
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 99')",
        ])
        .arg(data.join("keystow.db"))
        .status()
        .unwrap();
    assert!(made.success());
    let window = Window::open(&world);
    window.reads("Written by a newer Keystow");
    window.reads("schema 99 is newer than this Keystow knows (");
    window.close();
}

#[test]
fn what_another_process_changes_is_on_the_screen_without_a_click() {
    let world = World::new().with_display().with_web_driver();
    crate::settings::lay(&world);
    crate::cli::run(&world, &["sign-in", "--provider", "local"]);
    let window = Window::open(&world);
    window.reads("No key yet");
    crate::cli::run(&world, &["keys", "create", "Made elsewhere"]);
    window.reads("Made elsewhere");
    window.press_page("Connect");
    window.reads("not connected");
    crate::cli::run(&world, &["connect", "cursor", "--no-probe", "--yes"]);
    window.reads("Manage");
    crate::cli::run(&world, &["disconnect", "cursor", "--yes"]);
    window.reads_no_more("Manage");
    window.close();
}
