//! What is different when a person sits at a terminal.

use crate::support::*;

#[test]
fn a_person_is_asked_and_may_say_no() {
    let world = signed_in();
    lay_settings(&world);
    let line = format!("{KEYSTOW} connect cursor");
    let no = on_a_terminal(&world, &line, "[y/N]", "n\n");
    assert_eq!(no.code, 1, "{no}");
    assert!(
        no.stdout.contains("Write 1 file and make 1 new key? [y/N]"),
        "{no}"
    );
    assert!(no.stdout.contains("Nothing was done."), "{no}");
    assert_settings_untouched(&world);

    let yes = on_a_terminal(&world, &line, "[y/N]", "y\n").ok();
    assert!(yes.stdout.contains("Cursor → 6 tools"), "{yes}");
    let undone = on_a_terminal(&world, &format!("{KEYSTOW} undo"), "[y/N]", "yes\n").ok();
    assert!(undone.stdout.contains("Restore 1 file? [y/N]"), "{undone}");
    assert_settings_untouched(&world);
}

#[test]
fn plaintext_is_revealed_there_and_nowhere_else() {
    let world = signed_in();
    let id = new_key(&world, "desk");
    let plaintext = stowed(&world, &format!("key/local/{id}")).unwrap();
    let line = format!("env TERM=xterm {KEYSTOW} keys show desk --reveal");
    let shown = on_a_terminal(&world, &line, "Enter hides it now", "\n").ok();
    let (before, after) = shown.stdout.split_once(&plaintext).unwrap();
    // On a second screen, which is wiped and left: nothing of it can be scrolled back to.
    assert!(before.contains("\u{1b}[?1049h"), "{before:?}");
    assert!(after.contains("\u{1b}[2J\u{1b}[?1049l"), "{after:?}");
    assert!(after.contains("The key is hidden again."), "{after:?}");
    let line = format!("env TERM=dumb {KEYSTOW} keys show desk --reveal");
    let dumb = on_a_terminal(&world, &line, "", "").ok();
    assert!(dumb.stdout.contains("cannot hide it again"), "{dumb}");
    let hidden = on_a_terminal(&world, &format!("{KEYSTOW} keys show desk"), "", "").ok();
    assert!(!hidden.stdout.contains(&plaintext));
    let piped = keystow(&world, &["keys", "show", "desk", "--reveal"]);
    assert_eq!(piped.code, 1);
    assert!(!piped.to_string().contains(&plaintext));
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let world = signed_in();
    lay_settings(&world);
    let line = format!("{KEYSTOW} connect cursor --dry-run");
    let coloured = on_a_terminal(&world, &format!("env TERM=xterm {line}"), "", "").ok();
    assert!(coloured.stdout.contains("\u{1b}[32m+"), "{coloured}");
    for plain in ["TERM=xterm NO_COLOR=1", "TERM=dumb"] {
        let ran = on_a_terminal(&world, &format!("env {plain} {line}"), "", "").ok();
        assert!(!ran.stdout.contains('\u{1b}'), "{plain}: {ran}");
    }
}

#[test]
fn a_pasted_key_is_not_shown() {
    let world = signed_in();
    let id = new_key(&world, "desk");
    let plaintext = stowed(&world, &format!("key/local/{id}")).unwrap();
    let ran = on_a_terminal(
        &world,
        &format!("{KEYSTOW} keys add desk"),
        "(it is not shown)",
        &format!("{plaintext}\n"),
    )
    .ok();
    assert!(ran.stdout.contains("Paste the key"), "{ran}");
    assert!(
        !ran.stdout.contains(&plaintext),
        "the terminal shows what was pasted"
    );
}
