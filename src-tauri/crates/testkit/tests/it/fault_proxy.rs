use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use keystow_testkit::{Fault, FaultProxy};

/// A server that counts requests and answers each with the same body.
fn upstream() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"done") && !bytes.ends_with(b"\r\n\r\n") {
                let mut part = [0; 512];
                match stream.read(&mut part) {
                    Ok(1..) => bytes.extend(part.iter().take_while(|byte| **byte != 0)),
                    _ => break,
                }
            }
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: keep-alive\r\n\r\n0123456789",
            );
        }
    });
    (address, served)
}

fn proxy() -> (FaultProxy, Arc<AtomicUsize>) {
    let (address, served) = upstream();
    (FaultProxy::start(address), served)
}

/// Everything that comes back until the connection ends.
fn send(proxy: &FaultProxy, request: &str) -> String {
    let mut stream = TcpStream::connect(proxy.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

const GET: &str = "GET /keys?page=1 HTTP/1.1\r\nHost: x\r\n\r\n";
const POST: &str = "POST /keys HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\ndone";

#[test]
fn passes_requests_and_answers_and_notes_them() {
    let (proxy, served) = proxy();
    assert!(send(&proxy, GET).ends_with("Connection: close\r\n\r\n0123456789"));
    assert!(send(&proxy, POST).ends_with("0123456789"));
    assert_eq!(served.load(Ordering::SeqCst), 2);
    assert_eq!(proxy.requests(), ["GET /keys?page=1", "POST /keys"]);
}

#[test]
fn drops_the_answer_after_the_server_did_its_work() {
    let (proxy, served) = proxy();
    proxy.once("POST /keys", Fault::DropResponse);
    assert!(send(&proxy, GET).ends_with("0123456789"));
    assert_eq!(send(&proxy, POST), "");
    assert_eq!(served.load(Ordering::SeqCst), 2);
    assert!(send(&proxy, POST).ends_with("0123456789"));
}

#[test]
fn refuses_before_anything_reaches_the_server() {
    let (proxy, served) = proxy();
    proxy.always("", Fault::Refuse);
    assert_eq!(send(&proxy, POST), "");
    assert_eq!(send(&proxy, GET), "");
    assert_eq!(served.load(Ordering::SeqCst), 0);
    proxy.pass();
    assert!(send(&proxy, GET).ends_with("0123456789"));
}

#[test]
fn answers_in_the_server_s_place() {
    let (proxy, served) = proxy();
    let fault =
        Fault::answer(429, "text/html", "<h1>slow down</h1>").with_header("Retry-After", "7");
    proxy.once("POST", fault);
    let answer = send(&proxy, POST);
    assert!(answer.starts_with("HTTP/1.1 429 "));
    assert!(answer.contains("Content-Type: text/html\r\n"));
    assert!(answer.contains("Retry-After: 7\r\n"));
    assert!(answer.ends_with("<h1>slow down</h1>"));
    assert_eq!(served.load(Ordering::SeqCst), 0);
}

#[test]
fn cuts_a_body_in_half() {
    let (proxy, _) = proxy();
    proxy.once("GET", Fault::CutBody);
    let answer = send(&proxy, GET);
    assert!(answer.contains("Content-Length: 10"));
    assert!(answer.ends_with("\r\n\r\n01234"));
}

#[test]
fn delays_a_request() {
    let (proxy, _) = proxy();
    proxy.once("GET", Fault::Delay(Duration::from_millis(150)));
    let began = Instant::now();
    assert!(send(&proxy, GET).ends_with("0123456789"));
    assert!(began.elapsed() >= Duration::from_millis(150));
}

#[test]
fn stalls_in_the_middle_of_a_body_and_ends_with_the_proxy() {
    let (proxy, _) = proxy();
    proxy.once("GET", Fault::Stall);
    let mut stream = TcpStream::connect(proxy.address()).unwrap();
    stream.write_all(GET.as_bytes()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    assert!(bytes.ends_with(b"01234"));
    drop(proxy);
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert_eq!(rest, b"");
}

#[test]
fn sends_a_body_without_end() {
    let (proxy, _) = proxy();
    proxy.once("GET", Fault::EndlessBody);
    let mut stream = TcpStream::connect(proxy.address()).unwrap();
    stream.write_all(GET.as_bytes()).unwrap();
    let mut bytes = vec![0; 1 << 20];
    stream.read_exact(&mut bytes).unwrap();
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n"));
}
