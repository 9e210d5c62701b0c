//! What each system's module provides.

use std::time::{Duration, Instant};

use keystow_core::Secret;
use keystow_core::keychain::KeychainError;

/// When whoever asked stops listening.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until {
    at: Instant,
    limit: Duration,
}

impl Until {
    pub(crate) fn after(limit: Duration) -> Self {
        Self {
            at: Instant::now() + limit,
            limit,
        }
    }

    pub(crate) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    pub(crate) fn timed_out(&self) -> KeychainError {
        KeychainError::TimedOut {
            limit_ms: u64::try_from(self.limit.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// To be asked before anything is changed, so that a call given up changes nothing behind its caller's back.
    pub(crate) fn check(&self) -> Result<(), KeychainError> {
        if self.left().is_zero() {
            Err(self.timed_out())
        } else {
            Ok(())
        }
    }
}

/// A secret store as its one thread uses it. Calls may hang; that is the attendant's concern.
pub(crate) trait Store {
    fn set(&mut self, account: &str, secret: &Secret, until: Until) -> Result<(), KeychainError>;

    /// `None` only where an unlocked store has no such item.
    fn get(&mut self, account: &str, until: Until) -> Result<Option<Secret>, KeychainError>;

    fn delete(&mut self, account: &str, until: Until) -> Result<(), KeychainError>;

    /// Connects, where that takes time. What goes wrong is told by the first call that is meant.
    fn prepare(&mut self, _until: Until) {}

    /// Whether the store is there and unlocked, without a prompt.
    fn check(&mut self, until: Until) -> Result<(), KeychainError>;
}
