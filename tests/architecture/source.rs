//! Reads our own source text, and the rules that hold for all of it.

use std::fs;
use std::path::{Path, PathBuf};

/// Where each crate's production source stands.
pub const CRATES: &[(&str, &str)] = &[
    ("core", "src-tauri/crates/core/src"),
    ("keychain", "src-tauri/crates/keychain/src"),
    ("remote", "src-tauri/crates/remote/src"),
    ("bridge", "src-tauri/crates/bridge/src"),
    ("app", "src-tauri/crates/app/src"),
    ("workspace", "src-tauri/crates/workspace/src"),
    ("cli", "src-tauri/crates/cli/src"),
    ("testkit", "src-tauri/crates/testkit/src"),
    ("desktop", "src-tauri/src"),
];

/// Modules that may lift `.clippy.toml`'s ban on reading the environment or on writing and replacing files, and why.
///
/// Tests may lift it for themselves (`#![cfg_attr(test, allow(clippy::disallowed_methods))]`), and the testkit is only tests.
const MAY_LIFT: &[(&str, &str)] = &[
    (
        "src-tauri/crates/app/src/stable.rs",
        "installs our own binary, not a person's file",
    ),
    (
        "src-tauri/crates/keychain/src/linux/address.rs",
        "finds the session bus where a client scrubbed the environment",
    ),
    (
        "src-tauri/crates/cli/src/log.rs",
        "moves a full log of ours aside",
    ),
    (
        "src-tauri/crates/cli/src/wire.rs",
        "reads the environment once for the command line",
    ),
    (
        "src-tauri/src/wire.rs",
        "reads the environment once for the window",
    ),
    (
        "src-tauri/src/renderer.rs",
        "chooses the renderer before anything else starts",
    ),
];

/// More than this is more than one concept.
const LONGEST: usize = 600;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One file of source: its path from the root, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The part that ships: without inline test modules.
    pub fn shipped(&self) -> &str {
        let at = ["#[cfg(test)]\nmod ", "#[cfg(test)]\n#[allow"]
            .iter()
            .filter_map(|start| self.text.find(start))
            .filter(|at| self.text[*at..].contains('{'))
            .filter(|at| !self.declares_only(*at))
            .min();
        &self.text[..at.unwrap_or(self.text.len())]
    }

    /// Whether the `#[cfg(test)]` at `at` is on a `mod name;`, whose text is in another file.
    fn declares_only(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        rest.find(';').unwrap_or(usize::MAX) < rest.find('{').unwrap_or(usize::MAX)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// Files under `dir` with one of the extensions, in order of their paths.
pub fn files(dir: &str, extensions: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    let mut left = vec![root().join(dir)];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !["node_modules", "dist", "target"]
                    .iter()
                    .any(|skip| path.ends_with(skip))
                {
                    left.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|e| extensions.iter().any(|x| e == *x))
            {
                found.push(read(&path));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn read(path: &PathBuf) -> File {
    let text = fs::read_to_string(path).unwrap();
    let path = path.strip_prefix(root()).unwrap();
    File {
        path: path.to_str().unwrap().replace('\\', "/"),
        text: text.replace("\r\n", "\n"),
    }
}

/// The files of a crate that ship.
pub fn shipped_files(dir: &str) -> Vec<File> {
    let mut files = files(dir, &["rs"]);
    files.retain(|file| !file.is_test());
    files
}

fn everything() -> Vec<File> {
    let mut all = files("src-tauri", &["rs", "sh", "py", "mjs", "toml", "sql"]);
    all.extend(files("ui", &["ts", "tsx", "css"]));
    all.extend(files("tests", &["rs"]));
    all
}

#[test]
fn nothing_is_left_open_or_switched_off() {
    // Put together here, so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("@ts-", "ignore"),
        concat!("eslint-", "disable"),
        concat!("it.", "skip("),
        concat!("it.", "only("),
        concat!("test.", "skip("),
        concat!("test.", "only("),
        concat!("describe.", "skip("),
        concat!("describe.", "only("),
    ];
    let mut found = Vec::new();
    for file in everything() {
        for (number, line) in file.text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_longer_than_one_concept() {
    let long: Vec<String> = everything()
        .iter()
        .filter(|file| !file.path.ends_with("generated.ts"))
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines, {LONGEST} at most"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_crate_says_what_it_is_for() {
    for (name, dir) in CRATES {
        let opening = ["lib.rs", "main.rs"]
            .iter()
            .map(|file| root().join(dir).join(file))
            .find(|path| path.exists())
            .map(|path| read(&path))
            .unwrap_or_else(|| panic!("{name}: no lib.rs or main.rs in {dir}"));
        let lines = opening
            .text
            .lines()
            .take_while(|line| line.starts_with("//!"));
        assert!(
            lines.count() >= 3,
            "{}: opens without saying what the crate is for, what it must never do and who may call it",
            opening.path
        );
    }
}

#[test]
fn only_named_modules_write_files_or_read_the_environment() {
    let mut lifted = Vec::new();
    for (name, dir) in CRATES.iter().filter(|(name, _)| *name != "testkit") {
        for file in shipped_files(dir) {
            let lifts = file
                .shipped()
                .lines()
                .filter(|line| !line.contains("cfg_attr(test,"))
                .any(|line| line.contains("clippy::disallowed_methods"));
            if lifts {
                lifted.push((file.path, *name));
            }
        }
    }
    for (path, name) in &lifted {
        assert!(
            MAY_LIFT.iter().any(|(may, _)| may == path),
            "{path} ({name}) lifts a ban of .clippy.toml and has no row in MAY_LIFT"
        );
    }
    for (path, _) in MAY_LIFT {
        assert!(
            lifted.iter().any(|(p, _)| p == path),
            "{path} lifts no ban any more: delete its row in MAY_LIFT"
        );
    }
}

#[test]
fn test_modules_are_told_from_what_ships() {
    let file = |text: &str| File {
        path: "x.rs".into(),
        text: text.into(),
    };
    assert_eq!(
        file("fn a() {}\n#[cfg(test)]\nmod tests { }").shipped(),
        "fn a() {}\n"
    );
    let declared = "#[cfg(test)]\nmod tests;\nfn a() {}";
    assert_eq!(file(declared).shipped(), declared);
}
