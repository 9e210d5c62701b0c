//! What stands around a value, and so whether it may be shown.

use std::borrow::Cow;

use super::scrub::Argument;
use super::secret_like;

/// An object, an array, or the text around them.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame<'a> {
    pub(super) is_array: bool,
    /// The key it is the value of.
    pub(super) by: Named<'a>,
    /// What that key makes of it, once anybody has asked.
    pub(super) nature: Option<Nature>,
    /// The key whose value comes next.
    pub(super) key: Named<'a>,
    /// What the last string in an array announces.
    pub(super) announced: Argument,
    /// A key without quotes may come next.
    pub(super) before_key: bool,
}

/// What may be shown of the values in an object or array.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nature {
    /// All in it is secret.
    pub(super) secret: bool,
    /// Its keys are names of servers, which say nothing about secrecy.
    pub(super) names_servers: bool,
}

impl Nature {
    /// What a key in it makes of its own value.
    pub(super) fn inside(self, key: Key) -> Self {
        // The name of a server makes nothing secret, or nobody could have one that is called `auth`.
        let by_key = (key.secret && !self.names_servers) || key.secret_inside;
        Self {
            secret: self.secret || by_key,
            names_servers: key.names_servers,
        }
    }
}

/// A key, as far as anybody has asked what it says: of most nobody does.
#[derive(Clone, Debug, Default)]
pub(super) enum Named<'a> {
    #[default]
    Nothing,
    /// As it is written, without its quotes.
    Raw(&'a str),
    Known(Key),
}

impl Named<'_> {
    pub(super) fn known(&mut self) -> Option<Key> {
        if let Self::Raw(raw) = self {
            *self = Self::Known(Key::new(&decoded(raw)));
        }
        match self {
            Self::Known(key) => Some(*key),
            _ => None,
        }
    }
}

/// What a string in JSON says; what cannot be read is taken as it is.
pub(super) fn decoded(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    match serde_json::from_str(&format!("\"{raw}\"")) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(raw),
    }
}

/// What a key says about its value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Key {
    pub(super) secret: bool,
    /// Everything in its object is secret.
    pub(super) secret_inside: bool,
    pub(super) names_servers: bool,
    pub(super) harmless: bool,
}

impl Key {
    pub(super) fn new(name: &str) -> Self {
        let lower = name.to_lowercase();
        Self {
            secret: secret_like::speaks_of_secrets(name),
            secret_inside: secret_like::holds_secrets(name),
            names_servers: matches!(
                lower.as_str(),
                "mcpservers" | "servers" | "context_servers" | "mcp_servers" | "mcp" | "extensions"
            ),
            harmless: matches!(
                lower.as_str(),
                "command"
                    | "args"
                    | "type"
                    | "url"
                    | "name"
                    | "description"
                    | "id"
                    | "title"
                    | "version"
                    | "cwd"
            ),
        }
    }
}
