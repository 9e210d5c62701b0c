//! Edits by example: what is written where, and that removal gives the bytes back.

use keystow_core::edit::{
    Edited, Receipt, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use serde_json::{Value, json};

fn entry() -> Value {
    json!({"command": "/opt/keystow", "args": ["bridge", "c-12345678"]})
}

fn servers(syntax: Syntax, at: &[String]) -> Servers {
    Servers::map(syntax, at)
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
    } = set_entry(
        Some(before.as_bytes()),
        &servers(syntax, &at),
        "keystow",
        &entry(),
    )
    .unwrap();
    assert_eq!(replaced, None);
    assert_eq!(
        read_entry(&after, &servers(syntax, &at), "keystow").unwrap(),
        Some(entry())
    );
    let removed = remove_entry(&after, &servers(syntax, &at), "keystow", Some(&receipt)).unwrap();
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

#[test]
fn follows_the_trailing_commas_of_the_neighbours() {
    jsonc(
        "{\n  \"servers\": {\n    \"a\": 1,\n  },\n}\n",
        "{\n  \"servers\": {\n    \"a\": 1,\n    \"keystow\": {\n      \"command\": \"/opt/keystow\",\n      \"args\": [\"bridge\", \
         \"c-12345678\"]\n    },\n  },\n}\n",
    );
    jsonc(
        "{\"a\": 1,}",
        "{\"a\": 1, \"servers\": {\"keystow\": {\"command\": \"/opt/keystow\", \"args\": [\"bridge\", \"c-12345678\"]}},}",
    );
}

#[test]
fn sets_at_the_root_and_several_levels_down() {
    assert_eq!(
        set("{\"a\":1}", Syntax::Json, &[]),
        r#"{"a":1,"keystow":{"command":"/opt/keystow","args":["bridge","c-12345678"]}}"#
    );
    let text = set(
        "{\n  \"a\": 1\n}",
        Syntax::Json,
        &["we \"quote\"", "amp.mcpServers"],
    );
    assert_eq!(
        text,
        "{\n  \"a\": 1,\n  \"we \\\"quote\\\"\": {\n    \"amp.mcpServers\": {\n      \"keystow\": {\n        \"command\": \
         \"/opt/keystow\",\n        \"args\": [\"bridge\", \"c-12345678\"]\n      }\n    }\n  }\n}"
    );
}

#[test]
fn replaces_a_value_where_it_stands_and_tells_what_it_was() {
    let before = "{\n  \"servers\": { // mine\n    \"keystow\": /* old */ {\"url\": \"x\"}, // keep\n    \"b\": 2\n  }\n}\n";
    let edited = set_entry(
        Some(before.as_bytes()),
        &servers(Syntax::Jsonc, &at(&["servers"])),
        "keystow",
        &entry(),
    )
    .unwrap();
    assert_eq!(edited.replaced, Some(json!({"url": "x"})));
    assert!(!edited.receipt.says_anything());
    assert_eq!(
        String::from_utf8(edited.after).unwrap(),
        before.replace(
            "{\"url\": \"x\"}",
            "{\"command\": \"/opt/keystow\", \"args\": [\"bridge\", \"c-12345678\"]}"
        )
    );
}

#[track_caller]
fn removes(before: &str, receipt: Option<&Receipt>, after: &str) {
    let removed = remove_entry(
        before.as_bytes(),
        &servers(Syntax::Jsonc, &at(&["servers"])),
        "keystow",
        receipt,
    )
    .unwrap();
    assert_eq!(
        String::from_utf8(removed.after.unwrap()).unwrap(),
        after,
        "from {before}"
    );
}

#[test]
fn removal_is_tidy_where_others_wrote_around_the_entry() {
    // First, middle and last; with comments that are not ours.
    removes(
        "{\n  \"servers\": {\n    \"keystow\": {},\n    \"b\": 2\n  }\n}",
        None,
        "{\n  \"servers\": {\n    \"b\": 2\n  }\n}",
    );
    removes(
        "{\"servers\": {\"a\": 1, \"keystow\": {}, \"b\": 2}}",
        None,
        "{\"servers\": {\"a\": 1, \"b\": 2}}",
    );
    removes(
        "{\"servers\": {\n  \"a\": 1,\n  // about the next\n  \"keystow\": {} // behind\n}}",
        None,
        "{\"servers\": {\n  \"a\": 1\n  // about the next\n  // behind\n}}",
    );
    removes(
        "{\"servers\": { // note\n  \"keystow\": {} }}",
        None,
        "{\"servers\": { // note\n   }}",
    );
    removes(
        "{\"servers\": {\n  \"keystow\": {},\n}}",
        None,
        "{\"servers\": {}}",
    );
}

#[test]
fn containers_of_ours_stay_while_anything_of_others_is_in_them() {
    let made = set_entry(
        None,
        &servers(Syntax::Jsonc, &at(&["servers"])),
        "keystow",
        &entry(),
    )
    .unwrap();
    let text = String::from_utf8(made.after).unwrap();
    let receipt = Some(&made.receipt);
    removes(
        &text.replace("\"servers\": {", "\"servers\": { // why"),
        receipt,
        "{\n  \"servers\": { // why\n  }\n}\n",
    );
    removes(
        &text.replace("{\n  \"servers\"", "{\n  \"inputs\": [],\n  \"servers\""),
        receipt,
        "{\n  \"inputs\": []\n}\n",
    );
    removes(
        &format!("// my servers\n{text}"),
        receipt,
        "// my servers\n{}\n",
    );
}

#[test]
fn a_made_file_goes_when_the_last_of_ours_goes() {
    let a = set_entry(
        None,
        &servers(Syntax::Json, &at(&["mcpServers"])),
        "a",
        &entry(),
    )
    .unwrap();
    let b = set_entry(
        Some(&a.after),
        &servers(Syntax::Json, &at(&["mcpServers"])),
        "b",
        &entry(),
    )
    .unwrap();
    assert!(!b.receipt.says_anything());
    let first = remove_entry(
        &b.after,
        &servers(Syntax::Json, &at(&["mcpServers"])),
        "a",
        Some(&a.receipt),
    )
    .unwrap();
    let mut receipt = b.receipt;
    receipt.inherit(first.handed_on.unwrap());
    let last = remove_entry(
        &first.after.unwrap(),
        &servers(Syntax::Json, &at(&["mcpServers"])),
        "b",
        Some(&receipt),
    )
    .unwrap();
    assert_eq!((last.after, last.handed_on), (None, None));
}

#[test]
fn a_receipt_holds_white_space_and_counts_only() {
    let before = "\u{FEFF}{\r\n  \"token\": \"hunter2\", \"mcpServers\": {\t}}";
    let edited = set_entry(
        Some(before.as_bytes()),
        &servers(Syntax::Json, &at(&["mcpServers"])),
        "keystow",
        &entry(),
    )
    .unwrap();
    assert_eq!(
        serde_json::to_string(&edited.receipt).unwrap(),
        r#"{"space":{"depth":1,"was":"\t"}}"#
    );
    let made = set_entry(
        Some(b" \n"),
        &servers(Syntax::Json, &[]),
        "keystow",
        &entry(),
    )
    .unwrap();
    assert_eq!(
        serde_json::to_string(&made.receipt).unwrap(),
        r#"{"file":{"blank":" \n"}}"#
    );
}

#[track_caller]
fn refuses(bytes: &[u8], syntax: Syntax, code: &str, message: &str) {
    let at = at(&["mcpServers"]);
    let error = set_entry(Some(bytes), &servers(syntax, &at), "keystow", &entry()).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (code, message));
    assert_eq!(
        remove_entry(bytes, &servers(syntax, &at), "keystow", None),
        Err(error.clone())
    );
    assert_eq!(
        read_entry(bytes, &servers(syntax, &at), "keystow"),
        Err(error)
    );
}

#[test]
fn refuses_what_it_cannot_read_with_line_and_column() {
    use Syntax::{Json, Jsonc};
    for (text, syntax, message) in [
        (
            "{\n  \"é\": 1 // no\n}",
            Json,
            "line 2, column 10: comments are not allowed",
        ),
        (
            "{\r\n\"a\": 1,\r\n}",
            Json,
            "line 2, column 7: trailing commas are not allowed",
        ),
        (
            "{\"a\": 1\n \"b\": 2}",
            Jsonc,
            "line 1, column 8: expected comma",
        ),
        (
            "{\"a\": }",
            Jsonc,
            "line 1, column 7: unexpected close brace",
        ),
        ("{\"a\": 1", Jsonc, "line 1, column 1: unterminated object"),
        (
            "{'a': 1}",
            Jsonc,
            "line 1, column 2: single-quoted strings are not allowed",
        ),
        (
            "{a: 1}",
            Jsonc,
            "line 1, column 2: expected string for object property",
        ),
        (
            "{\r\"a\": \"b\tc\"}",
            Jsonc,
            "line 2, column 8: the control character U+0009 must be escaped in a string",
        ),
        (
            "{\u{A0}}",
            Jsonc,
            "line 1, column 2: the character U+00A0 is not white space in JSON",
        ),
        (
            "// nothing but this\n",
            Jsonc,
            "line 2, column 1: expected an object",
        ),
    ] {
        refuses(text.as_bytes(), syntax, "edit.syntax", message);
    }
}

#[test]
fn refuses_what_is_not_utf_8() {
    refuses(
        b"\xFF\xFE{\0}\0",
        Syntax::Json,
        "edit.encoding",
        "the file is UTF-16; save it as UTF-8",
    );
    refuses(
        b"{\n \"\xE9\": 1}",
        Syntax::Json,
        "edit.encoding",
        "line 2, column 3: the file is not UTF-8",
    );
    refuses(
        b"{}\n\0\0\0",
        Syntax::Json,
        "edit.encoding",
        "line 2, column 1: the file holds NUL bytes",
    );
}

#[test]
fn refuses_to_guess_which_object_is_meant() {
    refuses(
        b"{\"mcpServers\": [1]}",
        Syntax::Json,
        "edit.wrong_type",
        "line 1, column 16: \"mcpServers\" is an array, not an object",
    );
    refuses(
        b"\n null",
        Syntax::Json,
        "edit.wrong_type",
        "line 2, column 2: the document is null, not an object",
    );
    refuses(
        b"{\"mcpServers\": {}, \"mcp\\u0053ervers\": {}}",
        Syntax::Json,
        "edit.duplicate_key",
        "line 1, column 20: \"mcpServers\" occurs for the second time",
    );
    refuses(
        b"{\"mcpServers\": {\"keystow\": 1,\n\"keystow\": 2}}",
        Syntax::Json,
        "edit.duplicate_key",
        "line 2, column 1: \"keystow\" occurs for the second time",
    );
}

#[test]
fn refuses_bottomless_nesting_without_running_out_of_stack() {
    for unit in ["[", "{\"a\":", "[/**/"] {
        let text = format!("{{\"x\":{}", unit.repeat(1_000_000));
        let error = read_entry(text.as_bytes(), &servers(Syntax::Jsonc, &[]), "x").unwrap_err();
        assert_eq!(error.code(), "edit.too_deep");
    }
    let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(read_entry(nested(255).as_bytes(), &servers(Syntax::Json, &[]), "x").is_ok());
    assert_eq!(
        read_entry(nested(256).as_bytes(), &servers(Syntax::Json, &[]), "x")
            .unwrap_err()
            .to_string(),
        "line 1, column 261: nested more than 256 levels deep"
    );
    // Brackets in strings and comments are no nesting.
    let text = format!("{{\"{0}\": 1 /* {0} */}}", "[{".repeat(1000));
    assert_eq!(
        read_entry(text.as_bytes(), &servers(Syntax::Jsonc, &[]), "x"),
        Ok(None)
    );
}

#[test]
fn edits_files_of_many_thousand_servers() {
    let servers = |between: &str| {
        let servers: Vec<String> = (0..40_000)
            .map(|n| format!("\"s{n}\": {{\"command\": \"x\", \"args\": [\"{n}\"]}}"))
            .collect();
        format!("{{\"mcpServers\": {{{}}}}}", servers.join(between))
    };
    set(&servers(", "), Syntax::Json, &["mcpServers"]);
    set(&servers(",\n    "), Syntax::Json, &["mcpServers"]);
    set(&servers(", // note\n"), Syntax::Jsonc, &["mcpServers"]);
}

#[test]
fn what_an_entry_found_itself_counts_more_than_what_it_inherits() {
    // Keystow made the file; the person emptied it by hand and kept it; the entry is set again.
    let at = at(&["mcpServers"]);
    let made = set_entry(None, &servers(Syntax::Json, &at), "keystow", &entry()).unwrap();
    let mut again = set_entry(
        Some(b"{ }\n"),
        &servers(Syntax::Json, &at),
        "keystow",
        &entry(),
    )
    .unwrap();
    again.receipt.inherit(made.receipt);
    let removed = remove_entry(
        &again.after,
        &servers(Syntax::Json, &at),
        "keystow",
        Some(&again.receipt),
    )
    .unwrap();
    assert_eq!(removed.after, Some(b"{ }\n".to_vec()));
}

#[test]
fn what_it_need_not_understand_stays_as_it_is() {
    // Half a surrogate pair, names that mean something to some languages, keys that occur twice, numbers of any length.
    json(
        r#"{"__proto__": {"a": 1, "a": 2}, "x": "\ud800", "\udfff": 1e99999, "n": 123456789012345678901234567890, "mcpServ\u0065rs": {"__proto__": 0}}"#,
        r#"{"__proto__": {"a": 1, "a": 2}, "x": "\ud800", "\udfff": 1e99999, "n": 123456789012345678901234567890, "mcpServ\u0065rs": {"__proto__": 0, "keystow": {"command": "/opt/keystow", "args": ["bridge", "c-12345678"]}}}"#,
    );
    // Carriage returns alone end lines, and line comments too.
    jsonc(
        "{\r  \"servers\": { // one\r    \"a\": 1 // two\r  }\r}\r",
        "{\r  \"servers\": { // one\r    \"a\": 1, // two\r    \"keystow\": {\r      \"command\": \"/opt/keystow\",\r      \"args\": [\"bridge\", \"c-12345678\"]\r    }\r  }\r}\r",
    );
    // A string of a million characters.
    let long = "é".repeat(500_000);
    set(
        &format!("{{\"a\": \"{long}\", \"mcpServers\": {{\"{long}\": null}}}}"),
        Syntax::Json,
        &["mcpServers"],
    );
}

#[test]
fn reads_names_as_they_are_meant_and_in_their_order() {
    let text = r#"{"mcpServers": {"b": 1, "\u0061": 2, "b": 3, "\ud83d": 4}}"#;
    assert_eq!(
        read_names(
            text.as_bytes(),
            &servers(Syntax::Json, &at(&["mcpServers"]))
        ),
        Ok(Some(
            ["b", "a", "b", "\u{FFFD}"].map(str::to_owned).to_vec()
        ))
    );
    assert_eq!(
        read_names(b"{}", &servers(Syntax::Json, &at(&["mcpServers"]))),
        Ok(None)
    );
}
