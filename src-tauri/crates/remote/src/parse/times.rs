use keystow_core::key::UnixMs;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// The moment in a `Date` or `Retry-After` header, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date_ms(text: &str) -> Option<UnixMs> {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    PrimitiveDateTime::parse(text.trim(), &format)
        .ok()
        .map(|moment| unix_ms(moment.assume_utc()))
}

/// The moment in an RFC 3339 text, such as `2026-11-20T10:00:00.5Z`.
pub(crate) fn rfc3339_ms(text: &str) -> Option<UnixMs> {
    OffsetDateTime::parse(text.trim(), &Rfc3339)
        .ok()
        .map(unix_ms)
}

/// A moment as RFC 3339 writes it; `None` outside the years 0 to 9999.
pub(crate) fn rfc3339(at: UnixMs) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000)
        .ok()?
        .format(&Rfc3339)
        .ok()
}

fn unix_ms(moment: OffsetDateTime) -> UnixMs {
    UnixMs::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000))
        .expect("years up to 9999 fit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        assert_eq!(
            http_date_ms("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(784_111_777_000)
        );
        assert_eq!(
            rfc3339_ms("1994-11-06T09:49:37.5+01:00"),
            Some(784_111_777_500)
        );
        assert_eq!(
            rfc3339(784_111_777_500).as_deref(),
            Some("1994-11-06T08:49:37.5Z")
        );
        assert_eq!(rfc3339(UnixMs::MAX), None);
        assert_eq!(http_date_ms("tomorrow"), None);
        assert_eq!(rfc3339_ms("2026-11-20"), None);
    }
}
