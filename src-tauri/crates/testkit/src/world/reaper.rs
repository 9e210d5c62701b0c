//! Ends what runs in a world, even when the test process cannot.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Waits for the test process to die, then ends every process with the world's home and removes the directory. It reads the
/// environment a process was started with, so it also finds what a program of the world left behind, and nothing else.
const WATCH: &str = r#"
trap '' INT TERM HUP
read -r _
for environ in /proc/[0-9]*/environ; do
    if tr '\0' '\n' <"$environ" 2>/dev/null | grep -qxF "HOME=$2"; then
        pid=${environ#/proc/}
        kill -9 "${pid%/environ}"
    fi
done
rm -rf "$1"
"#;

/// Finds the processes of one world.
#[derive(Clone)]
pub(crate) struct ProcessFinder {
    mark: Vec<u8>,
}

/// The watch over one world.
pub(super) struct Reaper {
    pub(super) finder: ProcessFinder,
    watch: Child,
}

impl ProcessFinder {
    /// Every process that was started with the world's home.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return Vec::new();
        };
        entries
            .flatten()
            .filter_map(|entry| {
                let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
                self.is_ours(&entry.path()).then_some(pid)
            })
            .collect()
    }

    fn is_ours(&self, process: &Path) -> bool {
        let environ: PathBuf = process.join("environ");
        // Zombies and other people's processes cannot be read, and are not ours to end.
        std::fs::read(environ)
            .is_ok_and(|bytes| bytes.split(|byte| *byte == 0).any(|var| var == self.mark))
    }
}

impl Reaper {
    pub(super) fn watch(base: &Path, home: &Path) -> Self {
        let watch = Command::new("/bin/sh")
            .args(["-c", WATCH, "keystow-testkit-watch"])
            .args([base, home])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let mark = format!("HOME={}", home.display()).into_bytes();
        Self {
            finder: ProcessFinder { mark },
            watch,
        }
    }

    /// Ends all of them, and lets the watch go.
    pub(super) fn end_all(&mut self) {
        // A process may fork while we look, so look again until there is none. No panic here: this runs while one unwinds.
        let limit = Instant::now() + Duration::from_secs(10);
        loop {
            let left = self.finder.processes();
            if left.is_empty() || Instant::now() > limit {
                return;
            }
            for pid in left {
                send(pid, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        let _ = self.watch.kill();
        let _ = self.watch.wait();
    }
}

/// Sends a signal to one process; one that is gone already is fine.
pub(super) fn send(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        let _ = kill_process(pid, signal);
    }
}
