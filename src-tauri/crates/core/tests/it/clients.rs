//! The client table: what its files say, and where settings are found on each system (all three are tried on any).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use keystow_core::clients::{
    Client, Clients, Fill, Located, LocatedTarget, Look, Mode, Reload, check_quirks, parse,
    valid_entry_name,
};
use keystow_core::edit::Syntax;
use keystow_core::{ClientId, Paths, System};
use serde_json::json;

/// A file system of names only.
struct Tree(Vec<PathBuf>);

impl Tree {
    fn new(files: &[&str]) -> Self {
        Self(files.iter().map(PathBuf::from).collect())
    }
}

impl Look for Tree {
    fn exists(&self, path: &Path) -> bool {
        self.0.iter().any(|file| file.starts_with(path))
    }

    fn names_in(&self, dir: &Path) -> Vec<String> {
        let inside = |file: &PathBuf| {
            let name = file.strip_prefix(dir).ok()?.components().next()?;
            Some(name.as_os_str().to_str()?.to_owned())
        };
        let mut names: Vec<String> = self.0.iter().filter_map(inside).collect();
        names.dedup();
        names
    }
}

const LINUX: &[(&str, &str)] = &[("HOME", "/home/ada"), ("PATH", "/usr/local/bin:/usr/bin")];
const MACOS: &[(&str, &str)] = &[("HOME", "/Users/ada"), ("PATH", "/usr/bin")];
const WINDOWS: &[(&str, &str)] = &[
    ("USERPROFILE", "C:/Users/ada"),
    ("APPDATA", "C:/Users/ada/AppData/Roaming"),
    ("LOCALAPPDATA", "C:/Users/ada/AppData/Local"),
    ("PATH", "C:/Windows;C:/Code/bin"),
];

fn paths(system: System, vars: &[&[(&str, &str)]]) -> Paths {
    let vars: BTreeMap<&str, &str> = vars.concat().into_iter().collect();
    Paths::from_vars(system, &|name| vars.get(name).map(|v| (*v).to_owned())).unwrap()
}

fn client(id: &str) -> Client {
    Clients::built_in().get(&ClientId::new(id)).unwrap().clone()
}

fn locate(id: &str, paths: &Paths, files: &[&str]) -> Located {
    client(id).locate(paths, &Tree::new(files), None)
}

fn target(id: &str, paths: &Paths, files: &[&str]) -> LocatedTarget {
    locate(id, paths, files).targets.remove(0)
}

#[track_caller]
fn assert_at(id: &str, system: System, vars: &[&[(&str, &str)]], expected: &str) {
    let target = target(id, &paths(system, vars), &[]);
    assert_eq!(target.path.as_deref(), Some(Path::new(expected)));
    assert!(!target.exists && target.other_candidates.is_empty());
}

#[test]
fn every_client_has_a_place_on_every_system() {
    for client in Clients::built_in().iter() {
        for (system, vars) in [
            (System::Linux, LINUX),
            (System::Macos, MACOS),
            (System::Windows, WINDOWS),
        ] {
            let located = client.locate(&paths(system, &[vars]), &Tree::new(&[]), None);
            assert!(!located.found);
            assert!(!located.detected_by.is_empty());
            assert!(!client.running.on(system).is_empty());
            assert_eq!(located.targets[0].id, "user", "{} {system:?}", client.id);
        }
    }
}

#[test]
fn facts_carry_their_source_and_date() {
    for client in Clients::built_in().iter() {
        assert!(client.source.starts_with("https://"), "{}", client.id);
        let date: Vec<&str> = client.checked.on.split('-').collect();
        assert!(
            matches!(date[..], [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2),
            "{}",
            client.id
        );
    }
}

#[test]
fn files_are_where_each_client_reads_them() {
    assert_at(
        "claude-desktop",
        System::Linux,
        &[LINUX],
        "/home/ada/.config/Claude/claude_desktop_config.json",
    );
    assert_at(
        "claude-desktop",
        System::Macos,
        &[MACOS],
        "/Users/ada/Library/Application Support/Claude/claude_desktop_config.json",
    );
    assert_at(
        "claude-desktop",
        System::Windows,
        &[WINDOWS],
        "C:/Users/ada/AppData/Roaming/Claude/claude_desktop_config.json",
    );
    for (system, vars, home) in [
        (System::Linux, LINUX, "/home/ada"),
        (System::Macos, MACOS, "/Users/ada"),
        (System::Windows, WINDOWS, "C:/Users/ada"),
    ] {
        assert_at(
            "cursor",
            system,
            &[vars],
            &format!("{home}/.cursor/mcp.json"),
        );
    }
    assert_at(
        "vscode",
        System::Linux,
        &[LINUX],
        "/home/ada/.config/Code/User/mcp.json",
    );
    assert_at(
        "vscode",
        System::Macos,
        &[MACOS],
        "/Users/ada/Library/Application Support/Code/User/mcp.json",
    );
    assert_at(
        "vscode",
        System::Windows,
        &[WINDOWS],
        "C:/Users/ada/AppData/Roaming/Code/User/mcp.json",
    );
}

#[test]
fn overrides_move_the_file() {
    let config = [("XDG_CONFIG_HOME", "/data/config")];
    assert_at(
        "claude-desktop",
        System::Linux,
        &[LINUX, &config],
        "/data/config/Claude/claude_desktop_config.json",
    );
    assert_at(
        "vscode",
        System::Linux,
        &[LINUX, &config],
        "/data/config/Code/User/mcp.json",
    );
    let appdata = [("VSCODE_APPDATA", "/data/code")];
    let portable = [("VSCODE_PORTABLE", "/opt/code/data")];
    assert_at(
        "vscode",
        System::Linux,
        &[LINUX, &config, &appdata],
        "/data/code/Code/User/mcp.json",
    );
    assert_at(
        "vscode",
        System::Macos,
        &[MACOS, &appdata, &portable],
        "/opt/code/data/user-data/User/mcp.json",
    );
}

#[test]
fn the_packaged_claude_desktop_comes_before_the_classic_one_and_tells_of_it() {
    let windows = paths(System::Windows, &[WINDOWS]);
    let classic = "C:/Users/ada/AppData/Roaming/Claude/claude_desktop_config.json";
    let package = "C:/Users/ada/AppData/Local/Packages/Claude_pzs8sxrjxfjjc";
    let packaged = format!("{package}/LocalCache/Roaming/Claude/claude_desktop_config.json");

    let only_classic = target("claude-desktop", &windows, &[classic]);
    assert_eq!(only_classic.path.as_deref(), Some(Path::new(classic)));
    assert!(only_classic.exists && only_classic.other_candidates.is_empty());

    let only_package = target("claude-desktop", &windows, &[package]);
    assert_eq!(only_package.path.as_deref(), Some(Path::new(&packaged)));
    assert!(!only_package.exists && only_package.other_candidates.is_empty());

    let both = target("claude-desktop", &windows, &[classic, package]);
    assert_eq!(both.path.as_deref(), Some(Path::new(&packaged)));
    assert_eq!(both.other_candidates, [PathBuf::from(classic)]);

    // Of two packages the one with a file comes first, whatever its name.
    let other = "C:/Users/ada/AppData/Local/Packages/Claude_aaaaaaaaaaaaa";
    let two = target("claude-desktop", &windows, &[other, &packaged]);
    assert_eq!(two.path.as_deref(), Some(Path::new(&packaged)));
    assert!(two.exists && two.other_candidates.is_empty());
    let stranger = "C:/Users/ada/AppData/Local/Packages/AnthropicClaude_x";
    assert_eq!(
        target("claude-desktop", &windows, &[stranger])
            .path
            .as_deref(),
        Some(Path::new(classic))
    );
}

#[test]
fn a_client_is_found_by_its_directory_its_program_or_its_file() {
    let linux = paths(System::Linux, &[LINUX]);
    let by_directory = locate("cursor", &linux, &["/home/ada/.cursor"]);
    assert!(by_directory.found);
    assert!(by_directory.detected_by.ends_with(".cursor"));

    let by_program = locate("vscode", &linux, &["/usr/bin/code"]);
    assert!(by_program.found);
    assert_eq!(by_program.detected_by, "/usr/bin/code");

    let windows = paths(System::Windows, &[WINDOWS]);
    assert!(locate("vscode", &windows, &["C:/Code/bin/code.cmd"]).found);
    assert!(!locate("vscode", &windows, &["C:/Code/bin/code"]).found);

    let nothing = locate(
        "vscode",
        &linux,
        &["/usr/bin/codex", "/home/ada/.configuration"],
    );
    assert!(!nothing.found);
    assert!(
        nothing.detected_by.contains("code in PATH"),
        "{}",
        nothing.detected_by
    );
}

#[test]
fn entries_have_the_shape_and_order_of_their_client() {
    let args = ["bridge".to_owned(), "c-12345678".to_owned()];
    let entry = |id: &str| {
        client(id).targets[0]
            .entry(
                Mode::Bridge,
                &Fill {
                    name: "keystow",
                    command: "/opt/keystow",
                    args: &args,
                    url: "",
                    helper: "",
                },
            )
            .unwrap()
            .to_string()
    };
    let plain = json!({"command": "/opt/keystow", "args": args}).to_string();
    assert_eq!(entry("claude-desktop"), plain);
    assert_eq!(entry("cursor"), plain);
    assert_eq!(
        entry("vscode"),
        json!({"type": "stdio", "command": "/opt/keystow", "args": args}).to_string()
    );
    let vscode = &client("vscode").targets[0];
    assert_eq!(
        (vscode.syntax, vscode.reload),
        (Syntax::Jsonc, Reload::Live)
    );
}

#[test]
fn quirks_speak_up_where_they_matter() {
    let claude = client("claude-desktop");
    let codes = |bytes: Option<&[u8]>| -> Vec<(&str, bool)> {
        check_quirks(&claude, bytes)
            .iter()
            .map(|notice| (notice.code, notice.refuses))
            .collect()
    };
    assert_eq!(
        codes(Some(b"\xEF\xBB\xBF{}")),
        [("plan.bom_refused", true), ("plan.client_running", false)]
    );
    assert_eq!(codes(None), [("plan.client_running", false)]);
    let text = &check_quirks(&claude, Some(b"\xEF\xBB\xBF{}"))[0].text;
    assert!(text.contains("Claude Desktop") && text.contains("UTF-8 without BOM"));
}

#[test]
fn a_file_with_a_mistake_is_refused_with_its_place() {
    let good = include_str!("../../clients/cursor.toml");
    for (from, to, told) in [
        ("reload =", "relaod =", "relaod"),
        ("\"window\"", "\"sometimes\"", "sometimes"),
        ("comments_unverified", "does_odd_things", "does_odd_things"),
        (
            "${HOME}/.cursor/mcp.json",
            "~/.cursor/mcp.json",
            "~/.cursor",
        ),
        ("${HOME}/.cursor/mcp.json", "${HOME}/../mcp.json", "/../"),
        ("${HOME}/.cursor/mcp.json", "${HOME}/*/*/mcp.json", "/*/*/"),
        ("jsonc", "xml", "xml"),
    ] {
        let error = parse("mine.toml", &good.replace(from, to)).unwrap_err();
        assert_eq!(error.file, "mine.toml");
        assert!(error.reason.contains(told), "{}", error.reason);
        assert!(error.place.is_some(), "{error}");
    }
    let (head, _) = good.split_once("[[target]]").unwrap();
    assert!(parse("mine.toml", head).is_err());
}

#[test]
fn entry_names_fit_every_client() {
    for good in ["a", "keystow", "keystow-2", "a123456789012"] {
        assert!(valid_entry_name(good), "{good}");
    }
    for bad in [
        "",
        "A",
        "2a",
        "-a",
        "a_b",
        "a b",
        "a1234567890123",
        "é",
        "a\n",
    ] {
        assert!(!valid_entry_name(bad), "{bad}");
    }
}
