//! The one place that differs between systems: a child that outlives us and holds nothing of ours.

use std::io;
use std::process::{Child, Command};

/// Starts `command` in a process group of its own, so that Ctrl-C in our terminal does not reach it.
#[cfg(unix)]
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    use std::os::unix::process::CommandExt;
    command.process_group(0).spawn()
}

/// Starts `command` without a console window and in a process group of its own.
///
/// Windows hands every inheritable handle to a child, and our own standard handles are inheritable when whoever started us
/// piped them: the server would keep those pipes open, and a program that reads our output to its end would wait for as long
/// as the server lives. So they are made private first; we never start another child that needs them.
#[cfg(windows)]
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    use std::os::windows::io::AsRawHandle;
    use std::os::windows::process::CommandExt;
    use windows_sys::Win32::Foundation::{HANDLE_FLAG_INHERIT, SetHandleInformation};
    use windows_sys::Win32::System::Threading::{CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW};

    for handle in [
        io::stdin().as_raw_handle(),
        io::stdout().as_raw_handle(),
        io::stderr().as_raw_handle(),
    ] {
        // A failure (no such handle, as in a program without a console) leaves nothing to inherit.
        // SAFETY: the handle is one of this process's standard handles, which stay open for its life, and the call only
        // clears a flag on it.
        #[allow(unsafe_code)]
        unsafe {
            SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0);
        }
    }
    command
        .creation_flags(CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP)
        .spawn()
}

/// Asks a process of ours to end.
#[cfg(unix)]
pub(super) fn end(pid: u32) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(io::ErrorKind::NotFound)?;
    Ok(kill_process(pid, Signal::TERM)?)
}

/// Ends a process of ours. What it keeps is written through, so that nothing is lost by it.
#[cfg(windows)]
pub(super) fn end(pid: u32) -> io::Result<()> {
    let pid = pid.to_string();
    let ended = Command::new("taskkill")
        .args(["/F", "/PID", &pid])
        .output()?;
    match ended.status.success() {
        true => Ok(()),
        false => Err(io::ErrorKind::Other.into()),
    }
}
