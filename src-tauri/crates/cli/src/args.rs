//! What can be typed. Only what is built is listed.

mod activity;
mod keys;
mod open;
mod removal;
mod rotations;
mod workspaces;

use std::ffi::OsString;
use std::net::SocketAddr;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::output::words;

pub(crate) use activity::ActivityArgs;
pub(crate) use keys::{Access, Changes, KeysCommand, SortArg, States};
pub(crate) use open::OpenArgs;
pub(crate) use removal::{SettingsArgs, UninstallArgs};
pub(crate) use rotations::{GraceArg, RotationsCommand};
pub(crate) use workspaces::{
    NewProvider, ProvidersCommand, ServersCommand, SignInArgs, WorkspacesCommand,
};

/// Words longer than this are shortened before they are said back.
const LONGEST_WORD: usize = 80;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "keystow",
    version,
    about = "Stows API keys in the system's keychain and connects AI clients to MCP servers with them.",
    long_about = None,
    disable_help_subcommand = true,
    after_help = "Examples:
  keystow sign-in --provider local
  keystow connect cursor vscode claude-desktop
  keystow status
  keystow disconnect cursor

Data goes to standard output, everything else to standard error.
Exit codes: 0 done, 1 refused or failed, 2 usage, 3 environment (such as a locked keychain), 70 a bug.
Environment: KEYSTOW_DATA_DIR, KEYSTOW_CONFIG_DIR, KEYSTOW_LOG (error to trace), NO_COLOR."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

/// `--json`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Output {
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in to a workspace, or add one whose keys are pasted
    #[command(after_help = SignInArgs::EXAMPLES)]
    SignIn(SignInArgs),
    /// Sign out of a workspace; connected clients go on working
    SignOut {
        /// Which one [default: the one in use]
        workspace: Option<String>,
    },
    /// List workspaces, choose the one to use, and change what is known of them
    #[command(args_conflicts_with_subcommands = true)]
    Workspaces {
        #[command(subcommand)]
        action: Option<WorkspacesCommand>,
        #[command(flatten)]
        output: Output,
    },
    /// List providers, show one in full, or add a server of your own
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = ProvidersCommand::EXAMPLES
    )]
    Providers {
        #[command(subcommand)]
        action: Option<ProvidersCommand>,
        /// Show this one in full
        #[arg(value_name = "ID")]
        provider: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// List the MCP servers of the workspace, and sign in to those that take no key
    #[command(args_conflicts_with_subcommands = true)]
    Servers {
        #[command(subcommand)]
        action: Option<ServersCommand>,
        #[command(flatten)]
        output: Output,
    },
    /// List, make and manage API keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// List rotations, go on with one, retire its old key now, or call it off
    #[command(args_conflicts_with_subcommands = true)]
    Rotations {
        #[command(subcommand)]
        action: Option<RotationsCommand>,
        #[command(flatten)]
        output: Output,
    },
    /// List AI clients, where they keep their settings, and which of them are connected
    #[command(after_help = "Examples:
  keystow clients                those on this computer, then the others
  keystow clients cursor         every settings file of one, and how well its facts are known
  keystow clients --all --json   everything of all

A client of your own is a file in the `clients` directory of Keystow's configuration.")]
    Clients {
        /// Show these in full
        #[arg(value_name = "CLIENT")]
        clients: Vec<String>,
        /// Show all of them in full
        #[arg(long, conflicts_with = "clients")]
        all: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Write MCP entries into clients' settings files: preview, question, write, proof
    #[command(after_help = "Examples:
  keystow connect cursor                  a new key of its own, named after the client and this computer
  keystow connect cursor --dry-run        shows what would be written, and stops
  keystow connect cursor vscode --yes     writes without asking
  keystow connect cursor --key laptop     with a key that is stowed already")]
    Connect {
        /// Which clients; `keystow clients` lists them
        #[arg(required = true, value_name = "CLIENT")]
        clients: Vec<String>,
        /// Which MCP server [default: the workspace's first]
        #[arg(long, value_name = "ID")]
        server: Option<String>,
        /// Use this stowed key, by id or name
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Make a new key for each client (the default)
        #[arg(long, conflicts_with = "key")]
        new_key: bool,
        /// Replace an entry of the same name that Keystow did not write
        #[arg(long)]
        replace: bool,
        /// Which settings file, such as `project=DIR` [default: the client's first]
        #[arg(long, value_name = "TARGET")]
        target: Option<String>,
        /// How the client reaches the server
        #[arg(long, value_enum, default_value_t = ConnectMode::Bridge)]
        mode: ConnectMode,
        /// Name of the entry [default: the server's]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// With `--mode exec`: the environment variable that takes the key
        #[arg(long, value_name = "VARIABLE")]
        env: Option<String>,
        /// Do not start what was written
        #[arg(long)]
        no_probe: bool,
        /// Wait until the client quits, then write; when it is started again, see whether it kept the entry
        #[arg(long, conflicts_with = "dry_run")]
        wait: bool,
        /// With `--mode exec`: the program that takes the key, behind `--`
        #[arg(last = true, value_name = "COMMAND")]
        command: Vec<String>,
        #[command(flatten)]
        apply: Apply,
    },
    /// Take our entries out of clients' settings files again
    #[command(after_help = "Examples:
  keystow disconnect cursor --dry-run
  keystow disconnect cursor vscode --yes")]
    Disconnect {
        /// Which clients
        #[arg(required = true, value_name = "CLIENT")]
        clients: Vec<String>,
        #[command(flatten)]
        apply: Apply,
    },
    /// Bring a client and a server together by hand: links, commands and addresses
    #[command(after_help = "Examples:
  keystow link cursor                       lists what there is; none of it holds a key
  keystow link cursor --open 1              opens the first: Cursor comes up and asks
  keystow link claude-code --copy 2         puts the second on the clipboard
  keystow link vscode --expose-key --copy 9 one with the key in it; such are never shown")]
    Link {
        /// Which client; `keystow clients` lists them
        client: String,
        /// Which MCP server [default: the workspace's first]
        #[arg(long, value_name = "ID")]
        server: Option<String>,
        /// Use this stowed key, by id or name [default: one of its own]
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Also offer those with the key in them, which the client keeps in plain text
        #[arg(long)]
        expose_key: bool,
        /// Put one on the clipboard, by its number
        #[arg(long, value_name = "N", conflicts_with = "open")]
        copy: Option<u32>,
        /// Open one, by its number
        #[arg(long, value_name = "N")]
        open: Option<u32>,
        #[command(flatten)]
        output: Output,
    },
    /// Follow a keystow:// link: shows all it would do, and asks
    #[command(after_help = OpenArgs::EXAMPLES)]
    Open(OpenArgs),
    /// Show every connection, with a live call through it
    #[command(after_help = "Exits with 1 when a connection is broken.")]
    Status {
        /// Only look at the settings files; start nothing
        #[arg(long)]
        no_probe: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Show what became of entries that Keystow wrote, and repair them
    #[command(
        group = clap::ArgGroup::new("action").args(["restore", "adopt", "forget"]),
        after_help = "Examples:
  keystow drift                     every entry that is not as Keystow would write it, three ways
  keystow drift cursor              those of one client
  keystow drift cursor --restore    writes ours again
  keystow drift --all --restore     the same for all that drifted
  keystow drift c-1a2b3c4d --adopt  takes what stands in the file for ours from now on
  keystow drift cursor --forget     lets the connection go; the file stays as it is, and the key is kept"
    )]
    Drift {
        /// Connections by id, or all those of a client
        #[arg(value_name = "CONNECTION")]
        connections: Vec<String>,
        /// All that drifted
        #[arg(long, conflicts_with = "connections")]
        all: bool,
        /// Write our entry again, as of today
        #[arg(long)]
        restore: bool,
        /// Take what stands in the file for ours from now on
        #[arg(long)]
        adopt: bool,
        /// Forget the connection, leave the file alone and keep the key
        #[arg(long)]
        forget: bool,
        #[command(flatten)]
        apply: Apply,
    },
    /// List what was changed in settings files, the latest first
    History {
        #[command(flatten)]
        output: Output,
    },
    /// Give settings files back the exact bytes they had before a change
    Undo {
        /// Which change; `keystow history` lists them [default: the latest]
        change: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Show what Keystow did here, the latest first
    #[command(after_help = ActivityArgs::EXAMPLES)]
    Activity(ActivityArgs),
    /// Show the settings, or change one
    #[command(after_help = SettingsArgs::EXAMPLES)]
    Settings(SettingsArgs),
    /// Remove everything Keystow ever wrote: entries, secrets, files
    #[command(after_help = UninstallArgs::EXAMPLES)]
    Uninstall(UninstallArgs),
    /// Look at everything that connections need
    #[command(after_help = "Exits with 1 when a check failed.")]
    Doctor {
        /// Repair what can be repaired
        #[arg(long)]
        fix: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Carry an AI client's MCP traffic; clients start this by themselves
    #[command(
        long_about = "Carry an AI client's MCP traffic between standard input and output and the server of a connection. \
                      Settings files name this command; there is no need to run it by hand."
    )]
    Bridge {
        /// The connection
        #[arg(value_name = "ID")]
        connection: String,
    },
    /// Print the headers of a connection; clients that speak HTTP themselves run this by themselves
    #[command(
        long_about = "Print the headers that carry the key of a connection, as one JSON object on one line, or nothing. \
                      Settings files name this command; there is no need to run it by hand, and on a terminal it refuses."
    )]
    Headers {
        /// The connection
        #[arg(value_name = "ID")]
        connection: String,
    },
    /// Run a program with the key of a connection in its environment; clients start this by themselves
    #[command(
        long_about = "Run a program with the key of a connection in the environment variable that was named when it was \
                      connected. Settings files name this command; there is no need to run it by hand."
    )]
    Exec {
        /// The connection
        #[arg(value_name = "ID")]
        connection: String,
        /// The program and its arguments, behind `--`
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<OsString>,
    },
    /// Run the local workspace
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// Print a completion script for a shell
    #[command(after_help = "Example:
  keystow completions bash > ~/.local/share/bash-completion/completions/keystow")]
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Prints what is on the clipboard, for the window and `keys add --clipboard`, and takes it off.
    #[command(hide = true)]
    ClipboardTake,
    /// Holds a stowed key on the clipboard until it is taken off again.
    #[command(hide = true)]
    ClipboardHold {
        #[command(flatten)]
        what: Held,
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=300))]
        seconds: u64,
    },
}

/// What is held on the clipboard: a key, a link with one in it, or the text on standard input.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Held {
    #[arg(long, requires = "key")]
    pub workspace: Option<String>,
    #[arg(long, requires = "workspace")]
    pub key: Option<String>,
    #[arg(long, requires = "link", conflicts_with = "key")]
    pub connection: Option<String>,
    #[arg(long, requires = "connection")]
    pub link: Option<u32>,
    #[arg(long, conflicts_with_all = ["key", "connection"], required_unless_present_any = ["key", "connection"])]
    pub text: bool,
}

/// How a client reaches a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ConnectMode {
    /// The client starts `keystow bridge`, which relays; works everywhere
    Bridge,
    /// The client speaks HTTP itself and asks `keystow headers` for the key
    Helper,
    /// The client starts `keystow exec`, which gives a stdio server its key in a variable
    Exec,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkspaceCommand {
    /// Serve the local workspace in the foreground; Ctrl-C stops it
    Serve {
        /// Where to listen, on this computer only [default: the port used before]
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<SocketAddr>,
        /// End when nobody has asked for anything for ten minutes and no window is open.
        #[arg(long, hide = true)]
        on_demand: bool,
    },
}

/// How a preview goes on.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Apply {
    /// Show what would be written, and stop
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Write without asking
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub output: Output,
}

impl Args {
    /// Whether the answer is wanted as JSON.
    pub fn wants_json(&self) -> bool {
        match &self.command {
            Command::SignIn(SignInArgs { output, .. })
            | Command::Clients { output, .. }
            | Command::Link { output, .. }
            | Command::Status { output, .. }
            | Command::History { output }
            | Command::Undo { output, .. }
            | Command::Activity(ActivityArgs { output, .. })
            | Command::Settings(SettingsArgs { output, .. })
            | Command::Uninstall(UninstallArgs { output, .. })
            | Command::Doctor { output, .. } => output.json,
            Command::Open(OpenArgs { apply, .. })
            | Command::Connect { apply, .. }
            | Command::Disconnect { apply, .. }
            | Command::Drift { apply, .. } => apply.output.json,
            Command::Workspaces { action, output } => {
                action
                    .as_ref()
                    .map_or(output, WorkspacesCommand::output)
                    .json
            }
            Command::Providers { action, output, .. } => {
                action
                    .as_ref()
                    .map_or(output, ProvidersCommand::output)
                    .json
            }
            Command::Servers { action, output } => {
                action.as_ref().map_or(output, ServersCommand::output).json
            }
            Command::Keys(command) => command.output().json,
            Command::Rotations { action, output } => {
                action
                    .as_ref()
                    .map_or(output, RotationsCommand::output)
                    .json
            }
            Command::SignOut { .. }
            | Command::Bridge { .. }
            | Command::Headers { .. }
            | Command::Exec { .. }
            | Command::Workspace(_)
            | Command::Completions { .. }
            | Command::ClipboardTake
            | Command::ClipboardHold { .. } => false,
        }
    }
}

/// Help or the version was asked for, or the arguments make no sense.
pub(crate) struct Stopped(clap::Error);

/// Reads the arguments of this process.
pub(crate) fn parse() -> Result<Args, Stopped> {
    Args::try_parse().map_err(Stopped)
}

impl Stopped {
    /// Prints it where it belongs and tells the exit code: 0 for help, 2 for mistakes.
    pub fn print(&self) -> u8 {
        if self.0.use_stderr() {
            crate::output::Console::last_words(&legible(&self.0.to_string()));
        } else {
            // Nobody is left to tell when help cannot be written.
            let _ = self.0.print();
        }
        u8::try_from(self.0.exit_code()).unwrap_or(2)
    }
}

/// What was typed is quoted in mistakes; long words are shortened, and nothing in them moves the cursor.
fn legible(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| {
            let words: Vec<String> = words::clean(line).split(' ').map(shortened).collect();
            words.join(" ")
        })
        .collect();
    lines.join("\n")
}

fn shortened(word: &str) -> String {
    if word.chars().count() <= LONGEST_WORD {
        return word.to_owned();
    }
    let start: String = word.chars().take(LONGEST_WORD - 20).collect();
    format!("{start}…")
}

/// `90d`, `12w`, `1y` or a bare number of days.
fn days(text: &str) -> Result<u32, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((at, last)) if last.is_ascii_alphabetic() => (text.split_at(at).0, last),
        _ => (text, 'd'),
    };
    let days_each = match unit {
        'd' => 1,
        'w' => 7,
        'y' => 365,
        _ => return Err("days, weeks or years, such as 90d, 12w or 1y".to_owned()),
    };
    number
        .parse::<u32>()
        .ok()
        .filter(|number| *number > 0)
        .and_then(|number| number.checked_mul(days_each))
        .ok_or_else(|| "a whole number of days, weeks or years, such as 90d, 12w or 1y".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn times_are_days_weeks_or_years() {
        assert_eq!(days("90d"), Ok(90));
        assert_eq!(days("30"), Ok(30));
        assert_eq!(days("2w"), Ok(14));
        assert_eq!(days("1y"), Ok(365));
        for wrong in ["", "d", "0d", "-1d", "1h", "1.5d", "99999999999y", "١d"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn long_words_are_shortened_and_escapes_do_nothing() {
        let text = legible(&format!(
            "error: '{}\u{1b}[31m'\n\nUsage: x\n",
            "a".repeat(10_000)
        ));
        assert_eq!(text, format!("error: '{}…\n\nUsage: x", "a".repeat(59)));
        assert_eq!(legible("a\u{1b}[31mb"), "a\u{fffd}[31mb");
    }
}
