use std::ops::RangeInclusive;

use serde::Deserialize;

/// What a client demands of the names of its servers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameRule {
    characters: Characters,
    #[serde(default)]
    max: Option<usize>,
    #[serde(default)]
    reserved: Vec<String>,
}

/// The rule of clients that tell none: what no client is known to refuse.
impl Default for NameRule {
    fn default() -> Self {
        Self {
            characters: Characters(vec!['A'..='Z', 'a'..='z', '0'..='9', '_'..='_', '-'..='-']),
            max: Some(64),
            reserved: Vec::new(),
        }
    }
}

/// Characters and ranges of them, as within the brackets of a regular expression: `A-Za-z0-9_-`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Characters(Vec<RangeInclusive<char>>);

/// Why a set of characters is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a set of characters such as A-Za-z0-9_-")]
pub struct CharactersError {
    text: String,
}

impl TryFrom<String> for Characters {
    type Error = CharactersError;

    fn try_from(text: String) -> Result<Self, CharactersError> {
        let mut ranges = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(from) = chars.next() {
            let mut ahead = chars.clone();
            let to = (ahead.next() == Some('-')).then(|| ahead.next()).flatten();
            if to.is_some() {
                chars = ahead;
            }
            ranges.push(from..=to.unwrap_or(from));
        }
        match ranges.is_empty() || ranges.iter().any(RangeInclusive::is_empty) {
            true => Err(CharactersError { text }),
            false => Ok(Self(ranges)),
        }
    }
}

/// Why a client would not take a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing.
    #[error("a server needs a name")]
    Empty,
    /// One of its characters.
    #[error("{client} does not take {found:?} in the name of a server")]
    Character {
        /// The client, for people.
        client: String,
        /// The first such character.
        found: char,
    },
    /// Too many characters.
    #[error("{client} takes names of servers up to {max} characters")]
    TooLong {
        /// The client, for people.
        client: String,
        /// As many as it takes.
        max: usize,
    },
    /// A name that it keeps for itself.
    #[error("{client} keeps the name {name:?} for itself")]
    Reserved {
        /// The client, for people.
        client: String,
        /// The name.
        name: String,
    },
}

impl NameRule {
    pub(super) fn check(&self, client: &str, name: &str) -> Result<(), NameError> {
        let client = || client.to_owned();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        let allowed = |c: &char| self.characters.0.iter().any(|range| range.contains(c));
        if let Some(found) = name.chars().find(|c| !allowed(c)) {
            let client = client();
            return Err(NameError::Character { client, found });
        }
        if let Some(max) = self.max.filter(|max| name.chars().count() > *max) {
            let client = client();
            return Err(NameError::TooLong { client, max });
        }
        match self.reserved.iter().any(|reserved| reserved == name) {
            true => Err(NameError::Reserved {
                client: client(),
                name: name.to_owned(),
            }),
            false => Ok(()),
        }
    }
}

/// Whether a name may stand in every client's settings: `^[a-z][a-z0-9-]{0,12}$`, the strictest of all their rules.
pub fn valid_entry_name(name: &str) -> bool {
    name.len() <= 13
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
