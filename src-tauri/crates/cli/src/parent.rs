//! Whether the program that started this one still lives. A client that is killed closes nothing by itself where another of its
//! children holds the same pipes, and a bridge must not stay behind.

/// Resolves when the process that started this one is gone.
///
/// Linux tells as it happens; other Unix systems are looked at every second. On Windows the pipes tell, which no other process
/// holds unless it was handed them.
#[cfg(unix)]
pub(crate) async fn gone() {
    use rustix::process::getppid;

    // Somebody outside of what this process can see: in a container of its own, say.
    let Some(parent) = getppid() else {
        return std::future::pending().await;
    };
    #[cfg(target_os = "linux")]
    if let Some(end) = watch(parent) {
        // The number may have become somebody else's before it was watched.
        if getppid() == Some(parent) {
            let _ = end.readable().await;
        }
        return;
    }
    let mut look = tokio::time::interval(std::time::Duration::from_secs(1));
    while getppid() == Some(parent) {
        look.tick().await;
    }
}

/// Becomes readable when the process ends. `None` before Linux 5.3.
#[cfg(target_os = "linux")]
fn watch(process: rustix::process::Pid) -> Option<tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>> {
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    let end = rustix::process::pidfd_open(process, rustix::process::PidfdFlags::empty()).ok()?;
    #[allow(
        deprecated,
        reason = "its successor is unsafe, because of descriptors that are not owned"
    )]
    let end = AsyncFd::with_interest(end, Interest::READABLE);
    end.ok()
}

/// The same.
#[cfg(windows)]
pub(crate) async fn gone() {
    std::future::pending().await
}
