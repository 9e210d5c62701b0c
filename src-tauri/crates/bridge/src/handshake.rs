//! `initialize` of a client of the session era, whatever the server speaks.

use std::sync::Arc;

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::debug;

use crate::ask::{Answer, ErrorOf};
use crate::dialect::Dialect;
use crate::era::{Lifted, SESSION_VERSIONS, SESSIONS, STATELESS, Spoken};
use crate::exchange::{Content, Link, Reply};
use crate::fault::Fault;
use crate::message::Message;
use crate::peek::peek;

/// Errors of the stateless era: header mismatch, missing capability, unsupported version.
///
/// Source: MCP specification 2026-07-28, basic (error codes), checked 2026-11-21.
pub(crate) const STATELESS_ERRORS: std::ops::RangeInclusive<i64> = -32022..=-32020;
pub(crate) const UNSUPPORTED_VERSION: i64 = -32022;
pub(crate) const METHOD_NOT_FOUND: i64 = -32601;

/// What a client says of itself.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Hello<'a> {
    protocol_version: Option<String>,
    #[serde(borrow)]
    capabilities: Option<&'a RawValue>,
    #[serde(borrow)]
    client_info: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Initialize<'a> {
    #[serde(borrow, default)]
    params: Hello<'a>,
}

/// What a stateless server says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Discovered<'a> {
    supported_versions: Vec<String>,
    #[serde(borrow)]
    capabilities: Option<&'a RawValue>,
    #[serde(borrow)]
    instructions: Option<&'a RawValue>,
    #[serde(borrow, rename = "_meta", default)]
    meta: ServerMeta<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ServerMeta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/serverInfo")]
    server: Option<&'a RawValue>,
}

/// What matters of a server's capabilities for telling about changes.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Tells {
    pub(crate) tools: ListChanged,
    pub(crate) prompts: ListChanged,
    pub(crate) resources: ListChanged,
    pub(crate) logging: Option<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListChanged {
    pub(crate) list_changed: bool,
    pub(crate) subscribe: bool,
}

impl Tells {
    pub(crate) fn read(capabilities: &str) -> Self {
        serde_json::from_str(capabilities).unwrap_or_default()
    }
}

impl Link {
    /// Carries `initialize`: to a server with sessions as it is; a stateless one is asked what it can instead; and where posting
    /// is refused, the oldest transport is tried.
    pub(crate) async fn begin(&self, message: &Message) -> Result<(), Fault> {
        self.eras.set(Spoken::Plain);
        self.events.forget();
        match self.recall() {
            Some(Dialect::Stateless) if self.lift(message).await? => return Ok(()),
            Some(Dialect::Events) if self.open_events().await? => {
                return self.exchange_once(message).await;
            }
            _ => {}
        }
        let reply = self.post(message).await;
        if !refuses_handshake(&reply) {
            let taken = self.take_in(message, reply?).await;
            if taken.is_ok() && self.recall().is_some() {
                self.remember(Dialect::Sessions);
            }
            return taken;
        }
        if self.lift(message).await? {
            self.remember(Dialect::Stateless);
            return Ok(());
        }
        if not_posted_to(&reply) && self.open_events().await? {
            self.remember(Dialect::Events);
            return self.exchange_once(message).await;
        }
        self.take_in(message, reply?).await
    }

    /// Answers `initialize` with what a stateless server says of itself; `false` when the server is none.
    async fn lift(&self, message: &Message) -> Result<bool, Fault> {
        let Ok(Initialize { params: hello }) = serde_json::from_slice(&message.body) else {
            return Ok(false);
        };
        let lifted = Lifted::new(
            hello.client_info.map(RawValue::get),
            hello.capabilities.map(RawValue::get),
        );
        let params = format!(r#"{{"_meta":{{{}}}}}"#, lifted.meta());
        let request = self.stateless_request("server/discover", &params, &lifted.version);
        let answer = match self.ask(request).await {
            Ok(answer) => answer,
            Err(
                fault @ (Fault::Unauthorised
                | Fault::KeyPaused
                | Fault::Forbidden { .. }
                | Fault::Unreachable { .. }
                | Fault::Source(_)),
            ) => return Err(fault),
            Err(_) => return Ok(false),
        };
        let Some(answer) = Answer::read(&answer) else {
            return Ok(false);
        };
        if let Some(error) = answer.error {
            let error = ErrorOf::read(error);
            let known = error
                .data
                .supported
                .iter()
                .any(|one| SESSION_VERSIONS.contains(&one.as_str()) || one == STATELESS);
            if error.code == UNSUPPORTED_VERSION && !known {
                return Err(self.no_common_version(error.data.supported).await?);
            }
            return Ok(false);
        }
        let Some(found) = answer
            .result
            .and_then(|result| serde_json::from_str::<Discovered>(result.get()).ok())
        else {
            return Ok(false);
        };
        if !found.supported_versions.iter().any(|one| one == STATELESS) {
            return Err(self.no_common_version(found.supported_versions).await?);
        }
        let capabilities = found.capabilities.map_or("{}", RawValue::get);
        let tells = Tells::read(capabilities);
        lifted.wanted.send_modify(|wanted| {
            wanted.tools = tells.tools.list_changed;
            wanted.prompts = tells.prompts.list_changed;
            wanted.resources = tells.resources.list_changed;
        });
        debug!("a client with sessions, a server without");
        let session = self.session.next(None, None);
        self.session.publish(session);
        self.eras.set(Spoken::Lifted(Arc::new(lifted)));
        if let Some(id) = message.ids.first() {
            let result = initialized(&hello, &found, capabilities);
            self.answer_client(id, &format!(r#""result":{result}"#))
                .await;
        }
        Ok(true)
    }

    async fn no_common_version(&self, versions: Vec<String>) -> Result<Fault, Fault> {
        let endpoint = self.endpoints.current().await?;
        Ok(Fault::Versions {
            host: endpoint.host.clone(),
            versions: crate::fault::shown(&versions.join(", ")),
        })
    }
}

/// The result of `initialize` that says what `server/discover` said.
fn initialized(hello: &Hello<'_>, found: &Discovered<'_>, capabilities: &str) -> String {
    let version = hello
        .protocol_version
        .as_deref()
        .filter(|version| SESSION_VERSIONS.contains(version))
        .unwrap_or(SESSIONS);
    let server = found
        .meta
        .server
        .map_or(r#"{"name":"unnamed","version":"0"}"#, RawValue::get);
    let instructions = match found.instructions {
        Some(text) => format!(r#","instructions":{}"#, text.get()),
        None => String::new(),
    };
    format!(
        r#"{{"protocolVersion":"{version}","capabilities":{capabilities},"serverInfo":{server}{instructions}}}"#
    )
}

/// The error of a reply that is one, whatever its status.
pub(crate) fn error_of(reply: &Reply) -> Option<ErrorOf> {
    let Content::Body(body) = &reply.content else {
        return None;
    };
    let error = peek(body).ok()?.error?;
    Some(ErrorOf::read(error))
}

/// Whether a server may know no handshake: whoever does not understand it says so in one of these ways.
fn refuses_handshake(reply: &Result<Reply, Fault>) -> bool {
    match reply {
        Ok(reply) => error_of(reply).is_some_and(|error| {
            reply.status.is_client_error()
                || STATELESS_ERRORS.contains(&error.code)
                || matches!(error.code, METHOD_NOT_FOUND | -32602 | -32600)
        }),
        Err(fault) => refused(fault),
    }
}

/// Whether nothing takes messages at this address.
pub(crate) fn not_posted_to(reply: &Result<Reply, Fault>) -> bool {
    match reply {
        Ok(reply) => matches!(
            reply.status,
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
        ),
        Err(fault) => refused(fault),
    }
}

/// The statuses that a server of another kind answers with.
pub(crate) fn refused(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NotFound { .. }
            | Fault::Refused {
                status: 400 | 405 | 406 | 415 | 422,
                ..
            }
    )
}
