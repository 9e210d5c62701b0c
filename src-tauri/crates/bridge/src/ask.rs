//! Requests of the bridge itself, whose answers the client does not see.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::oneshot;

use crate::exchange::Link;
use crate::fault::Fault;
use crate::message::{Kind, Manner, Message, derived_headers};
use crate::peek::peek;
use crate::pending::{Entry, Id};

/// An answer, taken apart.
#[derive(Deserialize)]
pub(crate) struct Answer<'a> {
    #[serde(borrow)]
    pub(crate) result: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) error: Option<&'a RawValue>,
}

/// The error of an answer, taken apart.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ErrorOf {
    #[serde(default)]
    pub(crate) code: i64,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) data: ErrorData,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorData {
    pub(crate) supported: Vec<String>,
}

impl Answer<'_> {
    pub(crate) fn read(body: &[u8]) -> Option<Answer<'_>> {
        serde_json::from_slice(body).ok()
    }
}

impl ErrorOf {
    pub(crate) fn read(error: &RawValue) -> Self {
        #[derive(Deserialize)]
        struct Code {
            #[serde(default)]
            code: i64,
            #[serde(default)]
            message: String,
        }
        serde_json::from_str(error.get())
            // `data` may be of any shape.
            .or_else(|_| {
                serde_json::from_str::<Code>(error.get()).map(|error| Self {
                    code: error.code,
                    message: error.message,
                    data: ErrorData::default(),
                })
            })
            .unwrap_or_default()
    }
}

/// A request of the bridge, with parameters in JSON's spelling.
pub(crate) fn request(id: &Id, method: &str, params: &str) -> Bytes {
    let id = id.as_json();
    let method = serde_json::Value::from(method);
    Bytes::from(format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":{method},"params":{params}}}"#
    ))
}

impl Link {
    /// Asks the server and waits for its answer, a result or an error.
    pub(crate) async fn ask(&self, message: Message) -> Result<Bytes, Fault> {
        let Some(id) = message.ids.first().cloned() else {
            return Err(Fault::GivenUp);
        };
        let (sender, mut answer) = oneshot::channel();
        let entry = Entry {
            ours: Some(sender),
            initialize: false,
            ..message.entry()
        };
        self.pending.insert(id.clone(), entry);
        let _taken_out = TakenOut { link: self, id };
        Box::pin(self.exchange_once(&message)).await?;
        answer.try_recv().map_err(|_| Fault::NoAnswer {
            host: "the server".to_owned(),
        })
    }

    /// A request of the bridge's own, to a stateless server.
    pub(crate) fn stateless_request(
        &self,
        method: &str,
        params: &str,
        version: &reqwest::header::HeaderValue,
    ) -> Message {
        let id = self.eras.own_id();
        let body = request(&id, method, params);
        let mut message = Message::new(body.clone(), Kind::Request, method);
        message.repeatable = true;
        message.stateless = Some(version.clone());
        if let Ok(seen) = peek(&body) {
            message.headers = derived_headers(&seen, method, &self.tools);
        }
        message.ids.push(id);
        message
    }

    /// A request of the bridge's own, in the session.
    pub(crate) fn session_request(&self, method: &str, params: &str) -> Message {
        let id = self.eras.own_id();
        let mut message = Message::new(request(&id, method, params), Kind::Request, method);
        message.repeatable = true;
        message.manner = Manner::Plain;
        message.ids.push(id);
        message
    }

    /// Answers a request of the client, which must still be under way.
    pub(crate) async fn answer_client(&self, id: &Id, outcome: &str) {
        if let Some(entry) = self.pending.take(id) {
            let id = entry.answers(id).as_json();
            let line = format!(r#"{{"jsonrpc":"2.0","id":{id},{outcome}}}"#);
            self.output.send(line.into()).await;
            drop(entry);
        }
    }
}

/// Nothing stays under way that nobody waits for.
struct TakenOut<'a> {
    link: &'a Link,
    id: Id,
}

impl Drop for TakenOut<'_> {
    fn drop(&mut self) {
        self.link.pending.take(&self.id);
    }
}
