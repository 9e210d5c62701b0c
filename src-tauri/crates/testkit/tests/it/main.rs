//! Proves that the test kit does what tests rely on.
#![allow(clippy::unwrap_used)]

#[cfg(target_os = "linux")]
mod world;
