//! A private place to run programs in.

#[cfg(target_os = "linux")]
mod display;
#[cfg(target_os = "linux")]
mod prompter;
#[cfg(target_os = "linux")]
mod reaper;
#[cfg(target_os = "linux")]
mod session;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use keystow_core::{Paths, System};
use tempfile::TempDir;

/// A temporary home with its own environment and, on Linux, its own session bus and unlocked keychain daemon.
///
/// Worlds do not know of each other, so tests that each hold one run in parallel. Dropping a world ends every process that runs
/// with its home (also those its programs left behind) and removes the directory; should the test process itself be killed, a
/// watching shell does the same.
pub struct World {
    env: Vec<(String, String)>,
    home: PathBuf,
    #[cfg(target_os = "linux")]
    kids: Vec<std::process::Child>,
    #[cfg(target_os = "linux")]
    session: Option<session::Session>,
    #[cfg(target_os = "linux")]
    web_driver: Option<u16>,
    // The last two in this order: processes end before their directory goes.
    #[cfg(target_os = "linux")]
    reaper: reaper::Reaper,
    root: TempDir,
}

impl World {
    /// A home and, on Linux, a session bus with an unlocked keychain daemon on it.
    pub fn new() -> Self {
        #[cfg(target_os = "linux")]
        {
            let world = Self::without_keychain();
            world.start_keychain();
            world
        }
        #[cfg(not(target_os = "linux"))]
        Self::without_bus()
    }

    /// A home and nothing else: no session bus, so no keychain (but that of the system, on macOS and Windows).
    pub fn without_bus() -> Self {
        let mut root = tempfile::Builder::new();
        root.prefix("keystow-");
        // Whatever the umask: a world is closed to other accounts, as a home should be.
        #[cfg(unix)]
        root.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let root = root.tempdir().expect("a temporary directory can be made");
        let base = root
            .path()
            .canonicalize()
            .expect("the directory was just made");
        let home = base.join("home");
        let env = environment(&base, &home);
        Self {
            env,
            #[cfg(target_os = "linux")]
            kids: Vec::new(),
            #[cfg(target_os = "linux")]
            session: None,
            #[cfg(target_os = "linux")]
            web_driver: None,
            #[cfg(target_os = "linux")]
            reaper: reaper::Reaper::watch(&base, &home),
            home,
            root,
        }
    }

    /// The same with one more variable for all that is started in it from now on.
    #[must_use]
    pub fn with_var(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The home directory (`HOME`, or `USERPROFILE` on Windows).
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Everything of this world: the home, its runtime and temporary directories and the logs of its daemons.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// All variables of this world, and no others but `PATH` from the process that runs the test.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// One variable of this world.
    pub fn var(&self, name: &str) -> Option<&str> {
        let found = self.env.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// The paths that Keystow works out from this world's environment.
    pub fn paths(&self) -> Paths {
        Paths::from_vars(System::here(), &|name| self.var(name).map(str::to_owned))
            .expect("a world has a home")
    }

    /// A command that starts in the home with exactly this world's environment.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.env.iter().map(|(key, value)| (key, value)))
            .current_dir(&self.home);
        command
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(target_os = "linux")]
impl World {
    /// Pids of all processes that run with this world's home, whoever started them.
    pub fn processes(&self) -> Vec<u32> {
        self.reaper.finder.processes()
    }

    /// Kills the local workspace and waits until it is gone: one that is about to end still takes calls, which are lost with it.
    pub fn kill_workspace(&self) {
        use rustix::process::{Pid, Signal, kill_process};
        let note = std::fs::read(self.paths().data.join("workspace/server.json"))
            .expect("the local workspace runs");
        let note: serde_json::Value =
            serde_json::from_slice(&note).expect("the note of a running workspace is JSON");
        let pid = note["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok());
        let pid = pid
            .and_then(Pid::from_raw)
            .expect("the note names a process");
        kill_process(pid, Signal::KILL).expect("the local workspace runs");
        eventually("the local workspace is gone", || {
            !Path::new(&format!("/proc/{}", pid.as_raw_nonzero())).exists()
        });
    }

    /// What the daemons said, for whoever looks into a failed test.
    #[allow(clippy::print_stderr)]
    fn show_logs(&self) {
        for name in ["bus", "keychain", "display", "web-driver"] {
            let text = std::fs::read(self.root().join(format!("{name}.log"))).unwrap_or_default();
            if !text.is_empty() {
                eprintln!("--- {name} said:\n{}", String::from_utf8_lossy(&text));
            }
        }
    }

    pub(crate) fn process_finder(&self) -> reaper::ProcessFinder {
        self.reaper.finder.clone()
    }
}

#[cfg(target_os = "linux")]
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.show_logs();
        }
        for kid in self.kids.iter_mut().rev() {
            let _ = kid.kill();
            let _ = kid.wait();
        }
        drop(self.session.take());
        self.reaper.end_all();
    }
}

/// Waits until `done` says so, looking every few milliseconds.
///
/// # Panics
/// After 20 seconds, naming `what` was waited for.
pub fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    let limit = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < limit, "waited 20 s in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Makes the directories of a world and the variables that point to them.
fn environment(base: &Path, home: &Path) -> Vec<(String, String)> {
    let text = |path: PathBuf| {
        path.into_os_string()
            .into_string()
            .expect("temporary paths are UTF-8")
    };
    let mut env = vec![("PATH".to_owned(), std::env::var("PATH").unwrap_or_default())];
    let mut directory = |name: &str, path: PathBuf| {
        std::fs::create_dir_all(&path).expect("a directory below the temporary one can be made");
        env.push((name.to_owned(), text(path)));
    };
    if cfg!(windows) {
        directory("USERPROFILE", home.to_owned());
        directory("APPDATA", home.join("AppData").join("Roaming"));
        directory("LOCALAPPDATA", home.join("AppData").join("Local"));
        directory("TEMP", base.join("tmp"));
        directory("TMP", base.join("tmp"));
        for name in ["SystemRoot", "WINEPREFIX", "WINEDEBUG"] {
            if let Ok(value) = std::env::var(name) {
                env.push((name.to_owned(), value));
            }
        }
        return env;
    }
    directory("HOME", home.to_owned());
    directory("TMPDIR", base.join("tmp"));
    if cfg!(target_os = "linux") {
        directory("XDG_CONFIG_HOME", home.join(".config"));
        directory("XDG_DATA_HOME", home.join(".local/share"));
        directory("XDG_STATE_HOME", home.join(".local/state"));
        directory("XDG_CACHE_HOME", home.join(".cache"));
        directory("XDG_RUNTIME_DIR", base.join("run"));
    }
    env.push(("LANG".to_owned(), "C.UTF-8".to_owned()));
    env
}
