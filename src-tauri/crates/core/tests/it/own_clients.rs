//! Client files of a person: they work like the built-in ones, and a mistake in one is named and harms no other.

use std::path::{Component, Path};

use keystow_core::clients::{Candidate, ClientFileError, Clients, Fill, How, Mode, NameError};
use keystow_core::edit::{remove_entry, set_entry};
use keystow_core::{ClientId, System};
use proptest::prelude::{prop_assert, proptest};
use serde_json::json;

use super::clients::{LINUX, Tree, client, paths};

const OWN: &str = r#"id = "example-editor"
name = "Example Editor"

[detect]
everywhere = ["${HOME}/.example", "bin:example"]

[names]
characters = "a-z_"
max = 8
reserved = ["all"]

[[target]]
kind = "user"
syntax = "jsonc"
servers_at = ["mcp", "servers"]
entry.stdio = { run = "$argv", label = "$name" }
reload = "restart"
path.everywhere = ["${HOME}/.example/mcp.json"]
path.windows = ["${APPDATA}/Example/mcp.json"]
"#;

fn with(files: &[(&str, &str)]) -> (Clients, Vec<ClientFileError>) {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
    Clients::built_in().with_own(&files)
}

#[test]
fn an_own_client_works_like_a_built_in_one() {
    let (clients, errors) = with(&[("example.toml", OWN)]);
    assert_eq!(errors, []);
    let client = clients.get(&ClientId::new("example-editor")).unwrap();
    assert_eq!(client.own_file.as_deref(), Some("example.toml"));
    assert_eq!(client.checked.how, How::Unverified);
    let linux = paths(System::Linux, &[LINUX]);
    let located = client.locate(&linux, &Tree::new(&["/usr/bin/example"]), None);
    assert!(located.found);
    let path = located.targets[0].path.as_deref();
    assert_eq!(path, Some(Path::new("/home/ada/.example/mcp.json")));

    let fill = Fill {
        name: "keystow",
        command: "/opt/keystow",
        args: &["bridge".to_owned()],
        url: "",
        helper: "",
    };
    let (target, servers) = client.target("user").unwrap();
    let entry = target.entry(Mode::Bridge, &fill).unwrap();
    assert_eq!(
        entry,
        json!({"run": ["/opt/keystow", "bridge"], "label": "keystow"})
    );
    let before = b"{\n  // mine\n}\n";
    let edited = set_entry(Some(before), &servers, "keystow", &entry).unwrap();
    let removed = remove_entry(&edited.after, &servers, "keystow", Some(&edited.receipt)).unwrap();
    assert_eq!(removed.after.as_deref(), Some(&before[..]));
}

#[test]
fn a_mistake_is_told_with_its_place_and_harms_no_other_file() {
    for (from, to, line, told) in [
        ("name = ", "nmae = ", 2, "unknown field `nmae`"),
        ("\"jsonc\"", "\"xml\"", 14, "unknown variant `xml`"),
        ("\"restart\"", "restart", 17, ""),
        (
            "${HOME}/.example/mcp",
            "${HOME}/../other/mcp",
            18,
            "no .. in it",
        ),
        (
            "${HOME}/.example/mcp",
            "${HOMES}/.example/mcp",
            18,
            "known are PROJECT, HOME",
        ),
        ("${HOME}/.example/mcp", "~/.example/mcp", 18, "${NAME}/"),
        ("example-editor", "Example Editor", 1, "is not an id"),
        (
            "example-editor",
            "cursor",
            1,
            "that of Cursor, which comes with Keystow",
        ),
        ("a-z_", "z-a", 8, "is not a set of characters"),
    ] {
        let broken = OWN.replace(from, to);
        let (clients, errors) = with(&[("broken.toml", &broken), ("example.toml", OWN)]);
        let [error] = &errors[..] else {
            panic!("{to}: {errors:?}")
        };
        assert_eq!(error.file, "broken.toml");
        assert_eq!(error.place.map(|place| place.line), Some(line), "{error}");
        assert!(error.reason.contains(told), "{error}");
        let shown = error.to_string();
        assert!(
            shown.starts_with(&format!("client file broken.toml, line {line}, column ")),
            "{shown}"
        );
        assert!(
            clients.get(&ClientId::new("example-editor")).is_some(),
            "{to}"
        );
    }
}

#[test]
fn what_cannot_work_is_refused() {
    for (from, to, told) in [
        (
            "run = \"$argv\"",
            "run = \"example\"",
            "needs \"$command\" or \"$argv\"",
        ),
        ("\"$name\"", "\"$nmae\"", "nothing fills in $nmae"),
        ("kind = \"user\"", "kind = \"User\"", "is not a kind"),
        (
            "kind = \"user\"",
            "kind = \"user\"\neach = true",
            "need a *",
        ),
    ] {
        let (_, errors) = with(&[("own.toml", &OWN.replace(from, to))]);
        assert!(errors[0].reason.contains(told), "{}", errors[0]);
    }
    let twice = OWN.replace("[[target]]", "[[target]]\nkind = \"other\"");
    assert_eq!(with(&[("own.toml", &twice)]).1.len(), 1);
    let (_, targets) = OWN.split_once("[[target]]").unwrap();
    let doubled = format!("{OWN}\n[[target]]{targets}");
    let (_, errors) = with(&[("own.toml", &doubled)]);
    assert!(errors[0].reason.contains("two targets"), "{}", errors[0]);
    let link =
        format!("{OWN}\n[[link]]\nkind = \"url\"\ntitle = \"x\"\ntemplate = \"{{url|json}}\"\n");
    let (_, errors) = with(&[("own.toml", &link)]);
    assert!(
        errors[0].reason.contains("its filters do not fit"),
        "{}",
        errors[0]
    );
}

#[test]
fn of_two_own_files_with_one_id_the_first_counts() {
    let (clients, errors) = with(&[("a.toml", OWN), ("b.toml", OWN)]);
    assert!(
        errors[0].reason.contains("that of the client in a.toml"),
        "{}",
        errors[0]
    );
    assert_eq!(
        clients.iter().count(),
        Clients::built_in().iter().count() + 1
    );
}

#[test]
fn names_are_held_against_the_rules_of_the_client() {
    let (clients, _) = with(&[("example.toml", OWN)]);
    let own = clients.get(&ClientId::new("example-editor")).unwrap();
    assert_eq!(own.check_name("my_keys"), Ok(()));
    assert_eq!(own.check_name(""), Err(NameError::Empty));
    let client_name = || "Example Editor".to_owned();
    let too_long = NameError::TooLong {
        client: client_name(),
        max: 8,
    };
    assert_eq!(own.check_name("my_keys_too"), Err(too_long));
    let character = NameError::Character {
        client: client_name(),
        found: '-',
    };
    assert_eq!(own.check_name("my-keys"), Err(character));
    assert!(matches!(
        own.check_name("all"),
        Err(NameError::Reserved { .. })
    ));

    assert!(client("gemini").check_name("my_keys").is_err());
    assert!(client("claude-code").check_name("workspace").is_err());
    assert!(client("claude-code").check_name("My_keys-2").is_ok());
    assert!(client("codex").check_name("@team/keys:1.0").is_ok());
    assert!(client("codex").check_name("é").is_err());
    for client in Clients::built_in().iter() {
        assert_eq!(client.check_name("a-2"), Ok(()), "{}", client.id);
    }
}

#[test]
fn the_example_in_the_documentation_is_a_client_file() {
    let page = include_str!("../../../../docs/CLIENT-FILES.md");
    let example = page
        .split("```")
        .nth(1)
        .unwrap()
        .strip_prefix("toml")
        .unwrap();
    let (clients, errors) = with(&[("example.toml", example)]);
    assert_eq!(errors, []);
    let client = clients.get(&ClientId::new("example-editor")).unwrap();
    assert_eq!(client.targets.len(), 2);
    assert!(client.has_links());
    for quirk in page.split("\n| `").skip(1).flat_map(|row| {
        let (names, _) = row.split_once("` |").unwrap();
        names.split("`, `")
    }) {
        let with_quirk = OWN.replace("[detect]", &format!("quirks = [{quirk:?}]\n\n[detect]"));
        assert_eq!(with(&[("own.toml", &with_quirk)]).1, [], "{quirk}");
    }
}

proptest! {
    #[test]
    fn no_path_of_a_client_file_leads_out_of_its_base(text in "(existing:)?(\\$\\{HOME\\})?[a-c./*\\\\:$~]{0,12}") {
        let linux = paths(System::Linux, &[LINUX]);
        let look = Tree::new(&["/home/ada/a/b/c", "/a/b/c"]);
        if let Ok(place) = Candidate::try_from(text) {
            let base = if place.base().is_some() { "/home/ada" } else { "/" };
            for path in place.resolve(&linux, &look) {
                prop_assert!(path.starts_with(base));
                let plain = path.components().skip(1).all(|part| matches!(part, Component::Normal(_)));
                prop_assert!(plain, "{}", path.display());
            }
        }
    }
}
