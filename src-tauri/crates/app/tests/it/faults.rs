use keystow_app::contract::*;
use keystow_app::{AppError, describe, exit_code, handlers};
use keystow_core::keychain::KeychainError;
use keystow_testkit::{Fault, eventually};
use std::time::Duration;

use crate::bench::{Bench, named};

const CREATE: &str = "POST /api/api-keys";

fn list(bench: &Bench) -> Result<KeyPageView, AppError> {
    handlers::keys_list(
        &bench.app,
        KeysListRequest {
            search: None,
            page: None,
            limit: None,
            everybody: false,
            order: None,
        },
    )
}

#[test]
fn a_create_whose_answer_was_lost_is_reconciled_and_never_repeated() {
    let bench = Bench::signed_in();
    bench.proxy.once(CREATE, Fault::DropResponse);
    let error = bench.create("lost").unwrap_err();
    assert!(
        matches!(error, AppError::CreateUnknown { orphans: 1, .. }),
        "{error}"
    );
    assert_eq!(bench.names(), ["lost"]);
    let creates = bench
        .proxy
        .requests()
        .iter()
        .filter(|line| line.starts_with(CREATE))
        .count();
    assert_eq!(creates, 1);
    let page = list(&bench).unwrap();
    assert!(!page.keys[0].stowed);
    let checks = handlers::doctor_run(&bench.app, DoctorRequest { fix: false }).unwrap();
    let orphan = checks.iter().find(|check| check.title == "lost").unwrap();
    assert!(
        orphan.state == CheckState::Warning && orphan.hint.as_ref().unwrap().contains("delete")
    );
    handlers::keys_delete(&bench.app, named("lost")).unwrap();
    assert!(bench.names().is_empty());
}

#[test]
fn a_keychain_locked_halfway_through_create_revokes_the_key_again() {
    let bench = Bench::signed_in();
    bench
        .proxy
        .once(CREATE, Fault::Delay(Duration::from_millis(800)));
    let error = std::thread::scope(|scope| {
        let create = scope.spawn(|| bench.create("halfway").unwrap_err());
        eventually("the create is under way", || {
            bench
                .proxy
                .requests()
                .iter()
                .any(|line| line.starts_with(CREATE))
        });
        bench.world.lock_keychain();
        create.join().unwrap()
    });
    let AppError::NotStowed {
        revoked,
        error: reason,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((revoked, reason), (&true, &KeychainError::Locked));
    assert_eq!(exit_code(&error), 3);
    assert!(
        bench
            .proxy
            .requests()
            .iter()
            .any(|line| line.starts_with("DELETE /api/api-keys/"))
    );
}

#[test]
fn a_key_that_can_be_neither_stowed_nor_revoked_is_listed_as_an_orphan() {
    let bench = Bench::signed_in();
    bench
        .proxy
        .once(CREATE, Fault::Delay(Duration::from_millis(800)));
    bench.proxy.always("DELETE", Fault::Refuse);
    let error = std::thread::scope(|scope| {
        let create = scope.spawn(|| bench.create("halfway").unwrap_err());
        eventually("the create is under way", || {
            bench
                .proxy
                .requests()
                .iter()
                .any(|line| line.starts_with(CREATE))
        });
        bench.world.lock_keychain();
        create.join().unwrap()
    });
    assert!(
        matches!(error, AppError::NotStowed { revoked: false, .. }),
        "{error}"
    );
    let checks = handlers::doctor_run(&bench.app, DoctorRequest { fix: false }).unwrap();
    assert!(
        checks
            .iter()
            .any(|check| check.title == "halfway" && check.state == CheckState::Warning)
    );
}

#[test]
fn a_locked_keychain_stops_a_create_before_it_reaches_the_server() {
    let bench = Bench::signed_in();
    bench.world.lock_keychain();
    let error = bench.create("n").unwrap_err();
    assert_eq!(
        (describe(&error).code.as_str(), exit_code(&error)),
        ("keychain.locked", 3)
    );
    assert!(
        !bench
            .proxy
            .requests()
            .iter()
            .any(|line| line.starts_with(CREATE))
    );
}

#[test]
fn every_fault_of_a_server_has_one_clear_error() {
    let bench = Bench::signed_in();
    let problem = r#"{"type":"urn:x","title":"No","status":403,"detail":"Ask the owner","code":"x","request_id":"req-7"}"#;
    let cases = [
        (
            Fault::answer(200, "text/html", "<html>Sign in to the network</html>"),
            "remote.unexpected",
        ),
        (
            Fault::answer(200, "application/json", "{\"apiKeys\": 7"),
            "remote.unexpected",
        ),
        (
            Fault::answer(403, "application/problem+json", problem),
            "remote.forbidden",
        ),
        (
            Fault::answer(404, "application/json", "{}"),
            "remote.not_found",
        ),
        (
            Fault::answer(429, "application/json", "{}").with_header("Retry-After", "7"),
            "remote.rate_limited",
        ),
        (Fault::answer(500, "text/plain", "oh"), "remote.server"),
        (Fault::EndlessBody, "remote.too_large"),
        (Fault::CutBody, "remote.broken"),
        (Fault::DropResponse, "remote.broken"),
    ];
    for (fault, code) in cases {
        bench.proxy.always("GET /api/api-keys", fault.clone());
        let error = list(&bench).unwrap_err();
        let view = describe(&error);
        assert_eq!(view.code, code, "{fault:?}: {error}");
        assert!(view.detail.contains("127.0.0.1"), "{}", view.detail);
        bench.proxy.pass();
    }
    bench.proxy.always(
        "GET /api/api-keys",
        Fault::answer(403, "application/problem+json", problem),
    );
    let view = describe(&list(&bench).unwrap_err());
    assert!(
        view.detail.contains("Ask the owner") && view.detail.contains("req-7"),
        "{}",
        view.detail
    );
}

#[test]
fn a_server_that_is_down_is_called_unreachable() {
    let mut bench = Bench::signed_in();
    bench.stop_server();
    let error = list(&bench).unwrap_err();
    let code = describe(&error).code;
    assert!(
        ["remote.unreachable", "remote.broken"].contains(&code.as_str()),
        "{code}"
    );
}

#[test]
fn a_connect_that_cannot_make_its_second_key_takes_the_first_one_back() {
    let bench = Bench::signed_in();
    let cursor = bench.world.home().join(".cursor");
    std::fs::create_dir_all(&cursor).unwrap();
    std::fs::create_dir_all(bench.world.home().join(".config/Claude")).unwrap();
    let request = ConnectRequest {
        workspace: None,
        clients: vec!["cursor".into(), "claude-desktop".into()],
        server: None,
        key: None,
        replace: false,
        target: None,
        mode: None,
        name: None,
        exec: None,
    };
    let plan = handlers::connections_plan(&bench.app, request).unwrap();
    assert_eq!(
        plan.creates_keys,
        ["Cursor on mira", "Claude Desktop on mira"]
    );
    assert!(bench.names().is_empty(), "a preview makes nothing");
    bench
        .proxy
        .once("POST /api/api-keys", Fault::Delay(Duration::ZERO));
    bench.proxy.once(
        "POST /api/api-keys",
        Fault::answer(500, "application/json", "{}"),
    );
    let error = handlers::connections_apply(
        &bench.app,
        PlanRequest {
            plan: plan.id.clone(),
        },
    )
    .unwrap_err();
    assert!(
        matches!(error, AppError::CreateUnknown { .. } | AppError::Remote(_)),
        "{error}"
    );
    assert!(bench.names().is_empty());
    assert!(!cursor.join("mcp.json").exists());
    let again = handlers::connections_apply(&bench.app, PlanRequest { plan: plan.id }).unwrap_err();
    assert!(matches!(again, AppError::PlanGone));
}

#[test]
fn what_became_of_a_lost_create_is_looked_for_until_it_is_known() {
    let bench = Bench::signed_in();
    bench.proxy.once(CREATE, Fault::DropResponse);
    bench.proxy.once("GET /api/api-keys", Fault::DropResponse);
    let error = bench.create("lost").unwrap_err();
    assert!(
        matches!(error, AppError::CreateUnknown { orphans: 0, .. }),
        "{error}"
    );
    let page = list(&bench).unwrap();
    assert_eq!(page.keys.len(), 1);
    let found = handlers::keys_hygiene(&bench.app, Empty {}).unwrap();
    assert_eq!(found.orphans.len(), 1);
    assert_eq!(found.orphans[0].name, "lost");
}
