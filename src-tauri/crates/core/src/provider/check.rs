//! What no shape can say about a provider file.

use std::collections::HashSet;

use url::Url;

use crate::is_loopback;

use super::place::Step;
use super::{
    Base, Capability, Dialect, KeyStyle, Provider, Scope, Server, SignInMethod, VerifyRequest,
};

/// Headers of HTTP and of MCP itself: a key cannot travel in them, nor a value of the person's.
const TAKEN: &[&str] = &[
    "accept",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
    "origin",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// What is wrong, and the steps to where it stands.
#[derive(Debug)]
pub(super) struct Fault {
    pub at: Vec<Step>,
    pub reason: String,
}

/// Looks whether a file's parts fit together.
pub(super) fn provider(provider: &Provider) -> Result<(), Fault> {
    let id = provider.id.as_str();
    ensure(is_word(id, 30), &["id".into()], || {
        format!("{id:?} is not an id; use up to 30 of a-z, 0-9 and -, a letter first")
    })?;
    ensure(!provider.name.trim().is_empty(), &["name".into()], || {
        "a provider needs a name".to_owned()
    })?;
    if let Some(page) = &provider.documentation {
        web(page, &["documentation".into()])?;
    }
    base(provider)?;
    key(&provider.key)?;
    let mut names = HashSet::new();
    for (item, extra) in provider.headers.iter().enumerate() {
        let at = ["header".into(), item.into(), "name".into()];
        header(&extra.name, &at)?;
        ensure(
            extra.name != provider.key.header && names.insert(&extra.name),
            &at,
            || format!("the header {} is named twice", extra.name),
        )?;
    }
    abilities(provider)?;
    words("scope", &provider.scopes)?;
    words("preset", &provider.presets)?;
    let mut codes = HashSet::new();
    for (item, error) in provider.errors.iter().enumerate() {
        let fine = !error.code.is_empty() && codes.insert(&error.code);
        ensure(fine, &["error".into(), item.into(), "code".into()], || {
            format!("the error code {:?} is explained twice", error.code)
        })?;
    }
    servers(provider)?;
    verify(provider)?;
    dashboard(provider)
}

/// Whether a text is a header in lower case that a provider may have for itself.
pub(crate) fn is_header(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        && !TAKEN.contains(&name)
}

/// Whether a text is a word that goes before a key, such as `Bearer`. It is short, so that hardly any key is one.
pub(crate) fn is_scheme(text: &str) -> bool {
    text.len() <= 16
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// Whether an address is one that Keystow goes to: `https`, or `http` on this computer; without a name, a password or a fragment in
/// it. The reason why not names no part of it that can be secret.
pub(crate) fn is_web(url: &Url) -> Result<(), String> {
    let here = is_loopback(url);
    let reason = match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            "an address has no user and no password in it"
        }
        _ if url.fragment().is_some() => "an address has no # in it",
        "https" => return Ok(()),
        "http" if here => return Ok(()),
        "http" => "http is for this computer only; use https",
        _ => "an address begins with https://",
    };
    Err(reason.to_owned())
}

/// Whether a text is up to `most` of `a-z`, `0-9` and `-`, a letter first.
pub(super) fn is_word(text: &str, most: usize) -> bool {
    text.len() <= most
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn ensure(fine: bool, at: &[Step], reason: impl FnOnce() -> String) -> Result<(), Fault> {
    match fine {
        true => Ok(()),
        false => Err(Fault {
            at: at.to_vec(),
            reason: reason(),
        }),
    }
}

fn base(provider: &Provider) -> Result<(), Fault> {
    let bare = |url: &Url, at: &[Step]| {
        web(url, at)?;
        ensure(url.query().is_none(), at, || {
            "a base address has no ? in it".to_owned()
        })
    };
    match &provider.base {
        Base::Local => ensure(
            provider.id.as_str() == "local",
            &["base".into(), "kind".into()],
            || "only the local workspace has the base `local`".to_owned(),
        ),
        Base::Fixed { url } => bare(url, &["base".into(), "url".into()]),
        Base::Asked { example, choices } => {
            let at = ["base".into(), "example".into()];
            let example = Url::parse(example);
            ensure(example.is_ok(), &at, || {
                "the example is no address".to_owned()
            })?;
            for (item, choice) in choices.iter().enumerate() {
                let at = |key| ["base".into(), "choices".into(), item.into(), Step::Key(key)];
                bare(&choice.url, &at("url"))?;
                for (key, url) in [("mcp", &choice.mcp), ("web", &choice.web)] {
                    url.as_ref().map_or(Ok(()), |url| bare(url, &at(key)))?;
                }
            }
            Ok(())
        }
    }
}

fn key(key: &KeyStyle) -> Result<(), Fault> {
    let at = |name| ["key".into(), Step::Key(name)];
    header(&key.header, &at("header"))?;
    let scheme = key.scheme.is_empty() || is_scheme(&key.scheme);
    ensure(scheme, &at("scheme"), || {
        "that is not one short word, such as Bearer".to_owned()
    })?;
    let query = key.query.as_deref().is_none_or(|name| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        !name.is_empty() && name.bytes().all(plain)
    });
    ensure(query, &at("query"), || {
        "that is no name of a parameter".to_owned()
    })?;
    ensure(key.name_max > 0, &at("name_max"), || {
        "a name needs at least one character".to_owned()
    })?;
    let most = key.days_max.unwrap_or(u32::MAX);
    ensure(most > 0, &at("days_max"), || {
        "a key lives at least one day".to_owned()
    })?;
    let default = key.days_default.is_none_or(|days| 0 < days && days <= most);
    ensure(default, &at("days_default"), || {
        "that is not between 1 and `days_max`".to_owned()
    })
}

fn header(name: &str, at: &[Step]) -> Result<(), Fault> {
    ensure(is_header(name), at, || {
        format!("{name:?} is not a header in lower case that is free for a provider")
    })
}

/// What it can do, and how it is signed in to.
fn abilities(provider: &Provider) -> Result<(), Fault> {
    let told = match &provider.verify {
        Some(VerifyRequest::Get { tells, .. }) => {
            tells.last_used_at.is_some() || tells.requests.is_some() || tells.endpoints.is_some()
        }
        Some(VerifyRequest::Mcp { .. }) | None => false,
    };
    if provider.dialect == Dialect::None {
        for (item, capability) in provider.capabilities.iter().enumerate() {
            let at = ["capabilities".into(), item.into()];
            ensure(*capability == Capability::Usage && told, &at, || {
                let what = capability.as_str();
                format!("without a key API, and told by no `verify`, it cannot {what}")
            })?;
        }
        ensure(provider.sign_in.is_empty(), &["sign_in".into()], || {
            "without a key API there is nothing to sign in to; servers that take OAuth say so in `auth`"
                .to_owned()
        })?;
    } else {
        ensure(!provider.sign_in.is_empty(), &["sign_in".into()], || {
            "a key API needs a way to sign in".to_owned()
        })?;
    }
    let device = provider.sign_in.contains(&SignInMethod::Device);
    let client = provider.oauth.device_client_id.is_some();
    ensure(!device || client, &["sign_in".into()], || {
        "signing in with a code on another screen needs `oauth.device_client_id`".to_owned()
    })
}

/// Scopes or presets.
fn words(list: &'static str, scopes: &[Scope]) -> Result<(), Fault> {
    let mut ids = HashSet::new();
    for (item, scope) in scopes.iter().enumerate() {
        let fine = !scope.id.is_empty() && ids.insert(&scope.id);
        ensure(fine, &[list.into(), item.into(), "id".into()], || {
            format!("the {list} {:?} needs a name of its own", scope.id)
        })?;
    }
    Ok(())
}

fn servers(provider: &Provider) -> Result<(), Fault> {
    let (mut names, mut entries) = (HashSet::new(), HashSet::new());
    for (item, server) in provider.servers.iter().enumerate() {
        let Server {
            name, entry, auth, ..
        } = server;
        let at = |key| ["server".into(), item.into(), Step::Key(key)];
        ensure(is_word(name, 30), &at("name"), || {
            format!("{name:?} is not a server's name; use up to 30 of a-z, 0-9 and -")
        })?;
        ensure(is_word(entry, 13), &at("entry"), || {
            format!("{entry:?} is not an entry; use up to 13 of a-z, 0-9 and -, a letter first")
        })?;
        ensure(names.insert(name), &at("name"), || {
            format!("two servers are named {name:?}")
        })?;
        ensure(entries.insert(entry), &at("entry"), || {
            format!("two servers have the entry {entry:?}")
        })?;
        let once = auth.len() <= 2 && auth.first() != auth.get(1);
        ensure(once, &at("auth"), || {
            format!("the server {name:?} takes a key, OAuth, or both; each is named once")
        })?;
        comes_out(provider, &server.url, &at("url"))?;
    }
    Ok(())
}

fn verify(provider: &Provider) -> Result<(), Fault> {
    let at = |key| ["verify".into(), Step::Key(key)];
    match &provider.verify {
        None => Ok(()),
        Some(VerifyRequest::Mcp { server }) => {
            let there = provider.servers.iter().find(|s| s.name == *server);
            ensure(there.is_some_and(Server::takes_key), &at("server"), || {
                format!("there is no server {server:?} that takes a key")
            })
        }
        Some(VerifyRequest::Get { url, tells }) => {
            comes_out(provider, url, &at("url"))?;
            let wrong = tells.all().into_iter().flatten().find(|pointer| {
                !pointer.starts_with('/')
                    || pointer.replace("~0", "").replace("~1", "").contains('~')
            });
            ensure(wrong.is_none(), &at("tells"), || {
                format!("{:?} is no JSON pointer", wrong.map_or("", String::as_str))
            })
        }
    }
}

fn dashboard(provider: &Provider) -> Result<(), Fault> {
    let Some(dashboard) = &provider.dashboard else {
        return Ok(());
    };
    comes_out(
        provider,
        &dashboard.keys,
        &["dashboard".into(), "keys".into()],
    )?;
    for (list, steps) in [("create", &dashboard.create), ("revoke", &dashboard.revoke)] {
        ensure(
            !steps.is_empty(),
            &["dashboard".into(), list.into()],
            || "say at least one step".to_owned(),
        )?;
    }
    for (what, steps) in &dashboard.also {
        let at = ["dashboard".into(), "also".into()];
        let known = Capability::ALL.iter().find(|c| c.as_str() == what);
        let known = known.filter(|capability| !provider.can(**capability));
        ensure(known.is_some() && !steps.is_empty(), &at, || {
            format!("{what:?} is not something that can be done there only")
        })?;
    }
    Ok(())
}

/// Whether an address comes out of what the file gives.
fn comes_out(provider: &Provider, url: &str, at: &[Step]) -> Result<(), Fault> {
    let anywhere = || Url::parse("http://127.0.0.1/api").expect("a constant address");
    let base = match &provider.base {
        Base::Fixed { url } => url.clone(),
        Base::Asked { choices, .. } => choices
            .first()
            .map_or_else(anywhere, |choice| choice.url.clone()),
        Base::Local => anywhere(),
    };
    // The value of a parameter would have to be written otherwise than a segment of a path.
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let rest = ["{base}", "{mcp}", "{web}", "{organization}"]
        .iter()
        .fold(path.to_owned(), |rest, place| rest.replace(place, ""));
    let after = url.get(path.len()..).unwrap_or_default();
    ensure(
        !rest.contains(['{', '}']) && !after.contains(['{', '}']),
        at,
        || {
            "{base}, {mcp}, {web} and {organization} are all that is filled in, before a ?"
                .to_owned()
        },
    )?;
    let url = |organization| match provider.address(url, &base, Some(organization)) {
        Ok(url) => web(&url, at).map(|()| url),
        Err(error) => Err(Fault {
            at: at.to_vec(),
            reason: error.to_string(),
        }),
    };
    // An organization chooses a path, never a computer.
    let same = url("one")?.host() == url("two")?.host();
    ensure(same, at, || {
        "{organization} is filled in after the host only".to_owned()
    })
}

fn web(url: &Url, at: &[Step]) -> Result<(), Fault> {
    is_web(url).or_else(|reason| ensure(false, at, || reason))
}
