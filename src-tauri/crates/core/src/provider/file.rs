//! What a provider file says, shape by shape.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use url::Url;

use crate::clients::How;

/// A key API of its own kind; the `remote` crate has one module each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// oCore's routes, which the local workspace speaks too.
    Ocore,
    /// The api-key plugin of better-auth.
    BetterAuth,
    /// The same with Atlas's own ways of minting.
    Atlas,
    /// None: keys are made in a dashboard and pasted.
    None,
}

/// Where the base URL comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Base {
    /// The local workspace's own server.
    Local,
    /// Everybody's is the same.
    Fixed {
        /// Without a slash at the end.
        url: Url,
    },
    /// The person says.
    Asked {
        /// One that shows its shape.
        example: String,
        /// Those the product itself runs, such as its regions; the first is the default.
        #[serde(default)]
        choices: Vec<Choice>,
    },
}

/// A base URL to choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Such as `Europe`.
    pub title: String,
    /// Without a slash at the end.
    pub url: Url,
    /// What `{mcp}` stands for in the URLs of servers, where those are on another host.
    #[serde(default)]
    pub mcp: Option<Url>,
    /// What `{web}` stands for: the product's pages, where those are on another host. The base URL where this says nothing.
    #[serde(default)]
    pub web: Option<Url>,
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignInMethod {
    /// With a password, and a one-time code where the account wants one.
    Password,
    /// OAuth 2.1 in the person's browser.
    Browser,
    /// A code typed on another screen (RFC 8628).
    Device,
    /// A token or JWT that the person pastes.
    Token,
}

/// What a provider's remote API can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// List keys.
    List,
    /// Search them.
    Search,
    /// Page through them.
    Paginate,
    /// Put them in order, all pages together.
    Sort,
    /// Make keys.
    Create,
    /// Rename them.
    Rename,
    /// Change their scopes.
    UpdateScopes,
    /// Give them an expiry.
    Expire,
    /// Pause and resume them.
    Pause,
    /// Revoke them.
    Delete,
    /// Tell how much they are used.
    Usage,
    /// Tell what they were used for.
    Activity,
    /// Tell and choose organizations.
    Workspaces,
    /// List the keys of everybody, for administrators.
    Everybody,
    /// Limit keys over MCP: presets, read-only, tools, projects.
    McpAccess,
}

impl Capability {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::List,
        Self::Search,
        Self::Paginate,
        Self::Sort,
        Self::Create,
        Self::Rename,
        Self::UpdateScopes,
        Self::Expire,
        Self::Pause,
        Self::Delete,
        Self::Usage,
        Self::Activity,
        Self::Workspaces,
        Self::Everybody,
        Self::McpAccess,
    ];

    /// As files, `--json` and the window spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Search => "search",
            Self::Paginate => "paginate",
            Self::Sort => "sort",
            Self::Create => "create",
            Self::Rename => "rename",
            Self::UpdateScopes => "update_scopes",
            Self::Expire => "expire",
            Self::Pause => "pause",
            Self::Delete => "delete",
            Self::Usage => "usage",
            Self::Activity => "activity",
            Self::Workspaces => "workspaces",
            Self::Everybody => "everybody",
            Self::McpAccess => "mcp_access",
        }
    }
}

/// How a provider's keys look and how they are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStyle {
    /// What every key starts with; empty where nothing is known.
    #[serde(default)]
    pub prefix: String,
    /// A regular expression that a whole key matches.
    #[serde(deserialize_with = "regex")]
    pub pattern: regex_lite::Regex,
    /// Header that carries it, in lower case.
    pub header: String,
    /// Word before it in the header, such as `Bearer`; empty: none.
    #[serde(default)]
    pub scheme: String,
    /// Query parameter of a URL that carries it instead, where the provider takes that.
    #[serde(default)]
    pub query: Option<String>,
    /// The longest name, in characters.
    #[serde(default = "longest_name")]
    pub name_max: u32,
    /// The most days until a key expires that can be asked for; `None`: any number.
    #[serde(default)]
    pub days_max: Option<u32>,
    /// Days until one expires where nothing is said; `None`: never. Where this says a number, every key expires.
    #[serde(default)]
    pub days_default: Option<u32>,
    /// What to know about how often a key may be used, in one sentence.
    #[serde(default)]
    pub budget: Option<String>,
}

fn longest_name() -> u32 {
    100
}

/// Anchored, so that the whole key has to match.
fn regex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<regex_lite::Regex, D::Error> {
    let text = String::deserialize(deserializer)?;
    // By itself first: `a)|(b` would be fine below, and anchored at no end.
    regex_lite::Regex::new(&text)
        .and_then(|_| regex_lite::Regex::new(&format!("^(?:{text})$")))
        .map_err(|error| {
            serde::de::Error::custom(format!("this is not a regular expression: {error}"))
        })
}

impl KeyStyle {
    /// Whether a pasted text can be one of these keys.
    pub fn recognises(&self, key: &crate::Secret) -> bool {
        let text = key.expose(); // EXPOSE: compared with the pattern of the provider's keys
        self.pattern.is_match(text)
    }
}

/// A header beside the key that a workspace has a value for, such as the id of a brand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraHeader {
    /// In lower case.
    pub name: String,
    /// What to ask for, such as `Workspace id`.
    pub title: String,
    /// Where to find the value.
    pub about: String,
    /// Whether nothing works without it.
    #[serde(default)]
    pub required: bool,
}

/// A scope or permission that a key may have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// As the provider spells it.
    pub id: String,
    /// What it allows.
    pub about: String,
}

/// A request that only a good key gets an answer to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum VerifyRequest {
    /// A `GET` that answers JSON.
    Get {
        /// Absolute, or below the base URL with a slash in front.
        url: String,
        /// What the answer tells.
        #[serde(default)]
        tells: Tells,
    },
    /// A greeting of an MCP server that answers nobody without a good key.
    Mcp {
        /// The name of the server.
        server: String,
    },
}

/// Where in a JSON answer something is told: JSON pointers (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tells {
    /// The key's id.
    pub id: Option<String>,
    /// The key's name.
    pub name: Option<String>,
    /// Whose it is.
    pub organization: Option<String>,
    /// A list of its scopes.
    pub scopes: Option<String>,
    /// When it expires.
    pub expires_at: Option<String>,
    /// When it was last used.
    pub last_used_at: Option<String>,
    /// Requests this period.
    pub requests: Option<String>,
    /// An object or a list of requests by endpoint.
    pub endpoints: Option<String>,
}

impl Tells {
    /// All pointers.
    pub(super) fn all(&self) -> [Option<&String>; 8] {
        let Self {
            id,
            name,
            organization,
            scopes,
            expires_at,
            last_used_at,
            requests,
            endpoints,
        } = self;
        [
            id,
            name,
            organization,
            scopes,
            expires_at,
            last_used_at,
            requests,
            endpoints,
        ]
        .map(Option::as_ref)
    }
}

/// Where keys are made and revoked by hand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// The page with the keys; `{base}` is the workspace's base URL, `{web}` that of its pages ([`Choice::web`]).
    pub keys: String,
    /// What to do there to make one, step by step.
    pub create: Vec<String>,
    /// What to do there to revoke one.
    pub revoke: Vec<String>,
    /// What else can be done only there, by capability, such as `pause = ["…"]`.
    #[serde(default)]
    pub also: BTreeMap<String, Vec<String>>,
}

/// OAuth settings of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oauth {
    /// A client id registered beforehand.
    pub client_id: Option<String>,
    /// The public client of the device flow.
    pub device_client_id: Option<String>,
    /// Scopes to ask for at its MCP servers; empty: what the server says.
    pub scopes: Vec<String>,
}

/// What an MCP server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// The provider's API key.
    Key,
    /// An OAuth token for this server; a client can also sign in to it by itself, so that its URL is all the client has to know.
    Oauth,
}

/// An MCP server of a provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The last part of its id.
    pub name: String,
    /// For people.
    pub title: String,
    /// One line.
    pub about: String,
    /// The name of its entry in settings files: `^[a-z][a-z0-9-]{0,12}$`.
    pub entry: String,
    /// Absolute, or below the base URL with a slash in front; a trailing slash is kept. `{organization}` stands for the
    /// workspace's organization, `{mcp}` for what the chosen base URL says ([`Choice::mcp`]).
    pub url: String,
    /// What it takes, the default first.
    #[serde(default = "key_only")]
    pub auth: Vec<Auth>,
    /// Why not everybody should connect it; such a server is never chosen by default.
    #[serde(default)]
    pub caution: Option<String>,
}

fn key_only() -> Vec<Auth> {
    vec![Auth::Key]
}

impl Server {
    /// Whether it takes the provider's API key.
    pub fn takes_key(&self) -> bool {
        self.auth.contains(&Auth::Key)
    }

    /// Whether it takes an OAuth token.
    pub fn takes_oauth(&self) -> bool {
        self.auth.contains(&Auth::Oauth)
    }
}

/// What a code in an error answer of the provider means.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// As the provider spells it.
    pub code: String,
    /// What it means, in one sentence.
    pub text: String,
    /// What to do.
    #[serde(default)]
    pub hint: Option<String>,
}

/// Where facts about a provider come from and how well they are known.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// ISO date; empty where a person's own file does not say.
    pub on: String,
    /// How well they are known.
    pub how: How,
    /// What of it is not sure, a sentence each.
    #[serde(default)]
    pub unsure: Vec<String>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            on: String::new(),
            how: How::Unverified,
            unsure: Vec::new(),
        }
    }
}
