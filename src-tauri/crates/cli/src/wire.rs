//! The wiring of this host: the only place that reads the environment and the clock, and puts real things behind the doors of
//! the application.
//!
//! Variables: those that tell where things are (see [`Paths::from_vars`]), `KEYSTOW_LOG`, `NO_COLOR`, `TERM`, and
//! the language (`LC_ALL`, `LC_CTYPE`, `LANG`), for its letters only.

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
use crate::output::terminal::Terminal;
use crate::platform;

/// The store within a data directory.
const STORE: &str = "keystow.db";

/// What this process was started with, read once.
#[derive(Clone)]
pub(crate) struct Surroundings {
    paths: Option<Paths>,
    /// `KEYSTOW_LOG`.
    pub log: Option<String>,
    /// No colour: `NO_COLOR` is set, or the terminal knows none.
    pub plain: bool,
    /// What the terminal can do.
    pub terminal: Terminal,
}

impl Surroundings {
    /// Reads the environment.
    pub fn read() -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let mut paths = Paths::from_vars(System::here(), &variable);
        if let Some(paths) = paths.as_mut().filter(|_| set("KEYSTOW_DATA_DIR").is_none())
            && let Ok(program) = program()
            && let Some(data) = data_around(&program, &paths.data)
        {
            paths.data = data;
        }
        let dumb = set("TERM").is_none_or(|term| term == "dumb");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        Self {
            paths,
            log: set("KEYSTOW_LOG"),
            plain: set("NO_COLOR").is_some() || dumb,
            terminal: Terminal {
                utf8: locale.is_some_and(|locale| {
                    let locale = locale.to_ascii_lowercase();
                    locale.contains("utf-8") || locale.contains("utf8")
                }),
                moves: platform::COLOURS && !dumb,
            },
        }
    }

    /// Where things are.
    pub fn paths(&self) -> Result<&Paths, CliError> {
        self.paths.as_ref().ok_or(CliError::NoHome)
    }

    /// The application, after it has settled what a crash left half done.
    pub fn open(&self) -> Result<App, CliError> {
        let paths = self.paths()?.clone();
        let doors = doors(&paths, OsKeychain::new())?;
        Ok(App::open(paths, doors)?)
    }

    /// The application for a bridge, which only looks its connection up.
    pub fn open_to_read(&self) -> Result<App, CliError> {
        let paths = self.paths()?.clone();
        let keychain = OsKeychain::resting();
        // Side by side with the store.
        keychain.prepare();
        let doors = doors(&paths, keychain)?;
        Ok(App::open_without_recovery(paths, doors)?)
    }
}

#[allow(clippy::disallowed_methods)] // the one registry of this host
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn doors(paths: &Paths, keychain: OsKeychain) -> Result<Doors, CliError> {
    let program = program()?;
    let remote = Arc::new(Remote::new(concat!("keystow/", env!("CARGO_PKG_VERSION")))?);
    Ok(Doors {
        keychain: Arc::new(keychain),
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
    })
}

/// The data directory that this program stands in, where it is another than the environment tells. AI clients start the stable
/// copy with a scrubbed environment: what moved the directory for the person (such as `XDG_DATA_HOME`) may be gone there.
fn data_around(program: &Path, told: &Path) -> Option<PathBuf> {
    let data = program.parent()?.parent()?;
    let stands_in_it = program.parent()?.file_name()? == "bin" && data.join(STORE).is_file();
    let same = |told: PathBuf| data.canonicalize().is_ok_and(|data| data == told);
    (stands_in_it && !told.canonicalize().is_ok_and(same)).then(|| data.to_owned())
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

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn the_stable_copy_knows_the_data_directory_it_stands_in() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("moved/keystow");
        let (program, told) = (data.join("bin/keystow"), dir.path().join("usual/keystow"));
        std::fs::create_dir_all(data.join("bin")).unwrap();
        assert_eq!(data_around(&program, &told), None, "no store is in it");
        File::create(data.join(STORE)).unwrap();
        assert_eq!(data_around(&program, &told), Some(data.clone()));
        assert_eq!(
            data_around(&data.join("keystow"), &told),
            None,
            "not the stable copy"
        );
        assert_eq!(
            data_around(&program, &data),
            None,
            "as the environment says it"
        );
    }
}
