use keystow_core::key::{KeyFacts, KeyUsage};
use keystow_core::provider::Tells;
use serde_json::Value;

use crate::parse::moment;
use crate::text::plain;

/// The longest text, and the most scopes or endpoints that are passed on.
const TEXT: usize = 200;
const MOST: usize = 200;

/// What an answer tells of a key, where a provider file says to look. What is not there, or is something else, is not told.
pub(super) fn read(answer: &Value, tells: &Tells) -> KeyFacts {
    let at = |pointer: &Option<String>| answer.pointer(pointer.as_deref()?);
    KeyFacts {
        id: at(&tells.id).and_then(text),
        name: at(&tells.name).and_then(text),
        organization: at(&tells.organization).and_then(text),
        scopes: at(&tells.scopes).and_then(scopes),
        expires_at: at(&tells.expires_at).and_then(moment),
        usage: KeyUsage {
            last_used_at: at(&tells.last_used_at).and_then(moment),
            requests: at(&tells.requests).and_then(count),
            endpoints: at(&tells.endpoints).map(endpoints).unwrap_or_default(),
            ..KeyUsage::default()
        },
        budget: None,
    }
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => plain(text, TEXT),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A list, or one text with spaces between, as OAuth has it.
fn scopes(value: &Value) -> Option<Vec<String>> {
    let scopes: Vec<String> = match value {
        Value::Array(list) => list.iter().filter_map(text).take(MOST).collect(),
        Value::String(words) => plain(words, TEXT * 10)
            .split_whitespace()
            .map(str::to_owned)
            .take(MOST)
            .collect(),
        _ => return None,
    };
    Some(scopes)
}

fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// `{name: count}`, or a list of `{endpoint | path | name, count | requests}`; the busiest first.
fn endpoints(value: &Value) -> Vec<(String, u64)> {
    let one_of =
        |entry: &Value, names: &[&str]| names.iter().find_map(|name| entry.get(name).cloned());
    let mut found: Vec<(String, u64)> = match value {
        Value::Object(map) => map
            .iter()
            .filter_map(|(name, requests)| Some((plain(name, TEXT), count(requests)?)))
            .collect(),
        Value::Array(list) => list
            .iter()
            .filter_map(|entry| {
                let name = one_of(entry, &["endpoint", "path", "name"])?;
                let requests = one_of(entry, &["count", "requests"])?;
                Some((text(&name)?, count(&requests)?))
            })
            .collect(),
        _ => Vec::new(),
    };
    found.retain(|(name, _)| !name.is_empty());
    found.sort_by(|(a, some), (b, more)| more.cmp(some).then_with(|| a.cmp(b)));
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn tells(pointer: &str) -> Tells {
        let at = || Some(pointer.to_owned());
        Tells {
            id: at(),
            name: at(),
            organization: at(),
            scopes: at(),
            expires_at: at(),
            last_used_at: at(),
            requests: at(),
            endpoints: at(),
        }
    }

    fn pairs(list: &[(&str, u64)]) -> Vec<(String, u64)> {
        list.iter()
            .map(|(name, n)| ((*name).to_owned(), *n))
            .collect()
    }

    #[test]
    fn looks_where_it_is_told_to_and_nowhere_else() {
        let answer = json!({
            "data": {"key": {"id": 7, "name": " my\u{202e} key\n"}, "org": "o-1", "scopes": ["read", 3, "", null, "write"],
                "until": "2026-02-17T14:00:00Z", "used": 1_771_336_800, "n": "12", "a/b": {"x": 1}},
        });
        let at = |pointer: &str| Some(pointer.to_owned());
        let tells = Tells {
            id: at("/data/key/id"),
            name: at("/data/key/name"),
            organization: at("/data/org"),
            scopes: at("/data/scopes"),
            expires_at: at("/data/until"),
            last_used_at: at("/data/used"),
            requests: at("/data/n"),
            endpoints: at("/data/a~1b"),
        };
        let facts = read(&answer, &tells);
        assert_eq!(facts.id.as_deref(), Some("7"));
        assert_eq!(facts.name.as_deref(), Some("my key"));
        assert_eq!(facts.organization.as_deref(), Some("o-1"));
        assert_eq!(
            facts.scopes,
            Some(["read", "3", "write"].map(str::to_owned).to_vec())
        );
        assert_eq!(facts.expires_at, Some(1_771_336_800_000));
        assert_eq!(facts.usage.last_used_at, facts.expires_at);
        assert_eq!(facts.usage.requests, Some(12));
        assert_eq!(facts.usage.endpoints, pairs(&[("x", 1)]));
        assert_eq!(read(&answer, &Tells::default()), KeyFacts::default());
    }

    #[test]
    fn endpoints_come_in_two_shapes_and_busiest_first() {
        assert_eq!(
            endpoints(&json!({"/b": 1, "/a": 1, "/c": 9, "/d": "no"})),
            pairs(&[("/c", 9), ("/a", 1), ("/b", 1)])
        );
        assert_eq!(
            endpoints(
                &json!([{"path": "/a", "requests": 2}, {"endpoint": "/b", "count": "3"}, {"name": "c", "count": 1}, {"count": 1}, 4])
            ),
            pairs(&[("/b", 3), ("/a", 2), ("c", 1)])
        );
        assert_eq!(endpoints(&json!("none")), []);
    }

    #[test]
    fn no_scopes_told_is_not_the_same_as_none() {
        assert_eq!(scopes(&json!([])), Some(Vec::new()));
        assert_eq!(scopes(&json!(null)), None);
        assert_eq!(
            scopes(&json!("read  write")),
            Some(vec!["read".to_owned(), "write".to_owned()])
        );
    }

    proptest! {
        #[test]
        fn takes_any_answer(text in "\\PC{0,300}", number in any::<f64>(), pointer in "(/[a-z~0-9]{0,3}){0,3}") {
            for answer in [json!({"a": {"b": text}}), json!([text, number, {"a": number}]), json!({"a": [{"name": text, "count": number}]})] {
                let facts = read(&answer, &tells(&pointer));
                let texts = [facts.id, facts.name, facts.organization];
                prop_assert!(texts.into_iter().flatten().all(|t| t.chars().count() <= TEXT && !t.chars().any(char::is_control)));
            }
        }
    }
}
