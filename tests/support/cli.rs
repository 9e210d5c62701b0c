//! The `keystow` program of this build.

use std::path::PathBuf;
use std::process::Output;

use keystow_testkit::World;
use serde_json::Value;

/// Where it is: beside the window's program, as it is installed.
pub fn program() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_keystow-desktop"))
        .with_file_name(format!("keystow{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "build the workspace's binaries first: cargo build --workspace --bins"
    );
    path
}

/// Runs it; panics with all it said unless it ends with 0.
pub fn run(world: &World, args: &[&str]) -> String {
    let output = attempt(world, args);
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "keystow {} ended with {}\n{}\n{}",
        args.join(" "),
        output.status,
        said(&output.stdout),
        said(&output.stderr)
    );
    said(&output.stdout)
}

/// The same, with its answer in JSON.
pub fn json(world: &World, args: &[&str]) -> Value {
    let text = run(world, args);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("keystow {}: {error}\n{text}", args.join(" ")))
}

/// Runs it, however it ends.
pub fn attempt(world: &World, args: &[&str]) -> Output {
    world
        .command(program())
        .args(args)
        .output()
        .expect("keystow starts")
}
