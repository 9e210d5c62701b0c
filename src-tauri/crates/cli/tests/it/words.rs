//! What people read, command by command: exit code, standard output and standard error together.

use keystow_testkit::World;

use crate::support::*;

#[test]
fn a_whole_visit_reads_well() {
    let world = World::new();
    lay_settings(&world);
    let say = |args: &[&str]| keystow(&world, args);

    assert_said!(world, "status_empty", say(&["status"]));
    assert_said!(world, "workspaces_empty", say(&["workspaces"]));
    assert_said!(world, "keys_signed_out", say(&["keys", "list"]));
    assert_said!(world, "history_empty", say(&["history"]));
    assert_said!(world, "activity_empty", say(&["activity"]));
    assert_said!(world, "undo_nothing", say(&["undo", "--yes"]));
    assert_said!(world, "sign_in", say(&["sign-in", "--provider", "local"]));
    assert_said!(world, "workspaces", say(&["workspaces"]));
    assert_said!(
        world,
        "workspaces_use",
        say(&["workspaces", "use", "local"])
    );
    assert_said!(world, "providers", say(&["providers"]));
    assert_said!(world, "servers", say(&["servers"]));
    assert_said!(world, "clients", say(&["clients"]));
    assert_said!(world, "keys_empty", say(&["keys", "list"]));

    assert_said!(
        world,
        "connect_dry_run",
        say(&["connect", "cursor", "vscode", "claude-desktop", "--dry-run"])
    );
    assert_said!(world, "connect_nobody_to_ask", say(&["connect", "cursor"]));
    assert_settings_untouched(&world);
    assert_said!(
        world,
        "connect",
        say(&["connect", "cursor", "vscode", "claude-desktop", "--yes"])
    );
    assert_said!(world, "status", say(&["status"]));
    assert_said!(
        world,
        "status_no_probe_json",
        say(&["status", "--no-probe", "--json"])
    );
    assert_said!(world, "history", say(&["history"]));
    assert_said!(world, "clients_connected", say(&["clients"]));
    assert_said!(world, "doctor", say(&["doctor"]));

    assert_said!(
        world,
        "keys_create",
        say(&[
            "keys",
            "create",
            "laptop",
            "--read-only",
            "--expires",
            "2w",
            "--scope",
            "view:keys",
            "--tool",
            "whoami"
        ])
    );
    assert_said!(world, "keys_show", say(&["keys", "show", "laptop"]));
    assert_said!(world, "keys_pause", say(&["keys", "pause", "laptop"]));
    assert_said!(world, "keys_resume", say(&["keys", "resume", "laptop"]));
    assert_said!(
        world,
        "keys_rename",
        say(&["keys", "rename", "laptop", "desk"])
    );
    assert_said!(
        world,
        "keys_reveal_into_a_pipe",
        say(&["keys", "show", "desk", "--reveal"])
    );
    assert_said!(
        world,
        "keys_copy_without_a_display",
        say(&["keys", "copy", "desk", "--json"])
    );
    assert_said!(
        world,
        "keys_delete_nobody_to_ask",
        say(&["keys", "delete", "desk"])
    );
    assert_said!(
        world,
        "keys_delete",
        say(&["keys", "delete", "desk", "--yes"])
    );

    assert_said!(world, "undo_nobody_to_ask", say(&["undo"]));
    assert_said!(world, "disconnect", say(&["disconnect", "vscode", "--yes"]));
    assert_said!(
        world,
        "disconnect_nothing",
        say(&["disconnect", "vscode", "--yes"])
    );
    assert_said!(world, "undo", say(&["undo", "--yes"]));
    assert_said!(world, "activity", say(&["activity", "--limit", "3"]));
    assert_said!(world, "sign_out", say(&["sign-out"]));
    assert_said!(world, "doctor_signed_out", say(&["doctor"]));
}

#[test]
fn help_lists_what_is_built() {
    let world = World::without_bus();
    assert_said!(world, "help", keystow(&world, &["--help"]));
    assert_said!(
        world,
        "help_connect",
        keystow(&world, &["connect", "--help"])
    );
    assert_said!(world, "help_keys", keystow(&world, &["keys", "--help"]));
    assert_said!(world, "nothing_typed", keystow(&world, &[]));
    assert_eq!(
        keystow(&world, &["--version"]).ok().stdout,
        format!("keystow {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_come_for_every_shell_and_need_nothing() {
    let world = World::without_bus();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = keystow(&world, &["completions", shell]).ok();
        assert!(
            ran.stdout.contains("disconnect") && ran.stderr.is_empty(),
            "{shell}"
        );
    }
    assert!(!world.home().join(".local/share/keystow").exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let world = World::without_bus();
    let mut ran = command(&world, &["completions", "zsh"]);
    let mut child = ran.stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
