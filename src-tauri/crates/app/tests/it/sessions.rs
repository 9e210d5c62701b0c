use std::sync::Arc;

use keystow_app::contract::*;
use keystow_app::{AppError, describe, exit_code, handlers};
use keystow_core::keychain::{Item, Keychain};
use keystow_core::remote::Session;
use keystow_core::{Secret, WorkspaceId};
use keystow_keychain::OsKeychain;

use crate::bench::Bench;

fn session_item() -> Item {
    Item::Session(WorkspaceId::new("local"))
}

/// Makes the stowed access token one that the server does not take any more.
fn spoil_access(bench: &Bench) {
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    let session = Session::from_secret(&keychain.get_stowed(&session_item()).unwrap()).unwrap();
    let spoilt = Session {
        access: Secret::new("spoilt".into()),
        ..session
    };
    keychain.set(&session_item(), &spoilt.to_secret()).unwrap();
}

#[test]
fn signs_in_without_a_question_and_out_again() {
    let bench = Bench::new();
    assert!(
        handlers::app_status(&bench.app, Empty {})
            .unwrap()
            .first_run
    );
    let request = SignInRequest {
        provider: "local".into(),
        method: None,
        url: None,
        login: None,
        from_clipboard: false,
    };
    let view = handlers::sessions_sign_in(&bench.app, request).unwrap();
    assert_eq!(view.state, SignInState::Done);
    let workspace = handlers::app_status(&bench.app, Empty {})
        .unwrap()
        .workspace
        .unwrap();
    assert_eq!(
        (workspace.login.as_str(), workspace.signed_in),
        ("owner@keystow.local", true)
    );
    handlers::sessions_sign_out(
        &bench.app,
        WorkspaceRequest {
            workspace: "local".into(),
        },
    )
    .unwrap();
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    assert!(keychain.get(&session_item()).unwrap().is_none());
    let error = bench.create("n").unwrap_err();
    assert_eq!(
        (describe(&error).code.as_str(), exit_code(&error)),
        ("session.signed_out", 1)
    );
}

#[test]
fn a_browser_sign_in_that_waits_can_be_cancelled() {
    let bench = Bench::new();
    let app = Arc::new(bench.direct());
    let request = SignInRequest {
        provider: "local".into(),
        method: Some(Method::Browser),
        url: None,
        login: None,
        from_clipboard: false,
    };
    let view = handlers::sessions_sign_in(&app, request).unwrap();
    assert_eq!(view.state, SignInState::Waiting);
    let attempt = AttemptRequest {
        attempt: view.attempt.unwrap(),
    };
    let waiter = Arc::clone(&app);
    let waiting = std::thread::spawn({
        let attempt = attempt.clone();
        move || handlers::sessions_wait(&waiter, attempt)
    });
    keystow_testkit::eventually("somebody waits", || {
        handlers::sessions_cancel(&app, attempt.clone()).is_ok() && waiting.is_finished()
            || waiting.is_finished()
    });
    match waiting.join().unwrap() {
        Ok(view) => assert_eq!(view.state, SignInState::Cancelled),
        // Cancelled before anybody waited.
        Err(error) => assert!(matches!(
            error,
            AppError::Unknown {
                what: "sign-in",
                ..
            }
        )),
    }
    assert!(handlers::sessions_cancel(&app, attempt).is_err());
}

#[test]
fn many_processes_refresh_a_stale_session_once() {
    let bench = Bench::signed_in();
    spoil_access(&bench);
    let others: Vec<_> = (0..4).map(|_| bench.another()).collect();
    std::thread::scope(|scope| {
        for app in &others {
            scope.spawn(move || {
                handlers::keys_list(
                    app,
                    KeysListRequest {
                        search: None,
                        page: None,
                        limit: None,
                        everybody: false,
                        order: None,
                    },
                )
                .unwrap()
            });
        }
    });
    let refreshes = bench
        .proxy
        .requests()
        .iter()
        .filter(|line| line.starts_with("POST /api/auth/refresh"))
        .count();
    assert_eq!(refreshes, 1);
}

#[test]
fn a_session_that_ended_is_said_plainly_and_forgotten() {
    let bench = Bench::signed_in();
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    let dead = Session {
        access: Secret::new("spoilt".into()),
        refresh: Some(Secret::new("spoilt, too".into())),
        expires_at: None,
        oauth_client: None,
        issuer: None,
    };
    keychain.set(&session_item(), &dead.to_secret()).unwrap();
    let error = bench.create("n").unwrap_err();
    assert!(matches!(error, AppError::SignedOut { .. }), "{error:?}");
    assert!(keychain.get(&session_item()).unwrap().is_none());
    let workspace = handlers::app_status(&bench.app, Empty {})
        .unwrap()
        .workspace
        .unwrap();
    assert!(!workspace.signed_in);
}

#[test]
fn nobody_is_signed_in_to_what_nobody_knows() {
    let bench = Bench::new();
    let request = SignInRequest {
        provider: "nobody".into(),
        method: None,
        url: None,
        login: None,
        from_clipboard: false,
    };
    let error = handlers::sessions_sign_in(&bench.app, request).unwrap_err();
    assert_eq!(exit_code(&error), 2);
    assert!(matches!(
        bench.create("n").unwrap_err(),
        AppError::NoWorkspace
    ));
}
