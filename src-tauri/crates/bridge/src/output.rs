//! Lines to the client: one message each, nothing else.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use memchr::{memchr2, memchr2_iter};
use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

/// Messages that may wait for a client that does not read; whoever has more waits with them.
const WAITING: usize = 64;
/// How much they may hold together. One that is larger waits alone.
const WAITING_BYTES: u32 = 4 * 1024 * 1024;
/// Pieces of one large message that may wait.
const WAITING_PIECES: usize = 2;
/// Small messages that come together leave in one write.
const BUFFER_BYTES: usize = 16 * 1024;

/// Where messages for the client go.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    lines: mpsc::Sender<Outgoing>,
    room: Arc<Semaphore>,
}

/// A message on its way to the client.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Whole(Bytes, OwnedSemaphorePermit),
    /// Its pieces, as they come. The line ends when they do.
    Pieces(mpsc::Receiver<Bytes>),
}

/// A message that is handed on in pieces. Dropping it ends the line, be the message whole or not.
#[derive(Debug)]
pub(crate) struct Line(mpsc::Sender<Bytes>);

impl Line {
    /// Hands the next piece on, which has no line ends in it, as soon as the client has taken most of those before. A client that
    /// is gone is noticed elsewhere.
    pub(crate) async fn push(&mut self, piece: Bytes) {
        let _ = self.0.send(piece).await;
    }
}

/// What lies between line ends, one after the other.
pub(crate) fn between_line_ends(piece: &Bytes) -> impl Iterator<Item = Bytes> {
    let mut from = 0;
    memchr2_iter(b'\n', b'\r', piece)
        .chain([piece.len()])
        .map(move |end| {
            let part = piece.slice(from..end);
            from = end + 1;
            part
        })
        .filter(|part| !part.is_empty())
}

impl Output {
    /// Sends a message; line ends between its tokens go, every other byte stays. A client that is gone is noticed elsewhere.
    pub(crate) async fn send(&self, message: Bytes) {
        let line = one_line(message);
        if !line.is_empty() {
            let room = self.room.clone();
            if let Ok(room) = room.acquire_many_owned(share(&line)).await {
                let _ = self.lines.send(Outgoing::Whole(line, room)).await;
            }
        }
    }

    /// Begins a message that is sent in pieces. Those behind it wait until it ends.
    pub(crate) async fn begin(&self) -> Line {
        let (pieces, receiver) = mpsc::channel(WAITING_PIECES);
        let _ = self.lines.send(Outgoing::Pieces(receiver)).await;
        Line(pieces)
    }

    /// Sends a message if there is room for it, where nobody can wait.
    pub(crate) fn send_now(&self, message: Bytes) {
        if let Ok(room) = self.room.clone().try_acquire_many_owned(share(&message)) {
            let _ = self.lines.try_send(Outgoing::Whole(message, room));
        }
    }

    /// Completes when the client no longer listens.
    pub(crate) async fn closed(&self) {
        self.lines.closed().await;
    }
}

/// A channel to [`write`]; the second half ends it.
pub(crate) fn channel() -> (Output, mpsc::Receiver<Outgoing>) {
    let (lines, receiver) = mpsc::channel(WAITING);
    let room = Arc::new(Semaphore::new(WAITING_BYTES as usize));
    (Output { lines, room }, receiver)
}

/// How much of the room a message takes.
fn share(message: &Bytes) -> u32 {
    u32::try_from(message.len()).map_or(WAITING_BYTES, |bytes| bytes.min(WAITING_BYTES))
}

/// Writes lines until the client is gone, or until `finish` changes and all that was sent is written.
pub(crate) async fn write<W: AsyncWrite + Unpin>(
    output: W,
    mut lines: mpsc::Receiver<Outgoing>,
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
        write_line(&mut output, line).await?;
        while let Ok(line) = lines.try_recv() {
            write_line(&mut output, line).await?;
        }
        output.flush().await?;
    }
}

async fn write_line<W: AsyncWrite + Unpin>(output: &mut W, line: Outgoing) -> std::io::Result<()> {
    match line {
        Outgoing::Whole(line, _room) => output.write_all(&line).await?,
        Outgoing::Pieces(mut pieces) => {
            while let Some(piece) = pieces.recv().await {
                output.write_all(&piece).await?;
            }
        }
    }
    output.write_all(b"\n").await
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
    for part in between_line_ends(&message) {
        line.extend_from_slice(&part);
    }
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
