//! The `keystow` command: the same handlers as the window, for people and scripts on a terminal.
//!
//! Also the program that AI clients start (`bridge`), that serves the local workspace (`workspace serve`) and that holds a copied
//! key on the clipboard. It parses arguments, asks, calls one handler and prints its view; there are no rules in here. It never
//! links Tauri, never takes a secret by its arguments or environment, and prints one only with `keys show --reveal` on a
//! terminal. Data goes to standard output, talk to standard error. People, scripts, AI clients and the window run it; no crate
//! calls it.

mod args;
mod ask;
mod bridge;
mod commands;
mod copy;
mod error;
mod exec;
mod headers;
mod log;
mod memory;
mod output;
mod parent;
mod platform;
mod serve;
mod stdio;
mod wire;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use args::Args;
use error::CliError;
use output::Console;
use wire::Surroundings;

/// Exit code of a bug.
const BUG: u8 = 70;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|at| format!(" ({}:{})", at.file(), at.line()))
            .unwrap_or_default();
        Console::last_words(&bug(&place));
    }));
    let code = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(BUG);
    ExitCode::from(code)
}

fn run() -> u8 {
    let surroundings = Surroundings::read();
    let args = match args::parse() {
        Ok(args) => args,
        Err(stopped) => return stopped.print(),
    };
    let console = Console::new(args.wants_json(), surroundings.plain, surroundings.terminal);
    match start(&surroundings, &console, args) {
        Ok(code) => code,
        Err(error) => console.fail(&error),
    }
}

fn start(surroundings: &Surroundings, console: &Console, args: Args) -> Result<u8, CliError> {
    commands::run(surroundings, console, args.command)
}

/// What a bug says of itself. The panic's own message stays unsaid: it may quote what was being worked on.
fn bug(place: &str) -> String {
    format!("error: Keystow has a bug{place}. Please report it with what you did.")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_bug_is_one_sentence_with_its_place() {
        assert_eq!(
            super::bug(" (src/x.rs:7)"),
            "error: Keystow has a bug (src/x.rs:7). Please report it with what you did."
        );
    }
}
