//! `keys …`.

use clap::Subcommand;

use super::{Output, days};

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
        #[command(flatten)]
        output: Output,
    },
    /// Make a key; its plaintext goes to the keychain and nowhere else
    #[command(after_help = "Examples:
  keystow keys create laptop
  keystow keys create reports --read-only --expires 90d --scope view:keys")]
    Create {
        /// 1 to 100 characters
        name: String,
        /// What it may do; again for more [default: the provider's]
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
        /// When it ends, such as 90d, 12w or 1y [default: never]
        #[arg(long, value_name = "TIME", value_parser = days)]
        expires: Option<u32>,
        /// Refuse tools that change something
        #[arg(long)]
        read_only: bool,
        /// A set of MCP permissions that the provider knows by name
        #[arg(long, value_name = "NAME")]
        preset: Option<String>,
        /// Only this MCP tool; again for more [default: all]
        #[arg(long = "tool", value_name = "TOOL")]
        tools: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Stow a key that was made elsewhere; it is read from standard input or asked for, and never shown
    #[command(after_help = "Examples:
  keystow keys add laptop              asks for the key without showing it
  pass show api/laptop | keystow keys add laptop")]
    Add {
        /// What to call it, 1 to 100 characters
        name: String,
        #[command(flatten)]
        output: Output,
    },
    /// Show a key
    Show {
        /// Its id or name
        key: String,
        /// Show its plaintext; on a terminal only
        #[arg(long, conflicts_with = "json")]
        reveal: bool,
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
    /// Revoke a key at once and for good
    Delete {
        /// Its id or name
        key: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Put a key on the clipboard, hidden from its history, for 30 seconds
    Copy {
        /// Its id or name
        key: String,
        #[command(flatten)]
        output: Output,
    },
}
