//! Locks between Keystow's own processes: files under `locks/` in the data directory, released by the kernel when a process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::AppError;
use crate::files::FileError;

/// A held lock; dropping it releases it.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code)] File);

/// Waits up to `limit` for the lock `name`.
pub(crate) fn take(data: &Path, name: &str, limit: Duration) -> Result<Lock, AppError> {
    let started = Instant::now();
    loop {
        if let Some(lock) = try_take(data, name)? {
            return Ok(lock);
        }
        if started.elapsed() >= limit {
            return Err(AppError::Busy {
                what: name.replace('-', " "),
            });
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Takes the lock `name` if nobody holds it.
pub(crate) fn try_take(data: &Path, name: &str) -> Result<Option<Lock>, AppError> {
    let dir = data.join("locks");
    let path = dir.join(format!("{name}.lock"));
    let failed = |source| FileError::at(&path, source);
    std::fs::create_dir_all(&dir).map_err(failed)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source).into()),
    }
}
