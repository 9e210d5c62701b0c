//! The window's wiring: the only place of this package that reads the environment and the clock.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use keystow_app::contract::ProblemView;
use keystow_app::{App, ClipboardHolder, Doors, describe};
use keystow_bridge::ProcessProber;
use keystow_core::key::UnixMs;
use keystow_core::{Clock, Paths, System};
use keystow_keychain::OsKeychain;
use keystow_remote::Remote;
use keystow_workspace::Launcher;

use crate::ipc::Host;

/// Warnings go to standard error; never content, headers or secrets.
pub(crate) fn log() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
}

/// The application, or why there is none.
pub(crate) fn host() -> Host {
    Host::new(open())
}

fn open() -> Result<App, ProblemView> {
    let paths = Paths::from_vars(System::here(), &variable).ok_or_else(no_home)?;
    hold_window_lock(&paths.data);
    let program = sidecar();
    let remote = Remote::new(concat!("keystow/", env!("CARGO_PKG_VERSION")))
        .map_err(|error| no_network(&error.to_string()))?;
    let remote = Arc::new(remote);
    let doors = Doors {
        keychain: Arc::new(OsKeychain::new()),
        dialects: remote.clone(),
        server_sign_in: remote.clone(),
        proof: remote.clone(),
        opener: remote,
        local: Arc::new(Launcher {
            program: program.clone(),
            data: paths.data.clone(),
        }),
        prober: Arc::new(ProcessProber),
        clipboard: Arc::new(ClipboardHolder {
            program: program.clone(),
        }),
        clock: Arc::new(Wall),
        program,
        host_name: gethostname::gethostname().to_string_lossy().into_owned(),
    };
    App::open(paths, doors).map_err(|error| describe(&error))
}

/// Calls `changed` whenever the keychain may have been locked or unlocked, where the system tells.
pub(crate) fn on_keychain_change(changed: impl FnMut() + Send + 'static) {
    // One of its own: the other one is behind the application's door.
    OsKeychain::new().on_change(changed);
}

/// The `keystow` program that was installed beside this one.
fn sidecar() -> PathBuf {
    let name = if cfg!(windows) {
        "keystow.exe"
    } else {
        "keystow"
    };
    std::env::current_exe()
        .unwrap_or_default()
        .with_file_name(name)
}

/// As long as a window is open, the local workspace does not end by itself: it looks whether somebody holds this lock, which the
/// kernel gives back when this process ends.
fn hold_window_lock(data: &Path) {
    let dir = keystow_workspace::directory(data);
    let locked = || -> std::io::Result<File> {
        std::fs::create_dir_all(&dir)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .open(dir.join("window.lock"))?;
        file.lock_shared()?;
        Ok(file)
    };
    match locked() {
        // Held until the process ends.
        Ok(file) => std::mem::forget(file),
        Err(error) => {
            tracing::warn!(%error, "the local workspace may end while this window is open")
        }
    }
}

/// What this program was started with.
pub(crate) fn arguments() -> Vec<String> {
    std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

#[allow(clippy::disallowed_methods)] // the one registry of this host
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

struct Wall;

impl Clock for Wall {
    fn now_ms(&self) -> UnixMs {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        UnixMs::try_from(now.as_millis()).unwrap_or(UnixMs::MAX)
    }
}

fn no_home() -> ProblemView {
    ProblemView {
        code: "environment.no_home".to_owned(),
        title: "No home directory".to_owned(),
        detail: "The environment does not tell where your home directory is.".to_owned(),
        hint: Some("Start Keystow from your own session.".to_owned()),
        retry: false,
        change: None,
    }
}

fn no_network(detail: &str) -> ProblemView {
    ProblemView {
        code: "environment.no_network".to_owned(),
        title: "The network cannot be used".to_owned(),
        detail: detail.to_owned(),
        hint: Some("Check the certificates of this computer.".to_owned()),
        retry: false,
        change: None,
    }
}
