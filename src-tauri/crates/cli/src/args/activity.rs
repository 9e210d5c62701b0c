//! `activity`.

use super::{Output, days};

/// `activity`.
#[derive(Debug, clap::Args)]
pub(crate) struct ActivityArgs {
    /// How many lines
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub limit: u32,
    /// Only lines before this number
    #[arg(long, value_name = "NUMBER")]
    pub before: Option<u32>,
    /// Only these kinds: session, workspace, server, key, rotation, connection, change, doctor
    #[arg(long = "kind", value_name = "KIND")]
    pub kinds: Vec<String>,
    /// Only lines that name this: a workspace, a client, a key, a word
    #[arg(long = "about", value_name = "NAME")]
    pub about: Vec<String>,
    /// Only the last days, weeks or years, such as 7d
    #[arg(long, value_name = "TIME", value_parser = days)]
    pub since: Option<u32>,
    /// Print all of it as JSON Lines, the oldest first
    #[arg(long, conflicts_with_all = ["json", "limit", "before"])]
    pub json_lines: bool,
    #[command(flatten)]
    pub output: Output,
}

impl ActivityArgs {
    pub const EXAMPLES: &str = "Examples:
  keystow activity --kind key --since 7d
  keystow activity --about Cursor
  keystow activity --json-lines > activity.jsonl";
}
