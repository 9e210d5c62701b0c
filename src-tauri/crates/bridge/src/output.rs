//! Lines to the client: one message each, nothing else.

use bytes::{Bytes, BytesMut};
use memchr::{memchr2, memchr2_iter};
use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::sync::{mpsc, watch};

/// Messages that may wait for a client that does not read; whoever has more waits with them.
const WAITING: usize = 64;
/// Small messages that come together leave in one write.
const BUFFER_BYTES: usize = 16 * 1024;

/// Where messages for the client go.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    lines: mpsc::Sender<Bytes>,
}

impl Output {
    /// Sends a message; line ends between its tokens go, every other byte stays. A client that is gone is noticed elsewhere.
    pub(crate) async fn send(&self, message: Bytes) {
        let line = one_line(message);
        if !line.is_empty() {
            let _ = self.lines.send(line).await;
        }
    }

    /// Sends a message if there is room for it, where nobody can wait.
    pub(crate) fn send_now(&self, message: Bytes) {
        let _ = self.lines.try_send(message);
    }

    /// Completes when the client no longer listens.
    pub(crate) async fn closed(&self) {
        self.lines.closed().await;
    }
}

/// A channel to [`write`]; the second half ends it.
pub(crate) fn channel() -> (Output, mpsc::Receiver<Bytes>) {
    let (lines, receiver) = mpsc::channel(WAITING);
    (Output { lines }, receiver)
}

/// Writes lines until the client is gone, or until `finish` changes and all that was sent is written.
pub(crate) async fn write<W: AsyncWrite + Unpin>(
    output: W,
    mut lines: mpsc::Receiver<Bytes>,
    mut finish: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut output = BufWriter::with_capacity(BUFFER_BYTES, output);
    loop {
        let line = tokio::select! {
            biased;
            line = lines.recv() => line,
            _ = finish.wait_for(|finish| *finish), if !lines.is_closed() => {
                lines.close();
                continue;
            }
        };
        let Some(line) = line else {
            return Ok(());
        };
        output.write_all(&line).await?;
        output.write_all(b"\n").await?;
        while let Ok(line) = lines.try_recv() {
            output.write_all(&line).await?;
            output.write_all(b"\n").await?;
        }
        output.flush().await?;
    }
}

/// The message without line ends. In JSON they can only stand between tokens, where they mean nothing.
fn one_line(message: Bytes) -> Bytes {
    let trimmed = message.trim_ascii();
    let message = if trimmed.len() == message.len() {
        message
    } else {
        message.slice_ref(trimmed)
    };
    if memchr2(b'\n', b'\r', &message).is_none() {
        return message;
    }
    let mut line = BytesMut::with_capacity(message.len());
    let mut from = 0;
    for end in memchr2_iter(b'\n', b'\r', &message) {
        line.extend_from_slice(message.get(from..end).unwrap_or_default());
        from = end + 1;
    }
    line.extend_from_slice(message.get(from..).unwrap_or_default());
    line.freeze()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::one_line;

    #[test]
    fn line_ends_go_and_everything_else_stays() {
        assert_eq!(one_line(Bytes::from("{\"a\" : 1}")), "{\"a\" : 1}");
        assert_eq!(
            one_line(Bytes::from(" \n{\r\n  \"a\" :\n\t\"\\n\"\n}\n")),
            "{  \"a\" :\t\"\\n\"}"
        );
    }

    #[test]
    fn a_message_on_one_line_is_not_copied() {
        let message = Bytes::from("{\"a\":1}\n");
        assert_eq!(one_line(message.clone()).as_ptr(), message.as_ptr());
    }
}
