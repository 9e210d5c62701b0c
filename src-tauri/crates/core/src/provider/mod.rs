//! Providers as data: one TOML each, read once.

use serde::Deserialize;

use crate::{ProviderId, ServerId};

/// A key API of its own kind; the `remote` crate has one module each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// oCore's routes, which the local workspace speaks too.
    Ocore,
}

/// Where the base URL comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    /// The local workspace's own server.
    Local,
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignInMethod {
    /// With a password.
    Password,
    /// OAuth 2.1 in the person's browser.
    Browser,
}

/// What a provider's remote API can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// List keys.
    List,
    /// Search them.
    Search,
    /// Page through them.
    Paginate,
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
}

/// How a provider's keys look and how they are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStyle {
    /// What every key starts with.
    pub prefix: String,
    /// A regular expression for recognition.
    pub pattern: String,
    /// Header that carries it, in lower case.
    pub header: String,
    /// Word before it in the header, such as `Bearer`; empty: none.
    #[serde(default)]
    pub scheme: String,
    /// Query parameter of a URL that carries it instead, where the provider takes that.
    #[serde(default)]
    pub query: Option<String>,
}

/// A scope that a key may have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// As the provider spells it.
    pub id: String,
    /// What it allows.
    pub about: String,
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
    /// Appended to the base URL; a trailing slash is kept.
    pub path: String,
    /// Whether a client can sign in to it by OAuth, so that its URL is all the client has to know.
    #[serde(default)]
    pub oauth: bool,
}

/// Where facts about a provider come from and how well they are known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// ISO date.
    pub on: String,
    /// `run`, `source`, `documentation` or `unverified`.
    pub how: String,
}

/// A product with API keys and MCP servers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Such as `local`.
    pub id: ProviderId,
    /// For people.
    pub name: String,
    /// One line.
    pub about: String,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub checked: Facts,
    /// Which key API it speaks.
    pub dialect: Dialect,
    /// Where its base URL comes from.
    pub base: Base,
    /// The account Keystow made itself, if it did.
    #[serde(default)]
    pub login: Option<String>,
    /// Ways to sign in, the default first.
    pub sign_in: Vec<SignInMethod>,
    /// What its remote API can do.
    pub capabilities: Vec<Capability>,
    /// Its keys.
    pub key: KeyStyle,
    /// Scopes it knows.
    #[serde(default, rename = "scope")]
    pub scopes: Vec<Scope>,
    /// Its MCP servers, the default first.
    #[serde(rename = "server")]
    pub servers: Vec<Server>,
}

impl Provider {
    /// The id of one of its servers.
    pub fn server_id(&self, server: &Server) -> ServerId {
        ServerId::new(format!("{}/{}", self.id, server.name))
    }

    /// The server with an id, if it is one of this provider's.
    pub fn server(&self, id: &ServerId) -> Option<&Server> {
        self.servers
            .iter()
            .find(|server| self.server_id(server) == *id)
    }

    /// Whether its remote API can do something.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }
}

/// Why a provider file is not one.
#[derive(Debug, thiserror::Error)]
#[error("provider file {file}: {reason}")]
pub struct ProviderFileError {
    /// Its name.
    pub file: String,
    /// What the parser said, with the place.
    pub reason: String,
}

/// All providers.
#[derive(Clone, Debug)]
pub struct Providers(Vec<Provider>);

impl Providers {
    /// The ones that come with Keystow.
    pub fn built_in() -> Self {
        let files = [("local.toml", include_str!("../../providers/local.toml"))];
        Self(
            files
                .iter()
                .map(|(file, text)| {
                    parse(file, text).expect("the built-in provider files are tested")
                })
                .collect(),
        )
    }

    /// All of them, in the order they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }

    /// The provider with an id.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.id == *id)
    }

    /// The provider and server behind a server id.
    pub fn server(&self, id: &ServerId) -> Option<(&Provider, &Server)> {
        self.0
            .iter()
            .find_map(|provider| provider.server(id).map(|server| (provider, server)))
    }
}

/// Reads one provider file.
pub fn parse(file: &str, text: &str) -> Result<Provider, ProviderFileError> {
    toml::from_str(text).map_err(|error| ProviderFileError {
        file: file.to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_parses_and_names_entries_safely() {
        for provider in Providers::built_in().iter() {
            assert!(!provider.servers.is_empty() && !provider.sign_in.is_empty());
            for server in &provider.servers {
                let mut chars = server.entry.chars();
                assert!(chars.next().is_some_and(|c| c.is_ascii_lowercase()));
                assert!(server.entry.len() <= 13);
                assert!(chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
                assert_eq!(
                    provider
                        .server(&provider.server_id(server))
                        .map(|s| &s.name),
                    Some(&server.name)
                );
            }
        }
    }

    #[test]
    fn refuses_an_unknown_field_with_its_place() {
        let text = include_str!("../../providers/local.toml")
            .replace("about = \"A small", "abuot = \"A small");
        let error = parse("mine.toml", &text).expect_err("a misspelt field");
        assert!(error.to_string().contains("mine.toml") && error.reason.contains("abuot"));
    }
}
