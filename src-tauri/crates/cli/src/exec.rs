//! `keystow exec ID -- COMMAND…`: what AI clients start when the server is a program that takes its key in an environment
//! variable. The key goes into the environment of that program and nowhere else; on Unix this process becomes the program.

use std::ffi::OsString;
use std::process::Command;

use keystow_app::credential::carried;

use crate::error::CliError;
use crate::wire::Surroundings;
use crate::{log, platform};

/// Runs the command; its exit code is ours.
pub(crate) fn run(
    surroundings: &Surroundings,
    connection: &str,
    command: &[OsString],
) -> Result<u8, CliError> {
    if let Ok(paths) = surroundings.paths() {
        log::to_file(surroundings.log.as_deref(), &paths.data, "exec", connection);
    }
    let ran = start(surroundings, connection, command);
    if let Err(error) = &ran {
        let code = error.problem().code;
        tracing::error!(code, "a client started a server in vain");
    }
    ran
}

fn start(
    surroundings: &Surroundings,
    connection: &str,
    command: &[OsString],
) -> Result<u8, CliError> {
    // The store is closed again before the program takes over.
    let (variable, key) = {
        let app = surroundings.open_to_read()?;
        let carried = carried(&app, connection)?;
        let taken = (carried.variable()?.to_owned(), carried.key()?);
        // The program has the key for as long as it runs, which whoever rotates it wants to know.
        carried.tell(&carried.key_in_use(), false, false);
        carried.hand_on();
        taken
    };
    let Some((program, args)) = command.split_first() else {
        return Err(CliError::NoCommand);
    };
    let found = platform::program_named(program, &surroundings.paths()?.search);
    let mut command = Command::new(found);
    command.args(args);
    // EXPOSE: handed to the one program that is started to use it
    command.env(variable, key.expose());
    drop(key);
    platform::become_program(command).map_err(|source| CliError::Run {
        program: program.to_string_lossy().into_owned(),
        source,
    })
}
