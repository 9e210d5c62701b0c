//! Previews: what a change would do to a file, shown without anybody's secrets.

mod context;
mod cover;
mod diff;
mod lines;
mod long_line;
mod redact;
mod scrub;
pub(crate) mod secret_like;

pub use diff::diff;
pub use redact::{REDACTED, redact};

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Unchanged, for orientation.
    Context,
    /// Comes in.
    Added,
    /// Goes out.
    Removed,
    /// `@@ … @@` between distant places.
    Gap,
}

/// A line of a unified diff, redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is.
    pub kind: LineKind,
    /// Line number before, from 1, where it has one.
    pub before: Option<u32>,
    /// Line number after, from 1, where it has one.
    pub after: Option<u32>,
    /// Its text without the line end.
    pub text: String,
}
