//! The diff of two texts that are mostly the same and may be large: only what lies between their common beginning and their common
//! end is compared, and only what is shown is redacted.

use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::cover::covered;
use super::long_line::{self, Part};
use super::redact::Walker;
use super::{DiffLine, LineKind};

/// Lines of context around a change.
const CONTEXT: usize = 3;
/// Of longer lines than this many bytes only a part is looked at.
const LONG: usize = 16 * 1024;
/// Bytes of such a line around what changes in it.
const AROUND: usize = 1024;
/// Most bytes of such a line.
const MOST: usize = 64 * 1024;
/// How long to look for the shortest diff of texts that have little in common; a longer one will do.
const PATIENCE: Duration = Duration::from_millis(500);

/// The unified diff of a settings file, with three lines of context and every secret shown as [`super::REDACTED`]. No file is an
/// empty one. Line ends and byte order marks make no difference.
pub fn diff(before: &[u8], after: &[u8]) -> Vec<DiffLine> {
    let (before, after) = (normal(before), normal(after));
    if before == after {
        return Vec::new();
    }
    let same = Same::of(&before, &after);
    let old = Lines::around(&before, same.head, same.tail);
    let new = Lines::around(&after, same.head, same.tail);
    let (old_texts, new_texts) = (old.texts(), new.texts());
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_slices(&old_texts, &new_texts);
    let groups = diff.grouped_ops(CONTEXT);
    // What comes before the first line that is shown is the same in both.
    let covers = (covered(&before), covered(&after));
    let mut walker = Walker::new(&covers.0);
    let first = groups.first().and_then(|group| group.first());
    let shown_from = first.map_or(0, |op| old.start_of(op.old_range().start));
    walker.skip(shown_from.min(same.head), same.head);
    let mut walkers = (walker.clone(), walker.over(&covers.1, same.head));
    let mut out = Vec::new();
    for group in &groups {
        if let (Some(first), Some(last)) = (group.first(), group.last()) {
            out.extend(gap(
                old.numbered(first.old_range().start..last.old_range().end),
                new.numbered(first.new_range().start..last.new_range().end),
            ));
        }
        for op in group {
            let mut lines: Vec<Line> = diff
                .iter_changes(op)
                .map(|change| match change.tag() {
                    ChangeTag::Equal => {
                        let mut line = old.line(change.old_index(), LineKind::Context);
                        line.after = change.new_index().map(|index| new.number(index));
                        line
                    }
                    ChangeTag::Delete => old.line(change.old_index(), LineKind::Removed),
                    ChangeTag::Insert => new.line(change.new_index(), LineKind::Added),
                })
                .collect();
            focus(&before, &after, &mut lines);
            let parts: Vec<Part> = lines
                .iter()
                .map(|line| match line.kind {
                    LineKind::Added => line.part(&after, &mut walkers.1),
                    _ => line.part(&before, &mut walkers.0),
                })
                .collect();
            out.extend(written(&lines, &parts));
        }
    }
    out
}

/// A text without byte order mark, all of whose lines end in `\n`; a copy only where it was not so.
fn normal(bytes: &[u8]) -> Cow<'_, str> {
    let mark = "\u{FEFF}".as_bytes();
    let text = String::from_utf8_lossy(bytes.strip_prefix(mark).unwrap_or(bytes));
    match memchr::memchr(b'\r', text.as_bytes()) {
        Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        None => text,
    }
}

/// How much two texts have in common, in bytes and in whole lines.
struct Same {
    head: usize,
    tail: usize,
}

impl Same {
    fn of(before: &str, after: &str) -> Self {
        let (old, new) = (before.as_bytes(), after.as_bytes());
        let head = same_start(old, new);
        let head = memchr::memrchr(b'\n', &old[..head]).map_or(0, |end| end + 1);
        let (old, new) = (&old[head..], &new[head..]);
        let tail = same_end(old, new);
        let begins_line = |bytes: &[u8]| match bytes.len() - tail {
            0 => true,
            start => bytes[start - 1] == b'\n',
        };
        let tail = if begins_line(old) && begins_line(new) {
            tail
        } else {
            let end = &old[old.len() - tail..];
            memchr::memchr(b'\n', end).map_or(0, |found| tail - found - 1)
        };
        Self { head, tail }
    }
}

const BLOCK: usize = 4096;

fn same_start(old: &[u8], new: &[u8]) -> usize {
    let blocks = old.chunks_exact(BLOCK).zip(new.chunks_exact(BLOCK));
    let whole = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let rest = old[whole..].iter().zip(&new[whole..]);
    whole + rest.take_while(|(a, b)| a == b).count()
}

fn same_end(old: &[u8], new: &[u8]) -> usize {
    let blocks = old.rchunks_exact(BLOCK).zip(new.rchunks_exact(BLOCK));
    let whole = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let rest = |bytes: &'_ [u8]| bytes.len() - whole;
    let old = old[..rest(old)].iter().rev();
    let new = new[..rest(new)].iter().rev();
    whole + old.zip(new).take_while(|(a, b)| a == b).count()
}

/// The lines of a text that differ from another's, and the context around them.
struct Lines<'a> {
    text: &'a str,
    /// How many lines come before them.
    before: usize,
    /// Each without its line end.
    ranges: Vec<Range<usize>>,
}

impl<'a> Lines<'a> {
    fn around(text: &'a str, head: usize, tail: usize) -> Self {
        let bytes = text.as_bytes();
        let mut start = head;
        for _ in 0..CONTEXT.min(start) {
            let before = bytes.get(..start.saturating_sub(1)).unwrap_or_default();
            start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
        }
        let mut ranges = Vec::new();
        let mut at = start;
        let mut context = 0;
        while at < bytes.len() && context < CONTEXT {
            context += usize::from(at + tail >= bytes.len());
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            ranges.push(at..end);
            at = end + 1;
        }
        Self {
            text,
            before: memchr::memchr_iter(b'\n', &bytes[..start]).count(),
            ranges,
        }
    }

    fn texts(&self) -> Vec<&'a str> {
        self.ranges
            .iter()
            .map(|range| self.text.get(range.clone()).unwrap_or_default())
            .collect()
    }

    /// Where a line begins.
    fn start_of(&self, index: usize) -> usize {
        self.ranges
            .get(index)
            .map_or(self.text.len(), |range| range.start)
    }

    fn numbered(&self, lines: Range<usize>) -> Range<usize> {
        self.before + lines.start..self.before + lines.end
    }

    /// The number of a line, from 1.
    fn number(&self, index: usize) -> u32 {
        u32::try_from(self.before + index + 1).unwrap_or(u32::MAX)
    }

    fn line(&self, index: Option<usize>, kind: LineKind) -> Line {
        let index = index.unwrap_or_default();
        let number = Some(self.number(index));
        let range = self.ranges.get(index).cloned().unwrap_or_default();
        let focus = range.start..range.end.min(range.start + LONG);
        let is_new = kind == LineKind::Added;
        Line {
            kind,
            before: number.filter(|_| !is_new),
            after: number.filter(|_| is_new),
            range,
            focus,
        }
    }
}

/// A line that is shown.
struct Line {
    kind: LineKind,
    before: Option<u32>,
    after: Option<u32>,
    range: Range<usize>,
    /// What is shown of it, at least.
    focus: Range<usize>,
}

impl Line {
    fn part(&self, text: &str, walker: &mut Walker<'_>) -> Part {
        let piece = walker.show(self.focus.clone());
        let chars = |range: Range<usize>| text.get(range).map_or(0, |text| text.chars().count());
        Part {
            text: piece.text,
            before: chars(self.range.start..piece.of.start),
            after: chars(piece.of.end..self.range.end),
        }
    }
}

/// How many lines of one operation are removed ones with an added one in their place.
fn pairs(lines: &[Line]) -> (usize, usize) {
    let removed = lines
        .iter()
        .filter(|line| line.kind == LineKind::Removed)
        .count();
    let added = lines
        .iter()
        .filter(|line| line.kind == LineKind::Added)
        .count();
    (removed, removed.min(added))
}

/// Looks at long lines where they differ from the one in their place.
fn focus(before: &str, after: &str, lines: &mut [Line]) {
    let (removed, pairs) = pairs(lines);
    let (old, new) = lines.split_at_mut(removed);
    for (old, new) in old.iter_mut().zip(new).take(pairs) {
        if old.range.len() <= LONG && new.range.len() <= LONG {
            continue;
        }
        let old_bytes = before.as_bytes().get(old.range.clone()).unwrap_or_default();
        let new_bytes = after.as_bytes().get(new.range.clone()).unwrap_or_default();
        let head = same_start(old_bytes, new_bytes);
        let tail = same_end(&old_bytes[head..], &new_bytes[head..]);
        for line in [old, new] {
            let start = line.range.start + head.saturating_sub(AROUND);
            let end = (line.range.end - tail + AROUND).min(line.range.end);
            line.focus = start..end.min(start + MOST);
        }
    }
}

/// The lines of one operation: each removed line with the added one in its place, the others alone.
fn written(lines: &[Line], parts: &[Part]) -> Vec<DiffLine> {
    let (removed, pairs) = pairs(lines);
    let mut texts: Vec<String> = parts.iter().map(long_line::shorten).collect();
    for pair in 0..pairs {
        if let (Some(old), Some(new)) = (parts.get(pair), parts.get(removed + pair)) {
            (texts[pair], texts[removed + pair]) = long_line::shorten_pair(old, new);
        }
    }
    lines
        .iter()
        .zip(texts)
        .map(|(line, text)| DiffLine {
            kind: line.kind,
            before: line.before,
            after: line.after,
            text,
        })
        .collect()
}

/// `@@ … @@`, where lines were left out.
fn gap(old: Range<usize>, new: Range<usize>) -> Option<DiffLine> {
    (old.start > 0 || new.start > 0).then(|| DiffLine {
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
    })
}
