//! Measures bridges from the client's side, for `make bench`: one run of one of them, printed as one line of JSON.
//!
//! `bench serve KEY [CERTIFICATE PRIVATE-KEY]`   an MCP server for all of them; prints its address
//! `bench live CALLS COMMAND ARG...`             start, calls one after the other, many at a time, memory, end
//! `bench large COMMAND ARG...`                  one result of 50 MB
//! `bench many COUNT COMMAND ARG...`             so many of them at once
//! `bench direct-live CALLS URL`, `bench direct-large URL`
//!                                               the same without a bridge; the key comes by standard input, `SSL_CERT_FILE` counts
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod direct;
mod process;
mod serve;

use serde_json::{Value, json};

/// Calls that go before any that are counted.
const WARM_UP: u64 = 20;
/// Calls at a time, where there are many.
const AT_ONCE: usize = 32;
/// How many of those there are for each call of the row before.
const CONCURRENT: u64 = 3;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let figures = match args.as_slice() {
        ["serve", key, tls @ ..] => return serve::run(key, tls),
        ["live", calls, command @ ..] => process::live(calls.parse().unwrap(), command),
        ["large", command @ ..] => process::large(command),
        ["many", count, command @ ..] => process::many(count.parse().unwrap(), command),
        ["direct-live", calls, url] => direct::live(calls.parse().unwrap(), url),
        ["direct-large", url] => direct::large(url),
        _ => panic!("see the head of this file"),
    };
    println!("{figures}");
}

fn initialize(id: u64) -> String {
    let client = json!({"name": "bench", "version": "1"});
    let params = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client});
    json!({"jsonrpc": "2.0", "id": id, "method": "initialize", "params": params}).to_string()
}

const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

fn call(id: u64, tool: &str) -> String {
    let arguments = json!({"text": "hello"});
    let params = json!({"name": tool, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}).to_string()
}

/// A row of times in milliseconds: its middle and its worst hundredth.
fn spread(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    json!({"p50": at(0.5), "p95": at(0.95), "p99": at(0.99)})
}
