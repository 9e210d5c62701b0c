//! What no shape can say about a provider file.

use std::collections::HashSet;

use url::Url;

use super::{Base, Capability, Dialect, Provider, SignInMethod, VerifyRequest};

/// Looks whether a file's parts fit together; says what does not.
pub(super) fn provider(provider: &Provider) -> Result<(), String> {
    let id = provider.id.as_str();
    let plain = |text: &str, most: usize| {
        let mut chars = text.chars();
        text.len() <= most
            && chars.next().is_some_and(|c| c.is_ascii_lowercase())
            && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !plain(id, 30) {
        return Err(format!(
            "the id {id:?} is not a small letter and up to 29 small letters, digits and dashes"
        ));
    }
    match (&provider.base, id) {
        (Base::Local, "local") => {}
        (Base::Local, _) => return Err("only the local workspace has the base `local`".to_owned()),
        (Base::Fixed { url }, _) => web(url)?,
        (Base::Asked { choices, .. }, _) => choices
            .iter()
            .flat_map(|choice| std::iter::once(&choice.url).chain(&choice.mcp))
            .try_for_each(web)?,
    }
    let header = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if let Some(name) = std::iter::once(&provider.key.header)
        .chain(provider.headers.iter().map(|extra| &extra.name))
        .find(|name| !header(name))
    {
        return Err(format!("{name:?} is no header in lower case"));
    }
    if provider.dialect == Dialect::None {
        if let Some(capability) = provider
            .capabilities
            .iter()
            .find(|c| **c != Capability::Usage)
        {
            return Err(format!(
                "without a key API it cannot {}",
                capability.as_str()
            ));
        }
        if provider
            .sign_in
            .iter()
            .any(|method| *method != SignInMethod::Browser)
        {
            return Err("without a key API there is nothing to sign in to but in the browser, for its servers".to_owned());
        }
    } else if provider.sign_in.is_empty() {
        return Err("a key API needs a way to sign in".to_owned());
    }
    if provider.sign_in.contains(&SignInMethod::Device) && provider.oauth.device_client_id.is_none()
    {
        return Err("signing in with a device code needs `oauth.device_client_id`".to_owned());
    }
    let mut names = HashSet::new();
    let mut entries = HashSet::new();
    for server in &provider.servers {
        if !plain(&server.entry, 13) {
            return Err(format!(
                "the entry {:?} is not a small letter and up to 12 more, digits and dashes",
                server.entry
            ));
        }
        if !plain(&server.name, 30) || !names.insert(&server.name) || !entries.insert(&server.entry)
        {
            return Err(format!(
                "the server {:?} needs a name and an entry of its own",
                server.name
            ));
        }
        if server.auth.is_empty() {
            return Err(format!(
                "the server {:?} takes neither a key nor OAuth",
                server.name
            ));
        }
        sample(provider, &server.url)?;
    }
    match &provider.verify {
        Some(VerifyRequest::Get { url, .. }) => sample(provider, url)?,
        Some(VerifyRequest::Mcp { server }) if !names.contains(server) => {
            return Err(format!(
                "`verify` names the server {server:?}, and there is none"
            ));
        }
        _ => {}
    }
    if let Some(dashboard) = &provider.dashboard {
        sample(provider, &dashboard.keys)?;
    }
    Ok(())
}

/// Whether an address comes out of what the file gives.
fn sample(provider: &Provider, url: &str) -> Result<(), String> {
    let anywhere = || Url::parse("http://127.0.0.1/api").expect("a constant address");
    let base = match &provider.base {
        Base::Fixed { url } => url.clone(),
        Base::Asked { choices, .. } => choices
            .first()
            .map_or_else(anywhere, |choice| choice.url.clone()),
        Base::Local => anywhere(),
    };
    let url = provider
        .address(url, &base, Some("organization"))
        .map_err(|error| error.to_string())?;
    web(&url)
}

/// `https`, or `http` on this computer.
fn web(url: &Url) -> Result<(), String> {
    let here = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let clean = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    match url.scheme() {
        "https" if clean => Ok(()),
        "http" if clean && here => Ok(()),
        _ => Err(format!(
            "{url} is not an https address (http is for this computer only)"
        )),
    }
}
