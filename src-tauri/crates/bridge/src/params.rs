//! `Mcp-Param-*`: arguments that a tool's schema wants to see as headers (`x-mcp-header`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use memchr::memmem;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::headers::{PARAM_PREFIX, encode};
use crate::peek::text;

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
    /// Remembers the annotations in an answer to `tools/list`; cheap when there are none.
    pub(crate) fn learn(&self, answer: &[u8]) {
        #[derive(Deserialize)]
        struct Answer {
            result: List,
        }
        #[derive(Deserialize)]
        struct List {
            tools: Vec<Tool>,
        }
        #[derive(Deserialize)]
        struct Tool {
            name: String,
            #[serde(rename = "inputSchema", default)]
            schema: Value,
        }
        if memmem::find(answer, b"x-mcp-header").is_none() {
            return;
        }
        let Ok(answer) = serde_json::from_slice::<Answer>(answer) else {
            return;
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for tool in answer.result.tools {
            let mut found = Vec::new();
            collect(&tool.schema, &mut Vec::new(), &mut found);
            if found.is_empty() {
                known.remove(&tool.name);
            } else {
                known.insert(tool.name, found);
            }
        }
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

/// Annotations on properties that are reached through `properties` alone.
fn collect(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Annotation>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, property) in properties {
        path.push(name.clone());
        let header = property
            .get("x-mcp-header")
            .and_then(Value::as_str)
            .filter(|header| !header.is_empty())
            .and_then(|header| {
                HeaderName::from_bytes(format!("{PARAM_PREFIX}{header}").as_bytes()).ok()
            });
        if let Some(header) = header {
            found.push(Annotation {
                path: path.clone(),
                header,
            });
        }
        collect(property, path, found);
        path.pop();
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
        headers.learn(
            br#"{"id":1,"result":{"tools":[{"name":"query","inputSchema":{"properties":{
                "region":{"type":"string","x-mcp-header":"Region"},
                "limit":{"type":"integer","x-mcp-header":"Limit"},
                "deep":{"properties":{"flag":{"type":"boolean","x-mcp-header":"Flag"}}},
                "missing":{"type":"string","x-mcp-header":"Missing"},
                "bad":{"type":"string","x-mcp-header":"not a token"},
                "plain":{"type":"string"}}}}]}}"#,
        );
        let arguments = RawValue::from_string(
            r#"{"region":"Z\u00fcrich","limit":12345678901234567890,"deep":{"flag":true},"bad":"x","plain":"y","missing":null}"#
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
}
