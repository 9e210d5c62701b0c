//! A look at a message, for the activity log: what it asks for and which program asks.

use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, Method};
use serde::Deserialize;

use super::permit;

/// How much of a client's name is kept.
const CLIENT_CHARACTERS: usize = 60;

/// What the log is told about a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Peek {
    /// Such as `tools/call echo`. From a closed set, so that nobody fills the log with names of their own.
    pub(super) endpoint: String,
    /// The program's name for itself, where the message has it.
    pub(super) client: Option<String>,
    /// After this the client knows the tools as they are now.
    pub(super) learns_tools: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    method: String,
    params: Params,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Params {
    name: Option<String>,
    client_info: Option<ClientInfo>,
    #[serde(rename = "_meta")]
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "io.modelcontextprotocol/clientInfo")]
    client_info: Option<ClientInfo>,
}

#[derive(Deserialize)]
struct ClientInfo {
    name: String,
}

/// Methods that are logged by name.
const METHODS: &[&str] = &[
    "initialize",
    "server/discover",
    "ping",
    "tools/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "logging/setLevel",
    "completion/complete",
    "subscriptions/listen",
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/progress",
];

impl Peek {
    pub(super) fn of(method: &Method, body: &[u8]) -> Self {
        let plain = |endpoint: &str| Self {
            endpoint: endpoint.to_owned(),
            client: None,
            learns_tools: false,
        };
        match *method {
            Method::GET => return plain("stream"),
            Method::DELETE => return plain("end of session"),
            _ => {}
        }
        let Ok(message) = serde_json::from_slice::<Message>(body) else {
            return plain("other");
        };
        let Params {
            name,
            client_info,
            meta,
        } = message.params;
        let endpoint = match (message.method.as_str(), name) {
            ("tools/call", Some(tool)) if permit::TOOLS.iter().any(|t| t.tool == tool) => {
                format!("tools/call {tool}")
            }
            ("tools/call", _) => "tools/call (unknown tool)".to_owned(),
            ("", _) => "answer".to_owned(),
            (method, _) if METHODS.contains(&method) => method.to_owned(),
            _ => "other".to_owned(),
        };
        let client = client_info.or_else(|| meta?.client_info);
        Self {
            learns_tools: matches!(endpoint.as_str(), "initialize" | "tools/list"),
            endpoint,
            client: client
                .map(|info| shortened(&info.name))
                .filter(|name| !name.is_empty()),
        }
    }
}

/// The product in the User-Agent header; of `keystow/0.1.0 (cursor)`, whom the bridge speaks for.
pub(super) fn user_agent(headers: &HeaderMap) -> String {
    let sent = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let spoken_for = sent
        .strip_prefix("keystow/")
        .and_then(|rest| rest.split_once(" (")?.1.strip_suffix(')'));
    let product = spoken_for.or_else(|| sent.split(['/', ' ']).next());
    let product = product.map(shortened).unwrap_or_default();
    if product.is_empty() {
        "unknown".to_owned()
    } else {
        product
    }
}

fn shortened(name: &str) -> String {
    name.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(CLIENT_CHARACTERS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peek(body: &str) -> Peek {
        Peek::of(&Method::POST, body.as_bytes())
    }

    #[test]
    fn sees_tool_and_client_in_both_eras() {
        let modern = peek(
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{"io.modelcontextprotocol/clientInfo":{"name":"Cursor","version":"1"}}}}"#,
        );
        assert_eq!(modern.endpoint, "tools/call echo");
        assert_eq!(modern.client.as_deref(), Some("Cursor"));
        let legacy = peek(
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"VS\nCode","version":"1"}}}"#,
        );
        assert_eq!(legacy.client.as_deref(), Some("VSCode"));
        assert!(legacy.learns_tools);
    }

    #[test]
    fn who_says_nothing_of_itself_is_known_by_its_user_agent() {
        for (sent, name) in [
            ("keystow/0.1.0 (cursor)", "cursor"),
            ("keystow/0.1.0", "keystow"),
            ("node-fetch/1.0 (like curl)", "node-fetch"),
            ("", "unknown"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, sent.parse().unwrap());
            assert_eq!(user_agent(&headers), name, "{sent}");
        }
    }

    #[test]
    fn names_of_others_do_not_get_into_the_log() {
        assert_eq!(peek(r#"{"method":"made/up"}"#).endpoint, "other");
        assert_eq!(
            peek(r#"{"method":"tools/call","params":{"name":"rm"}}"#).endpoint,
            "tools/call (unknown tool)"
        );
        assert_eq!(peek(r#"{"id":1,"result":{}}"#).endpoint, "answer");
        assert_eq!(peek("[1,").endpoint, "other");
    }
}
