//! Compiles the window's access list: every row of the command table may be called by the main window, and nothing else.
//!
//! Tauri refuses commands that no permission names. Those permissions are written here, from the one table of commands, so
//! that a new command is still one row in one place.
#![allow(clippy::disallowed_methods)] // cargo talks to build scripts through the environment and a directory of theirs

use std::path::Path;
use std::{env, fs};

/// The table of commands, relative to the package root. The `app` crate cannot be linked here: it would be built twice.
const TABLE: &str = "src-tauri/crates/app/src/contract.rs";

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed={TABLE}");

    let table = fs::read_to_string(TABLE).expect("the table of commands is part of the source");
    let commands = command_names(&table);
    assert!(!commands.is_empty(), "{TABLE}: no command found");

    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let file = Path::new(&out).join("commands.toml");
    fs::write(&file, permissions(&commands)).expect("OUT_DIR can be written");

    let manifest = tauri_build::AppManifest::new()
        .permissions_path_pattern(escape_glob(&file.display().to_string()).leak());
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/*.json")
            .app_manifest(manifest),
    )
    .expect("the configuration, capabilities and permissions of the window fit together");
}

/// The names in rows such as `keys_show(KeyRequest) -> KeyView, invalidates [];`.
fn command_names(table: &str) -> Vec<&str> {
    table
        .lines()
        .filter(|line| line.contains("->") && line.contains(", invalidates ["))
        .filter_map(|line| line.trim_start().split_once('('))
        .map(|(name, _)| name)
        .filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .collect()
}

/// One permission for each command, and the set of them all that the window's capability names.
fn permissions(commands: &[&str]) -> String {
    let allow = |command: &str| format!("allow-{}", command.replace('_', "-"));
    let mut toml = String::new();
    for command in commands {
        toml.push_str(&format!(
            "[[permission]]\nidentifier = \"{}\"\ndescription = \"Calls {command}.\"\ncommands.allow = [\"{command}\"]\n\n",
            allow(command),
        ));
    }
    let all: Vec<String> = commands.iter().map(|command| allow(command)).collect();
    toml.push_str(&format!(
        "[[set]]\nidentifier = \"every-command\"\ndescription = \"Calls any command of the table.\"\npermissions = {all:?}\n",
    ));
    toml
}

/// A path as a glob pattern that matches nothing but it.
fn escape_glob(path: &str) -> String {
    path.chars()
        .map(|c| match c {
            '?' | '*' | '[' | ']' => format!("[{c}]"),
            _ => c.to_string(),
        })
        .collect()
}
