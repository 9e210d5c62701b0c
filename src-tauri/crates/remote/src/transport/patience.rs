use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use crate::clock::now_ms;
use crate::parse::{Problem, http_date_ms};

/// The longest that a request waits by itself; what takes longer is for the person to decide.
const LONGEST_MS: u64 = 5_000;

/// How long to wait before a request is made once more: only one that reads, and only where the server says when. A write is
/// never made twice.
pub(super) fn wait(
    method: &Method,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Duration> {
    if *method != Method::GET || status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let now = headers
        .get(reqwest::header::DATE)
        .and_then(|date| http_date_ms(date.to_str().ok()?))
        .unwrap_or_else(now_ms);
    Problem::read(headers, body, now)
        .retry_after_ms
        .filter(|ms| *ms <= LONGEST_MS)
        .map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderValue, RETRY_AFTER};

    #[test]
    fn waits_a_little_and_only_to_read() {
        let wait = |method: Method, status: u16, after: &'static str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(after))]);
            let status = StatusCode::from_u16(status).expect("a status");
            super::wait(&method, status, &headers, b"").map(|wait| wait.as_secs())
        };
        assert_eq!(wait(Method::GET, 429, "5"), Some(5));
        assert_eq!(wait(Method::GET, 429, "0"), Some(0));
        assert_eq!(wait(Method::GET, 429, "6"), None);
        assert_eq!(wait(Method::GET, 429, "soon"), None);
        assert_eq!(wait(Method::GET, 503, "1"), None);
        for write in [Method::POST, Method::PATCH, Method::PUT, Method::DELETE] {
            assert_eq!(wait(write, 429, "1"), None);
        }
    }
}
