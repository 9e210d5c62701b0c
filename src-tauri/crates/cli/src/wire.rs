//! The wiring of this host: the only place that reads the environment and the clock, and puts real things behind the doors of
//! the application.
//!
//! Variables: those that tell where things are (see [`Paths::from_vars`]), `KEYSTOW_LOG`, `NO_COLOR` and `TERM`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use keystow_app::{App, ClipboardHolder, Doors};
use keystow_bridge::ProcessProber;
use keystow_core::key::UnixMs;
use keystow_core::{Clock, Paths, System};
use keystow_keychain::OsKeychain;
use keystow_remote::Remote;
use keystow_workspace::Launcher;

use crate::error::CliError;

/// What this process was started with, read once.
pub(crate) struct Surroundings {
    paths: Option<Paths>,
    /// `KEYSTOW_LOG`.
    pub log: Option<String>,
    /// No colour: `NO_COLOR` is set, or the terminal knows none.
    pub plain: bool,
}

impl Surroundings {
    /// Reads the environment.
    pub fn read() -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        Self {
            paths: Paths::from_vars(System::here(), &variable),
            log: set("KEYSTOW_LOG"),
            plain: set("NO_COLOR").is_some() || set("TERM").is_none_or(|term| term == "dumb"),
        }
    }

    /// Where things are.
    pub fn paths(&self) -> Result<&Paths, CliError> {
        self.paths.as_ref().ok_or(CliError::NoHome)
    }

    /// The application, after it has settled what a crash left half done.
    pub fn open(&self) -> Result<App, CliError> {
        let paths = self.paths()?.clone();
        let doors = doors(&paths)?;
        Ok(App::open(paths, doors)?)
    }

    /// The application for a bridge, which only looks its connection up.
    pub fn open_to_read(&self) -> Result<App, CliError> {
        let paths = self.paths()?.clone();
        let doors = doors(&paths)?;
        Ok(App::open_without_recovery(paths, doors)?)
    }
}

#[allow(clippy::disallowed_methods)] // the one registry of this host
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn doors(paths: &Paths) -> Result<Doors, CliError> {
    let program = program()?;
    let remote = Remote::new(concat!("keystow/", env!("CARGO_PKG_VERSION")))?;
    let key_apis = remote.clone();
    Ok(Doors {
        keychain: Arc::new(OsKeychain::new()),
        sign_in: Arc::new(remote),
        key_apis: Box::new(move |dialect| key_apis.key_api(dialect)),
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
    })
}

/// This very program. A program that was replaced while it ran is told as `… (deleted)` on Linux; what stands in its place now
/// serves as well.
fn program() -> Result<PathBuf, CliError> {
    let path = std::env::current_exe().map_err(CliError::NoProgram)?;
    Ok(
        match path
            .to_str()
            .and_then(|path| path.strip_suffix(" (deleted)"))
        {
            Some(place) if !path.exists() && Path::new(place).exists() => PathBuf::from(place),
            _ => path,
        },
    )
}

/// The computer's clock.
pub(crate) struct Wall;

impl Clock for Wall {
    fn now_ms(&self) -> UnixMs {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        UnixMs::try_from(now.as_millis()).unwrap_or(UnixMs::MAX)
    }
}
