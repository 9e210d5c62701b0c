//! The prober against small servers in shell.

use std::time::{Duration, Instant};

use keystow_bridge::ProcessProber;
use keystow_core::remote::{Probe, ProbeError, Prober};

const HELLO: &str = r#"echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"sh","version":"5"}}}'"#;

fn probe(script: &str, timeout_ms: u64) -> Result<Probe, ProbeError> {
    let args = ["-c".to_owned(), script.to_owned()];
    ProcessProber.probe("sh", &args, timeout_ms)
}

#[test]
fn counts_the_tools_of_all_pages_and_answers_what_the_server_asks() {
    let script = format!(
        r#"read -r hello
echo 'this is not a message'
echo '{{"jsonrpc":"2.0","id":"p","method":"ping"}}'
read -r pong
case "$pong" in *'"result":{{}}'*) ;; *) exit 3;; esac
{HELLO}
read -r initialized
read -r first
echo '{{"jsonrpc":"2.0","method":"notifications/message","params":{{}}}}'
echo '{{"jsonrpc":"2.0","id":2,"result":{{"tools":[{{"name":"a"}},{{"name":"b"}}],"nextCursor":"x"}}}}'
read -r second
case "$second" in *'"cursor":"x"'*) ;; *) exit 3;; esac
echo '{{"jsonrpc":"2.0","id":3,"result":{{"tools":[{{"name":"c"}}]}}}}'
read -r end"#
    );
    let found = probe(&script, 20_000).unwrap();
    assert_eq!(found.tools, ["a", "b", "c"]);
    assert_eq!(found.server, "sh 5");
}

#[test]
fn the_servers_sentence_is_told() {
    let script = r#"read -r hello
echo '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"This key is paused. Resume it in Keystow."}}'"#;
    let message = "This key is paused. Resume it in Keystow.".to_owned();
    assert_eq!(probe(script, 20_000), Err(ProbeError::Answered { message }));
}

#[test]
fn a_command_that_is_missing_or_ends_early_is_told() {
    let missing = ProcessProber.probe("/no/such/program", &[], 1000);
    assert!(matches!(missing, Err(ProbeError::Start { .. })));
    let Err(ProbeError::Silent { detail }) =
        probe("echo first >&2; echo 'no database' >&2; exit 4", 20_000)
    else {
        panic!("it said nothing");
    };
    assert!(detail.contains("exit status: 4"), "{detail}");
    assert!(detail.contains("no database"), "{detail}");
}

#[test]
fn a_silent_command_is_ended_with_all_it_started() {
    let directory = tempfile::tempdir().unwrap();
    let pid_file = directory.path().join("pid");
    let script = format!("sleep 600 & echo $! > '{}'; wait", pid_file.display());
    let started = Instant::now();
    let result = probe(&script, 300);
    assert!(
        matches!(result, Err(ProbeError::Silent { .. })),
        "{result:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(60));
    let pid = std::fs::read_to_string(&pid_file).unwrap();
    let process = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
    let deadline = Instant::now() + Duration::from_secs(10);
    while process.exists() && !is_zombie(&process) {
        assert!(
            Instant::now() < deadline,
            "what the command started lives on"
        );
        std::thread::yield_now();
    }
}

fn is_zombie(process: &std::path::Path) -> bool {
    std::fs::read_to_string(process.join("stat")).map_or(true, |stat| stat.contains(") Z "))
}

#[test]
fn may_be_called_from_a_blocking_thread_of_a_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let result = runtime.block_on(async {
        tokio::task::spawn_blocking(|| probe("exit 0", 20_000))
            .await
            .unwrap()
    });
    assert!(
        matches!(result, Err(ProbeError::Silent { .. })),
        "{result:?}"
    );
}

/// A server that wants a key, and a command that prints it.
mod with_headers {
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use axum::extract::State;
    use axum::http::{HeaderMap, StatusCode};
    use axum::response::{IntoResponse, Response};
    use axum::routing::any;
    use serde_json::{Value, json};
    use url::Url;

    use super::*;

    type Seen = Arc<Mutex<Vec<HeaderMap>>>;

    /// Serves until the runtime is dropped.
    struct Server {
        url: Url,
        seen: Seen,
        _runtime: tokio::runtime::Runtime,
    }

    impl Server {
        fn start() -> Self {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let seen = Seen::default();
            let app = Router::new()
                .route("/mcp", any(answer))
                .with_state(seen.clone());
            let listener = runtime
                .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
                .unwrap();
            let url = format!("http://{}/mcp", listener.local_addr().unwrap());
            runtime.spawn(async move { axum::serve(listener, app).await });
            Self {
                url: Url::parse(&url).unwrap(),
                seen,
                _runtime: runtime,
            }
        }

        fn probe(&self, helper: &str) -> Result<Probe, ProbeError> {
            ProcessProber.probe_url(&self.url, helper, 20_000)
        }
    }

    async fn answer(State(seen): State<Seen>, headers: HeaderMap, body: String) -> Response {
        seen.lock().unwrap().push(headers.clone());
        if headers
            .get("authorization")
            .is_none_or(|value| value != "Bearer right")
        {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let Ok(message) = serde_json::from_str::<Value>(&body) else {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        };
        let result = match message["method"].as_str() {
            Some("initialize") => json!({
                "protocolVersion": "2025-11-25", "capabilities": {},
                "serverInfo": { "name": "small", "version": "1" }
            }),
            Some("tools/list") => json!({ "tools": [{ "name": "whoami" }] }),
            _ => return StatusCode::ACCEPTED.into_response(),
        };
        let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
        ([("content-type", "application/json")], answer.to_string()).into_response()
    }

    #[test]
    fn all_headers_that_the_command_prints_are_sent() {
        let server = Server::start();
        let found = server
            .probe(r#"printf '%s\n' '{"Authorization": "Bearer right", "X-Brand": "b1", "Accept": "text/html"}'"#)
            .unwrap();
        assert_eq!(
            (found.server.as_str(), found.tools.as_slice()),
            ("small 1", &["whoami".to_owned()][..])
        );
        let seen = server.seen.lock().unwrap();
        assert!(seen.len() >= 3);
        for headers in seen.iter() {
            assert_eq!(headers["x-brand"], "b1");
            assert_ne!(
                headers["accept"], "text/html",
                "what the protocol needs stays"
            );
        }
    }

    #[test]
    fn a_key_that_is_not_taken_is_asked_for_once_more_and_told() {
        let server = Server::start();
        let directory = tempfile::tempdir().unwrap();
        let runs = directory.path().join("runs");
        let helper = format!(
            r#"echo >> '{}'; echo '{{"authorization": "Bearer wrong"}}'"#,
            runs.display()
        );
        let Err(ProbeError::Answered { message }) = server.probe(&helper) else {
            panic!("the key was taken");
        };
        assert!(message.contains("revoked"), "{message}");
        let runs = std::fs::read_to_string(&runs).unwrap();
        assert!(runs.lines().count() >= 2, "the command was not run again");
    }

    #[test]
    fn a_command_that_prints_no_headers_is_told_and_nothing_is_sent() {
        let server = Server::start();
        for (helper, why) in [
            ("echo '{\"a\": 1}'", "one JSON object of strings"),
            ("echo 'Bearer secret-value'", "one JSON object of strings"),
            ("echo '{}'; exit 3", "exit status: 3"),
            ("echo 'locked' >&2; exit 1", "locked"),
            (
                "head -c 70000 /dev/zero | tr '\\0' ' '; echo '{}'",
                "one JSON object of strings",
            ),
            ("/no/such/program", "exit status: 127"),
        ] {
            let Err(ProbeError::Helper { detail }) = server.probe(helper) else {
                panic!("{helper} was taken");
            };
            assert!(detail.contains(why), "{helper}: {detail}");
            assert!(!detail.contains("secret-value"), "{detail}");
        }
        assert!(server.seen.lock().unwrap().is_empty());
    }

    #[test]
    fn a_command_that_hangs_is_ended() {
        let server = Server::start();
        let started = Instant::now();
        let found = ProcessProber.probe_url(&server.url, "sleep 600", 300);
        assert!(matches!(found, Err(ProbeError::Helper { .. })), "{found:?}");
        assert!(started.elapsed() < Duration::from_secs(60));
    }
}
