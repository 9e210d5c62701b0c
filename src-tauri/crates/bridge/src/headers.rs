//! Header names of MCP's streamable HTTP, and how values travel in them.
//!
//! Source: MCP specification 2026-07-28, basic/transports (standard request headers), checked 2026-11-20.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{HeaderName, HeaderValue};

use crate::peek::{Params, text};

pub(crate) const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
pub(crate) const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
pub(crate) const METHOD: HeaderName = HeaderName::from_static("mcp-method");
pub(crate) const NAME: HeaderName = HeaderName::from_static("mcp-name");
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// In front of the names that a tool's schema gives to its parameters.
pub(crate) const PARAM_PREFIX: &str = "mcp-param-";

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(crate) const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
pub(crate) const JSON_OR_EVENTS: HeaderValue =
    HeaderValue::from_static("application/json, text/event-stream");

const ENCODED_PREFIX: &str = "=?base64?";
const ENCODED_SUFFIX: &str = "?=";

/// A value as it travels in a header: plain where it is printable ASCII without blanks at its ends, else `=?base64?…?=`; so is
/// what would be mistaken for an encoded value.
pub(crate) fn encode(value: &str) -> HeaderValue {
    let looks_encoded = value.starts_with(ENCODED_PREFIX) && value.ends_with(ENCODED_SUFFIX);
    let plain = value.bytes().all(|byte| (0x20..=0x7E).contains(&byte))
        && !value.starts_with(' ')
        && !value.ends_with(' ')
        && !looks_encoded;
    let header = if plain {
        HeaderValue::from_str(value)
    } else {
        let encoded = BASE64_STANDARD.encode(value);
        HeaderValue::from_str(&format!("{ENCODED_PREFIX}{encoded}{ENCODED_SUFFIX}"))
    };
    header.expect("printable ASCII is a header value")
}

/// What `Mcp-Name` says for a request: the thing it is about.
pub(crate) fn name(method: &str, params: &Params<'_>) -> Option<HeaderValue> {
    let value = match method {
        "tools/call" | "prompts/get" => params.name,
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => params.uri,
        "tasks/get" | "tasks/update" | "tasks/cancel" => params.task_id,
        _ => None,
    };
    text(value?).map(|name| encode(&name))
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn plain_values_stay_plain() {
        for plain in ["", "echo", "a b", "file:///x?y=z", "=?base64?x"] {
            assert_eq!(encode(plain), plain);
        }
    }

    #[test]
    fn everything_else_is_wrapped() {
        assert_eq!(encode("é"), "=?base64?w6k=?=");
        assert_eq!(encode(" a"), "=?base64?IGE=?=");
        assert_eq!(encode("a\t"), "=?base64?YQk=?=");
        assert_eq!(encode("a\nb"), "=?base64?YQpi?=");
        assert_eq!(encode("=?base64?YQ==?="), "=?base64?PT9iYXNlNjQ/WVE9PT89?=");
    }
}
