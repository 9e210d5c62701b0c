use std::net::TcpStream;
use std::time::{Duration, Instant};

use keystow_core::Cancel;
use keystow_core::remote::RemoteErrorKind as Kind;

use super::{back, begin, is_open, start, visit};
use crate::server::{Browser, ocore, remote, runtime};

#[test]
fn the_port_answers_to_its_name_its_path_and_a_browser_only() {
    let (server, _) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let browser = Browser::new();
    let port = url.port().unwrap();
    for host in ["localhost", "evil.example", &format!("localhost:{port}")] {
        assert_eq!(browser.get_as(&url, host).status, 421, "{host}");
    }
    for path in ["/", "/callback/", "/favicon.ico", "/Callback"] {
        let mut other = url.clone();
        other.set_path(path);
        assert_eq!(browser.get(&other).status, 404, "{path}");
    }
    for method in [
        reqwest::Method::HEAD,
        reqwest::Method::POST,
        reqwest::Method::OPTIONS,
    ] {
        assert_eq!(browser.method(method, &url).status, 405);
    }
    // None of that used the code up.
    assert!(visit(attempt, vec![url]).0.is_ok());
}

#[test]
fn the_same_answer_does_not_count_twice() {
    let (server, script) = start(|script| script.silent = true);
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let (cancel, again) = (Cancel::default(), url.clone());
    let first = std::thread::spawn(move || Browser::new().get(&url));
    let stop = cancel.clone();
    let second = std::thread::spawn(move || {
        // The first has been taken once the code is on its way.
        while script.forms.lock().unwrap().is_empty() {
            std::thread::yield_now();
        }
        let page = Browser::new().get(&again);
        stop.cancel();
        page
    });
    let outcome = attempt.wait(&cancel, 10_000);
    assert_eq!(outcome.unwrap_err().kind, Kind::Cancelled);
    assert_eq!(second.join().unwrap().status, 410);
    assert!(first.join().unwrap().text.contains("cancelled"));
}

#[test]
fn a_cancel_ends_the_wait_at_once_and_closes_the_port() {
    let (server, _) = start(|_| {});
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[]);
    // A browser that holds a connection open does not hold us.
    let _idle = TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let waiting = std::thread::spawn(move || {
        let outcome = attempt.wait(&cancel, 60_000);
        (outcome.unwrap_err().kind, Instant::now())
    });
    let began = Instant::now();
    stop.cancel();
    let (kind, ended) = waiting.join().unwrap();
    assert_eq!(kind, Kind::Cancelled);
    assert!(
        ended - began < Duration::from_secs(1),
        "{:?}",
        ended - began
    );
    assert!(!is_open(&url));
}

#[test]
fn the_wait_ends_in_time_and_closes_the_port() {
    let (server, _) = start(|_| {});
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[]);
    let outcome = attempt.wait(&Cancel::default(), 50);
    assert_eq!(outcome.unwrap_err().kind, Kind::TimedOut { limit_ms: 50 });
    assert!(!is_open(&url));
}

#[test]
fn the_time_counts_while_the_code_is_redeemed_too() {
    let (server, _) = start(|script| script.silent = true);
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let browser = std::thread::spawn(move || Browser::new().get(&url));
    let outcome = attempt.wait(&Cancel::default(), 400);
    assert_eq!(outcome.unwrap_err().kind, Kind::TimedOut { limit_ms: 400 });
    assert!(browser.join().unwrap().text.contains("took too long"));
}

#[test]
fn an_attempt_that_nobody_waits_for_closes_its_port() {
    let (server, _) = start(|_| {});
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[]);
    assert!(is_open(&url));
    drop(attempt);
    let until = Instant::now() + Duration::from_secs(5);
    while is_open(&url) {
        assert!(Instant::now() < until, "the port is still open");
        std::thread::yield_now();
    }
}

#[test]
fn waits_on_a_blocking_thread_of_another_runtime() {
    let (server, _) = start(|_| {});
    let base = server.base();
    let origin = format!("http://{}", server.address);
    let waiting = runtime().spawn_blocking(move || {
        let attempt = ocore(&remote()).browser(&base, None).unwrap();
        let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
        let browser = std::thread::spawn(move || Browser::new().get(&url));
        let outcome = attempt.wait(&Cancel::default(), 5_000);
        browser.join().unwrap();
        outcome.is_ok()
    });
    assert!(runtime().block_on(waiting).unwrap());
}
