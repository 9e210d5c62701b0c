//! Starting the server as another process. `examples/on_demand.rs` stands for the `keystow` program.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keystow_core::local::{LocalError, LocalWorkspace};
use keystow_workspace::{Launcher, directory};
use tempfile::TempDir;

use crate::server::{Server, ok};

fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let name = format!("on_demand{}", std::env::consts::EXE_SUFFIX);
    let path = path.join("examples").join(name);
    assert!(
        path.exists(),
        "{} is built with all targets",
        path.display()
    );
    path
}

fn launcher(data: &Path) -> Launcher {
    Launcher {
        program: program(),
        data: data.to_owned(),
    }
}

/// A data directory whose owner has an account.
async fn with_owner() -> TempDir {
    Server::start().await.stop().await
}

/// Blocks as hosts do: off the async runtime.
async fn off<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// Waits for the note to go; asking the server itself would keep it up.
fn until_gone(launcher: &Launcher) {
    let note = directory(&launcher.data).join("server.json");
    let began = Instant::now();
    while note.exists() {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "it ends when idle"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn starts_it_once_finds_it_and_lets_it_end() {
    let data = with_owner().await;
    let launcher = launcher(data.path());
    off(move || {
        assert!(launcher.running().unwrap().is_none());
        let url = launcher.ensure_running().unwrap();
        assert_eq!(launcher.running().unwrap().as_ref(), Some(&url));
        assert_eq!(launcher.ensure_running().unwrap(), url);
        let log = data.path().join("logs/workspace.log");
        assert!(log.exists());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                std::fs::metadata(&log).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        until_gone(&launcher);
        assert_eq!(
            launcher.ensure_running().unwrap(),
            url,
            "on the same port again"
        );
        until_gone(&launcher);
    })
    .await;
}

#[tokio::test]
async fn several_launchers_at_once_end_up_with_one_server() {
    let data = Arc::new(with_owner().await);
    let race = (0..6).map(|_| {
        let data = Arc::clone(&data);
        off(move || launcher(data.path()).ensure_running().unwrap())
    });
    let urls = futures_util::future::join_all(race).await;
    assert!(urls.iter().all(|url| *url == urls[0]), "{urls:?}");
    off(move || until_gone(&launcher(data.path()))).await;
}

#[tokio::test]
async fn finds_a_server_that_somebody_else_started() {
    let server = Server::start().await;
    let launcher = launcher(server.data.path());
    let url = off(move || launcher.ensure_running().unwrap()).await;
    assert_eq!(url, server.running.url);
    ok(server.get("/api/health")).await;
}

#[tokio::test]
async fn a_stranger_on_the_old_port_is_not_taken_for_it() {
    let server = Server::start().await;
    let note = directory(server.data.path()).join("server.json");
    let left_behind = std::fs::read(&note).unwrap();
    let address = server.running.address;
    let data = server.stop().await;
    // As after `kill -9`: the note is still there, and another program has the port.
    #[allow(clippy::disallowed_methods)]
    std::fs::write(&note, left_behind).unwrap();
    let stranger = TcpListener::bind(address).unwrap();
    let launcher = launcher(data.path());
    off(move || {
        assert!(launcher.running().unwrap().is_none());
        let url = launcher.ensure_running().unwrap();
        assert_ne!(url.port(), Some(address.port()));
        drop(stranger);
        until_gone(&launcher);
    })
    .await;
}

#[tokio::test]
async fn a_start_that_fails_tells_the_last_word() {
    let data = tempfile::tempdir().unwrap();
    let launcher = launcher(data.path());
    let began = Instant::now();
    let error = off(move || launcher.ensure_running().unwrap_err()).await;
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "without waiting for nothing"
    );
    match error {
        LocalError::NotUp { detail } => assert!(detail.contains("no owner account"), "{detail}"),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let data = tempfile::tempdir().unwrap();
    let launcher = Launcher {
        program: data.path().join("nowhere/keystow"),
        data: data.path().to_owned(),
    };
    match off(move || launcher.ensure_running().unwrap_err()).await {
        LocalError::Start { program, .. } => assert!(program.contains("nowhere")),
        other => panic!("{other}"),
    }
}
