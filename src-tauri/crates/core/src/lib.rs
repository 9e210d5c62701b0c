//! Keystow's domain: what a key, a provider, an AI client, a document and a plan are, and the rules between them.
//!
//! Everything here is pure. This crate never opens a file or a socket, never asks the keychain, the clock or the
//! environment, and links neither SQLite nor Tauri; hosts hand it [`Paths`] and the current time. Every other crate of the
//! product may call it; it calls none of them. The traits in [`keychain`], [`remote`] and [`local`] are the doors through which
//! the `app` crate reaches the outside world: hosts (window, CLI) put the real things behind them.

mod cancel;
pub mod clients;
pub mod clipboard;
mod clock;
pub mod deep_link;
pub mod edit;
mod id;
pub mod key;
pub mod keychain;
pub mod local;
mod loopback;
mod paths;
pub mod plan;
pub mod provider;
pub mod remote;
pub mod rotation;
pub mod seal;
mod secret;

pub use cancel::Cancel;
pub use clock::Clock;
pub use id::{
    AttemptId, ChangeId, ClientId, ConnectionId, KeyId, PlanId, ProviderId, RotationId, ServerId,
    WorkspaceId,
};
pub use loopback::is_loopback;
pub use paths::{Paths, System, WindowsSide};
pub use secret::Secret;
