//! `keys …`.

use clap::Subcommand;

use super::{GraceArg, Output, days};

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List keys
    List {
        /// Only keys with this in their name or in the visible part of the key
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Which page, of 50 keys
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        page: u32,
        /// All pages
        #[arg(long, conflicts_with = "page")]
        all: bool,
        /// Those of everybody, where the account is an administrator's
        #[arg(long)]
        everybody: bool,
        /// In which order, where the provider sorts or all keys are on one page
        #[arg(long, value_enum, value_name = "BY")]
        sort: Option<SortArg>,
        /// The other way round
        #[arg(long, requires = "sort")]
        reverse: bool,
        #[command(flatten)]
        states: States,
        #[command(flatten)]
        output: Output,
    },
    /// Make a key; its plaintext goes to the keychain and nowhere else
    #[command(after_help = "Examples:
  keystow keys create laptop
  keystow keys create reports --read-only --expires 90d --scope view:keys

Where only the provider's dashboard makes keys, the steps are printed instead.")]
    Create {
        /// 1 to 100 characters
        name: String,
        /// When it ends, such as 90d, 12w or 1y [default: the provider's, or never]
        #[arg(long, value_name = "TIME", value_parser = days)]
        expires: Option<u32>,
        /// Refuse tools that change something
        #[arg(long)]
        read_only: bool,
        #[command(flatten)]
        access: Access,
        #[command(flatten)]
        output: Output,
    },
    /// Stow a key that was made elsewhere; it is read from standard input or asked for, and never shown
    #[command(after_help = "Examples:
  keystow keys add laptop              asks for the key without showing it
  pass show api/laptop | keystow keys add laptop
  keystow keys add --clipboard         takes it off the clipboard
  keystow keys add --for k_123         the secret of a key that is in the list already")]
    Add {
        /// What to call it, 1 to 100 characters [default: what the provider calls it]
        name: Option<String>,
        /// The key of the list whose secret it is, by id or name
        #[arg(long = "for", value_name = "KEY")]
        of: Option<String>,
        /// Take it from the clipboard, and off it
        #[arg(long)]
        clipboard: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Show a key
    Show {
        /// Its id or name
        key: String,
        /// Show its plaintext for 30 seconds; on a terminal only
        #[arg(long, conflicts_with = "json")]
        reveal: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Show what a key was used for
    Usage {
        /// Its id or name
        key: String,
        #[command(flatten)]
        output: Output,
    },
    /// Rename a key
    Rename {
        /// Its id or name
        key: String,
        /// 1 to 100 characters
        name: String,
        #[command(flatten)]
        output: Output,
    },
    /// Change what a key may do
    #[command(after_help = "Examples:
  keystow keys update laptop --scope view:keys --scope manage:keys
  keystow keys update laptop --read-only=false
  keystow keys update laptop --tool \"\"     all tools again

What is not named stays. An empty value takes all of its kind away.")]
    Update {
        /// Its id or name
        key: String,
        #[command(flatten)]
        changes: Changes,
        #[command(flatten)]
        output: Output,
    },
    /// Have a key refused until it is resumed
    Pause {
        /// Its id or name
        key: String,
        #[command(flatten)]
        output: Output,
    },
    /// Let a paused key work again
    Resume {
        /// Its id or name
        key: String,
        #[command(flatten)]
        output: Output,
    },
    /// Make a key just like another, have its clients use it, and revoke the other one
    Replace {
        /// Its id or name
        key: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Replace a key by another just like it, while its clients go on calling
    #[command(after_help = "Examples:
  keystow keys rotate laptop               the old key goes once every client that runs uses the new one
  keystow keys rotate laptop --grace 24h   and not before tomorrow
  keystow keys rotate --all                every key of the workspace whose secret is here
  keystow keys rotate --all --dry-run      which those are, and which stay as they are

`keystow rotations` lists how far it is; whatever Keystow runs next goes on with it.")]
    Rotate {
        /// Its id or name
        #[arg(required_unless_present = "all")]
        key: Option<String>,
        /// All keys of the workspace in use whose secret is on this computer
        #[arg(long, conflicts_with = "key")]
        all: bool,
        /// Only say which keys would be rotated
        #[arg(long, requires = "all")]
        dry_run: bool,
        /// How long the old key stays good
        #[arg(long, value_enum, value_name = "TIME", default_value_t)]
        grace: GraceArg,
        /// How long to wait for clients that run, in seconds; it goes on without this command
        #[arg(long, value_name = "SECONDS", default_value_t = 10)]
        wait: u64,
        #[command(flatten)]
        output: Output,
    },
    /// Revoke a key that leaked before anything else, then replace it and let its clients use the new one
    Revoke {
        /// Its id or name
        key: String,
        /// At once: calls with it fail until its clients have the new key
        #[arg(long, required = true)]
        now: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Revoke a key at once and for good; one that only a dashboard can revoke is forgotten here
    Delete {
        /// Its id or name
        key: String,
        /// One of everybody's, where the account is an administrator's: its name, or its id with --name
        #[arg(long)]
        everybody: bool,
        /// The name of a key of everybody's that is given by its id
        #[arg(long, value_name = "NAME", requires = "everybody")]
        name: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// List keys to look at: expiring, without an end, idle, used by no client, without a secret
    Hygiene {
        #[command(flatten)]
        output: Output,
    },
    /// What happened to a key on this computer, newest first
    Trail {
        /// Its id or name
        key: String,
        #[command(flatten)]
        output: Output,
    },
    /// Put a key on the clipboard, hidden from its history, for 30 seconds
    Copy {
        /// Its id or name
        key: String,
        #[command(flatten)]
        output: Output,
    },
}

/// What keys are put in order by.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum SortArg {
    /// Their names
    Name,
    /// When they were made
    Created,
    /// When they expire; those that never do come last
    Expires,
    /// When they were last used; those that never were come first
    Used,
}

/// Only keys of one state.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct States {
    /// Only those that can be used
    #[arg(long)]
    pub enabled: bool,
    /// Only those that are paused
    #[arg(long)]
    pub paused: bool,
    /// Only those past their expiry
    #[arg(long)]
    pub expired: bool,
}

/// What a new key may do.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Access {
    /// What it may do; again for more [default: the provider's]
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// A set of MCP permissions that the provider knows by name
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Only this MCP tool; again for more [default: all]
    #[arg(long = "tool", value_name = "TOOL")]
    pub tools: Vec<String>,
    /// Only this permission over MCP; again for more [default: all it has]
    #[arg(long = "mcp-permission", value_name = "PERMISSION")]
    pub mcp_permissions: Vec<String>,
    /// Only this project; again for more
    #[arg(long = "project", value_name = "ID")]
    pub projects: Vec<String>,
    /// Only this instance; again for more
    #[arg(long = "instance", value_name = "ID")]
    pub instances: Vec<String>,
}

/// What is to be different about a key.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Changes {
    /// Refuse tools that change something, or no longer with `=false`
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub read_only: Option<bool>,
    /// What it may do; again for more
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Option<Vec<String>>,
    /// A set of MCP permissions that the provider knows by name
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Only this MCP tool; again for more
    #[arg(long = "tool", value_name = "TOOL")]
    pub tools: Option<Vec<String>>,
    /// Only this permission over MCP; again for more
    #[arg(long = "mcp-permission", value_name = "PERMISSION")]
    pub mcp_permissions: Option<Vec<String>>,
    /// Only this project; again for more
    #[arg(long = "project", value_name = "ID")]
    pub projects: Option<Vec<String>>,
    /// Only this instance; again for more
    #[arg(long = "instance", value_name = "ID")]
    pub instances: Option<Vec<String>>,
}

impl KeysCommand {
    pub fn output(&self) -> &Output {
        match self {
            Self::List { output, .. }
            | Self::Create { output, .. }
            | Self::Add { output, .. }
            | Self::Show { output, .. }
            | Self::Usage { output, .. }
            | Self::Rename { output, .. }
            | Self::Update { output, .. }
            | Self::Pause { output, .. }
            | Self::Resume { output, .. }
            | Self::Replace { output, .. }
            | Self::Rotate { output, .. }
            | Self::Revoke { output, .. }
            | Self::Delete { output, .. }
            | Self::Hygiene { output }
            | Self::Trail { output, .. }
            | Self::Copy { output, .. } => output,
        }
    }
}
