//! The locks that clients take when they write their own settings: we hold them for the moment in which a file is replaced.
//!
//! A directory or file that stands for a lock looks the same whoever made it. So that one of ours can be told after a crash, a note
//! in our data directory says which are being taken; only one process of ours writes settings files at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use keystow_core::clients::ClientLock;
use serde::{Deserialize, Serialize};

use super::{FileError, private_dir};
use crate::steps;

/// How much longer than a lock can be left over we wait for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a lock of a kind that cannot be left over is waited for.
const FLOCK_WAIT: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 5000 });
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
/// A lock is made right after the note about it. One that is younger than the note by more is somebody else's.
const RIGHT_AFTER: Duration = Duration::from_secs(1);

/// The locks of one settings file.
#[derive(Debug)]
pub(crate) struct ClientLocks<'a> {
    /// Our data directory, for the note.
    pub data: &'a Path,
    /// The client, for people.
    pub client: &'a str,
    /// Which; each once.
    pub locks: Vec<ClientLock>,
}

/// Held locks; dropping releases them.
#[derive(Debug)]
pub(crate) struct Held {
    // In this order: the note goes last.
    locks: Vec<HeldLock>,
    note: Option<Note>,
}

#[derive(Debug)]
enum HeldLock {
    Directory { path: PathBuf, made: SystemTime },
    Flock { _file: File, made: Option<PathBuf> },
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        match self {
            // A client that took us for dead has put its own in the place of ours.
            Self::Directory { path, made } => {
                if modified(path) == Some(*made) {
                    let _ = fs::remove_dir(path);
                }
            }
            // Still locked: whoever waits for it sees that it is gone, or tries again.
            Self::Flock { made, .. } => {
                if let Some(path) = made {
                    let _ = fs::remove_file(path);
                }
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.locks.clear();
        if let Some(note) = self.note.take() {
            note.remove();
        }
    }
}

impl ClientLocks<'_> {
    /// Takes the locks, waiting for a client that writes just now. A lock whose directory is not there cannot be held by anybody.
    ///
    /// # Errors
    /// [`FileError::ClientBusy`] when the client does not let go of one.
    pub fn take(&self) -> Result<Held, FileError> {
        let mut held = Held {
            locks: Vec::new(),
            note: None,
        };
        for lock in &self.locks {
            let path = match lock {
                ClientLock::Directory { path, .. } | ClientLock::Flock { path } => path,
            };
            let note = match held.note.take() {
                Some(note) => note.with(path),
                None => Note::of(self.data, path),
            };
            let note = held.note.insert(note);
            let taken = match lock {
                ClientLock::Directory { path, stale_after } => directory(path, *stale_after, note),
                ClientLock::Flock { path } => flock(path, note),
            };
            match taken {
                Ok(Some(lock)) => held.locks.push(lock),
                Ok(None) => {}
                Err(Refusal::Busy) => {
                    return Err(FileError::ClientBusy {
                        client: self.client.to_owned(),
                        lock: path.clone(),
                    });
                }
                Err(Refusal::Failed(source)) => return Err(FileError::at(path, source)),
            }
        }
        Ok(held)
    }
}

/// Why a lock was not taken.
enum Refusal {
    Busy,
    Failed(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// `mkdir`, as proper-lockfile does it: one whose time has not moved for `stale_after` is left over from somebody who died.
fn directory(path: &Path, stale_after: Duration, note: &Note) -> Result<Option<HeldLock>, Refusal> {
    let mut pause = Pause::until(stale_after + PATIENCE);
    let mut seen: Option<(SystemTime, Instant)> = None;
    loop {
        note.write()?;
        steps::reached("lock noted");
        match fs::create_dir(path) {
            Ok(()) => {
                steps::reached("lock made");
                let made = modified(path)
                    .ok_or(ErrorKind::NotFound)
                    .map_err(io::Error::from)?;
                return Ok(Some(HeldLock::Directory {
                    path: path.to_owned(),
                    made,
                }));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let Some(time) = modified(path) else { continue };
        let since = match seen {
            Some((before, since)) if before == time => since,
            _ => Instant::now(),
        };
        seen = Some((time, since));
        // A clock that was put back makes times of the future.
        let age = SystemTime::now().duration_since(time).unwrap_or_default();
        if (age > stale_after || since.elapsed() > stale_after) && fs::remove_dir(path).is_ok() {
            continue;
        }
        if !pause.wait() {
            return Err(Refusal::Busy);
        }
    }
}

/// `flock(2)`, on a file that goes again if it was not there.
fn flock(path: &Path, note: &Note) -> Result<Option<HeldLock>, Refusal> {
    let there = path.exists();
    note.write()?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    steps::reached("lock made");
    let mut pause = Pause::until(FLOCK_WAIT);
    loop {
        match file.try_lock() {
            Ok(()) => {
                return Ok(Some(HeldLock::Flock {
                    _file: file,
                    made: (!there).then(|| path.to_owned()),
                }));
            }
            Err(TryLockError::WouldBlock) if pause.wait() => {}
            Err(TryLockError::WouldBlock) => return Err(Refusal::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Growing pauses, up to a limit.
struct Pause {
    end: Instant,
    next: Duration,
}

impl Pause {
    fn until(limit: Duration) -> Self {
        Self {
            end: Instant::now() + limit,
            next: Duration::from_millis(5),
        }
    }

    /// `false`: time is up.
    fn wait(&mut self) -> bool {
        if Instant::now() >= self.end {
            return false;
        }
        std::thread::sleep(self.next);
        self.next = (self.next * 2).min(LONGEST_PAUSE);
        true
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::symlink_metadata(path).ok()?.modified().ok()
}

/// Which locks are being taken, for the next start after a crash.
#[derive(Debug)]
struct Note {
    place: PathBuf,
    text: NoteText,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct NoteText {
    locks: Vec<PathBuf>,
}

fn note_in(data: &Path) -> PathBuf {
    data.join("locks").join("taken-from-clients.json")
}

impl Note {
    fn of(data: &Path, lock: &Path) -> Self {
        Self {
            place: note_in(data),
            text: NoteText::default(),
        }
        .with(lock)
    }

    fn with(mut self, lock: &Path) -> Self {
        self.text.locks.push(lock.to_owned());
        self
    }

    /// Its time tells which locks are ours, so it is written anew before each try.
    fn write(&self) -> io::Result<()> {
        private_dir(self.place.parent().unwrap_or(&self.place))?;
        let file = File::create(&self.place)?;
        serde_json::to_writer(&file, &self.text)?;
        Ok(())
    }

    fn remove(self) {
        let _ = fs::remove_file(&self.place);
    }
}

/// Whether a process of ours was killed while it took or held locks of clients (or is at it just now).
pub(crate) fn locks_left_over(data: &Path) -> bool {
    note_in(data).exists()
}

/// Clears away locks that a killed process of ours left. The caller holds the settings lock, so no process of ours holds any now.
pub(crate) fn clear_locks_left_over(data: &Path) {
    let place = note_in(data);
    let Some(noted) = modified(&place) else {
        return;
    };
    let text: NoteText = fs::read(&place)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    for (number, lock) in text.locks.iter().enumerate() {
        // All but the last were made before the note was written anew.
        let ours = modified(lock).is_some_and(|made| {
            let earlier = noted.duration_since(made).unwrap_or_default();
            let later = made.duration_since(noted).unwrap_or_default();
            let first = number + 1 < text.locks.len();
            later <= RIGHT_AFTER && (earlier.is_zero() || first && earlier <= RIGHT_AFTER)
        });
        if ours && fs::remove_dir(lock).is_err() {
            remove_empty_file(lock);
        }
    }
    let _ = fs::remove_file(&place);
}

/// A lock file that nobody holds.
fn remove_empty_file(path: &Path) {
    let free = File::open(path).is_ok_and(|file| {
        file.metadata()
            .is_ok_and(|found| found.is_file() && found.len() == 0)
            && file.try_lock().is_ok()
    });
    if free {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests;
