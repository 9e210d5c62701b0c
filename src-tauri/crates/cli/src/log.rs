//! Where our own crates' log goes. Others stay silent at every level: some of them log what must not be logged.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Such a log makes room for a new one when it is larger than this; the one before it is kept, and no other.
const LOG_BYTES: u64 = 256 * 1024;

/// Whose messages are written.
const OURS: &[&str] = &[
    "keystow",
    "keystow_app",
    "keystow_bridge",
    "keystow_keychain",
    "keystow_remote",
    "keystow_workspace",
];

/// Logs to standard error: what `wanted` says (`error` to `trace`), or else `usual`.
pub(crate) fn to_stderr(wanted: Option<&str>, usual: LevelFilter) {
    tracing_subscriber::fmt()
        .with_env_filter(filter(wanted, usual))
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .init();
}

/// Logs the warnings of what a client started (`what`: `bridge`, …) to `logs/<what>-<connection>.log`; the file is made with the
/// first of them.
pub(crate) fn to_file(wanted: Option<&str>, data: &Path, what: &str, connection: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let name = if connection.len() <= 40 && connection.chars().all(plain) {
        connection
    } else {
        "unknown"
    };
    let path = data.join("logs").join(format!("{what}-{name}.log"));
    tracing_subscriber::fmt()
        .with_env_filter(filter(wanted, LevelFilter::WARN))
        .with_writer(Bounded {
            path,
            file: Mutex::new(None),
        })
        .with_ansi(false)
        .with_target(false)
        .init();
}

fn filter(wanted: Option<&str>, usual: LevelFilter) -> EnvFilter {
    let level = wanted
        .and_then(|level| level.parse::<LevelFilter>().ok())
        .unwrap_or(usual);
    let mut directives = vec!["off".to_owned()];
    directives.extend(OURS.iter().map(|name| format!("{name}={level}")));
    EnvFilter::new(directives.join(","))
}

/// A file that is opened when it is first written to, and makes room for a new one (`….log` becomes `….log.1`) at its limit.
/// Several bridges may write to the same.
struct Bounded {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl Bounded {
    fn append(&self, line: &[u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |file: &File| -> io::Result<bool> {
            Ok(file.metadata()?.len() + line.len() as u64 > LOG_BYTES)
        };
        // Another bridge may have moved a full one away already.
        if file
            .as_ref()
            .is_none_or(|file| is_full(file).unwrap_or(true))
        {
            let mut new = open(&self.path)?;
            if is_full(&new)? {
                #[allow(
                    clippy::disallowed_methods,
                    reason = "a log of ours, which nobody else reads"
                )]
                std::fs::rename(&self.path, self.path.with_extension("log.1"))?;
                new = open(&self.path)?;
            }
            *file = Some(new);
        }
        let Some(file) = &mut *file else {
            return Ok(());
        };
        file.write_all(line)
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(dir) = path.parent() {
        crate::platform::private_dir(dir)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    crate::platform::private(&mut options);
    options.open(path)
}

impl<'a> MakeWriter<'a> for Bounded {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

/// Writes one event.
struct Line<'a>(&'a Bounded);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // A log that cannot be written must not stop the traffic.
        let _ = self.0.append(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_makes_room_for_a_new_one_and_both_are_for_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("logs/bridge-c-1.log");
        let log = || Bounded {
            path: path.clone(),
            file: Mutex::new(None),
        };
        let (one, other) = (log(), log());
        assert!(!path.exists());
        for _ in 0..3 {
            one.append(&[b'x'; 100 * 1024]).unwrap();
            other.append(&[b'y'; 100 * 1024]).unwrap();
        }
        let before = path.with_extension("log.1");
        let sizes = [&path, &before].map(|path| std::fs::metadata(path).unwrap().len());
        assert_eq!(sizes, [200 * 1024, 200 * 1024]);
        assert_eq!(
            std::fs::read_dir(dir.path().join("logs")).unwrap().count(),
            2
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = std::fs::metadata(&path).unwrap();
            assert_eq!(meta.permissions().mode() & 0o777, 0o600);
        }
    }
}
