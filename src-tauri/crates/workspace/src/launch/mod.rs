//! Starting the server when somebody needs it.

mod detached;

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use keystow_core::local::{LocalError, LocalWorkspace};
use url::Url;

use crate::{directory, instance, private};

/// How long a server may take to come up.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a server may take to end.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// How often we look whether it has.
const GLANCE: Duration = Duration::from_millis(25);

/// A log larger than this is emptied before the next server writes to it.
const LOG_BYTES: u64 = 1024 * 1024;

/// How much of the log's end is searched for the last line.
const TAIL_BYTES: u64 = 8 * 1024;

/// Finds the local workspace of a data directory, and starts it when it is not running.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The `keystow` program; it is run as `keystow workspace serve --on-demand`.
    pub program: PathBuf,
    /// Keystow's data directory.
    pub data: PathBuf,
}

impl Launcher {
    fn find(&self) -> Result<Option<Url>, LocalError> {
        let directory = directory(&self.data);
        instance::running(&directory)
            .map(|note| note.map(|note| note.url))
            .map_err(files(&directory))
    }

    /// Starts the server in a session of its own and tells where in the log its words begin.
    fn start(&self, log: &Path) -> Result<(Receiver<()>, u64), LocalError> {
        let parent = log.parent().unwrap_or(&self.data);
        private::directory(parent).map_err(files(parent))?;
        if fs::metadata(log).is_ok_and(|meta| meta.len() > LOG_BYTES) {
            // Not through the handle below: on Windows one that appends cannot cut.
            private::open(log, false)
                .and_then(|log| log.set_len(0))
                .map_err(files(log))?;
        }
        let out = private::open(log, true).map_err(files(log))?;
        let err = out.try_clone().map_err(files(log))?;
        let begins = out.metadata().map_err(files(log))?.len();
        let mut command = Command::new(&self.program);
        command
            .args(["workspace", "serve", "--on-demand"])
            .env("KEYSTOW_DATA_DIR", &self.data)
            .current_dir(&self.data)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err);
        let child = detached::spawn(&mut command).map_err(|source| LocalError::Start {
            program: self.program.display().to_string(),
            source,
        })?;
        Ok((ended(child), begins))
    }
}

impl LocalWorkspace for Launcher {
    fn ensure_running(&self) -> Result<Url, LocalError> {
        if let Some(url) = self.find()? {
            return Ok(url);
        }
        let log = self.data.join("logs").join("workspace.log");
        let directory = directory(&self.data);
        let deadline = Instant::now() + PATIENCE;
        let mut started: Option<(Receiver<()>, u64)> = None;
        loop {
            if let Some(url) = self.find()? {
                return Ok(url);
            }
            // Whoever holds the lock is coming up (then it will answer) or going down (then it will let go).
            let held = instance::held(&directory).map_err(files(&directory))?;
            match &started {
                None if !held => started = Some(self.start(&log)?),
                Some((ended, begins)) if !held && ended.try_recv() != Err(TryRecvError::Empty) => {
                    return Err(LocalError::NotUp {
                        detail: last_line(&log, *begins)
                            .unwrap_or_else(|| "it ended without a word".to_owned()),
                    });
                }
                _ => {}
            }
            if Instant::now() > deadline {
                let begins = started.map_or(u64::MAX, |(_, begins)| begins);
                return Err(LocalError::NotUp {
                    detail: last_line(&log, begins).unwrap_or_else(|| {
                        format!("no answer within {} seconds", PATIENCE.as_secs())
                    }),
                });
            }
            std::thread::sleep(GLANCE);
        }
    }

    fn running(&self) -> Result<Option<Url>, LocalError> {
        self.find()
    }

    fn stop(&self) -> Result<(), LocalError> {
        let directory = directory(&self.data);
        let Some(note) = instance::running(&directory).map_err(files(&directory))? else {
            return Ok(());
        };
        detached::end(note.pid).map_err(files(&directory))?;
        let deadline = Instant::now() + LAST_WORDS;
        while instance::held(&directory).map_err(files(&directory))? {
            if Instant::now() > deadline {
                return Err(LocalError::NotUp {
                    detail: "it still runs, though it was told to end".to_owned(),
                });
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }
}

/// Waits for the child, so that no zombie stays when it ends before we do.
fn ended(mut child: Child) -> Receiver<()> {
    let (tell, ended) = channel();
    std::thread::spawn(move || {
        if let Err(error) = child.wait() {
            tracing::warn!(%error, "cannot wait for the local workspace");
        }
        // Nobody listens once the server was up.
        let _ = tell.send(());
    });
    ended
}

/// The last line that was written to the log after `begins`.
fn last_line(log: &Path, begins: u64) -> Option<String> {
    let mut file = fs::File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    let from = begins.max(length.saturating_sub(TAIL_BYTES));
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes).ok()?;
    String::from_utf8_lossy(&bytes)
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .map(str::to_owned)
}

fn files(path: &Path) -> impl FnOnce(io::Error) -> LocalError {
    let path = path.display().to_string();
    move |source| LocalError::Files { path, source }
}
