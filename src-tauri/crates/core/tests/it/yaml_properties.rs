//! Edits of YAML, whatever people's files may hold: what is not ours stays, byte for byte.

use keystow_core::edit::{
    Edited, Receipt, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::yaml_documents::{CONTAINER, Shape, document};

fn servers(shape: Shape) -> Servers {
    match shape {
        Shape::Map => Servers::map(Syntax::Yaml, [CONTAINER]),
        Shape::List => Servers::list(Syntax::Yaml, [CONTAINER], "name"),
    }
}

fn entry(shape: Shape, name: &str, n: usize) -> Value {
    let id = format!("c-0000000{n}");
    match shape {
        Shape::Map => {
            json!({"type": "stdio", "cmd": "C:\\keystow.exe", "args": ["bridge", id], "env": {"NO": "no"}, "timeout": 300})
        }
        Shape::List => json!({"name": name, "command": "/opt/keystow", "args": ["bridge", id]}),
    }
}

fn any_shape() -> impl Strategy<Value = Shape> {
    prop_oneof![Just(Shape::Map), Just(Shape::List)]
}

fn any_document() -> impl Strategy<Value = (Shape, String)> {
    any_shape().prop_flat_map(|shape| (Just(shape), document(shape)))
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a parser that is not ours makes of it; `None` where it takes no such document.
fn parsed(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    serde_norway::from_str::<serde_norway::Value>(text)
        .ok()
        .map(plain)
}

/// Without tags, and keys as text.
fn plain(value: serde_norway::Value) -> Value {
    match value {
        serde_norway::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            Value::Object([(tag, plain(tagged.value))].into_iter().collect())
        }
        serde_norway::Value::Sequence(items) => items.into_iter().map(plain).collect(),
        serde_norway::Value::Mapping(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| {
                    let key = match key {
                        serde_norway::Value::String(key) => key,
                        other => format!("{other:?}"),
                    };
                    (key, plain(value))
                })
                .collect(),
        ),
        other => serde_json::to_value(other).unwrap(),
    }
}

/// The same without our entries, and without a container that holds nothing.
fn without_ours(value: Value, names: &[&str]) -> Value {
    let mut value = match value {
        Value::Null => json!({}),
        value => value,
    };
    fn container(value: &mut Value) -> Option<&mut Value> {
        let found = value.get_mut(CONTAINER)?;
        let tag = found
            .as_object()
            .and_then(|map| map.keys().find(|key| key.starts_with('!')).cloned());
        match tag {
            Some(tag) => found.get_mut(&tag),
            None => Some(found),
        }
    }
    let mut empty = false;
    if let Some(found) = container(&mut value) {
        match found {
            Value::Object(map) => map.retain(|name, _| !names.contains(&name.as_str())),
            Value::Array(items) => items.retain(|item| {
                !item
                    .get("name")
                    .and_then(Value::as_str)
                    .is_some_and(|name| names.contains(&name))
            }),
            _ => {}
        }
        empty = *found == json!({}) || *found == json!([]) || found.is_null();
    }
    if empty && let Value::Object(root) = &mut value {
        root.remove(CONTAINER);
    }
    value
}

fn set(before: &[u8], shape: Shape, name: &str, n: usize) -> Edited {
    let entry = entry(shape, name, n);
    set_entry(Some(before), &servers(shape), name, &entry)
        .unwrap_or_else(|error| panic!("{error}\n{}", show(before)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn removal_gives_back_every_byte((shape, before) in any_document()) {
        let before = before.into_bytes();
        let edited = set(&before, shape, "keystow", 1);
        let removed = remove_entry(&edited.after, &servers(shape), "keystow", Some(&edited.receipt)).unwrap();
        prop_assert_eq!(removed.handed_on, None);
        prop_assert_eq!(removed.after.as_deref().map(show), Some(show(&before)), "in between:\n{}", show(&edited.after));
    }

    #[test]
    fn only_our_entry_comes_in((shape, before) in any_document()) {
        let before = before.into_bytes();
        let edited = set(&before, shape, "keystow", 1);
        prop_assert_eq!(edited.replaced, None);
        prop_assert_eq!(
            read_entry(&edited.after, &servers(shape), "keystow").unwrap(),
            Some(entry(shape, "keystow", 1))
        );
        // Every line of theirs is still there, in order.
        let after = show(&edited.after).trim_start_matches('\u{FEFF}').to_owned();
        let mut lines = after.lines();
        let theirs = show(&before).trim_start_matches('\u{FEFF}').to_owned();
        let theirs = if theirs.trim().is_empty() { "" } else { &theirs };
        for line in theirs.lines().filter(|line| !line.contains(CONTAINER) && !line.contains(['{', '[', '}', ']', '~']) && !line.contains("ull")) {
            prop_assert!(lines.any(|other| other == line), "{:?} is gone:\n{}", line, after);
        }
        if let Some(theirs) = parsed(&before) {
            let now = parsed(&edited.after);
            prop_assert!(now.is_some(), "they do not take it:\n{}", after);
            prop_assert_eq!(without_ours(now.unwrap(), &["keystow"]), without_ours(theirs, &[]), "{}", after);
        }
    }

    #[test]
    fn setting_the_same_again_changes_nothing((shape, before) in any_document()) {
        let before = before.into_bytes();
        let once = set(&before, shape, "keystow", 1);
        let twice = set(&once.after, shape, "keystow", 1);
        prop_assert_eq!(show(&twice.after), show(&once.after));
        prop_assert_eq!(twice.replaced, Some(entry(shape, "keystow", 1)));
    }

    #[test]
    fn replacing_touches_only_the_value((shape, before) in any_document()) {
        let before = before.into_bytes();
        let first = set(&before, shape, "keystow", 1);
        let mut second = set(&first.after, shape, "keystow", 2);
        prop_assert_eq!(&second.replaced, &Some(entry(shape, "keystow", 1)));
        second.receipt.inherit(first.receipt);
        let removed = remove_entry(&second.after, &servers(shape), "keystow", Some(&second.receipt)).unwrap();
        prop_assert_eq!(removed.after.as_deref().map(show), Some(show(&before)), "in between:\n{}", show(&second.after));
    }

    #[test]
    fn any_entry_of_theirs_can_be_replaced((shape, before) in any_document(), index in any::<prop::sample::Index>()) {
        let before = before.into_bytes();
        let names = read_names(&before, &servers(shape)).unwrap().unwrap_or_default();
        let Some(name) = names.get(index.index(names.len().max(1))) else {
            return Ok(());
        };
        let new = entry(shape, name, 1);
        if let Ok(edited) = set_entry(Some(&before), &servers(shape), name, &new) {
            prop_assert_eq!(read_entry(&edited.after, &servers(shape), name).unwrap(), Some(new));
            if let (Some(theirs), Some(now)) = (parsed(&before), parsed(&edited.after)) {
                prop_assert_eq!(without_ours(now, &[name]), without_ours(theirs, &[name]), "{}", show(&edited.after));
            }
        }
    }

    #[test]
    fn entries_come_out_in_any_order(
        (shape, before) in any_document(),
        new_file in prop::bool::weighted(0.1),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
    ) {
        let before = before.into_bytes();
        let names = ["keystow", "keystow-b", "keystow-c"];
        let mut text = (!new_file).then(|| before.clone());
        let mut receipts: Vec<Receipt> = Vec::new();
        for (n, name) in names.iter().enumerate() {
            let edited = set_entry(text.as_deref(), &servers(shape), name, &entry(shape, name, n)).unwrap();
            text = Some(edited.after);
            receipts.push(edited.receipt);
        }
        let between = text.as_deref().map(show).unwrap();
        for (step, n) in order.iter().enumerate() {
            let now = text.clone().unwrap();
            let removed = remove_entry(&now, &servers(shape), names[*n], Some(&receipts[*n])).unwrap();
            if let Some(receipt) = removed.handed_on {
                let heir = order.get(step + 1);
                prop_assert!(heir.is_some(), "handed on by the last one");
                receipts[*heir.unwrap()].inherit(receipt);
            }
            text = removed.after;
        }
        let expected = (!new_file).then(|| show(&before));
        prop_assert_eq!(text.as_deref().map(show), expected, "in between:\n{}", between);
    }

    #[test]
    fn removal_without_a_receipt_leaves_the_others((shape, before) in any_document()) {
        let before = before.into_bytes();
        let edited = set(&before, shape, "keystow", 1);
        let removed = remove_entry(&edited.after, &servers(shape), "keystow", None).unwrap();
        let after = removed.after.unwrap();
        prop_assert_eq!(read_entry(&after, &servers(shape), "keystow").unwrap(), None);
        if let Some(theirs) = parsed(&before) {
            let now = parsed(&after);
            prop_assert!(now.is_some(), "they do not take it:\n{}", show(&after));
            prop_assert_eq!(without_ours(now.unwrap(), &[]), without_ours(theirs, &[]), "{}", show(&after));
        }
    }

    #[test]
    fn entries_of_others_can_be_taken_out((shape, before) in any_document(), index in any::<prop::sample::Index>()) {
        let before = before.into_bytes();
        let names = read_names(&before, &servers(shape)).unwrap().unwrap_or_default();
        let Some(name) = names.get(index.index(names.len().max(1))) else {
            return Ok(());
        };
        if let Ok(removed) = remove_entry(&before, &servers(shape), name, None) {
            let after = removed.after.unwrap();
            if let (Some(theirs), Some(now)) = (parsed(&before), parsed(&after)) {
                prop_assert_eq!(without_ours(now, &[]), without_ours(theirs, &[name]), "{}", show(&after));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..64), shape in any_shape()) {
        let _ = set_entry(Some(&bytes), &servers(shape), "keystow", &entry(shape, "keystow", 1));
        let _ = remove_entry(&bytes, &servers(shape), "keystow", None);
        let _ = read_entry(&bytes, &servers(shape), "keystow");
        let _ = read_names(&bytes, &servers(shape));
    }

    #[test]
    fn soup_is_refused_or_given_back(pieces in vec(soup(), 0..24), shape in any_shape()) {
        refused_or_given_back(pieces.concat().as_bytes(), shape);
    }
}

#[test]
fn an_empty_document_with_a_comment_further_in_is_refused_or_given_back() {
    for before in ["~\n  # c", "{}\n\n # c\n", "~\n# c\n", "[]\n  # c"] {
        refused_or_given_back(before.as_bytes(), Shape::Map);
    }
}

#[test]
fn a_mark_of_the_byte_order_further_in_is_refused_or_given_back() {
    for before in ["# c\n\u{feff}: ", "\u{feff}: ", "# c\n\u{feff}a: b\n"] {
        refused_or_given_back(before.as_bytes(), Shape::Map);
    }
}

/// What can be edited is as it was after our entry came and went.
fn refused_or_given_back(before: &[u8], shape: Shape) {
    let _ = remove_entry(before, &servers(shape), "keystow", None);
    let _ = read_names(before, &servers(shape));
    let entry = entry(shape, "keystow", 1);
    if let Ok(edited) = set_entry(Some(before), &servers(shape), "keystow", &entry)
        && edited.replaced.is_none()
    {
        let receipt = Some(&edited.receipt);
        let removed = remove_entry(&edited.after, &servers(shape), "keystow", receipt).unwrap();
        assert_eq!(
            removed.after.as_deref().map(show),
            Some(show(before)),
            "in between:\n{}",
            show(&edited.after)
        );
    }
}

/// Pieces of documents in no order.
fn soup() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "servers:",
        "servers:",
        "servers",
        "'servers': ",
        "keystow: ",
        "- name: keystow",
        "- ",
        "-",
        "a: ",
        "b:",
        "name: x",
        "x",
        "1",
        "~",
        "null",
        "{",
        "}",
        "[",
        "]",
        "{}",
        "[]",
        ",",
        ", ",
        ": ",
        ":",
        "? ",
        "?",
        "&a ",
        "*a",
        "*a ",
        "!t ",
        "!!map ",
        "!!null",
        "<<: ",
        "|",
        "|+",
        ">-\n",
        "|2\n",
        "# c",
        "# c\n",
        " # c\n",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n    ",
        "\n- ",
        "\r\n",
        "\r",
        " ",
        "  ",
        "\t",
        "---",
        "--- ",
        "---\n",
        "...",
        "...\n",
        "%YAML 1.2\n",
        "%TAG ! x\n",
        "\u{FEFF}",
        "\u{A0}",
        "\u{85}",
        "\u{2028}",
        "\0",
        "é",
        "😀",
        "'",
        "\"",
        "'a'",
        "\"\\n\"",
        "\\",
        "@",
        "`",
        "%",
    ])
}
