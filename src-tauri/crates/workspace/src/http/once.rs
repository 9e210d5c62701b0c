//! What is kept in memory for a short while under a token only one program or page has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::random::{self, Hash};

/// How many are kept at most; the oldest go first.
const MOST: usize = 200;

/// Things under the hashes of their tokens, for so long and no longer.
pub(super) struct Once<T> {
    life: Duration,
    kept: Mutex<HashMap<Hash, (Instant, T)>>,
}

impl<T> Once<T> {
    pub(super) fn new(life: Duration) -> Self {
        Self {
            life,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, (Instant, T)>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (made, _)| made.elapsed() < self.life);
        kept
    }

    /// Keeps something and gives the token it is under.
    pub(super) fn keep(&self, prefix: &str, thing: T) -> String {
        let token = random::token(prefix);
        let mut kept = self.kept();
        while kept.len() >= MOST {
            let oldest = kept.iter().min_by_key(|(_, (made, _))| *made);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else {
                break;
            };
            kept.remove(&oldest);
        }
        kept.insert(random::hash(&token), (Instant::now(), thing));
        token
    }

    /// Takes it out; nobody gets it again.
    pub(super) fn take(&self, token: &str) -> Option<T> {
        self.kept()
            .remove(&random::hash(token))
            .map(|(_, thing)| thing)
    }

    /// Whether something is under a token.
    pub(super) fn has(&self, token: &str) -> bool {
        self.kept().contains_key(&random::hash(token))
    }

    /// Forgets what is too old.
    pub(super) fn prune(&self) {
        drop(self.kept());
    }
}
