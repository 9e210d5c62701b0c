//! What stands between a bridge and its server: proxies, and authorities that vouch for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use axum::http::Version;
use keystow_testkit::{World, eventually};

use crate::client::connected;
use crate::server::{Deed, Server};
use crate::support::Bridge;
use crate::tls::Pair;

/// A proxy for HTTPS that leads every host to one port of this computer.
struct Proxy {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = asked.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, noted) = (client.unwrap(), noted.clone());
                std::thread::spawn(move || tunnel(client, port, &noted));
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn tunnel(client: TcpStream, port: u16, noted: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    noted.lock().unwrap().push(first.trim().to_owned());
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 2 {
        line.clear();
    }
    let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
    (&client).write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let (to_server, to_client) = (server.try_clone().unwrap(), client);
    std::thread::spawn(move || pour(server, to_client));
    pour(reader, to_server);
}

fn pour(mut from: impl Read, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

/// A server whose certificate is for these names, and the file with the authority that vouches for it.
fn over_tls(world: &World, names: &str) -> (Server, String) {
    let pair = Pair::new(world, names);
    let authority = pair.certificate.to_str().unwrap().to_owned();
    (
        Server::start(Box::new(|| Deed::Json), Some(pair)),
        authority,
    )
}

#[test]
fn an_authority_of_the_persons_own_is_trusted_and_one_connection_serves_all_calls() {
    let world = World::new();
    let (server, authority) = over_tls(&world, "IP:127.0.0.1");
    let env = [("SSL_CERT_FILE", authority.as_str())];
    let id = connected(&world, &server.url, &env);

    server.seen().user_agents.clear();
    let mut bridge = Bridge::start(&world, &id);
    let sentence = bridge.initialize().unwrap_err();
    assert!(sentence.contains("could not prove who it is"), "{sentence}");
    drop(bridge);
    assert!(server.seen().user_agents.is_empty(), "something was sent");

    let mut bridge = Bridge::with_env(&world, &id, &env);
    bridge.initialize().unwrap();
    let before = server.seen().connections;
    for _ in 0..20 {
        bridge.call("echo").unwrap();
    }
    assert_eq!(server.seen().connections, before);
    assert_eq!(server.seen().versions, [Version::HTTP_2]);
}

#[test]
fn the_way_to_the_server_is_made_while_the_keychain_is_still_asked() {
    let world = World::new();
    let (server, authority) = over_tls(&world, "IP:127.0.0.1");
    let env = [("SSL_CERT_FILE", authority.as_str())];
    let id = connected(&world, &server.url, &env);
    server.seen().user_agents.clear();
    let before = server.seen().connections;

    world.stop_keychain();
    let mut bridge = Bridge::with_env(&world, &id, &env);
    eventually("there is a connection", || {
        server.seen().connections == before + 1
    });
    assert!(
        server.seen().user_agents.is_empty(),
        "something was sent without the key"
    );
    world.continue_keychain();
    bridge.initialize().unwrap();
    bridge.call("echo").unwrap();
    assert_eq!(server.seen().connections, before + 1);
}

#[test]
fn the_environments_proxy_is_used_and_its_exceptions_hold() {
    let world = World::new();
    let (server, authority) = over_tls(&world, "DNS:mcp.keystow.test,IP:0.0.0.0");
    let proxy = Proxy::to(server.port());
    let env = [
        ("SSL_CERT_FILE", authority.as_str()),
        ("HTTPS_PROXY", &proxy.url),
    ];
    let id = connected(&world, "https://mcp.keystow.test/mcp", &env);
    let before = proxy.asked().len();
    let mut bridge = Bridge::with_env(&world, &id, &env);
    bridge.initialize().unwrap();
    bridge.call("echo").unwrap();
    drop(bridge);
    let asked = proxy.asked();
    let wanted = "CONNECT mcp.keystow.test:443 HTTP/1.1";
    assert!(
        asked.len() > before && asked.iter().all(|line| line == wanted),
        "{asked:?}"
    );

    // `0.0.0.0` leads to this computer without being one of the names that never go through a proxy.
    let world = World::new();
    let url = format!("https://0.0.0.0:{}/mcp", server.port());
    let id = connected(&world, &url, &env);
    let before = proxy.asked().len();
    let mut bridge = Bridge::with_env(&world, &id, &env);
    bridge.initialize().unwrap();
    let through = proxy.asked().len();
    assert!(through > before);
    drop(bridge);
    let mut except = env.to_vec();
    except.push(("NO_PROXY", "0.0.0.0"));
    let mut bridge = Bridge::with_env(&world, &id, &except);
    bridge.initialize().unwrap();
    bridge.call("echo").unwrap();
    assert_eq!(proxy.asked().len(), through);
}
