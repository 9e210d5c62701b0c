//! Providers as data: one TOML each, read once.

mod check;
mod custom;
mod file;
mod place;

use std::sync::OnceLock;

pub(crate) use check::{is_header, is_scheme, is_web};
pub use custom::{CustomError, custom_file};
pub use file::{
    Auth, Base, Capability, Choice, Dashboard, Dialect, ErrorCode, ExtraHeader, Facts, KeyStyle,
    Oauth, Scope, Server, SignInMethod, Tells, VerifyRequest,
};

use serde::Deserialize;
use url::Url;

use crate::edit::Place;
use crate::{ProviderId, ServerId};

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
    /// Where the facts come from; empty where a person's own file does not say.
    #[serde(default)]
    pub source: String,
    /// The provider's own page about its keys.
    #[serde(default)]
    pub documentation: Option<Url>,
    /// How well they are known.
    #[serde(default)]
    pub checked: Facts,
    /// Which key API it speaks.
    pub dialect: Dialect,
    /// Where its base URL comes from.
    pub base: Base,
    /// The account Keystow made itself, if it did.
    #[serde(default)]
    pub login: Option<String>,
    /// Ways to sign in, the default first; none: a pasted key is all there is.
    #[serde(default)]
    pub sign_in: Vec<SignInMethod>,
    /// What its remote API can do.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Its keys.
    pub key: KeyStyle,
    /// Headers beside the key.
    #[serde(default, rename = "header")]
    pub headers: Vec<ExtraHeader>,
    /// Scopes it knows.
    #[serde(default, rename = "scope")]
    pub scopes: Vec<Scope>,
    /// Whether there are more than these, so that any word may be one; the provider says whether it is.
    #[serde(default)]
    pub more_scopes: bool,
    /// MCP permission presets it knows.
    #[serde(default, rename = "preset")]
    pub presets: Vec<Scope>,
    /// How a pasted key is shown to be good.
    #[serde(default)]
    pub verify: Option<VerifyRequest>,
    /// Where keys are made by hand.
    #[serde(default)]
    pub dashboard: Option<Dashboard>,
    /// OAuth settings.
    #[serde(default)]
    pub oauth: Oauth,
    /// What its error codes mean.
    #[serde(default, rename = "error")]
    pub errors: Vec<ErrorCode>,
    /// Its MCP servers, the default first.
    #[serde(default, rename = "server")]
    pub servers: Vec<Server>,
    /// The file in the person's configuration that says all this, of one that does not come with Keystow.
    #[serde(skip)]
    pub own_file: Option<String>,
}

/// Why an address cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The address has `{organization}` in it, and the workspace has none.
    #[error("it needs an organization, and the workspace has none")]
    NoOrganization,
    /// The address has `{mcp}` in it, and the workspace's base URL is none of the choices that tell what that is.
    #[error("where the MCP servers of {base} are is not known")]
    NoMcp {
        /// The workspace's base URL.
        base: String,
    },
    /// What came out is no address.
    #[error("no address comes out of it: {reason}")]
    NotAUrl {
        /// Why it is none.
        reason: String,
    },
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

    /// The server that is connected where nothing is said: the first that asks for no caution.
    pub fn default_server(&self) -> Option<&Server> {
        self.servers.iter().find(|server| server.caution.is_none())
    }

    /// Whether its remote API can do something.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// The address that its file gives as `url`: absolute, or below `base`. `{organization}` is filled in, percent-encoded;
    /// `{mcp}` and `{web}` are what the chosen base URL says they are.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn address(
        &self,
        url: &str,
        base: &Url,
        organization: Option<&str>,
    ) -> Result<Url, AddressError> {
        let without_slash = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
        let base = without_slash(base);
        let choice = match &self.base {
            Base::Asked { choices, .. } => choices
                .iter()
                .find(|choice| without_slash(&choice.url) == base),
            Base::Local | Base::Fixed { .. } => None,
        };
        let mut text = match url.starts_with('/') {
            true => format!("{base}{url}"),
            false => url.replace("{base}", &base),
        };
        if text.contains("{mcp}") {
            let mcp = choice.and_then(|choice| choice.mcp.as_ref());
            let mcp = mcp.ok_or_else(|| AddressError::NoMcp { base: base.clone() })?;
            text = text.replace("{mcp}", &without_slash(mcp));
        }
        if text.contains("{web}") {
            let web = choice.and_then(|choice| choice.web.as_ref());
            text = text.replace("{web}", &web.map_or_else(|| base.clone(), without_slash));
        }
        if text.contains("{organization}") {
            let organization = organization.unwrap_or_default();
            let segment = segment(organization).ok_or(AddressError::NoOrganization)?;
            text = text.replace("{organization}", &segment);
        }
        Url::parse(&text)
            .map_err(|error| error.to_string())
            .and_then(|url| match url.scheme() {
                "http" | "https" => Ok(url),
                other => Err(format!("{other} is neither http nor https")),
            })
            .map_err(|reason| AddressError::NotAUrl { reason })
    }

    /// What one of its error codes means.
    pub fn error(&self, code: &str) -> Option<&ErrorCode> {
        self.errors.iter().find(|error| error.code == code)
    }
}

/// A text as one segment of a path; `None` for what cannot be one.
fn segment(text: &str) -> Option<String> {
    let mut url = Url::parse("http://h/").expect("a constant address");
    url.path_segments_mut()
        .expect("http addresses have a path")
        .push(text);
    // Dots that lead elsewhere are not pushed.
    match url.path().trim_start_matches('/') {
        "" => None,
        segment => Some(segment.to_owned()),
    }
}

/// Why a provider file is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("provider file {file}: {reason}")]
pub struct ProviderFileError {
    /// Its name.
    pub file: String,
    /// Where, if it is anywhere, what is wrong there and what to do; without a full stop.
    pub reason: String,
}

macro_rules! files {
    ($($name:literal)*) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("../../providers/", $name, ".toml")))),*]
    };
}

/// The files that come with Keystow, in the order they are offered.
const FILES: &[(&str, &str)] = files! {
    "local" "adlyse" "aidelly" "atlas" "creatoraudit" "ocore" "better-auth" "custom"
};

/// All providers. Each file that comes with Keystow is read when it is first asked for: most commands need one of them.
#[derive(Clone, Debug)]
pub struct Providers {
    /// In the order of [`FILES`].
    built_in: Vec<OnceLock<Provider>>,
    own: Vec<Provider>,
}

impl Providers {
    /// The ones that come with Keystow.
    pub fn built_in() -> Self {
        Self {
            built_in: FILES.iter().map(|_| OnceLock::new()).collect(),
            own: Vec::new(),
        }
    }

    /// One that comes with Keystow, by its place among the files.
    fn at(&self, place: usize) -> &Provider {
        self.built_in[place].get_or_init(|| {
            let (file, text) = FILES[place];
            parse(file, text).expect("the built-in provider files are tested")
        })
    }

    /// These and those of the person, as names of files and their texts; also what is wrong with those that are not used.
    pub fn with_own(mut self, files: &[(String, String)]) -> (Self, Vec<ProviderFileError>) {
        let mut errors = Vec::new();
        for (file, text) in files {
            let provider = parse(file, text).and_then(|provider| match self.get(&provider.id) {
                Some(other) => {
                    let whose = match &other.own_file {
                        Some(other) => format!("that of the provider in {other}"),
                        None => format!("that of {}, which comes with Keystow", other.name),
                    };
                    let id = provider.id.as_str();
                    Err(wrong(
                        file,
                        place::of(text, &["id".into()]),
                        &format!("the id {id:?} is {whose}; give yours another"),
                    ))
                }
                None => Ok(provider),
            });
            match provider {
                Ok(provider) => self.own.push(Provider {
                    own_file: Some(file.clone()),
                    ..provider
                }),
                Err(error) => errors.push(error),
            }
        }
        (self, errors)
    }

    /// All of them, in the order they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        (0..FILES.len())
            .map(|place| self.at(place))
            .chain(&self.own)
    }

    /// The provider with an id.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        // A file that comes with Keystow is named by the id in it.
        let named = |(file, _): &(&str, &str)| file.strip_suffix(".toml") == Some(id.as_str());
        match FILES.iter().position(named) {
            Some(place) => Some(self.at(place)),
            None => self.own.iter().find(|provider| provider.id == *id),
        }
    }

    /// The provider and server behind a server id.
    pub fn server(&self, id: &ServerId) -> Option<(&Provider, &Server)> {
        let (provider, _) = id.as_str().split_once('/')?;
        let provider = self.get(&ProviderId::new(provider))?;
        provider.server(id).map(|server| (provider, server))
    }
}

/// Reads one provider file and looks whether what it says fits together.
///
/// # Errors
/// [`ProviderFileError`], with the place.
pub fn parse(file: &str, text: &str) -> Result<Provider, ProviderFileError> {
    let provider: Provider = toml::from_str(text).map_err(|error| {
        let place = error.span().map(|span| place::offset(text, span.start));
        wrong(file, place, error.message().trim_end_matches('.'))
    })?;
    check::provider(&provider)
        .map_err(|fault| wrong(file, place::of(text, &fault.at), &fault.reason))?;
    Ok(provider)
}

fn wrong(file: &str, place: Option<Place>, reason: &str) -> ProviderFileError {
    ProviderFileError {
        file: file.to_owned(),
        reason: match place {
            Some(place) => format!("{place}: {reason}"),
            None => reason.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_parses_and_names_entries_safely() {
        for (provider, (file, _)) in Providers::built_in().iter().zip(FILES) {
            assert_eq!(*file, format!("{}.toml", provider.id));
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
