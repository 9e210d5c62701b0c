use keystow_core::key::UnixMs;
use serde_json::Value;
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

/// A moment in JSON: RFC 3339, or Unix seconds or milliseconds, also as text. `None` for what is none, and before 2001.
pub(crate) fn moment(value: &Value) -> Option<UnixMs> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => number,
            Err(_) => return rfc3339_ms(text),
        },
        _ => return None,
    };
    // In seconds, this is in 5138; in milliseconds, in 1973.
    const MILLISECONDS: f64 = 1e11;
    const EARLIEST: f64 = 1e9;
    if !number.is_finite() || number < EARLIEST {
        None
    } else if number < MILLISECONDS {
        Some((number * 1000.0) as UnixMs)
    } else {
        Some(number as UnixMs)
    }
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
    use serde_json::json;

    #[test]
    fn reads_moments_in_json() {
        let at = Some(1_771_336_800_000);
        for value in [
            json!("2026-02-17T14:00:00Z"),
            json!(1_771_336_800),
            json!(1_771_336_800_000_i64),
            json!("1771336800"),
        ] {
            assert_eq!(moment(&value), at, "{value}");
        }
        for value in [
            json!(null),
            json!("never"),
            json!(0),
            json!(-1),
            json!("NaN"),
            json!([1]),
        ] {
            assert_eq!(moment(&value), None, "{value}");
        }
    }

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
