use url::Url;

/// What a probe of an MCP server through a written entry found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Names of the tools, in the server's order.
    pub tools: Vec<String>,
    /// The server's name and version.
    pub server: String,
    /// From spawn to the last answer, in milliseconds.
    pub took_ms: u64,
}

/// Why a probe found nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// The command could not be started.
    #[error("{command} could not be started: {detail}")]
    Start {
        /// The command as written.
        command: String,
        /// What the system said.
        detail: String,
    },
    /// The server answered with an error; its sentence is for people.
    #[error("{message}")]
    Answered {
        /// JSON-RPC error message.
        message: String,
    },
    /// The command for the headers did not print any.
    #[error("the command for the headers {detail}")]
    Helper {
        /// What it did instead, such as `ended with exit status: 1`, and the last it said.
        detail: String,
    },
    /// Ended or fell silent.
    #[error("{detail}")]
    Silent {
        /// What was seen last.
        detail: String,
    },
}

/// Runs the very command that a settings file names, does an MCP handshake and lists the tools.
pub trait Prober: Send + Sync {
    /// Speaks to the command. Blocks for at most `timeout_ms`; the process is gone afterwards.
    fn probe(&self, command: &str, args: &[String], timeout_ms: u64) -> Result<Probe, ProbeError>;

    /// Speaks HTTP to `url`, with the headers that the command line `helper` prints when the system's shell runs it. Blocks for
    /// about `timeout_ms` at most.
    fn probe_url(&self, url: &Url, helper: &str, timeout_ms: u64) -> Result<Probe, ProbeError>;
}
