//! `open`.

use super::Apply;

/// `open`.
#[derive(Debug, clap::Args)]
pub(crate) struct OpenArgs {
    /// The link
    #[arg(value_name = "LINK")]
    pub link: String,
    /// Connect these clients [default: those that the link names]
    #[arg(long = "client", value_name = "CLIENT")]
    pub clients: Vec<String>,
    #[command(flatten)]
    pub apply: Apply,
}

impl OpenArgs {
    pub const EXAMPLES: &str = "Examples:
  keystow open 'keystow://connect?server=local/tools&client=cursor' --dry-run
  keystow open 'keystow://connect?server=local/tools' --client cursor
  keystow open 'keystow://provider?name=Acme&url=https%3A%2F%2Fmcp.acme.dev%2Fmcp'

A link that holds a key, or anything that is not exactly a link, is refused.";
}
