//! A connection to a server of the tests, and an AI client that uses it.

use keystow_testkit::World;

use crate::server::KEY;
use crate::support::{Ran, command, output_with};

/// What a world needs to reach a server: such as `SSL_CERT_FILE`.
pub type Env<'a> = &'a [(&'a str, &'a str)];

/// Has the key stowed and Cursor connected; gives the connection's id.
pub fn connected(world: &World, url: &str, env: Env<'_>) -> String {
    let run = |args: &[&str], input: &str| {
        let mut command = command(world, args);
        command.envs(env.iter().copied());
        Ran::of(output_with(command, input)).ok()
    };
    run(&["providers", "add", "Scripted", "--url", url], "");
    run(&["sign-in", "--provider", "scripted"], "");
    run(&["keys", "add", "mine"], &format!("{KEY}\n"));
    let connect = ["connect", "cursor", "--key", "mine", "--no-probe", "--yes"];
    run(&connect, "");
    let status = run(&["status", "--no-probe", "--json"], "");
    let id = status.json()[0]["connection"]["id"].clone();
    id.as_str().unwrap().to_owned()
}

/// A figure of a process in kB, such as `VmRSS:` in `status`.
pub fn kilobytes(pid: u32, file: &str, figure: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(figure));
    let value = line.unwrap().split_whitespace().next().unwrap();
    value.parse().unwrap()
}

/// How many descriptors a process has open.
pub fn descriptors(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .count()
}

/// Whether a process is gone, or waits for nothing but being noticed.
pub fn is_gone(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
    status.is_err() || status.is_ok_and(|status| status.contains("State:\tZ"))
}
