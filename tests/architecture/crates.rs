//! Which crate may link what. A crate exists only where a dependency must be forbidden; this is where it is.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::source::root;

const NETWORK: &[&str] = &[
    "reqwest",
    "hyper",
    "hyper-util",
    "axum",
    "rmcp",
    "ureq",
    "native-tls",
    "rustls",
    "h2",
];
const KEYRINGS: &[&str] = &[
    "keyring",
    "keyring-core",
    "secret-service",
    "zbus-secret-service-keyring-store",
    "apple-native-keyring-store",
    "windows-native-keyring-store",
];
const BUS: &[&str] = &["zbus"];
const SQLITE: &[&str] = &["rusqlite", "libsqlite3-sys", "rusqlite_migration"];
const WINDOW: &[&str] = &[
    "tauri",
    "tauri-runtime",
    "wry",
    "tao",
    "gtk",
    "webkit2gtk",
    "tray-icon",
    "muda",
];
const ASYNC: &[&str] = &["tokio", "async-io", "async-std"];

/// What a crate must not link, directly or through others.
const NEVER: &[(&str, &[&[&str]])] = &[
    (
        "keystow-core",
        &[NETWORK, KEYRINGS, BUS, SQLITE, WINDOW, ASYNC],
    ),
    ("keystow-keychain", &[NETWORK, SQLITE, WINDOW]),
    ("keystow-remote", &[KEYRINGS, BUS, SQLITE, WINDOW]),
    ("keystow-bridge", &[KEYRINGS, BUS, SQLITE, WINDOW]),
    ("keystow-app", &[NETWORK, KEYRINGS, BUS, WINDOW, ASYNC]),
    ("keystow-workspace", &[KEYRINGS, BUS, WINDOW]),
    ("keystow-cli", &[WINDOW]),
];

/// Crates that only some may name in their manifest, on any system.
const ONLY: &[(&[&str], &[&str])] = &[
    (KEYRINGS, &["keystow-keychain"]),
    // The bus of the session, which has the keychain and the desktop's notifications on it.
    (
        BUS,
        &["keystow-keychain", "keystow-desktop", "keystow-testkit"],
    ),
    (&["reqwest"], &["keystow-remote", "keystow-bridge"]),
    (SQLITE, &["keystow-app", "keystow-workspace"]),
    (&["rmcp"], &["keystow-workspace"]),
    (WINDOW, &["keystow-desktop"]),
];

/// Who may call whom.
const LAYERS: &[(&str, &[&str])] = &[
    ("keystow-core", &[]),
    ("keystow-keychain", &["keystow-core"]),
    ("keystow-remote", &["keystow-core"]),
    ("keystow-bridge", &["keystow-core"]),
    ("keystow-app", &["keystow-core"]),
    ("keystow-workspace", &["keystow-core"]),
    ("keystow-testkit", &["keystow-core"]),
    (
        "keystow-cli",
        &[
            "keystow-core",
            "keystow-app",
            "keystow-keychain",
            "keystow-remote",
            "keystow-bridge",
            "keystow-workspace",
        ],
    ),
    (
        "keystow-desktop",
        &[
            "keystow-core",
            "keystow-app",
            "keystow-keychain",
            "keystow-remote",
            "keystow-bridge",
            "keystow-workspace",
        ],
    ),
];

fn cargo(arguments: &[&str]) -> String {
    let out = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

/// Everything a crate links on this system, by name.
fn linked(package: &str) -> BTreeSet<String> {
    cargo(&[
        "tree",
        "--package",
        package,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ])
    .lines()
    .filter_map(|line| line.split(' ').next())
    .map(str::to_owned)
    .collect()
}

/// What each crate of ours names in its manifest on any system, tests and build scripts apart.
fn named() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let dependencies = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| text(&dependency["name"]))
            .collect()
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| (text(&package["name"]), dependencies(package)))
        .collect()
}

/// Licences of what we link. A crate with a choice needs one of them; one with parts needs all its parts in here.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

fn acceptable(licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}

#[test]
fn everything_linked_has_a_licence_we_accept() {
    let tree = cargo(&[
        "tree",
        "--workspace",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--no-dedupe",
        "--format",
        "{p}|{l}",
    ]);
    let wrong: BTreeSet<&str> = tree
        .lines()
        .filter(|line| {
            line.split_once('|')
                .is_some_and(|(_, licence)| !acceptable(licence))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!acceptable("GPL-3.0"));
}

#[test]
fn no_crate_links_what_it_must_not() {
    let mut wrong = Vec::new();
    for (package, groups) in NEVER {
        let linked = linked(package);
        for forbidden in groups.iter().copied().flatten() {
            if linked.contains(*forbidden) {
                wrong.push(format!(
                    "{package} links {forbidden}: cargo tree -p {package} -e normal -i {forbidden}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_through_other_crates() {
    // keystow-cli names no SQLite itself; it gets it through keystow-app.
    assert!(!named()["keystow-cli"].contains("libsqlite3-sys"));
    assert!(linked("keystow-cli").contains("libsqlite3-sys"));
}

#[test]
fn only_the_crates_meant_for_it_name_a_dependency() {
    for (package, dependencies) in named() {
        for (names, allowed) in ONLY {
            for name in names.iter().filter(|name| dependencies.contains(**name)) {
                assert!(
                    allowed.contains(&package.as_str()),
                    "{package} names {name}; only {allowed:?} may"
                );
            }
        }
    }
}

#[test]
fn data_flows_one_way() {
    for (package, dependencies) in named() {
        let (_, allowed) = LAYERS
            .iter()
            .find(|(name, _)| *name == package)
            .unwrap_or_else(|| panic!("{package} has no row in LAYERS"));
        for ours in dependencies
            .iter()
            .filter(|name| name.starts_with("keystow-"))
        {
            assert!(
                allowed.contains(&ours.as_str()),
                "{package} must not call {ours}"
            );
        }
    }
}
