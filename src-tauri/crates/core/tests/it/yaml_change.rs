//! Changes, removals and refusals in YAML by example.

use keystow_core::edit::{
    EditError, Receipt, Servers, read_entry, read_names, remove_entry, set_entry,
};
use serde_json::json;

use crate::yaml_edit::{entry, list, map, text};

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
            "extensions:\n  a: |\n    b\n  keystow: 1",
            "extensions:\n  a: |\n    b\n",
        ),
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
