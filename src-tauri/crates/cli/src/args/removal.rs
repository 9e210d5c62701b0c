//! `uninstall`, `settings`.

use super::Output;

/// `uninstall`.
#[derive(Debug, clap::Args)]
pub(crate) struct UninstallArgs {
    /// Show all that would go, and stop
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Also revoke the keys whose secrets are here, at their workspaces
    #[arg(long)]
    pub revoke_keys: bool,
    /// Go on although a settings file cannot be written; its entry stays and starts nothing any more
    #[arg(long)]
    pub leave_files: bool,
    #[command(flatten)]
    pub output: Output,
}

impl UninstallArgs {
    pub const EXAMPLES: &str = "Examples:
  keystow uninstall --dry-run       every entry, secret and file that would go, and what would stay
  keystow uninstall                 the same, then asks
  keystow uninstall --revoke-keys   and the keys are good for nothing any more, wherever they are

The program itself stays: remove it as it was installed. Exits with 1 when something is left; run it again then.";
}

/// `settings`.
#[derive(Debug, clap::Args)]
pub(crate) struct SettingsArgs {
    /// Which one to change
    #[arg(value_name = "NAME", requires = "value")]
    pub name: Option<String>,
    /// What to
    pub value: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

impl SettingsArgs {
    pub const EXAMPLES: &str = "Examples:
  keystow settings                   all of them
  keystow settings clipboard 60      a copied key is taken off the clipboard after 60 s (10, 30, 60 or 120)
  keystow settings notifications off what the system tells of: off, important or all
  keystow settings undo-days 90      how long changed files can be given back
  keystow settings theme dark        system, light or dark
  keystow settings language de       system, en or de";
}
