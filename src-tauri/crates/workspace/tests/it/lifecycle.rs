use std::fs::{self, File};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use keystow_core::Secret;
use keystow_core::local::LocalWorkspace;
use keystow_workspace::{
    Config, Launcher, Running, ServeError, WINDOW_LOCK, directory, owner_exists, serve,
};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::mcp_protocol::{Events, Session};
use crate::server::{PASSWORD, Server, config, eventually, ok};

async fn fails(config: Config) -> ServeError {
    let password = Some(Secret::new(PASSWORD.to_owned()));
    let ready = |_: Running| panic!("it must not start");
    serve(config, password, std::future::pending(), ready)
        .await
        .unwrap_err()
}

fn idle(data: &TempDir, window_lock: bool) -> Config {
    Config {
        idle_exit: Some(Duration::from_millis(300)),
        window_lock,
        ..config(data.path())
    }
}

#[tokio::test]
async fn one_server_serves_a_directory() {
    let server = Server::start().await;
    match fails(config(server.data.path())).await {
        ServeError::AlreadyRunning { url } => assert_eq!(url.as_ref(), Some(&server.running.url)),
        other => panic!("{other}"),
    }
    let note: Value = serde_json::from_slice(
        &fs::read(directory(server.data.path()).join("server.json")).unwrap(),
    )
    .unwrap();
    assert_eq!(note["url"], server.running.url.as_str());
    assert_eq!(note["pid"], std::process::id());
    assert_eq!(note["instance"], server.running.instance);
    ok(server.get("/api/health")).await;
    let data = server.stop().await;
    assert!(!directory(data.path()).join("server.json").exists());
}

#[tokio::test]
async fn servers_that_start_together_end_up_as_one() {
    let data = tempfile::tempdir().unwrap();
    let refused = AtomicUsize::new(0);
    let start = async || {
        let (tell, ready) = tokio::sync::oneshot::channel();
        let password = Some(Secret::new(PASSWORD.to_owned()));
        let serving = serve(
            config(data.path()),
            password,
            std::future::pending(),
            |running| drop(tell.send(running)),
        );
        tokio::select! {
            ended = serving => {
                let error = ended.unwrap_err();
                assert!(matches!(error, ServeError::AlreadyRunning { .. }), "{error}");
                refused.fetch_add(1, Ordering::SeqCst);
                false
            }
            _ = async {
                ready.await.unwrap();
                eventually("the others give up", async || refused.load(Ordering::SeqCst) == 2).await;
            } => true,
        }
    };
    let (a, b, c) = tokio::join!(start(), start(), start());
    assert_eq!([a, b, c].iter().filter(|up| **up).count(), 1);
}

#[tokio::test]
async fn the_port_and_everything_else_survives_a_restart() {
    let server = Server::start().await;
    let port = server.running.address.port();
    let instance = server.running.instance.clone();
    let (id, _) = server.sign_in().await.key(json!({"name": "kept"})).await;
    let data = server.stop().await;
    let same = config(data.path());
    let server = Server::start_with(data, same).await;
    assert_eq!(server.running.address.port(), port);
    assert_ne!(server.running.instance, instance);
    let owner = server.sign_in().await;
    ok(owner.get(&format!("/api/api-keys/{id}"))).await;
}

#[tokio::test]
async fn a_port_that_was_taken_is_replaced_for_good() {
    let server = Server::start().await;
    let first = server.running.address;
    let data = server.stop().await;
    let thief = TcpListener::bind(first).unwrap();
    let same = config(data.path());
    let server = Server::start_with(data, same).await;
    let second = server.running.address;
    assert_ne!(second, first);
    drop(thief);
    let data = server.stop().await;
    let same = config(data.path());
    assert_eq!(Server::start_with(data, same).await.running.address, second);
}

#[tokio::test]
async fn it_listens_where_it_is_told_but_on_loopback_only() {
    let data = tempfile::tempdir().unwrap();
    let told = Config {
        listen: Some("0.0.0.0:0".parse().unwrap()),
        ..config(data.path())
    };
    assert!(matches!(fails(told).await, ServeError::NotLoopback { .. }));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let told = Config {
        listen: Some(taken.local_addr().unwrap()),
        ..config(data.path())
    };
    assert!(matches!(fails(told).await, ServeError::Listen { .. }));
    let six = Config {
        listen: Some("[::1]:0".parse().unwrap()),
        ..config(data.path())
    };
    if TcpListener::bind("[::1]:0").is_ok() {
        let server = Server::start_with(data, six).await;
        assert!(server.running.url.as_str().starts_with("http://[::1]:"));
        ok(server.get("/api/health")).await;
    }
}

#[tokio::test]
async fn idleness_ends_it() {
    let data = tempfile::tempdir().unwrap();
    let config = idle(&data, false);
    let mut server = Server::start_with(data, config).await;
    server.ended.take().unwrap().await.unwrap().unwrap();
    assert!(!directory(server.data.path()).join("server.json").exists());
}

/// Resolves when a server of the same patience, started now, has ended for idleness.
async fn another_would_have_ended() {
    let data = tempfile::tempdir().unwrap();
    let config = idle(&data, true);
    let mut server = Server::start_with(data, config).await;
    server.ended.take().unwrap().await.unwrap().unwrap();
}

#[tokio::test]
async fn an_open_stream_keeps_it_up() {
    let data = tempfile::tempdir().unwrap();
    let config = idle(&data, false);
    let mut server = Server::start_with(data, config).await;
    let ended = server.ended.take().unwrap();
    let (_, key) = server.sign_in().await.key(json!({"name": "k"})).await;
    let session = Session::open(&server, &key).await;
    let listening = Events::of(session.request(Method::GET).send().await.unwrap());
    another_would_have_ended().await;
    assert!(!ended.is_finished());
    drop(listening);
    ended.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_open_window_keeps_it_up() {
    let data = tempfile::tempdir().unwrap();
    let place = directory(data.path());
    fs::create_dir_all(&place).unwrap();
    let window = File::create(place.join(WINDOW_LOCK)).unwrap();
    window.lock_shared().unwrap();
    let config = idle(&data, true);
    let mut server = Server::start_with(data, config).await;
    let ended = server.ended.take().unwrap();
    another_would_have_ended().await;
    assert!(!ended.is_finished());
    drop(window);
    ended.await.unwrap().unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn it_does_not_outlive_its_directory() {
    let data = tempfile::tempdir().unwrap();
    let config = idle(&data, true);
    let mut server = Server::start_with(data, config).await;
    fs::remove_dir_all(server.data.path()).unwrap();
    server.ended.take().unwrap().await.unwrap().unwrap();
}

#[tokio::test]
async fn stopping_ends_open_streams_and_leaves_one_file() {
    let server = Server::start().await;
    let (_, key) = server.sign_in().await.key(json!({"name": "k"})).await;
    let session = Session::open(&server, &key).await;
    let mut listening = Events::of(session.request(Method::GET).send().await.unwrap());
    let slow = json!({"jsonrpc": "2.0", "id": 5, "method": "tools/call",
        "params": {"name": "slow", "arguments": {"seconds": 200}, "_meta": {"progressToken": 1}}});
    let mut working = Events::of(session.post(&slow).send().await.unwrap());
    assert!(working.next().await.is_some());
    let began = Instant::now();
    let (data, (), ()) = tokio::join!(
        server_stop(&server),
        async { while listening.next().await.is_some() {} },
        async { while working.next().await.is_some() {} },
    );
    data.unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
}

/// Stops a server others still hold.
async fn server_stop(server: &Server) -> Result<(), std::io::Error> {
    server.request_stop();
    let note = directory(server.data.path()).join("server.json");
    eventually("it is down", async || !note.exists()).await;
    let wal = directory(server.data.path()).join("workspace.db-wal");
    match fs::metadata(wal) {
        Ok(meta) => assert_eq!(meta.len(), 0, "the write-ahead log is empty"),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
    }
    Ok(())
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    let server = Server::start().await;
    let data = server.stop().await;
    let path = directory(data.path()).join("workspace.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 7).unwrap();
    drop(db);
    let before = fs::read(&path).unwrap();
    match fails(config(data.path())).await {
        error @ ServeError::NewerSchema {
            found: 7,
            supported: 2,
            ..
        } => {
            let sentence = error.to_string();
            assert!(
                sentence.contains("schema 7") && sentence.contains("knows 2"),
                "{sentence}"
            );
        }
        other => panic!("{other}"),
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(owner_exists(data.path()).unwrap());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let path = directory(data.path()).join("workspace.db");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    #[allow(clippy::disallowed_methods)]
    fs::write(
        &path,
        "not a database, and long enough that SQLite looks at it: ".repeat(20),
    )
    .unwrap();
    let before = fs::read(&path).unwrap();
    match fails(config(data.path())).await {
        ServeError::Database { path: named, .. } => assert_eq!(named, path),
        other => panic!("{other}"),
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[cfg(unix)]
#[tokio::test]
async fn its_files_are_for_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start().await;
    server.sign_in().await.key(json!({"name": "k"})).await;
    let place = directory(server.data.path());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place), 0o700);
    let mut seen = 0;
    for entry in fs::read_dir(&place).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 4, "database, its log, lock and note");
}

#[tokio::test]
async fn somebody_who_looks_whether_it_runs_does_not_stop_a_start() {
    let data = tempfile::tempdir().unwrap();
    let looker = Launcher {
        program: "none".into(),
        data: data.path().to_owned(),
    };
    let looking = tokio::task::spawn_blocking(move || while looker.running().unwrap().is_none() {});
    let config = config(data.path());
    let server = Server::start_with(data, config).await;
    ok(server.get("/api/health")).await;
    looking.await.unwrap();
}
