//! Lines from the client: one JSON-RPC message each.

use bytes::{Bytes, BytesMut};
use memchr::memchr;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Read at a time; a message longer than this grows the buffer by doubling.
const READ_BYTES: usize = 8 * 1024;

/// Newline-delimited messages from a reader, without copying them. Blank lines are skipped, `\r\n` counts as a line end, and a
/// last line without one is still a line.
pub struct Lines<R> {
    input: R,
    buffer: BytesMut,
    /// How far the buffer is known to hold no line end.
    scanned: usize,
    limit_bytes: usize,
    /// Inside a line that is too large: everything up to its end is thrown away.
    skipping: bool,
    ended: bool,
}

/// Why there is no next line.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The line is larger than the limit. It has been dropped; reading goes on behind it.
    #[error("a message is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The reader failed.
    #[error("the client's messages cannot be read: {0}")]
    Read(#[from] std::io::Error),
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Lines of at most `limit_bytes`.
    pub fn new(input: R, limit_bytes: usize) -> Self {
        Self {
            input,
            buffer: BytesMut::new(),
            scanned: 0,
            limit_bytes,
            skipping: false,
            ended: false,
        }
    }

    /// The next line without its end; `None` at the end of the input. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Option<Bytes>, FrameError> {
        loop {
            if let Some(line) = self.take_line()? {
                return Ok(Some(line));
            }
            if self.ended {
                return Ok(None);
            }
            self.buffer.reserve(READ_BYTES);
            self.ended = self.input.read_buf(&mut self.buffer).await? == 0;
        }
    }

    /// The next line that is already in the buffer.
    fn take_line(&mut self) -> Result<Option<Bytes>, FrameError> {
        loop {
            let unscanned = self.buffer.get(self.scanned..).unwrap_or_default();
            let Some(found) = memchr(b'\n', unscanned) else {
                self.scanned = self.buffer.len();
                if self.skipping {
                    self.buffer.clear();
                    self.scanned = 0;
                } else if self.buffer.len() > self.limit_bytes {
                    self.buffer = BytesMut::new();
                    self.scanned = 0;
                    self.skipping = true;
                    return Err(FrameError::TooLarge {
                        limit_bytes: self.limit_bytes,
                    });
                }
                if self.ended && !self.buffer.is_empty() {
                    let rest = std::mem::take(&mut self.buffer).freeze();
                    self.scanned = 0;
                    return Ok(content(rest));
                }
                return Ok(None);
            };
            let mut line = self.buffer.split_to(self.scanned + found + 1);
            self.scanned = 0;
            if std::mem::take(&mut self.skipping) {
                continue;
            }
            line.truncate(line.len() - 1);
            if line.len() > self.limit_bytes {
                return Err(FrameError::TooLarge {
                    limit_bytes: self.limit_bytes,
                });
            }
            if let Some(line) = content(line.freeze()) {
                return Ok(Some(line));
            }
        }
    }
}

/// The line without a carriage return at its end, unless it is blank.
fn content(line: Bytes) -> Option<Bytes> {
    if line.trim_ascii().is_empty() {
        return None;
    }
    match line.strip_suffix(b"\r") {
        Some(rest) => Some(line.slice(..rest.len())),
        None => Some(line),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{FrameError, Lines};

    async fn all(input: &[u8], limit: usize) -> Vec<Result<String, FrameError>> {
        let mut lines = Lines::new(input, limit);
        let mut seen = Vec::new();
        loop {
            match lines.next().await {
                Ok(Some(line)) => seen.push(Ok(String::from_utf8(line.to_vec()).unwrap())),
                Ok(None) => return seen,
                Err(error) => seen.push(Err(error)),
            }
        }
    }

    #[tokio::test]
    async fn splits_at_line_ends_and_keeps_a_last_line_without_one() {
        let seen = all(b"{\"a\":1}\r\n\n  \n{\"b\": 2}\n{\"c\":3}", 100).await;
        let seen: Vec<_> = seen.into_iter().map(Result::unwrap).collect();
        assert_eq!(seen, ["{\"a\":1}", "{\"b\": 2}", "{\"c\":3}"]);
    }

    #[tokio::test]
    async fn drops_a_line_that_is_too_large_and_goes_on_behind_it() {
        let seen = all(b"12345678901\nshort\n12345678901", 10).await;
        assert!(matches!(seen[0], Err(FrameError::TooLarge { .. })));
        assert_eq!(seen[1].as_ref().unwrap(), "short");
        assert!(matches!(seen[2], Err(FrameError::TooLarge { .. })));
        assert_eq!(seen.len(), 3);
    }
}
