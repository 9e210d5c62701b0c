//! Edits of whatever people's files may hold: what is not ours stays, byte for byte.

use jsonc_parser::{ParseOptions, Scanner, ScannerOptions, parse_to_serde_value};
use keystow_core::edit::{
    Edited, Receipt, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::documents::{CONTAINER, document};

fn servers(syntax: Syntax, at: &[String]) -> Servers {
    Servers::map(syntax, at)
}

fn at() -> Vec<String> {
    vec![CONTAINER.to_owned()]
}

fn entry(n: usize) -> Value {
    json!({"command": "/opt/keystow", "args": ["bridge", format!("c-0000000{n}")]})
}

fn any_syntax() -> impl Strategy<Value = Syntax> {
    prop_oneof![Just(Syntax::Json), Just(Syntax::Jsonc)]
}

fn any_document() -> impl Strategy<Value = (Syntax, Vec<u8>)> {
    any_syntax().prop_flat_map(|syntax| (Just(syntax), document(syntax)))
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a parser that is not ours makes of it.
fn parsed(bytes: &[u8]) -> Value {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    parse_to_serde_value(text, &ParseOptions::default()).unwrap()
}

/// The same without our entries.
fn parsed_without_ours(bytes: &[u8], names: &[&str]) -> Value {
    let mut value = parsed(bytes);
    if let Some(container) = value.get_mut(CONTAINER).and_then(Value::as_object_mut) {
        container.retain(|name, _| !names.contains(&name.as_str()));
    }
    value
}

/// The same without a container that holds nothing.
fn without_empty_container(mut value: Value) -> Value {
    if let Value::Object(root) = &mut value
        && root.get(CONTAINER) == Some(&json!({}))
    {
        root.remove(CONTAINER);
    }
    value
}

/// Every token and comment, as written.
fn tokens(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut tokens = Vec::new();
    while scanner.scan().unwrap().is_some() {
        tokens.push(text[scanner.token_start()..scanner.token_end()].to_owned());
    }
    tokens
}

fn is_subsequence(short: &[String], long: &[String]) -> bool {
    let mut long = long.iter();
    short.iter().all(|token| long.any(|other| other == token))
}

/// A document with white space and comments put between its tokens, but not within our entry; and those comments.
fn with_trivia(
    document: &[u8],
    syntax: Syntax,
    places: &[(prop::sample::Index, usize)],
) -> (Vec<u8>, Vec<String>) {
    let text = std::str::from_utf8(document).unwrap();
    let bom = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let ours = text.rfind("\"keystow\"").unwrap();
    let ours = ours..ours
        + text[ours..].find("]").unwrap()
        + text[ours..].split_once(']').unwrap().1.find('}').unwrap()
        + 2;
    let mut scanner = Scanner::new(&text[bom..], &ScannerOptions::default());
    let mut gaps = vec![bom];
    while scanner.scan().unwrap().is_some() {
        gaps.push(bom + scanner.token_end());
    }
    gaps.retain(|gap| !(ours.start < *gap && *gap < ours.end));
    let mut comments = Vec::new();
    let mut splices: Vec<(usize, String)> = Vec::new();
    for (n, (index, kind)) in places.iter().enumerate() {
        let piece = match (kind, syntax) {
            (3, Syntax::Jsonc) => format!("// ours-{n}-not\n"),
            (4, Syntax::Jsonc) => format!("/* ours-{n}-not */"),
            (5, Syntax::Jsonc) => format!(" // ours-{n}-not\r\n    "),
            (0, _) => "\n".to_owned(),
            (1, _) => "   ".to_owned(),
            _ => "\r\n\t".to_owned(),
        };
        if piece.contains("ours") {
            comments.push(piece.trim().to_owned());
        }
        splices.push((gaps[index.index(gaps.len())], piece));
    }
    splices.sort();
    let mut out = String::new();
    let mut done = 0;
    for (at, piece) in splices {
        out.push_str(&text[done..at]);
        // A line comment that ends in no line end swallows nothing of ours.
        out.push_str(&piece);
        done = at;
    }
    out.push_str(&text[done..]);
    (out.into_bytes(), comments)
}

fn set(before: &[u8], syntax: Syntax, name: &str, n: usize) -> Edited {
    set_entry(Some(before), &servers(syntax, &at()), name, &entry(n)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn removal_gives_back_every_byte((syntax, before) in any_document()) {
        let edited = set(&before, syntax, "keystow", 1);
        let removed = remove_entry(&edited.after, &servers(syntax, &at()), "keystow", Some(&edited.receipt)).unwrap();
        prop_assert_eq!(removed.handed_on, None);
        prop_assert_eq!(removed.after.as_deref().map(show), Some(show(&before)), "in between:\n{}", show(&edited.after));
    }

    #[test]
    fn only_our_entry_comes_in((syntax, before) in any_document()) {
        let edited = set(&before, syntax, "keystow", 1);
        prop_assert_eq!(edited.replaced, None);
        prop_assert_eq!(read_entry(&edited.after, &servers(syntax, &at()), "keystow").unwrap(), Some(entry(1)));
        prop_assert_eq!(
            without_empty_container(parsed_without_ours(&edited.after, &["keystow"])),
            without_empty_container(parsed(&before))
        );
        prop_assert!(is_subsequence(&tokens(&before), &tokens(&edited.after)));
        if syntax == Syntax::Json {
            let text = show(&edited.after);
            prop_assert!(serde_json::from_str::<Value>(text.trim_start_matches('\u{FEFF}')).is_ok(), "{}", text);
        }
    }

    #[test]
    fn setting_the_same_again_changes_nothing((syntax, before) in any_document()) {
        let once = set(&before, syntax, "keystow", 1);
        let twice = set(&once.after, syntax, "keystow", 1);
        prop_assert_eq!(show(&twice.after), show(&once.after));
        prop_assert_eq!(twice.replaced, Some(entry(1)));
    }

    #[test]
    fn replacing_touches_only_the_value((syntax, before) in any_document()) {
        let first = set(&before, syntax, "keystow", 1);
        let mut second = set(&first.after, syntax, "keystow", 2);
        prop_assert_eq!(&second.replaced, &Some(entry(1)));
        second.receipt.inherit(first.receipt);
        let removed = remove_entry(&second.after, &servers(syntax, &at()), "keystow", Some(&second.receipt)).unwrap();
        prop_assert_eq!(removed.after.as_deref().map(show), Some(show(&before)));
    }

    #[test]
    fn entries_come_out_in_any_order(
        (syntax, before) in any_document(),
        new_file in prop::bool::weighted(0.1),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
    ) {
        let names = ["keystow", "keystow-b", "keystow-c"];
        let mut text = (!new_file).then(|| before.clone());
        let mut receipts: Vec<Receipt> = Vec::new();
        for (n, name) in names.iter().enumerate() {
            let edited = set_entry(text.as_deref(), &servers(syntax, &at()), name, &entry(n)).unwrap();
            text = Some(edited.after);
            receipts.push(edited.receipt);
        }
        for (step, n) in order.iter().enumerate() {
            let now = text.clone().unwrap();
            let removed = remove_entry(&now, &servers(syntax, &at()), names[*n], Some(&receipts[*n])).unwrap();
            if let Some(receipt) = removed.handed_on {
                let heir = order.get(step + 1);
                prop_assert!(heir.is_some(), "handed on by the last one");
                receipts[*heir.unwrap()].inherit(receipt);
            }
            text = removed.after;
        }
        let expected = (!new_file).then(|| show(&before));
        prop_assert_eq!(text.as_deref().map(show), expected);
    }

    #[test]
    fn entries_come_out_of_a_reformatted_file((syntax, before) in any_document(), b_first in any::<bool>()) {
        let a = set(&before, syntax, "keystow", 1);
        let b = set(&a.after, syntax, "keystow-b", 2);
        let reformatted = serde_json::to_vec_pretty(&parsed(&b.after)).unwrap();
        let mut order = [("keystow", a.receipt), ("keystow-b", b.receipt)];
        if b_first {
            order.reverse();
        }
        let [(first, first_receipt), (second, mut second_receipt)] = order;
        let removed = remove_entry(&reformatted, &servers(syntax, &at()), first, Some(&first_receipt)).unwrap();
        if let Some(receipt) = removed.handed_on {
            second_receipt.inherit(receipt);
        }
        let removed = remove_entry(&removed.after.unwrap(), &servers(syntax, &at()), second, Some(&second_receipt)).unwrap();
        prop_assert_eq!(parsed(&removed.after.unwrap()), parsed(&before));
    }

    #[test]
    fn what_others_write_around_an_entry_stays(
        (syntax, before) in any_document(),
        new_file in prop::bool::weighted(0.2),
        places in vec((any::<prop::sample::Index>(), 0_usize..6), 1..6),
    ) {
        let before = (!new_file).then_some(before);
        let edited = set_entry(before.as_deref(), &servers(syntax, &at()), "keystow", &entry(1)).unwrap();
        let (changed, comments) = with_trivia(&edited.after, syntax, &places);
        let removed = remove_entry(&changed, &servers(syntax, &at()), "keystow", Some(&edited.receipt)).unwrap();
        let after = removed.after.unwrap_or_else(|| b"{}".to_vec());
        prop_assert_eq!(
            without_empty_container(parsed(&after)),
            without_empty_container(before.as_deref().map_or(json!({}), parsed)),
            "in between:\n{}", show(&changed)
        );
        let after = show(&after);
        for comment in comments {
            prop_assert!(after.contains(&comment), "{} is gone from\n{}\nto\n{}", comment, show(&changed), after);
        }
    }

    #[test]
    fn removal_without_a_receipt_is_tidy((syntax, before) in any_document()) {
        let edited = set(&before, syntax, "keystow", 1);
        let removed = remove_entry(&edited.after, &servers(syntax, &at()), "keystow", None).unwrap();
        let after = removed.after.unwrap();
        prop_assert_eq!(read_entry(&after, &servers(syntax, &at()), "keystow").unwrap(), None);
        prop_assert_eq!(without_empty_container(parsed(&after)), without_empty_container(parsed(&before)));
        prop_assert!(is_subsequence(&tokens(&before), &tokens(&after)) );
    }

    #[test]
    fn an_entry_that_is_not_there_leaves_every_byte((syntax, before) in any_document()) {
        let removed = remove_entry(&before, &servers(syntax, &at()), "keystow", None).unwrap();
        prop_assert_eq!(removed.after, Some(before));
    }

    #[test]
    fn entries_of_others_come_out_whole((syntax, before) in any_document(), index in any::<prop::sample::Index>()) {
        // A server of somebody else's, removed by its name, leaves a document with everything but it.
        let names: Vec<String> = match parsed(&before).get(CONTAINER).and_then(Value::as_object) {
            Some(servers) if !servers.is_empty() => servers.keys().cloned().collect(),
            _ => return Ok(()),
        };
        let name = &names[index.index(names.len())];
        if let Ok(removed) = remove_entry(&before, &servers(syntax, &at()), name, None) {
            prop_assert_eq!(parsed(&removed.after.unwrap()), parsed_without_ours(&before, &[name]));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..64), syntax in any_syntax()) {
        let _ = set_entry(Some(&bytes), &servers(syntax, &at()), "keystow", &entry(1));
        let _ = remove_entry(&bytes, &servers(syntax, &at()), "keystow", None);
        let _ = read_entry(&bytes, &servers(syntax, &at()), "keystow");
    }

    #[test]
    fn soup_is_refused_or_given_back(pieces in vec(soup(), 0..24), syntax in any_syntax()) {
        let before = pieces.concat().into_bytes();
        if let Ok(edited) = set_entry(Some(&before), &servers(syntax, &at()), "keystow", &entry(1))
            && edited.replaced.is_none()
        {
            let removed = remove_entry(&edited.after, &servers(syntax, &at()), "keystow", Some(&edited.receipt)).unwrap();
            prop_assert_eq!(removed.after, Some(before));
        }
    }

    #[test]
    fn strict_json_is_what_another_parser_takes(pieces in vec(soup(), 0..24)) {
        let text = pieces.concat();
        let ours = read_entry(text.as_bytes(), &servers(Syntax::Json, &[]), "x");
        let body = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let theirs = serde_json::from_str::<Value>(body);
        match (ours, theirs) {
            (Ok(_), Err(error)) => prop_assert!(body.trim().is_empty(), "{:?}: {}", text, error),
            (Err(error), Ok(value)) => prop_assert!(
                matches!(error.code(), "edit.wrong_type" | "edit.duplicate_key") && !(value.is_object() && error.code() == "edit.wrong_type"),
                "{:?}: {}", text, error
            ),
            _ => {}
        }
    }
}

/// JSON with comments and trailing commas, and nothing else that the other parser could be asked for.
const JSONC: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn jsonc_is_what_another_parser_takes(pieces in vec(soup(), 0..12), whole in any::<bool>()) {
        let mut text = pieces.concat();
        if whole {
            text = format!("{{\"a\": [{text}] }}");
        }
        // What the other one lets pass though no JSON has it.
        text.retain(|c| "\t\r\n".contains(c) || c >= ' ' && (c.is_ascii() || !c.is_whitespace()));
        let body = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let ours = read_entry(text.as_bytes(), &servers(Syntax::Jsonc, &[]), "x");
        match (ours, parse_to_serde_value::<Option<Value>>(body, &JSONC)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs.and_then(|value| value.get("x").cloned())),
            (Ok(_), Err(error)) => prop_assert!(false, "{:?}: {}", text, error),
            (Err(error), Ok(theirs)) => prop_assert!(
                match error.code() {
                    "edit.wrong_type" => theirs.is_none_or(|value| !value.is_object()),
                    "edit.duplicate_key" => true,
                    // It takes them in strings as they are.
                    _ if error.to_string().contains("the control character") => true,
                    _ => theirs.is_none(),
                },
                "{:?}: {}", text, error
            ),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn values_and_names_are_what_another_parser_reads((syntax, before) in any_document()) {
        let theirs = parsed(&before);
        let Some(theirs) = theirs.get(CONTAINER).and_then(Value::as_object) else {
            prop_assert_eq!(read_names(&before, &servers(syntax, &at())), Ok(None));
            return Ok(());
        };
        let names = read_names(&before, &servers(syntax, &at())).unwrap().unwrap();
        for name in &names {
            match read_entry(&before, &servers(syntax, &at()), name) {
                Ok(ours) => prop_assert_eq!(
                    // The other one knows no minus zero.
                    ours.map(|value| value.to_string().replace("-0.0", "0")),
                    theirs.get(name).map(Value::to_string)
                ),
                Err(error) => prop_assert_eq!(
                    (error.code(), names.iter().filter(|other| *other == name).count() > 1),
                    ("edit.duplicate_key", true)
                ),
            }
        }
        prop_assert!(theirs.keys().all(|name| names.contains(name)));
    }
}

/// Pieces of documents in no order.
fn soup() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "{",
        "}",
        "[",
        "]",
        ",",
        ",",
        ":",
        ":",
        "\"mcpServers\"",
        "\"keystow\"",
        "\"a\"",
        "\"x\"",
        "\"a\":",
        "1",
        "-",
        "01",
        "1.",
        ".5",
        "1e",
        "true",
        "nul",
        "null",
        "\"",
        "\\",
        "//",
        "/*",
        "*/",
        "// c\n",
        "/* c */",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\u{FEFF}",
        "\u{A0}",
        "\u{B}",
        "\u{C}",
        "\0",
        "é",
        "'",
        "'a'",
        "\"\t\"",
        "\"\\u12\"",
        "NaN",
        "Infinity",
        "0x1",
        "+1",
        "{}",
        "\"mcpServers\":{}",
        "{\"mcpServers\":{}}",
    ])
}
