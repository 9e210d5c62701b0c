//! The local workspace: a server of our own with sign-in, API keys and an MCP endpoint, all in one data directory.
//!
//! It is a real server that happens to run on this computer: passwords, tokens and keys are kept as hashes, scopes and MCP
//! permissions are enforced, and a revoked key fails on its next request. It binds to loopback only, takes nothing from a
//! foreign `Host` or `Origin`, and never opens a connection of its own: there is no HTTP client in here.
//!
//! The command line runs it with [`serve`]; whoever needs it running (window, command line, bridge) asks a [`Launcher`].
//! One instance serves a data directory; `workspace/server.lock` in it is held for life.

mod accounts;
mod clock;
mod db;
mod error;
mod grants;
mod http;
mod idle;
mod instance;
mod keys;
mod launch;
mod live;
mod mcp;
mod organizations;
mod private;
mod random;
mod seed;
mod serve;
mod state;
mod throttle;
mod totp;
mod usage;

pub use accounts::owner_exists;
pub use error::ServeError;
pub use instance::{WINDOW_LOCK, window_is_open};
pub use launch::Launcher;
#[doc(hidden)]
pub use seed::seed;
pub use serve::{Config, Running, serve};

/// Login of the account that owns the local workspace.
pub const OWNER_LOGIN: &str = "owner@keystow.local";

/// The directory inside Keystow's data directory that holds everything of the local workspace.
pub fn directory(data: &std::path::Path) -> std::path::PathBuf {
    data.join("workspace")
}
