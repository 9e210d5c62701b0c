//! Edits of YAML by example: what is written where, and that removal gives the bytes back.

use keystow_core::edit::{
    EditError, Edited, Receipt, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use serde_json::{Value, json};

fn entry() -> Value {
    json!({"type": "stdio", "cmd": "/opt/keystow", "args": ["bridge", "c-1"], "enabled": true, "timeout": 300})
}

fn item() -> Value {
    json!({"name": "keystow", "command": "/opt/keystow", "args": ["bridge", "c-1"]})
}

fn map() -> Servers {
    Servers::map(Syntax::Yaml, ["extensions"])
}

fn list() -> Servers {
    Servers::list(Syntax::Yaml, ["mcpServers"], "name")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// Sets the entry, checks that it is there, that setting it again changes nothing and that removal gives the original back, and
/// returns the text in between.
#[track_caller]
fn set(before: &str, servers: &Servers, entry: &Value) -> String {
    let Edited {
        after,
        receipt,
        replaced,
    } = set_entry(Some(before.as_bytes()), servers, "keystow", entry).unwrap();
    assert_eq!(replaced, None);
    let again = set_entry(Some(&after), servers, "keystow", entry).unwrap();
    assert_eq!(text(again.after), text(after.clone()));
    assert_eq!(
        read_entry(&after, servers, "keystow").unwrap().as_ref(),
        Some(entry)
    );
    let removed = remove_entry(&after, servers, "keystow", Some(&receipt)).unwrap();
    assert_eq!(
        removed.after.map(text).as_deref(),
        Some(before),
        "in between:\n{}",
        text(after)
    );
    assert_eq!(removed.handed_on, None);
    text(after)
}

/// Our entry in a map, in lines indented by two; `§` stands for it in the texts below, on a line of its own.
const OURS: &str = "  keystow:\n    type: stdio\n    cmd: /opt/keystow\n    args:\n      - bridge\n      - c-1\n    enabled: true\n    timeout: 300\n";

const ITEM: &str =
    "  - name: keystow\n    command: /opt/keystow\n    args:\n      - bridge\n      - c-1\n";

#[track_caller]
fn in_map(before: &str, after: &str) {
    assert_eq!(set(before, &map(), &entry()), after.replace("§\n", OURS));
}

#[track_caller]
fn in_list(before: &str, after: &str) {
    assert_eq!(set(before, &list(), &item()), after.replace("§\n", ITEM));
}

#[test]
fn goes_behind_the_last_entry_of_the_map() {
    in_map(
        "a: 1\nextensions:\n  b:\n    x: 1\nc: 2\n",
        "a: 1\nextensions:\n  b:\n    x: 1\n§\nc: 2\n",
    );
    in_map(
        "extensions:\n  b:\n    x: 1\n",
        "extensions:\n  b:\n    x: 1\n§\n",
    );
    in_map("extensions:\n  b: {}\n", "extensions:\n  b: {}\n§\n");
    in_map("extensions:\n  b:\n", "extensions:\n  b:\n§\n");
    in_map("extensions:\n  ? b\nc:\n", "extensions:\n  ? b\n§\nc:\n");
    in_map(
        "extensions:\n  ? b\n  : - 1\n    - 2\n",
        "extensions:\n  ? b\n  : - 1\n    - 2\n§\n",
    );
}

#[test]
fn the_map_is_made_where_there_is_none() {
    in_map("a: 1\n", "a: 1\nextensions:\n§\n");
    in_map("a: 1\n\nb: 2\n", "a: 1\n\nb: 2\n\nextensions:\n§\n");
    in_map("a: 1\nb:\n  - 2\n", "a: 1\nb:\n  - 2\nextensions:\n§\n");
    in_map("---\na: 1\n...\n", "---\na: 1\nextensions:\n§\n...\n");
    in_map(
        "%YAML 1.2\n---\na: 1\n",
        "%YAML 1.2\n---\na: 1\nextensions:\n§\n",
    );
    let deep = Servers::map(Syntax::Yaml, ["a", "b c", "no"]);
    assert_eq!(
        set("a:\n  x: 1\n", &deep, &json!({"k": 1})),
        "a:\n  x: 1\n  b c:\n    \"no\":\n      keystow:\n        k: 1\n"
    );
}

#[test]
fn a_document_of_comments_and_markers_gets_its_first_entry() {
    in_map("# mine\n", "# mine\nextensions:\n§\n");
    in_map("# mine\n\n", "# mine\n\nextensions:\n§\n");
    in_map("---\n", "---\nextensions:\n§\n");
    in_map(
        "--- # mine\n# also\n...\n# end\n",
        "--- # mine\n# also\nextensions:\n§\n...\n# end\n",
    );
    in_map("%YAML 1.2\n---\n", "%YAML 1.2\n---\nextensions:\n§\n");
    in_map("{}\n", "extensions:\n§\n");
    in_map("# c\n~\n\n# d\n", "# c\nextensions:\n§\n\n# d\n");
    assert_eq!(
        set("# mine", &map(), &json!({"x": 1})),
        "# mine\nextensions:\n  keystow:\n    x: 1"
    );
    assert_eq!(
        set("---", &map(), &json!({"x": 1})),
        "---\nextensions:\n  keystow:\n    x: 1"
    );
    assert_eq!(
        set("--- {}\n", &map(), &json!({"x": 1})),
        "--- {extensions: {keystow: {x: 1}}}\n"
    );
}

#[test]
fn an_empty_map_becomes_lines_and_comes_back() {
    for empty in [
        "", " {}", " ~", " null", " { }", "  Null", "\n  {}", " {\n  }", "   ", "\n",
    ] {
        for end in ["\n", " # why\n", "\n  # a:\n  #   b: 1\n", "\nz: 1\n"] {
            let before = format!("a: 1\nextensions:{empty}{end}");
            let after = set(&before, &map(), &entry());
            assert!(after.contains(OURS), "{after}");
        }
    }
    in_map(
        "extensions: {} # none yet\nb: 1\n",
        "extensions: # none yet\n§\nb: 1\n",
    );
    in_map(
        "extensions:\n  # a:\n  #   x: 1\n\n# about b\nb: 1\n",
        "extensions:\n  # a:\n  #   x: 1\n§\n\n# about b\nb: 1\n",
    );
    in_map("extensions: &x {}\nb: *x\n", "extensions: &x\n§\nb: *x\n");
    in_map("extensions: !!map {}\n", "extensions: !!map\n§\n");
    in_list("mcpServers: []\n", "mcpServers:\n§\n");
    in_list("mcpServers:\n", "mcpServers:\n§\n");
}

#[test]
fn braces_stay_braces() {
    let x = json!({"x": 1, "l": ["a", "b: c"]});
    let cases = [
        (
            "extensions: {a: {y: 1}}\n",
            "extensions: {a: {y: 1}, keystow: {x: 1, l: [a, \"b: c\"]}}\n",
        ),
        (
            "{\"extensions\":{\"a\":1}}",
            "{\"extensions\":{\"a\":1,\"keystow\":{\"x\":1,\"l\":[\"a\",\"b: c\"]}}}",
        ),
        (
            "extensions: { a: 1, }\n",
            "extensions: { a: 1, keystow: { x: 1, l: [a, \"b: c\"] }, }\n",
        ),
        (
            "extensions: {\n  a: {y: 1}, # c\n  # d\n}\n",
            "extensions: {\n  a: {y: 1}, # c\n  # d\n  keystow: {x: 1, l: [a, \"b: c\"]},\n}\n",
        ),
        (
            "extensions: {\n  a: 1 # c\n  # d\n}\n",
            "extensions: {\n  a: 1, # c\n  # d\n  keystow: {\n    x: 1,\n    l: [a, \"b: c\"]\n  }\n}\n",
        ),
        (
            "{a: 1, extensions: {}}\n",
            "{a: 1, extensions: {keystow: {x: 1, l: [a, \"b: c\"]}}}\n",
        ),
        (
            "{extensions: ~, a: 1}\n",
            "{extensions: {keystow: {x: 1, l: [a, \"b: c\"]}}, a: 1}\n",
        ),
        (
            "{a: 1, extensions}\n",
            "{a: 1, extensions: {keystow: {x: 1, l: [a, \"b: c\"]}}}\n",
        ),
        (
            "{a, extensions: }\n",
            "{a, extensions: {keystow: {x: 1, l: [a, \"b: c\"]}} }\n",
        ),
        (
            "extensions: { # none\n}\n",
            "extensions: { # none\n  keystow: {\n    x: 1,\n    l: [a, \"b: c\"]\n  }\n}\n",
        ),
        (
            "{a: 1}\n",
            "{a: 1, extensions: {keystow: {x: 1, l: [a, \"b: c\"]}}}\n",
        ),
        (
            "extensions:\n  a: {y: 1}\n  b: { z: 2 }\n",
            "extensions:\n  a: {y: 1}\n  b: { z: 2 }\n  keystow: { x: 1, l: [a, \"b: c\"] }\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(set(before, &map(), &x), after);
    }
    let cases = [
        (
            "mcpServers: [{name: a}]\n",
            "mcpServers: [{name: a}, {name: keystow, x: 1}]\n",
        ),
        (
            "mcpServers: [name: a]\n",
            "mcpServers: [name: a, {name: keystow, x: 1}]\n",
        ),
        (
            "{mcpServers: []}\n",
            "{mcpServers: [{name: keystow, x: 1}]}\n",
        ),
        (
            "{mcpServers: }\n",
            "{mcpServers: [{name: keystow, x: 1}] }\n",
        ),
        (
            "mcpServers: [\n  {name: a},\n]\n",
            "mcpServers: [\n  {name: a},\n  {name: keystow, x: 1},\n]\n",
        ),
        (
            "mcpServers:\n- {name: a}\n",
            "mcpServers:\n- {name: a}\n- {name: keystow, x: 1}\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(
            set(before, &list(), &json!({"name": "keystow", "x": 1})),
            after
        );
    }
}

#[test]
fn items_are_indented_as_their_neighbours() {
    in_list(
        "mcpServers:\n  - name: a\n    command: x\nmodels: []\n",
        "mcpServers:\n  - name: a\n    command: x\n§\nmodels: []\n",
    );
    let x = json!({"name": "keystow", "env": {"A": "b"}, "args": ["c"]});
    let cases = [
        (
            "mcpServers:\n- name: a\n  command: x\n# about models\nmodels: []\n",
            "mcpServers:\n- name: a\n  command: x\n- name: keystow\n  env:\n    A: b\n  args:\n  - c\n# about models\nmodels: []\n",
        ),
        (
            "mcpServers:\n  -   command: x\n      name: a\n",
            "mcpServers:\n  -   command: x\n      name: a\n  -   name: keystow\n      env:\n        A: b\n      args:\n        -   c\n",
        ),
        (
            "mcpServers:\n    - name: a\n      args: [x]\n      env:\n          B: c\n",
            "mcpServers:\n    - name: a\n      args: [x]\n      env:\n          B: c\n    - name: keystow\n      env:\n          A: b\n      args: [c]\n",
        ),
        (
            "mcpServers:\n  -\n    name: a\n",
            "mcpServers:\n  -\n    name: a\n  - name: keystow\n    env:\n      A: b\n    args:\n      - c\n",
        ),
        (
            "mcpServers:\n  - name: a\n    # inside\n\n  # at the end\n\n# next\n",
            "mcpServers:\n  - name: a\n    # inside\n\n  # at the end\n\n  - name: keystow\n    env:\n      A: b\n    args:\n      - c\n\n# next\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(set(before, &list(), &x), after);
    }
    let root = Servers::list(Syntax::Yaml, [] as [&str; 0], "name");
    assert_eq!(
        set("- name: a\n", &root, &json!({"name": "keystow"})),
        "- name: a\n- name: keystow\n"
    );
    assert_eq!(
        set("# none\n", &root, &json!({"name": "keystow"})),
        "# none\n- name: keystow\n"
    );
}

#[test]
fn takes_on_the_indentation_of_the_neighbours() {
    let x = json!({"l": ["a"], "m": {"k": 1}});
    let cases = [
        (
            "extensions:\n    a:\n        b: 1\n",
            "extensions:\n    a:\n        b: 1\n    keystow:\n        l:\n            - a\n        m:\n            k: 1\n",
        ),
        (
            "extensions:\n a:\n  b:\n  - 1\n",
            "extensions:\n a:\n  b:\n  - 1\n keystow:\n  l:\n  - a\n  m:\n   k: 1\n",
        ),
        (
            "x:\n    y: 1\nextensions:\n",
            "x:\n    y: 1\nextensions:\n    keystow:\n        l:\n            - a\n        m:\n            k: 1\n",
        ),
        (
            "  a: 1\n  b: 2\n",
            "  a: 1\n  b: 2\n  extensions:\n    keystow:\n      l:\n        - a\n      m:\n        k: 1\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(set(before, &map(), &x), after);
    }
}

#[test]
fn comments_stay_with_what_follows_them() {
    in_map(
        "extensions:\n  a: 1 # one\n    # deeper\n  # same\n # between\n# next\nb: 1\n",
        "extensions:\n  a: 1 # one\n    # deeper\n  # same\n§\n # between\n# next\nb: 1\n",
    );
    in_map(
        "extensions:\n  a: 1\n\n  # last\n\n\n# end of file",
        "extensions:\n  a: 1\n\n  # last\n\n§\n\n\n# end of file",
    );
    in_map(
        "a: 1\n# end\n\n   # of file\n",
        "a: 1\n# end\n\n   # of file\n\nextensions:\n§\n",
    );
    in_map(
        "extensions: # first\n  # a\n  a: 1\n# zero\n    # four\n",
        "extensions: # first\n  # a\n  a: 1\n§\n# zero\n    # four\n",
    );
}

#[test]
fn blank_lines_between_entries_are_taken_over() {
    in_map(
        "extensions:\n  a:\n    x: 1\n\n  b:\n    x: 1\n\nc: 1\n",
        "extensions:\n  a:\n    x: 1\n\n  b:\n    x: 1\n\n§\n\nc: 1\n",
    );
    in_map(
        "extensions:\n  a:\n    x: 1\n  b:\n    x: 1\n\nc: 1\n",
        "extensions:\n  a:\n    x: 1\n  b:\n    x: 1\n§\n\nc: 1\n",
    );
    in_list(
        "name: x\nversion: 1\n\nmodels:\n  - name: y\n\nmcpServers:\n  - name: a\n\n  # b\n  - name: b\n    x: 1\n",
        "name: x\nversion: 1\n\nmodels:\n  - name: y\n\nmcpServers:\n  - name: a\n\n  # b\n  - name: b\n    x: 1\n\n§\n",
    );
}

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

#[test]
fn line_ends_are_kept_and_taken_over() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let ours = crlf(OURS);
    let cases = [
        (
            "extensions:\n  a: 1\nb: 2\n",
            "extensions:\n  a: 1\n§b: 2\n",
        ),
        ("extensions: {}\nb: 2\n", "extensions:\n§b: 2\n"),
        ("b: 2\n", "b: 2\nextensions:\n§"),
        ("# c\n", "# c\nextensions:\n§"),
    ];
    for (before, after) in cases {
        assert_eq!(
            set(&crlf(before), &map(), &entry()),
            crlf(after).replace('§', &ours)
        );
    }
    // Mixed.
    assert_eq!(
        set(
            "a: 1\r\nextensions:\n  b: 1\r\n  c: 1\nd: 1\r\n",
            &map(),
            &json!(1)
        ),
        "a: 1\r\nextensions:\n  b: 1\r\n  c: 1\n  keystow: 1\nd: 1\r\n"
    );
    // No line end at the end of the file.
    assert_eq!(
        set("extensions:\n  b: 1", &map(), &json!(1)),
        "extensions:\n  b: 1\n  keystow: 1"
    );
    assert_eq!(
        set("b: 1\n   ", &map(), &json!(1)),
        "b: 1\nextensions:\n  keystow: 1\n   "
    );
    assert_eq!(
        set("extensions: {}", &map(), &json!(1)),
        "extensions:\n  keystow: 1"
    );
}

#[test]
fn a_byte_order_mark_and_foreign_letters_stay() {
    assert_eq!(
        set(
            "\u{FEFF}é: ü # ß\nextensions:\n  日本: 語\n",
            &map(),
            &json!("ö")
        ),
        "\u{FEFF}é: ü # ß\nextensions:\n  日本: 語\n  keystow: ö\n"
    );
}

#[test]
fn texts_in_lines_keep_every_line() {
    in_map(
        "extensions:\n  a: |\n    b:\n      # no comment\n\n    c: 1\n\nd: 1\n",
        "extensions:\n  a: |\n    b:\n      # no comment\n\n    c: 1\n§\n\nd: 1\n",
    );
    in_map(
        "extensions:\n  a: |+\n    b\n\n\nd: 1\n",
        "extensions:\n  a: |+\n    b\n\n\n§\nd: 1\n",
    );
    in_map(
        "extensions:\n  a: >2-\n      b\n   \n  # c\nd: 1\n",
        "extensions:\n  a: >2-\n      b\n   \n  # c\n§\nd: 1\n",
    );
    in_map(
        "extensions:\n  a: |\n\n\nd: 1\n",
        "extensions:\n  a: |\n§\n\n\nd: 1\n",
    );
    // A line end behind the last line would become part of the text.
    in_map(
        "extensions:\n  a: 1\n  # b\n  b: |\n    text",
        "extensions:\n  a: 1\n§\n  # b\n  b: |\n    text",
    );
    in_map(
        "a: |-\n  text\nb: |\n  text",
        "a: |-\n  text\nextensions:\n§\nb: |\n  text",
    );
    assert_eq!(
        set("a: |-\n  text", &map(), &json!(1)),
        "a: |-\n  text\nextensions:\n  keystow: 1"
    );
    assert_eq!(
        set("a: 'x\n\n  y'\nb: x\n  y\n", &map(), &json!(1)),
        "a: 'x\n\n  y'\nb: x\n  y\nextensions:\n  keystow: 1\n"
    );
}

#[test]
fn anchors_aliases_tags_and_merge_keys_stay() {
    in_map(
        "base: &base\n  x: 1\nextensions: &all !!map\n  <<: *base\n  a: &a !x\n    y: *base\nb: *all\n",
        "base: &base\n  x: 1\nextensions: &all !!map\n  <<: *base\n  a: &a !x\n    y: *base\n§\nb: *all\n",
    );
    in_map(
        "? extensions\n: a: 1\n  b: 2\n? [x, y]\n: 1\n",
        "? extensions\n: a: 1\n  b: 2\n§\n? [x, y]\n: 1\n",
    );
    in_map(
        "&k extensions:\n  &l a: 1\n",
        "&k extensions:\n  &l a: 1\n§\n",
    );
}

#[test]
fn a_new_file_holds_only_the_entry() {
    for (blank, eol) in [(None, "\n"), (Some(""), "\n"), (Some(" \r\n"), "\r\n")] {
        let made = set_entry(blank.map(str::as_bytes), &map(), "keystow", &entry()).unwrap();
        assert_eq!(
            text(made.after.clone()),
            format!("extensions:\n{OURS}").replace('\n', eol)
        );
        let removed = remove_entry(&made.after, &map(), "keystow", Some(&made.receipt)).unwrap();
        assert_eq!(removed.after.map(text).as_deref(), blank);
    }
    let made = set_entry(None, &list(), "keystow", &json!({"x": 1})).unwrap();
    assert_eq!(
        text(made.after),
        "mcpServers:\n  - name: keystow\n    x: 1\n"
    );
}

#[test]
fn an_entry_is_replaced_where_it_stands() {
    let new = json!({"x": 1, "l": ["a"]});
    let cases = [
        (
            "extensions:\n  keystow: # mine\n    type: old # c\n    # inside\n    t: 1 # last\n  b: 1\n",
            "extensions:\n  keystow: # mine\n    x: 1\n    l:\n      - a\n  b: 1\n",
        ),
        (
            "extensions:\n  keystow: {a: 1} # c\n  b: {}\n",
            "extensions:\n  keystow: {x: 1, l: [a]} # c\n  b: {}\n",
        ),
        (
            "extensions:\n  keystow: {}\n  b: 1\n",
            "extensions:\n  keystow:\n    x: 1\n    l:\n      - a\n  b: 1\n",
        ),
        (
            "extensions:\n  keystow:\n  b: 1\n",
            "extensions:\n  keystow:\n    x: 1\n    l:\n      - a\n  b: 1\n",
        ),
        (
            "extensions:\n  keystow: |\n    a\n\n  b: 1\n",
            "extensions:\n  keystow:\n    x: 1\n    l:\n      - a\n\n  b: 1\n",
        ),
        (
            "z: &z 1\nextensions:\n  keystow: *z\n  b: 1\n",
            "z: &z 1\nextensions:\n  keystow:\n    x: 1\n    l:\n      - a\n  b: 1\n",
        ),
        (
            "extensions:\n  ? keystow\n  b: 1\n",
            "extensions:\n  ? keystow\n  :\n    x: 1\n    l:\n      - a\n  b: 1\n",
        ),
        (
            "{extensions: {keystow, b: 1}}",
            "{extensions: {keystow: {x: 1, l: [a]}, b: 1}}",
        ),
        (
            "extensions:\n  b: 1\n  'keystow':\n      y: 1",
            "extensions:\n  b: 1\n  'keystow':\n      x: 1\n      l:\n        - a",
        ),
    ];
    for (before, after) in cases {
        let edited = set_entry(Some(before.as_bytes()), &map(), "keystow", &new).unwrap();
        assert!(edited.replaced.is_some());
        assert!(!edited.receipt.says_anything());
        assert_eq!(text(edited.after), after);
    }
    let cases = [
        (
            "mcpServers:\n  - command: x\n    name: keystow\n  - name: b\n",
            "mcpServers:\n  - name: keystow\n    x: 1\n    l:\n      - a\n  - name: b\n",
        ),
        (
            "mcpServers:\n  - {name: keystow}\n  - name: b\n",
            "mcpServers:\n  - {name: keystow, x: 1, l: [a]}\n  - name: b\n",
        ),
    ];
    for (before, after) in cases {
        let edited = set_entry(Some(before.as_bytes()), &list(), "keystow", &new).unwrap();
        assert!(edited.replaced.is_some());
        assert_eq!(text(edited.after), after);
    }
}

#[test]
fn an_equal_entry_keeps_every_byte() {
    for before in [
        "extensions:\n  keystow: { \"y\": [ 1 ] , x: 'a' }   # c",
        "extensions:\n  keystow:\n    y:\n    - 0x1\n\n    x: >-\n      a\n",
        "extensions: {? keystow : {x: &a a, y: [1]}}",
    ] {
        let edited = set_entry(
            Some(before.as_bytes()),
            &map(),
            "keystow",
            &json!({"x": "a", "y": [1]}),
        )
        .unwrap();
        assert_eq!(text(edited.after), before);
        assert_eq!(edited.replaced, Some(json!({"x": "a", "y": [1]})));
    }
}

#[track_caller]
fn removes(before: &str, servers: &Servers, receipt: Option<&Receipt>, after: &str) {
    let removed = remove_entry(before.as_bytes(), servers, "keystow", receipt).unwrap();
    assert_eq!(
        removed.after.map(text).as_deref(),
        Some(after),
        "from {before}"
    );
}

#[test]
fn removal_is_tidy_where_others_wrote_around_the_entry() {
    let cases = [
        (
            "extensions:\n  keystow:\n    a: 1\n    # inside\n  # about b\n  b: 1\n",
            "extensions:\n  # about b\n  b: 1\n",
        ),
        (
            "extensions:\n  a: 1\n\n  # about ours\n  keystow: 1 # one\n\n  b: 1\n",
            "extensions:\n  a: 1\n\n  # about ours\n\n  b: 1\n",
        ),
        (
            "extensions:\n  a: 1\n\n  keystow: 1\n\n  b: 1\n\n  c: 1\n",
            "extensions:\n  a: 1\n\n  b: 1\n\n  c: 1\n",
        ),
        (
            "extensions:\n  keystow: 1\nb: 1\n",
            "extensions: {}\nb: 1\n",
        ),
        (
            "extensions: # c\n  # d\n  keystow: 1\n  # e\nb: 1\n",
            "extensions: {} # c\n  # d\n  # e\nb: 1\n",
        ),
        ("extensions: {keystow: 1}\n", "extensions: {}\n"),
        (
            "extensions: {keystow: 1, # c\n  b: 1}\n",
            "extensions: { # c\n  b: 1}\n",
        ),
        ("extensions: {a: 1, keystow: 1}\n", "extensions: {a: 1}\n"),
        (
            "? extensions\n: keystow: 1\n  b: 2\n",
            "? extensions\n: b: 2\n",
        ),
        ("? extensions\n: keystow: 1\n", "? extensions\n: {}\n"),
        ("extensions:\n  a: 1\n  keystow: 1", "extensions:\n  a: 1"),
        (
            "extensions: &x\n  keystow: 1\ny: *x",
            "extensions: &x {}\ny: *x",
        ),
    ];
    for (before, after) in cases {
        removes(before, &map(), None, after);
    }
    let cases = [
        (
            "mcpServers:\n- command: x\n  name: keystow\n- name: b\n",
            "mcpServers:\n- name: b\n",
        ),
        (
            "mcpServers:\n- name: keystow\n# models\nmodels: []\n",
            "mcpServers: []\n# models\nmodels: []\n",
        ),
        ("mcpServers: [name: keystow]\n", "mcpServers: []\n"),
        (
            "mcpServers:\n  - *a\n  - name: keystow\n",
            "mcpServers:\n  - *a\n",
        ),
    ];
    for (before, after) in cases {
        let with_anchor = |text: &str| format!("z: &a\n  name: z\n{text}");
        removes(&with_anchor(before), &list(), None, &with_anchor(after));
    }
    // Not there.
    removes("a: 1\n", &map(), None, "a: 1\n");
    removes("# c\n", &map(), None, "# c\n");
}

#[test]
fn containers_of_ours_stay_while_anything_of_others_is_in_them() {
    let made = set_entry(Some(b"a: 1\n"), &map(), "keystow", &json!(1)).unwrap();
    let receipt = Some(&made.receipt);
    let text = text(made.after);
    removes(&text, &map(), receipt, "a: 1\n");
    removes(
        &text.replace("extensions:", "extensions: # why"),
        &map(),
        receipt,
        "a: 1\nextensions: {} # why\n",
    );
    removes(
        &format!("{text}  # b: 1\n"),
        &map(),
        receipt,
        "a: 1\nextensions: {}\n  # b: 1\n",
    );
    removes(
        &format!("{text}  b: 1\n"),
        &map(),
        receipt,
        "a: 1\nextensions:\n  b: 1\n",
    );
    let new = set_entry(None, &map(), "keystow", &json!(1)).unwrap();
    removes(
        "# mine\nextensions:\n  keystow: 1\n",
        &map(),
        Some(&new.receipt),
        "# mine\n{}\n",
    );
}

#[test]
fn names_and_values_are_read_by_the_core_schema() {
    let before = "extensions:\n  a: 1\n  <<: {}\n  'b': x\n  keystow:\n    i: [0x10, 0o17, 017, +1, -1, 1_0, 18446744073709551615]\n    f: [1.5, 1e3, .5, 1., .inf, .]\n    b: [true, False, yes]\n    n: [null, ~, , NULL, nUll]\n    t: [!!str 1, !!int \"2\", ! 3, '4', !x 5]\n"
        .replace("~, ,", "~,");
    let value = read_entry(before.as_bytes(), &map(), "keystow").unwrap();
    assert_eq!(
        value,
        Some(json!({
            "i": [16, 15, 17, 1, -1, "1_0", u64::MAX],
            "f": [1.5, 1000.0, 0.5, 1.0, ".inf", "."],
            "b": [true, false, "yes"],
            "n": [null, null, null, "nUll"],
            "t": ["1", 2, "3", "4", "5"],
        }))
    );
    assert_eq!(
        read_names(before.as_bytes(), &map()).unwrap(),
        Some(vec!["a".to_owned(), "b".to_owned(), "keystow".to_owned()])
    );
    assert_eq!(
        read_names(b"mcpServers:\n- name: a\n- x\n- {b: 1, name: c}\n", &list()).unwrap(),
        Some(vec!["a".to_owned(), "c".to_owned()])
    );
    assert_eq!(read_names(b"a: 1\n", &map()).unwrap(), None);
    assert_eq!(read_names(b"extensions:\n", &map()).unwrap(), Some(vec![]));
    assert_eq!(read_names(b"# c\n", &map()).unwrap(), None);
    assert_eq!(read_entry(b"", &map(), "keystow").unwrap(), None);
}

#[track_caller]
fn refuses(before: &str, servers: &Servers, code: &str, said: &str) {
    let error = set_entry(
        Some(before.as_bytes()),
        servers,
        "keystow",
        &json!({"x": 1}),
    );
    let error = error.expect_err(before);
    assert_eq!((error.code(), error.to_string().as_str()), (code, said));
    let _ = remove_entry(before.as_bytes(), servers, "keystow", None);
}

#[test]
fn refuses_with_place_and_reason() {
    let unsupported = "edit.unsupported";
    let wrong = "edit.wrong_type";
    let twice = "edit.duplicate_key";
    let cases = [
        (
            "a: 1\n---\nextensions: {}\n",
            unsupported,
            "line 2, column 1: a second document begins here; a settings file has only one",
        ),
        (
            "a: &a {}\nextensions: *a\n",
            unsupported,
            "line 2, column 13: an alias stands here; write out what it stands for",
        ),
        (
            "extensions: &a\nb: *a\n",
            unsupported,
            "line 1, column 15: an entry cannot be put here without changing what is around it; write this value in lines",
        ),
        (
            "é: x\nextensions: [a]\n",
            wrong,
            "line 2, column 13: \"extensions\" is a list, not a mapping",
        ),
        (
            "extensions: x\n",
            wrong,
            "line 1, column 13: \"extensions\" is a string, not a mapping",
        ),
        (
            "extensions: 1\n",
            wrong,
            "line 1, column 13: \"extensions\" is a number, not a mapping",
        ),
        (
            "- a\n",
            wrong,
            "line 1, column 1: the document is a list, not a mapping",
        ),
        (
            "text\n",
            wrong,
            "line 1, column 1: the document is a string, not a mapping",
        ),
        (
            "extensions: {}\nb: 1\n'extensions': {}\n",
            twice,
            "line 3, column 1: \"extensions\" occurs for the second time",
        ),
        (
            "extensions:\n  keystow: 1\n  keystow: 2\n",
            twice,
            "line 3, column 3: \"keystow\" occurs for the second time",
        ),
    ];
    for (before, code, said) in cases {
        refuses(before, &map(), code, said);
    }
    refuses(
        "mcpServers: {}\n",
        &list(),
        wrong,
        "line 1, column 13: \"mcpServers\" is a mapping, not a list",
    );
    refuses(
        "mcpServers:\n- name: keystow\n- name: keystow\n",
        &list(),
        twice,
        "line 3, column 3: \"keystow\" occurs for the second time",
    );
    for (before, line, column) in [
        ("a: [1\n", 1, 4),
        ("é: 1\n b: 2\n", 2, 3),
        ("a:\n\tb: 1\n", 2, 2),
        ("a: 'x", 1, 4),
        ("a: *x\n", 1, 4),
        ("ä: @x\n", 1, 4),
        ("\u{FEFF}a: }\n", 1, 4),
        ("a: b: c\n", 1, 5),
        ("- a\nb: 1\n", 2, 1),
        ("%YAML 1.2\na: 1\n", 2, 1),
    ] {
        let error = read_entry(before.as_bytes(), &map(), "x").expect_err(before);
        assert_eq!(error.code(), "edit.syntax", "{before}");
        let place = error.place().unwrap();
        assert_eq!((place.line, place.column), (line, column), "{error}");
        let EditError::Syntax { reason, .. } = &error else {
            panic!("{error}");
        };
        assert!(
            !reason.ends_with('.') && !reason.starts_with(char::is_uppercase),
            "{reason}"
        );
    }
}

#[test]
fn an_anchor_others_refer_to_is_not_taken_out() {
    let before = "extensions:\n  keystow: &k\n    x: 1\n  b: *k\n";
    let error = remove_entry(before.as_bytes(), &map(), "keystow", None).unwrap_err();
    assert_eq!(error.code(), "edit.unsupported");
}

#[test]
fn depth_and_aliases_are_bounded() {
    for open in ["[", "{a: ", "- ", "? "] {
        let deep = format!("x: 1\ny:\n  {}", open.repeat(100_000));
        assert_eq!(
            set_entry(Some(deep.as_bytes()), &map(), "keystow", &entry())
                .unwrap_err()
                .code(),
            "edit.too_deep",
            "{open}"
        );
    }
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..30 {
        let before = format!("*a{}, ", n - 1).repeat(10);
        bomb.push_str(&format!("a{n}: &a{n} [{before}]\n"));
    }
    let edited = set_entry(Some(bomb.as_bytes()), &map(), "keystow", &entry()).unwrap();
    assert!(text(edited.after).starts_with(&bomb));
    bomb.push_str("extensions:\n  keystow: *a29\n");
    for refused in [
        read_entry(bomb.as_bytes(), &map(), "keystow").unwrap_err(),
        set_entry(Some(bomb.as_bytes()), &map(), "keystow", &entry()).unwrap_err(),
    ] {
        assert_eq!(refused.code(), "edit.unsupported");
    }
    let own = "extensions:\n  keystow: &k [*k]\n";
    assert!(read_entry(own.as_bytes(), &map(), "keystow").is_err());
}
