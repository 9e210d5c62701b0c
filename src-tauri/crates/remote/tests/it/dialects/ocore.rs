//! oCore's routes, as the local workspace has them.

use std::net::SocketAddr;

use keystow_core::key::{KeyQuery, NewKey};
use keystow_core::remote::{Caller, PasswordAnswer, RemoteErrorKind as Kind};
use keystow_core::{Cancel, Secret};
use keystow_testkit::one_time_code;
use keystow_workspace::OWNER_LOGIN;
use serde_json::{Value, json};
use url::Url;

use super::conformance::{Subject, conforms, signs_out};
use crate::local::{Local, password};
use crate::server::{Browser, keys, ocore, remote};

fn address(local: &Local) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], local.base.port().unwrap()))
}

#[test]
fn the_local_workspace_conforms() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let keys = keys(&remote);
    conforms(&Subject {
        keys: &*keys,
        by: Caller {
            base: &local.base,
            access: &session.access,
            organization: None,
        },
        server: address(&local),
        create: "POST /api/api-keys",
    });
    signs_out(&*ocore(&remote), &local.base, &session, OWNER_LOGIN);
}

#[test]
fn everybodys_keys_have_an_owner_and_can_be_revoked() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let (keys, sign_in) = (keys(&remote), ocore(&remote));
    let organizations = sign_in.organizations(&local.base, &session.access).unwrap();
    let own = organizations.first().unwrap();
    let by = Caller {
        base: &local.base,
        access: &session.access,
        organization: Some(&own.id),
    };
    let new = NewKey {
        name: "owned".into(),
        ..NewKey::default()
    };
    let created = keys.create(&by, &new).unwrap();
    let everybody = KeyQuery {
        page: 1,
        limit: 10,
        everybody: true,
        ..KeyQuery::default()
    };
    let page = keys.list(&by, &everybody).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(page.keys[0].owner.as_deref(), Some(own.name.as_str()));
    keys.delete(&by, &created.key.id).unwrap();
    assert_eq!(keys.list(&by, &everybody).unwrap().total, 0);
    assert!(
        sign_in
            .choose_organization(&local.base, &session, &own.id)
            .unwrap()
            .is_none()
    );
}

fn at(local: &Local, path: &str) -> Url {
    local.base.join(path).unwrap()
}

#[test]
fn an_organization_of_several_conforms_and_sees_its_own_keys() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let (keys, sign_in) = (keys(&remote), ocore(&remote));
    Browser::new().post_json(
        &at(&local, "/api/auth/organizations"),
        &session.access,
        &json!({"name": "Second"}),
    );
    let list = sign_in.organizations(&local.base, &session.access).unwrap();
    assert_eq!(list.len(), 2);
    let second = list.iter().find(|known| known.name == "Second").unwrap();
    let by = |organization| Caller {
        base: &local.base,
        access: &session.access,
        organization,
    };
    conforms(&Subject {
        keys: &*keys,
        by: by(Some(&second.id)),
        server: address(&local),
        create: "POST /api/api-keys",
    });
    let new = NewKey {
        name: "of the second".into(),
        ..NewKey::default()
    };
    let created = keys.create(&by(Some(&second.id)), &new).unwrap();
    let error = keys.get(&by(None), &created.key.id).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
    let error = keys
        .get(&by(Some("no-such-place")), &created.key.id)
        .unwrap_err();
    assert_eq!(error.code.as_deref(), Some("organization_not_found"));
    let nowhere = keys.delete(&by(Some("no-such-place")), &created.key.id);
    assert_eq!(nowhere.unwrap_err().kind, Kind::NotFound);
    // An administrator revokes it from wherever they are.
    keys.delete(&by(None), &created.key.id).unwrap();
    let error = keys
        .get(&by(Some(&second.id)), &created.key.id)
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn a_code_for_another_screen_signs_in_and_the_session_is_refreshed() {
    let local = Local::start();
    let sign_in = ocore(&remote());
    let device = sign_in.device(&local.base, "keystow").unwrap();
    let code = device.code().clone();
    assert!(code.user_code.len() >= 8, "{}", code.user_code);
    assert_eq!(code.page, at(&local, "/device"));
    let browser = Browser::new();
    let page = browser.get(&code.complete_page.unwrap());
    let csrf = page.field("csrf");
    let password = password();
    let form = [
        ("csrf", csrf.as_str()),
        ("decision", "allow"),
        ("password", password.expose()),
    ];
    let said = browser.post_form_from_there(&code.page, &form);
    assert_eq!(said.status, 200, "{}", said.text);
    let session = device.wait(&Cancel::default()).unwrap();
    assert!(session.expires_at.is_some() && session.refresh.is_some());
    let session = sign_in.refresh(&local.base, &session).unwrap();
    signs_out(&*sign_in, &local.base, &session, OWNER_LOGIN);
}

#[test]
fn the_local_workspace_asks_for_a_one_time_code() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let browser = Browser::new();
    let post =
        |path: &str, body: &Value| browser.post_json(&at(&local, path), &session.access, body);
    let enrolled = post("/api/auth/totp/enroll", &json!({}));
    let secret = enrolled["secret"].as_str().unwrap();
    post(
        "/api/auth/totp/confirm",
        &json!({"code": one_time_code(secret, 0)}),
    );
    let sign_in = ocore(&remote);
    let half = match sign_in
        .password(&local.base, OWNER_LOGIN, &password())
        .unwrap()
    {
        PasswordAnswer::CodeNeeded(half) => half,
        PasswordAnswer::Done(_) => unreachable!("codes are asked for"),
    };
    let answer = |code: String| sign_in.second_factor(&local.base, &half, &Secret::new(code));
    let wrong = answer("not-a-code".into()).unwrap_err();
    assert!(matches!(wrong.kind, Kind::SignInRefused { .. }), "{wrong}");
    // The code of now is spent.
    let session = answer(one_time_code(secret, 1)).unwrap();
    signs_out(&*sign_in, &local.base, &session, OWNER_LOGIN);
}
