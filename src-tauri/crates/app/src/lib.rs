//! Keystow's use cases: what the window and the CLI do, over the traits of `keystow-core`.
//!
//! Owns the store (SQLite), the journal, the writing of settings files, and the wording of errors; one handler per row of the
//! command table in [`contract`]. It never talks HTTP or to a keychain by itself, never reads the environment, and links neither
//! Tauri nor clap. Handlers block: hosts call them on threads that may.

pub mod contract;
mod typescript;

pub use typescript::{NAMES, typescript};
