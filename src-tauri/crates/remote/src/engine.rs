use std::future::Future;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

/// A runtime on a thread of its own. Waiting for its tasks never enters the runtime, so any thread may wait and any thread may
/// drop it, also one that belongs to another runtime.
pub(crate) struct Engine {
    handle: Handle,
    /// Dropping it ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Engine {
    pub(crate) fn start() -> io::Result<Self> {
        let (ready, started) = sync_channel(1);
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new()
            .name("keystow-remote".to_owned())
            .spawn(
                move || match Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => {
                        if ready.send(Ok(runtime.handle().clone())).is_ok() {
                            let _ = runtime.block_on(stopped);
                        }
                        // A name lookup that hangs must not keep the thread.
                        runtime.shutdown_background();
                    }
                    Err(error) => {
                        let _ = ready.send(Err(error));
                    }
                },
            )?;
        let handle = started
            .recv()
            .map_err(|_| io::Error::other("it ended at once"))??;
        Ok(Self {
            handle,
            _stop: stop,
        })
    }

    /// Starts a task; dropping what comes back aborts it.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Pending<T> {
        let (done, result) = sync_channel(1);
        let task = self.handle.spawn(async move {
            let _ = done.send(work.await);
        });
        Pending {
            result,
            task: task.abort_handle(),
        }
    }
}

/// A task under way.
pub(crate) struct Pending<T> {
    result: Receiver<T>,
    task: AbortHandle,
}

/// What waiting for a task for a while came to.
pub(crate) enum Waited<T> {
    Done(T),
    NotYet,
    /// The task ended without a result.
    Lost,
}

impl<T> Pending<T> {
    /// Blocks until the task is through; `None` when it ended without a result.
    pub(crate) fn wait(self) -> Option<T> {
        self.result.recv().ok()
    }

    /// Blocks for at most `limit`.
    pub(crate) fn wait_for(&self, limit: Duration) -> Waited<T> {
        match self.result.recv_timeout(limit) {
            Ok(result) => Waited::Done(result),
            Err(RecvTimeoutError::Timeout) => Waited::NotYet,
            Err(RecvTimeoutError::Disconnected) => Waited::Lost,
        }
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn works_and_drops_inside_an_async_task() {
        let outer = Builder::new_multi_thread().enable_all().build().unwrap();
        let answer = outer.block_on(async {
            tokio::spawn(async {
                let engine = Engine::start().unwrap();
                engine.spawn(async { 42 }).wait()
            })
            .await
            .unwrap()
        });
        assert_eq!(answer, Some(42));
    }

    #[test]
    fn a_task_that_panics_is_lost_and_the_engine_goes_on() {
        let engine = Engine::start().unwrap();
        let lost: Option<()> = engine
            .spawn(async { std::panic::resume_unwind(Box::new("on purpose")) })
            .wait();
        assert_eq!(lost, None);
        assert_eq!(engine.spawn(async { 1 }).wait(), Some(1));
    }
}
