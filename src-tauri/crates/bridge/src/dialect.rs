use std::fmt;

/// How a server speaks. A bridge finds out by itself; a host that remembers it saves the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Since revision 2026-07-28: no handshake, every request says what it needs to be understood.
    Stateless,
    /// Revisions 2025-03-26 to 2025-11-25: a handshake begins a session.
    Sessions,
    /// Revision 2024-11-05: all answers come on one stream of events.
    Events,
}

impl Dialect {
    /// One word, for storing.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stateless => "stateless",
            Self::Sessions => "sessions",
            Self::Events => "events",
        }
    }

    /// What [`Dialect::as_str`] gave; `None` for anything else.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Stateless, Self::Sessions, Self::Events]
            .into_iter()
            .find(|dialect| dialect.as_str() == word)
    }
}

/// Remembers how one server speaks, from one bridge to the next. Both are called on an async thread and must be quick. A wrong
/// memory costs a search, nothing else.
pub trait Memory: fmt::Debug + Send + Sync + 'static {
    /// What was remembered last.
    fn recall(&self) -> Option<Dialect>;
    /// Remembers. Called when what was found differs from what was recalled.
    fn remember(&self, dialect: Dialect);
}
