//! better-auth 1.7.5, the real one.

use keystow_core::key::{KeyQuery, NewKey};
use keystow_core::provider::{Dialect, Tells};
use keystow_core::remote::{
    Dialects, KeyApi, KeyProof, PasswordAnswer, Proof, ProofKind, RemoteErrorKind as Kind, Session,
    SignIn,
};
use keystow_core::{Cancel, Secret};
use serde_json::json;
use std::sync::Arc;

use super::app::{App, EMAIL, password};
use super::conformance::{Subject, conforms, signs_out};
use crate::server::remote;

fn keys() -> Arc<dyn KeyApi> {
    remote().key_api(Dialect::BetterAuth).unwrap()
}

fn sign_in() -> Arc<dyn SignIn> {
    remote().sign_in(Dialect::BetterAuth).unwrap()
}

fn done(answer: PasswordAnswer) -> Session {
    match answer {
        PasswordAnswer::Done(session) => session,
        PasswordAnswer::CodeNeeded(_) => unreachable!("no second factor is set up"),
    }
}

#[test]
fn keys_of_an_account_conform() {
    let app = App::start();
    conforms(&Subject {
        keys: &*keys(),
        by: app.by(None),
        server: app.address(),
        create: "POST /api/auth/api-key/create",
    });
}

#[test]
fn keys_of_an_organization_conform_and_are_its_own() {
    let app = App::start();
    let acme = app.organization("acme");
    let (keys, by) = (keys(), app.by(Some(&acme)));
    conforms(&Subject {
        keys: &*keys,
        by,
        server: app.address(),
        create: "POST /api/auth/api-key/create",
    });
    let new = NewKey {
        name: "of acme".into(),
        ..NewKey::default()
    };
    let created = keys.create(&by, &new).unwrap();
    assert_eq!(created.key.owner.as_deref(), Some(acme.as_str()));
    assert!(created.key.masked.starts_with("reforg_"));
    let query = KeyQuery {
        page: 1,
        limit: 10,
        ..KeyQuery::default()
    };
    // Another process knows nothing yet of the kind of key it is.
    let fresh = self::keys();
    assert_eq!(fresh.get(&by, &created.key.id).unwrap().name, "of acme");
    assert_eq!(keys.list(&by, &query).unwrap().total, 1);
    assert_eq!(keys.list(&app.by(None), &query).unwrap().total, 0);
    self::keys().delete(&by, &created.key.id).unwrap();
    assert_eq!(keys.list(&by, &query).unwrap().total, 0);
}

#[test]
fn an_app_without_a_default_kind_of_keys_conforms() {
    let app = App::named();
    let acme = app.organization("acme");
    for organization in [None, Some(acme.as_str())] {
        conforms(&Subject {
            keys: &*keys(),
            by: app.by(organization),
            server: app.address(),
            create: "POST /api/auth/api-key/create",
        });
    }
}

#[test]
fn a_password_signs_in_and_out() {
    let app = App::start();
    let sign_in = sign_in();
    let wrong = sign_in
        .password(&app.base, EMAIL, &Secret::new("wrong-pass-word".into()))
        .unwrap_err();
    assert!(matches!(wrong.kind, Kind::SignInRefused { .. }), "{wrong}");
    assert_eq!(wrong.code.as_deref(), Some("INVALID_EMAIL_OR_PASSWORD"));
    let session = done(sign_in.password(&app.base, EMAIL, &password()).unwrap());
    assert!(session.refresh.is_none() && session.expires_at.is_none());
    signs_out(&*sign_in, &app.base, &session, EMAIL);
}

#[test]
fn a_second_factor_is_asked_for_and_answered() {
    let app = App::start();
    let enrolled = app.post(
        "/api/auth/two-factor/enable",
        &json!({"password": password().expose()}),
    );
    let code = || {
        let told = app.post("/test/totp", &json!({"totpURI": enrolled["totpURI"]}));
        Secret::new(told["code"].as_str().unwrap().into())
    };
    app.post(
        "/api/auth/two-factor/verify-totp",
        &json!({"code": code().expose()}),
    );
    let sign_in = sign_in();
    let half = || match sign_in.password(&app.base, EMAIL, &password()).unwrap() {
        PasswordAnswer::CodeNeeded(partial) => partial,
        PasswordAnswer::Done(_) => unreachable!("a second factor is set up"),
    };
    let wrong = sign_in
        .second_factor(&app.base, &half(), &Secret::new("000000".into()))
        .unwrap_err();
    assert!(matches!(wrong.kind, Kind::SignInRefused { .. }), "{wrong}");
    let session = sign_in.second_factor(&app.base, &half(), &code()).unwrap();
    signs_out(&*sign_in, &app.base, &session, EMAIL);
}

#[test]
fn organizations_are_listed_and_chosen() {
    let app = App::start();
    let sign_in = sign_in();
    assert_eq!(sign_in.organizations(&app.base, &app.session).unwrap(), []);
    let (acme, bolt) = (app.organization("acme"), app.organization("bolt"));
    let session = done(sign_in.password(&app.base, EMAIL, &password()).unwrap());
    let list = sign_in.organizations(&app.base, &session.access).unwrap();
    let ids: Vec<&str> = list.iter().map(|known| known.id.as_str()).collect();
    assert_eq!(ids, [acme.as_str(), bolt.as_str()]);
    let newer = sign_in
        .choose_organization(&app.base, &session, &bolt)
        .unwrap();
    let access = newer.map_or(session.access.duplicate(), |newer| newer.access);
    let account = sign_in.account(&app.base, &access).unwrap();
    assert_eq!(account.organization.unwrap().name, "BOLT");
    let error = sign_in
        .choose_organization(&app.base, &session, "nobodys")
        .unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
    assert!(error.code.is_some());
}

#[test]
fn a_code_typed_elsewhere_signs_in() {
    let app = App::start();
    let sign_in = sign_in();
    let device = sign_in.device(&app.base, "keystow").unwrap();
    let code = device.code().clone();
    assert_eq!(code.page, app.base.join("/device").unwrap());
    assert!(
        code.complete_page
            .unwrap()
            .as_str()
            .contains(&code.user_code)
    );
    app.say("approve", &code.user_code);
    let session = device.wait(&Cancel::default()).unwrap();
    signs_out(&*sign_in, &app.base, &session, EMAIL);

    let device = sign_in.device(&app.base, "keystow").unwrap();
    app.say("deny", &device.code().user_code);
    let error = device.wait(&Cancel::default()).unwrap_err();
    let detail = "access was not allowed".to_owned();
    assert_eq!(error.kind, Kind::SignInRefused { detail });
}

#[test]
fn the_apps_limit_says_how_long_to_wait() {
    let app = App::limited();
    let sign_in = sign_in();
    let limited = (0..20)
        .map(|_| sign_in.password(&app.base, EMAIL, &password()))
        .find_map(Result::err)
        .unwrap();
    assert!(
        matches!(
            limited.kind,
            Kind::RateLimited {
                retry_after_ms: Some(1..=10_000)
            }
        ),
        "{limited}"
    );
}

#[test]
fn a_keys_own_budget_is_told_and_kept_apart() {
    let app = App::start();
    let keys = keys();
    let new = NewKey {
        name: "little".into(),
        ..NewKey::default()
    };
    let created = keys.create(&app.by(None), &new).unwrap();
    let remote = remote();
    let url = app.base.join("/api/v1/tables").unwrap();
    let proof = Proof {
        url: &url,
        kind: ProofKind::Get,
        header: "x-api-key",
        scheme: "",
        headers: &[],
        tells: &Tells::default(),
    };
    for used in 1..=3 {
        remote.prove(&proof, &created.secret).unwrap();
        let key = keys.get(&app.by(None), &created.key.id).unwrap();
        let budget = key.budget.unwrap();
        assert_eq!((budget.limit, budget.remaining), (3, Some(3 - used)));
        assert_eq!(key.requests, Some(used));
        assert_eq!(budget.window_ms, Some(60_000));
        assert!(budget.resets_at.is_some() && key.last_used_at.is_some());
    }
    let error = remote.prove(&proof, &created.secret).unwrap_err();
    assert_eq!(error.code.as_deref(), Some("RATE_LIMITED"));
    assert!(
        matches!(
            error.kind,
            Kind::RateLimited {
                retry_after_ms: Some(1..=60_000)
            }
        ),
        "{error}"
    );
    let usage = keys.usage(&app.by(None), &created.key.id).unwrap();
    assert_eq!(usage.requests, Some(3));
}
