//! Keystow's use cases: what the window and the CLI do, over the traits of `keystow-core`.
//!
//! Owns the store (SQLite), the journal, the writing of settings files, and the wording of errors; one handler per row of the
//! command table in [`contract`]. It never talks HTTP or to a keychain by itself, never reads the environment, and links neither
//! Tauri nor clap. Handlers block: hosts call them on threads that may.

mod app;
mod autostart;
mod bell;
mod capable;
mod clipboard;
mod connect;
pub mod contract;
pub mod credential;
mod describe;
mod drift;
mod error;
mod files;
pub mod handlers;
mod keys;
pub mod links;
mod lock;
mod look;
mod notices;
mod own;
mod owner;
mod places;
mod qr;
mod random;
mod reach;
mod removal;
mod rotation;
mod running;
mod session;
mod stable;
mod steps;
mod store;
mod stow;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod testing;
mod traces;
mod tray;
mod trim;
mod typescript;
mod version;
mod watch;

pub use app::{App, Doors};
pub use autostart::AT_LOGIN;
pub use clipboard::ClipboardHolder;
pub use describe::{describe, exit_code};
pub use error::AppError;
pub use files::FileError;
pub use keys::ExpiryNotice;
pub use notices::{Lead, Notice};
pub use owner::local_owner_password;
pub use store::StoreError;
pub use tray::TrayLines;
pub use trim::{let_go_of_starting_code, share_one_heap};
pub use typescript::{NAMES, catalogue, typescript};
pub use watch::{News, Nudge, Topics, Watch};
