//! The time, and how it is written on the wire.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub(crate) type UnixMs = i64;

/// Milliseconds in a second.
pub(crate) const SECOND: UnixMs = 1_000;

/// Milliseconds in a day.
pub(crate) const DAY: UnixMs = 86_400 * SECOND;

/// The latest time RFC 3339 can write: the end of year 9999.
const LATEST: UnixMs = 253_402_300_799_999;

/// The time now.
pub(crate) fn now() -> UnixMs {
    let nanoseconds = OffsetDateTime::now_utc().unix_timestamp_nanos();
    UnixMs::try_from(nanoseconds / 1_000_000).unwrap_or(LATEST)
}

/// Such as `2026-11-21T09:30:00.25Z`.
pub(crate) fn rfc3339(at: UnixMs) -> String {
    let clamped = at.clamp(0, LATEST);
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(clamped) * 1_000_000)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .expect("times between 1970 and 9999 can be written")
}

/// Reads what [`rfc3339`] writes, with any offset.
pub(crate) fn parse(text: &str) -> Option<UnixMs> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    UnixMs::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Days since 1970-01-01, the unit usage is counted in.
pub(crate) fn day(at: UnixMs) -> i64 {
    at.div_euclid(DAY)
}

/// Such as `2026-11-21`.
pub(crate) fn date(day: i64) -> String {
    rfc3339(day * DAY).chars().take(10).collect()
}

/// First day of the calendar month (UTC) a time lies in, and of the next one.
pub(crate) fn month(at: UnixMs) -> (i64, i64) {
    let date = OffsetDateTime::from_unix_timestamp(at.clamp(0, LATEST) / SECOND)
        .expect("a time between 1970 and 9999")
        .date();
    let first = day(at) - i64::from(date.day()) + 1;
    let next = first + i64::from(date.month().length(date.year()));
    (first, next)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn writes_and_reads_the_same_time() {
        let at = 1_795_253_400_250;
        assert_eq!(rfc3339(at), "2026-11-21T09:30:00.25Z");
        assert_eq!(parse(&rfc3339(at)), Some(at));
        assert_eq!(parse("2026-11-21T10:30:00.250+01:00"), Some(at));
        assert_eq!(parse("yesterday"), None);
    }

    #[test]
    fn a_month_reaches_from_its_first_day_to_the_next() {
        let (first, next) = month(parse("2028-02-29T23:59:59Z").unwrap());
        assert_eq!(
            (date(first), date(next)),
            ("2028-02-01".into(), "2028-03-01".into())
        );
    }
}
