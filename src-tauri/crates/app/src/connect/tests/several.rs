//! Several clients in one go, of which one cannot be written.

use super::*;
use crate::describe::describe;

/// The lock that Copilot CLI holds while it writes.
fn held_by_copilot(bench: &Bench) -> fs::File {
    let dir = bench.home.join(".copilot");
    fs::create_dir_all(&dir).unwrap();
    let lock = fs::File::create(dir.join(".mcp-writer.lock")).unwrap();
    lock.lock().unwrap();
    lock
}

#[test]
fn what_was_done_stays_as_one_change_and_can_be_taken_back() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let _theirs = held_by_copilot(&bench);
    let plan = bench.plan(&app, &["cursor", "copilot-cli", "vscode"]);
    let error = apply(&app, plan).unwrap_err();
    let AppError::PartlyApplied {
        done,
        failed,
        left,
        change,
        reason,
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((done.len(), left.len()), (1, 1));
    assert_eq!(
        [&done[0], &left[0]],
        [&"Cursor".to_owned(), &"VS Code".to_owned()]
    );
    assert!(failed.contains("Copilot"));
    assert!(matches!(
        **reason,
        AppError::File(FileError::ClientBusy { .. })
    ));
    let told = describe(&error);
    assert_eq!(told.code, "apply.partly");
    assert_eq!(told.change.as_deref(), Some(change.as_str()));
    assert!(
        told.hint
            .unwrap()
            .contains(&format!("keystow undo {change}"))
    );

    assert_ne!(bench.files()[1].as_deref(), Some(CURSOR));
    assert_eq!(bench.files()[2].as_deref(), Some(VSCODE));
    let changes = app.store.changes(10).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].title, "Connected Cursor");
    assert_eq!(
        (changes[0].files.len(), changes[0].ops.len()),
        (1, 1),
        "{changes:?}"
    );
    assert_eq!(app.store.connections().unwrap().len(), 1);
    undo(&app, Some(change)).unwrap();
    assert_eq!(bench.files(), original());
    assert!(app.store.connections().unwrap().is_empty());
}

#[test]
fn nothing_is_done_when_the_first_cannot_be_written() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let _theirs = held_by_copilot(&bench);
    let error = apply(&app, bench.plan(&app, &["copilot-cli", "cursor"])).unwrap_err();
    assert!(matches!(
        error,
        AppError::File(FileError::ClientBusy { .. })
    ));
    assert_eq!(bench.files(), original());
    assert!(app.store.connections().unwrap().is_empty());
    assert!(app.store.unsettled().unwrap().is_empty());
    assert!(app.store.changes(10).unwrap().is_empty());
    assert_eq!(
        fs::read_dir(bench.home.join(".copilot")).unwrap().count(),
        1
    );
}

#[test]
fn nothing_is_done_when_a_later_one_became_read_only_since_the_preview() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let plan = bench.plan(&app, &["cursor", "vscode"]);
    let mode = |mode| {
        fs::set_permissions(bench.path("vscode"), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o444);
    let error = apply(&app, plan).unwrap_err();
    mode(0o644);
    assert!(matches!(error, AppError::File(FileError::ReadOnly { .. })));
    assert_eq!(bench.files(), original());
}

#[test]
fn nobody_writes_over_a_change_that_a_crash_left_and_that_cannot_be_settled_now() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor"]);
    let change = app.store.changes(1).unwrap().remove(0);
    app.store.settle(&change, ChangeState::Undoing).unwrap();
    // Without its key the before-image does not open, so nobody knows what the file was.
    let key = app.doors.keychain.get(&Item::Seal(1)).unwrap().unwrap();
    app.doors.keychain.delete(&Item::Seal(1)).unwrap();
    let now = bench.files();
    let plan = disconnect(&app, &wish(&["cursor"]).clients).unwrap();
    assert!(matches!(
        apply(&app, plan).unwrap_err(),
        AppError::Keychain(_)
    ));
    assert_eq!(bench.files(), now);
    app.doors.keychain.set(&Item::Seal(1), &key).unwrap();
    recover(&app).unwrap();
    assert_eq!(bench.files(), original());
    assert!(app.store.unsettled().unwrap().is_empty());
}
