//! Every page and dialog in every state, looked at once: see [`Screens`].
//!
//! States that would take a slow or broken native side are had by holding its answers back, in the same window.

use fantoccini::key::Key;
use keystow_testkit::World;
use serde_json::json;

use crate::{cli, mcp::Entry, screens::Screens, settings, window::Window};

/// Pages, and what they ask for first.
const PAGES: [(&str, &[&str]); 5] = [
    ("Keys", &["keys_list", "keys_hygiene"]),
    ("Connect", &["clients_list", "servers_list"]),
    ("Rotations", &["rotations_list"]),
    ("Activity", &["activity_list", "changes_list"]),
    ("Settings", &["doctor_run", "settings_get"]),
];

#[test]
fn a_new_computer_looks_right() {
    let world = World::new().with_display().with_web_driver();
    let window = Window::open(&world);
    window.reads("Stow your keys.");
    let mut screens = Screens::of(&window, "new");
    screens.look("first-run-1");
    window.press("Add a workspace of a product");
    window.reads("Aidelly");
    screens.look("add-workspace");
    window.press_starting("better-auth app");
    window.reads("Address");
    screens.look("add-workspace-product");
    window.key(Key::Escape);
    window.press("Try with a local workspace");
    window.reads("Each client gets a key of its own");
    screens.look("first-run-2");
    window.press("Continue");
    window.reads("No AI client found yet");
    screens.look("first-run-3-none");
    settings::lay(&world);
    window.press("Look again");
    window.reads("Connect what is on this computer");
    screens.look("first-run-3");
    window.press("Preview 3 clients");
    window.reads("Write 3 files");
    screens.look("first-run-preview");
    window.press("Back");
    window.press("Skip");
    for (page, _) in PAGES {
        window.press_page(page);
        if page == "Activity" {
            screens.look("activity-trail");
            window.press("Changes to files");
        }
        screens.look(&format!("{}-empty", page.to_lowercase()));
    }
    window.press_page("Connect");
    window.press("Select Cursor");
    window.press("Select VS Code");
    screens.look("connect-selected");
    window.press("Connect 2 selected");
    window.reads("Write 2 files");
    screens.look("connect-preview");
    window.press("Write 2 files");
    window.reads_times("6 tools", 2);
    screens.look("connect-proof");
    window.press("Done");
    screens.look("connect-toast");
    for (page, asks) in PAGES {
        // A page is opened for the first time while its answers are held back, and once more while they fail.
        let other = if page == "Keys" { "activity" } else { "keys" };
        for (hold, state) in [(true, "loading"), (false, "error")] {
            window.reload_unprepared(other);
            window.reads("Keychain unlocked");
            if hold {
                window.hold(asks);
            } else {
                window.refuse(asks);
            }
            window.press_page(page);
            let name = format!("{}-{state}", page.to_lowercase());
            if hold {
                screens.look_loading(&name)
            } else {
                screens.look(&name)
            }
        }
    }
    screens.done();
    window.close();
}

#[test]
fn a_full_computer_looks_right() {
    let world = World::new()
        .with_display()
        .with_prompter()
        .with_web_driver();
    fill(&world);
    let window = Window::open(&world);
    window.reads("Cursor on");
    let mut screens = Screens::of(&window, "full");
    keys(&window, &mut screens);
    connect(&window, &mut screens);
    rest(&window, &mut screens);
    frame(&window, &mut screens);

    world.lock_keychain();
    window.press_page("Keys");
    window.reload("keys");
    window.reads("The keychain is locked");
    screens.look("keychain-locked");
    window.press("Unlock");
    world.answer_prompt();
    window.reads("owner@keystow.local");
    cli::run(&world, &["sign-out"]);
    window.reload("keys");
    window.reads("Sign in to go on");
    screens.look("signed-out-start");
    window.press("Skip");
    window.reads("Sign in to see your keys");
    screens.look("signed-out-keys");
    window.press_page("Connect");
    screens.look("signed-out-connect");
    screens.done();
    window.close();
}

/// Every client there is, keys of every kind, connections that are well and that are not, a rotation under way.
fn fill(world: &World) {
    settings::lay(world);
    let clients = cli::json(world, &["clients", "--all", "--json"]);
    for client in clients.as_array().unwrap() {
        let looked = client["detectedBy"].as_str().unwrap();
        if let Some(path) = looked
            .split(", ")
            .find_map(|place| place.strip_prefix("~/"))
        {
            let _ = std::fs::create_dir_all(world.home().join(path));
        }
    }
    cli::run(world, &["sign-in", "--provider", "local"]);
    for args in [
        &[
            "keys",
            "create",
            "Reports",
            "--expires",
            "9d",
            "--read-only",
        ] as &[&str],
        &[
            "keys",
            "create",
            "Nightly import of the accounts department, second try",
            "--scope",
            "view:keys",
        ],
        &["keys", "create", "Old laptop"],
        &["keys", "pause", "Old laptop"],
        &[
            "connect",
            "cursor",
            "vscode",
            "claude-desktop",
            "codex",
            "zed",
            "--no-probe",
            "--yes",
        ],
        &[
            "connect",
            "claude-code",
            "--mode",
            "helper",
            "--no-probe",
            "--yes",
        ],
    ] {
        cli::run(world, args);
    }
    let cursor = &settings::ALL[1];
    let mut bridge = Entry::start(world, &cursor.place(world), cursor.pointer);
    for _ in 0..5 {
        bridge.call("echo", json!({ "text": "hello" })).unwrap();
    }
    bridge.end();
    let code = &settings::ALL[2];
    let changed = code
        .now(world)
        .replace("\"bridge\"", "\"bridge\", \"--verbose\"");
    #[allow(clippy::disallowed_methods)] // the person's own hand
    std::fs::write(code.place(world), changed).unwrap();
}

const SHOW_KEY: &str = "const names = [...document.querySelectorAll('[role=\"row\"] button')];
    const name = names.find((each) => each.textContent.startsWith('Cursor on'));
    name?.click();
    return name !== undefined";

/// The driver misses what is zoomed.
const OPEN_MENU: &str =
    "if (document.querySelector('[role=\"menu\"]')?.checkVisibility()) return true;
    const buttons = [...document.querySelectorAll('[role=\"row\"] button')];
    const button = buttons.find((each) => each.ariaLabel?.startsWith('Actions for Cursor on'));
    button?.scrollIntoView({ block: 'center' });
    button?.click();
    return false";

/// Closed again where the page becomes a drawer.
const OPEN_LIMITS: &str =
    "const buttons = [...document.querySelectorAll('button')].filter((each) => each.checkVisibility());
    if (buttons.some((each) => each.textContent.trim() === 'Save')) return true;
    buttons.find((each) => each.textContent.trim() === 'Change')?.click();
    return false";

fn keys(window: &Window, screens: &mut Screens) {
    screens.look("keys");
    screens.look_opened("keys-menu", |window| {
        // Only then has the page heard of its new size.
        window.settles();
        window.holds("the menu is open", OPEN_MENU);
    });
    window.key(Key::Escape);
    window.fill("Filter by name or last characters", "nobody");
    window.reads("No key matches");
    screens.look("keys-no-match");
    window.press("Clear filter");
    window.press_starting("Select Reports");
    screens.look("keys-selected");
    window.press("Pause…");
    window.reads("until you resume it");
    screens.look("keys-pause");
    window.press("Cancel");
    window.press("Select all 9");
    window.press("Revoke…");
    window.reads("at once and everywhere");
    screens.look("keys-revoke");
    window.press("Cancel");
    window.press("Clear");
    // The driver takes a name that may end in an ellipsis for hidden.
    window.holds("a key is shown", SHOW_KEY);
    window.reads("Usage");
    screens.look("key");
    screens.look_opened("key-limits", |window| {
        window.settles();
        window.holds("what the key may can be changed", OPEN_LIMITS);
    });
    window.key(Key::Escape);
    window.press_page("Keys");
    window.press("New key");
    screens.look("key-new");
    window.press("Create key");
    screens.look("key-new-mistake");
    window.fill("Name", "Scripts on mira");
    window.press("Create key");
    window.reads("Created Scripts on mira.");
    screens.look("key-stowed");
    window.press("Done");
    window.press("Paste a key");
    screens.look("key-paste");
    window.key(Key::Escape);
    for (deed, name) in [("Rotate…", "key-rotate"), ("Revoke…", "key-revoke")] {
        window.press_starting("Actions for Cursor on");
        window.press(deed);
        screens.look(name);
        window.key(Key::Escape);
    }
    window.press_starting("Actions for Codex on");
    window.press("Rotate…");
    window.press("after 1 hour");
    window.press("Rotate key");
    window.reads("Rotating Codex on");
    screens.look("keys-rotating");
}

fn connect(window: &Window, screens: &mut Screens) {
    window.press_page("Connect");
    window.reads("changed by hand");
    screens.look("connect");
    window.press("Review VS Code");
    window.reads("Compare");
    screens.look("connect-review");
    window.press("Compare");
    window.reads("As it stands in the file");
    screens.look("connect-compare");
    window.key(Key::Escape);
    window.key(Key::Escape);
    window.press("Manage Cursor");
    window.press("Start it and ask");
    window.reads("6 tools");
    screens.look("connect-manage");
    window.press("Disconnect");
    window.reads("Write 1 file");
    screens.look("connect-disconnect");
    window.key(Key::Escape);
    window.press("Show links for ChatGPT");
    window.reads("by link");
    screens.look("connect-links");
    window.key(Key::Escape);
}

fn rest(window: &Window, screens: &mut Screens) {
    for page in ["Rotations", "Activity", "Settings"] {
        window.press_page(page);
        screens.look(&page.to_lowercase());
    }
    window.press_page("Rotations");
    window.press_starting("Call off… the rotation");
    window.reads("Go on");
    screens.look("rotation-call-off");
    window.press("Go on");
    window.press_page("Activity");
    window.press("Changes to files");
    screens.look("activity-changes");
    window.press_starting("Undo: Connected Claude Code");
    window.reads("Undo change");
    screens.look("activity-undo");
    window.key(Key::Escape);
    window.press_page("Settings");
    window.press("Add a server…");
    window.reads("MCP address");
    screens.look("server-new");
    window.key(Key::Escape);
    window.press("Remove everything…");
    window.reads("There is no undo");
    screens.look("settings-remove");
    window.press("Keep everything");
}

fn frame(window: &Window, screens: &mut Screens) {
    window.press_page("Keys");
    window.chord(Key::Control, 'k');
    window.until("the palette listens", || window.focus().role == "combobox");
    screens.look("palette");
    window.types("cur");
    screens.look("palette-found");
    window.key(Key::Escape);
    window.types("?");
    window.reads("Keyboard shortcuts");
    screens.look("shortcuts");
    window.key(Key::Escape);
    window.press_starting("Workspace Local workspace");
    window.reads("Add a workspace…");
    screens.look("workspace-menu");
    window.press("Manage Local workspace…");
    window.reads("Address");
    screens.look("workspace-manage");
    window.key(Key::Escape);
}

/// German words are the longer ones.
#[test]
fn german_looks_right() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    let connect = ["connect", "cursor", "vscode", "--no-probe", "--yes"];
    cli::run(&world, &connect);
    let window = Window::open(&world);
    window.press_page("Settings");
    window.press("Deutsch");
    window.reads("Einstellungen");
    let mut screens = Screens::of(&window, "german");
    for page in [
        "Schlüssel",
        "Verbinden",
        "Wechsel",
        "Verlauf",
        "Einstellungen",
    ] {
        window.press_page(page);
        screens.look(&page.to_lowercase());
    }
    window.press_starting("Alles entfernen");
    window.reads("Alles behalten");
    screens.look("alles-entfernen");
    window.press("Alles behalten");
    window.press_page("Verbinden");
    window.press_starting("Cursor verwalten");
    window.reads("Trennen");
    screens.look("cursor");
    window.press("Trennen");
    window.reads("Abbrechen");
    screens.look("trennen");
    window.press("Abbrechen");
    window.key(Key::Escape);
    window.press_page("Schlüssel");
    for (shortcut, name) in [("n", "neuer-schlüssel"), ("p", "einfügen"), ("?", "tasten")] {
        window.settles();
        window.types(shortcut);
        window.until("the dialog is open", || {
            window.script("return document.querySelector('[role=\"dialog\"]') !== null")
                == json!(true)
        });
        screens.look(name);
        window.key(Key::Escape);
        window.until("the dialog is closed", || {
            window.script("return document.querySelector('[role=\"dialog\"]') === null")
                == json!(true)
        });
    }
    window.chord(Key::Control, 'k');
    window.until("the palette listens", || window.focus().role == "combobox");
    screens.look("palette");
    screens.done();
    window.close();
}

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
