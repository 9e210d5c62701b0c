//! How many copies of the key a running bridge holds. `docs/bridge.md` says where they are.

use std::fs::File;
use std::os::unix::fs::FileExt;

use keystow_testkit::World;

use crate::client::connected;
use crate::server::{Deed, KEY, Server};
use crate::support::Bridge;
use crate::tls::Pair;

/// As `docs/bridge.md` says.
const COPIES_PLAIN: usize = 2;
const COPIES_TLS: usize = 2;

#[test]
fn after_a_thousand_calls_the_key_is_where_the_documentation_says_and_nowhere_else() {
    let world = World::new();
    let server = Server::kind();
    let id = connected(&world, &server.url, &[]);
    let found = copies_after_calls(&world, &id, &[]);
    assert!(found.len() <= COPIES_PLAIN, "{found:#?}");
}

#[test]
fn it_is_the_same_over_tls() {
    let world = World::new();
    let pair = Pair::new(&world, "IP:127.0.0.1");
    let authority = pair.certificate.to_str().unwrap().to_owned();
    let server = Server::start(Box::new(|| Deed::Json), Some(pair));
    let env = [("SSL_CERT_FILE", authority.as_str())];
    let id = connected(&world, &server.url, &env);
    let found = copies_after_calls(&world, &id, &env);
    assert!(found.len() <= COPIES_TLS, "{found:#?}");
}

fn copies_after_calls(world: &World, id: &str, env: &[(&str, &str)]) -> Vec<String> {
    let mut bridge = Bridge::with_env(world, id, env);
    bridge.initialize().unwrap();
    for _ in 0..1000 {
        bridge.call("echo").unwrap();
    }
    let found = copies(bridge.process.id());
    assert_eq!(bridge.end().code, 0);
    found
}

/// Where the key lies in the memory of a process, with what is around it.
fn copies(pid: u32) -> Vec<String> {
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut found = Vec::new();
    for map in maps.lines() {
        let (range, rest) = map.split_once(' ').unwrap();
        if !rest.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (from, to) = (number(from), number(to));
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        let name = rest.split_whitespace().nth(4).unwrap_or("anonymous");
        for (at, _) in bytes
            .windows(KEY.len())
            .enumerate()
            .filter(|(_, window)| *window == KEY.as_bytes())
        {
            let around = &bytes[at.saturating_sub(48)..(at + KEY.len() + 32).min(bytes.len())];
            let around = String::from_utf8_lossy(around).replace(KEY, "[KEY]");
            found.push(format!("{name}: {around:?}"));
        }
    }
    found
}
