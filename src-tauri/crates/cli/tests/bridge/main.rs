//! The real `keystow bridge` between a client on pipes and servers that misbehave: its life, what it holds in memory, what it
//! needs of the network, and hours of bad luck in little time.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods)] // tests lay files of their own

mod chaos;
mod client;
mod large;
mod life;
mod memory;
mod network;
mod server;
mod start;
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../it/support.rs"]
mod support;
mod tls;
