//! What `docs/PROVIDERS.md` says of each provider, run: from sign-in or a pasted key to a client whose settings lead to an MCP
//! server that takes the credential.
//!
//! The commands are read from the document. What a test may change is said in one place, [`script::Walk::here`]: addresses, and
//! the name of a provider whose addresses are fixed, which gets a file of its own that leads to this computer.

mod atlas;
mod better_auth;
mod dashboards;
mod ocore;
mod own;
pub mod script;
pub mod servers;
pub mod visitor;

use keystow_core::provider::Providers;

use script::sections;

/// One each, with the tests that take it.
const TAKEN: &[(&str, &str)] = &[
    ("adlyse", include_str!("dashboards.rs")),
    ("aidelly", include_str!("dashboards.rs")),
    ("atlas", include_str!("atlas.rs")),
    ("better-auth", include_str!("better_auth.rs")),
    ("creatoraudit", include_str!("dashboards.rs")),
    ("custom", include_str!("own.rs")),
    ("local", include_str!("own.rs")),
    ("ocore", include_str!("ocore.rs")),
];

#[test]
fn every_provider_has_a_walk_and_a_test_that_takes_it() {
    let mut taken: Vec<&str> = TAKEN.iter().map(|(id, _)| *id).collect();
    let mut names = Vec::new();
    for provider in Providers::built_in().iter() {
        let id = provider.id.as_str();
        let at = taken.iter().position(|taken| *taken == id);
        taken.remove(at.unwrap_or_else(|| panic!("{id} is missing")));
        let (_, tests) = TAKEN.iter().find(|(taken, _)| *taken == id).unwrap();
        let test = format!("fn walk_{}", id.replace('-', "_"));
        assert!(tests.contains(&test), "{test}");
        names.push(provider.name.clone());
    }
    assert!(taken.is_empty(), "{taken:?}");
    let mut told = sections();
    told.sort();
    names.sort();
    assert_eq!(told, names);
}
