//! A provider file of the person's own, made of an MCP server's address and the header that takes its key.

use url::Url;

use super::check::{is_header, is_scheme, is_web};
use super::{FILES, parse};
use crate::key::{NameError, checked_name};

/// Why no file can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomError {
    /// The name is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The address is none, or none that Keystow goes to.
    #[error("this is not the address of an MCP server: {reason}")]
    Url {
        /// Why not; names no part of it.
        reason: String,
    },
    /// The address has a key in it, which would end up in a file.
    #[error("the address has a key in `{parameter}`; leave it out and paste it as the key")]
    KeyInUrl {
        /// The parameter that carries it.
        parameter: String,
    },
    /// The header is none, or one that HTTP or MCP need for themselves. Not told again: it can be a key in the wrong place.
    #[error(
        "a key cannot be sent in a header of that name; it is one like authorization or x-api-key"
    )]
    Header,
    /// The word before the key is not one short word. Not told again, as above.
    #[error("the word before the key is one short word, such as Bearer, or left out")]
    Scheme,
}

/// A file name and a provider file for one MCP server at `url`, whose key goes into `header` after `scheme` (which may be empty).
/// The name and the id come from `name`; whoever writes the file looks whether there is one already.
///
/// # Errors
/// [`CustomError`].
pub fn custom_file(
    name: &str,
    url: &str,
    header: &str,
    scheme: &str,
) -> Result<(String, String), CustomError> {
    let name = checked_name(name)?;
    let url = server_url(url)?;
    let header = header.trim().to_ascii_lowercase();
    if !is_header(&header) {
        return Err(CustomError::Header);
    }
    let scheme = scheme.trim();
    if !scheme.is_empty() && !is_scheme(scheme) {
        return Err(CustomError::Scheme);
    }
    let word = word(&name, &url);
    let file = format!("{word}.toml");
    let said = |text: &str| toml::Value::from(text).to_string();
    // Braces would be filled in.
    let server = url.as_str().replace('{', "%7B").replace('}', "%7D");
    let text = format!(
        r#"# Written by Keystow, whose PROVIDERS.md says what else can stand here.
id = {id}
name = {name}
about = "An MCP server of your own choice."
dialect = "none"
base = {{ kind = "fixed", url = {origin} }}

[key]
pattern = "[!-~]+"
header = {header}
scheme = {scheme}

[verify]
kind = "mcp"
server = "mcp"

[[server]]
name = "mcp"
title = {name}
about = {server}
entry = {entry}
url = {server}
auth = ["key"]
"#,
        id = said(&word),
        name = said(&name),
        origin = said(&url.origin().ascii_serialization()),
        header = said(&header),
        scheme = said(scheme),
        server = said(&server),
        entry = said(cut(&word, 13)),
    );
    parse(&file, &text).expect("what was checked above is a provider file");
    Ok((file, text))
}

/// The address of a server, without a key in it.
fn server_url(text: &str) -> Result<Url, CustomError> {
    let refused = |reason: String| CustomError::Url { reason };
    let url = Url::parse(text.trim()).map_err(|error| refused(error.to_string()))?;
    is_web(&url).map_err(refused)?;
    let secret = url.query_pairs().find(|(parameter, value)| {
        let parameter = parameter.to_ascii_lowercase();
        let telling = [
            "key",
            "token",
            "secret",
            "password",
            "auth",
            "authorization",
        ];
        !value.is_empty() && telling.iter().any(|word| parameter.ends_with(word))
    });
    match secret {
        Some((parameter, _)) => Err(CustomError::KeyInUrl {
            parameter: parameter.into_owned(),
        }),
        None => Ok(url),
    }
}

/// A word for the id, the file and the entry: from the name, or from the host where the name has no letter of a-z.
fn word(name: &str, url: &Url) -> String {
    let plain = |text: &str| {
        let mut word = String::new();
        for c in text.chars().map(|c| c.to_ascii_lowercase()) {
            match c {
                'a'..='z' => word.push(c),
                '0'..='9' if !word.is_empty() => word.push(c),
                _ if !word.is_empty() && !word.ends_with('-') => word.push('-'),
                _ => {}
            }
        }
        cut(&word, 27).to_owned()
    };
    let host = || plain(url.host_str().unwrap_or_default());
    let word = Some(plain(name)).filter(|word| !word.is_empty());
    match word.unwrap_or_else(host) {
        word if word.is_empty() => "my-server".to_owned(),
        word if is_taken(&word) => format!("my-{word}"),
        word => word,
    }
}

/// Whether a provider that comes with Keystow has the id, or Windows has a device of that name.
/// Source: learn.microsoft.com/windows/win32/fileio/naming-a-file, checked 2026-11-21.
fn is_taken(word: &str) -> bool {
    let device = ["con", "prn", "aux", "nul"].contains(&word)
        || word
            .strip_prefix("com")
            .or_else(|| word.strip_prefix("lpt"))
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()));
    device
        || FILES
            .iter()
            .any(|(file, _)| file.strip_suffix(".toml") == Some(word))
}

/// At most so many characters of a word, and no dash at its end.
fn cut(word: &str, most: usize) -> &str {
    word.get(..most).unwrap_or(word).trim_end_matches('-')
}
