//! The real `keystow`, each time with a home, a session bus and a keychain of its own.
//!
//! The programs of a Linux desktop stand in for the person's session, so all of it runs there; the Windows program is taken
//! through the same loop under wine.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods)] // tests lay people's files

mod bad_input;
mod bridge;
mod canary;
mod care;
mod clipboard;
mod deep_links;
mod disk;
mod drift;
mod environment;
mod exec;
mod headers;
mod kills;
mod links;
mod loop_of_three;
mod pasted;
mod rotation;
mod safety;
mod scrubbed;
mod sdk;
mod settings;
mod stub;
mod support;
mod terminal;
mod uninstall;
mod walks;
mod words;
mod workspace;
