//! What tests need of the outside world, real and private: a home directory, a session bus, an unlocked keychain daemon, a
//! display, a proxy that fails on purpose and a search for secrets that leaked.
//!
//! For tests only: no product crate depends on this one outside `[dev-dependencies]`. Nothing here touches the real home, the
//! real bus or this process's environment; a test gets all of it from a [`World`] and hands it on explicitly.
#![allow(clippy::unwrap_used)]
#![allow(
    clippy::disallowed_methods,
    reason = "makes environments and homes for tests, where a crash harms nobody's files"
)]

mod canary;
mod fault_proxy;
mod totp;
mod world;

#[cfg(target_os = "linux")]
pub use canary::Watch;
pub use canary::{Canary, Encoding, Leak};
pub use fault_proxy::{Fault, FaultProxy};
pub use totp::one_time_code;
pub use world::{World, eventually};
