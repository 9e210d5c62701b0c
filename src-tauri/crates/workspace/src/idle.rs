//! Knowing when nobody needs the server any more.

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::db::off_the_runtime;
use crate::instance::Windows;
use crate::state::State;
use crate::{Config, directory, instance};

/// The longest we look away while something keeps us up.
const GLANCE: Duration = Duration::from_secs(5);

/// Requests under way, and when the last one ended.
#[derive(Clone, Debug)]
pub(crate) struct Activity(Arc<Mutex<Counted>>);

#[derive(Debug)]
struct Counted {
    under_way: usize,
    last: Instant,
}

impl Default for Activity {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Counted {
            under_way: 0,
            last: Instant::now(),
        })))
    }
}

impl Activity {
    /// Counts a request for as long as the guard lives; it goes with the response's body.
    pub(crate) fn begin(&self) -> Busy {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .under_way += 1;
        Busy(self.clone())
    }

    /// For how long nothing has happened; `None` while something is under way.
    fn quiet(&self) -> Option<Duration> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (counted.under_way == 0).then(|| counted.last.elapsed())
    }
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Busy(Activity);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut counted = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.under_way -= 1;
        counted.last = Instant::now();
    }
}

/// Resolves when the server was idle for long enough and no window is open. What it gives is the window lock, where it
/// counts: while it is kept, no window opens unnoticed.
pub(crate) async fn wait(state: &State, config: &Config) -> Option<File> {
    let Some(limit) = config.idle_exit else {
        return std::future::pending().await;
    };
    let place = directory(&config.data);
    loop {
        let wait = match state.activity.quiet() {
            None => limit.min(GLANCE),
            Some(quiet) if quiet < limit => limit - quiet,
            Some(_) if !config.window_lock => return None,
            Some(_) => {
                let place = place.clone();
                match off_the_runtime(move || instance::windows(&place)).await {
                    // Somebody may have come while we looked.
                    Windows::None(lock) if state.activity.quiet() >= Some(limit) => return lock,
                    Windows::None(_) | Windows::Open => limit.min(GLANCE),
                }
            }
        };
        tokio::time::sleep(wait).await;
    }
}
