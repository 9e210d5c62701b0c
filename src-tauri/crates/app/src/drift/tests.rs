//! Each state and each repair, on real files.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use keystow_core::ConnectionId;
use keystow_core::keychain::Item;
use keystow_testkit::World;
use serde_json::Value;

use super::{State, look_at};
use crate::app::App;
use crate::connect::{self, Bench, Repair, apply, connect, disconnect, put, repair, undo, wish};
use crate::contract::*;
use crate::error::AppError;
use crate::handlers;
use crate::store::Connected;

/// Cursor, connected.
fn connected(world: &World) -> (Bench, App, String) {
    let bench = Bench::in_world(world);
    let app = bench.app();
    bench.connect(&app, &["cursor"]);
    let text = cursor(&bench);
    (bench, app, text)
}

fn cursor(bench: &Bench) -> String {
    fs::read_to_string(bench.path("cursor")).unwrap()
}

/// States in the order of the connections; `Err`: the code of what is in the way.
fn states(app: &App) -> Vec<Result<State, String>> {
    look_at(app, &app.store.connections().unwrap())
        .into_iter()
        .map(|found| match found {
            Ok(found) => Ok(found.state),
            Err(problem) => Err(problem.code),
        })
        .collect()
}

fn only(app: &App) -> Connected {
    let mut all = app.store.connections().unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Repairs all that drifted.
fn mend(app: &App, what: Repair) {
    apply(app, repair(app, &[], what).unwrap())
        .unwrap()
        .unwrap();
}

fn refusal(app: &App, what: Repair) -> AppError {
    let plan = repair(app, &[only(app).id], what).unwrap();
    plan.files
        .into_iter()
        .find_map(|file| file.edit.err())
        .expect("a refusal")
}

fn by_hand(bench: &Bench, from: &str, to: &str) -> String {
    let text = cursor(bench);
    assert!(text.contains(from), "{text}");
    let text = text.replacen(from, to, 1);
    put(&bench.path("cursor"), &text);
    text
}

#[test]
fn a_file_that_was_only_reformatted_is_fine() {
    let world = World::new();
    let (bench, app, text) = connected(&world);
    assert_eq!(states(&app), [Ok(State::Fine)]);
    let value: Value = serde_json::from_str(&text).unwrap();
    put(&bench.path("cursor"), &value.to_string());
    assert_eq!(states(&app), [Ok(State::Fine)]);
    assert!(repair(&app, &[], Repair::Restore).unwrap().files.is_empty());
}

#[test]
fn an_entry_changed_by_hand_is_restored_in_its_place() {
    let world = World::new();
    let (bench, app, text) = connected(&world);
    let theirs = by_hand(&bench, "\"bridge\"", "\"bridge\", \"--more\"");
    assert_eq!(states(&app), [Ok(State::Changed)]);
    let plan = repair(&app, &[only(&app).id], Repair::Restore).unwrap();
    assert_eq!(plan.files[0].warnings[0].code, "plan.replaces_entry");
    apply(&app, plan).unwrap().unwrap();
    assert_eq!(cursor(&bench), text);
    undo(&app, None).unwrap();
    assert_eq!(cursor(&bench), theirs);
    assert_eq!(states(&app), [Ok(State::Changed)]);
}

#[test]
fn a_deleted_or_renamed_entry_is_gone_and_comes_back() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let before = cursor(&bench);
    bench.connect(&app, &["cursor"]);
    let text = cursor(&bench);
    put(&bench.path("cursor"), &before);
    assert_eq!(states(&app), [Ok(State::Gone)]);
    mend(&app, Repair::Restore);
    assert_eq!(cursor(&bench), text);

    let renamed = by_hand(&bench, "\"keystow\"", "\"mine\"");
    assert_eq!(states(&app), [Ok(State::Gone)]);
    mend(&app, Repair::Restore);
    assert!(cursor(&bench).contains("\"mine\"") && cursor(&bench).contains("\"keystow\""));
    assert_eq!(states(&app), [Ok(State::Fine)]);
    undo(&app, None).unwrap();
    assert_eq!(cursor(&bench), renamed);
    undo(&app, None).unwrap_err();
    put(&bench.path("cursor"), &text);
    let plan = disconnect(&app, &wish(&["cursor"]).clients).unwrap();
    apply(&app, plan).unwrap();
    assert_eq!(cursor(&bench), before);
}

#[test]
fn a_file_without_any_server_was_wiped() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let path = bench.path("cursor");
    for wiped in [None, Some(""), Some("{}\n"), Some("{\"mcpServers\": {}}")] {
        match wiped {
            Some(text) => put(&path, text),
            None => fs::remove_file(&path).unwrap(),
        }
        assert_eq!(states(&app), [Ok(State::Wiped)], "{wiped:?}");
        mend(&app, Repair::Restore);
        assert_eq!(states(&app), [Ok(State::Fine)], "{wiped:?}");
        undo(&app, None).unwrap();
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), wiped);
    }
}

#[test]
fn what_was_restored_into_a_wiped_file_goes_without_a_trace() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let path = bench.path("cursor");
    fs::remove_file(&path).unwrap();
    fs::remove_dir(path.parent().unwrap()).unwrap();
    mend(&app, Repair::Restore);
    assert!(path.exists());
    let plan = disconnect(&app, &wish(&["cursor"]).clients).unwrap();
    apply(&app, plan).unwrap();
    assert!(!path.parent().unwrap().exists());
}

#[test]
fn two_entries_of_one_file_are_restored_in_one_go() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let mut second = wish(&["cursor"]);
    second.name = Some("second".to_owned());
    apply(
        &app,
        connect(&app, app.current().unwrap(), &second).unwrap(),
    )
    .unwrap();
    put(&bench.path("cursor"), "{}");
    assert_eq!(states(&app), [Ok(State::Wiped), Ok(State::Wiped)]);
    let plan = repair(&app, &[], Repair::Restore).unwrap();
    assert_eq!(plan.files.len(), 1);
    apply(&app, plan).unwrap();
    assert_eq!(states(&app), [Ok(State::Fine), Ok(State::Fine)]);
    let plan = disconnect(&app, &wish(&["cursor"]).clients).unwrap();
    apply(&app, plan).unwrap();
    assert_eq!(cursor(&bench), "{}");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place_and_can_be_forgotten() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let garbage = "{\n  \"mcpServers\": oops\n";
    put(&bench.path("cursor"), garbage);
    assert_eq!(states(&app), [Err("edit.syntax".to_owned())]);
    for what in [Repair::Restore, Repair::Adopt] {
        let error = refusal(&app, what);
        assert!(error.to_string().contains("line 2"), "{error}");
    }
    // Nothing else is to do, so the reason is told also where none is named.
    let plan = repair(&app, &[], Repair::Restore).unwrap();
    assert!(plan.files[0].edit.is_err());
    fs::remove_file(bench.path("cursor")).unwrap();
    fs::create_dir(bench.path("cursor")).unwrap();
    assert_eq!(states(&app), [Err("file.not_a_file".to_owned())]);
    mend(&app, Repair::Forget);
    assert!(app.store.connections().unwrap().is_empty());
    undo(&app, None).unwrap();
    assert_eq!(app.store.connections().unwrap().len(), 1);
}

#[test]
fn the_rest_is_repaired_where_one_file_cannot_be_read() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor", "vscode"]);
    put(&bench.path("cursor"), "oops");
    put(&bench.path("vscode"), "{}");
    mend(&app, Repair::Restore);
    assert_eq!(cursor(&bench), "oops");
    assert_eq!(states(&app)[1], Ok(State::Fine));
}

#[test]
fn an_entry_follows_the_stable_path() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let mut app = bench.app();
    bench.connect(&app, &["cursor"]);
    let text = cursor(&bench);
    let before = app.paths.stable_binary();
    app.paths.data = bench.home.join("moved");
    assert_eq!(states(&app), [Ok(State::Stale)]);
    mend(&app, Repair::Restore);
    let now = app.paths.stable_binary();
    assert!(now.exists(), "the program is where the entry says");
    let moved = text.replace(before.to_str().unwrap(), now.to_str().unwrap());
    assert_eq!(cursor(&bench), moved);
    assert_eq!(states(&app), [Ok(State::Fine)]);
    undo(&app, None).unwrap();
    assert_eq!(cursor(&bench), text);
}

#[test]
fn a_program_chosen_by_hand_is_a_change_unless_it_is_not_there() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let stable = app.paths.stable_binary();
    let theirs = bench.home.join("keystow-program");
    by_hand(&bench, stable.to_str().unwrap(), theirs.to_str().unwrap());
    assert_eq!(states(&app), [Ok(State::Changed)]);
    assert!(matches!(
        refusal(&app, Repair::Adopt),
        AppError::NotOurs { .. }
    ));
    fs::remove_file(&theirs).unwrap();
    assert_eq!(states(&app), [Ok(State::Stale)]);
    let words = super::words::of(
        &app,
        &only(&app),
        look_at(&app, &[only(&app)])[0].as_ref().unwrap(),
    )
    .unwrap();
    assert!(words.detail.contains("keystow-program"), "{words:?}");
}

#[test]
fn an_adopted_entry_is_ours_and_still_goes_without_a_trace() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let before = cursor(&bench);
    bench.connect(&app, &["cursor"]);
    let ledger = only(&app).ledger;
    let theirs = by_hand(&bench, "\"args\"", "\"env\": {\"MODE\": \"1\"}, \"args\"");
    assert_eq!(states(&app), [Ok(State::Changed)]);
    mend(&app, Repair::Adopt);
    assert_eq!(cursor(&bench), theirs);
    assert_eq!(states(&app), [Ok(State::Fine)]);
    let adopted = only(&app).ledger;
    assert_eq!(adopted.receipt, ledger.receipt);
    assert_eq!(adopted.entry["env"]["MODE"], "1");
    undo(&app, None).unwrap();
    assert_eq!(only(&app).ledger, ledger);
    mend(&app, Repair::Adopt);
    // What was adopted follows the stable path like any other, and keeps what was done by hand.
    let mut app = app;
    app.paths.data = bench.home.join("moved");
    assert_eq!(states(&app), [Ok(State::Stale)]);
    mend(&app, Repair::Restore);
    assert!(cursor(&bench).contains("\"MODE\""));
    let plan = disconnect(&app, &wish(&["cursor"]).clients).unwrap();
    apply(&app, plan).unwrap();
    assert_eq!(cursor(&bench), before);
}

#[test]
fn an_entry_for_something_else_is_not_adopted() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let id = only(&app).id.to_string();
    by_hand(&bench, &id, "c-another");
    assert_eq!(states(&app), [Ok(State::Changed)]);
    assert!(matches!(
        refusal(&app, Repair::Adopt),
        AppError::NotOurs { .. }
    ));
    assert!(repair(&app, &[], Repair::Adopt).unwrap().files.is_empty());
    put(
        &bench.path("cursor"),
        "{\"mcpServers\": {\"keystow\": {\"url\": \"http://x\"}}}",
    );
    assert!(matches!(
        refusal(&app, Repair::Adopt),
        AppError::NotOurs { .. }
    ));
    put(&bench.path("cursor"), "{}");
    assert!(matches!(
        refusal(&app, Repair::Adopt),
        AppError::EntryGone { .. }
    ));
    let unknown = repair(&app, &[ConnectionId::new("c-no")], Repair::Adopt);
    assert!(matches!(unknown, Err(AppError::Unknown { .. })));
}

#[test]
fn what_is_forgotten_leaves_file_and_key_alone() {
    let world = World::new();
    let (bench, app, text) = connected(&world);
    let id = only(&app).id;
    let plan = repair(&app, std::slice::from_ref(&id), Repair::Forget).unwrap();
    let warning = &plan.files[0].warnings[0];
    assert_eq!(warning.code, "plan.forgets");
    assert!(
        warning.text.contains("\"shared\" is kept"),
        "{}",
        warning.text
    );
    apply(&app, plan).unwrap().unwrap();
    assert_eq!(cursor(&bench), text);
    assert!(app.store.connections().unwrap().is_empty());
    let key = Item::Key(app.current().unwrap().id, wish(&[]).key.unwrap());
    assert!(app.doors.keychain.get(&key).unwrap().is_some());
    undo(&app, None).unwrap();
    assert_eq!(only(&app).id, id);
    assert_eq!(states(&app), [Ok(State::Fine)]);
}

#[test]
fn undo_never_throws_out_what_took_the_place_meanwhile() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let forgotten = apply(
        &app,
        repair(&app, &[only(&app).id], Repair::Forget).unwrap(),
    )
    .unwrap()
    .unwrap();
    let mut again = wish(&["cursor"]);
    again.replace = true;
    apply(&app, connect(&app, app.current().unwrap(), &again).unwrap()).unwrap();
    let (id, text) = (only(&app).id, cursor(&bench));
    let error = undo(&app, Some(&forgotten.id)).unwrap_err();
    assert!(matches!(error, AppError::UndoChanged { .. }));
    assert_eq!((only(&app).id, cursor(&bench)), (id, text));
}

#[test]
fn the_neighbour_of_a_forgotten_entry_knows_who_made_the_file() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let path = bench.path("claude-desktop");
    bench.connect(&app, &["claude-desktop"]);
    let first = only(&app).id;
    let mut second = wish(&["claude-desktop"]);
    second.name = Some("second".to_owned());
    apply(
        &app,
        connect(&app, app.current().unwrap(), &second).unwrap(),
    )
    .unwrap();
    apply(&app, repair(&app, &[first], Repair::Forget).unwrap()).unwrap();
    // The person takes the forgotten entry out; then ours goes, and with it the file we made.
    let mut value: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    value["mcpServers"]
        .as_object_mut()
        .unwrap()
        .remove("keystow");
    put(&path, &value.to_string());
    let plan = disconnect(&app, &wish(&["claude-desktop"]).clients).unwrap();
    apply(&app, plan).unwrap();
    assert!(!path.exists() && !path.parent().unwrap().exists());
}

#[test]
fn the_doctor_repairs_what_needs_no_decision() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["claude-desktop", "cursor", "vscode"]);
    fs::remove_file(bench.path("claude-desktop")).unwrap();
    by_hand(&bench, "\"bridge\"", "\"bridge\", \"--more\"");
    put(&bench.path("vscode"), "{ oops");
    let of_entries = |fix| -> Vec<CheckView> {
        handlers::doctor_run(&app, DoctorRequest { fix })
            .unwrap()
            .into_iter()
            .filter(|check| check.id.starts_with("connection/"))
            .collect()
    };
    let states = |checks: &[CheckView]| checks.iter().map(|check| check.state).collect::<Vec<_>>();
    let looked = of_entries(false);
    assert_eq!(
        states(&looked),
        [CheckState::Failed, CheckState::Warning, CheckState::Failed]
    );
    assert!(
        looked[0]
            .detail
            .starts_with("Claude Desktop dropped our entry: "),
        "{}",
        looked[0].detail
    );
    let fixed = of_entries(true);
    assert_eq!(
        states(&fixed),
        [CheckState::Fixed, CheckState::Warning, CheckState::Failed]
    );
    let choices = fixed[1].hint.as_ref().unwrap();
    for choice in ["--restore", "--adopt", "--forget"] {
        assert!(choices.contains(choice), "{choices}");
    }
    assert!(fixed[2].detail.contains("line 1"), "{}", fixed[2].detail);
    assert!(cursor(&bench).contains("--more"));
    assert_eq!(states(&of_entries(true))[0], CheckState::Ok);
}

#[test]
fn the_doctor_tells_why_it_could_not_repair() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    put(&bench.path("cursor"), "{}");
    let read_only = fs::Permissions::from_mode(0o444);
    fs::set_permissions(bench.path("cursor"), read_only).unwrap();
    let checks = handlers::doctor_run(&app, DoctorRequest { fix: true }).unwrap();
    let check = checks
        .iter()
        .find(|check| check.id.starts_with("connection/"))
        .unwrap();
    assert_eq!(check.state, CheckState::Failed);
    assert!(
        check.detail.contains("It was not repaired"),
        "{}",
        check.detail
    );
    assert_eq!(cursor(&bench), "{}");
}

#[test]
fn three_sides_are_shown_without_secrets() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    by_hand(
        &bench,
        "\"args\"",
        "\"env\": {\"TOKEN\": \"hunter2hunter2\"}, \"args\"",
    );
    let request = || ConnectionRequest {
        connection: only(&app).id.to_string(),
    };
    let view = handlers::connections_drift(&app, request()).unwrap();
    assert_eq!(view.connection.entry, EntryState::Changed);
    assert!(view.adopt_problem.is_none() && view.out_of_date.is_empty());
    assert!(view.by_hand.iter().any(|line| line.kind == LineKind::Added));
    let json = serde_json::to_string(&view).unwrap();
    assert!(
        json.contains("TOKEN") && !json.contains("hunter2"),
        "{json}"
    );

    put(&bench.path("cursor"), "oops");
    let view = handlers::connections_drift(&app, request()).unwrap();
    assert_eq!(view.connection.entry, EntryState::Unreadable);
    assert!(view.theirs.is_none() && view.ours.is_none() && view.adopt_problem.is_some());
    let entry = &only(&app).ledger.entry;
    assert!(view.base.contains(entry["args"][1].as_str().unwrap()));
}

#[test]
fn what_was_restored_is_told_as_connected_and_what_was_forgotten_as_not() {
    let world = World::new();
    let (bench, app, _) = connected(&world);
    let id = only(&app).id.to_string();
    put(&bench.path("cursor"), "{\"mcpServers\": {\"other\": {}}}");
    let done = |action| {
        let request = RepairRequest {
            connections: Vec::new(),
            action,
        };
        let plan = handlers::connections_plan_repair(&app, request).unwrap();
        handlers::connections_apply(&app, PlanRequest { plan: plan.id }).unwrap()
    };
    let restored = done(RepairAction::Restore);
    assert_eq!(restored.connected.len(), 1);
    assert_eq!(restored.connected[0].entry, EntryState::Fine);
    put(&bench.path("cursor"), "{}");
    let forgotten = done(RepairAction::Forget);
    assert_eq!(
        (forgotten.connected.len(), forgotten.disconnected),
        (0, vec![id])
    );
    let trail = handlers::activity_list(
        &app,
        ActivityRequest {
            before: None,
            limit: None,
            kinds: Vec::new(),
            about: Vec::new(),
            since: None,
            until: None,
        },
    )
    .unwrap();
    assert_eq!(trail[0].text, "Forgot Cursor.");
    assert!(
        connect::repair(&app, &[], Repair::Restore)
            .unwrap()
            .files
            .is_empty()
    );
}
