//! Products whose keys are made in a dashboard and pasted.

use keystow_app::contract::*;
use keystow_app::{AppError, describe, handlers};
use keystow_core::keychain::{Item, Keychain};
use keystow_core::{KeyId, Secret, WorkspaceId};
use keystow_keychain::OsKeychain;

use crate::bench::{Bench, named};
use crate::product::{KEY, Product};

fn with_provider_of(product: &Product) -> Bench {
    let bench = Bench::new();
    put_provider(&bench, "audit.toml", &product.provider_file());
    bench
}

#[allow(clippy::disallowed_methods)] // it is the person's own file
fn put_provider(bench: &Bench, name: &str, text: &str) {
    let directory = bench.world.paths().own_providers();
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(name), text).unwrap();
}

fn add(bench: &Bench) -> WorkspaceView {
    let request = WorkspaceAddRequest {
        provider: "audit".into(),
        url: None,
        headers: vec![],
    };
    handlers::workspaces_add(&bench.app, request).unwrap()
}

fn paste(bench: &Bench, name: Option<&str>) -> Result<KeyView, AppError> {
    handlers::keys_paste(
        &bench.app,
        KeyPasteRequest {
            name: name.map(str::to_owned),
            key: None,
        },
    )
}

fn listed(bench: &Bench) -> Vec<KeyView> {
    let request = KeysListRequest {
        search: None,
        page: None,
        limit: None,
        everybody: false,
        order: None,
    };
    handlers::keys_list(&bench.app, request).unwrap().keys
}

#[test]
fn a_pasted_key_is_shown_to_its_product_and_stowed_under_what_that_tells() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    let workspace = add(&bench);
    assert!(workspace.signed_in && workspace.current && workspace.login.is_empty());
    bench.copy(KEY);
    let key = paste(&bench, None).unwrap();
    assert_eq!((key.name.as_str(), key.stowed), ("Production key", true));
    assert_eq!(
        key.owner.as_deref(),
        Some("0b6f4c1e-2222-4f6e-9c63-1d2f3a4b5c6d")
    );
    assert_eq!(product.asked(), ["GET /v2/whoami HTTP/1.1"]);
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    let item = Item::Key(WorkspaceId::new("audit"), KeyId::new(key.id.clone()));
    assert!(keychain.get(&item).unwrap() == Some(Secret::new(KEY.into())));
    // What was pasted is off the clipboard.
    assert!(matches!(paste(&bench, None), Err(AppError::Clipboard(_))));
}

#[test]
fn the_same_key_pasted_again_is_the_same_key() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    add(&bench);
    bench.copy(KEY);
    let first = paste(&bench, Some("CI")).unwrap();
    bench.copy(KEY);
    let again = paste(&bench, None).unwrap();
    assert_eq!((first.id, first.name), (again.id, again.name));
    assert_eq!(listed(&bench).len(), 1);
}

#[test]
fn a_key_that_the_product_refuses_is_not_kept() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    add(&bench);
    bench.copy("ca_live_this_is_not_the_right_key");
    let error = paste(&bench, None).unwrap_err();
    let said = describe(&error);
    assert_eq!(said.code, "remote.unauthorised");
    assert!(
        !said.detail.contains("not_the_right_key"),
        "{}",
        said.detail
    );
    assert!(said.detail.contains("req_1"), "{}", said.detail);
    assert!(listed(&bench).is_empty());
}

#[test]
fn what_cannot_be_a_key_is_not_sent_anywhere() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    add(&bench);
    bench.copy("a shopping list: eggs, flour");
    assert!(matches!(
        paste(&bench, None),
        Err(AppError::NotItsKey { .. })
    ));
    assert!(product.asked().is_empty());
}

#[test]
fn names_are_this_computers_own_and_deleting_forgets() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    add(&bench);
    bench.copy(KEY);
    let key = paste(&bench, None).unwrap();
    let request = KeyRenameRequest {
        key: key.id.clone(),
        name: "Laptop".into(),
    };
    assert_eq!(
        handlers::keys_rename(&bench.app, request).unwrap().name,
        "Laptop"
    );
    assert_eq!(listed(&bench)[0].name, "Laptop");
    for cannot in [
        handlers::keys_pause(&bench.app, named("Laptop")).unwrap_err(),
        handlers::keys_replace(&bench.app, named("Laptop")).unwrap_err(),
        bench.create("n").unwrap_err(),
    ] {
        assert!(matches!(cannot, AppError::NotCapable { .. }), "{cannot}");
    }
    handlers::keys_delete(&bench.app, named("Laptop")).unwrap();
    assert!(listed(&bench).is_empty());
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    let item = Item::Key(WorkspaceId::new("audit"), KeyId::new(key.id));
    assert!(keychain.get(&item).unwrap().is_none());
}

#[test]
fn workspaces_live_side_by_side_and_go_one_by_one() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    let sign_in = SignInRequest {
        provider: "local".into(),
        method: None,
        url: None,
        login: None,
        from_clipboard: false,
    };
    handlers::sessions_sign_in(&bench.app, sign_in).unwrap();
    bench.create("local one").unwrap();
    add(&bench);
    bench.copy(KEY);
    paste(&bench, None).unwrap();
    let use_it = |id: &str| {
        let request = WorkspaceRequest {
            workspace: id.into(),
        };
        handlers::workspaces_use(&bench.app, request).unwrap();
        listed(&bench)
            .into_iter()
            .map(|key| key.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(use_it("local"), ["local one"]);
    assert_eq!(use_it("audit"), ["Production key"]);
    let gone = WorkspaceRequest {
        workspace: "audit".into(),
    };
    handlers::workspaces_remove(&bench.app, gone).unwrap();
    let left = handlers::workspaces_list(&bench.app, Empty {}).unwrap();
    assert_eq!(left.len(), 1);
    assert!(left[0].id == "local" && left[0].current);
}

const NEXT: &str = "ca_live_zyxwvutsrqponmlkjihgfedcba";

#[test]
fn rotating_leads_through_the_dashboard_and_checks_each_step() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    add(&bench);
    bench.copy(KEY);
    let old = paste(&bench, Some("CI")).unwrap();

    let start = RotateRequest {
        key: old.id.clone(),
        grace: GraceView::Now,
    };
    let waiting = handlers::rotations_start(&bench.app, start).unwrap();
    assert_eq!(
        (waiting.stage, waiting.wants_key),
        (RotationStage::Planned, true)
    );
    assert!(waiting.steps.iter().any(|step| step.contains("Generate")));
    let rotation = || RotationRequest {
        rotation: waiting.id.clone(),
    };

    // The old one again is no new one, and one that the product refuses is not taken.
    bench.copy(KEY);
    assert!(handlers::rotations_paste(&bench.app, rotation()).is_err());
    bench.copy(NEXT);
    let refused = handlers::rotations_paste(&bench.app, rotation()).unwrap_err();
    assert_eq!(describe(&refused).code, "remote.unauthorised");
    assert_eq!(listed(&bench).len(), 1);

    product.makes(NEXT);
    bench.copy(NEXT);
    let switched = handlers::rotations_paste(&bench.app, rotation()).unwrap();
    assert_eq!(switched.stage, RotationStage::Observed);
    assert!(switched.steps.iter().any(|step| step.contains("elete")));

    // It is not over before the old one is dead, whatever is said.
    let said_too_early = handlers::rotations_retire(&bench.app, rotation()).unwrap();
    assert_eq!(said_too_early.stage, RotationStage::Observed);
    product.revokes(KEY);
    let over = handlers::rotations_advance(&bench.app, rotation()).unwrap();
    assert_eq!(over.stage, RotationStage::Retired);
    let left = listed(&bench);
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].name.as_str(), Some(&left[0].id)),
        ("CI", over.new_key.as_ref())
    );
    let keychain = OsKeychain::on_bus(bench.world.bus_address());
    let gone = Item::Key(WorkspaceId::new("audit"), KeyId::new(old.id));
    assert!(keychain.get(&gone).unwrap().is_none());
}

#[test]
fn one_that_leaked_is_said_to_be_revoked_at_the_dashboard() {
    let product = Product::start();
    let bench = with_provider_of(&product);
    add(&bench);
    bench.copy(KEY);
    paste(&bench, Some("CI")).unwrap();
    let error = handlers::keys_revoke(&bench.app, named("CI")).unwrap_err();
    assert!(matches!(error, AppError::NotCapable { .. }), "{error}");
    assert!(
        handlers::rotations_list(&bench.app, Empty {})
            .unwrap()
            .is_empty()
    );
}
