//! Real HTTP against servers on this computer: ones that misbehave, and the local workspace itself.
#![allow(clippy::unwrap_used, missing_docs)]

mod answers;
mod connections;
mod dialects;
mod faults;
mod keys;
mod local;
mod manners;
mod oauth;
mod password;
mod proof;
mod scripted;
mod server;
mod verify;
