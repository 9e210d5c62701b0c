//! `keystow workspace serve`.

use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use keystow_app::local_owner_password;
use keystow_keychain::OsKeychain;
use keystow_workspace::{Config, Running, directory, owner_exists, serve};
use tracing::level_filters::LevelFilter;

use crate::error::CliError;
use crate::log;
use crate::output::Console;
use crate::platform::{self, Stop};
use crate::wire::Surroundings;

/// How long an on-demand server stays up with nothing to do.
const IDLE: Duration = Duration::from_secs(10 * 60);

/// Serves until Ctrl-C, SIGTERM or, on demand, idleness.
pub(crate) fn run(
    surroundings: &Surroundings,
    console: &Console,
    listen: Option<SocketAddr>,
    on_demand: bool,
) -> Result<u8, CliError> {
    log::to_stderr(surroundings.log.as_deref(), LevelFilter::WARN);
    let data = &surroundings.paths()?.data;
    // Two first starts at the same time must not stow two passwords: the second waits until the first has made the account.
    let first = first_start(data)?;
    let password = match owner_exists(data)? {
        true => None,
        false => Some(local_owner_password(&OsKeychain::new(), false)?),
    };
    let config = Config {
        data: data.clone(),
        listen,
        idle_exit: on_demand.then_some(IDLE),
        window_lock: on_demand,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    let served = runtime.block_on(async {
        let stop = Stop::listen();
        let ready = |running: Running| {
            drop(first);
            if !on_demand {
                let url = running.url;
                console.say(&format!(
                    "The local workspace is at {url}; Ctrl-C stops it."
                ));
            }
        };
        serve(config, password, stop.asked(), ready).await
    });
    runtime.shutdown_background();
    served?;
    Ok(0)
}

/// Held while an owner may be made; the kernel releases it when we end.
fn first_start(data: &Path) -> Result<File, CliError> {
    let path = directory(data).join("owner.lock");
    let failed = |source| CliError::Lock {
        path: path.clone(),
        source,
    };
    platform::private_dir(&directory(data)).map_err(failed)?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    platform::private(&mut options);
    let file = options.open(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}
