//! What a person types or pipes in.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use keystow_core::Secret;

use crate::error::CliError;

/// Longer than any secret, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Reads a key: all of a pipe, or asks for it without showing it.
///
/// # Errors
/// [`CliError::NoSecret`], [`CliError::SecretTooLarge`].
pub(crate) fn key() -> Result<Secret, CliError> {
    let typed = match io::stdin().is_terminal() {
        true => hidden("Paste the key (it is not shown): ")?,
        false => {
            let mut text = String::new();
            io::stdin()
                .lock()
                .take(LONGEST + 1)
                .read_to_string(&mut text)
                .map_err(CliError::Input)?;
            Secret::new(text)
        }
    };
    // EXPOSE: white space around what was pasted is cut off
    checked(Secret::new(typed.expose().trim().to_owned()))
}

/// Reads a password, token or code: the next line of a pipe, or asks for it without showing it.
///
/// # Errors
/// As [`key`].
pub(crate) fn line(question: &str) -> Result<Secret, CliError> {
    let typed = match io::stdin().is_terminal() {
        true => hidden(&format!("{question} (it is not shown): "))?,
        false => {
            let mut text = String::new();
            io::stdin()
                .lock()
                .take(LONGEST + 1)
                .read_line(&mut text)
                .map_err(CliError::Input)?;
            Secret::new(text)
        }
    };
    // EXPOSE: the line's end is cut off; blanks may belong to a password
    checked(Secret::new(
        typed.expose().trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

/// Asks for something that may be seen.
///
/// # Errors
/// [`CliError::Input`]; an empty answer is one.
pub(crate) fn shown(question: &str) -> Result<String, CliError> {
    let mut err = io::stderr().lock();
    let _ = write!(err, "{question}: ");
    let _ = err.flush();
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(CliError::Input)?;
    Ok(answer.trim().to_owned())
}

fn hidden(question: &str) -> Result<Secret, CliError> {
    rpassword::prompt_password(question)
        .map(Secret::new)
        .map_err(CliError::Input)
}

fn checked(secret: Secret) -> Result<Secret, CliError> {
    match secret.len() as u64 {
        0 => Err(CliError::NoSecret),
        1..=LONGEST => Ok(secret),
        _ => Err(CliError::SecretTooLarge),
    }
}
