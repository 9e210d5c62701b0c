//! With repositories that the real git makes.

use std::process::Command;

use proptest::prelude::*;

use super::*;

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    fn git(&self, dir: &str, args: &[&str]) {
        let dir = self.path().join(dir);
        fs::create_dir_all(&dir).unwrap();
        let output = Command::new("git")
            .args(["-c", "protocol.file.allow=always", "-c", "user.name=Ada"])
            .args(["-c", "user.email=ada@example.com"])
            .args(args)
            .current_dir(&dir)
            .env("HOME", self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git is installed");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {said}");
    }

    fn put(&self, file: &str) {
        let file = self.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::File::create(file).unwrap();
    }

    /// The root of the work tree, from the home.
    fn tree_of(&self, file: &str) -> Option<String> {
        let home = self.path();
        let root = work_tree_of(&home, &home.join(file))?;
        Some(root.strip_prefix(&home).unwrap().display().to_string())
    }
}

#[test]
fn tells_tracked_files_from_others_in_every_version_of_the_index() {
    for more in [
        &["index.version", "2"],
        &["index.version", "4"],
        &["core.splitIndex", "true"],
    ] {
        let home = Home::new();
        home.git("dots", &["init", "--quiet"]);
        home.git("dots", &[&["config"], more.as_slice()].concat());
        for number in 0..30 {
            home.put(&format!("dots/a/file-{number}.txt"));
        }
        home.put("dots/cursor/mcp.json");
        home.git("dots", &["add", "."]);
        home.git("dots", &["commit", "--quiet", "--message", "all"]);
        home.put("dots/zed/settings.json");
        home.git("dots", &["add", "--intent-to-add", "zed/settings.json"]);
        home.put("dots/cursor/other.json");
        for (file, wanted) in [
            ("dots/cursor/mcp.json", Some("dots")),
            ("dots/a/file-17.txt", Some("dots")),
            ("dots/zed/settings.json", Some("dots")),
            ("dots/cursor/other.json", None),
            ("dots/cursor", None),
            ("mcp.json", None),
        ] {
            assert_eq!(home.tree_of(file).as_deref(), wanted, "{more:?} {file}");
        }
    }
}

#[test]
fn reads_repositories_with_longer_names_of_objects() {
    let home = Home::new();
    home.git("dots", &["init", "--quiet", "--object-format=sha256"]);
    home.put("dots/mcp.json");
    home.git("dots", &["add", "."]);
    assert_eq!(home.tree_of("dots/mcp.json").as_deref(), Some("dots"));
}

#[test]
fn follows_linked_work_trees_and_submodules() {
    let home = Home::new();
    home.git("main", &["init", "--quiet"]);
    home.put("main/mcp.json");
    home.git("main", &["add", "."]);
    home.git("main", &["commit", "--quiet", "--message", "one"]);
    home.git("main", &["worktree", "add", "--quiet", "../linked"]);
    home.git("outer", &["init", "--quiet"]);
    home.git(
        "outer",
        &["submodule", "--quiet", "add", "../main", "inner"],
    );
    for (file, root) in [
        ("linked/mcp.json", Some("linked")),
        ("outer/inner/mcp.json", Some("outer/inner")),
        ("outer/inner/other.json", None),
        ("outer/.gitmodules", Some("outer")),
    ] {
        assert_eq!(home.tree_of(file).as_deref(), root, "{file}");
    }
}

#[test]
fn finds_the_repository_people_keep_for_their_home() {
    let home = Home::new();
    home.put(".cursor/mcp.json");
    home.git("", &["init", "--quiet", "--bare", ".dotfiles"]);
    let mine = ["--git-dir=.dotfiles", "--work-tree=."];
    home.git(
        "",
        &[&mine, ["add", ".cursor/mcp.json"].as_slice()].concat(),
    );
    assert_eq!(home.tree_of(".cursor/mcp.json").as_deref(), Some(""));
    assert_eq!(home.tree_of(".cursor/other.json"), None);
}

#[test]
fn a_broken_repository_is_no_error() {
    let home = Home::new();
    home.git("outer", &["init", "--quiet"]);
    home.put("outer/in/mcp.json");
    home.git("outer", &["add", "."]);
    // No repository: git looks further up, and so do we.
    fs::create_dir(home.path().join("outer/in/.git")).unwrap();
    assert_eq!(home.tree_of("outer/in/mcp.json").as_deref(), Some("outer"));
    let index = home.path().join("outer/.git/index");
    let whole = fs::read(&index).unwrap();
    let put = |bytes: &[u8]| {
        use std::io::Write;
        fs::File::create(&index).unwrap().write_all(bytes).unwrap();
    };
    for len in 0..whole.len() - 20 {
        put(&whole[..len]);
        assert_eq!(home.tree_of("outer/in/mcp.json"), None, "cut at {len}");
    }
    fs::remove_file(&index).unwrap();
    assert_eq!(home.tree_of("outer/in/mcp.json"), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>, version in 0_u32..6, entries in 0_u32..9) {
        let mut index = b"DIRC".to_vec();
        index.extend(version.to_be_bytes());
        index.extend(entries.to_be_bytes());
        index.extend(&bytes);
        let _ = holds(&index, 20, b"mcp.json");
        let _ = holds(&bytes, 32, b"mcp.json");
    }
}
