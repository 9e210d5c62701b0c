//! The keychain against a real daemon.
#![allow(clippy::unwrap_used)]

#[cfg(target_os = "linux")]
mod linux;
