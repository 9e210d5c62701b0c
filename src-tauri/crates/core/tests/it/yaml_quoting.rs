//! Quotes in YAML: those of the neighbours, and some where a text could be taken for something else.

use keystow_core::edit::set_entry;
use serde_json::{Value, json};

use crate::yaml_edit::{list, map, set, text};

#[test]
fn quotes_are_those_of_the_neighbours() {
    let x = json!({"a": "plain", "b": "C:\\Users\\me", "c": "it's", "d": "2\n", "e": 1});
    let cases = [
        (
            "extensions:\n  'n':\n    'k': 'v'\n",
            "  'keystow':\n    'a': 'plain'\n    'b': 'C:\\Users\\me'\n    'c': 'it''s'\n    'd': \"2\\n\"\n    'e': 1\n",
        ),
        (
            "extensions:\n  n:\n    k: \"v\"\n",
            "  keystow:\n    a: \"plain\"\n    b: \"C:\\\\Users\\\\me\"\n    c: \"it's\"\n    d: \"2\\n\"\n    e: 1\n",
        ),
        (
            "extensions:\n  n:\n    k: v\n    l: 'w'\n",
            "  keystow:\n    a: plain\n    b: C:\\Users\\me\n    c: 'it''s'\n    d: \"2\\n\"\n    e: 1\n",
        ),
    ];
    for (before, added) in cases {
        assert_eq!(set(before, &map(), &x), format!("{before}{added}"));
    }
}

#[test]
fn what_could_be_taken_for_something_else_is_quoted() {
    let words = [
        "",
        " ",
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "N",
        "null",
        "Null",
        "~",
        "true",
        "FALSE",
        "1",
        "-1",
        "+1",
        "0x1F",
        "0o17",
        "017",
        "1_000",
        "1e3",
        "1.5",
        ".5",
        ".inf",
        "-.INF",
        ".NaN",
        "12:30:45",
        "2026-11-21",
        "a: b",
        "a:",
        ": a",
        "a #b",
        "# a",
        "@a",
        "`a",
        "*a",
        "&a",
        "!a",
        "%a",
        "-",
        "- a",
        "-y",
        "--flag",
        "?",
        "? a",
        "|",
        ">",
        "'",
        "\"",
        "[a]",
        "{a}",
        "a, b",
        "<<",
        "=",
        "...",
        "---",
        "a\nb",
        "a\r",
        "\t",
        "a\tb",
        " a",
        "a ",
        "\u{85}",
        "\u{2028}",
        "\u{FEFF}",
        "\u{7}",
        "\\",
        "C:\\x\\new",
        "a  b",
        "😀",
        "é",
        "${{ secrets.X }}",
        "$HOME/x",
        "https://example.com/mcp?a=b&c=d#e",
        "key=value",
        "\u{1F}",
        "\u{7F}",
        "\u{A0}",
    ];
    for word in words {
        for servers in [map(), list()] {
            let x = json!({"name": "keystow", "v": word, word: [word, {"w": word}]});
            for before in [
                "a: 1\n",
                "{a: 1}",
                "extensions: {}\n",
                "{\"mcpServers\":[{\"name\":\"x\"}]}",
            ] {
                let Ok(edited) = set_entry(Some(before.as_bytes()), &servers, "keystow", &x) else {
                    panic!("{word:?} in {before:?}");
                };
                let after = text(edited.after);
                let theirs: Value = serde_norway::from_str(&after)
                    .unwrap_or_else(|error| panic!("{word:?}: {error}: {after}"));
                let key = &servers.at[0];
                let theirs = match &theirs[key] {
                    Value::Array(items) => items.last().unwrap(),
                    map => &map["keystow"],
                };
                assert_eq!(theirs, &x, "{after}");
            }
        }
    }
}
