use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Rings when something changed; whoever looked before it rang need not wait.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<u64>,
    heard: Condvar,
}

impl Bell {
    /// Something changed.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.heard.notify_all();
    }

    /// How often it rang, to wait from here on.
    pub fn count(&self) -> u64 {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it rang more often than `count`, or the time is over; `None`: for as long as it takes.
    pub fn wait_after(&self, count: u64, most: Option<Duration>) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = |rung: &mut u64| *rung == count;
        match most {
            Some(most) => drop(self.heard.wait_timeout_while(rung, most, silent)),
            None => drop(self.heard.wait_while(rung, silent)),
        }
    }
}
