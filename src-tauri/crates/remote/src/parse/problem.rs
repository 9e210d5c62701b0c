use keystow_core::key::UnixMs;
use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use super::challenge::Challenge;
use super::retry_after::retry_after_ms;
use crate::text::{SENTENCE, plain};

/// What an error answer says, whichever of the usual shapes it has: RFC 9457 problem details (CreatorAudit, the local workspace),
/// `{message, code}` (better-auth), `{error, message, requestId}` (Atlas), `{success, error: {code, message}, request_id}` (Aidelly),
/// `{error_type, …}` (Adlyse) or OAuth's `{error, error_description}`.
/// Source: the products' pages on errors, checked 2026-11-21.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The server's own code, such as `invalid_credentials`.
    pub code: Option<String>,
    /// The server's sentence, on one line, at most 300 characters.
    pub sentence: Option<String>,
    /// The server's id for the request.
    pub request_id: Option<String>,
    /// How long to wait, in milliseconds, where it says.
    pub retry_after_ms: Option<u64>,
    /// The address it sends us to, where it is the wrong one to ask (Atlas: `correctApiUrl`).
    pub elsewhere: Option<String>,
    /// The page to set a second factor up on, where one is missing (Atlas: `enrollmentUrl`).
    pub second_factor: Option<String>,
}

/// What Atlas says where an account needs a second factor first.
/// Source: github.com/AtlasDevHQ/atlas at e84e80b, checked 2026-11-20.
const SECOND_FACTOR: &str = "mfa_enrollment_required";

const SCOPE: &str = "insufficient_scope";

impl Problem {
    /// Reads an answer's headers and body; what cannot be read is left out.
    pub fn read(headers: &HeaderMap, body: &[u8], now_ms: UnixMs) -> Self {
        let body: Option<Value> = serde_json::from_slice(body).ok();
        let at = |path: &[&str]| {
            let mut value = body.as_ref()?;
            for name in path {
                value = value.get(name)?;
            }
            value
                .as_str()
                .map(|text| plain(text, SENTENCE))
                .filter(|text| !text.is_empty())
        };
        let first = |paths: &[&[&str]]| paths.iter().find_map(|path| at(path));
        let code = first(&[
            &["code"],
            &["error", "code"],
            &["error_type"],
            &["error", "error_type"],
            &["error"],
        ]);
        let sentence = first(&[
            &["detail"],
            &["error", "message"],
            &["message"],
            &["error_description"],
            &["title"],
            &["error"],
        ]);
        let challenge = Challenge::bearer(headers)
            .filter(|challenge| challenge.error.as_deref() == Some(SCOPE));
        let is = |wanted: &str| {
            code.as_deref()
                .is_some_and(|code| code.eq_ignore_ascii_case(wanted))
        };
        let scope = challenge
            .as_ref()
            .and_then(|challenge| challenge.scope.as_deref())
            .map(|scope| plain(scope, SENTENCE))
            .or_else(|| first(&[&["scope"], &["required_scope"]]).filter(|_| is(SCOPE)));
        let fields = body.as_ref().and_then(fields);
        let header_id = headers
            .get("x-request-id")
            .and_then(|value| value.to_str().ok())
            .map(|id| plain(id, 100))
            .filter(|id| !id.is_empty());
        let body_id = || {
            first(&[
                &["request_id"],
                &["requestId"],
                &["error", "request_id"],
                &["error", "requestId"],
            ])
            .map(|id| plain(&id, 100))
        };
        let sentence = joined(sentence, fields);
        Self {
            elsewhere: first(&[&["correctApiUrl"]]).as_deref().and_then(address),
            second_factor: is(SECOND_FACTOR)
                .then(|| first(&[&["enrollmentUrl"]]).unwrap_or_default()),
            sentence: match scope {
                Some(scope) if !sentence.as_deref().unwrap_or_default().contains(&scope) => {
                    joined(sentence, Some(format!("scope: {scope}")))
                }
                _ => sentence,
            },
            code: code.or_else(|| challenge.map(|_| SCOPE.to_owned())),
            request_id: header_id.or_else(body_id),
            retry_after_ms: retry_after_ms(headers, body.as_ref(), now_ms),
        }
    }
}

/// A sentence with more about it in brackets.
fn joined(sentence: Option<String>, more: Option<String>) -> Option<String> {
    match (sentence, more) {
        (Some(sentence), Some(more)) => Some(plain(&format!("{sentence} ({more})"), SENTENCE)),
        (one, other) => one.or(other),
    }
}

/// A web address without anything in it that nobody needs to go there: names, passwords, queries.
fn address(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "https" | "http") {
        return None;
    }
    url.set_query(None);
    url.set_fragment(None);
    url.set_password(None).ok()?;
    url.set_username("").ok()?;
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// `name: too long; scope: unknown` of a list `errors: [{field, message}]`; at most three of them.
fn fields(body: &Value) -> Option<String> {
    let list = body.get("errors")?.as_array()?;
    let said: Vec<String> = list
        .iter()
        .filter_map(|error| {
            let message = error.get("message").or_else(|| error.get("detail"))?;
            let message = plain(message.as_str()?, 100);
            Some(match error.get("field").and_then(Value::as_str) {
                Some(field) => format!("{}: {message}", plain(field, 60)),
                None => message,
            })
        })
        .take(3)
        .collect();
    (!said.is_empty()).then(|| plain(&said.join("; "), SENTENCE))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(body: Value) -> Problem {
        Problem::read(&HeaderMap::new(), body.to_string().as_bytes(), 0)
    }

    fn says(body: Value) -> (Option<String>, Option<String>) {
        let problem = read(body);
        (problem.code, problem.sentence)
    }

    fn pair(code: &str, sentence: &str) -> (Option<String>, Option<String>) {
        (Some(code.to_owned()), Some(sentence.to_owned()))
    }

    #[test]
    fn reads_problem_details() {
        let problem = read(json!({
            "type": "urn:x:error:not-found", "title": "Not found", "status": 404,
            "detail": "There is no such key.", "code": "NOT_FOUND", "request_id": "r-1",
        }));
        assert_eq!(problem.code.as_deref(), Some("NOT_FOUND"));
        assert_eq!(problem.sentence.as_deref(), Some("There is no such key."));
        assert_eq!(problem.request_id.as_deref(), Some("r-1"));
    }

    #[test]
    fn reads_the_other_shapes() {
        assert_eq!(
            says(json!({"message": "No.", "code": "NO"})),
            pair("NO", "No.")
        );
        assert_eq!(
            says(json!({"error": "not_allowed", "message": "No."})),
            pair("not_allowed", "No.")
        );
        assert_eq!(
            says(json!({"success": false, "error": {"code": "NO", "message": "No."}})),
            pair("NO", "No.")
        );
        assert_eq!(
            says(json!({"error": "invalid_grant", "error_description": "Used."})),
            pair("invalid_grant", "Used.")
        );
        assert_eq!(says(json!({"error": "no"})), pair("no", "no"));
        assert_eq!(
            says(json!({"error_type": "auth_error", "error": "Invalid or inactive API key"})),
            pair("auth_error", "Invalid or inactive API key")
        );
    }

    #[test]
    fn names_the_scope_that_is_missing() {
        let body = json!({"error": "insufficient_scope", "message": "Not with this key.", "scope": "keys:write"});
        assert_eq!(
            says(body),
            pair(
                "insufficient_scope",
                "Not with this key. (scope: keys:write)"
            )
        );
        let body = json!({"code": "INSUFFICIENT_SCOPE", "detail": "This key lacks the write scope.", "scope": "write"});
        assert_eq!(
            says(body),
            pair("INSUFFICIENT_SCOPE", "This key lacks the write scope.")
        );
        assert_eq!(
            says(json!({"error": "forbidden", "scope": "all"})),
            pair("forbidden", "forbidden")
        );
        let mut headers = HeaderMap::new();
        let challenge = r#"Bearer error="insufficient_scope", scope="mcp:read mcp:write""#;
        headers.insert("www-authenticate", challenge.parse().unwrap());
        let problem = Problem::read(&headers, b"", 0);
        assert_eq!(problem.code.as_deref(), Some("insufficient_scope"));
        assert_eq!(
            problem.sentence.as_deref(),
            Some("scope: mcp:read mcp:write")
        );
    }

    #[test]
    fn tells_where_to_go_instead_and_where_a_second_factor_is_set_up() {
        let elsewhere = |url: &str| {
            read(json!({"error": "misdirected_request", "correctApiUrl": url})).elsewhere
        };
        assert_eq!(
            elsewhere("https://me:you@api-eu.example.dev/?t=1#x").as_deref(),
            Some("https://api-eu.example.dev")
        );
        assert_eq!(elsewhere("javascript:alert(1)"), None);
        assert_eq!(elsewhere("api-eu"), None);
        let factor = |body: Value| read(body).second_factor;
        assert_eq!(
            factor(json!({"error": "mfa_enrollment_required", "enrollmentUrl": "/admin/account-security"})).as_deref(),
            Some("/admin/account-security")
        );
        assert_eq!(
            factor(json!({"error": "mfa_enrollment_required"})).as_deref(),
            Some("")
        );
        assert_eq!(factor(json!({"error": "no", "enrollmentUrl": "/x"})), None);
    }

    #[test]
    fn names_the_fields_of_a_422() {
        let problem = read(json!({
            "title": "Not valid",
            "errors": [{"field": "name", "message": "is empty"}, {"message": "and more"}, {"field": 3}],
        }));
        assert_eq!(
            problem.sentence.as_deref(),
            Some("Not valid (name: is empty; and more)")
        );
    }

    #[test]
    fn the_header_names_the_request_before_the_body() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-request-id",
            reqwest::header::HeaderValue::from_static("h-1"),
        );
        let problem = Problem::read(&headers, br#"{"requestId":"b-1"}"#, 0);
        assert_eq!(problem.request_id.as_deref(), Some("h-1"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,400}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let name = prop_oneof![
                Just("error"),
                Just("errors"),
                Just("detail"),
                Just("details"),
                Just("message"),
                Just("code"),
                Just("field"),
                Just("requestId"),
                Just("tryAgainIn"),
                Just("retryAfterSeconds")
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((name, inner), 0..6).prop_map(|pairs| Value::Object(
                    pairs
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect()
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), now in any::<i64>()) {
            Problem::read(&HeaderMap::new(), &bytes, now);
        }

        #[test]
        fn takes_any_json_and_stays_short_and_printable(body in any_json(), now in any::<i64>()) {
            let problem = Problem::read(&HeaderMap::new(), body.to_string().as_bytes(), now);
            for text in [problem.code, problem.sentence, problem.request_id].into_iter().flatten() {
                prop_assert!(text.chars().count() <= SENTENCE && !text.chars().any(char::is_control));
            }
        }
    }
}
