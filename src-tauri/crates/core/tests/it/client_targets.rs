//! Targets besides the usual one: older places, profiles, projects, other builds, and the Windows around a Linux.

use std::path::{Path, PathBuf};

use keystow_core::clients::{ClientLock, Launch, Look};
use keystow_core::{Paths, System};

use super::clients::{LINUX, Tree, WINDOWS, client, paths};

fn at(
    id: &str,
    kind: &str,
    paths: &Paths,
    files: &[&str],
    project: Option<&str>,
) -> Vec<(String, String)> {
    client(id)
        .locate(paths, &Tree::new(files), project.map(Path::new))
        .targets
        .into_iter()
        .filter(|target| target.id.split('=').next() == Some(kind))
        .map(|target| (target.id, target.path.unwrap().to_str().unwrap().to_owned()))
        .collect()
}

fn linux() -> Paths {
    paths(System::Linux, &[LINUX])
}

#[track_caller]
fn assert_first(id: &str, files: &[&str], expected: &str) {
    let found = at(id, "user", &linux(), files, None);
    assert_eq!(found[0].1, expected);
}

#[test]
fn an_old_place_wins_where_it_does_in_the_client() {
    let (home, legacy) = ("/home/ada/.claude.json", "/home/ada/.claude/.config.json");
    assert_first("claude-code", &[home], home);
    assert_first("claude-code", &["/home/ada/.claude"], home);
    assert_first("claude-code", &[home, legacy], legacy);
    let both = client("claude-code").locate(&linux(), &Tree::new(&[home, legacy]), None);
    assert_eq!(both.targets[0].other_candidates, [PathBuf::from(home)]);

    let json = "/home/ada/.config/opencode/opencode.json";
    let jsonc = "/home/ada/.config/opencode/opencode.jsonc";
    assert_first("opencode", &[], jsonc);
    assert_first("opencode", &[json], json);
    assert_first("opencode", &[json, jsonc], jsonc);

    let devin = "/home/ada/.config/devin/mcp_config.json";
    assert_first("devin", &[], "/home/ada/.config/devin/config.json");
    assert_first("devin", &[devin], devin);
    let old = "/home/ada/.gemini/antigravity/mcp_config.json";
    assert_first("antigravity", &[old], old);
    assert_first(
        "kimi",
        &["/home/ada/.kimi/mcp.json"],
        "/home/ada/.kimi/mcp.json",
    );
}

#[test]
fn an_override_says_of_the_usual_place_that_it_is_there_too() {
    let vars = [("CODEX_HOME", "/data/codex")];
    let paths = paths(System::Linux, &[LINUX, &vars]);
    let usual = "/home/ada/.codex/config.toml";
    let located = client("codex").locate(&paths, &Tree::new(&[usual]), None);
    assert_eq!(
        located.targets[0].path.as_deref(),
        Some(Path::new("/data/codex/config.toml"))
    );
    assert_eq!(located.targets[0].other_candidates, [PathBuf::from(usual)]);
}

/// A file system in which one file can be read.
struct WithPointer(Tree, &'static str);

impl Look for WithPointer {
    fn exists(&self, path: &Path) -> bool {
        self.0.exists(path)
    }
    fn names_in(&self, dir: &Path) -> Vec<String> {
        self.0.names_in(dir)
    }
    fn text(&self, path: &Path) -> Option<String> {
        path.ends_with(".lmstudio-home-pointer")
            .then(|| self.1.to_owned())
    }
}

#[test]
fn lm_studio_is_where_its_pointer_says() {
    let first = |text: &'static str, files: &[&str]| {
        let look = WithPointer(Tree::new(files), text);
        let located = client("lm-studio").locate(&linux(), &look, None);
        located.targets[0].path.clone().unwrap()
    };
    assert_eq!(first("/data/lm\n", &[]), Path::new("/data/lm/mcp.json"));
    for broken in ["", "lm", "\n"] {
        assert_eq!(
            first(broken, &[]),
            Path::new("/home/ada/.lmstudio/mcp.json")
        );
    }
    let legacy = "/home/ada/.cache/lm-studio/mcp.json";
    assert_eq!(first("", &[legacy]), Path::new(legacy));
}

#[test]
fn each_profile_is_a_target() {
    let (one, two) = (
        "/home/ada/.config/Code/User/profiles/-3c1a/mcp.json",
        "/home/ada/.config/Code/User/profiles/6f=2b/settings.json",
    );
    let found = at("vscode", "profile", &linux(), &[one, two], None);
    assert_eq!(
        found,
        [
            ("profile=-3c1a".to_owned(), one.to_owned()),
            ("profile=6f=2b".to_owned(), two.replace("settings", "mcp")),
        ]
    );
    assert_eq!(at("vscode", "profile", &linux(), &[], None), []);
    let vscode = client("vscode");
    let (target, servers) = vscode.target("profile=6f=2b").unwrap();
    assert_eq!(
        (target.kind.as_str(), servers.at),
        ("profile", vec!["servers".to_owned()])
    );
}

#[test]
fn builds_of_a_client_are_found_one_by_one() {
    let files = ["/home/ada/.config/VSCodium/User/settings.json"];
    let located = client("vscode").locate(&linux(), &Tree::new(&files), None);
    assert!(located.found);
    let found: Vec<&str> = located
        .targets
        .iter()
        .filter(|target| target.found && target.path.is_some())
        .map(|target| target.id.as_str())
        .collect();
    assert!(found.contains(&"vscodium"), "{found:?}");
    assert!(
        !found.contains(&"user") && !found.contains(&"insiders"),
        "{found:?}"
    );
}

#[test]
fn project_files_are_told_by_the_project() {
    let work = Some("/home/ada/work");
    for (id, kind, path) in [
        ("claude-code", "project", ".mcp.json"),
        ("codex", "project", ".codex/config.toml"),
        ("cursor", "project", ".cursor/mcp.json"),
        ("vscode", "workspace", ".vscode/mcp.json"),
        ("vscode", "portable-workspace", ".mcp.json"),
        ("zed", "project", ".zed/settings.json"),
        ("gemini", "project", ".gemini/settings.json"),
        ("opencode", "project", "opencode.json"),
        ("kiro", "workspace", ".kiro/settings/mcp.json"),
        ("devin", "local", ".devin/config.local.json"),
    ] {
        let expected = format!("/home/ada/work/{path}");
        let id_there = format!("{kind}=/home/ada/work");
        assert_eq!(at(id, kind, &linux(), &[], work), [(id_there, expected)]);
        let without = client(id).locate(&linux(), &Tree::new(&[]), None);
        let without = without
            .targets
            .into_iter()
            .find(|target| target.id == kind)
            .unwrap();
        assert_eq!(
            (without.path, without.shown),
            (None, format!("<project>/{path}"))
        );
    }
    // The file is the person's, the place in it the project's.
    let local = at("claude-code", "local", &linux(), &[], work);
    assert_eq!(
        local,
        [(
            "local=/home/ada/work".to_owned(),
            "/home/ada/.claude.json".to_owned()
        )]
    );
    let claude = client("claude-code");
    let (_, servers) = claude.target("local=/home/ada/work").unwrap();
    assert_eq!(servers.at, ["projects", "/home/ada/work", "mcpServers"]);
    let without = claude.locate(&linux(), &Tree::new(&[]), None);
    assert_eq!(without.targets[1].shown, "~/.claude.json");
}

#[test]
fn locks_are_where_the_clients_take_theirs() {
    let claude = client("claude-code");
    match claude.targets[0].lock_for(Path::new("/home/ada/.claude.json")) {
        Some(ClientLock::Directory { path, stale_after }) => {
            assert_eq!(path, Path::new("/home/ada/.claude.json.lock"));
            assert_eq!(stale_after.as_secs(), 10);
        }
        other => panic!("{other:?}"),
    }
    let copilot = client("copilot-cli");
    assert_eq!(
        copilot.targets[0].lock_for(Path::new("/home/ada/.copilot/mcp-config.json")),
        Some(ClientLock::Flock {
            path: "/home/ada/.copilot/.mcp-writer.lock".into()
        })
    );
    let project = claude.target("project=/x").unwrap().0;
    assert_eq!(project.lock_for(Path::new("/x/.mcp.json")), None);
}

/// A Linux in Windows with these people.
fn wsl(people: &[&str], more: &[(&str, &str)], files: &[&str]) -> (Paths, Tree) {
    let mut all: Vec<String> = people
        .iter()
        .map(|name| format!("/mnt/c/Users/{name}/AppData"))
        .collect();
    all.extend([
        "/mnt/c/Users/Public/Desktop".to_owned(),
        "/mnt/c/Users/Default/AppData".to_owned(),
    ]);
    all.extend(files.iter().map(|file| (*file).to_owned()));
    let files: Vec<&str> = all.iter().map(String::as_str).collect();
    let tree = Tree::new(&files);
    let distro = [("WSL_DISTRO_NAME", "Ubuntu-24.04")];
    (
        paths(System::Linux, &[LINUX, &distro, more]).look_at_windows(&tree),
        tree,
    )
}

#[test]
fn clients_on_the_windows_around_a_linux_start_us_through_wsl() {
    let package = "/mnt/c/Users/Ada/AppData/Local/Packages/Claude_pzs8sxrjxfjjc";
    let (paths, tree) = wsl(&["Ada"], &[], &[package]);
    let located = client("claude-desktop").locate(&paths, &tree, None);
    assert!(located.found);
    let ids: Vec<&str> = located
        .targets
        .iter()
        .map(|target| target.id.as_str())
        .collect();
    assert_eq!(ids, ["user", "windows:user"]);
    let [ours, theirs] = &located.targets[..] else {
        panic!("two targets")
    };
    assert!(!ours.found && ours.launch == Launch::Direct);
    assert!(theirs.found);
    assert_eq!(
        theirs.path.as_deref().unwrap(),
        Path::new(package).join("LocalCache/Roaming/Claude/claude_desktop_config.json")
    );
    let args = ["bridge".to_owned(), "c-12345678".to_owned()];
    let (command, args) = theirs.launch.command("/home/ada/keystow", &args);
    assert_eq!(command, "wsl.exe");
    assert_eq!(
        args,
        [
            "-d",
            "Ubuntu-24.04",
            "--exec",
            "/home/ada/keystow",
            "bridge",
            "c-12345678"
        ]
    );
    let claude = client("claude-desktop");
    assert_eq!(claude.target("windows:user").unwrap().0.kind, "user");

    // Only what is installed there is listed, and projects are those of the Linux.
    let cursor = client("cursor").locate(&paths, &tree, Some(Path::new("/home/ada/work")));
    assert!(
        cursor
            .targets
            .iter()
            .all(|target| !target.id.starts_with("windows:"))
    );
}

#[test]
fn whose_windows_is_meant_must_be_clear() {
    let cursor = [
        "/mnt/c/Users/Ada/.cursor/mcp.json",
        "/mnt/c/Users/Eve/.cursor/mcp.json",
    ];
    let (two, tree) = wsl(&["Ada", "Eve"], &[], &cursor);
    assert_eq!(two.windows.as_ref().unwrap().homes.len(), 2);
    assert_eq!(two.windows.as_ref().unwrap().home(), None);
    assert!(!client("cursor").locate(&two, &tree, None).found);

    let told = [("KEYSTOW_WINDOWS_HOME", "/mnt/c/Users/Eve")];
    let (told, tree) = wsl(&["Ada", "Eve"], &told, &cursor);
    let located = client("cursor").locate(&told, &tree, None);
    let theirs = located.targets.last().unwrap();
    assert_eq!(theirs.id, "windows:user");
    assert_eq!(theirs.path.as_deref(), Some(Path::new(cursor[1])));
    assert!(theirs.exists);

    assert_eq!(linux().windows, None);
    let windows = paths(System::Windows, &[WINDOWS, &[("WSL_DISTRO_NAME", "x")]]);
    assert_eq!(windows.windows, None);
}
