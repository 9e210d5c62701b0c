//! oCore's routes, which the local workspace speaks too.

mod changes;
mod created;
mod dto;
mod keys;
mod sign_in;
mod usage;

use crate::Remote;

/// A workspace that speaks oCore's routes.
#[derive(Clone)]
pub(crate) struct Ocore {
    pub(crate) remote: Remote,
}
