//! `keystow headers ID`: what AI clients run that speak HTTP themselves and ask a command for the headers.
//!
//! They take one JSON object of strings, wait 10 s for it and read 64 KiB; one of them goes on without headers when it gets
//! anything else. So it is all or nothing: one line in one piece, or an empty output and a reason beside it.
//! Source: Claude Code 2.1.329 and Codex 0.169.0, run, checked 2026-11-20.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use keystow_app::credential::carried;
use keystow_core::Secret;
use serde_json::{Map, Value};

use crate::error::CliError;
use crate::log;
use crate::output::Console;
use crate::wire::Surroundings;

/// After this long there is no answer any more, whatever hangs.
const LIMIT: Duration = Duration::from_secs(9);
/// How long the server may take to say whether it takes the key. One that is slower is believed to.
const ASKED: Duration = Duration::from_secs(2);
/// More than that no client reads.
const LONGEST: usize = 64 * 1024;

/// Prints the headers. Never to a terminal: a key is shown by `keys show --reveal` only.
pub(crate) fn run(
    surroundings: &Surroundings,
    console: &Console,
    connection: &str,
) -> Result<u8, CliError> {
    if io::stdout().is_terminal() {
        return Err(CliError::OnATerminal);
    }
    if let Ok(paths) = surroundings.paths() {
        log::to_file(
            surroundings.log.as_deref(),
            &paths.data,
            "headers",
            connection,
        );
    }
    let until = Instant::now() + LIMIT;
    let line = apart({
        let (surroundings, connection) = (surroundings.clone(), connection.to_owned());
        move || line(&surroundings, &connection, until)
    });
    let line = in_time(&line, until).and_then(|line| line);
    if let Err(error) = &line {
        let code = error.problem().code;
        tracing::error!(code, "a client asked for headers in vain");
    }
    // EXPOSE: printed for the client that the person connected
    console.data(line?.expose())?;
    Ok(0)
}

fn line(surroundings: &Surroundings, connection: &str, until: Instant) -> Result<Secret, CliError> {
    let app = surroundings.open_to_read()?;
    let carried = Arc::new(carried(&app, connection)?);
    // The client speaks to the server itself, so one on this computer has to be up by then.
    let locating = apart({
        let carried = carried.clone();
        move || carried.locate_written()
    });
    let key = Arc::new(carried.key()?);
    let url = in_time(&locating, until)??;
    let asking = apart({
        let (carried, key) = (carried.clone(), key.clone());
        move || carried.ask_whether_taken(&url, &key)
    });
    if let Ok(answer) = in_time(&asking, until.min(Instant::now() + ASKED)) {
        answer?;
    }
    let mut headers = Map::new();
    for (name, value) in &carried.headers_with(&key) {
        // EXPOSE: becomes part of the line that is printed
        headers.insert(in_title_case(name), value.expose().into());
    }
    let line = Secret::new(format!("{}\n", Value::Object(headers)));
    if line.len() > LONGEST {
        return Err(CliError::SecretTooLarge);
    }
    Ok(line)
}

/// `Authorization`, `X-Api-Key`: some clients look for the name as it is usually written.
fn in_title_case(name: &str) -> String {
    let mut starts = true;
    name.chars()
        .map(|c| {
            let shown = if starts { c.to_ascii_uppercase() } else { c };
            starts = c == '-';
            shown
        })
        .collect()
}

/// Does something on a thread of its own, which nobody has to wait for.
fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (done, outcome) = sync_channel(1);
    thread::spawn(move || {
        // Nobody may listen any more.
        let _ = done.send(work());
    });
    outcome
}

fn in_time<T>(outcome: &Receiver<T>, until: Instant) -> Result<T, CliError> {
    outcome
        .recv_timeout(until.saturating_duration_since(Instant::now()))
        .map_err(|_| CliError::TooSlow {
            limit_s: LIMIT.as_secs(),
        })
}

#[cfg(test)]
mod tests {
    use super::in_title_case;

    #[test]
    fn names_are_written_as_usual() {
        assert_eq!(in_title_case("authorization"), "Authorization");
        assert_eq!(in_title_case("x-api-key"), "X-Api-Key");
    }
}
