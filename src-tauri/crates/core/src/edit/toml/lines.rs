use super::document::Document;

/// The lines of a document. Outside of strings, which no statement begins or ends in, a line ends in LF or CRLF.
impl<'a> Document<'a> {
    /// Where the line a byte is on begins.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |found| found + 1)
    }

    /// Where the line a byte is on ends, its line end left out.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.slice(at, self.body.len());
        let line = rest.split('\n').next().unwrap_or_default();
        let cut = match line.strip_suffix('\r') {
            Some(line) if line.len() + 1 < rest.len() => line,
            _ => line,
        };
        at + cut.len()
    }

    /// Where the line before the line at `start` ends, its line end left out.
    pub(super) fn end_of_line_before(&self, start: usize) -> usize {
        let before = self.slice(0, start);
        let before = before.strip_suffix('\n').unwrap_or(before);
        before.strip_suffix('\r').unwrap_or(before).len()
    }

    /// Where the next line begins.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let rest = self.slice(at, self.body.len());
        at + rest.find('\n').map_or(rest.len(), |found| found + 1)
    }

    /// White space at the start of the line a byte is on.
    pub(super) fn indent(&self, at: usize) -> &'a str {
        let line = self.slice(self.line_start(at), at);
        let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
        line.get(..end).unwrap_or_default()
    }

    /// Whether nothing but white space stands before a byte on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        self.indent(at).len() == at - self.line_start(at)
    }

    /// Where the last line with anything on it before the line at `start` ends; `None`: there is none.
    pub(super) fn content_before(&self, start: usize) -> Option<usize> {
        let before = self
            .slice(0, start)
            .trim_end_matches([' ', '\t', '\r', '\n']);
        (!before.is_empty()).then(|| self.line_end(before.len()))
    }

    /// Where the first line with anything on it from the line at `start` on begins, or the end.
    pub(super) fn content_from(&self, start: usize) -> usize {
        let rest = self.slice(start, self.body.len());
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let at = start + blank;
        if at == self.body.len() {
            at
        } else {
            self.line_start(at)
        }
    }

    /// What ends the line a byte is on, or the one before it, or any.
    pub(super) fn eol(&self, at: usize) -> &'static str {
        let end = self.line_end(at);
        let found = match self.slice(end, self.body.len()) {
            "" => self
                .body
                .rfind('\n')
                .map(|lf| self.slice(lf.saturating_sub(1), lf + 1)),
            rest => Some(rest),
        };
        match found {
            Some(text) if text.starts_with("\r\n") => "\r\n",
            _ => "\n",
        }
    }

    /// Whether there is a comment between two bytes that lie outside of statements.
    pub(super) fn has_comment(&self, start: usize, end: usize) -> bool {
        self.slice(start, end).contains('#')
    }
}
