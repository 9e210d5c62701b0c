//! The one thread that talks to the secret store, and the limit on how long anybody waits for it.
//!
//! Secret store libraries block, may hang in a system call and must not be entered from an async runtime. So calls queue up for
//! one thread. When that thread does not come back in time it is given up: the caller gets its error, a fresh thread with a
//! fresh connection serves the queue, and the lost one ends (or takes over again) when its call returns at last. At most
//! [`MAX_THREADS`] exist at any time, so a store that hangs for hours costs no more than that.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use keystow_core::keychain::KeychainError;

use crate::store::{Store, Until};

const MAX_THREADS: usize = 4;

type Work = Box<dyn FnOnce(&mut dyn Store) + Send>;

struct Job {
    id: u64,
    until: Until,
    work: Work,
    /// Somebody waits for it. What is only begun is for a call that follows.
    asked: bool,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    last_job: u64,
    /// Threads alive, also those given up.
    threads: usize,
    /// Which thread serves the queue, by number; `None` while there is none.
    serving: Option<u64>,
    last_thread: u64,
    /// The job that the serving thread works on, and when nobody waits for it any more.
    at_work: Option<(u64, Until)>,
    closed: bool,
}

struct Desk {
    limit: Duration,
    /// A thread to which nothing came for so long after a call ends, and its handle with it.
    rest: Option<Duration>,
    open: Box<dyn Fn() -> Box<dyn Store> + Send + Sync>,
    state: Mutex<State>,
    changed: Condvar,
}

/// Serves calls to one secret store.
pub(crate) struct Attendant(Arc<Desk>);

impl Attendant {
    /// `open` makes the store's handle on the thread that will use it; it must not block. After a call, thread and handle are kept
    /// for the next one for as long as `rest` says, or for good.
    pub(crate) fn new(
        limit: Duration,
        rest: Option<Duration>,
        open: impl Fn() -> Box<dyn Store> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Desk {
            limit,
            rest,
            open: Box::new(open),
            state: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// Has `work` done and waits for its result, at most for the limit.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Store, Until) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let until = Until::after(self.0.limit);
        let (reply, answer) = sync_channel(1);
        let id = self.0.hire(Job {
            id: 0,
            until,
            work: Box::new(move |store| answer_with(&reply, work, store, until)),
            asked: true,
        })?;
        match answer.recv_timeout(until.left()) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => {
                self.0.give_up(id);
                // It may have come in while we took the lock.
                answer.try_recv().unwrap_or_else(|_| Err(until.timed_out()))
            }
            // Dropped without an answer: its time was up before its turn came.
            Err(RecvTimeoutError::Disconnected) => Err(until.timed_out()),
        }
    }

    /// Has `work` done and waits for nothing.
    pub(crate) fn begin(&self, work: impl FnOnce(&mut dyn Store, Until) + Send + 'static) {
        let until = Until::after(self.0.limit);
        // Where no thread can be had, whoever asks next is told.
        let _ = self.0.hire(Job {
            id: 0,
            until,
            work: Box::new(move |store| work(store, until)),
            asked: false,
        });
    }
}

impl Drop for Attendant {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

fn answer_with<T>(
    reply: &SyncSender<Result<T, KeychainError>>,
    work: impl FnOnce(&mut dyn Store, Until) -> Result<T, KeychainError>,
    store: &mut dyn Store,
    until: Until,
) {
    match catch_unwind(AssertUnwindSafe(|| work(store, until))) {
        // A caller that gave up has no ear left.
        Ok(result) => drop(reply.try_send(result)),
        Err(panic) => {
            let _ = reply.try_send(Err(KeychainError::Failed {
                detail: "the keychain library panicked".to_owned(),
            }));
            std::panic::resume_unwind(panic);
        }
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job into the queue and sees to it that a thread serves it.
    fn hire(self: &Arc<Self>, mut job: Job) -> Result<u64, KeychainError> {
        let mut state = self.lock();
        state.last_job += 1;
        let id = state.last_job;
        job.id = id;
        state.queue.push_back(job);
        let served = self.ensure_served(&mut state);
        if served.is_err() {
            state.queue.retain(|job| job.id != id);
        }
        drop(state);
        self.changed.notify_one();
        served.map(|()| id)
    }

    fn ensure_served(self: &Arc<Self>, state: &mut State) -> Result<(), KeychainError> {
        if state.serving.is_some() || state.threads >= MAX_THREADS {
            return Ok(());
        }
        let number = state.last_thread + 1;
        let desk = Arc::clone(self);
        std::thread::Builder::new()
            .name("keystow-keychain".to_owned())
            .spawn(move || desk.serve(number))
            .map_err(|error| KeychainError::Failed {
                detail: format!("no thread could be started: {error}"),
            })?;
        state.last_thread = number;
        state.serving = Some(number);
        state.threads += 1;
        Ok(())
    }

    /// Takes a job whose caller waited in vain out of the queue, or replaces the thread that is stuck in it.
    fn give_up(self: &Arc<Self>, id: u64) {
        let mut state = self.lock();
        state.queue.retain(|job| job.id != id);
        let is_stuck = |(job, until): (u64, Until)| job == id || until.left().is_zero();
        if state.at_work.is_some_and(is_stuck) {
            tracing::warn!("the keychain hangs; its thread is replaced");
            state.at_work = None;
            state.serving = None;
            if !state.queue.is_empty() {
                // Where no thread can be had, the callers in the queue run into their own limits.
                let _ = self.ensure_served(&mut state);
            }
        }
    }

    fn serve(self: Arc<Self>, mut number: u64) {
        let mut store = (self.open)();
        let mut asked = false;
        while let Some(job) = self.next(&mut number, asked) {
            asked = job.asked;
            if job.until.left().is_zero() {
                continue;
            }
            let work = job.work;
            let unharmed = catch_unwind(AssertUnwindSafe(|| work(&mut *store))).is_ok();
            let given_up = self.lock().serving != Some(number);
            if given_up || !unharmed {
                store = self.reopen(store);
            }
        }
    }

    /// A handle that panicked or hung is not used again; it must not take the thread with it, either.
    fn reopen(&self, store: Box<dyn Store>) -> Box<dyn Store> {
        let _: Result<(), Box<dyn Any + Send>> = catch_unwind(AssertUnwindSafe(|| drop(store)));
        (self.open)()
    }

    /// The next job for the thread `number`, or `None` when it is to end, as it does when nothing comes after what was `asked`. A
    /// thread that was given up serves on (under a new number) where nobody took its place.
    fn next(&self, number: &mut u64, asked: bool) -> Option<Job> {
        let rest = self.rest.filter(|_| asked);
        let since = Instant::now();
        let mut state = self.lock();
        loop {
            if state.serving.is_none() {
                state.last_thread += 1;
                *number = state.last_thread;
                state.serving = Some(*number);
            }
            if state.serving != Some(*number) {
                state.threads -= 1;
                return None;
            }
            state.at_work = None;
            if let Some(job) = state.queue.pop_front() {
                state.at_work = Some((job.id, job.until));
                return Some(job);
            }
            let left = rest.map(|rest| rest.saturating_sub(since.elapsed()));
            if state.closed || left.is_some_and(|left| left.is_zero()) {
                state.threads -= 1;
                state.serving = None;
                return None;
            }
            state = match left {
                Some(left) => {
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.changed.wait(state);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
