//! `sign-in`, `workspaces …`, `providers …`, `servers …`.

use clap::{Subcommand, ValueEnum};
use keystow_app::contract::{HeaderValueRequest, Method};

use super::Output;

/// `sign-in`.
#[derive(Debug, clap::Args)]
pub(crate) struct SignInArgs {
    /// Whose workspace; `keystow providers` lists them
    #[arg(long, value_name = "ID", default_value = "local")]
    pub provider: String,
    /// Where its API is, or the name of one of the provider's own places, such as Europe
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// How to sign in [default: the provider's first]
    #[arg(long, value_enum)]
    pub method: Option<MethodArg>,
    /// Whose password it is; asked for where it is not said
    #[arg(long, value_name = "EMAIL")]
    pub login: Option<String>,
    /// A header beside the key, where keys are pasted; again for more
    #[arg(long = "header", value_name = "NAME=VALUE", value_parser = header)]
    pub headers: Vec<HeaderValueRequest>,
    #[command(flatten)]
    pub output: Output,
}

impl SignInArgs {
    pub const EXAMPLES: &str = "Examples:
  keystow sign-in --provider local                    asks nothing: the password is in the keychain
  keystow sign-in --provider local --method browser   opens the browser; Ctrl-C cancels
  keystow sign-in --provider ocore --url https://ocore.example.com/api --login ada@example.com
  keystow sign-in --provider atlas --url Europe       shows a code to type on another screen
  keystow sign-in --provider creatoraudit             no sign-in: its keys are pasted with `keys add`

A password or token is asked for without showing it, or read from standard input: one line; a one-time code from the next.";
}

/// How to sign in.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum MethodArg {
    /// In the browser
    Browser,
    /// With a code that is typed on another screen
    Device,
    /// With a password; for the local workspace the one in the keychain
    Password,
    /// With a token that is pasted
    Token,
}

impl From<MethodArg> for Method {
    fn from(method: MethodArg) -> Self {
        match method {
            MethodArg::Browser => Self::Browser,
            MethodArg::Device => Self::Device,
            MethodArg::Password => Self::Password,
            MethodArg::Token => Self::Token,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkspacesCommand {
    /// Use this workspace from now on
    Use {
        /// Its id or name
        workspace: String,
        #[command(flatten)]
        output: Output,
    },
    /// Give a workspace another name
    Rename {
        /// Its id or name
        workspace: String,
        /// 1 to 100 characters
        name: String,
        #[command(flatten)]
        output: Output,
    },
    /// Set headers that are sent beside the key
    #[command(after_help = "Example:
  keystow workspaces set --header x-aidelly-workspace-id=ws_123

An empty value takes the header away. `keystow providers ID` lists the headers of a provider.")]
    Set {
        /// Its id or name [default: the one in use]
        workspace: Option<String>,
        /// A header and its value; again for more
        #[arg(long = "header", value_name = "NAME=VALUE", required = true, value_parser = header)]
        headers: Vec<HeaderValueRequest>,
        #[command(flatten)]
        output: Output,
    },
    /// Forget a workspace and take its keys out of the keychain; they stay valid at the provider
    Remove {
        /// Its id or name
        workspace: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        output: Output,
    },
    /// List the organizations of a workspace's account
    Organizations {
        /// Its id or name [default: the one in use]
        workspace: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Have a workspace stand for another organization of its account
    UseOrganization {
        /// The organization's id or name
        organization: String,
        /// The workspace's id or name [default: the one in use]
        #[arg(long, value_name = "WORKSPACE")]
        workspace: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Open the page where keys are made by hand, and say what to do there
    Dashboard {
        /// Its id or name [default: the one in use]
        workspace: Option<String>,
        #[command(flatten)]
        output: Output,
    },
}

impl WorkspacesCommand {
    pub fn output(&self) -> &Output {
        match self {
            Self::Use { output, .. }
            | Self::Rename { output, .. }
            | Self::Set { output, .. }
            | Self::Remove { output, .. }
            | Self::Organizations { output, .. }
            | Self::UseOrganization { output, .. }
            | Self::Dashboard { output, .. } => output,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProvidersCommand {
    /// Add an MCP server of your own: a provider file is written into Keystow's configuration
    #[command(after_help = "Example:
  keystow providers add \"Our tools\" --url https://mcp.example.com/mcp --header x-api-key --scheme \"\"

Then `keystow sign-in --provider our-tools` and `keystow keys add`, which asks for the key.")]
    Add(NewProvider),
}

/// `providers add`.
#[derive(Debug, clap::Args)]
pub(crate) struct NewProvider {
    /// What to call it, 1 to 100 characters
    pub name: String,
    /// Its MCP endpoint, without a key in it
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// The header that carries the key [default: authorization]
    #[arg(long, value_name = "NAME")]
    pub header: Option<String>,
    /// The word before the key; empty: none [default: Bearer with authorization, else none]
    #[arg(long, value_name = "WORD")]
    pub scheme: Option<String>,
    #[command(flatten)]
    pub output: Output,
}

impl ProvidersCommand {
    pub const EXAMPLES: &str = "Examples:
  keystow providers                all of them, and what can be done with their keys from here
  keystow providers aidelly        one in full: scopes, headers, servers, what its dashboard is needed for
  keystow providers add \"Our tools\" --url https://mcp.example.com/mcp";

    pub fn output(&self) -> &Output {
        let Self::Add(new) = self;
        &new.output
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ServersCommand {
    /// Sign in to a server itself, in the browser, where it takes OAuth; Ctrl-C cancels
    SignIn {
        /// Such as atlas/hosted; `keystow servers` lists them
        server: String,
        #[command(flatten)]
        output: Output,
    },
    /// Take the tokens of a server out of the keychain, and have it revoke them
    SignOut {
        /// Such as atlas/hosted
        server: String,
        #[command(flatten)]
        output: Output,
    },
}

impl ServersCommand {
    pub fn output(&self) -> &Output {
        match self {
            Self::SignIn { output, .. } | Self::SignOut { output, .. } => output,
        }
    }
}

/// `name=value`.
fn header(text: &str) -> Result<HeaderValueRequest, String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or_else(|| "a name and a value, such as x-workspace-id=ws_123".to_owned())?;
    Ok(HeaderValueRequest {
        name: name.trim().to_ascii_lowercase(),
        value: value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let parsed = header("X-Workspace-Id=a=b").unwrap();
        assert_eq!(
            (parsed.name.as_str(), parsed.value.as_str()),
            ("x-workspace-id", "a=b")
        );
        assert_eq!(header("x=").unwrap().value, "");
        assert!(header("x").is_err() && header("=x").is_err());
    }
}
