//! The whole loop on the real programs: the window, the command line, the bridge, the local workspace and the keychain.
//!
//! Few and long, because they prove wiring; the rules are tested where they stand.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

#[path = "../support/cli.rs"]
mod cli;
#[path = "../support/mcp.rs"]
mod mcp;
#[path = "../support/settings.rs"]
mod settings;
#[path = "../support/stowed.rs"]
mod stowed;
#[path = "../support/window.rs"]
#[allow(dead_code)] // the tour uses the rest
mod window;

mod idle;
mod leaving;
mod links;
mod notices;
mod plaintext;
mod tray;

/// Keeps what a dialog looks like, beside the other pictures of the window.
fn picture(window: &window::Window, name: &str) {
    window.settles();
    let screens = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screens");
    window.picture(&screens.join(format!("{name}.png")));
}
