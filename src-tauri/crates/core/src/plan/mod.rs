//! Previews: what a change would do to a file, shown without anybody's secrets.

mod long_line;
mod redact;
mod scrub;
mod secret_like;

use similar::{ChangeTag, TextDiff};

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

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The unified diff of a settings file, with three lines of context and every secret shown as [`REDACTED`]. No file is an empty
/// one. Line ends and byte order marks make no difference.
pub fn diff(before: &[u8], after: &[u8]) -> Vec<DiffLine> {
    let (before, after) = (Shown::new(before), Shown::new(after));
    let old: Vec<&str> = before.lines.iter().map(String::as_str).collect();
    let new: Vec<&str> = after.lines.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&old, &new);
    let mut out = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        if let (Some(first), Some(last)) = (group.first(), group.last()) {
            let (old, new) = (
                first.old_range().start..last.old_range().end,
                first.new_range().start..last.new_range().end,
            );
            if old.start > 0 || new.start > 0 {
                out.push(DiffLine {
                    kind: LineKind::Gap,
                    before: None,
                    after: None,
                    text: format!(
                        "@@ -{},{} +{},{} @@",
                        old.start + 1,
                        old.len(),
                        new.start + 1,
                        new.len()
                    ),
                });
            }
        }
        for op in &group {
            let first = out.len();
            for change in diff.iter_changes(op) {
                let (kind, side, at) = match change.tag() {
                    ChangeTag::Equal => (LineKind::Context, &before, change.old_index()),
                    ChangeTag::Delete => (LineKind::Removed, &before, change.old_index()),
                    ChangeTag::Insert => (LineKind::Added, &after, change.new_index()),
                };
                out.push(DiffLine {
                    kind,
                    before: change.old_index().map(number),
                    after: change.new_index().map(number),
                    text: at
                        .and_then(|at| side.redacted.get(at))
                        .cloned()
                        .unwrap_or_default(),
                });
            }
            shorten(&mut out[first..]);
        }
    }
    out
}

/// Shortens the lines of one operation: each removed line with the added one in its place, the others alone.
fn shorten(lines: &mut [DiffLine]) {
    let removed = lines
        .iter()
        .filter(|line| line.kind == LineKind::Removed)
        .count();
    let (removed, added) = lines.split_at_mut(removed);
    let pairs = removed.len().min(added.len());
    for (old, new) in removed.iter_mut().zip(added.iter_mut()) {
        (old.text, new.text) = long_line::shorten_pair(&old.text, &new.text);
    }
    for line in removed[pairs..].iter_mut().chain(&mut added[pairs..]) {
        line.text = long_line::shorten(&line.text);
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// A document's lines, as they are and as they may be shown.
struct Shown {
    lines: Vec<String>,
    redacted: Vec<String>,
}

impl Shown {
    fn new(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        Self {
            redacted: lines(&redact(&text)),
            lines: lines(&text),
        }
    }
}
