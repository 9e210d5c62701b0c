//! One server for each data directory: the lock, the note where it listens, and the question whether it is ours.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{ServeError, private};

/// Name, in [`crate::directory`], of the file an open window holds a shared lock on; the server stays up while it is held.
pub const WINDOW_LOCK: &str = "window.lock";

/// The file whose exclusive lock a server holds for life.
const SERVER_LOCK: &str = "server.lock";

/// The note about the server that runs.
const SERVER_NOTE: &str = "server.json";

/// How long a starting server waits for somebody who merely looks at the lock, or who holds it and is just coming up.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How long a server may take to answer whether it is up.
const HEALTH_PATIENCE: Duration = Duration::from_secs(2);

/// More than any health answer has.
const HEALTH_BYTES: u64 = 16 * 1024;

/// What `server.json` says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Note {
    /// Base URL, such as `http://127.0.0.1:21234/api`.
    pub(crate) url: Url,
    /// Process id of the server.
    pub(crate) pid: u32,
    /// Made anew at each start; the health route tells the same.
    pub(crate) instance: String,
}

/// The right to serve a data directory. The note is removed and the lock released on drop.
#[derive(Debug)]
pub(crate) struct Instance {
    directory: PathBuf,
    _lock: File,
}

impl Instance {
    /// Takes the lock. Blocks for up to five seconds while the one who holds it says nothing.
    ///
    /// # Errors
    /// [`ServeError::AlreadyRunning`] when a server answers, or holds the lock all that while.
    pub(crate) fn take(directory: &Path) -> Result<Self, ServeError> {
        private::directory(directory).map_err(ServeError::file(directory))?;
        let path = directory.join(SERVER_LOCK);
        let lock = private::open(&path, false).map_err(ServeError::file(&path))?;
        let started = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(source)) => {
                    return Err(ServeError::Files { path, source });
                }
                Err(TryLockError::WouldBlock) => {}
            }
            if let Some(note) = read_note(directory)
                && answers(&note)
            {
                return Err(ServeError::AlreadyRunning {
                    url: Some(note.url),
                });
            }
            if started.elapsed() > LOCK_PATIENCE {
                return Err(ServeError::AlreadyRunning { url: None });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let instance = Self {
            directory: directory.to_owned(),
            _lock: lock,
        };
        // One that a killed server left behind must not be believed while we come up.
        instance.remove_note();
        Ok(instance)
    }

    /// Tells others where we listen.
    pub(crate) fn announce(&self, note: &Note) -> Result<(), ServeError> {
        let path = self.directory.join(SERVER_NOTE);
        let text = serde_json::to_vec_pretty(note).expect("strings and numbers always serialise");
        private::replace(&path, &text).map_err(ServeError::file(&path))
    }

    fn remove_note(&self) {
        let path = self.directory.join(SERVER_NOTE);
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "the note of the running server stays behind");
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.remove_note();
    }
}

/// The server of a directory, if one holds the lock and answers as the one in the note. A program that merely listens on the
/// port we used before is not one.
pub(crate) fn running(directory: &Path) -> io::Result<Option<Note>> {
    if !held(directory)? {
        return Ok(None);
    }
    Ok(read_note(directory).filter(answers))
}

/// Whether a server has the lock.
pub(crate) fn held(directory: &Path) -> io::Result<bool> {
    let lock = match File::open(directory.join(SERVER_LOCK)) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether windows are open.
pub(crate) enum Windows {
    /// Some process holds the window lock.
    Open,
    /// Nobody does, and none can open while the lock in here is kept. Without a lock the whole directory is gone, and with it
    /// everybody's way to find us.
    None(Option<File>),
}

/// Whether Keystow's window is open on a data directory.
pub fn window_is_open(data: &Path) -> bool {
    matches!(windows(&crate::directory(data)), Windows::Open)
}

/// Looks whether a window is open.
pub(crate) fn windows(directory: &Path) -> Windows {
    let path = directory.join(WINDOW_LOCK);
    match private::open(&path, false) {
        Ok(lock) if lock.try_lock().is_ok() => Windows::None(Some(lock)),
        Ok(_) => Windows::Open,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Windows::None(None),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "cannot tell whether a window is open");
            Windows::Open
        }
    }
}

fn read_note(directory: &Path) -> Option<Note> {
    let text = fs::read(directory.join(SERVER_NOTE)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Whether the server in the note answers on its port, as itself.
fn answers(note: &Note) -> bool {
    #[derive(Deserialize)]
    struct Health {
        instance: String,
    }
    let Some(body) = get_health(&note.url) else {
        return false;
    };
    serde_json::from_slice::<Health>(&body).is_ok_and(|health| health.instance == note.instance)
}

/// One HTTP request over a plain socket, which is all that is needed of HTTP here.
fn get_health(base: &Url) -> Option<Vec<u8>> {
    let address: SocketAddr = base.socket_addrs(|| None).ok()?.into_iter().next()?;
    if !address.ip().is_loopback() {
        return None;
    }
    let mut stream = TcpStream::connect_timeout(&address, HEALTH_PATIENCE).ok()?;
    stream.set_read_timeout(Some(HEALTH_PATIENCE)).ok()?;
    stream.set_write_timeout(Some(HEALTH_PATIENCE)).ok()?;
    let request = format!(
        "GET {}/health HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nConnection: close\r\n\r\n",
        base.path()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.take(HEALTH_BYTES).read_to_end(&mut answer).ok()?;
    let end_of_head = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    answer
        .starts_with(b"HTTP/1.1 200 ")
        .then(|| answer.split_off(end_of_head + 4))
}
