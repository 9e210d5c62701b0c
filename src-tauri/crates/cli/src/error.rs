use std::io;

use keystow_app::contract::ProblemView;
use keystow_app::{AppError, describe, exit_code};
use keystow_bridge::BridgeError;
use keystow_remote::RemoteSetupError;
use keystow_workspace::ServeError;

/// Why a command did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A use case failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// Nobody is there to ask, and there was no `--yes`.
    #[error("nobody can be asked here, so nothing was done")]
    NobodyToAsk,
    /// A repair of nothing in particular.
    #[error("no connection was named")]
    NothingNamed,
    /// The person said no.
    #[error("nothing was done")]
    Declined,
    /// The person stopped a sign-in.
    #[error("the sign-in was cancelled")]
    Cancelled,
    /// A plan has a file that cannot be written.
    #[error("{files} cannot be written, so nothing was")]
    PlanHasProblems {
        /// Such as `1 file`.
        files: String,
    },
    /// Plaintext was to go where it could be kept.
    #[error("a key is shown on a terminal only")]
    NotATerminal,
    /// Headers with a key in them were to go where people look.
    #[error("the headers hold a key, and this is a terminal")]
    OnATerminal,
    /// Something hangs, and the client that asked waits no longer.
    #[error("no answer was to be had within {limit_s} s")]
    TooSlow {
        /// The limit, in seconds.
        limit_s: u64,
    },
    /// A link that is not there any more.
    #[error("there is no such link")]
    NoSuchLink,
    /// A window would write things anew while they are removed.
    #[error("Keystow's window is open")]
    WindowOpen,
    /// No program was named.
    #[error("no program was named")]
    NoCommand,
    /// The program that takes the key cannot be run.
    #[error("{program} cannot be run: {source}")]
    Run {
        /// As named.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// No secret came in.
    #[error("nothing was given")]
    NoSecret,
    /// A password without the account it belongs to.
    #[error("whose password it is was not said")]
    NoLogin,
    /// A provider without a sign-in and without a server.
    #[error("{provider} stands for servers of your own, and this is none yet")]
    NothingToAdd {
        /// Its name.
        provider: String,
    },
    /// The provider makes keys on its dashboard only.
    #[error("{provider} makes keys on its dashboard only")]
    DashboardOnly {
        /// Its name.
        provider: String,
    },
    /// More came in than any key has.
    #[error("what was given is too large")]
    SecretTooLarge,
    /// Standard input cannot be read.
    #[error("the input cannot be read: {0}")]
    Input(#[source] io::Error),
    /// Standard output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
    /// Whoever read our output has seen enough.
    #[error("the output was closed")]
    OutputClosed,
    /// The environment does not tell where the home directory is.
    #[error("the environment does not tell where your home directory is")]
    NoHome,
    /// The system does not tell which program this is.
    #[error("the system does not tell where this program is: {0}")]
    NoProgram(#[source] io::Error),
    /// No network at all.
    #[error(transparent)]
    Network(#[from] RemoteSetupError),
    /// No event loop.
    #[error("the event loop could not be started: {0}")]
    Runtime(#[source] io::Error),
    /// The local workspace cannot be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A file of the local workspace cannot be locked.
    #[error("{}: {source}", path.display())]
    Lock {
        /// Which one.
        path: std::path::PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A directory whose absolute path cannot be told.
    #[error("{}: {source}", dir.display())]
    Directory {
        /// As named.
        dir: std::path::PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A bridge could not go on.
    #[error(transparent)]
    Bridge(#[from] BridgeError),
}

impl CliError {
    /// 1 refused or failed, 2 usage, 3 environment.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::App(error) => exit_code(error),
            Self::OutputClosed => 0,
            Self::NoCommand | Self::NoSuchLink | Self::NoLogin | Self::NothingToAdd { .. } => 2,
            // As shells tell it.
            Self::Run { source, .. } if source.kind() == io::ErrorKind::NotFound => 127,
            Self::Run { .. } => 126,
            Self::Serve(ServeError::NotLoopback { .. }) | Self::NothingNamed => 2,
            Self::Serve(ServeError::AlreadyRunning { .. }) => 1,
            Self::NoHome
            | Self::NoProgram(_)
            | Self::Network(_)
            | Self::Runtime(_)
            | Self::TooSlow { .. }
            | Self::Serve(_)
            | Self::Lock { .. } => 3,
            Self::NobodyToAsk
            | Self::Declined
            | Self::Cancelled
            | Self::PlanHasProblems { .. }
            | Self::Directory { .. }
            | Self::WindowOpen
            | Self::NotATerminal
            | Self::OnATerminal
            | Self::NoSecret
            | Self::DashboardOnly { .. }
            | Self::SecretTooLarge
            | Self::Input(_)
            | Self::Output(_)
            | Self::Bridge(_) => 1,
        }
    }

    /// The error in words.
    pub fn problem(&self) -> ProblemView {
        let (code, title, hint, retry) = match self {
            Self::App(error) => return describe(error),
            Self::NobodyToAsk => (
                "cli.nobody_to_ask",
                "Nothing was done",
                Some("Run it again with --yes if that is what you want."),
                false,
            ),
            Self::NothingNamed => (
                "cli.nothing_named",
                "Nothing was done",
                Some("Name connections or clients, or say --all for all that drifted."),
                false,
            ),
            Self::Declined => ("cli.declined", "Nothing was done", None, false),
            Self::Cancelled => ("cancelled", "Cancelled", None, false),
            Self::PlanHasProblems { .. } => (
                "plan.has_problems",
                "Nothing was written",
                Some("See above what stands in the way, or leave that client out."),
                false,
            ),
            Self::Directory { .. } => (
                "cli.directory",
                "No such directory",
                Some("Name the project by its absolute path."),
                false,
            ),
            Self::NotATerminal => (
                "cli.not_a_terminal",
                "The key was not shown",
                Some("Use `keystow keys copy` for the clipboard."),
                false,
            ),
            Self::OnATerminal => (
                "cli.on_a_terminal",
                "The headers were not shown",
                Some("AI clients run this. `keystow keys copy` puts a key on the clipboard."),
                false,
            ),
            Self::TooSlow { .. } => (
                "cli.too_slow",
                "Too slow",
                Some("Run `keystow doctor` to see what hangs."),
                true,
            ),
            Self::NoSuchLink => ("input.invalid", "No such link", None, false),
            Self::WindowOpen => (
                "cli.window_open",
                "Quit the window first",
                Some("Nothing was removed. Settings in the window can remove everything, too."),
                false,
            ),
            Self::NoCommand => (
                "cli.no_command",
                "Nothing to run",
                Some("Name the program behind `--`."),
                false,
            ),
            Self::Run { .. } => (
                "exec.not_run",
                "The program cannot be run",
                Some("Name it by its whole path: AI clients often have a short PATH."),
                false,
            ),
            Self::NoSecret => (
                "cli.no_secret",
                "Nothing was given",
                Some("Paste it when asked, or pipe it in."),
                false,
            ),
            Self::NoLogin => (
                "cli.no_login",
                "Whose password?",
                Some("Say it with --login."),
                false,
            ),
            Self::NothingToAdd { .. } => (
                "cli.nothing_to_add",
                "Name the server first",
                Some("`keystow providers add NAME --url URL` adds a server of your own."),
                false,
            ),
            Self::DashboardOnly { .. } => (
                "provider.not_capable",
                "Not from here",
                Some("Make it there as above, then stow it with `keystow keys add`."),
                false,
            ),
            Self::SecretTooLarge => ("cli.secret_too_large", "Too large", None, false),
            Self::Input(_) => ("cli.input", "The input cannot be read", None, true),
            Self::Output(_) | Self::OutputClosed => {
                ("cli.output", "The output cannot be written", None, true)
            }
            Self::NoHome => (
                "environment.no_home",
                "No home directory",
                Some("Start Keystow from your own session."),
                false,
            ),
            Self::NoProgram(_) => ("environment.no_program", "Who am I?", None, false),
            Self::Network(_) => (
                "environment.no_network",
                "The network cannot be used",
                Some("Check the certificates of this computer."),
                false,
            ),
            Self::Runtime(_) => ("environment.no_runtime", "Nothing can be run", None, true),
            Self::Serve(ServeError::AlreadyRunning { .. }) => (
                "local.already_running",
                "Already running",
                Some("Stop that one first, or use it: everything finds it by itself."),
                false,
            ),
            Self::Serve(ServeError::NotLoopback { .. }) => (
                "local.not_loopback",
                "Not on this computer",
                Some("Listen on 127.0.0.1 or [::1]."),
                false,
            ),
            Self::Serve(ServeError::NewerSchema { .. }) => (
                "store.newer_schema",
                "Written by a newer Keystow",
                Some("Update Keystow. Nothing was changed."),
                false,
            ),
            Self::Serve(_) | Self::Lock { .. } => (
                "local.unavailable",
                "The local workspace cannot be served",
                None,
                true,
            ),
            Self::Bridge(_) => ("bridge.input", "The bridge ended", None, false),
        };
        ProblemView {
            code: code.to_owned(),
            title: title.to_owned(),
            detail: crate::output::words::sentence(&self.to_string()),
            hint: hint.map(str::to_owned),
            retry,
            change: None,
        }
    }
}
