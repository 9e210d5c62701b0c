//! Lines of many thousand characters (a file without line ends is one) are shown around what changes in them.

use std::ops::Range;

/// Lines up to this many characters are shown whole.
const WHOLE: usize = 400;
/// Characters shown on either side of what changes.
const AROUND: usize = 80;
/// Most characters shown of one line.
const MOST: usize = 2_000;

/// A line, or the part of it that was looked at.
pub(super) struct Part {
    pub(super) text: String,
    /// How many characters of the line come before it.
    pub(super) before: usize,
    /// How many characters of the line come after it.
    pub(super) after: usize,
}

/// A line and the one that takes its place, both cut to where they differ.
pub(super) fn shorten_pair(old: &Part, new: &Part) -> (String, String) {
    if fits(&old.text) && fits(&new.text) {
        return (whole(old), whole(new));
    }
    let chars = |part: &Part| part.text.chars().collect::<Vec<char>>();
    let (old_chars, new_chars) = (chars(old), chars(new));
    let shorter = old_chars.len().min(new_chars.len());
    let head = (0..shorter)
        .take_while(|at| old_chars[*at] == new_chars[*at])
        .count();
    let tail = (0..shorter - head)
        .take_while(|at| old_chars[old_chars.len() - 1 - at] == new_chars[new_chars.len() - 1 - at])
        .count();
    let window = |part: &Part, line: &[char]| {
        let end = (line.len() - tail + AROUND).min(line.len());
        cut(part, line, head.saturating_sub(AROUND)..end)
    };
    (window(old, &old_chars), window(new, &new_chars))
}

/// A line that stands alone.
pub(super) fn shorten(line: &Part) -> String {
    if fits(&line.text) {
        return whole(line);
    }
    let chars: Vec<char> = line.text.chars().collect();
    cut(line, &chars, 0..WHOLE)
}

fn fits(line: &str) -> bool {
    line.len() <= WHOLE || line.chars().count() <= WHOLE
}

fn whole(part: &Part) -> String {
    format!(
        "{}{}{}",
        left_out(part.before),
        part.text,
        left_out(part.after)
    )
}

fn cut(part: &Part, line: &[char], window: Range<usize>) -> String {
    let end = window.end.min(window.start + MOST);
    format!(
        "{}{}{}",
        left_out(part.before + window.start),
        line[window.start..end].iter().collect::<String>(),
        left_out(part.after + line.len() - end)
    )
}

fn left_out(count: usize) -> String {
    match count {
        0 => String::new(),
        count => format!("‹… {count} characters …›"),
    }
}
