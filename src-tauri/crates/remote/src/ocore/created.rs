use keystow_core::Secret;
use serde_json::{Map, Value};

use super::dto::KeyDto;

/// The plaintext and the metadata in the answer to a create.
///
/// oCore's documentation names neither field, so the usual places are tried: the plaintext as text under `key`, `apiKey`,
/// `plaintextKey` or `token`; the metadata under `apiKey`, `data` or `key`, or at the top.
/// Source: docs.ocore.sh/docs/api-reference/a-p-i--keys, checked 2026-11-20.
pub(super) fn parts(mut body: Map<String, Value>) -> Option<(Secret, KeyDto)> {
    let mut secret = None;
    for (at, name) in [
        (None, "key"),
        (None, "apiKey"),
        (None, "plaintextKey"),
        (None, "token"),
        (Some("apiKey"), "key"),
        (Some("data"), "key"),
        (Some("data"), "plaintextKey"),
        (Some("data"), "token"),
    ] {
        let object = match at {
            None => Some(&mut body),
            Some(at) => body.get_mut(at).and_then(Value::as_object_mut),
        };
        let is_text = |value: &&mut Value| value.as_str().is_some_and(|text| !text.is_empty());
        if let Some(Value::String(text)) = object
            .and_then(|object| object.get_mut(name))
            .filter(is_text)
            .map(Value::take)
        {
            secret.get_or_insert(Secret::new(text));
        }
    }
    let wrapped = ["apiKey", "data", "key"]
        .iter()
        .find(|name| body.get(**name).is_some_and(Value::is_object))
        .and_then(|name| body.remove(*name));
    let key = serde_json::from_value(wrapped.unwrap_or(Value::Object(body))).ok()?;
    Some((secret?, key))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn secret(body: Value) -> Option<Secret> {
        let Value::Object(body) = body else {
            unreachable!("tests pass objects")
        };
        let (secret, key) = parts(body)?;
        key.into_key(0).ok().filter(|key| key.id.as_str() == "k")?;
        Some(secret)
    }

    #[test]
    fn finds_the_plaintext_wherever_it_stands() {
        for body in [
            json!({"apiKey": {"id": "k"}, "key": "plain"}),
            json!({"apiKey": "plain", "data": {"id": "k"}}),
            json!({"data": {"id": "k"}, "plaintextKey": "plain"}),
            json!({"id": "k", "token": "plain"}),
            json!({"id": "k", "key": "plain"}),
            json!({"apiKey": {"id": "k", "key": "plain"}}),
            json!({"data": {"id": "k", "token": "plain"}}),
            json!({"key": {"id": "k"}, "token": "plain"}),
        ] {
            let found = secret(body.clone());
            assert_eq!(found, Some(Secret::new("plain".into())), "{body}");
        }
    }

    #[test]
    fn without_plaintext_or_id_there_is_nothing() {
        for body in [
            json!({"apiKey": {"id": "k"}}),
            json!({"apiKey": {"id": "k"}, "key": ""}),
            json!({"key": "plain"}),
            json!({}),
        ] {
            assert_eq!(secret(body.clone()), None, "{body}");
        }
    }
}
