//! Journeys through the real window: with the real local workspace, keychain and settings files, driven as a person would.
//!
//! Few and long, a world each. What every page and dialog looks like is gone through once, in `looks`: axe in both themes, twice the
//! size, and pictures in `target/screens/`.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

#[path = "../support/cli.rs"]
#[allow(dead_code)] // the tour uses the rest
mod cli;
#[path = "../support/mcp.rs"]
mod mcp;
#[path = "../support/settings.rs"]
mod settings;
#[path = "../support/stowed.rs"]
#[allow(dead_code)] // the canary reads
mod stowed;
#[path = "../support/window.rs"]
#[allow(dead_code)] // the tour uses the rest
mod window;

mod drift;
mod first_run;
mod keyboard;
mod life;
mod locked;
mod looks;
mod many;
mod screens;
mod second;
mod server;
