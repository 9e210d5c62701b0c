//! Data to standard output, talk to standard error.

pub(crate) mod diff;
pub(crate) mod qr;
pub(crate) mod table;
pub(crate) mod terminal;
pub(crate) mod words;

use std::cell::Cell;
use std::io::{self, BufRead, IsTerminal, Write};

use serde::Serialize;

use crate::error::CliError;
use keystow_app::contract::ProblemView;

pub(crate) use table::Table;
use terminal::Terminal;

/// The terminal, pipe or file on the other side.
pub(crate) struct Console {
    /// Whether views are printed as JSON.
    pub json: bool,
    /// Whether standard output takes colours.
    pub colour: bool,
    /// What the terminal can do.
    pub terminal: Terminal,
    answered: Cell<bool>,
}

#[derive(Serialize)]
struct Failure<'a> {
    problem: &'a ProblemView,
}

impl Console {
    /// `plain`: no colours whatever the terminal.
    pub fn new(json: bool, plain: bool, terminal: Terminal) -> Self {
        Self {
            json,
            colour: crate::platform::COLOURS && !plain && !json && io::stdout().is_terminal(),
            terminal,
            answered: Cell::new(false),
        }
    }

    /// Writes lines of data.
    pub fn data(&self, text: &str) -> Result<(), CliError> {
        self.answered.set(true);
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| match text.ends_with('\n') {
                true => Ok(()),
                false => out.write_all(b"\n"),
            })
            .and_then(|()| out.flush())
            .map_err(|error| match error.kind() {
                io::ErrorKind::BrokenPipe => CliError::OutputClosed,
                _ => CliError::Output(error),
            })
    }

    /// Prints a view as JSON.
    pub fn view<T: Serialize + ?Sized>(&self, view: &T) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(view)
            .map_err(|error| CliError::Output(io::Error::from(error)))?;
        self.data(&text)
    }

    /// Prints a view: as JSON, or in the words that `people` makes of it.
    pub fn show<T: Serialize + ?Sized>(
        &self,
        view: &T,
        people: impl FnOnce(&T) -> String,
    ) -> Result<(), CliError> {
        if self.json {
            return self.view(view);
        }
        let text = people(view);
        if text.is_empty() {
            self.answered.set(true);
            return Ok(());
        }
        self.data(&text)
    }

    /// Says something to the person, beside the data.
    pub fn say(&self, text: &str) {
        // Where nobody listens, nothing is lost.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// What a process says when there is no console to say it with.
    pub fn last_words(text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Whether somebody is there to answer.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question that yes is the unusual answer to.
    ///
    /// # Errors
    /// [`CliError::NobodyToAsk`] where there is no terminal, [`CliError::Declined`] for every answer but yes.
    pub fn confirm(&self, question: &str) -> Result<(), CliError> {
        if !self.can_ask() {
            return Err(CliError::NobodyToAsk);
        }
        let mut err = io::stderr().lock();
        let _ = write!(err, "{question} [y/N] ");
        let _ = err.flush();
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(CliError::Input)?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(CliError::Declined),
        }
    }

    /// Tells an error, and its exit code.
    pub fn fail(&self, error: &CliError) -> u8 {
        if matches!(error, CliError::OutputClosed) {
            return error.exit_code();
        }
        let problem = error.problem();
        if self.json && !self.answered.get() {
            // The words below follow in any case.
            let _ = self.view(&Failure { problem: &problem });
        }
        self.say(&words::problem("error", &problem));
        error.exit_code()
    }
}
