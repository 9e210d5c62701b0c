//! Proves that the test kit does what tests rely on.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests of what makes homes for tests"
)]

mod canary;
mod fault_proxy;
#[cfg(target_os = "linux")]
mod world;
