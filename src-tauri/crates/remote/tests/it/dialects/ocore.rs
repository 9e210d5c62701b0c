//! oCore's routes, as the local workspace has them.

use std::net::SocketAddr;

use keystow_core::key::{KeyQuery, NewKey};
use keystow_core::remote::Caller;
use keystow_workspace::OWNER_LOGIN;

use super::conformance::{Subject, conforms, signs_out};
use crate::local::Local;
use crate::server::{keys, ocore, remote};

#[test]
fn the_local_workspace_conforms() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let keys = keys(&remote);
    let port = local.base.port().unwrap();
    conforms(&Subject {
        keys: &*keys,
        by: Caller {
            base: &local.base,
            access: &session.access,
            organization: None,
        },
        server: SocketAddr::from(([127, 0, 0, 1], port)),
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

#[test]
fn the_local_workspace_gives_a_code_for_another_screen() {
    let local = Local::start();
    let sign_in = ocore(&remote());
    let device = sign_in.device(&local.base, "keystow").unwrap();
    let code = device.code();
    assert!(code.user_code.len() >= 8, "{}", code.user_code);
    assert_eq!(code.page.origin(), local.base.origin());
    assert!(code.complete_page.is_some());
    let cancel = keystow_core::Cancel::default();
    cancel.cancel();
    let error = device.wait(&cancel).unwrap_err();
    assert_eq!(error.kind, keystow_core::remote::RemoteErrorKind::Cancelled);
}
