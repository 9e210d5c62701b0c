//! The local workspace as `keystow workspace serve --on-demand` runs it, without the rest of the command line: it serves the data
//! directory it is started in. A line on standard input, where there is one, becomes the owner's password. The tests of the
//! launcher run it.
#![allow(clippy::print_stderr)]

use std::process::ExitCode;
use std::time::Duration;

use keystow_core::Secret;
use keystow_workspace::{Config, Running, serve};

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
    let mut line = String::new();
    let password = match std::io::stdin().read_line(&mut line) {
        Ok(1..) => Some(Secret::new(line.trim_end().to_owned())),
        _ => None,
    };
    let ready = |running: Running| eprintln!("{}", running.url);
    match serve(config, password, std::future::pending(), ready).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
