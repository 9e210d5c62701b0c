//! The keychain against a real daemon.
#![allow(clippy::unwrap_used)]

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;
