use keystow_core::key::UnixMs;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::fields::members;
use super::times::{http_date_ms, rfc3339_ms};

/// No server makes us wait longer than an hour by itself.
pub(crate) const LONGEST_WAIT_MS: u64 = 3_600_000;

/// Numbers above this are moments, not spans: 2001-09-09 in Unix seconds.
const EARLIEST_MOMENT_S: f64 = 1e9;

/// How long a server asks to wait, in milliseconds from `now_ms`, at most [`LONGEST_WAIT_MS`]; `None` when it does not say.
///
/// Products spell it in seven ways; the first that can be read wins: `Retry-After` (seconds or a date), `X-Retry-After`,
/// `retryAfterSeconds` and `details.tryAgainIn` (milliseconds) in the body, `RateLimit: "default";r=0;t=30`, and
/// `X-RateLimit-Reset` (Unix seconds, seconds from now, or ISO 8601).
pub(crate) fn retry_after_ms(
    headers: &HeaderMap,
    body: Option<&Value>,
    now_ms: UnixMs,
) -> Option<u64> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let wait = |name: &str| header(name).and_then(|text| span_or_moment(text, now_ms));
    wait("retry-after")
        .or_else(|| wait("x-retry-after"))
        .or_else(|| body.and_then(in_body))
        .or_else(|| header("ratelimit").and_then(structured))
        .or_else(|| wait("x-ratelimit-reset"))
        .map(clamp)
}

/// Milliseconds of a number of seconds, or until a moment.
pub(super) fn span_or_moment(text: &str, now_ms: UnixMs) -> Option<f64> {
    let text = text.trim();
    let until = |moment: UnixMs| moment.saturating_sub(now_ms) as f64;
    match text.parse::<f64>() {
        Ok(number) if !number.is_finite() => None,
        Ok(number) if number >= EARLIEST_MOMENT_S => Some(number * 1000.0 - now_ms as f64),
        Ok(number) => Some(number * 1000.0),
        Err(_) => http_date_ms(text).or_else(|| rfc3339_ms(text)).map(until),
    }
}

fn in_body(body: &Value) -> Option<f64> {
    let seconds = |value: &Value| {
        value
            .get("retryAfterSeconds")
            .and_then(Value::as_f64)
            .map(|s| s * 1000.0)
    };
    let milliseconds = |value: &Value| {
        value
            .get("details")
            .and_then(|details| details.get("tryAgainIn"))
            .and_then(Value::as_f64)
    };
    [Some(body), body.get("error")]
        .into_iter()
        .flatten()
        .find_map(|value| seconds(value).or_else(|| milliseconds(value)))
}

/// `t` of the first member of a `RateLimit` field: seconds from now.
fn structured(text: &str) -> Option<f64> {
    members(text)
        .first()?
        .number("t")
        .map(|seconds| seconds as f64 * 1000.0)
}

fn clamp(ms: f64) -> u64 {
    // A float cast saturates, so negative spans are 0.
    (ms.ceil() as u64).min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};
    use serde_json::json;

    const NOW: UnixMs = 784_111_777_000;

    fn with(name: &'static str, value: &str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        retry_after_ms(&headers, None, NOW)
    }

    #[test]
    fn reads_every_spelling() {
        assert_eq!(with("retry-after", "30"), Some(30_000));
        assert_eq!(
            with("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"),
            Some(10_000)
        );
        assert_eq!(with("x-retry-after", "7"), Some(7_000));
        assert_eq!(with("x-ratelimit-reset", "12"), Some(12_000));
        assert_eq!(
            with("x-ratelimit-reset", "1994-11-06T08:49:40Z"),
            Some(3_000)
        );
        assert_eq!(with("ratelimit", "\"default\";r=0;t=45"), Some(45_000));
        let headers = HeaderMap::new();
        let say = |body: Value| retry_after_ms(&headers, Some(&body), NOW);
        assert_eq!(say(json!({"retryAfterSeconds": 2.5})), Some(2_500));
        assert_eq!(say(json!({"details": {"tryAgainIn": 1234}})), Some(1_234));
        assert_eq!(
            say(json!({"error": {"details": {"tryAgainIn": 9}}})),
            Some(9)
        );
        assert_eq!(say(json!({"details": "soon"})), None);
    }

    #[test]
    fn reads_unix_seconds() {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-reset", HeaderValue::from_static("1800000005"));
        assert_eq!(
            retry_after_ms(&headers, None, 1_800_000_000_000),
            Some(5_000)
        );
    }

    #[test]
    fn never_waits_longer_than_an_hour_nor_into_the_past() {
        assert_eq!(with("retry-after", "999999999"), Some(LONGEST_WAIT_MS));
        assert_eq!(with("retry-after", "-5"), Some(0));
        assert_eq!(
            with("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"),
            Some(0)
        );
        assert_eq!(with("retry-after", "NaN"), None);
        assert_eq!(with("retry-after", "inf"), None);
    }

    #[test]
    fn a_spelling_that_cannot_be_read_gives_way_to_the_next() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static("soon"));
        headers.insert("x-retry-after", HeaderValue::from_static("3"));
        assert_eq!(retry_after_ms(&headers, None, NOW), Some(3_000));
    }

    proptest! {
        #[test]
        fn takes_any_header_and_body(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
            text in "\\PC{0,40}",
            number in any::<f64>(),
            now in any::<i64>(),
        ) {
            let names = ["retry-after", "x-retry-after", "ratelimit", "x-ratelimit-reset"];
            for name in names {
                for value in [HeaderValue::from_bytes(&bytes), HeaderValue::from_str(&text), HeaderValue::from_str(&number.to_string())]
                    .into_iter()
                    .flatten()
                {
                    let mut headers = HeaderMap::new();
                    headers.insert(name, value);
                    let body = json!({"retryAfterSeconds": text, "details": {"tryAgainIn": number}});
                    let wait = retry_after_ms(&headers, Some(&body), now);
                    prop_assert!(wait.is_none_or(|ms| ms <= LONGEST_WAIT_MS));
                }
            }
        }
    }
}
