use keystow_app::contract::*;
use keystow_app::{AppError, describe, exit_code, handlers};
use keystow_core::Secret;

use crate::bench::{Bench, named, new_key};

#[test]
fn a_key_lives_from_create_to_revoke() {
    let bench = Bench::signed_in();
    let made = bench.create("Cursor on mira").unwrap();
    assert!(made.stowed && made.masked.starts_with("ksl_") && made.state == KeyState::Enabled);
    let (shown, secret) = handlers::key_secret(&bench.app, named("Cursor on mira")).unwrap();
    assert_eq!(
        (shown.id.as_str(), secret.masked()),
        (made.id.as_str(), made.masked.clone())
    );
    let renamed = handlers::keys_rename(
        &bench.app,
        KeyRenameRequest {
            key: made.id.clone(),
            name: "  Renamed  ".into(),
        },
    )
    .unwrap();
    assert_eq!(renamed.name, "Renamed");
    assert_eq!(
        handlers::keys_pause(&bench.app, named("Renamed"))
            .unwrap()
            .state,
        KeyState::Paused
    );
    assert_eq!(
        handlers::keys_pause(&bench.app, named("Renamed"))
            .unwrap()
            .state,
        KeyState::Paused
    );
    assert_eq!(
        handlers::keys_resume(&bench.app, named(&made.id))
            .unwrap()
            .state,
        KeyState::Enabled
    );
    handlers::keys_delete(&bench.app, named("Renamed")).unwrap();
    assert!(matches!(
        handlers::keys_show(&bench.app, named(&made.id)),
        Err(AppError::Unknown { .. })
    ));
    assert!(bench.names().is_empty());
}

#[test]
fn bad_names_and_ids_are_usage_errors_with_a_sentence() {
    let bench = Bench::signed_in();
    let long = "x".repeat(10_000);
    for name in ["", "   ", "a\nb", "\u{1b}[31m", long.as_str()] {
        let error = bench.create(name).unwrap_err();
        assert_eq!(exit_code(&error), 2, "{error}");
        assert!(describe(&error).detail.len() < 200);
    }
    for key in [
        "nothing",
        "",
        "../../auth/me",
        "a/b?c#d",
        "\u{0}",
        long.as_str(),
    ] {
        let error = handlers::keys_show(&bench.app, named(key)).unwrap_err();
        assert_eq!(exit_code(&error), 2, "{key:?}: {error}");
        assert!(describe(&error).detail.len() < 300);
    }
    bench.create("twin").unwrap();
    bench.create("twin").unwrap();
    let error = handlers::keys_show(&bench.app, named("twin")).unwrap_err();
    assert!(matches!(error, AppError::Ambiguous { count: 2, .. }));
}

#[test]
fn lists_by_page_and_search() {
    let bench = Bench::signed_in();
    for number in 0..5 {
        bench.create(&format!("key {number}")).unwrap();
    }
    let page = |search: Option<&str>, page| {
        let request = KeysListRequest {
            search: search.map(str::to_owned),
            page: Some(page),
            limit: Some(2),
            everybody: false,
            order: None,
        };
        handlers::keys_list(&bench.app, request).unwrap()
    };
    assert_eq!(
        (
            page(None, 1).keys.len(),
            page(None, 3).keys.len(),
            page(None, 1).total
        ),
        (2, 1, 5)
    );
    let found = page(Some("key 3"), 1);
    assert_eq!((found.total, found.keys[0].name.as_str()), (1, "key 3"));
}

#[test]
fn a_pasted_key_is_recognised_verified_and_stowed() {
    let bench = Bench::signed_in();
    let made = bench.create("elsewhere").unwrap();
    let (_, secret) = handlers::key_secret(&bench.app, named(&made.id)).unwrap();
    let added = handlers::keys_add(&bench.app, Some("here now"), None, secret.duplicate()).unwrap();
    assert_eq!(
        (added.id.as_str(), added.name.as_str(), added.stowed),
        (made.id.as_str(), "here now", true)
    );
    let wrong = Secret::new(format!("ksl_{}", "x".repeat(40)));
    assert!(matches!(
        handlers::keys_add(&bench.app, Some("n"), None, wrong),
        Err(AppError::Remote(_))
    ));
    let other = Secret::new("mii_prod_0123456789abcdefghij".into());
    assert!(matches!(
        handlers::keys_add(&bench.app, Some("n"), None, other),
        Err(AppError::NotItsKey { .. })
    ));
    handlers::keys_pause(&bench.app, named(&made.id)).unwrap();
    let error = handlers::keys_add(&bench.app, Some("n"), None, secret).unwrap_err();
    assert!(matches!(error, AppError::Remote(_)), "{error}");
}

#[test]
fn unknown_scopes_and_silly_expiries_are_refused_here() {
    let bench = Bench::signed_in();
    let scope = KeyCreateRequest {
        scopes: vec!["rule:world".into()],
        ..new_key("n")
    };
    assert!(matches!(
        handlers::keys_create(&bench.app, scope),
        Err(AppError::Unknown { what: "scope", .. })
    ));
    let expiry = KeyCreateRequest {
        expires_in_days: Some(0),
        ..new_key("n")
    };
    assert!(matches!(
        handlers::keys_create(&bench.app, expiry),
        Err(AppError::Invalid { .. })
    ));
    let expiry = KeyCreateRequest {
        expires_in_days: Some(90),
        ..new_key("n")
    };
    assert!(
        handlers::keys_create(&bench.app, expiry)
            .unwrap()
            .expires_at
            .is_some()
    );
}

#[test]
fn a_replaced_key_keeps_its_name_and_limits_and_the_old_one_is_gone() {
    let bench = Bench::signed_in();
    let request = KeyCreateRequest {
        read_only: true,
        tools: vec!["whoami".into()],
        expires_in_days: Some(30),
        ..crate::bench::new_key("Laptop")
    };
    let old = handlers::keys_create(&bench.app, request).unwrap();
    let new = handlers::keys_replace(&bench.app, named("Laptop")).unwrap();
    assert_ne!(old.id, new.id);
    assert_eq!(
        (new.name, new.read_only, new.tools, new.stowed),
        (old.name, true, old.tools, true)
    );
    let span = |made: Option<i64>, over: Option<i64>| (over.unwrap() - made.unwrap()) / 60_000;
    assert_eq!(
        span(new.created_at, new.expires_at),
        span(old.created_at, old.expires_at)
    );
    assert_eq!(bench.names(), ["Laptop"]);
}

#[test]
fn what_a_key_may_do_can_be_changed_and_its_use_is_told() {
    let bench = Bench::signed_in();
    let key = bench.create("Laptop").unwrap();
    let request = KeyUpdateRequest {
        key: key.id.clone(),
        scopes: Some(vec!["call:tools".into()]),
        read_only: Some(true),
        preset: None,
        tools: Some(vec!["echo".into()]),
        mcp_permissions: None,
        projects: None,
        instances: None,
    };
    let changed = handlers::keys_update(&bench.app, request.clone()).unwrap();
    assert_eq!(
        (changed.scopes, changed.read_only, changed.tools),
        (vec!["call:tools".to_owned()], true, vec!["echo".to_owned()])
    );
    let wrong = KeyUpdateRequest {
        scopes: Some(vec!["rule:world".into()]),
        ..request
    };
    let error = handlers::keys_update(&bench.app, wrong).unwrap_err();
    assert!(matches!(error, AppError::Unknown { what: "scope", .. }));
    let usage = handlers::keys_usage(&bench.app, named(&key.id)).unwrap();
    assert_eq!(usage.requests.unwrap_or(0), 0);
}

#[test]
fn hygiene_points_to_keys_that_end_soon_never_end_or_serve_nobody() {
    let bench = Bench::signed_in();
    let soon = KeyCreateRequest {
        expires_in_days: Some(7),
        ..crate::bench::new_key("soon")
    };
    handlers::keys_create(&bench.app, soon).unwrap();
    bench.create("forever").unwrap();
    let found = handlers::keys_hygiene(&bench.app, Empty {}).unwrap();
    let names =
        |keys: &[HygieneKeyView]| keys.iter().map(|key| key.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found.expiring), ["soon"]);
    assert_eq!(names(&found.never_expire), ["forever"]);
    assert_eq!(names(&found.unused), ["forever", "soon"]);
    assert!(found.idle.is_empty() && found.orphans.is_empty());
}

#[test]
fn lists_in_the_order_that_is_asked_for() {
    let bench = Bench::signed_in();
    for name in ["beta", "Alpha", "gamma"] {
        bench.create(name).unwrap();
    }
    let names = |by, descending| {
        let request = KeysListRequest {
            search: None,
            page: None,
            limit: Some(2),
            everybody: false,
            order: Some(KeyOrderView { by, descending }),
        };
        let page = handlers::keys_list(&bench.app, request).unwrap();
        page.keys
            .into_iter()
            .map(|key| key.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(KeySortView::Name, false), ["Alpha", "beta"]);
    assert_eq!(names(KeySortView::Name, true), ["gamma", "beta"]);
    assert_eq!(names(KeySortView::Created, false), ["beta", "Alpha"]);
}

#[test]
fn the_trail_of_a_key_is_its_own() {
    let bench = Bench::signed_in();
    let key = bench.create("Cursor").unwrap();
    bench.create("Cursor on mira").unwrap();
    handlers::keys_pause(&bench.app, named(&key.id)).unwrap();
    let trail = handlers::keys_trail(&bench.app, named(&key.id)).unwrap();
    let texts: Vec<&str> = trail.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Paused key Cursor.",
            "Created key Cursor in Local workspace."
        ]
    );
}

#[test]
fn what_rotating_every_key_would_do_is_told_before() {
    let bench = Bench::signed_in();
    bench.create("in use").unwrap();
    let paused = bench.create("paused").unwrap();
    handlers::keys_pause(&bench.app, named(&paused.id)).unwrap();
    let plan = handlers::rotations_plan_all(&bench.app, Empty {}).unwrap();
    let would: Vec<&str> = plan.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(would, ["in use"]);
    let left: Vec<(&str, LeftOut)> = plan
        .left
        .iter()
        .map(|key| (key.name.as_str(), key.reason))
        .collect();
    assert_eq!(left, [("paused", LeftOut::Paused)]);
    assert!(!plan.by_hand && plan.problem.is_none() && plan.elsewhere == 0);
    let begun = handlers::rotations_list(&bench.app, Empty {}).unwrap();
    assert!(begun.is_empty(), "looking starts nothing");
}
