//! What differs between systems.

#[cfg(unix)]
pub(crate) use unix::*;
#[cfg(windows)]
pub(crate) use windows::*;

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::fs::{DirBuilder, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    use std::os::unix::process::CommandExt;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// Colours work on every terminal that is not dumb.
    pub(crate) const COLOURS: bool = true;

    /// Somebody asking this process to end: SIGTERM, Ctrl-C, a terminal that was closed.
    pub(crate) struct Stop(io::Result<[Signal; 3]>);

    impl Stop {
        /// Listens from now on. Must be called in the context of a runtime with I/O.
        pub(crate) fn listen() -> Self {
            let listen = || {
                Ok([
                    signal(SignalKind::terminate())?,
                    signal(SignalKind::interrupt())?,
                    signal(SignalKind::hangup())?,
                ])
            };
            Self(listen())
        }

        /// Resolves when it was asked since.
        pub(crate) async fn asked(self) {
            let Ok([mut terminate, mut interrupt, mut hang_up]) = self.0 else {
                // The signals then do what they always do.
                return std::future::pending().await;
            };
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hang_up.recv() => {}
            }
        }
    }

    /// How wide the terminal is that we talk on.
    pub(crate) fn columns() -> Option<usize> {
        let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
        Some(size.ws_col.into())
    }

    /// Leaves the terminal this was started from, so that neither Ctrl-C there nor closing it ends us.
    pub(crate) fn leave_terminal() {
        // Fails only for the leader of a group, which has none to leave.
        let _ = rustix::process::setsid();
    }

    /// Becomes the program: same process, same pipes, nothing of ours left. Returns only where that fails.
    pub(crate) fn become_program(mut command: Command) -> io::Result<u8> {
        Err(command.exec())
    }

    /// The system looks programs up by itself.
    pub(crate) fn program_named(name: &OsStr, _: &[PathBuf]) -> PathBuf {
        name.into()
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
    use std::ffi::OsStr;
    use std::fs::OpenOptions;
    use std::io;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, ctrl_break, ctrl_c, ctrl_close};

    /// Older consoles show colours as gibberish.
    pub(crate) const COLOURS: bool = false;

    /// Somebody asking this process to end: Ctrl-C, Ctrl-Break, a console that was closed.
    pub(crate) struct Stop(io::Result<(CtrlC, CtrlBreak, CtrlClose)>);

    impl Stop {
        /// Listens from now on. Must be called in the context of a runtime.
        pub(crate) fn listen() -> Self {
            let listen = || Ok((ctrl_c()?, ctrl_break()?, ctrl_close()?));
            Self(listen())
        }

        /// Resolves when it was asked since.
        pub(crate) async fn asked(self) {
            let Ok((mut interrupt, mut stop, mut close)) = self.0 else {
                // The events then do what they always do.
                return std::future::pending().await;
            };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = stop.recv() => {}
                _ = close.recv() => {}
            }
        }
    }

    /// Older consoles have no glyphs for half blocks, so no picture has a place.
    pub(crate) fn columns() -> Option<usize> {
        None
    }

    /// Whoever starts us without a console window has done that already.
    pub(crate) fn leave_terminal() {}

    /// Runs the program with our pipes and ends as it does. A server ends by itself when its client closes them, so none stays
    /// behind where we are killed.
    pub(crate) fn become_program(mut command: Command) -> io::Result<u8> {
        let status = command.status()?;
        let code = status.code().unwrap_or(1);
        Ok(u8::try_from(code).unwrap_or(1))
    }

    /// Where a program is, also one that is a script such as `npx.cmd`: the system finds those only by their whole name.
    pub(crate) fn program_named(name: &OsStr, search: &[PathBuf]) -> PathBuf {
        let plain = PathBuf::from(name);
        if plain.extension().is_some() {
            return plain;
        }
        let mut dirs: Vec<&Path> = search.iter().map(PathBuf::as_path).collect();
        if plain.components().count() > 1 {
            dirs = vec![Path::new("")];
        }
        let found = dirs
            .into_iter()
            .flat_map(|dir| {
                ["exe", "com", "cmd", "bat"].map(|end| dir.join(&plain).with_extension(end))
            })
            .find(|place| place.is_file());
        found.unwrap_or(plain)
    }

    /// Files in the person's profile are for nobody else.
    pub(crate) fn private(_: &mut OpenOptions) {}

    /// Makes a directory where there is none.
    pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }
}
