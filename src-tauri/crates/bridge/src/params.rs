//! `Mcp-Param-*`: arguments that a tool's schema wants to see as headers (`x-mcp-header`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use memchr::memmem;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use tracing::warn;

use crate::headers::{PARAM_PREFIX, encode};
use crate::peek::text;
use crate::splice::with_part;

/// The keyword that asks for it.
const ANNOTATION: &str = "x-mcp-header";

/// An argument that travels in a header as well.
#[derive(Debug, PartialEq, Eq)]
struct Annotation {
    /// Property names from the root of the arguments.
    path: Vec<String>,
    header: HeaderName,
}

/// What the tool lists seen so far ask for, by tool.
#[derive(Debug, Default)]
pub(crate) struct ParamHeaders(Mutex<HashMap<String, Vec<Annotation>>>);

impl ParamHeaders {
    /// Remembers the annotations in an answer to `tools/list`; cheap when there are none. A tool whose annotations break the
    /// rules cannot be called, so the client is not to see it: then the answer without those tools is returned.
    pub(crate) fn learn(&self, answer: &[u8]) -> Option<Bytes> {
        #[derive(Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            result: List<'a>,
        }
        #[derive(Deserialize)]
        struct List<'a> {
            #[serde(borrow)]
            tools: &'a RawValue,
        }
        #[derive(Deserialize)]
        struct Tool {
            name: String,
            #[serde(rename = "inputSchema", default)]
            schema: Value,
        }
        memmem::find(answer, b"x-mcp-header")?;
        let list = serde_json::from_slice::<Answer>(answer).ok()?.result.tools;
        let tools: Vec<&RawValue> = serde_json::from_str(list.get()).ok()?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut good = Vec::with_capacity(tools.len());
        for raw in &tools {
            let Ok(tool) = serde_json::from_str::<Tool>(raw.get()) else {
                good.push(raw.get());
                continue;
            };
            match annotations(&tool.schema) {
                Some(found) => {
                    good.push(raw.get());
                    if found.is_empty() {
                        known.remove(&tool.name);
                    } else {
                        known.insert(tool.name, found);
                    }
                }
                None => {
                    warn!("a tool with an impossible x-mcp-header is left out");
                    known.remove(&tool.name);
                }
            }
        }
        (good.len() < tools.len())
            .then(|| with_part(answer, list, &format!("[{}]", good.join(","))))
    }

    /// The headers for a call of `tool`.
    pub(crate) fn of_call(
        &self,
        tool: &str,
        arguments: &RawValue,
    ) -> Vec<(HeaderName, HeaderValue)> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(annotations) = known.get(tool) else {
            return Vec::new();
        };
        annotations
            .iter()
            .filter_map(|annotation| {
                let value = at(arguments, &annotation.path)?;
                Some((annotation.header.clone(), encode(&primitive(value)?)))
            })
            .collect()
    }
}

/// The annotations of a schema; `None` when one breaks the rules.
///
/// Source: MCP specification 2026-07-28, basic/transports/streamable-http (custom headers from tool parameters), checked
/// 2026-11-21.
fn annotations(schema: &Value) -> Option<Vec<Annotation>> {
    let mut found = Vec::new();
    let sound = !annotated(schema) && collect(schema, &mut Vec::new(), &mut found);
    let mut names: Vec<_> = found.iter().map(|found| &found.header).collect();
    names.sort_by_key(|name| name.as_str());
    names.dedup();
    (sound && names.len() == found.len()).then_some(found)
}

fn annotated(schema: &Value) -> bool {
    schema.get(ANNOTATION).is_some()
}

/// Annotations on properties that are reached through `properties` alone; `false` when one is wrong, or stands anywhere else.
fn collect(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Annotation>) -> bool {
    let Some(members) = schema.as_object() else {
        return true;
    };
    for (keyword, value) in members {
        let sound = match keyword.as_str() {
            "properties" => properties(value, path, found),
            // Values, in which a name means nothing.
            "const" | "default" | "enum" | "examples" => true,
            _ => !anywhere(value),
        };
        if !sound {
            return false;
        }
    }
    true
}

fn properties(value: &Value, path: &mut Vec<String>, found: &mut Vec<Annotation>) -> bool {
    let Some(properties) = value.as_object() else {
        return true;
    };
    for (name, property) in properties {
        path.push(name.clone());
        if let Some(header) = property.get(ANNOTATION) {
            let name = header
                .as_str()
                .filter(|header| !header.is_empty())
                .and_then(|header| {
                    HeaderName::from_bytes(format!("{PARAM_PREFIX}{header}").as_bytes()).ok()
                });
            match name {
                Some(header) if is_primitive(property) => found.push(Annotation {
                    path: path.clone(),
                    header,
                }),
                _ => return false,
            }
        }
        if !collect(property, path, found) {
            return false;
        }
        path.pop();
    }
    true
}

/// Whether values of this property can stand in a header.
fn is_primitive(property: &Value) -> bool {
    matches!(
        property.get("type").and_then(Value::as_str),
        Some("string" | "integer" | "boolean")
    )
}

/// Whether an annotation stands on a schema somewhere in `value`, where it must not.
fn anywhere(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.contains_key(ANNOTATION) || members.values().any(anywhere)
        }
        Value::Array(items) => items.iter().any(anywhere),
        _ => false,
    }
}

/// The value at `path`, in its own spelling.
fn at<'a>(value: &'a RawValue, path: &[String]) -> Option<&'a RawValue> {
    let Some((first, rest)) = path.split_first() else {
        return Some(value);
    };
    let object: HashMap<String, &'a RawValue> = serde_json::from_str(value.get()).ok()?;
    at(object.get(first)?, rest)
}

/// Strings without quotes, numbers and booleans as written; nothing else travels in a header.
fn primitive(value: &RawValue) -> Option<Cow<'_, str>> {
    match value.get().bytes().next()? {
        b'"' => text(value),
        b't' | b'f' | b'-' | b'0'..=b'9' => Some(Cow::Borrowed(value.get())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::value::RawValue;

    use super::ParamHeaders;

    #[test]
    fn arguments_become_headers_where_the_schema_says_so() {
        let headers = ParamHeaders::default();
        let changed = headers.learn(
            br#"{"id":1,"result":{"tools":[{"name":"query","inputSchema":{"properties":{
                "region":{"type":"string","x-mcp-header":"Region"},
                "limit":{"type":"integer","x-mcp-header":"Limit"},
                "deep":{"properties":{"flag":{"type":"boolean","x-mcp-header":"Flag"}}},
                "missing":{"type":"string","x-mcp-header":"Missing"},
                "plain":{"type":"string"}}}}]}}"#,
        );
        assert_eq!(changed, None);
        let arguments = RawValue::from_string(
            r#"{"region":"Z\u00fcrich","limit":12345678901234567890,"deep":{"flag":true},"plain":"y","missing":null}"#
                .to_owned(),
        )
        .unwrap();
        let mut sent: Vec<_> = headers
            .of_call("query", &arguments)
            .into_iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        sent.sort();
        assert_eq!(
            sent,
            [
                "mcp-param-flag: true",
                "mcp-param-limit: 12345678901234567890",
                "mcp-param-region: =?base64?WsO8cmljaA==?=",
            ]
        );
        assert!(headers.of_call("other", &arguments).is_empty());
    }
    #[test]
    fn a_tool_with_an_impossible_annotation_is_left_out_of_the_list() {
        for bad in [
            r#"{"a":{"type":"string","x-mcp-header":""}}"#,
            r#"{"a":{"type":"string","x-mcp-header":"not a token"}}"#,
            r#"{"a":{"type":"number","x-mcp-header":"A"}}"#,
            r#"{"a":{"x-mcp-header":"A"}}"#,
            r#"{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}"#,
            r#"{"a":{"items":{"type":"string","x-mcp-header":"A"}}}"#,
        ] {
            let good = r#"{ "name":"good","inputSchema":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}},"n":1.0}"#;
            let answer = format!(
                r#"{{"id":1,"result":{{"tools":[{{"name":"bad","inputSchema":{{"properties":{bad}}}}},{good}],"x":1e2}}}}"#
            );
            let left = ParamHeaders::default().learn(answer.as_bytes()).unwrap();
            assert_eq!(
                left,
                format!(r#"{{"id":1,"result":{{"tools":[{good}],"x":1e2}}}}"#)
            );
        }
    }
}
