use std::ops::Range;

/// Replacements in a text, put in any order, none overlapping.
#[derive(Debug, Default)]
pub(super) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    /// Puts `text` in the place of `range`.
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Takes `range` out.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Puts `text` before the byte at `at`; of several at one place the first put stands first.
    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// The new text, in one pass.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        // Just the size, as the text may be large.
        let come: usize = self.0.iter().map(|(_, new)| new.len()).sum();
        let go: usize = self.0.iter().map(|(range, _)| range.len()).sum();
        let mut out = String::with_capacity((text.len() + come).saturating_sub(go));
        let mut done = 0;
        for (range, new) in &self.0 {
            debug_assert!(done <= range.start, "splices overlap");
            out.push_str(text.get(done..range.start).unwrap_or_default());
            out.push_str(new);
            done = range.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }
}
