//! Applying safely: several clients in one go, undoing, waiting for a client, and what the preview warns of.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Stdio};

use keystow_testkit::World;
use serde_json::json;

use crate::support::*;

const COPILOT_LOCK: &str = ".copilot/.mcp-writer.lock";

#[test]
fn what_was_done_stays_when_a_later_client_cannot_be_written() {
    let world = signed_in();
    lay_settings(&world);
    std::fs::create_dir_all(world.home().join(".copilot")).unwrap();
    let theirs = File::create(world.home().join(COPILOT_LOCK)).unwrap();
    theirs.lock().unwrap();

    let args = [
        "connect",
        "cursor",
        "copilot-cli",
        "vscode",
        "--yes",
        "--no-probe",
    ];
    let ran = keystow(&world, &args);
    assert_eq!(ran.code, 1, "{ran}");
    for word in [
        "Cursor",
        "Copilot",
        "VS Code",
        "keystow undo ch-",
        ".mcp-writer.lock",
    ] {
        assert!(ran.stderr.contains(word), "{word}: {ran}");
    }
    // Only what was done is there: in the files, in history, among the connections and keys.
    assert_ne!(SETTINGS[0].now(&world), SETTINGS[0].text);
    assert_eq!(SETTINGS[1].now(&world), SETTINGS[1].text);
    assert!(!world.home().join(".copilot/mcp-config.json").exists());
    let history = keystow(&world, &["history", "--json"]).ok().json();
    assert_eq!(history[0]["title"], "Connected Cursor");
    assert_eq!(history[0]["files"], json!(["~/.cursor/mcp.json"]));
    let status = keystow(&world, &["status", "--json"]).ok().json();
    assert_eq!(status.as_array().unwrap().len(), 1);
    let keys = keystow(&world, &["keys", "list", "--json"]).ok().json();
    assert_eq!(keys["total"], 1, "{keys:#}");

    drop(theirs);
    keystow(&world, &["undo", "--yes"]).ok();
    assert_settings_untouched(&world);
    keystow(&world, &args).ok();
    assert!(world.home().join(".copilot/mcp-config.json").exists());
}

#[test]
fn undoing_shows_what_it_does_and_on_refusal_what_would_be_lost() {
    let world = signed_in();
    lay_settings(&world);
    keystow(&world, &["connect", "cursor", "--yes", "--no-probe"]).ok();
    let unsure = keystow(&world, &["undo"]);
    assert_eq!(unsure.code, 1, "{unsure}");
    assert!(
        unsure.stdout.contains("-") && unsure.stdout.contains("keystow"),
        "{unsure}"
    );

    let file = &SETTINGS[0];
    let theirs = file.now(&world).replacen(
        "\"other\"",
        "\"mine\": {\"command\": \"later\"}, \"other\"",
        1,
    );
    std::fs::write(file.place(&world), &theirs).unwrap();
    let refused = keystow(&world, &["undo", "--yes"]);
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stdout.contains("later"), "{refused}");
    assert!(!refused.stdout.contains("sk-live-0123456789"), "{refused}");
    assert_eq!(file.now(&world), theirs);
}

#[test]
fn changes_of_one_file_are_undone_from_the_top() {
    let world = signed_in();
    lay_settings(&world);
    let connect = |name: &str| {
        let args = [
            "connect",
            "cursor",
            "--name",
            name,
            "--yes",
            "--no-probe",
            "--json",
        ];
        let outcome = keystow(&world, &args).ok().json();
        outcome["applied"]["change"].as_str().unwrap().to_owned()
    };
    let (first, second) = (connect("one"), connect("two"));
    let between = SETTINGS[0].now(&world);
    let refused = keystow(&world, &["undo", &first, "--yes", "--json"]);
    assert_eq!(refused.json()["problem"]["code"], "undo.later_change");
    assert!(refused.stderr.contains(&second), "{refused}");
    assert_eq!(SETTINGS[0].now(&world), between);
    keystow(&world, &["undo", &second, "--yes"]).ok();
    keystow(&world, &["undo", &first, "--yes"]).ok();
    assert_settings_untouched(&world);
}

/// A client of the person's own, whose program is called as no other is.
struct Editor {
    program: String,
}

const EDITOR_FILE: &str = ".editor/mcp.json";
const EDITOR_TEXT: &str = "{\n  \"mcpServers\": {}\n}\n";

impl Editor {
    fn in_world(world: &World, number: u32) -> Self {
        let program = format!("ks{number}-{}", std::process::id());
        let file = format!(
            r#"
id = "editor"
name = "Editor"
source = "https://example.com/docs"
[detect]
linux = ["${{HOME}}/.editor"]
[running]
linux = ["{program}"]
[[target]]
kind = "user"
syntax = "json"
servers_at = ["mcpServers"]
entry.stdio = {{ command = "$command", args = "$args" }}
reload = "restart"
path.everywhere = ["${{HOME}}/{EDITOR_FILE}"]
"#
        );
        let put = |path: &str, text: &str| {
            let path = world.home().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put(".config/keystow/clients/editor.toml", &file);
        put(EDITOR_FILE, EDITOR_TEXT);
        Self { program }
    }

    fn start(&self, world: &World) -> Child {
        let program = world.root().join(&self.program);
        if !program.exists() {
            std::fs::copy("/bin/sleep", &program).unwrap();
        }
        world.command(program).arg("120").spawn().unwrap()
    }
}

fn end(mut client: Child) {
    client.kill().unwrap();
    client.wait().unwrap();
}

fn connect_waiting(world: &World) -> (Child, BufReader<ChildStderr>) {
    let args = ["connect", "editor", "--wait", "--yes", "--no-probe"];
    let mut keystow = command(world, &args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(keystow.stderr.take().unwrap());
    (keystow, said)
}

#[test]
fn waits_until_a_client_quits_and_sees_whether_it_keeps_the_entry() {
    for kept in [true, false] {
        let world = signed_in();
        let editor = Editor::in_world(&world, u32::from(kept));
        let file = world.home().join(EDITOR_FILE);
        let now = || std::fs::read_to_string(&file).unwrap();
        let client = editor.start(&world);
        let (mut keystow, said) = connect_waiting(&world);
        let mut said = said.lines();
        let mut next = |wanted: &str| {
            let line = said.find(|line| line.as_ref().unwrap().contains(wanted));
            assert!(line.is_some(), "{wanted}");
        };
        next("Waiting for Editor to quit");
        assert_eq!(now(), EDITOR_TEXT);
        end(client);
        next("Start Editor now");
        assert_ne!(now(), EDITOR_TEXT);
        let client = editor.start(&world);
        next("Editor runs");
        if kept {
            next("Editor kept the entry");
        } else {
            std::fs::write(&file, EDITOR_TEXT).unwrap();
            next("Editor took the entry out again");
        }
        assert_eq!(keystow.wait().unwrap().code(), Some(i32::from(!kept)));
        end(client);
    }
}

#[test]
fn ending_the_wait_leaves_everything_untouched() {
    let world = signed_in();
    let editor = Editor::in_world(&world, 2);
    let client = editor.start(&world);
    let (mut keystow, said) = connect_waiting(&world);
    assert!(
        said.lines()
            .next()
            .unwrap()
            .unwrap()
            .contains("Waiting for")
    );
    terminate(&keystow);
    assert_eq!(keystow.wait().unwrap().code(), None);
    end(client);
    let file = world.home().join(EDITOR_FILE);
    assert_eq!(std::fs::read_to_string(file).unwrap(), EDITOR_TEXT);
    let history = crate::support::keystow(&world, &["history", "--json"]);
    assert_eq!(history.ok().json(), json!([]));
}

#[test]
fn the_preview_says_where_a_file_goes_from_here() {
    let world = signed_in();
    lay_settings(&world);
    let git = |args: &[&str]| {
        let mut git = world.command("git");
        git.current_dir(world.home().join(".cursor")).args(args);
        assert!(git.status().unwrap().success());
    };
    git(&["init", "--quiet"]);
    git(&["add", "mcp.json"]);
    std::fs::create_dir(world.home().join(".config/Code/.stfolder")).unwrap();
    let args = ["connect", "cursor", "vscode", "--dry-run", "--json"];
    let plan = keystow(&world, &args).ok().json();
    let codes = |file: usize| -> Vec<(String, String)> {
        let warnings = plan["plan"]["files"][file]["warnings"].as_array().unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let of = |warning: &serde_json::Value| (text(&warning["code"]), text(&warning["severity"]));
        warnings.iter().map(of).collect()
    };
    let has = |file, code: &str| codes(file).contains(&(code.to_owned(), "caution".to_owned()));
    assert!(has(0, "plan.tracked_by_git"), "{:?}", codes(0));
    assert!(!has(1, "plan.tracked_by_git"), "{:?}", codes(1));
    assert!(has(1, "plan.synced"), "{:?}", codes(1));
    assert!(!has(0, "plan.synced"), "{:?}", codes(0));
}
