//! An entry that was changed, lost or broken behind Keystow's back, and each way on from there.

use keystow_testkit::World;

use crate::{cli, settings, window::Window};

#[test]
fn an_entry_that_drifted_is_written_again_kept_or_forgotten() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    cli::run(
        &world,
        &[
            "connect",
            "claude-desktop",
            "cursor",
            "vscode",
            "--no-probe",
            "--yes",
        ],
    );
    let [claude, cursor, code] = &settings::ALL;
    let (of_claude, of_cursor, of_code) =
        (claude.now(&world), cursor.now(&world), code.now(&world));
    change(
        claude,
        &world,
        &of_claude.replace("\"bridge\"", "\"bridge\", \"--verbose\""),
    );
    change(cursor, &world, cursor.text);
    change(code, &world, "{ \"servers\": { \"docs\": ");

    let window = Window::open(&world);
    window.press_page("Connect");
    window.reads("changed by hand");
    window.reads("entry is gone");
    window.reads("file unreadable");

    // Changed by hand: three ways, then as Keystow wrote it.
    window.press("Review Claude Desktop");
    window.press("Compare");
    window.reads("As it stands in the file");
    assert!(window.text().contains("--verbose"));
    window.press_nth("Close", 1);
    window.press("Restore it");
    window.press("Write 1 file");
    window.reads("6 tools");
    window.press("Done");
    assert_eq!(claude.now(&world), of_claude);
    window.reads_no_more("changed by hand");

    // Changed once more, and kept.
    let mine = of_claude.replace(
        "\"keystow\": {",
        "\"keystow\": { \"env\": { \"DEBUG\": \"1\" },",
    );
    assert_ne!(mine, of_claude);
    change(claude, &world, &mine);
    window.press_page("Keys");
    window.press_page("Connect");
    window.press("Review Claude Desktop");
    window.press("Keep as it is");
    window.reads("Keep Claude Desktop's entry as it is");
    window.press("Keep as it is");
    window.reads("Claude Desktop is connected");
    window.reads("6 tools");
    window.press("Done");
    window.reads_no_more("changed by hand");
    assert_eq!(claude.now(&world), mine, "keeping writes nothing");

    // Gone: written again.
    window.press("Review Cursor");
    window.press("Restore it");
    window.press("Write 1 file");
    window.reads("Cursor is connected");
    window.press("Done");
    assert_eq!(cursor.now(&world), of_cursor);

    // A file that cannot be read is named with its line, and never written.
    window.press("Review VS Code");
    window.reads("line 1");
    window.press_nth("Close", 0);
    change(code, &world, &of_code);
    window.press_page("Keys");
    window.press_page("Connect");
    window.reads_no_more("file unreadable");
    window.close();
}

#[allow(clippy::disallowed_methods)] // it is the person's own file
fn change(file: &settings::Settings, world: &World, text: &str) {
    std::fs::write(file.place(world), text).unwrap();
}
