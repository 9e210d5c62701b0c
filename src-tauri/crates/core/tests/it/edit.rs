//! Edits by example: what is written where, and that removal gives the bytes back.

use keystow_core::edit::{Edited, Syntax, read_entry, remove_entry, set_entry};
use serde_json::{Value, json};

fn entry() -> Value {
    json!({"command": "/opt/keystow", "args": ["bridge", "c-12345678"]})
}

fn at(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Sets the entry, checks that it is there and that removal gives the original back, and returns the text in between.
fn set(before: &str, syntax: Syntax, keys: &[&str]) -> String {
    let at = at(keys);
    let Edited {
        after,
        receipt,
        replaced,
    } = set_entry(Some(before.as_bytes()), syntax, &at, "keystow", &entry()).unwrap();
    assert_eq!(replaced, None);
    assert_eq!(
        read_entry(&after, syntax, &at, "keystow").unwrap(),
        Some(entry())
    );
    let removed = remove_entry(&after, syntax, &at, "keystow", Some(&receipt)).unwrap();
    assert_eq!(
        String::from_utf8(removed.after.unwrap()).unwrap(),
        before,
        "in between: {}",
        String::from_utf8_lossy(&after)
    );
    String::from_utf8(after).unwrap()
}

#[track_caller]
fn json(before: &str, after: &str) {
    assert_eq!(set(before, Syntax::Json, &["mcpServers"]), after);
}

#[track_caller]
fn jsonc(before: &str, after: &str) {
    assert_eq!(set(before, Syntax::Jsonc, &["servers"]), after);
}

#[test]
fn takes_on_the_indentation_of_the_neighbours() {
    json(
        "{\n   \"mcpServers\": {\n      \"a\": {\n         \"command\": \"x\"\n      }\n   }\n}\n",
        "{\n   \"mcpServers\": {\n      \"a\": {\n         \"command\": \"x\"\n      },\n      \"keystow\": {\n         \"command\": \
         \"/opt/keystow\",\n         \"args\": [\"bridge\", \"c-12345678\"]\n      }\n   }\n}\n",
    );
    json(
        "{\n\t\"mcpServers\": {}\n}",
        "{\n\t\"mcpServers\": {\n\t\t\"keystow\": {\n\t\t\t\"command\": \"/opt/keystow\",\n\t\t\t\"args\": [\"bridge\", \
         \"c-12345678\"]\n\t\t}\n\t}\n}",
    );
}

#[test]
fn keeps_a_line_comment_from_swallowing_the_comma_and_the_entry() {
    jsonc(
        "{\n  \"servers\": {\n    \"a\": {\n      \"url\": \"b\"\n    } // last\n    // really\n  }\n}",
        "{\n  \"servers\": {\n    \"a\": {\n      \"url\": \"b\"\n    }, // last\n    // really\n    \"keystow\": {\n      \"command\": \
         \"/opt/keystow\",\n      \"args\": [\"bridge\", \"c-12345678\"]\n    }\n  }\n}",
    );
    jsonc(
        "{\"servers\": { // none yet\n}}",
        "{\"servers\": { // none yet\n  \"keystow\": {\n    \"command\": \"/opt/keystow\",\n    \"args\": [\"bridge\", \
         \"c-12345678\"]\n  }\n}}",
    );
}

#[test]
fn stays_on_one_line_in_a_document_of_one_line() {
    json(
        r#"{"mcpServers":{"a":{"command":"x"}}}"#,
        r#"{"mcpServers":{"a":{"command":"x"},"keystow":{"command":"/opt/keystow","args":["bridge","c-12345678"]}}}"#,
    );
    json(
        r#"{ "mcpServers": {} }"#,
        r#"{ "mcpServers": { "keystow": { "command": "/opt/keystow", "args": ["bridge", "c-12345678"] } } }"#,
    );
    json(
        r#"{"a":1}"#,
        r#"{"a":1,"mcpServers":{"keystow":{"command":"/opt/keystow","args":["bridge","c-12345678"]}}}"#,
    );
}
