use keystow_core::key::{Budget, UnixMs};
use reqwest::header::HeaderMap;

use super::fields::members;
use super::retry_after::span_or_moment;

/// How many requests are left, where the headers tell: `X-RateLimit-Limit`, `-Remaining` and `-Reset` (Unix seconds, seconds
/// from now, or ISO 8601), the same without the `X-`, or the structured `RateLimit` and `RateLimit-Policy`. `None` where no limit
/// is told.
///
/// `now_ms` is the server's time and `here_ms` ours: the moment it is full again comes out by our clock, however wrong one of
/// the two is.
/// Source: draft-ietf-httpapi-ratelimit-headers-10; docs.creatoraudit.com/api-reference/rate-limits;
/// aidelly.ai/docs/api/rate-limits; checked 2026-11-21.
pub(crate) fn budget(headers: &HeaderMap, now_ms: UnixMs, here_ms: UnixMs) -> Option<Budget> {
    let told = structured(headers)
        .or_else(|| three(headers, "x-ratelimit", now_ms))
        .or_else(|| three(headers, "ratelimit", now_ms))?;
    Some(Budget {
        limit: told.limit,
        remaining: told.remaining.map(|left| left.min(told.limit)),
        window_ms: told.window_ms,
        resets_at: told
            .resets_in_ms
            .map(|span| here_ms.saturating_add(span.max(0.0) as UnixMs)),
    })
}

struct Told {
    limit: u64,
    remaining: Option<u64>,
    window_ms: Option<u64>,
    resets_in_ms: Option<f64>,
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Three headers with one meaning each.
fn three(headers: &HeaderMap, prefix: &str, now_ms: UnixMs) -> Option<Told> {
    let number = |what: &str| -> Option<u64> {
        text(headers, &format!("{prefix}-{what}"))?
            .trim()
            .parse()
            .ok()
    };
    Some(Told {
        limit: number("limit")?,
        remaining: number("remaining"),
        window_ms: None,
        resets_in_ms: text(headers, &format!("{prefix}-reset"))
            .and_then(|reset| span_or_moment(reset, now_ms)),
    })
}

/// The structured fields: of several policies, the one with the least left.
fn structured(headers: &HeaderMap) -> Option<Told> {
    let left = members(text(headers, "ratelimit")?);
    let tightest = left
        .iter()
        .filter_map(|member| Some((member.number("r")?, member)))
        .min_by_key(|(left, _)| *left);
    let (remaining, member) = tightest?;
    let policies = members(text(headers, "ratelimit-policy")?);
    let policy = policies.iter().find(|policy| policy.name == member.name)?;
    Some(Told {
        limit: policy.number("q")?,
        remaining: Some(remaining),
        window_ms: policy
            .number("w")
            .map(|seconds| seconds.saturating_mul(1000)),
        resets_in_ms: member.number("t").map(|seconds| seconds as f64 * 1000.0),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    const NOW: UnixMs = 1_771_336_740_000;

    fn read(pairs: &[(&'static str, &str)]) -> Option<Budget> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        budget(&headers, NOW, NOW)
    }

    fn three(reset: &str) -> Option<UnixMs> {
        let budget = read(&[
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", "47"),
            ("x-ratelimit-reset", reset),
        ])
        .unwrap();
        assert_eq!((budget.limit, budget.remaining), (60, Some(47)));
        budget.resets_at
    }

    #[test]
    fn reads_every_spelling_of_the_reset() {
        assert_eq!(three("2026-02-17T14:00:00Z"), Some(NOW + 60_000));
        assert_eq!(three("1771336800"), Some(NOW + 60_000));
        assert_eq!(three("60"), Some(NOW + 60_000));
        assert_eq!(three("1999-01-01T00:00:00Z"), Some(NOW));
        assert_eq!(three("soon"), None);
    }

    #[test]
    fn reads_the_structured_fields_and_takes_the_tightest() {
        let told = read(&[
            (
                "ratelimit-policy",
                r#""burst";q=10;w=1,"day";q=1000;w=86400"#,
            ),
            ("ratelimit", r#""day";r=3;t=3600, "burst";r=9;t=1"#),
        ]);
        assert_eq!(
            told,
            Some(Budget {
                limit: 1000,
                remaining: Some(3),
                window_ms: Some(86_400_000),
                resets_at: Some(NOW + 3_600_000),
            })
        );
    }

    #[test]
    fn without_a_limit_there_is_no_budget() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[("x-ratelimit-remaining", "3")]), None);
        assert_eq!(read(&[("ratelimit", r#""default";r=3"#)]), None);
        assert_eq!(read(&[("x-ratelimit-limit", "many")]), None);
    }

    #[test]
    fn a_server_whose_clock_is_wrong_still_tells_how_long() {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", HeaderValue::from_static("5"));
        headers.insert("x-ratelimit-reset", HeaderValue::from_static("1771336800"));
        let an_hour_off = NOW + 3_600_000;
        let told = budget(&headers, NOW, an_hour_off).unwrap();
        assert_eq!(told.resets_at, Some(an_hour_off + 60_000));
    }

    proptest! {
        #[test]
        fn takes_any_headers(text in "[ -~]{0,40}", number in any::<f64>(), now in any::<i64>()) {
            let mut headers = HeaderMap::new();
            for name in ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
                for value in [text.clone(), number.to_string()] {
                    headers.insert(name, HeaderValue::from_str(&value).unwrap());
                    budget(&headers, now, now);
                }
            }
        }
    }
}
