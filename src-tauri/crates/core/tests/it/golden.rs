//! Golden trees: for each client, real shapes of its settings file before and after our entry comes in.
//!
//! `fixtures/clients/<id>/<case>/` holds `in.<syntax>` (none: there is no file) and either `out.<syntax>` or `refused` (the code,
//! and the place where there is one). `notices` lists what the client's quirks say of the file as it is.

use std::fs;
use std::path::{Path, PathBuf};

use keystow_core::ClientId;
use keystow_core::clients::{Client, Clients, Fill, Mode, check_quirks};
use keystow_core::edit::{EditError, Receipt, read_entry, remove_entry, set_entry};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clients")
}

fn names_in(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn refusal(error: &EditError) -> String {
    match error.place() {
        Some(place) => format!("{} at {place}", error.code()),
        None => error.code().to_owned(),
    }
}

/// What happens to a file: the file with our entry and its receipt, or the code of the refusal.
fn connect(client: &Client, before: Option<&[u8]>) -> Result<(Vec<u8>, Receipt), String> {
    if let Some(notice) = check_quirks(client, before).iter().find(|n| n.refuses) {
        return Err(notice.code.to_owned());
    }
    let target = &client.targets[0];
    let servers = target.servers(None);
    let entry = target
        .entry(
            Mode::Bridge,
            &Fill {
                name: "keystow",
                command: "/home/ada/.local/share/keystow/bin/keystow",
                args: &["bridge".to_owned(), "c-a1b2c3d4".to_owned()],
                url: "https://keys.example/mcp",
                helper: "/home/ada/.local/share/keystow/bin/keystow headers c-a1b2c3d4",
            },
        )
        .unwrap();
    let edited = set_entry(before, &servers, "keystow", &entry).map_err(|error| refusal(&error))?;
    assert_eq!(
        read_entry(&edited.after, &servers, "keystow").unwrap(),
        Some(entry)
    );
    Ok((edited.after, edited.receipt))
}

fn check(client: &Client, case: &Path) {
    let target = &client.targets[0];
    let file = |name: &str| case.join(format!("{name}.{}", target.syntax.as_str()));
    let before = fs::read(file("in")).ok();
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match (
        connect(client, before.as_deref()),
        fs::read_to_string(case.join("refused")),
    ) {
        (Err(refused), Ok(expected)) => {
            assert_eq!(refused, expected.trim_end(), "{}", case.display());
        }
        (Ok((after, receipt)), Err(_)) => {
            let expected = fs::read(file("out")).unwrap_or_default();
            assert_eq!(shown(&after), shown(&expected), "{}", case.display());
            // The receipt lives in the ledger as text.
            let receipt = serde_json::to_string(&receipt).unwrap();
            let receipt: Receipt = serde_json::from_str(&receipt).unwrap();
            let removed =
                remove_entry(&after, &target.servers(None), "keystow", Some(&receipt)).unwrap();
            assert_eq!(
                removed.after.as_deref().map(shown),
                before.as_deref().map(shown),
                "{}",
                case.display()
            );
        }
        (Ok((after, _)), Ok(expected)) => {
            panic!("{}: not {expected} but\n{}", case.display(), shown(&after))
        }
        (Err(refused), Err(_)) => panic!("{}: refused, {refused}", case.display()),
    }
    let notices: Vec<&str> = check_quirks(client, before.as_deref())
        .iter()
        .filter(|notice| !notice.refuses && !notice.quirk.only_while_running())
        .map(|notice| notice.code)
        .collect();
    let expected = fs::read_to_string(case.join("notices")).unwrap_or_default();
    assert_eq!(
        notices,
        expected.lines().collect::<Vec<_>>(),
        "{}",
        case.display()
    );
}

#[test]
fn every_client_edits_its_files_as_the_golden_trees_show() {
    for client in Clients::built_in().iter() {
        let dir = fixtures().join(client.id.as_str());
        let cases = names_in(&dir);
        let has = |name: &str| {
            let name = format!("{name}.{}", client.targets[0].syntax.as_str());
            cases.iter().any(|case| dir.join(case).join(&name).exists())
        };
        assert!(has("in") && has("out"), "{} needs fixtures", client.id);
        for case in &cases {
            check(client, &dir.join(case));
        }
    }
}

#[test]
fn every_golden_tree_has_its_client() {
    for id in names_in(&fixtures()) {
        assert!(
            Clients::built_in()
                .get(&ClientId::new(id.clone()))
                .is_some(),
            "{id}"
        );
    }
}
