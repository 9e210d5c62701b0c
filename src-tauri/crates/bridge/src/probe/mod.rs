//! Asks a written entry for its tools, the way its AI client would.

mod helper;
mod process;
mod relayed;
mod talk;

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keystow_core::remote::{Probe, ProbeError, Prober};
use url::Url;

use helper::Helper;
use process::Process;
use relayed::Relayed;
use talk::{Peer, Talk};

/// Probes by starting a process. It uses threads of its own, so it may be called from anywhere that may block.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessProber;

impl Prober for ProcessProber {
    fn probe(&self, command: &str, args: &[String], timeout_ms: u64) -> Result<Probe, ProbeError> {
        let started = Instant::now();
        let limit = Duration::from_millis(timeout_ms);
        let peer = Process::start(Command::new(command).args(args));
        let peer = peer.map_err(|error| ProbeError::Start {
            command: command.to_owned(),
            detail: error.to_string(),
        })?;
        found(started, Talk::new(peer, started, limit))
    }

    fn probe_url(&self, url: &Url, helper: &str, timeout_ms: u64) -> Result<Probe, ProbeError> {
        let started = Instant::now();
        let limit = Duration::from_millis(timeout_ms);
        let headers = Helper::tried(helper, started + limit)
            .map_err(|detail| ProbeError::Helper { detail })?;
        let peer = Relayed::start(url.clone(), Arc::new(headers), limit);
        let peer = peer.map_err(|error| ProbeError::Start {
            command: url.to_string(),
            detail: error.to_string(),
        })?;
        found(started, Talk::new(peer, started, limit))
    }
}

fn found<P: Peer>(started: Instant, mut talk: Talk<P>) -> Result<Probe, ProbeError> {
    let result = talk.ask_for_tools();
    talk.end();
    let (server, tools) = result?;
    Ok(Probe {
        tools,
        server,
        took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}
