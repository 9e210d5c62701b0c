//! Everything that can go wrong on the way to a server, each as one plain sentence for a person and one code for a program.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Deserialize;

use crate::source::SourceError;

/// Longest text of a server that is shown, in characters.
const SHOWN_CHARS: usize = 200;

/// Why a request has no answer of its own. `Display` is the sentence that the client shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(
        "{host} cannot be reached ({detail}). Check that it runs and that this computer is online, then try again."
    )]
    Unreachable {
        host: String,
        detail: String,
        /// Nothing was sent, and asking again where the server listens may help.
        relocatable: bool,
    },
    #[error(
        "{host} could not prove who it is, so nothing was sent ({detail}). Check this computer's clock and network, or ask whoever runs the server."
    )]
    Tls { host: String, detail: String },
    #[error("{host} did not begin to answer within {} s. Try again; if it stays silent, ask whoever runs the server.", .limit.as_secs())]
    TimedOut { host: String, limit: Duration },
    #[error(
        "The connection to {host} broke before the answer came, so it is not known whether the call took effect. Check before you repeat it."
    )]
    Broken { host: String },
    #[error("This key was revoked or has expired. Open Keystow to rotate it.")]
    Unauthorised,
    #[error("This key is paused. Resume it in Keystow.")]
    KeyPaused,
    #[error("{host} does not allow this with this key{}. Open Keystow to change the key's scopes or use another key.", forbidden(.scope.as_deref(), .detail.as_deref()))]
    Forbidden {
        host: String,
        scope: Option<String>,
        detail: Option<String>,
    },
    #[error("{host} has no MCP server at this address (404). Correct the address in Keystow.")]
    NotFound { host: String },
    #[error(
        "{host} ended the session and started no new one ({detail}). Restart the server in your client."
    )]
    SessionLost { host: String, detail: String },
    #[error("{host} takes no more calls {}. Try again then.", .wait.map_or_else(|| "right now; wait a minute".to_owned(), |wait| format!("for {} s", wait.as_secs().max(1))))]
    RateLimited {
        host: String,
        wait: Option<Duration>,
    },
    #[error(
        "{host} sends its callers on to {target}, and Keystow takes a key nowhere but where it belongs. If that is right, correct the address in Keystow."
    )]
    Redirected { host: String, target: String },
    #[error("{host} refused the message ({status}){}.", .detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default())]
    Refused {
        host: String,
        status: u16,
        detail: Option<String>,
    },
    #[error(
        "{host} failed ({status}). Try again later; if it goes on, ask whoever runs the server."
    )]
    Server { host: String, status: u16 },
    #[error(
        "{host} answered with a web page instead of an MCP message. The network may want you to sign in (open a browser to see), or the address in Keystow is that of a page."
    )]
    WebPage { host: String },
    #[error(
        "{host} answered with something that is not an MCP message. Check the address in Keystow, or ask whoever runs the server."
    )]
    NotMcp { host: String },
    #[error(
        "{host} took the request and gave no answer to it. Try again; if it goes on, ask whoever runs the server."
    )]
    NoAnswer { host: String },
    #[error(
        "The answer of {host} is larger than {limit_bytes} bytes, which is more than is carried. Ask for less at once."
    )]
    TooLarge { host: String, limit_bytes: usize },
    #[error(
        "{host} speaks only versions of MCP that Keystow does not know yet ({versions}). Update Keystow."
    )]
    Versions { host: String, versions: String },
    #[error(
        "{host} asked the client something first ({method}), and the client did not answer it: {detail}."
    )]
    NotAnswered {
        host: String,
        method: String,
        detail: String,
    },
    #[error(
        "Keystow's bridge ended before the answer came, so it is not known whether the call took effect."
    )]
    GivenUp,
}

/// `: it lacks the scope “x”`, or the server's own words.
fn forbidden(scope: Option<&str>, detail: Option<&str>) -> String {
    match (scope, detail) {
        (Some(scope), _) => format!(": it lacks the scope “{scope}”"),
        (None, Some(detail)) => format!(" (“{detail}”)"),
        (None, None) => String::new(),
    }
}

impl Fault {
    /// The code on the wire; never changes.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Source(source) => &source.code,
            Self::Unreachable { .. } => "remote.unreachable",
            Self::Tls { .. } => "remote.tls",
            Self::TimedOut { .. } => "remote.timed_out",
            Self::Broken { .. } => "remote.broken",
            Self::Unauthorised => "remote.unauthorised",
            Self::KeyPaused => "remote.key_paused",
            Self::Forbidden { .. } => "remote.forbidden",
            Self::NotFound { .. } => "remote.not_found",
            Self::SessionLost { .. } => "remote.session_lost",
            Self::RateLimited { .. } => "remote.rate_limited",
            Self::Redirected { .. } => "remote.redirected",
            Self::Refused { .. } => "remote.refused",
            Self::Server { .. } => "remote.server",
            Self::WebPage { .. } | Self::NotMcp { .. } | Self::NoAnswer { .. } => {
                "remote.unexpected"
            }
            Self::TooLarge { .. } => "remote.too_large",
            Self::Versions { .. } => "remote.versions",
            Self::NotAnswered { .. } => "bridge.not_answered",
            Self::GivenUp => "bridge.ended",
        }
    }

    /// What went wrong before the head of an answer came. `connect_limit` is the time a connection may take.
    pub(crate) fn of_transport(
        error: &reqwest::Error,
        host: &str,
        connect_limit: Duration,
    ) -> Self {
        let host = host.to_owned();
        let mut detail = String::new();
        let mut refused = false;
        let mut tls = false;
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(kind) = inner.downcast_ref::<io::Error>().map(innermost_kind) {
                refused |= matches!(
                    kind,
                    io::ErrorKind::ConnectionRefused | io::ErrorKind::AddrNotAvailable
                );
                // What the TLS library objects to while a connection comes up arrives as this kind.
                tls |= error.is_connect() && kind == io::ErrorKind::InvalidData;
            }
            detail = inner.to_string();
            cause = inner.source();
        }
        if tls {
            let detail = shown(&detail);
            return Self::Tls { host, detail };
        }
        if error.is_connect() && error.is_timeout() {
            let detail = format!("no connection within {} s", connect_limit.as_secs());
            return Self::Unreachable {
                host,
                detail,
                relocatable: false,
            };
        }
        if error.is_connect() {
            let detail = if refused {
                "nobody listens there".to_owned()
            } else {
                shown(&detail)
            };
            return Self::Unreachable {
                host,
                detail,
                relocatable: refused,
            };
        }
        Self::Broken { host }
    }

    /// What an answer with an error status means. `body` is its beginning.
    pub(crate) fn of_status(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        host: &str,
    ) -> Self {
        let host = host.to_owned();
        let problem = Problem::read(body);
        match status.as_u16() {
            401 => Self::Unauthorised,
            403 if problem.code.as_deref() == Some("key_paused") => Self::KeyPaused,
            403 => Self::Forbidden {
                host,
                scope: challenged_scope(headers).or_else(|| problem.scope()),
                detail: problem.sentence(),
            },
            404 => Self::NotFound { host },
            429 => Self::RateLimited {
                host,
                wait: wait(headers),
            },
            511 => Self::WebPage { host },
            300..=399 => Self::Redirected {
                host,
                target: target(headers),
            },
            500.. => Self::Server {
                host,
                status: status.as_u16(),
            },
            _ => Self::Refused {
                host,
                status: status.as_u16(),
                detail: problem.sentence(),
            },
        }
    }

    /// The JSON-RPC error, as one line, that answers the request with this id (in JSON's spelling).
    pub(crate) fn answer(&self, id: &str) -> Bytes {
        error_line(id, -32000, &self.to_string(), self.code())
    }
}

/// A JSON-RPC error as one line. `id` is in JSON's spelling.
pub(crate) fn error_line(id: &str, number: i32, message: &str, code: &str) -> Bytes {
    let error = serde_json::json!({
        "code": number,
        "message": message,
        "data": { "code": code },
    });
    Bytes::from(format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#))
}

/// Members of RFC 9457 problems and of the error bodies seen in the wild.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: Option<String>,
    title: Option<String>,
    detail: Option<String>,
    message: Option<String>,
    error_description: Option<String>,
    scope: Option<String>,
    required_scope: Option<String>,
    missing_scope: Option<String>,
}

impl Problem {
    fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    fn scope(&self) -> Option<String> {
        [&self.missing_scope, &self.required_scope, &self.scope]
            .into_iter()
            .flatten()
            .next()
            .map(|scope| shown(scope))
    }

    fn sentence(&self) -> Option<String> {
        [
            &self.detail,
            &self.error_description,
            &self.message,
            &self.title,
        ]
        .into_iter()
        .flatten()
        .next()
        .map(|text| shown(text.trim_end_matches('.')))
    }
}

/// A server's text as it may stand in a sentence: one line, no control characters, not long.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SHOWN_CHARS)
        .collect();
    if text.chars().count() > SHOWN_CHARS {
        shown.push('…');
    }
    shown
}

/// The kind of an error that was wrapped, perhaps more than once.
fn innermost_kind(error: &io::Error) -> io::ErrorKind {
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<io::Error>())
    {
        Some(inner) => innermost_kind(inner),
        None => error.kind(),
    }
}

/// The scope that a challenge names (RFC 6750, section 3).
fn challenged_scope(headers: &HeaderMap) -> Option<String> {
    let challenge = headers.get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let at = challenge.to_ascii_lowercase().find("scope=")?;
    let value = challenge.get(at + "scope=".len()..)?;
    let scope = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split([',', ' ']).next()?,
    };
    (!scope.is_empty()).then(|| shown(scope))
}

/// How long the server asks to wait: `Retry-After` in seconds or as a date, or better-auth's `X-Retry-After`.
pub(crate) fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers
        .get(RETRY_AFTER)
        .or_else(|| headers.get("x-retry-after"))?
        .to_str()
        .ok()?
        .trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(
        until
            .duration_since(std::time::SystemTime::now())
            .unwrap_or_default(),
    )
}

/// The host that a redirect points to; nothing else of the address, which may carry secrets.
fn target(headers: &HeaderMap) -> String {
    headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| url::Url::parse(location).ok())
        .map_or_else(|| "another address".to_owned(), |url| host_of(&url))
}

/// Host and, where it is given, port.
pub(crate) fn host_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::{Fault, wait};

    fn of(status: u16, headers: &HeaderMap, body: &str) -> String {
        let status = StatusCode::from_u16(status).unwrap();
        Fault::of_status(status, headers, body.as_bytes(), "h.example").to_string()
    }

    #[test]
    fn forbidden_names_the_scope_from_the_challenge_or_the_problem() {
        let mut headers = HeaderMap::new();
        assert!(of(403, &headers, r#"{"required_scope":"mcp:write"}"#).contains("“mcp:write”"));
        assert!(
            of(403, &headers, r#"{"detail":"Not in this\nworkspace."}"#)
                .contains("“Not in this workspace”")
        );
        assert_eq!(
            of(403, &headers, r#"{"code":"key_paused"}"#),
            "This key is paused. Resume it in Keystow."
        );
        headers.insert(
            "www-authenticate",
            HeaderValue::from_static(r#"Bearer error="insufficient_scope", scope="a b""#),
        );
        assert!(of(403, &headers, "nonsense").contains("“a b”"));
    }

    #[test]
    fn waits_are_read_as_seconds_and_as_dates() {
        let mut headers = HeaderMap::new();
        assert_eq!(wait(&headers), None);
        headers.insert("x-retry-after", HeaderValue::from_static("7"));
        assert_eq!(wait(&headers), Some(Duration::from_secs(7)));
        headers.insert("retry-after", HeaderValue::from_static("soon"));
        assert_eq!(wait(&headers), None);
        headers.insert(
            "retry-after",
            HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"),
        );
        assert_eq!(wait(&headers), Some(Duration::ZERO));
    }

    #[test]
    fn a_redirect_names_the_host_and_nothing_else() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "location",
            HeaderValue::from_static("https://login.example/in?token=hunter2"),
        );
        let sentence = of(302, &headers, "");
        assert!(sentence.contains("login.example"), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}
