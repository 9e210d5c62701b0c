//! Copied keys: on the clipboard for a while, hidden from its history, and nowhere else.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use keystow_testkit::{World, eventually};

use crate::support::*;

fn paste(world: &World, target: &str) -> String {
    let output = world
        .command("xclip")
        .args(["-selection", "clipboard", "-o", "-t", target])
        .output()
        .expect("xclip is installed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn put(world: &World, text: &str) {
    let mut other = world
        .command("xclip")
        .args(["-selection", "clipboard", "-i"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    other
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    other.wait().unwrap();
}

fn hold(world: &World, key: &str, seconds: &str) -> Child {
    let args = [
        "clipboard-hold",
        "--workspace",
        "local",
        "--key",
        key,
        "--seconds",
        seconds,
    ];
    let mut holder = command(world, &args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, format!("holding {seconds}\n"));
    holder
}

#[test]
fn a_key_is_copied_hidden_from_history_by_a_process_that_shows_it_to_nobody() {
    let world = World::new().with_display();
    sign_in(&world);
    let id = new_key(&world, "desk");
    let plaintext = stowed(&world, &format!("key/local/{id}")).unwrap();

    let ran = keystow(&world, &["keys", "copy", "desk"]).ok();
    assert_eq!(
        ran.stderr,
        "Copied “desk”. It is taken off the clipboard in 30 s.\n"
    );
    assert_eq!(paste(&world, "UTF8_STRING"), plaintext);
    assert_eq!(paste(&world, "x-kde-passwordManagerHint"), "secret");

    // The holder outlives the command, and has no plaintext in its arguments or environment.
    let holder = world.processes().into_iter().find(|pid| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains("clipboard-hold")
    });
    let holder = holder.expect("somebody holds the clipboard");
    for what in ["cmdline", "environ"] {
        let bytes = std::fs::read(format!("/proc/{holder}/{what}")).unwrap();
        assert!(
            !String::from_utf8_lossy(&bytes).contains(&plaintext),
            "{what}"
        );
    }
}

#[test]
fn it_is_taken_off_again() {
    let world = World::new().with_display();
    sign_in(&world);
    let id = new_key(&world, "desk");
    let mut holder = hold(&world, &id, "4");
    assert!(paste(&world, "UTF8_STRING").starts_with("ksl_"));
    assert_eq!(holder.wait().unwrap().code(), Some(0));
    assert_eq!(paste(&world, "UTF8_STRING"), "");
}

#[test]
fn what_was_copied_since_stays() {
    let world = World::new().with_display();
    sign_in(&world);
    let id = new_key(&world, "desk");
    let mut holder = hold(&world, &id, "60");
    put(&world, "a recipe");
    // Long before its time is over.
    eventually("the holder gives way", || {
        holder.try_wait().unwrap().is_some()
    });
    assert_eq!(paste(&world, "UTF8_STRING"), "a recipe");
}

#[test]
fn a_key_that_is_not_stowed_is_not_copied() {
    let world = World::new();
    let args = ["clipboard-hold", "--workspace", "local", "--key", "none"];
    let ran = keystow(&world, &args);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stdout.contains("has no entry key/local/none"), "{ran}");
}

#[test]
fn a_key_is_taken_off_the_clipboard_and_stays_off() {
    let world = World::new().with_display();
    sign_in(&world);
    let id = new_key(&world, "desk");
    let account = format!("key/local/{id}");
    let plaintext = stowed(&world, &account).unwrap();

    put(&world, &format!("\n {plaintext} \n"));
    let taken = keystow(&world, &["clipboard-take"]).ok();
    assert_eq!(taken.stdout, plaintext, "without white space around it");
    assert_eq!(paste(&world, "UTF8_STRING"), "");
    assert_eq!(keystow(&world, &["clipboard-take"]).ok().stdout, "");

    put(&world, &plaintext);
    let added = keystow(&world, &["keys", "add", "--for", "desk", "--clipboard"]).ok();
    assert!(!added.to_string().contains(&plaintext), "{added}");
    assert_eq!(
        stowed(&world, &account).as_deref(),
        Some(plaintext.as_str())
    );
    let nothing = keystow(&world, &["keys", "add", "--clipboard"]);
    assert_eq!(nothing.code, 3, "{nothing}");
}

#[test]
fn nothing_is_taken_without_a_clipboard_or_onto_a_terminal() {
    let world = World::new();
    let absent = keystow(&world, &["clipboard-take"]);
    assert_eq!(absent.code, 3, "{absent}");
    assert_eq!(absent.stderr.lines().count(), 1, "{absent}");
    assert_eq!(absent.stdout, "");
    let shown = on_a_terminal(&world, &format!("{KEYSTOW} clipboard-take"), "", "");
    assert_eq!(shown.code, 1, "{shown}");
}
