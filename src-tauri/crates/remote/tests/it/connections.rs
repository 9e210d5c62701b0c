//! Connections that never come about, break or fall silent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use keystow_core::key::NewKey;
use keystow_core::remote::RemoteErrorKind as Kind;
#[cfg(target_os = "linux")]
use keystow_remote::{Limits, Remote};
use url::Url;

use crate::server::{
    Server, base, caller, first_page, impatient, keys, list_error, list_kind, raw, remote, runtime,
};

/// Holds a connection until the other side leaves.
fn hold(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
}

#[test]
fn nobody_listens() {
    let (address, _) = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        (listener.local_addr().unwrap(), ())
    };
    let error = list_error(&base(address));
    assert!(matches!(error.kind, Kind::Unreachable { .. }), "{error}");
    assert!(!error.outcome_unknown());
    assert_eq!(error.host, address.to_string());
}

#[test]
fn a_name_that_is_none() {
    let error = list_error(&Url::parse("https://keystow.invalid/api").unwrap());
    assert!(matches!(error.kind, Kind::Unreachable { .. }), "{error}");
    assert_eq!(error.host, "keystow.invalid");
}

#[test]
fn silence_ends_at_the_limit() {
    let (address, _) = raw(hold);
    let began = Instant::now();
    let error = keys(&impatient())
        .list(&caller(&base(address)), &first_page())
        .unwrap_err();
    assert_eq!(error.kind, Kind::TimedOut { limit_ms: 300 });
    assert!(error.outcome_unknown());
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_body_that_trickles_ends_at_the_limit() {
    let (address, _) = raw(|mut stream| {
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
        stream.write_all(head.as_bytes()).unwrap();
        hold(stream);
    });
    let error = keys(&impatient())
        .list(&caller(&base(address)), &first_page())
        .unwrap_err();
    assert_eq!(error.kind, Kind::TimedOut { limit_ms: 300 });
}

#[test]
fn a_body_announced_too_large_is_not_read() {
    let (address, _) = raw(|mut stream| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        hold(stream);
    });
    let limit_bytes = 64 * 1024;
    assert_eq!(list_kind(&base(address)), Kind::TooLarge { limit_bytes });
}

#[test]
fn a_create_whose_answer_is_lost_is_unknown_and_sent_once() {
    let new = NewKey {
        name: "mine".into(),
        ..NewKey::default()
    };
    let (cut, cut_requests) = raw(drop);
    let (half, half_requests) = raw(|mut stream| {
        let head = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"key\"";
        stream.write_all(head.as_bytes()).unwrap();
    });
    for (address, requests) in [(cut, cut_requests), (half, half_requests)] {
        let error = keys(&remote())
            .create(&caller(&base(address)), &new)
            .unwrap_err();
        assert!(matches!(error.kind, Kind::Broken { .. }), "{error}");
        assert!(error.outcome_unknown());
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn what_is_not_http_is_a_broken_answer() {
    let (address, _) = raw(|mut stream| {
        stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").unwrap();
    });
    let error = list_error(&base(address));
    assert!(matches!(error.kind, Kind::Broken { .. }), "{error}");
}

#[test]
fn https_to_a_port_without_tls() {
    let server = Server::start(axum::Router::new());
    let https = Url::parse(&format!("https://{}/api", server.address)).unwrap();
    let error = list_error(&https);
    assert!(matches!(error.kind, Kind::Tls { .. }), "{error}");
    assert!(!error.outcome_unknown());
}

#[test]
fn http_to_another_computer_is_not_tried() {
    let error = list_error(&Url::parse("http://192.0.2.1/api").unwrap());
    assert!(matches!(error.kind, Kind::Tls { .. }), "{error}");
}

/// A listener whose queue is full gives no connection at all, as a firewall that drops does.
#[cfg(target_os = "linux")]
#[test]
fn no_connection_in_time_is_not_an_unknown_outcome() {
    use tokio::net::TcpSocket;
    let (address, _queue, _listener) = runtime().block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        // Two fit; what comes after is dropped.
        for _ in 0..4 {
            let stream = tokio::net::TcpStream::connect(address);
            let Ok(stream) = tokio::time::timeout(Duration::from_millis(100), stream).await else {
                break;
            };
            queue.push(stream.unwrap());
        }
        (address, queue, listener)
    });
    let limits = Limits {
        connect_ms: 200,
        ..Limits::default()
    };
    let remote = Remote::with_limits("keystow-test/1", limits).unwrap();
    let error = keys(&remote)
        .list(&caller(&base(address)), &first_page())
        .unwrap_err();
    assert!(matches!(error.kind, Kind::Unreachable { .. }), "{error}");
    assert!(!error.outcome_unknown());
}

#[test]
fn works_on_the_blocking_threads_of_another_runtime() {
    let server = Server::start(axum::Router::new());
    let base = server.base();
    let kind = runtime().block_on(async {
        tokio::task::spawn_blocking(move || {
            let remote = remote();
            let clone = remote.clone();
            drop(remote);
            keys(&clone)
                .list(&caller(&base), &first_page())
                .unwrap_err()
                .kind
        })
        .await
        .unwrap()
    });
    assert_eq!(kind, Kind::NotFound);
}

#[test]
fn several_threads_share_one_remote() {
    let server = Server::start(axum::Router::new());
    let remote = remote();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    keys(&remote)
                        .list(&caller(&server.base()), &first_page())
                        .unwrap_err()
                        .kind
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Kind::NotFound);
        }
    });
}
