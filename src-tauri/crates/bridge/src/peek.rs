//! A look at a JSON-RPC message without taking it apart: one pass over the bytes, nothing is copied but escaped strings.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

/// What relaying needs to know of a message; all of it still lies in the message's own bytes.
#[derive(Debug, Default)]
pub struct Peek<'a> {
    /// The id; `null` counts as none.
    pub id: Option<&'a RawValue>,
    /// The method of a request or notification.
    pub method: Option<Cow<'a, str>>,
    /// Named parameters, as far as they matter.
    pub params: Params<'a>,
    /// The result of an answer.
    pub result: Option<&'a RawValue>,
    /// The error of an answer.
    pub error: Option<&'a RawValue>,
}

/// Parameters that headers are made from; anything that is not of the expected shape counts as absent.
#[derive(Debug, Default)]
pub struct Params<'a> {
    /// `name` of a tool or prompt.
    pub name: Option<&'a RawValue>,
    /// `uri` of a resource.
    pub uri: Option<&'a RawValue>,
    /// `taskId`.
    pub task_id: Option<&'a RawValue>,
    /// `requestId` of a cancellation.
    pub request_id: Option<&'a RawValue>,
    /// `arguments` of a tool call.
    pub arguments: Option<&'a RawValue>,
    /// `_meta`.
    pub meta: Option<&'a RawValue>,
}

impl Peek<'_> {
    /// Whether this answers a request.
    pub fn is_answer(&self) -> bool {
        self.method.is_none() && (self.result.is_some() || self.error.is_some())
    }
}

impl Params<'_> {
    /// The protocol version that a request of the stateless era carries with it.
    pub fn stateless_version(&self) -> Option<Cow<'_, str>> {
        #[derive(Deserialize)]
        struct Meta<'a> {
            #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
            version: Option<&'a RawValue>,
        }
        let meta = self.meta?.get();
        if !meta.starts_with('{') {
            return None;
        }
        text(serde_json::from_str::<Meta>(meta).ok()?.version?)
    }
}

/// Looks at one message.
///
/// # Errors
/// When the bytes are not one JSON object.
pub fn peek(message: &[u8]) -> Result<Peek<'_>, serde_json::Error> {
    serde_json::from_slice(message)
}

/// Looks at each message of a batch (an array, as revision 2025-03-26 allowed).
pub(crate) fn peek_batch(batch: &[u8]) -> Result<Vec<Peek<'_>>, serde_json::Error> {
    serde_json::from_slice(batch)
}

/// Whether the bytes are a batch rather than one message.
pub(crate) fn is_batch(message: &[u8]) -> bool {
    message.trim_ascii_start().first() == Some(&b'[')
}

/// A JSON string's content, borrowed where it has no escapes; `None` when it is something else.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(raw.get()).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    Id,
    Method,
    Params,
    Result,
    Error,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Peek<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Message;
        impl<'de> Visitor<'de> for Message {
            type Value = Peek<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON-RPC message")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Peek<'de>, M::Error> {
                let mut peek = Peek::default();
                while let Some(member) = map.next_key()? {
                    match member {
                        Member::Id => {
                            peek.id = Some(map.next_value::<&RawValue>()?)
                                .filter(|id| id.get() != "null");
                        }
                        Member::Method => peek.method = text(map.next_value()?),
                        Member::Params => peek.params = map.next_value()?,
                        Member::Result => peek.result = Some(map.next_value()?),
                        Member::Error => peek.error = Some(map.next_value()?),
                        Member::Other => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(peek)
            }
        }
        deserializer.deserialize_map(Message)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Param {
    Name,
    Uri,
    TaskId,
    RequestId,
    Arguments,
    #[serde(rename = "_meta")]
    Meta,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Params<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Anything;
        impl<'de> Visitor<'de> for Anything {
            type Value = Params<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("parameters")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Params<'de>, M::Error> {
                let mut params = Params::default();
                while let Some(param) = map.next_key()? {
                    let value: &RawValue = map.next_value()?;
                    match param {
                        Param::Name => params.name = Some(value),
                        Param::Uri => params.uri = Some(value),
                        Param::TaskId => params.task_id = Some(value),
                        Param::RequestId => params.request_id = Some(value),
                        Param::Arguments => params.arguments = Some(value),
                        Param::Meta => params.meta = Some(value),
                        Param::Other => {}
                    }
                }
                Ok(params)
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Params<'de>, S::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Params::default())
            }

            fn visit_bool<E: de::Error>(self, _: bool) -> Result<Params<'de>, E> {
                Ok(Params::default())
            }
            fn visit_i64<E: de::Error>(self, _: i64) -> Result<Params<'de>, E> {
                Ok(Params::default())
            }
            fn visit_u64<E: de::Error>(self, _: u64) -> Result<Params<'de>, E> {
                Ok(Params::default())
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<Params<'de>, E> {
                Ok(Params::default())
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<Params<'de>, E> {
                Ok(Params::default())
            }
            fn visit_unit<E: de::Error>(self) -> Result<Params<'de>, E> {
                Ok(Params::default())
            }
        }
        deserializer.deserialize_any(Anything)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{is_batch, peek, peek_batch, text};

    #[test]
    fn sees_id_method_and_parameters_in_their_own_spelling() {
        let seen = peek(
            br#" {"jsonrpc":"2.0", "x":[1,{"id":9}], "id": 12345678901234567890,
                "method":"tools\/call","params":{"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}} "#,
        )
        .unwrap();
        assert_eq!(seen.id.unwrap().get(), "12345678901234567890");
        assert_eq!(seen.method.as_deref(), Some("tools/call"));
        assert_eq!(text(seen.params.name.unwrap()).unwrap(), "a");
        assert_eq!(seen.params.stateless_version().unwrap(), "2026-07-28");
    }

    #[test]
    fn null_id_is_none_and_odd_parameters_are_absent() {
        for params in ["[1,2]", "null", "7", "-7", "1.5", "\"x\"", "true"] {
            let message = format!(r#"{{"id":null,"method":"m","params":{params}}}"#);
            let seen = peek(message.as_bytes()).unwrap();
            assert!(seen.id.is_none());
            assert!(seen.params.name.is_none());
        }
    }

    #[test]
    fn tells_answers_from_requests() {
        assert!(peek(br#"{"id":1,"result":null}"#).unwrap().is_answer());
        assert!(peek(br#"{"id":1,"error":{}}"#).unwrap().is_answer());
        assert!(!peek(br#"{"id":1,"method":"ping"}"#).unwrap().is_answer());
        assert!(!peek(br"{}").unwrap().is_answer());
    }

    #[test]
    fn batches_are_seen_message_by_message() {
        let batch = br#" [{"id":1,"method":"a"},{"method":"b"}]"#;
        assert!(is_batch(batch));
        assert_eq!(peek_batch(batch).unwrap().len(), 2);
        assert!(peek(batch).is_err());
    }

    #[test]
    fn refuses_what_is_not_one_object() {
        for bad in ["", "{", "1", "{} {}", "nonsense", "{\"id\":}"] {
            assert!(peek(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
