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
