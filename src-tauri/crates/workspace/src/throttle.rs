//! So many tries a minute, and no more.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

/// Counts tries of the last minute.
#[derive(Debug)]
pub(crate) struct Throttle {
    most: usize,
    tries: Mutex<VecDeque<Instant>>,
}

impl Throttle {
    /// Lets `most` tries pass in any minute.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            tries: Mutex::default(),
        }
    }

    /// Counts a try before it is made, so that many at once count too.
    ///
    /// # Errors
    /// How many seconds to wait when there were too many.
    pub(crate) fn begin(&self) -> Result<(), u64> {
        let now = Instant::now();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        while tries
            .front()
            .is_some_and(|t| now.duration_since(*t) >= MINUTE)
        {
            tries.pop_front();
        }
        match tries.front() {
            Some(oldest) if tries.len() >= self.most => {
                let wait = MINUTE.saturating_sub(now.duration_since(*oldest));
                Err(wait.as_secs().max(1))
            }
            _ => {
                tries.push_back(now);
                Ok(())
            }
        }
    }

    /// Takes the latest try back: it was no failure.
    pub(crate) fn forgive(&self) {
        self.tries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_failures_only() {
        let throttle = Throttle::new(2);
        for _ in 0..5 {
            assert_eq!(throttle.begin(), Ok(()));
            throttle.forgive();
        }
        assert_eq!(throttle.begin(), Ok(()));
        assert_eq!(throttle.begin(), Ok(()));
        assert!(throttle.begin().is_err_and(|wait| (1..=60).contains(&wait)));
    }
}
