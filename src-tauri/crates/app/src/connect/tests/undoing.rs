//! History as a stack for each file.

use super::*;
use crate::connect::undo_preview;
use crate::contract::{ChangeRequest, Empty, FileAction, SettingsView};
use crate::handlers;

fn connected(bench: &Bench, app: &App, client: &str, name: &str) -> keystow_core::ChangeId {
    let named = Wish {
        name: Some(name.to_owned()),
        ..wish(&[client])
    };
    let plan = connect(app, app.current().unwrap(), &named).unwrap();
    let _ = bench;
    apply(app, plan).unwrap().unwrap().id
}

#[test]
fn an_older_change_is_undone_when_the_later_one_of_its_file_was() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let first = connected(&bench, &app, "cursor", "one");
    let between = bench.files();
    let other = connected(&bench, &app, "vscode", "one");
    let second = connected(&bench, &app, "cursor", "two");
    assert!(matches!(
        undo(&app, Some(&first)).unwrap_err(),
        AppError::UndoLaterFirst { change, .. } if change == second
    ));
    undo(&app, Some(&second)).unwrap();
    assert_eq!(bench.files()[1], between[1]);
    undo(&app, Some(&first)).unwrap();
    assert_eq!(bench.files()[1].as_deref(), Some(CURSOR));
    assert_eq!(app.store.connections().unwrap().len(), 1);
    undo(&app, Some(&other)).unwrap();
    assert_eq!(bench.files(), original());
}

#[test]
fn a_look_shows_what_comes_back_without_secrets_and_touches_nothing() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor", "claude-desktop"]);
    let before = bench.files();
    let view = handlers::changes_preview(&app, ChangeRequest { change: None }).unwrap();
    assert_eq!(
        view.files
            .iter()
            .map(|file| file.action)
            .collect::<Vec<_>>(),
        [FileAction::Change, FileAction::Delete]
    );
    assert_eq!(view.files[0].client_name, "Cursor");
    assert!(view.files.iter().all(|file| file.problem.is_none()));
    let shown = format!("{:?}", view.files);
    assert!(shown.contains("bridge") && !shown.contains("hunter2"));
    assert_eq!(bench.files(), before);
}

#[test]
fn a_look_says_what_would_be_lost_where_a_file_changed_since() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor", "vscode"]);
    let theirs = bench.files()[1]
        .clone()
        .unwrap()
        .replace("\"other\"", "\"later\"");
    put(&bench.path("cursor"), &theirs);
    let (_, files) = undo_preview(&app, None).unwrap();
    assert!(matches!(
        files[0].problem,
        Some(AppError::UndoChanged { .. })
    ));
    assert!(files[1].problem.is_none());
    let view = handlers::changes_preview(&app, ChangeRequest { change: None }).unwrap();
    let problem = view.files[0].problem.as_ref().unwrap();
    assert_eq!(problem.code, "undo.changed_on_disk");
    assert!(format!("{:?}", view.files[0].diff).contains("later"));
}

#[test]
fn before_images_go_after_the_days_that_were_set() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let settings = handlers::settings_get(&app, Empty {}).unwrap();
    assert_eq!(settings.keep_backups_days, 30);
    for days in [0, 366] {
        let wrong = SettingsView {
            keep_backups_days: days,
            ..settings.clone()
        };
        assert!(handlers::settings_set(&app, wrong).is_err(), "{days}");
    }
    bench.connect(&app, &["cursor"]);
    let ten_days_ago = 10 * 24 * 60 * 60 * 1000;
    let mut change = app.store.changes(1).unwrap().remove(0);
    app.store.expire_before_images(change.at).unwrap();
    assert!(app.store.changes(1).unwrap()[0].files[0].kept);
    // The same change, but older: what counts is when it was made.
    change.id = keystow_core::ChangeId::new("ch-older");
    change.at -= ten_days_ago;
    let image = || Some(Box::new(std::iter::once(b"sealed".to_vec())) as crate::store::Image<'_>);
    app.store.journal(&change, vec![image()]).unwrap();
    app.store.settle(&change, ChangeState::Done).unwrap();
    let kept = || {
        let changes = app.store.changes(10).unwrap();
        changes
            .iter()
            .map(|change| change.files[0].kept)
            .collect::<Vec<_>>()
    };
    for (days, wanted) in [(30, [true, true]), (11, [true, true]), (9, [true, false])] {
        let settings = SettingsView {
            keep_backups_days: days,
            ..settings.clone()
        };
        handlers::settings_set(&app, settings).unwrap();
        assert_eq!(kept(), wanted, "{days}");
    }
    assert!(matches!(
        undo(&app, Some(&change.id)).unwrap_err(),
        AppError::Sealed { .. }
    ));
    let listed = handlers::changes_list(&app, Empty {}).unwrap();
    assert_eq!((listed[0].can_undo, listed[1].can_undo), (true, false));
}
