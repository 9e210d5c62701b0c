use serde::{Deserialize, Serialize};

/// What a person's file was like around an insertion, so that removal can give every byte back. Kept in the ledger; holds only
/// white space of theirs, never values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The file, where it was made for the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<MadeFile>,
    /// How many of the objects the entry stands in were made for it, counted from the innermost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) made: u32,
    /// White space of the object that was there but had no members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) space: Option<Space>,
    /// YAML: how a mapping or list without members was written before it became lines: from behind its key on, such as `: {}` or
    /// `: null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stood: Option<Space>,
}

/// What was in the place of a file that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MadeFile {
    /// No file.
    Absent,
    /// A file with this white space (and byte order mark) in it.
    Blank(String),
}

/// White space between the last thing in an object without members and its closing brace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Space {
    /// How many keys lead to the object; 0: the document.
    pub(super) depth: u32,
    /// The white space.
    pub(super) was: String,
}

impl Receipt {
    /// Takes over what a removed neighbour, or an earlier setting of the same entry, knew about the objects and the file the entry
    /// stands in. An entry that found the file otherwise, and says so itself, knows better.
    pub fn inherit(&mut self, other: Self) {
        if !self.says_anything() {
            *self = other;
        }
    }

    /// Takes over what a removed entry elsewhere in the same file knew about the file itself: that it was made.
    pub fn inherit_file(&mut self, other: &Self) {
        if self.file.is_none() {
            self.file.clone_from(&other.file);
        }
    }

    /// Whether there is anything in it that removal would need.
    pub fn says_anything(&self) -> bool {
        *self != Self::default()
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}
