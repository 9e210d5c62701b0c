//! Lines of many thousand characters (a file without line ends is one) are shown around what changes in them.

use std::ops::Range;

/// Lines up to this many characters are shown whole.
const WHOLE: usize = 400;
/// Characters shown on either side of what changes.
const AROUND: usize = 80;
/// Most characters shown of one line.
const MOST: usize = 2_000;

/// A line and the one that takes its place, both cut to where they differ.
pub(super) fn shorten_pair(old: &str, new: &str) -> (String, String) {
    if fits(old) && fits(new) {
        return (old.to_owned(), new.to_owned());
    }
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let shorter = old.len().min(new.len());
    let head = (0..shorter).take_while(|at| old[*at] == new[*at]).count();
    let tail = (0..shorter - head)
        .take_while(|at| old[old.len() - 1 - at] == new[new.len() - 1 - at])
        .count();
    let window = |line: &[char]| {
        cut(
            line,
            head.saturating_sub(AROUND)..(line.len() - tail + AROUND).min(line.len()),
        )
    };
    (window(&old), window(&new))
}

/// A line that stands alone.
pub(super) fn shorten(line: &str) -> String {
    if fits(line) {
        return line.to_owned();
    }
    let chars: Vec<char> = line.chars().collect();
    cut(&chars, 0..WHOLE)
}

fn fits(line: &str) -> bool {
    line.len() <= WHOLE || line.chars().count() <= WHOLE
}

fn cut(line: &[char], window: Range<usize>) -> String {
    let end = window.end.min(window.start + MOST);
    let left_out = |count: usize| match count {
        0 => String::new(),
        count => format!("‹… {count} characters …›"),
    };
    format!(
        "{}{}{}",
        left_out(window.start),
        line[window.start..end].iter().collect::<String>(),
        left_out(line.len() - end)
    )
}
