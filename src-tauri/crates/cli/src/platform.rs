//! What differs between systems.

#[cfg(unix)]
pub(crate) use unix::*;
#[cfg(windows)]
pub(crate) use windows::*;

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    use std::path::Path;

    use tokio::signal::unix::{SignalKind, signal};

    /// Colours work on every terminal that is not dumb.
    pub(crate) const COLOURS: bool = true;

    /// Resolves when somebody asks this process to end. Must be polled on a runtime with I/O.
    pub(crate) async fn stop() {
        let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
            signal(SignalKind::hangup()),
        ) else {
            // The signals then do what they always do.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
    }

    /// Leaves the terminal this was started from, so that neither Ctrl-C there nor closing it ends us.
    pub(crate) fn leave_terminal() {
        // Fails only for the leader of a group, which has none to leave.
        let _ = rustix::process::setsid();
    }

    /// New files are for nobody else.
    pub(crate) fn private(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Makes a directory that is for nobody else, where there is none.
    pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)
    }
}

#[cfg(windows)]
mod windows {
    use std::fs::OpenOptions;
    use std::io;
    use std::path::Path;

    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};

    /// Older consoles show colours as gibberish.
    pub(crate) const COLOURS: bool = false;

    /// Resolves when somebody asks this process to end. Must be polled on a runtime.
    pub(crate) async fn stop() {
        let (Ok(mut interrupt), Ok(mut stop), Ok(mut close)) =
            (ctrl_c(), ctrl_break(), ctrl_close())
        else {
            // The events then do what they always do.
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = stop.recv() => {}
            _ = close.recv() => {}
        }
    }

    /// Whoever starts us without a console window has done that already.
    pub(crate) fn leave_terminal() {}

    /// Files in the person's profile are for nobody else.
    pub(crate) fn private(_: &mut OpenOptions) {}

    /// Makes a directory where there is none.
    pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }
}
