//! What an administrator does about the keys of others, what is asked of a server, and what is not offered.

use std::io::{Read, Write};
use std::net::TcpStream;

use keystow_app::contract::*;
use keystow_app::{AppError, describe, exit_code, handlers};
use keystow_core::WorkspaceId;
use keystow_core::keychain::{Item, Keychain};
use keystow_core::remote::Session;
use keystow_keychain::OsKeychain;

use crate::bench::{Bench, named, new_key};

fn list(everybody: bool) -> KeysListRequest {
    KeysListRequest {
        search: None,
        page: None,
        limit: None,
        everybody,
        order: None,
    }
}

/// Founds an organization, which no part of Keystow does.
fn found_organization(bench: &Bench, name: &str) {
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    let session = keychain
        .get(&Item::Session(WorkspaceId::new("local")))
        .unwrap();
    let session = Session::from_secret(&session.unwrap()).unwrap();
    let body = format!("{{\"name\":\"{name}\"}}");
    let mut server = TcpStream::connect(bench.proxy.address()).unwrap();
    // EXPOSE: shown to the server that gave it
    let access = session.access.expose();
    write!(
        server,
        "POST /api/auth/organizations HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {access}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        bench.proxy.address(),
        body.len(),
    )
    .unwrap();
    let mut answer = String::new();
    server.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[test]
fn the_first_page_of_a_workspace_nothing_is_known_of_takes_one_request() {
    let bench = Bench::signed_in();
    let before = bench.proxy.requests().len();
    handlers::keys_list(&bench.app, list(false)).unwrap();
    let asked = bench.proxy.requests().split_off(before);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].starts_with("GET /api/api-keys?"), "{asked:?}");
}

#[test]
fn a_key_of_another_organization_is_listed_and_revoked_and_never_copied() {
    let bench = Bench::signed_in();
    let request = |organization: &str| OrganizationRequest {
        workspace: "local".into(),
        organization: organization.into(),
    };
    let workspace = WorkspaceRequest {
        workspace: "local".into(),
    };
    found_organization(&bench, "Second");
    let organizations = handlers::workspaces_organizations(&bench.app, workspace).unwrap();
    let (ours, theirs) = (&organizations[0], &organizations[1]);
    handlers::workspaces_use_organization(&bench.app, request(&theirs.id)).unwrap();
    bench.create("theirs").unwrap();
    handlers::workspaces_use_organization(&bench.app, request(&ours.id)).unwrap();
    assert!(bench.names().is_empty());

    let all = handlers::keys_list(&bench.app, list(true)).unwrap().keys;
    let key = all.iter().find(|key| key.name == "theirs").unwrap();
    assert_eq!(key.owner.as_deref(), Some(theirs.name.as_str()));
    let of_another = |key: &str, name: Option<&str>| OthersKeyRequest {
        key: key.into(),
        name: name.map(str::to_owned),
    };
    let unknown = handlers::keys_revoke_other(&bench.app, of_another(&key.id, Some("ours")));
    assert!(matches!(unknown, Err(AppError::Unknown { .. })));
    handlers::keys_revoke_other(&bench.app, of_another(&key.id, Some("theirs"))).unwrap();
    assert!(
        handlers::keys_list(&bench.app, list(true))
            .unwrap()
            .keys
            .is_empty()
    );
    let gone = handlers::keys_revoke_other(&bench.app, of_another("theirs", None));
    assert!(matches!(gone, Err(AppError::Unknown { .. })));
}

#[test]
fn the_page_of_a_sign_in_that_is_over_is_not_opened() {
    let bench = Bench::new();
    let request = AttemptRequest {
        attempt: "at-none".into(),
    };
    let error = handlers::sessions_open(&bench.app, request).unwrap_err();
    assert!(matches!(error, AppError::Unknown { .. }), "{error}");
}

#[test]
fn what_stands_for_servers_of_ones_own_is_not_added_without_one() {
    let bench = Bench::new();
    let request = WorkspaceAddRequest {
        provider: "custom".into(),
        url: Some("https://mcp.example.com/mcp".into()),
        headers: vec![],
    };
    let error = handlers::workspaces_add(&bench.app, request).unwrap_err();
    assert_eq!(exit_code(&error), 2);
    assert!(
        describe(&error).detail.contains("add the server first"),
        "{error}"
    );
}

#[test]
fn what_only_a_dashboard_can_do_is_refused_with_the_place_and_the_steps() {
    let bench = Bench::new();
    for provider in ["adlyse", "aidelly", "creatoraudit"] {
        let add = WorkspaceAddRequest {
            provider: provider.into(),
            url: None,
            headers: vec![],
        };
        handlers::workspaces_add(&bench.app, add).unwrap();
        let app = &bench.app;
        let update = KeyUpdateRequest {
            key: "k".into(),
            scopes: Some(vec![]),
            read_only: None,
            preset: None,
            tools: None,
            mcp_permissions: None,
            projects: None,
            instances: None,
        };
        let mut refused = vec![
            handlers::keys_create(app, new_key("k")).unwrap_err(),
            handlers::keys_update(app, update).unwrap_err(),
            handlers::keys_pause(app, named("k")).unwrap_err(),
            handlers::keys_resume(app, named("k")).unwrap_err(),
            handlers::keys_replace(app, named("k")).unwrap_err(),
            handlers::keys_list(app, list(true)).unwrap_err(),
        ];
        let other = OthersKeyRequest {
            key: "k".into(),
            name: None,
        };
        refused.push(handlers::keys_revoke_other(app, other).unwrap_err());
        refused.push(handlers::keys_usage(app, named("k")).unwrap_err());
        for error in refused {
            assert_eq!(exit_code(&error), 1, "{provider}: {error}");
            let told = describe(&error);
            assert_eq!(told.code, "provider.not_capable", "{provider}: {error}");
            let hint = told.hint.unwrap();
            assert!(
                hint.contains("its dashboard (https://"),
                "{provider}: {hint}"
            );
        }
    }
    let paused = handlers::keys_pause(&bench.app, named("k")).unwrap_err();
    let told = describe(&paused);
    assert_eq!(
        told.detail,
        "CreatorAudit cannot pause and resume keys remotely."
    );
    assert!(told.hint.unwrap().contains("switch the key off"));
}

#[test]
fn a_scope_that_is_not_listed_is_taken_where_there_may_be_more() {
    let bench = Bench::signed_in();
    let with = |scope: &str| KeyCreateRequest {
        scopes: vec![scope.into()],
        ..new_key("k")
    };
    // The local workspace knows all of its scopes.
    let error = handlers::keys_create(&bench.app, with("view:moon")).unwrap_err();
    assert!(
        matches!(error, AppError::Unknown { what: "scope", .. }),
        "{error}"
    );
    let catalogue = handlers::providers_list(&bench.app, Empty {}).unwrap();
    let more: Vec<&str> = catalogue
        .iter()
        .filter(|provider| provider.more_scopes)
        .map(|provider| provider.id.as_str())
        .collect();
    assert_eq!(more, ["ocore"]);
}
