//! Programs that carry a connection right now: a small file for each, `live/<pid>.json` in the data directory, that says which key
//! it uses, by its id. One whose process has ended is swept by whoever looks next.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use keystow_core::clients::Mode;
use keystow_core::key::UnixMs;
use keystow_core::{ConnectionId, KeyId};
use serde::{Deserialize, Serialize};

use crate::files;

const DIR: &str = "live";
/// Every record is this long, so that one write replaces it.
const LENGTH: usize = 512;
/// Times that a record is read which somebody may be writing.
const READS: usize = 3;

/// What a program says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Live {
    pub pid: u32,
    /// When the process began, as its system counts: another one may have its number later.
    pub began: u64,
    pub connection: ConnectionId,
    pub mode: Mode,
    /// The key in use.
    pub key: KeyId,
    /// When the server last took a message with it.
    pub accepted_at: Option<UnixMs>,
    /// Something is still under way that was sent with an earlier key.
    pub behind: bool,
}

/// The file of this process.
#[derive(Debug)]
pub(crate) struct Record {
    path: PathBuf,
    file: File,
    began: u64,
}

impl Record {
    /// Makes the file. It goes with this value, or is swept when the process is gone.
    pub fn open(data: &Path) -> io::Result<Self> {
        let dir = data.join(DIR);
        files::private_dir(&dir)?;
        let pid = std::process::id();
        let path = dir.join(format!("{pid}.json"));
        files::private_file(&path)?;
        Ok(Self {
            file: OpenOptions::new().write(true).open(&path)?,
            path,
            began: began(pid).unwrap_or_default(),
        })
    }

    /// Says what is so now. One write.
    pub fn write(&mut self, mut live: Live) -> io::Result<()> {
        live.pid = std::process::id();
        live.began = self.began;
        let mut text = serde_json::to_vec(&live)?;
        text.resize(LENGTH.max(text.len()), b' ');
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&text)
    }

    /// Leaves the file to what this process becomes.
    pub fn hand_on(mut self) {
        self.path = PathBuf::new();
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // One that stays is swept later.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Where the records are.
pub(crate) fn directory(data: &Path) -> PathBuf {
    data.join(DIR)
}

/// Every program that lives. Files of others are removed.
pub(crate) fn all(data: &Path) -> Vec<Live> {
    let entries = std::fs::read_dir(directory(data)).into_iter().flatten();
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(pid) = path
            .file_stem()
            .and_then(|stem| stem.to_str()?.parse::<u32>().ok())
        else {
            continue;
        };
        let now = began(pid);
        match read(&path) {
            Some(live) if now == Some(live.began) => found.push(live),
            // Its process has just begun to say something.
            None if now.is_some() => {}
            Some(_) | None => {
                let _ = std::fs::remove_file(&path);
            }
        }
    }
    found.sort_by_key(|live| (live.began, live.pid));
    found
}

fn read(path: &Path) -> Option<Live> {
    (0..READS).find_map(|_| {
        let mut text = String::new();
        File::open(path).ok()?.read_to_string(&mut text).ok()?;
        serde_json::from_str(&text).ok()
    })
}

/// When a process began, in ticks since the system started; `None` where there is none, or only what is left of one.
#[cfg(target_os = "linux")]
fn began(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in brackets and may hold anything; what follows are numbers. Source: proc_pid_stat(5), checked 2026-11-21.
    let mut fields = text.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    (!matches!(state, "Z" | "X")).then_some(())?;
    fields.nth(18)?.parse().ok()
}

/// When a process began, in seconds since 1970.
#[cfg(not(target_os = "linux"))]
fn began(pid: u32) -> Option<u64> {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System};
    let mut system = System::new_with_specifics(RefreshKind::nothing()).ok()?;
    let pid = Pid::from_u32(pid);
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&[pid]),
        true,
        ProcessRefreshKind::nothing(),
    );
    system.process(pid).map(sysinfo::Process::start_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(key: &str) -> Live {
        Live {
            pid: 0,
            began: 0,
            connection: ConnectionId::new("c-1"),
            mode: Mode::Bridge,
            key: KeyId::new(key),
            accepted_at: None,
            behind: false,
        }
    }

    #[test]
    fn a_record_is_replaced_as_a_whole_and_goes_with_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let mut record = Record::open(dir.path()).unwrap();
        assert!(all(dir.path()).is_empty(), "nothing was said yet");
        record.write(live("a-key-with-a-long-id")).unwrap();
        record.write(live("k")).unwrap();
        let found = all(dir.path());
        assert_eq!((found.len(), found[0].key.as_str()), (1, "k"));
        assert_eq!(found[0].pid, std::process::id());
        drop(record);
        assert!(all(dir.path()).is_empty());
    }

    #[test]
    fn a_process_that_ended_or_is_another_by_now_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let mut record = Record::open(dir.path()).unwrap();
        record.began += 1;
        record.write(live("k")).unwrap();
        let path = record.path.clone();
        record.hand_on();
        assert!(path.exists());
        assert!(all(dir.path()).is_empty());
        assert!(!path.exists());
    }
}
