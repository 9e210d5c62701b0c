//! TOML edits of whatever people's files may hold: what is not ours stays, byte for byte.

use keystow_core::edit::{
    Edited, Receipt, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use toml::{Table, Value as Toml};

fn at() -> Servers {
    Servers::map(Syntax::Toml, ["mcp_servers"])
}

fn in_list() -> Servers {
    Servers::list(Syntax::Toml, ["mcp_servers"], "name")
}

fn entry(n: usize) -> Value {
    json!({"command": r"C:\k's.exe", "args": ["bridge", format!("c-{n}")], "env": {"a.b": "c"}, "timeout": 1.5, "on": true})
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a parser that is not ours makes of it.
fn parse(text: &str) -> Option<Table> {
    toml::from_str(text).ok()
}

fn parsed(bytes: &[u8]) -> Table {
    let text = show(bytes);
    parse(&text).unwrap_or_else(|| panic!("not TOML:\n{text}"))
}

/// The same without our entries, and without a map or list of servers that holds nothing.
fn without(bytes: &[u8], names: &[&str]) -> Table {
    let mut table = parsed(bytes);
    let empty = match table.get_mut("mcp_servers") {
        Some(Toml::Table(servers)) => {
            servers.retain(|name, _| !names.contains(&name));
            servers.is_empty()
        }
        Some(Toml::Array(items)) => {
            items.retain(|item| {
                let name = item.get("name").and_then(Toml::as_str);
                !name.is_some_and(|name| names.contains(&name))
            });
            items.is_empty()
        }
        _ => false,
    };
    if empty {
        table.remove("mcp_servers");
    }
    table
}

fn pick(choices: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    select(choices)
}

fn value() -> impl Strategy<Value = &'static str> {
    pick(&[
        "1",
        "0xff",
        "1_000",
        "-1.50e+2",
        "inf",
        "true",
        "\"x\"",
        "'C:\\x'",
        "\"\\u00e9\\\"\"",
        "2026-11-21T06:00:00Z",
        "07:30:00",
        "[]",
        "[ 1, 2 ]",
        "[\"a\", 'b', ]",
        "[\n  \"a\", # [mcp_servers.x]\n  \"b\"\n]",
        "{}",
        "{ a = 1 }",
        "{a.b=1,c=[{}]}",
        "\"\"\"\n[mcp_servers.keystow]\n# no\n\"\"\"",
        "'''\nmcp_servers = 3\n'''",
    ])
}

fn trivia() -> impl Strategy<Value = &'static str> {
    pick(&[
        "",
        "",
        "",
        "\n",
        "\n\n",
        "# c\n",
        "# [x]\n# c\n",
        "\n# c\n",
        "# c\n\n",
        " \t\n",
        "  # é\n",
    ])
}

fn trailing() -> impl Strategy<Value = &'static str> {
    pick(&["\n", "\n", "\n", " # c\n", "\t\n", "#\n"])
}

/// Pairs whose keys begin with `prefix`.
fn pairs(prefix: &'static str, indent: &'static str) -> impl Strategy<Value = String> {
    vec((value(), trailing(), trivia(), 0..3_usize), 0..4).prop_map(move |pairs| {
        let mut text = String::new();
        for (n, (value, trailing, trivia, kind)) in pairs.iter().enumerate() {
            let equals = [" = ", "=", "  =  "][*kind];
            let key = ["k", ".'k.k'", " . k.x"][*kind];
            text.push_str(&format!(
                "{indent}{prefix}{n}{key}{equals}{value}{trailing}{trivia}"
            ));
        }
        text
    })
}

/// A table under a header, with what stands below it.
fn table(header: String) -> impl Strategy<Value = String> {
    (
        trivia(),
        pick(&["", "", "  ", "\t"]),
        trailing(),
        trivia(),
        pairs("", ""),
        trivia(),
    )
        .prop_map(move |(above, indent, trailing, below, pairs, end)| {
            format!("{above}{indent}{header}{trailing}{below}{pairs}{end}")
        })
}

/// The servers of others: text for the top of the file, and tables.
fn others() -> impl Strategy<Value = (String, Vec<String>)> {
    let name = || pick(&["a", "b-c", "\"d.e\"", "'f g'"]);
    let inline = (value(), pick(&["", " "]), pick(&["", " # c"]))
        .prop_map(|(value, pad, comment)| (format!("{{{pad}command = {value}{pad}}}"), comment));
    prop_oneof![
        3 => Just((String::new(), Vec::new())),
        // Headers.
        6 => (vec((name(), any::<bool>(), any::<bool>()), 1..4), any::<bool>()).prop_flat_map(|(servers, parent)| {
            let mut headers = Vec::new();
            if parent {
                headers.push("[mcp_servers]".to_owned());
            }
            for (n, (name, own, env)) in servers.into_iter().enumerate() {
                let name = if n == 0 { name.to_owned() } else { format!("s{n}") };
                if own || !env {
                    headers.push(format!("[mcp_servers.{name}]"));
                }
                if env {
                    headers.push(format!("[ mcp_servers . {name} . env ]"));
                }
            }
            let tables: Vec<_> = headers.into_iter().map(table).collect();
            tables.prop_map(|tables| (String::new(), tables))
        }),
        // Inline tables under a header.
        2 => (vec(inline, 0..3), trivia(), trivia()).prop_map(|(servers, above, below)| {
            let mut text = format!("{above}[mcp_servers]\n");
            for (n, (server, comment)) in servers.iter().enumerate() {
                text.push_str(&format!("s{n} = {server}{comment}\n"));
            }
            (String::new(), vec![text + below])
        }),
        // One inline table.
        2 => (vec(value(), 0..3), pick(&["", " "]), trailing()).prop_map(|(values, pad, trailing)| {
            let pairs: Vec<String> = values.iter().enumerate().map(|(n, v)| format!("s{n} = {{ c = {v} }}")).collect();
            (format!("mcp_servers = {{{pad}{}{pad}}}{trailing}", pairs.join(", ")), Vec::new())
        }),
        // Dotted keys.
        2 => pairs("mcp_servers.s", "").prop_map(|text| (text, Vec::new())),
        1 => pairs("s", "  ").prop_map(|text| (String::new(), vec![format!("[mcp_servers]\n{text}")])),
    ]
}

/// The servers of others in a list.
fn others_in_list() -> impl Strategy<Value = (String, Vec<String>)> {
    prop_oneof![
        1 => Just((String::new(), Vec::new())),
        2 => vec((table("[[mcp_servers]]".to_owned()), any::<bool>(), table("[mcp_servers.env]".to_owned())), 1..3).prop_map(|servers| {
            let tables = servers.into_iter().map(|(own, env, below)| if env { own + &below } else { own });
            (String::new(), tables.collect())
        }),
        2 => (vec((value(), pick(&["", " # c\n", "\n", "\n# c\n  "])), 0..3), pick(&["", " ", "\n", "\n  "]), any::<bool>(), pick(&["", " ", "\n", " # end\n"]))
            .prop_map(|(items, open, comma, close)| {
                let count = items.len();
                let mut text = format!("mcp_servers = [{open}");
                for (n, (value, gap)) in items.into_iter().enumerate() {
                    let comma = if n + 1 < count || comma { "," } else { "" };
                    text.push_str(&format!("{{ name = 's{n}', c = {value} }}{comma}{gap}"));
                }
                (format!("{text}{close}]\n"), Vec::new())
            }),
    ]
}

/// A whole file around the servers.
fn document_around(
    others: impl Strategy<Value = (String, Vec<String>)>,
) -> impl Strategy<Value = Vec<u8>> {
    let tables = (
        table("[tui]".to_owned()),
        table("[[hooks]]".to_owned()),
        table("[[hooks]]".to_owned()),
        table("[a.\"b c\".d]".to_owned()),
    )
        .prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    (
        (
            pick(&["", "", "\u{FEFF}"]),
            trivia(),
            pairs("top", ""),
            trivia(),
        ),
        others,
        tables,
        vec(0..5_usize, 4),
        0..4_usize,
        pick(&["lf", "lf", "crlf", "mixed"]),
        any::<bool>(),
    )
        .prop_map(
            |((bom, head, pairs, foot), (top, servers), tables, order, used, eol, last)| {
                let mut parts: Vec<String> = tables.into_iter().take(used).collect();
                let mut from = 0;
                for (n, server) in servers.into_iter().enumerate() {
                    // In their own order, with others in between.
                    let place = (from + order.get(n).copied().unwrap_or(0) % 2).min(parts.len());
                    parts.insert(place, server);
                    from = place + 1;
                }
                let mut text = format!("{head}{pairs}{top}{foot}{}", parts.concat());
                match eol {
                    "crlf" => text = text.replace('\n', "\r\n"),
                    "mixed" => {
                        let mut n = 0;
                        text = text
                            .split_inclusive('\n')
                            .map(|line| {
                                n += 1;
                                if n % 2 == 0 {
                                    line.replace('\n', "\r\n")
                                } else {
                                    line.to_owned()
                                }
                            })
                            .collect();
                    }
                    _ => {}
                }
                if !last {
                    text.truncate(text.trim_end_matches(['\r', '\n']).len());
                }
                format!("{bom}{text}").into_bytes()
            },
        )
        .prop_filter("is TOML", |bytes| parse(&show(bytes)).is_some())
}

fn document() -> impl Strategy<Value = (Servers, Vec<u8>)> {
    prop_oneof![
        3 => document_around(others()).prop_map(|text| (at(), text)),
        1 => document_around(others_in_list()).prop_map(|text| (in_list(), text)),
    ]
}

fn set(before: &[u8], servers: &Servers, name: &str, n: usize) -> Edited {
    set_entry(Some(before), servers, name, &entry(n))
        .unwrap_or_else(|error| panic!("{error}\n{}", show(before)))
}

fn is_ours(read: Option<Value>, n: usize) -> bool {
    read.is_some_and(|read| {
        let wanted = entry(n);
        wanted
            .as_object()
            .unwrap()
            .iter()
            .all(|(key, value)| read.get(key) == Some(value))
    })
}

/// Whether all of `short` but white space is in `long`, in this order.
fn is_subsequence(short: &[u8], long: &[u8]) -> bool {
    let mut long = long.iter();
    short
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .all(|byte| long.any(|other| other == byte))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn removal_gives_back_every_byte((servers, before) in document()) {
        let edited = set(&before, &servers, "keystow", 1);
        let removed = remove_entry(&edited.after, &servers, "keystow", Some(&edited.receipt)).unwrap();
        prop_assert_eq!(removed.handed_on, None);
        prop_assert_eq!(removed.after.as_deref().map(show), Some(show(&before)), "in between:\n{}", show(&edited.after));
    }

    #[test]
    fn only_our_entry_comes_in((servers, before) in document()) {
        let edited = set(&before, &servers, "keystow", 1);
        prop_assert_eq!(edited.replaced, None);
        prop_assert!(is_ours(read_entry(&edited.after, &servers, "keystow").unwrap(), 1));
        prop_assert_eq!(without(&edited.after, &["keystow"]), without(&before, &[]), "{}", show(&edited.after));
        prop_assert!(is_subsequence(&before, &edited.after));
    }

    #[test]
    fn setting_the_same_again_changes_nothing((servers, before) in document()) {
        let once = set(&before, &servers, "keystow", 1);
        let twice = set(&once.after, &servers, "keystow", 1);
        prop_assert_eq!(show(&twice.after), show(&once.after));
    }

    #[test]
    fn replacing_touches_only_the_value((servers, before) in document()) {
        let first = set(&before, &servers, "keystow", 1);
        let mut second = set(&first.after, &servers, "keystow", 2);
        prop_assert!(is_ours(second.replaced, 1));
        prop_assert!(is_ours(read_entry(&second.after, &servers, "keystow").unwrap(), 2));
        second.receipt.inherit(first.receipt);
        let removed = remove_entry(&second.after, &servers, "keystow", Some(&second.receipt)).unwrap();
        prop_assert_eq!(removed.after.as_deref().map(show), Some(show(&before)), "in between:\n{}", show(&second.after));
    }

    #[test]
    fn entries_come_out_in_any_order(
        (servers, before) in document(),
        new_file in prop::bool::weighted(0.1),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
    ) {
        let names = ["keystow", "keystow-b", "key stow.c"];
        let mut text = (!new_file).then(|| before.clone());
        let mut receipts: Vec<Receipt> = Vec::new();
        for (n, name) in names.iter().enumerate() {
            let edited = set_entry(text.as_deref(), &servers, name, &entry(n)).unwrap();
            text = Some(edited.after);
            receipts.push(edited.receipt);
        }
        let full = text.clone().unwrap();
        for (step, n) in order.iter().enumerate() {
            let now = text.clone().unwrap();
            let removed = remove_entry(&now, &servers, names[*n], Some(&receipts[*n])).unwrap();
            if let Some(receipt) = removed.handed_on {
                let heir = order.get(step + 1);
                prop_assert!(heir.is_some(), "handed on by the last one");
                receipts[*heir.unwrap()].inherit(receipt);
            }
            text = removed.after;
        }
        let expected = (!new_file).then(|| show(&before));
        prop_assert_eq!(text.as_deref().map(show), expected, "in between:\n{}", show(&full));
    }

    /// As Codex does: its own tables anew, LF only; or everything anew.
    #[test]
    fn entries_come_out_of_a_file_the_client_wrote_again((servers, before) in document(), pretty in any::<bool>()) {
        let edited = set(&before, &servers, "keystow", 1);
        let table = parsed(&edited.after);
        let again = if pretty { toml::to_string_pretty(&table) } else { toml::to_string(&table) }.unwrap();
        let removed = remove_entry(again.as_bytes(), &servers, "keystow", Some(&edited.receipt)).unwrap();
        prop_assert_eq!(without(&removed.after.unwrap(), &[]), without(&before, &[]), "in between:\n{}", again);
    }

    #[test]
    fn comments_of_others_stay(
        (servers, before) in document(),
        places in vec(any::<prop::sample::Index>(), 1..5),
    ) {
        // Between the statements of a file with our entry in it, but not within ours.
        let edited = set(&before, &servers, "keystow", 1);
        let text = show(&edited.after);
        let same = |(a, b): &(&u8, &u8)| a == b;
        let head = before.iter().zip(&edited.after).take_while(same).count();
        let tail = before.iter().rev().zip(edited.after.iter().rev()).take_while(same).count();
        let gaps: Vec<usize> = std::iter::once(text.len() - text.trim_start_matches('\u{FEFF}').len())
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .filter(|at| *at <= head || *at >= text.len() - tail)
            .collect();
        let mut changed = text.clone();
        let mut count = 0;
        let mut chosen: Vec<usize> = places.iter().map(|place| gaps[place.index(gaps.len())]).collect();
        chosen.sort_unstable();
        chosen.dedup();
        for at in chosen.into_iter().rev() {
            changed.insert_str(at, "# not-ours\n");
            count += 1;
        }
        if parse(&changed).is_none() || read_names(changed.as_bytes(), &servers).is_err() {
            return Ok(());
        }
        let strings = |table: &Table| toml::to_string(table).unwrap().matches("not-ours").count();
        if strings(&parsed(changed.as_bytes())) > 0 {
            return Ok(());
        }
        let removed = remove_entry(changed.as_bytes(), &servers, "keystow", Some(&edited.receipt)).unwrap().after.unwrap_or_default();
        prop_assert_eq!(show(&removed).matches("# not-ours").count(), count, "from\n{}\nto\n{}", changed, show(&removed));
        prop_assert_eq!(without(&removed, &[]), without(&before, &[]));
    }

    #[test]
    fn removal_without_a_receipt_is_tidy((servers, before) in document()) {
        let edited = set(&before, &servers, "keystow", 1);
        let after = remove_entry(&edited.after, &servers, "keystow", None).unwrap().after.unwrap();
        prop_assert_eq!(read_entry(&after, &servers, "keystow").unwrap(), None);
        prop_assert_eq!(without(&after, &[]), without(&before, &[]));
    }

    #[test]
    fn an_entry_that_is_not_there_leaves_every_byte((servers, before) in document()) {
        let removed = remove_entry(&before, &servers, "keystow", None).unwrap();
        prop_assert_eq!(removed.after, Some(before));
    }

    #[test]
    fn entries_of_others_are_replaced_and_come_out_whole((servers, before) in document(), index in any::<prop::sample::Index>()) {
        let names = read_names(&before, &servers).unwrap().unwrap_or_default();
        if names.is_empty() {
            return Ok(());
        }
        let name = &names[index.index(names.len())];
        let removed = remove_entry(&before, &servers, name, None).unwrap().after.unwrap();
        prop_assert_eq!(without(&removed, &[]), without(&before, &[name]), "{}", show(&removed));
        let edited = set(&before, &servers, name, 1);
        prop_assert!(is_ours(read_entry(&edited.after, &servers, name).unwrap(), 1));
        prop_assert_eq!(without(&edited.after, &[name]), without(&before, &[name]), "{}", show(&edited.after));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..64)) {
        let _ = set_entry(Some(&bytes), &at(), "keystow", &entry(1));
        let _ = remove_entry(&bytes, &at(), "keystow", None);
        let _ = read_entry(&bytes, &in_list(), "keystow");
    }

    #[test]
    fn soup_is_given_back_or_refused_as_another_parser_does(pieces in vec(soup(), 0..16)) {
        let before = pieces.concat();
        let theirs = parse(&before);
        for servers in [at(), in_list()] {
            match set_entry(Some(before.as_bytes()), &servers, "keystow", &entry(1)) {
                Ok(edited) => {
                    prop_assert!(theirs.is_some() || before.trim_start_matches('\u{FEFF}').trim().is_empty(), "{:?}", before);
                    prop_assert_eq!(without(&edited.after, &["keystow"]), without_or_blank(&before, &["keystow"]));
                    if edited.replaced.is_none() {
                        let removed = remove_entry(&edited.after, &servers, "keystow", Some(&edited.receipt)).unwrap();
                        prop_assert_eq!(removed.after.as_deref().map(show), Some(before.clone()), "in between:\n{}", show(&edited.after));
                    }
                }
                Err(error) if error.code() == "edit.syntax" || error.code() == "edit.duplicate_key" => {
                    // The other one lets dotted keys reach into arrays of tables, which TOML forbids.
                    prop_assert!(
                        theirs.is_none() || error.to_string().contains("array of tables") || (servers.named_by.is_some() && error.code() == "edit.duplicate_key"),
                        "{:?}: {}", before, error
                    );
                }
                Err(error) => prop_assert_eq!(error.code(), "edit.wrong_type", "{:?}: {}", before, error),
            }
        }
    }
}

fn without_or_blank(text: &str, names: &[&str]) -> Table {
    if text.trim_start_matches('\u{FEFF}').trim().is_empty() {
        Table::new()
    } else {
        without(text.as_bytes(), names)
    }
}

/// Pieces of documents in no order.
fn soup() -> impl Strategy<Value = &'static str> {
    select(vec![
        "[mcp_servers]\n",
        "[mcp_servers.a]\n",
        "[mcp_servers.a.env]\n",
        "[mcp_servers.keystow]\n",
        "[mcp_servers.keystow.env]\n",
        "[[mcp_servers]]\n",
        "[[mcp_servers.keystow]]\n",
        "[b]\n",
        "\n[b.c]\n",
        "[[b]]\n",
        "mcp_servers = {}\n",
        "mcp_servers = { a = { b = 1 } }\n",
        "mcp_servers = { a.b = 1, keystow.c = 2 }\n",
        "mcp_servers = []\n",
        "mcp_servers = [ { name = \"keystow\" } ]\n",
        "mcp_servers.a.b = 1\n",
        "mcp_servers.a = 1\n",
        "mcp_servers.keystow.b = 1\n",
        "keystow.b = 1\n",
        "keystow = {}\n",
        "a = { b = 1 }\n",
        "a.b = 1\n",
        "b.c.d = 1\n",
        "a = 1\n",
        "name = \"keystow\"\n",
        "name = 'x' # c\n",
        "x = ",
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        ".",
        "\"",
        "'''",
        "1",
        "\"\\q\"",
        "# c\n",
        "#",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "é",
        "\u{FEFF}",
        "\u{1}",
    ])
}
