//! What a stateless server wants to know before it answers (`input_required`), asked of a client of the session era by requests.
//!
//! Source: MCP specification 2026-07-28, basic/patterns/mrtr, checked 2026-11-21.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::ask::{Answer, ErrorOf, request};
use crate::era::{Eras, Lifted};
use crate::exchange::{Link, Reply};
use crate::fault::{Fault, shown};
use crate::handshake::error_of;
use crate::message::Message;
use crate::pending::Id;
use crate::splice::{with_id, with_params};

/// How often a server may ask for more before it must answer.
const ROUNDS: u32 = 32;
/// A server that asks for nothing but patience is asked again after this, doubled each time.
const AGAIN: Duration = Duration::from_millis(100);
const HEADER_MISMATCH: i64 = -32020;
/// Pages of a list of tools that are read for their headers.
const PAGES: usize = 20;

#[derive(Deserialize)]
struct Interim<'a> {
    #[serde(borrow)]
    result: Needs<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Needs<'a> {
    #[serde(borrow, default)]
    input_requests: BTreeMap<String, Question<'a>>,
    #[serde(borrow)]
    request_state: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Question<'a> {
    method: String,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

impl Link {
    /// Carries a request to its answer, however often the server asks something first.
    pub(crate) async fn carry_in_rounds(
        &self,
        lifted: &Arc<Lifted>,
        message: &Message,
    ) -> Result<(), Fault> {
        let Some(mut sent) = self.lifted(lifted, message, "") else {
            for id in &message.ids {
                self.refuse(id, -32602, "The parameters must be an object.")
                    .await;
            }
            return Ok(());
        };
        let Some(id) = message.ids.first() else {
            return self.exchange_once(&sent).await;
        };
        self.pending.with(id, |entry| {
            entry.manner = sent.manner;
            entry.stateless = true;
            entry.headers_matter = true;
        });
        let host = self.endpoints.current().await?.host.clone();
        let mut wait = AGAIN;
        for _ in 0..ROUNDS {
            self.exchange_with_headers(&sent).await?;
            let interim = self
                .pending
                .with(id, |entry| entry.interim.take())
                .flatten();
            let Some(interim) = interim else {
                return Ok(());
            };
            let needs = serde_json::from_slice::<Interim>(&interim)
                .map_err(|_| Fault::NotMcp { host: host.clone() })?
                .result;
            let mut members = Vec::new();
            if needs.input_requests.is_empty() {
                sleep(wait).await;
                wait = (wait * 2).min(self.options.reopen_last);
            } else {
                let answers = self.put_to_client(&needs.input_requests, &host).await?;
                members.push(format!(r#""inputResponses":{{{answers}}}"#));
            }
            if let Some(state) = needs.request_state {
                members.push(format!(r#""requestState":{}"#, state.get()));
            }
            let Some(mut next) = self.lifted(lifted, message, &members.join(",")) else {
                break;
            };
            let wire = self.eras.own_id();
            next.body = with_id(&next.body, wire.as_json());
            next.wire = Some(wire);
            sent = next;
        }
        Err(Fault::NoAnswer { host })
    }

    /// Sends a message to a stateless server. One that misses headers which the tool's schema asks for is told only then what
    /// they are: the list of tools is read, and the call sent again.
    pub(crate) async fn exchange_with_headers(&self, message: &Message) -> Result<(), Fault> {
        let reply = self.post(message).await?;
        self.take_in_with_headers(message, reply).await
    }

    /// The same once the reply is there.
    pub(crate) async fn take_in_with_headers(
        &self,
        message: &Message,
        reply: Reply,
    ) -> Result<(), Fault> {
        let misses = message.method == "tools/call"
            && error_of(&reply).is_some_and(|error| error.code == HEADER_MISMATCH);
        if misses
            && let Some(version) = &message.stateless
            && self.learn_tools(&message.body, version).await
        {
            let mut again = message.clone();
            if let Ok(seen) = crate::peek::peek(&message.body) {
                again.headers =
                    crate::message::derived_headers(&seen, &message.method, &self.tools);
            }
            return self.exchange_once(&again).await;
        }
        self.take_in(message, reply).await
    }

    /// Reads the list of tools for the sake of its headers, in the name of the request in `body`.
    async fn learn_tools(&self, body: &[u8], version: &reqwest::header::HeaderValue) -> bool {
        #[derive(Deserialize)]
        struct Page {
            result: Cursor,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Cursor {
            next_cursor: Option<String>,
        }
        let Ok(seen) = crate::peek::peek(body) else {
            return false;
        };
        let meta = seen.params.meta.map_or("{}", RawValue::get);
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let params = format!(r#"{{{cursor}"_meta":{meta}}}"#);
            let request = self.stateless_request("tools/list", &params, version);
            let Ok(answer) = self.ask(request).await else {
                return false;
            };
            self.tools.learn(&answer);
            let Ok(page) = serde_json::from_slice::<Page>(&answer) else {
                return false;
            };
            match page.result.next_cursor {
                Some(next) => cursor = format!(r#""cursor":{},"#, Value::from(next)),
                None => return true,
            }
        }
        true
    }

    /// Asks the client everything at once; the members of `inputResponses`.
    async fn put_to_client(
        &self,
        questions: &BTreeMap<String, Question<'_>>,
        host: &str,
    ) -> Result<String, Fault> {
        let mut asked = Vec::new();
        for (key, question) in questions {
            if !matches!(
                question.method.as_str(),
                "elicitation/create" | "sampling/createMessage" | "roots/list"
            ) {
                return Err(not_answered(host, &question.method, "no client knows that"));
            }
            let asking = Asking::new(&self.eras);
            let line = request(&asking.id, &question.method, &question.params(&asking.id));
            self.output.send(line).await;
            asked.push((key, question, asking));
        }
        let mut members = Vec::new();
        for (key, question, mut asking) in asked {
            let answer = (&mut asking.answer)
                .await
                .map_err(|_| not_answered(host, &question.method, "it gave no answer"))?;
            let answer = Answer::read(&answer)
                .ok_or_else(|| not_answered(host, &question.method, "its answer is no message"))?;
            match (answer.result, answer.error) {
                (Some(result), _) => {
                    members.push(format!("{}:{}", Value::from(key.as_str()), result.get()));
                }
                (None, Some(error)) => {
                    let error = ErrorOf::read(error);
                    return Err(not_answered(host, &question.method, &error.message));
                }
                (None, None) => {
                    return Err(not_answered(host, &question.method, "it gave no answer"));
                }
            }
        }
        Ok(members.join(","))
    }
}

impl Question<'_> {
    /// The parameters, with what the session era wants beside.
    fn params(&self, id: &Id) -> String {
        #[derive(Deserialize)]
        struct Mode {
            #[serde(default)]
            mode: String,
        }
        let params = self.params.map_or("{}", RawValue::get);
        let by_url = self.method == "elicitation/create"
            && serde_json::from_str::<Mode>(params).is_ok_and(|params| params.mode == "url");
        let wrapped = format!(r#"{{"params":{params}}}"#);
        match with_params(
            wrapped.as_bytes(),
            &format!(r#""elicitationId":{}"#, id.as_json()),
            "",
        ) {
            Some(with_id) if by_url => String::from_utf8_lossy(inner(&with_id)).into_owned(),
            _ => params.to_owned(),
        }
    }
}

/// What stands in `{"params":…}`.
fn inner(wrapped: &Bytes) -> &[u8] {
    wrapped
        .get(r#"{"params":"#.len()..wrapped.len() - 1)
        .unwrap_or_default()
}

fn not_answered(host: &str, method: &str, detail: &str) -> Fault {
    Fault::NotAnswered {
        host: host.to_owned(),
        method: shown(method),
        detail: shown(detail.trim_end_matches('.')),
    }
}

/// A question to the client; forgotten when nobody waits for its answer any more.
struct Asking<'a> {
    eras: &'a Eras,
    id: Id,
    answer: oneshot::Receiver<Bytes>,
}

impl<'a> Asking<'a> {
    fn new(eras: &'a Eras) -> Self {
        let id = eras.own_id();
        let answer = eras.ask(id.clone());
        Self { eras, id, answer }
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.eras.forget(&self.id);
    }
}
