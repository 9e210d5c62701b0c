//! The local workspace as `keystow workspace serve --on-demand` runs it, without the rest of the command line: it serves the data
//! directory it is started in, whose owner must have an account already. The tests of the launcher run it.
#![allow(clippy::print_stderr)]

use std::process::ExitCode;
use std::time::Duration;

use keystow_workspace::{Config, serve};

#[tokio::main]
async fn main() -> ExitCode {
    let data = match std::env::current_dir() {
        Ok(data) => data,
        Err(error) => {
            eprintln!("no current directory: {error}");
            return ExitCode::FAILURE;
        }
    };
    let config = Config {
        data,
        listen: None,
        idle_exit: Some(Duration::from_secs(2)),
        window_lock: true,
    };
    match serve(config, None, std::future::pending(), |_| {}).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
