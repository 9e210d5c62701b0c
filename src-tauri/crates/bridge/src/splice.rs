//! Changes to a message that leave every other byte as it was: what stands in it already is not read and written again.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The parts of a message that change.
#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Described<'a> {
    #[serde(borrow, rename = "_meta")]
    meta: Option<&'a RawValue>,
}

/// The message with `members` (`"name":value`, separated by commas) added to its parameters and `meta` to their `_meta`. `None`
/// where it has parameters that are no object.
pub(crate) fn with_params(message: &[u8], members: &str, meta: &str) -> Option<Bytes> {
    let parts: Parts = serde_json::from_slice(message).ok()?;
    let Some(params) = parts.params else {
        let meta = described(meta);
        let params = format!(r#""params":{{{}}}"#, joined(members, &meta));
        return Some(inserted(message, 0..message.len(), &params));
    };
    if !params.get().starts_with('{') {
        return None;
    }
    let inner: Described = serde_json::from_str(params.get()).ok()?;
    let place = place(message, params.get());
    match inner.meta.filter(|old| old.get().starts_with('{')) {
        _ if meta.is_empty() => Some(inserted(message, place, members)),
        Some(old) => {
            let message = inserted(message, self::place(message, old.get()), meta);
            // Only bytes within the parameters have been added, so they still begin at the same place.
            Some(inserted(&message, place.start..message.len(), members))
        }
        None => {
            let members = joined(members, &described(meta));
            Some(inserted(message, place, &members))
        }
    }
}

/// The answer with `members` added to its result, where that is an object.
pub(crate) fn with_result(answer: &Bytes, members: &str) -> Bytes {
    match serde_json::from_slice::<Parts>(answer) {
        Ok(Parts {
            result: Some(result),
            ..
        }) if result.get().starts_with('{') => {
            inserted(answer, place(answer, result.get()), members)
        }
        _ => answer.clone(),
    }
}

/// The message under another id, in JSON's spelling.
pub(crate) fn with_id(message: &Bytes, id: &str) -> Bytes {
    match serde_json::from_slice::<Parts>(message) {
        Ok(Parts { id: Some(old), .. }) => replaced(message, place(message, old.get()), id),
        _ => message.clone(),
    }
}

/// `message` with `part`, which was parsed from it, replaced.
pub(crate) fn with_part(message: &[u8], part: &RawValue, by: &str) -> Bytes {
    replaced(message, place(message, part.get()), by)
}

fn described(meta: &str) -> String {
    match meta {
        "" => String::new(),
        meta => format!(r#""_meta":{{{meta}}}"#),
    }
}

fn joined(one: &str, other: &str) -> String {
    match (one, other) {
        (one, "") => one.to_owned(),
        ("", other) => other.to_owned(),
        (one, other) => format!("{one},{other}"),
    }
}

/// Where `part`, a slice of `whole`, lies in it.
fn place(whole: &[u8], part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

fn replaced(whole: &[u8], place: Range<usize>, by: &str) -> Bytes {
    let mut bytes = BytesMut::with_capacity(whole.len() + by.len());
    bytes.put_slice(whole.get(..place.start).unwrap_or_default());
    bytes.put_slice(by.as_bytes());
    bytes.put_slice(whole.get(place.end..).unwrap_or_default());
    bytes.freeze()
}

/// Adds members at the beginning of the object that begins in `place`.
fn inserted(whole: &[u8], place: Range<usize>, members: &str) -> Bytes {
    if members.is_empty() {
        return Bytes::copy_from_slice(whole);
    }
    let object = whole.get(place.clone()).unwrap_or_default();
    let brace = memchr::memchr(b'{', object).unwrap_or_default();
    let rest = object.get(brace + 1..).unwrap_or_default();
    let comma = match rest.trim_ascii_start().first() {
        Some(b'}') => "",
        _ => ",",
    };
    let at = place.start + brace + 1;
    replaced(whole, at..at, &format!("{members}{comma}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bytes::Bytes;

    use super::{with_id, with_params, with_result};

    #[track_caller]
    fn params(message: &str, members: &str, meta: &str, expected: &str) {
        let changed = with_params(message.as_bytes(), members, meta).unwrap();
        assert_eq!(changed, expected);
        serde_json::from_slice::<serde_json::Value>(&changed).unwrap();
    }

    #[test]
    fn members_are_added_where_they_belong_and_nothing_else_changes() {
        params(
            r#" {"id":1e2, "params" : {"a":1.0,"_meta": {"t":7} } }"#,
            r#""s":"x""#,
            r#""m":1"#,
            r#" {"id":1e2, "params" : {"s":"x","a":1.0,"_meta": {"m":1,"t":7} } }"#,
        );
        params(
            r#"{"params":{"_meta":{}}}"#,
            "",
            r#""m":1"#,
            r#"{"params":{"_meta":{"m":1}}}"#,
        );
        params(
            r#"{"params":{ }}"#,
            "",
            r#""m":1"#,
            r#"{"params":{"_meta":{"m":1} }}"#,
        );
        params(
            r#"{"id":1}"#,
            r#""s":2"#,
            r#""m":1"#,
            r#"{"params":{"s":2,"_meta":{"m":1}},"id":1}"#,
        );
        params(
            r#"{"params":{"a":1}}"#,
            r#""s":2"#,
            "",
            r#"{"params":{"s":2,"a":1}}"#,
        );
        assert!(with_params(br#"{"params":[1]}"#, "", r#""m":1"#).is_none());
    }

    #[test]
    fn answers_get_members_and_other_ids() {
        let answer = Bytes::from_static(br#"{"result":{"n":12345678901234567890},"id":"a"}"#);
        assert_eq!(
            with_id(&with_result(&answer, r#""resultType":"complete""#), "7"),
            r#"{"result":{"resultType":"complete","n":12345678901234567890},"id":7}"#
        );
        let error = Bytes::from_static(br#"{"error":{},"id":1}"#);
        assert_eq!(with_result(&error, r#""a":1"#), error);
    }
}
