//! The client table: what its files say, and where settings are found on each system (all three are tried on any).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use keystow_core::clients::{
    Client, Clients, Fill, Located, LocatedTarget, Look, Mode, Reload, Seen, check_quirks, parse,
    valid_entry_name,
};
use keystow_core::edit::Syntax;
use keystow_core::{ClientId, Paths, System};
use serde_json::json;

/// A file system of names only.
pub struct Tree(Vec<PathBuf>);

impl Tree {
    pub fn new(files: &[&str]) -> Self {
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
        names.sort();
        names.dedup();
        names
    }
}

pub const LINUX: &[(&str, &str)] = &[("HOME", "/home/ada"), ("PATH", "/usr/local/bin:/usr/bin")];
const MACOS: &[(&str, &str)] = &[("HOME", "/Users/ada"), ("PATH", "/usr/bin")];
pub const WINDOWS: &[(&str, &str)] = &[
    ("USERPROFILE", "C:/Users/ada"),
    ("APPDATA", "C:/Users/ada/AppData/Roaming"),
    ("LOCALAPPDATA", "C:/Users/ada/AppData/Local"),
    ("PATH", "C:/Windows;C:/Code/bin"),
];

/// Each system with its variables.
const SYSTEMS: &[(System, &[(&str, &str)])] = &[
    (System::Linux, LINUX),
    (System::Macos, MACOS),
    (System::Windows, WINDOWS),
];

pub fn paths(system: System, vars: &[&[(&str, &str)]]) -> Paths {
    let vars: BTreeMap<&str, &str> = vars.concat().into_iter().collect();
    Paths::from_vars(system, &|name| vars.get(name).map(|v| (*v).to_owned())).unwrap()
}

/// Read once for all tests.
static BUILT_IN: LazyLock<Clients> = LazyLock::new(Clients::built_in);

pub fn client(id: &str) -> Client {
    BUILT_IN.get(&ClientId::new(id)).unwrap().clone()
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
        for (system, vars) in SYSTEMS {
            let located = client.locate(&paths(*system, &[vars]), &Tree::new(&[]), None);
            assert!(!located.found);
            let Some(first) = located.targets.first() else {
                assert!(
                    client.targets.is_empty() && client.has_links(),
                    "{}",
                    client.id
                );
                continue;
            };
            assert!(!located.detected_by.is_empty());
            assert!(!client.running.on(*system).is_empty());
            assert_eq!(first.id, "user", "{} {system:?}", client.id);
            assert!(first.path.is_some() && !first.exists && !first.found);
        }
    }
}

#[test]
fn every_client_file_is_in_the_list() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let clients = Clients::built_in();
    let mut listed: Vec<String> = clients.iter().map(|c| format!("{}.toml", c.id)).collect();
    listed.sort();
    assert_eq!(listed, files);
    assert!(files.len() >= 24);
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

/// Where a client's first settings file is in the home directory of every system.
const IN_HOME: &[(&str, &str)] = &[
    ("claude-code", ".claude.json"),
    ("codex", ".codex/config.toml"),
    ("cursor", ".cursor/mcp.json"),
    ("windsurf", ".codeium/windsurf/mcp_config.json"),
    ("gemini", ".gemini/settings.json"),
    ("qwen", ".qwen/settings.json"),
    ("copilot-cli", ".copilot/mcp-config.json"),
    ("opencode", ".config/opencode/opencode.jsonc"),
    ("antigravity", ".gemini/config/mcp_config.json"),
    ("kiro", ".kiro/settings/mcp.json"),
    ("lm-studio", ".lmstudio/mcp.json"),
    ("cline", ".cline/data/settings/cline_mcp_settings.json"),
    ("continue", ".continue/mcpServers/keystow.json"),
    ("crush", ".config/crush/crush.json"),
    ("warp", ".warp/.mcp.json"),
    ("junie", ".junie/mcp/mcp.json"),
    ("kilo", ".config/kilo/kilo.jsonc"),
    ("kimi", ".kimi-code/mcp.json"),
    ("factory", ".factory/mcp.json"),
    ("grok", ".grok/config.toml"),
    ("vibe", ".vibe/config.toml"),
];

/// Where it is on Linux, macOS and Windows, for the others; `~`, `+`, `@` and `$` stand for the home directory, `Application
/// Support`, `%APPDATA%` and `%LOCALAPPDATA%`.
const APART: &[(&str, &str, &str, &str)] = &[
    (
        "claude-desktop",
        "~/.config/Claude/claude_desktop_config.json",
        "+/Claude/claude_desktop_config.json",
        "@/Claude/claude_desktop_config.json",
    ),
    (
        "vscode",
        "~/.config/Code/User/mcp.json",
        "+/Code/User/mcp.json",
        "@/Code/User/mcp.json",
    ),
    (
        "devin",
        "~/.config/devin/config.json",
        "~/.config/devin/config.json",
        "@/devin/config.json",
    ),
    (
        "zed",
        "~/.config/zed/settings.json",
        "~/.config/zed/settings.json",
        "@/Zed/settings.json",
    ),
    (
        "goose",
        "~/.config/goose/config.yaml",
        "~/.config/goose/config.yaml",
        "@/Block/goose/config/config.yaml",
    ),
    (
        "amp",
        "~/.config/amp/settings.json",
        "~/.config/amp/settings.json",
        "@/amp/settings.json",
    ),
    (
        "trae",
        "~/.config/Trae/User/mcp.json",
        "+/Trae/User/mcp.json",
        "@/Trae/User/mcp.json",
    ),
    (
        "copilot-jetbrains",
        "~/.config/github-copilot/intellij/mcp.json",
        "~/.config/github-copilot/intellij/mcp.json",
        "$/github-copilot/intellij/mcp.json",
    ),
    (
        "qoder",
        "~/.qoder/mcp.json",
        "~/.qoder/mcp.json",
        "@/Qoder/SharedClientCache/mcp.json",
    ),
];

#[test]
fn files_are_where_each_client_reads_them() {
    let written_out = |place: &str, home: &str| {
        let bases = [
            ("~", home.to_owned()),
            ("+", format!("{home}/Library/Application Support")),
            ("@", format!("{home}/AppData/Roaming")),
            ("$", format!("{home}/AppData/Local")),
        ];
        let (base, rest) = place.split_at(1);
        let (_, base) = bases.iter().find(|(mark, _)| *mark == base).unwrap();
        format!("{base}{rest}")
    };
    for (id, path) in IN_HOME {
        for (system, vars) in SYSTEMS {
            let home = paths(*system, &[vars]).home;
            assert_at(id, *system, &[vars], home.join(path).to_str().unwrap());
        }
    }
    for (id, linux, macos, windows) in APART {
        assert_at(
            id,
            System::Linux,
            &[LINUX],
            &written_out(linux, "/home/ada"),
        );
        assert_at(
            id,
            System::Macos,
            &[MACOS],
            &written_out(macos, "/Users/ada"),
        );
        assert_at(
            id,
            System::Windows,
            &[WINDOWS],
            &written_out(windows, "C:/Users/ada"),
        );
    }
    let with_files = Clients::built_in();
    let with_files = with_files
        .iter()
        .filter(|client| !client.targets.is_empty());
    assert_eq!(IN_HOME.len() + APART.len(), with_files.count());
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
    for (id, name, rest) in [
        ("claude-code", "CLAUDE_CONFIG_DIR", "/.claude.json"),
        ("codex", "CODEX_HOME", "/config.toml"),
        ("copilot-cli", "COPILOT_HOME", "/mcp-config.json"),
        ("gemini", "GEMINI_CLI_HOME", "/.gemini/settings.json"),
        ("cline", "CLINE_MCP_SETTINGS_PATH", ""),
        (
            "cline",
            "CLINE_DIR",
            "/data/settings/cline_mcp_settings.json",
        ),
        ("kimi", "KIMI_CODE_HOME", "/mcp.json"),
        ("grok", "GROK_HOME", "/config.toml"),
    ] {
        let moved = [(name, "/data/own")];
        assert_at(
            id,
            System::Linux,
            &[LINUX, &moved],
            &format!("/data/own{rest}"),
        );
        assert_at(
            id,
            System::Macos,
            &[MACOS, &moved],
            &format!("/data/own{rest}"),
        );
        // A relative one means another file in each directory.
        let relative = target(id, &paths(System::Linux, &[LINUX, &[(name, "own")]]), &[]);
        assert!(relative.path.unwrap().starts_with("/home/ada"));
    }
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
fn quirks_know_the_target_the_link_and_the_mode() {
    let codes = |id: &str, kind: &str, is_link: bool, mode: Mode| -> Vec<&str> {
        let seen = Seen {
            bytes: None,
            is_link,
            mode,
        };
        let client = client(id);
        let notices = client.notices(client.target(kind).unwrap().0, &seen);
        notices.iter().map(|notice| notice.code).collect()
    };
    assert!(codes("claude-code", "user", true, Mode::Bridge).is_empty());
    assert_eq!(
        codes("claude-code", "user", false, Mode::Helper),
        ["plan.helper_fails_open"]
    );
    assert_eq!(
        codes("codex", "project=/w", false, Mode::Helper),
        ["plan.needs_trust"]
    );
    assert_eq!(
        codes("copilot-cli", "user", true, Mode::Bridge),
        ["plan.link_at_risk"]
    );
    assert_eq!(
        codes("vscode", "profile=1", false, Mode::Bridge),
        ["plan.synced_by_client"]
    );
    assert!(codes("vscode", "vscodium", false, Mode::Bridge).is_empty());
}

#[test]
fn an_entry_that_keeps_a_client_from_starting_is_named() {
    let told = |id: &str, text: &str| -> Option<String> {
        let notices = check_quirks(&client(id), Some(text.as_bytes()));
        let notice = notices
            .into_iter()
            .find(|notice| notice.code == "plan.other_entry_bad")?;
        Some(notice.text)
    };
    for bad in [
        "[mcp_servers.docs]\nurl = \"https://a\"\ncommand = \"x\"\n",
        "[mcp_servers.docs]\nurl = \"https://a\"\nenv = {}\n",
        "[mcp_servers.docs]\nurl = \"https://a\"\nbearer_token = \"x\"\n",
    ] {
        assert!(told("codex", bad).unwrap().contains("\"docs\""), "{bad}");
    }
    for good in [
        "",
        "model = \"x\"\n",
        "[mcp_servers.docs]\nurl = \"https://a\"\nhttp_headers = { A = \"b\" }\n",
        "[mcp_servers.docs]\ncommand = \"x\"\ncwd = \"/\"\n",
        "[mcp_servers.docs\n",
    ] {
        assert_eq!(told("codex", good), None, "{good}");
    }
    let opencode = |entry: &str| told("opencode", &format!("{{\"mcp\": {{\"docs\": {entry}}}}}"));
    for bad in [
        "{\"command\": \"x\"}",
        "{\"type\": \"local\", \"command\": \"x\"}",
        "{\"type\": \"http\", \"url\": \"https://a\"}",
    ] {
        assert!(opencode(bad).unwrap().contains("\"docs\""), "{bad}");
    }
    for good in [
        "{\"enabled\": false}",
        "{\"type\": \"local\", \"command\": [\"x\"]}",
        "{\"type\": \"remote\", \"url\": \"https://a\"}",
    ] {
        assert_eq!(opencode(good), None, "{good}");
    }
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
