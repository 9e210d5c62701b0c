//! The catalogue, and what the kinds of workspaces can do of it.

use keystow_app::contract::*;
use keystow_app::{AppError, handlers};
use keystow_core::provider::{Capability, Providers};
use keystow_core::remote::Dialects;
use keystow_remote::Remote;

use crate::bench::Bench;

#[test]
fn no_provider_promises_what_its_kind_of_workspace_cannot_do() {
    let remote = Remote::new("keystow-test").unwrap();
    for provider in Providers::built_in().iter() {
        let can: &[Capability] = match remote.key_api(provider.dialect) {
            Some(api) => api.capabilities(),
            None => &[Capability::Usage],
        };
        for capability in &provider.capabilities {
            assert!(
                can.contains(capability),
                "{} promises to {}",
                provider.id,
                capability.as_str()
            );
        }
        let signs_in = remote.sign_in(provider.dialect).is_some();
        assert_eq!(signs_in, !provider.sign_in.is_empty(), "{}", provider.id);
    }
}

#[test]
fn the_five_and_those_for_everybody_are_told_with_what_they_can_do() {
    let bench = Bench::new();
    let told = handlers::providers_list(&bench.app, Empty {}).unwrap();
    let ids: Vec<&str> = told.iter().map(|provider| provider.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "local",
            "adlyse",
            "aidelly",
            "atlas",
            "creatoraudit",
            "ocore",
            "better-auth",
            "custom"
        ]
    );
    let adlyse = &told[1];
    assert!(adlyse.methods.is_empty() && adlyse.dashboard.is_some());
    let admin = adlyse
        .servers
        .iter()
        .find(|server| server.id == "adlyse/admin")
        .unwrap();
    assert!(admin.caution.is_some());
}

#[test]
fn a_server_of_ones_own_becomes_a_provider_at_once() {
    let bench = Bench::new();
    let custom = |name: &str, url: &str| CustomProviderRequest {
        name: name.into(),
        url: url.into(),
        header: Some("X-Api-Key".into()),
        scheme: Some(String::new()),
    };
    let added = handlers::providers_add_custom(
        &bench.app,
        custom("My Search", "https://mcp.example.com/mcp"),
    )
    .unwrap();
    assert!(added.own_file.is_some() && added.servers.len() == 1);
    let told = handlers::providers_list(&bench.app, Empty {}).unwrap();
    assert!(told.iter().any(|provider| provider.id == added.id));
    let request = WorkspaceAddRequest {
        provider: added.id,
        url: None,
        headers: vec![],
    };
    handlers::workspaces_add(&bench.app, request).unwrap();
    let servers = handlers::servers_list(&bench.app, Empty {}).unwrap();
    assert_eq!(servers[0].url, "https://mcp.example.com/mcp");
    for (name, url) in [
        ("x", "http://example.com/mcp"),
        ("", "https://example.com/"),
        ("x", "not a url"),
    ] {
        let error = handlers::providers_add_custom(&bench.app, custom(name, url)).unwrap_err();
        assert!(matches!(error, AppError::Invalid { .. }), "{error}");
    }
}

#[test]
fn a_file_that_is_broken_is_named_and_the_others_work() {
    let bench = Bench::new();
    let directory = bench.world.paths().own_providers();
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::File::create(directory.join("broken.toml")).unwrap();
    let own = handlers::providers_own(&bench.app, Empty {}).unwrap();
    assert!(own.directory.starts_with("~/"));
    assert_eq!(own.broken.len(), 1);
    assert_eq!(own.broken[0].file, "broken.toml");
    assert!(
        !handlers::providers_list(&bench.app, Empty {})
            .unwrap()
            .is_empty()
    );
}
