//! What a terminal can show, and what it must not keep.

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use crate::error::CliError;
use crate::platform::{self, Stop};

/// What the terminal on the other side can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    /// Its text is UTF-8.
    pub utf8: bool,
    /// It moves its cursor on request.
    pub moves: bool,
}

impl Terminal {
    /// Columns for a picture beside the data; `None` where it cannot be shown.
    pub fn columns_for_picture(self) -> Option<usize> {
        (self.utf8 && io::stderr().is_terminal())
            .then(platform::columns)
            .flatten()
    }

    /// Shows text on a screen of its own, which is taken away after `limit`, or as soon as the person says so. Nothing of it is left
    /// in what can be scrolled back to. A terminal that has no second screen keeps it.
    ///
    /// # Errors
    /// [`CliError::Output`], [`CliError::Runtime`].
    pub fn show_for(self, text: &str, limit: Duration) -> Result<(), CliError> {
        let mut out = io::stdout();
        let mut write = |text: &str| {
            out.write_all(text.as_bytes())
                .and_then(|()| out.flush())
                .map_err(CliError::Output)
        };
        if !self.moves {
            write(text)?;
            return write("\nThis terminal cannot hide it again; clear it yourself.\n");
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(CliError::Runtime)?;
        let seconds = limit.as_secs();
        // The second screen, from its upper left corner; and back again.
        write("\u{1b}[?1049h\u{1b}[H")?;
        write(text)?;
        write(&format!(
            "\n\nHidden again in {seconds} s; Enter hides it now.\n"
        ))?;
        let (typed, enter) = tokio::sync::oneshot::channel::<()>();
        // Ends with the process where nobody types.
        std::thread::spawn(move || {
            let _ = io::stdin().lock().read_line(&mut String::new());
            let _ = typed.send(());
        });
        runtime.block_on(async {
            let stop = Stop::listen();
            tokio::select! {
                () = stop.asked() => {}
                _ = enter => {}
                () = tokio::time::sleep(limit) => {}
            }
        });
        write("\u{1b}[H\u{1b}[2J\u{1b}[?1049l")
    }
}
