use keystow_core::Secret;
use keystow_core::remote::{RemoteErrorKind as Kind, Session};
use serde_json::json;

use super::start;
use crate::server::{ocore, remote};

fn session() -> Session {
    Session {
        access: Secret::new("old-access".into()),
        refresh: Some(Secret::new("old-refresh".into())),
        expires_at: None,
        oauth_client: Some("keystow".into()),
        issuer: None,
    }
}

#[test]
fn refreshes_at_the_token_endpoint() {
    let (server, script) = start(|_| {});
    let new = ocore(&remote())
        .refresh(&server.base(), &session())
        .unwrap();
    assert_eq!(new.refresh, Some(Secret::new("the-refresh".into())));
    assert_eq!(new.oauth_client.as_deref(), Some("keystow"));
    let form = script.forms.lock().unwrap().pop().unwrap();
    for (name, value) in [
        ("grant_type", "refresh_token"),
        ("refresh_token", "old-refresh"),
        ("client_id", "keystow"),
        ("resource", server.base().as_str()),
    ] {
        assert_eq!(form[name], value, "{name}");
    }
}

#[test]
fn a_refused_refresh_token_ends_the_session() {
    let kind = |status, body| {
        let (server, _) = start(|script| script.token = (status, body));
        ocore(&remote())
            .refresh(&server.base(), &session())
            .unwrap_err()
            .kind
    };
    assert_eq!(
        kind(400, json!({"error": "invalid_grant"})),
        Kind::SessionEnded
    );
    assert_eq!(
        kind(503, json!({"error": "temporarily_unavailable"})),
        Kind::Server { status: 503 }
    );
    let other = kind(200, json!({"access_token": "a", "token_type": "DPoP"}));
    assert!(matches!(other, Kind::Unexpected { .. }), "{other}");
}

#[test]
fn signs_out_by_revoking_the_refresh_token() {
    let (server, script) = start(|_| {});
    ocore(&remote())
        .sign_out(&server.base(), &session())
        .unwrap();
    let form = script.forms.lock().unwrap().pop().unwrap();
    assert_eq!(
        (form["token"].as_str(), form["client_id"].as_str()),
        ("old-refresh", "keystow")
    );

    let (server, _) = start(|script| script.token = (400, json!({"error": "invalid_token"})));
    ocore(&remote())
        .sign_out(&server.base(), &session())
        .unwrap();

    let (server, _) = start(|script| script.token = (503, json!({})));
    let error = ocore(&remote())
        .sign_out(&server.base(), &session())
        .unwrap_err();
    assert_eq!(error.kind, Kind::Server { status: 503 });

    let (server, _) = start(|script| {
        script
            .metadata
            .as_object_mut()
            .unwrap()
            .remove("revocation_endpoint");
    });
    let error = ocore(&remote())
        .sign_out(&server.base(), &session())
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
}
