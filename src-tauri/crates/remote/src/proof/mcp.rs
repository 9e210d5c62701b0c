use keystow_core::Secret;
use keystow_core::remote::{Proof, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::Remote;
use crate::transport::{Answer, Ask};

/// The revision without sessions, and the last one with them.
/// Source: modelcontextprotocol.io/specification, checked 2026-11-20.
const STATELESS: &str = "2026-07-28";
const WITH_SESSIONS: &str = "2025-11-25";

/// What an MCP client says it can read.
const ANSWERS: &str = "application/json, text/event-stream";

/// Makes a request the greeting of the way without sessions, which leaves nothing behind at a server.
pub(crate) fn greeting(ask: Ask<'_>) -> Ask<'_> {
    let discover = message(
        "server/discover",
        json!({"_meta": {
            "io.modelcontextprotocol/protocolVersion": STATELESS,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": who(),
        }}),
    );
    ask.accepts(ANSWERS)
        .header("mcp-protocol-version", STATELESS)
        .header("mcp-method", "server/discover")
        .json(&discover)
}

/// Greets an MCP server with a key: in the way without sessions, and, where the server does not know it, in the way with one,
/// which is then ended again. Gives the answer that the key was accepted with.
///
/// A server that lists its tools to anybody (CreatorAudit's, docs.creatoraudit.com/agents/mcp, checked 2026-11-20) greets anybody
/// too, so this proves something only where a provider file says that it does.
pub(super) fn greet(
    remote: &Remote,
    proof: &Proof<'_>,
    key: &Secret,
) -> Result<Answer, RemoteError> {
    let ask = |method: Method| -> Result<Ask<'_>, RemoteError> {
        Ok(super::with_key(remote, method, proof, key)?.accepts(ANSWERS))
    };
    let answer = greeting(ask(Method::POST)?).send()?;
    match answer.success().map_err(RemoteError::from) {
        Ok(answer) if !says_error(&answer)? => return Ok(answer),
        Ok(_) => {}
        Err(error) if does_not_know(&error.kind) => {}
        Err(error) => return Err(error),
    }

    let initialize = message(
        "initialize",
        json!({"protocolVersion": WITH_SESSIONS, "capabilities": {}, "clientInfo": who()}),
    );
    let answer = ask(Method::POST)?.json(&initialize).send()?.success()?;
    if says_error(&answer)? {
        return Err(answer.not_what("an error to a greeting", "a greeting"));
    }
    if let Some(session) = answer.header("mcp-session-id") {
        // The key is good whether or not the server lets us say goodbye.
        let _ = ask(Method::DELETE)?
            .header("mcp-protocol-version", WITH_SESSIONS)
            .header("mcp-session-id", session)
            .send();
    }
    Ok(answer)
}

fn message(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

fn who() -> Value {
    json!({"name": "keystow", "version": env!("CARGO_PKG_VERSION")})
}

/// Whether a server of the other era says so; a refusal of the key has kinds of its own.
fn does_not_know(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::Refused { .. } | RemoteErrorKind::NotFound
    )
}

/// Whether a JSON-RPC answer is an error. A stream is an answer too: its beginning came with the key accepted.
fn says_error(answer: &Answer) -> Result<bool, RemoteError> {
    if answer.is_stream() {
        return Ok(false);
    }
    let body: Value = answer.json()?;
    if body.get("jsonrpc").is_none() {
        return Err(answer.not_what("JSON of another shape", "a JSON-RPC answer"));
    }
    Ok(body.get("error").is_some())
}
