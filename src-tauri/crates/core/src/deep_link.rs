//! Links that begin with `keystow://`: what they may say, and nothing else. Everything in one is hostile until the person has seen it.
//!
//! ```text
//! keystow://connect?server=local/tools&client=cursor&client=vscode&workspace=Acme&name=tools
//! keystow://provider?name=Acme&url=https%3A%2F%2Fmcp.acme.dev%2Fmcp&header=x-api-key&scheme=
//! ```
//!
//! A link never holds a key, and it never does anything by itself: whoever reads one shows it and asks.

use url::{Host, Url};

use crate::clients::valid_entry_name;
use crate::plan::secret_like::{is_secret, looks_encoded, speaks_of_secrets};
use crate::provider::{is_header, is_scheme, is_web};
use crate::{ClientId, ServerId};

/// How every link begins.
pub const SCHEME: &str = "keystow://";
/// The longest link, in bytes.
const LONGEST: usize = 2048;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// The longest address, in bytes.
const LONGEST_URL: usize = 1024;
/// The longest id, in bytes.
const LONGEST_ID: usize = 80;
/// The most clients one link may name.
const MOST_CLIENTS: usize = 8;

/// What a link asks for. Nothing of it is known to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeepLink {
    /// Connect clients to a server that is known here.
    Connect(ConnectLink),
    /// Add an MCP endpoint as a provider of the person's own.
    Provider(ProviderLink),
}

/// `keystow://connect`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectLink {
    /// Id or name of a workspace; `None`: the one that has the server.
    pub workspace: Option<String>,
    /// The server; `None`: the workspace's first.
    pub server: Option<ServerId>,
    /// The clients; none: the person chooses.
    pub clients: Vec<ClientId>,
    /// Name of the entry; `None`: the server's.
    pub name: Option<String>,
}

/// `keystow://provider`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderLink {
    /// For people.
    pub name: String,
    /// The MCP endpoint: `https`, or `http` on this computer.
    pub url: Url,
    /// The header that carries the key.
    pub header: String,
    /// The word before the key; empty: none.
    pub scheme: String,
}

/// Why a link is refused. None of it tells a value again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeepLinkError {
    /// More than any link needs.
    #[error("it is longer than {LONGEST} characters")]
    TooLong,
    /// Characters that have to be encoded.
    #[error("it has characters in it that no link has")]
    NotPlain,
    /// Not ours.
    #[error("it does not begin with {SCHEME}")]
    NotOurs,
    /// Something that no link can ask for.
    #[error("it asks for {}, and a link can ask to connect and to add a provider only", shown(.verb))]
    Verb {
        /// What it asks for.
        verb: String,
    },
    /// Parts that a link does not have.
    #[error("it has {part} in it")]
    Part {
        /// Such as `a #`.
        part: &'static str,
    },
    /// A parameter that is not one.
    #[error("it has a parameter {}, which is not one of {}", shown(.name), .known.join(", "))]
    Parameter {
        /// Its name.
        name: String,
        /// Those there are.
        known: &'static [&'static str],
    },
    /// A parameter that stands there again.
    #[error("it says {name} more than once")]
    Twice {
        /// Its name.
        name: &'static str,
    },
    /// More clients than anybody has.
    #[error("it names more than {MOST_CLIENTS} clients")]
    TooMany,
    /// A parameter that has to be there.
    #[error("it does not say {name}")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// A key, token or password. It is not told again.
    #[error("it carries what looks like a key, a token or a password{}", place(.name))]
    Secret {
        /// The parameter, where it is one that links have.
        name: Option<&'static str>,
    },
    /// A value that is none.
    #[error("its {name} {reason}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// Such as `is longer than 60 characters`.
        reason: String,
    },
}

fn place(name: &Option<&'static str>) -> String {
    name.map(|name| format!(" in {name}")).unwrap_or_default()
}

/// A name from a link, short and harmless enough to be said back.
fn shown(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match name {
        "" => "nothing".to_owned(),
        name if name.len() <= 24 && name.chars().all(plain) && !is_secret(name) => {
            format!("{name:?}")
        }
        _ => "something else".to_owned(),
    }
}

const CONNECT: &[&str] = &["workspace", "server", "client", "name"];
const PROVIDER: &[&str] = &["name", "url", "header", "scheme"];

impl DeepLink {
    /// Reads a link.
    ///
    /// # Errors
    /// [`DeepLinkError`], for everything that is not exactly a link; no value of it is told again.
    pub fn parse(text: &str) -> Result<Self, DeepLinkError> {
        if text.len() > LONGEST {
            return Err(DeepLinkError::TooLong);
        }
        if !text.bytes().all(|b| (0x21..0x7f).contains(&b)) {
            return Err(DeepLinkError::NotPlain);
        }
        let rest = text.strip_prefix(SCHEME).ok_or(DeepLinkError::NotOurs)?;
        for (sign, part) in [('#', "a #"), ('\\', "a \\")] {
            if rest.contains(sign) {
                return Err(DeepLinkError::Part { part });
            }
        }
        let (verb, query) = rest.split_once('?').unwrap_or((rest, ""));
        // Some systems put a slash behind the word.
        match verb.strip_suffix('/').unwrap_or(verb) {
            "connect" => connect(Pairs::read(query, CONNECT)?).map(Self::Connect),
            "provider" => provider(Pairs::read(query, PROVIDER)?).map(Self::Provider),
            verb => Err(DeepLinkError::Verb {
                verb: verb.to_owned(),
            }),
        }
    }
}

/// The parameters of a link, decoded.
struct Pairs(Vec<(&'static str, String)>);

impl Pairs {
    fn read(query: &str, known: &'static [&'static str]) -> Result<Self, DeepLinkError> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(name) = known.iter().copied().find(|known| *known == name) else {
                // Names that are encoded are none of ours, but a key does not become harmless by it.
                let plain = decoded(name).unwrap_or_else(|| name.to_owned());
                return Err(match speaks_of_secrets(&plain) || is_secret(&plain) {
                    true => DeepLinkError::Secret { name: None },
                    false => DeepLinkError::Parameter { name: plain, known },
                });
            };
            if name != "client" && pairs.iter().any(|(there, _)| *there == name) {
                return Err(DeepLinkError::Twice { name });
            }
            let value =
                decoded(value).ok_or_else(|| wrong(name, "is not encoded as it should be"))?;
            if value.chars().any(is_hidden) {
                return Err(wrong(name, "has characters in it that cannot be seen"));
            }
            if name != "url" && holds_secret(&value) {
                return Err(DeepLinkError::Secret { name: Some(name) });
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    fn take(&mut self, name: &'static str) -> Option<String> {
        let at = self.0.iter().position(|(there, _)| *there == name)?;
        Some(self.0.remove(at).1)
    }

    fn need(&mut self, name: &'static str) -> Result<String, DeepLinkError> {
        self.take(name)
            .filter(|value| !value.trim().is_empty())
            .ok_or(DeepLinkError::Missing { name })
    }
}

fn connect(mut pairs: Pairs) -> Result<ConnectLink, DeepLinkError> {
    let mut clients = Vec::new();
    while let Some(client) = pairs.take("client") {
        let client = ClientId::new(id("client", client)?);
        if !clients.contains(&client) {
            clients.push(client);
        }
    }
    if clients.len() > MOST_CLIENTS {
        return Err(DeepLinkError::TooMany);
    }
    let workspace = pairs.take("workspace").map(|text| name("workspace", text));
    let server = pairs.take("server").map(|text| id("server", text));
    let entry = pairs
        .take("name")
        .map(|text| match valid_entry_name(&text) {
            true => Ok(text),
            false => Err(wrong(
                "name",
                "is none for an entry: 1 to 13 of a-z, 0-9 and -, a letter first",
            )),
        });
    Ok(ConnectLink {
        workspace: workspace.transpose()?,
        server: server.transpose()?.map(ServerId::new),
        clients,
        name: entry.transpose()?,
    })
}

fn provider(mut pairs: Pairs) -> Result<ProviderLink, DeepLinkError> {
    let name = name("name", pairs.need("name")?)?;
    let url = url(&pairs.need("url")?)?;
    let header = pairs
        .take("header")
        .map_or_else(|| "authorization".to_owned(), |h| h.to_ascii_lowercase());
    if !is_header(&header) {
        return Err(wrong("header", "is not one that can carry a key"));
    }
    let scheme = pairs.take("scheme").unwrap_or_else(|| "Bearer".to_owned());
    if !scheme.is_empty() && !is_scheme(&scheme) {
        return Err(wrong("scheme", "is not one short word such as Bearer"));
    }
    Ok(ProviderLink {
        name,
        url,
        header,
        scheme,
    })
}

fn wrong(name: &'static str, reason: &str) -> DeepLinkError {
    DeepLinkError::Value {
        name,
        reason: reason.to_owned(),
    }
}

/// A name for people.
fn name(of: &'static str, text: String) -> Result<String, DeepLinkError> {
    let text = text.trim().to_owned();
    match text.chars().count() {
        0 => Err(wrong(of, "is empty")),
        1..=LONGEST_NAME => Ok(text),
        _ => Err(wrong(
            of,
            &format!("is longer than {LONGEST_NAME} characters"),
        )),
    }
}

/// An id of ours: `local/tools`, `vscode`.
fn id(of: &'static str, text: String) -> Result<String, DeepLinkError> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_./".contains(&b);
    match !text.is_empty() && text.len() <= LONGEST_ID && text.bytes().all(plain) {
        true => Ok(text),
        false => Err(wrong(of, "is not an id: a-z, 0-9, -, _, . and /")),
    }
}

fn url(text: &str) -> Result<Url, DeepLinkError> {
    if text.len() > LONGEST_URL {
        return Err(wrong(
            "url",
            &format!("is longer than {LONGEST_URL} characters"),
        ));
    }
    // What a parser would quietly mend is not what the person was shown.
    if text.contains(|c: char| c.is_whitespace() || c == '\\') {
        return Err(wrong("url", "has characters in it that no address has"));
    }
    let url = Url::parse(text).map_err(|error| wrong("url", &format!("is none: {error}")))?;
    is_web(&url).map_err(|reason| wrong("url", &format!("is not taken: {reason}")))?;
    let in_path = url.path_segments().into_iter().flatten().any(holds_secret);
    let in_query = url.query_pairs().any(|(name, value)| {
        speaks_of_secrets(&name) || holds_secret(&name) || holds_secret(&value)
    });
    match in_path || in_query {
        true => Err(DeepLinkError::Secret { name: Some("url") }),
        false => Ok(url),
    }
}

/// Whether any word of a text looks like a key, as it stands or decoded once more.
fn holds_secret(text: &str) -> bool {
    let looks = |text: &str| {
        text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | ';' | ':' | '='))
            .any(is_secret)
            || text.split_whitespace().any(looks_encoded)
    };
    looks(text) || decoded(text).is_some_and(|text| looks(&text))
}

/// Takes percent-encoding off, once; a plus is a blank, as forms have it.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Whether a character is not seen, or turns those around it: control characters, marks of direction, joiners, blanks of no width.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffd}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// What is to be known of a host before a key is sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFacts {
    /// In full, with the port where it is not the usual one. Letters beyond a-z stand there as `xn--…`.
    pub host: String,
    /// It is written with letters beyond a-z, which can look like others.
    pub punycode: bool,
    /// It is a number, not a name.
    pub number: bool,
    /// It is this computer.
    pub local: bool,
}

impl HostFacts {
    /// Those of an address.
    pub fn of(url: &Url) -> Self {
        let name = url.host_str().unwrap_or_default();
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        Self {
            host: format!("{name}{port}"),
            punycode: name.split('.').any(|label| label.starts_with("xn--")),
            number: matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))),
            local: crate::is_loopback(url),
        }
    }
}
