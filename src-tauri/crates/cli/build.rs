//! Puts the code that carries traffic side by side in the released program.

use std::env;

#[allow(clippy::disallowed_methods)] // Cargo talks to build scripts through the environment.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=carried.ld");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|found| found == wanted);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("PROFILE", "release") {
        let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{here}/carried.ld");
    }
}
