//! Atlas: its own routes in front of a real better-auth.

use std::sync::Arc;

use keystow_core::Cancel;
use keystow_core::key::{KeyQuery, NewKey};
use keystow_core::provider::Dialect;
use keystow_core::remote::{Dialects, KeyApi, RemoteErrorKind as Kind, SignIn};
use serde_json::json;

use super::app::{App, EMAIL, password};
use super::conformance::{Subject, conforms, signs_out};
use crate::server::remote;

fn keys() -> Arc<dyn KeyApi> {
    remote().key_api(Dialect::Atlas).unwrap()
}

fn sign_in() -> Arc<dyn SignIn> {
    remote().sign_in(Dialect::Atlas).unwrap()
}

fn named(name: &str) -> NewKey {
    NewKey {
        name: name.into(),
        ..NewKey::default()
    }
}

fn all() -> KeyQuery {
    KeyQuery {
        page: 1,
        limit: 50,
        ..KeyQuery::default()
    }
}

#[test]
fn its_keys_conform() {
    let app = App::start();
    let acme = app.organization("acme");
    conforms(&Subject {
        keys: &*keys(),
        by: app.by(Some(&acme)),
        server: app.address(),
        create: "POST /api/v1/admin/workspace-keys",
    });
}

#[test]
fn an_older_deployment_conforms() {
    let app = App::start();
    let acme = app.organization("acme");
    app.post("/test/state", &json!({"mint": false}));
    conforms(&Subject {
        keys: &*keys(),
        by: app.by(Some(&acme)),
        server: app.address(),
        create: "POST /api/auth/api-key/create",
    });
}

#[test]
fn keys_are_told_by_their_workspace() {
    let app = App::start();
    let (acme, bolt) = (app.organization("acme"), app.organization("bolt"));
    let keys = keys();
    // The session stands for the second; a key for the first is made for the first all the same.
    let first = keys
        .create(&app.by(Some(&acme)), &named("of acme"))
        .unwrap();
    assert_eq!(first.key.owner.as_deref(), Some(acme.as_str()));
    keys.create(&app.by(Some(&bolt)), &named("of bolt"))
        .unwrap();
    app.post(
        "/api/auth/api-key/create",
        &json!({"name": "refused when used"}),
    );
    let names = |organization| {
        let page = keys.list(&app.by(organization), &all()).unwrap();
        let mut names: Vec<String> = page.keys.into_iter().map(|key| key.name).collect();
        names.sort();
        names
    };
    assert_eq!(names(Some(&acme)), ["of acme"]);
    assert_eq!(names(Some(&bolt)), ["of bolt"]);
    assert_eq!(names(None), ["of acme", "of bolt"]);
}

#[test]
fn a_missing_second_factor_leads_to_its_page() {
    let app = App::start();
    let acme = app.organization("acme");
    app.post("/test/state", &json!({"enrolled": false}));
    let error = keys()
        .create(&app.by(Some(&acme)), &named("mine"))
        .unwrap_err();
    assert_eq!(
        error.kind,
        Kind::SecondFactor {
            page: Some("/admin/account-security".into())
        }
    );
    assert_eq!(error.code.as_deref(), Some("mfa_enrollment_required"));
    assert_eq!(error.request_id.as_deref(), Some("req-mint"));
    assert!(!error.outcome_unknown());
}

#[test]
fn another_region_is_named_and_not_visited() {
    let app = App::start();
    let to = "https://api-eu.atlas.example";
    app.post("/test/state", &json!({"correctApiUrl": to}));
    let error = keys().list(&app.by(None), &all()).unwrap_err();
    assert_eq!(error.kind, Kind::Elsewhere { to: to.into() });
    assert_eq!(error.request_id.as_deref(), Some("req-region"));
    let error = sign_in().device(&app.base, "atlas-cli").err().unwrap();
    assert_eq!(error.kind, Kind::Elsewhere { to: to.into() });
}

#[test]
fn a_name_that_would_fail_in_the_mint_is_not_sent() {
    let app = App::start();
    let acme = app.organization("acme");
    let error = keys()
        .create(&app.by(Some(&acme)), &named(&"x".repeat(33)))
        .unwrap_err();
    assert!(
        matches!(error.kind, Kind::Refused { status: 422, .. }),
        "{error}"
    );
    assert!(!error.outcome_unknown());
    let created = keys().create(&app.by(Some(&acme)), &named(&"x".repeat(32)));
    assert_eq!(created.unwrap().key.name.len(), 32);
}

#[test]
fn it_is_signed_in_to_by_code_only() {
    let app = App::start();
    let sign_in = sign_in();
    let error = sign_in.password(&app.base, EMAIL, &password()).unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
    let device = sign_in.device(&app.base, "atlas-cli").unwrap();
    app.say("approve", &device.code().user_code);
    let session = device.wait(&Cancel::default()).unwrap();
    signs_out(&*sign_in, &app.base, &session, EMAIL);
}
