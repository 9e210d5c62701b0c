//! The client's side of a bridge: standard input and output, without a thread between them and the bridge where the system lets
//! one ask them without waiting.
//!
//! Standard streams cannot be told not to block: whoever else holds them would be told, too. A pipe is opened once more instead,
//! and a socket is asked not to wait with each call. Whatever else stands there (a file, a terminal) is read and written by
//! Tokio's threads.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, Stdin, Stdout};

#[cfg(target_os = "linux")]
use direct::Stream;
#[cfg(not(target_os = "linux"))]
use nothing::Stream;

/// What the client says.
pub(crate) enum Input {
    Direct(Stream),
    Threaded(Stdin),
}

/// What the client hears.
pub(crate) enum Output {
    Direct(Stream),
    Threaded(Stdout),
}

/// Standard input. Must be called in the context of a runtime with I/O.
pub(crate) fn input() -> Input {
    match Stream::input() {
        Some(stream) => Input::Direct(stream),
        None => Input::Threaded(tokio::io::stdin()),
    }
}

/// Standard output. Must be called in the context of a runtime with I/O.
pub(crate) fn output() -> Output {
    match Stream::output() {
        Some(stream) => Output::Direct(stream),
        None => Output::Threaded(tokio::io::stdout()),
    }
}

impl AsyncRead for Input {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Direct(stream) => stream.poll_read(cx, buffer),
            Self::Threaded(stdin) => Pin::new(stdin).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Output {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Direct(stream) => stream.poll_write(cx, bytes),
            Self::Threaded(stdout) => Pin::new(stdout).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Direct(_) => Poll::Ready(Ok(())),
            Self::Threaded(stdout) => Pin::new(stdout).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Direct(_) => Poll::Ready(Ok(())),
            Self::Threaded(stdout) => Pin::new(stdout).poll_shutdown(cx),
        }
    }
}

#[cfg(target_os = "linux")]
mod direct {
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::task::{Context, Poll, ready};

    use rustix::fs::{FileType, Mode, OFlags};
    use rustix::net::{RecvFlags, SendFlags};
    use tokio::io::unix::AsyncFd;
    use tokio::io::{Interest, ReadBuf};

    /// A pipe or a socket.
    pub(crate) struct Stream {
        end: AsyncFd<OwnedFd>,
        kind: Kind,
    }

    /// Four times what is usual. What all pipes of a person may hold together is enough for 256 of these.
    const PIPE_BYTES: usize = 256 * 1024;

    #[derive(Clone, Copy)]
    enum Kind {
        Pipe,
        Socket,
    }

    impl Stream {
        pub(super) fn input() -> Option<Self> {
            Self::of(io::stdin().as_fd(), "/proc/self/fd/0", Interest::READABLE)
        }

        pub(super) fn output() -> Option<Self> {
            Self::of(io::stdout().as_fd(), "/proc/self/fd/1", Interest::WRITABLE)
        }

        /// `None` for what is neither, or cannot be had.
        fn of(standard: BorrowedFd<'_>, path: &str, interest: Interest) -> Option<Self> {
            let mode = rustix::fs::fstat(standard).ok()?.st_mode;
            let (end, kind) = match FileType::from_raw_mode(mode) {
                FileType::Fifo => {
                    let direction = if interest.is_readable() {
                        OFlags::RDONLY
                    } else {
                        OFlags::WRONLY
                    };
                    let flags = direction | OFlags::NONBLOCK | OFlags::CLOEXEC;
                    let end = rustix::fs::open(path, flags, Mode::empty()).ok()?;
                    // Large messages pass with fewer turns; a pipe that cannot grow does as well.
                    let _ = rustix::pipe::fcntl_setpipe_size(&end, PIPE_BYTES);
                    (end, Kind::Pipe)
                }
                FileType::Socket => (standard.try_clone_to_owned().ok()?, Kind::Socket),
                _ => return None,
            };
            #[allow(
                deprecated,
                reason = "its successor is unsafe, because of descriptors that are not owned"
            )]
            let end = AsyncFd::with_interest(end, interest).ok()?;
            Some(Self { end, kind })
        }

        pub(super) fn poll_read(
            &self,
            cx: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            loop {
                let mut end = ready!(self.end.poll_read_ready(cx))?;
                let read = end.try_io(|end| {
                    let room = buffer.initialize_unfilled();
                    Ok(match self.kind {
                        Kind::Pipe => rustix::io::read(end, room)?,
                        Kind::Socket => rustix::net::recv(end, room, RecvFlags::DONTWAIT)?.0,
                    })
                });
                match read {
                    Ok(Ok(bytes)) => {
                        buffer.advance(bytes);
                        return Poll::Ready(Ok(()));
                    }
                    Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                    Ok(Err(error)) => return Poll::Ready(Err(error)),
                    Err(_would_wait) => {}
                }
            }
        }

        pub(super) fn poll_write(
            &self,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            loop {
                let mut end = ready!(self.end.poll_write_ready(cx))?;
                let written = end.try_io(|end| {
                    Ok(match self.kind {
                        Kind::Pipe => rustix::io::write(end, bytes)?,
                        Kind::Socket => {
                            let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
                            rustix::net::send(end, bytes, flags)?
                        }
                    })
                });
                match written {
                    Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                    Ok(outcome) => return Poll::Ready(outcome),
                    Err(_would_wait) => {}
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod nothing {
    use std::convert::Infallible;
    use std::io;
    use std::task::{Context, Poll};

    use tokio::io::ReadBuf;

    /// There is none.
    pub(crate) struct Stream(Infallible);

    impl Stream {
        pub(super) fn input() -> Option<Self> {
            None
        }

        pub(super) fn output() -> Option<Self> {
            None
        }

        pub(super) fn poll_read(
            &self,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            match self.0 {}
        }

        pub(super) fn poll_write(&self, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            match self.0 {}
        }
    }
}
