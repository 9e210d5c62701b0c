//! Edits of YAML by example: what is written where, and that removal gives the bytes back.

use keystow_core::edit::{Edited, Servers, Syntax, read_entry, remove_entry, set_entry};
use serde_json::{Value, json};

pub fn entry() -> Value {
    json!({"type": "stdio", "cmd": "/opt/keystow", "args": ["bridge", "c-1"], "enabled": true, "timeout": 300})
}

fn item() -> Value {
    json!({"name": "keystow", "command": "/opt/keystow", "args": ["bridge", "c-1"]})
}

pub fn map() -> Servers {
    Servers::map(Syntax::Yaml, ["extensions"])
}

pub fn list() -> Servers {
    Servers::list(Syntax::Yaml, ["mcpServers"], "name")
}

pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// Sets the entry, checks that it is there, that setting it again changes nothing and that removal gives the original back, and
/// returns the text in between.
#[track_caller]
pub fn set(before: &str, servers: &Servers, entry: &Value) -> String {
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
fn a_mark_that_ends_nothing_stays_before_the_document() {
    for before in ["...\n: ", "...\na: 1\n", "# head\n... # end\n...\na: 1\n"] {
        let after = set(before, &map(), &entry());
        assert!(after.starts_with(before.trim_end_matches(": ")), "{after}");
    }
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
