//! TOML by example: what is written where, and that removal gives the bytes back.

use keystow_core::edit::{
    EditError, Edited, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use serde_json::{Value, json};

fn entry() -> Value {
    json!({"command": "/opt/keystow", "args": ["bridge", "c-1"]})
}

fn servers(at: &[&str]) -> Servers {
    Servers::map(Syntax::Toml, at.iter().copied())
}

fn list(at: &[&str]) -> Servers {
    Servers::list(Syntax::Toml, at.iter().copied(), "name")
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a parser that is not ours makes of it.
fn parsed(text: &str) -> toml::Table {
    toml::from_str(text.trim_start_matches('\u{FEFF}'))
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Sets the entry, checks that it is there and that removal gives the original back, and returns the text in between.
#[track_caller]
fn set_as(before: &str, servers: &Servers, entry: &Value) -> String {
    let Edited {
        after,
        receipt,
        replaced,
    } = set_entry(Some(before.as_bytes()), servers, "keystow", entry).unwrap();
    assert_eq!(replaced, None);
    parsed(&show(&after));
    let read = read_entry(&after, servers, "keystow").unwrap().unwrap();
    for (key, value) in entry.as_object().unwrap() {
        assert_eq!(read.get(key), Some(value), "{}", show(&after));
    }
    let again = set_entry(Some(&after), servers, "keystow", entry).unwrap();
    assert_eq!(show(&again.after), show(&after));
    let removed = remove_entry(&after, servers, "keystow", Some(&receipt)).unwrap();
    assert_eq!(
        removed.after.as_deref().map(show).as_deref(),
        Some(before),
        "in between:\n{}",
        show(&after)
    );
    assert_eq!(removed.handed_on, None);
    show(&after)
}

#[track_caller]
fn adds(before: &str, after: &str) {
    assert_eq!(set_as(before, &servers(&["mcp_servers"]), &entry()), after);
}

#[track_caller]
fn lists(before: &str, after: &str) {
    assert_eq!(
        set_as(before, &list(&["mcp_servers"]), &json!({"command": "/k"})),
        after
    );
}

/// Replaces the entry with that of [`entry`].
#[track_caller]
fn replaces(before: &str, after: &str) {
    let servers = servers(&["mcp_servers"]);
    let old = read_entry(before.as_bytes(), &servers, "keystow").unwrap();
    let edited = set_entry(Some(before.as_bytes()), &servers, "keystow", &entry()).unwrap();
    assert_eq!(show(&edited.after), after);
    assert_eq!(edited.replaced, old);
    parsed(after);
}

#[track_caller]
fn removes(before: &str, after: &str) {
    let removed = remove_entry(
        before.as_bytes(),
        &servers(&["mcp_servers"]),
        "keystow",
        None,
    )
    .unwrap();
    assert_eq!(removed.after.as_deref().map(show).as_deref(), Some(after));
}

#[track_caller]
fn refused(before: &str, servers: &Servers) -> EditError {
    let error = set_entry(Some(before.as_bytes()), servers, "keystow", &entry()).unwrap_err();
    let same = remove_entry(before.as_bytes(), servers, "keystow", None).unwrap_err();
    assert_eq!(error, same);
    assert_eq!(
        error,
        read_entry(before.as_bytes(), servers, "keystow").unwrap_err()
    );
    error
}

const OURS: &str =
    "[mcp_servers.keystow]\ncommand = \"/opt/keystow\"\nargs = [\"bridge\", \"c-1\"]";

#[test]
fn makes_a_file() {
    let at = servers(&["mcp_servers"]);
    let edited = set_entry(None, &at, "keystow", &entry()).unwrap();
    assert_eq!(show(&edited.after), format!("{OURS}\n"));
    let removed = remove_entry(&edited.after, &at, "keystow", Some(&edited.receipt)).unwrap();
    assert_eq!(removed.after, None);
    let removed = remove_entry(&edited.after, &at, "keystow", None).unwrap();
    assert_eq!(removed.after, Some(Vec::new()));
    let commented = format!("# mine\n{}", show(&edited.after));
    let removed =
        remove_entry(commented.as_bytes(), &at, "keystow", Some(&edited.receipt)).unwrap();
    assert_eq!(
        removed.after.as_deref().map(show).as_deref(),
        Some("# mine\n")
    );
}

#[test]
fn fills_a_blank_file() {
    adds("", &format!("{OURS}\n"));
    adds(" \n\n", &format!("{OURS}\n"));
    adds("\u{FEFF}", &format!("\u{FEFF}{OURS}\n"));
    adds("\r\n", &format!("{}\r\n", OURS.replace('\n', "\r\n")));
    assert_eq!(
        set_as("", &list(&["mcp_servers"]), &json!({"command": "/k"})),
        "[[mcp_servers]]\nname = \"keystow\"\ncommand = \"/k\"\n"
    );
    assert_eq!(
        set_as("", &servers(&[]), &json!({"command": "/k"})),
        "[keystow]\ncommand = \"/k\"\n"
    );
}

#[test]
fn stands_at_the_end_where_there_are_no_servers() {
    adds("# hi\n", &format!("# hi\n\n{OURS}\n"));
    adds("# hi", &format!("# hi\n\n{OURS}"));
    adds("model = \"x\"\n", &format!("model = \"x\"\n\n{OURS}\n"));
    adds("\u{FEFF}a = 1\n", &format!("\u{FEFF}a = 1\n\n{OURS}\n"));
    adds("[a]\nb = 1", &format!("[a]\nb = 1\n\n{OURS}"));
    adds(
        "[a]\nb = 1\n\n\n# end\n\n \n",
        &format!("[a]\nb = 1\n\n\n# end\n\n{OURS}\n\n \n"),
    );
    adds(
        "[[hooks]]\nrun = 1\n\n[[hooks]]\nrun = 2\n",
        &format!("[[hooks]]\nrun = 1\n\n[[hooks]]\nrun = 2\n\n{OURS}\n"),
    );
    adds(
        "a = '''\n[mcp_servers.x]\n'''\n",
        &format!("a = '''\n[mcp_servers.x]\n'''\n\n{}\n", OURS),
    );
}

#[test]
fn stands_behind_the_last_of_its_neighbours() {
    adds(
        "[mcp_servers.a]\ncommand = \"x\"\n\n[mcp_servers.a.env]\nK = \"v\"\n\n[tui]\nt = 1\n",
        &format!(
            "[mcp_servers.a]\ncommand = \"x\"\n\n[mcp_servers.a.env]\nK = \"v\"\n\n{OURS}\n\n[tui]\nt = 1\n"
        ),
    );
    // Scattered, and a table above that is only on the way.
    adds(
        "[mcp_servers.a]\nc = \"x\"\n\n[tui]\nt = 1\n\n[mcp_servers.b.env]\nK = \"v\"\n\n[z]\n",
        &format!(
            "[mcp_servers.a]\nc = \"x\"\n\n[tui]\nt = 1\n\n[mcp_servers.b.env]\nK = \"v\"\n\n{OURS}\n\n[z]\n"
        ),
    );
    adds(
        "[mcp_servers]\n\n[z]\n",
        &format!("[mcp_servers]\n\n{OURS}\n\n[z]\n"),
    );
    adds(
        "[\"mcp_servers\".\"a.b\"]\nc = \"x\"\n['mcp_servers'.'c d']\nc = \"y\"\n[z]\n",
        &format!(
            "[\"mcp_servers\".\"a.b\"]\nc = \"x\"\n['mcp_servers'.'c d']\nc = \"y\"\n{OURS}\n[z]\n"
        ),
    );
}

#[test]
fn leaves_a_comment_with_the_header_below_it() {
    adds(
        "[mcp_servers.a]\nc = \"x\" # trailing\n# still a\n\n# about z\n[z]\n",
        &format!("[mcp_servers.a]\nc = \"x\" # trailing\n# still a\n\n{OURS}\n\n# about z\n[z]\n"),
    );
    adds(
        "[mcp_servers.a]\nc = \"x\"\n# about z\n# more\n[z]\n",
        &format!("[mcp_servers.a]\nc = \"x\"\n{OURS}\n# about z\n# more\n[z]\n"),
    );
    adds(
        "[mcp_servers.a]\nc = \"x\"\n\n# section\n\n# about z\n[z]\n",
        &format!("[mcp_servers.a]\nc = \"x\"\n\n{OURS}\n\n# section\n\n# about z\n[z]\n"),
    );
    removes(
        &format!("[a]\n\n# mine\n{OURS} # gone\n# about z\n[z]\n"),
        "[a]\n\n# mine\n# about z\n[z]\n",
    );
}

#[test]
fn takes_on_the_style_of_the_neighbours() {
    // Line ends, indentation, spacing.
    adds(
        "[mcp_servers.a]\r\n  c=\"x\"\r\n[mcp_servers.b]\r\n  c=\"x\"\r\n",
        "[mcp_servers.a]\r\n  c=\"x\"\r\n[mcp_servers.b]\r\n  c=\"x\"\r\n[mcp_servers.keystow]\r\n  command=\"/opt/keystow\"\r\n  \
         args=[\"bridge\", \"c-1\"]\r\n",
    );
    adds(
        "[a]\n\tb = 1\n\n\n\t[mcp_servers.x]\n\t\tc = \"y\"\n",
        "[a]\n\tb = 1\n\n\n\t[mcp_servers.x]\n\t\tc = \"y\"\n\n\n\t[mcp_servers.keystow]\n\t\tcommand = \
         \"/opt/keystow\"\n\t\targs = [\"bridge\", \"c-1\"]\n",
    );
    adds(
        "a = 1\r\nb = 2\n",
        "a = 1\r\nb = 2\n\n[mcp_servers.keystow]\ncommand = \"/opt/keystow\"\nargs = [\"bridge\", \"c-1\"]\n",
    );
    // Quotes.
    adds(
        "[mcp_servers.a]\nc = 'x'\n",
        "[mcp_servers.a]\nc = 'x'\n\n[mcp_servers.keystow]\ncommand = '/opt/keystow'\nargs = ['bridge', 'c-1']\n",
    );
    let windows =
        json!({"command": r"C:\k.exe", "args": ["a"], "env": {"a.b": "it's", "C": "é\u{1}\t"}});
    assert_eq!(
        set_as("", &servers(&["m"]), &windows),
        "[m.keystow]\ncommand = \"C:\\\\k.exe\"\nargs = [\"a\"]\nenv = { \"a.b\" = \"it's\", C = \"é\\u0001\\t\" }\n"
    );
    assert_eq!(
        set_as(
            "[m.a]\nb = \"x\"\nc = 'C:\\x'\n",
            &servers(&["m"]),
            &windows
        ),
        "[m.a]\nb = \"x\"\nc = 'C:\\x'\n\n[m.keystow]\ncommand = 'C:\\k.exe'\nargs = [\"a\"]\nenv = { \"a.b\" = \"it's\", C = \
         \"é\\u0001\\t\" }\n"
    );
}

#[test]
fn stands_beside_inline_tables() {
    let ours = "keystow = { command = \"/opt/keystow\", args = [\"bridge\", \"c-1\"] }";
    adds(
        "[mcp_servers]\na = { command = \"x\" } # a\n\n[z]\n",
        &format!("[mcp_servers]\na = {{ command = \"x\" }} # a\n{ours}\n\n[z]\n"),
    );
    adds(
        "  mcp_servers.a = { command = \"x\" }\nb = 1",
        &format!("  mcp_servers.a = {{ command = \"x\" }}\n  mcp_servers.{ours}\nb = 1"),
    );
    adds(
        "mcp_servers = { a = { command = \"x\" } }\n",
        &format!("mcp_servers = {{ a = {{ command = \"x\" }}, {ours} }}\n"),
    );
    adds(
        "mcp_servers = {}\n",
        &format!("mcp_servers = {{ {ours} }}\n"),
    );
    adds(
        "mcp_servers = {  }\n",
        &format!("mcp_servers = {{  {ours}  }}\n"),
    );
    adds(
        "mcp_servers={a={c='x'}}",
        "mcp_servers={a={c='x'}, keystow={command='/opt/keystow', args=['bridge', 'c-1']}}",
    );
    // As TOML 1.1 has it, over several lines.
    adds(
        "mcp_servers = {\n  a = { command = \"x\" }, # a\n  # end\n}\n",
        &format!("mcp_servers = {{\n  a = {{ command = \"x\" }}, # a\n  # end\n  {ours},\n}}\n"),
    );
    assert_eq!(
        set_as("x = { y = 1 }\n", &servers(&["x", "m"]), &json!({"c": 1})),
        "x = { y = 1, m = { keystow = { c = 1 } } }\n"
    );
}

#[test]
fn stands_beside_dotted_keys() {
    adds(
        "mcp_servers.a.command = \"x\"\nmcp_servers.a.args = []\nb = 1\n\n[z]\n",
        "mcp_servers.a.command = \"x\"\nmcp_servers.a.args = []\nmcp_servers.keystow.command = \
         \"/opt/keystow\"\nmcp_servers.keystow.args = [\"bridge\", \"c-1\"]\nb = 1\n\n[z]\n",
    );
    adds(
        "[mcp_servers]\na.command = \"x\"\n",
        "[mcp_servers]\na.command = \"x\"\nkeystow.command = \"/opt/keystow\"\nkeystow.args = [\"bridge\", \"c-1\"]\n",
    );
    assert_eq!(
        set_as(
            "[x]\nm.a.c = 1\n[y]\n",
            &servers(&["x", "m"]),
            &json!({"c": 1})
        ),
        "[x]\nm.a.c = 1\nm.keystow.c = 1\n[y]\n"
    );
    assert_eq!(
        set_as("x.y = 1\n[z]\n", &servers(&["x", "m"]), &json!({"c": 1})),
        "x.y = 1\nx.m.keystow = { c = 1 }\n[z]\n"
    );
    assert_eq!(
        set_as(
            "[x]\ny = 1\n\n[z]\n",
            &servers(&["x", "m"]),
            &json!({"c": 1})
        ),
        "[x]\ny = 1\n\n[x.m.keystow]\nc = 1\n\n[z]\n"
    );
}

#[test]
fn stands_in_lists() {
    lists(
        "[[mcp_servers]]\nname = \"a\"\ncommand = \"x\"\n[mcp_servers.env]\nK = \"v\"\n\n[z]\n",
        "[[mcp_servers]]\nname = \"a\"\ncommand = \"x\"\n[mcp_servers.env]\nK = \"v\"\n\n[[mcp_servers]]\nname = \
         \"keystow\"\ncommand = \"/k\"\n\n[z]\n",
    );
    lists(
        "a = 1\n",
        "a = 1\n\n[[mcp_servers]]\nname = \"keystow\"\ncommand = \"/k\"\n",
    );
    lists(
        "mcp_servers = []\n",
        "mcp_servers = [{ name = \"keystow\", command = \"/k\" }]\n",
    );
    lists(
        "mcp_servers = [{name=\"a\"}]\n",
        "mcp_servers = [{name=\"a\"}, {name=\"keystow\", command=\"/k\"}]\n",
    );
    lists(
        "mcp_servers = [\n    { name = \"a\" }, # a\n    # end\n]\n",
        "mcp_servers = [\n    { name = \"a\" }, # a\n    # end\n    { name = \"keystow\", command = \"/k\" },\n]\n",
    );
    lists(
        "mcp_servers = [\n  { name = \"a\" } # a\n]\n",
        "mcp_servers = [\n  { name = \"a\" }, # a\n  { name = \"keystow\", command = \"/k\" }\n]\n",
    );
    lists(
        "mcp_servers = [ # none\n]\n",
        "mcp_servers = [ # none\n  { name = \"keystow\", command = \"/k\" }\n]\n",
    );
    let names = read_names(
        b"[[s]]\nname = 'a'\n[[s]]\nx = 1\n[[s]]\nname = \"b\"\n",
        &list(&["s"]),
    );
    assert_eq!(names.unwrap(), Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(
        refused(
            "[[s]]\nname = 'keystow'\n[[s]]\nname = 'keystow'\n",
            &list(&["s"])
        )
        .to_string(),
        "line 3, column 1: \"keystow\" occurs for the second time"
    );
}

#[test]
fn changes_only_what_differs_under_a_header() {
    replaces(
        "[mcp_servers.keystow] # ours\n  # what to run\n  command = '/old' # old\n  args = [\"bridge\", \"c-1\"]  # kept\n  cwd = \
         \"/\"\n\n[mcp_servers.keystow.env]\nA = \"b\"\n\n[z]\n",
        "[mcp_servers.keystow] # ours\n  # what to run\n  command = \"/opt/keystow\" # old\n  args = [\"bridge\", \"c-1\"]  # kept\n\n[z]\n",
    );
    replaces("[mcp_servers.keystow]\nurl = \"x\"\n", &format!("{OURS}\n"));
    replaces(
        "[mcp_servers.keystow.env]\nA = \"b\"\n\n[z]\n",
        &format!("[z]\n\n{OURS}\n"),
    );
    replaces(
        "[a]\n\n[mcp_servers.keystow]\n[mcp_servers.keystow.command]\nx = 1\n",
        &format!("[a]\n\n{OURS}\n"),
    );
}

#[test]
fn keeps_the_form_of_what_it_replaces() {
    replaces(
        "mcp_servers = {keystow={command=\"x\"}} # c\n",
        "mcp_servers = {keystow={command=\"/opt/keystow\", args=[\"bridge\", \"c-1\"]}} # c\n",
    );
    replaces(
        "[mcp_servers]\nkeystow = { url = \"x\" } # c\n",
        "[mcp_servers]\nkeystow = { command = \"/opt/keystow\", args = [\"bridge\", \"c-1\"] } # c\n",
    );
    replaces(
        "a = 1\nmcp_servers.keystow.command = \"x\" # c\nb = 1\nmcp_servers.keystow.url = \"x\"\nc = 1\n",
        "a = 1\nmcp_servers.keystow.command = \"/opt/keystow\"\nmcp_servers.keystow.args = [\"bridge\", \"c-1\"] # c\nb = 1\nc = 1\n",
    );
    replaces(
        "[mcp_servers]\nkeystow = 3\n",
        "[mcp_servers]\nkeystow = { command = \"/opt/keystow\", args = [\"bridge\", \"c-1\"] }\n",
    );
    replaces(
        "mcp_servers = { keystow.command = \"x\", a.b = 1, keystow.url = \"x\" }\n",
        "mcp_servers = { a.b = 1, keystow = { command = \"/opt/keystow\", args = [\"bridge\", \"c-1\"] } }\n",
    );
}

#[test]
fn reads_and_removes_an_entry_in_several_places_as_one() {
    let text = "[mcp_servers.keystow]\ncommand = \"k\"\n\n[z]\na = 1\n\n[mcp_servers.keystow.env]\nA = \"b\"\n# in z\n\n[y]\n";
    assert_eq!(
        read_entry(text.as_bytes(), &servers(&["mcp_servers"]), "keystow").unwrap(),
        Some(json!({"command": "k", "env": {"A": "b"}}))
    );
    removes(text, "[z]\na = 1\n# in z\n\n[y]\n");
    removes(
        "a = 1\nmcp_servers.keystow.a = 1\n# b\nb = 1\nmcp_servers.keystow.b = 1",
        "a = 1\n# b\nb = 1",
    );
    removes(
        "mcp_servers = { keystow.a = 1, b.c = 1, keystow.b = 1 }",
        "mcp_servers = { b.c = 1 }",
    );
}

#[test]
fn removes_what_was_made_for_it_after_the_client_wrote_the_file_again() {
    let at = servers(&["mcp_servers"]);
    let edited = set_entry(Some(b"a = 1\n"), &at, "keystow", &entry()).unwrap();
    for (text, expected) in [
        (format!("a = 1\n\n[mcp_servers]\n\n{OURS}\n"), "a = 1\n"),
        (
            "a = 1\nmcp_servers = { keystow = { command = \"x\" } }\n".to_owned(),
            "a = 1\n",
        ),
        (
            format!("a = 1\n\n[mcp_servers]\n# note\n\n{OURS}\n"),
            "a = 1\n\n[mcp_servers]\n# note\n",
        ),
        (
            format!("a = 1\n\n[mcp_servers]\nb = 1\n\n{OURS}\n"),
            "a = 1\n\n[mcp_servers]\nb = 1\n",
        ),
    ] {
        let removed = remove_entry(text.as_bytes(), &at, "keystow", Some(&edited.receipt)).unwrap();
        assert_eq!(
            removed.after.as_deref().map(show).as_deref(),
            Some(expected)
        );
    }
}

#[test]
fn reads_every_kind_of_value() {
    let text = "[s.keystow]\na = 1_000\nb = 0xff\nc = 1.5e3\nd = inf\ne = true\nf = 2026-11-21T06:00:00Z\ng = [1, [\"x\", { y.z = 2 }],]\n\
                h = \"\"\"\nm\\\n   n\"\"\"\ni.j.k = '''\n'l''''\n[[s.keystow.t]]\nu = 07:30:00\n[[s.keystow.t]]\n";
    assert_eq!(
        read_entry(text.as_bytes(), &servers(&["s"]), "keystow").unwrap(),
        Some(json!({
            "a": 1000, "b": 255, "c": 1500.0, "d": "inf", "e": true, "f": "2026-11-21T06:00:00Z",
            "g": [1, ["x", {"y": {"z": 2}}]], "h": "mn", "i": {"j": {"k": "'l'"}}, "t": [{"u": "07:30:00"}, {}]
        }))
    );
    let text = "[s]\na = 1\n'b c' = {}\n[s.\"d\"]\n";
    assert_eq!(
        read_names(text.as_bytes(), &servers(&["s"])).unwrap(),
        Some(vec!["a".to_owned(), "b c".to_owned(), "d".to_owned()])
    );
    assert_eq!(read_names(b"a = 1", &servers(&["s"])).unwrap(), None);
}

#[test]
fn leaves_out_what_toml_cannot_say() {
    let entry = json!({"command": "k", "env": null, "args": ["a", null], "x": {"y": null, "z": 1}});
    let after = set_entry(None, &servers(&["s"]), "keystow", &entry).unwrap();
    assert_eq!(
        show(&after.after),
        "[s.keystow]\ncommand = \"k\"\nargs = [\"a\"]\nx = { z = 1 }\n"
    );
    for entry in [json!(3), json!(null), json!({"a": u64::MAX})] {
        let error = set_entry(None, &servers(&["s"]), "keystow", &entry).unwrap_err();
        assert_eq!(error.code(), "edit.unsupported");
    }
}

#[test]
fn refuses_with_place_and_reason() {
    let at = servers(&["mcp_servers"]);
    for (text, message) in [
        ("a = 1\nb = \n", "line 2, column 5: "),
        (
            "a = 1\nb 1\n",
            "line 2, column 3: key with no value, expected `=`",
        ),
        ("a = [1\n", "line 1, column 7: unclosed array, expected `]`"),
        ("a = \"x\n", "line 1, column 7: "),
        ("a = 1\n[b\nc = 1", "line 2, column 3: "),
        (
            "a = 1\ra = 2",
            "line 2, column 1: carriage return must be followed by newline",
        ),
        ("a = 2026-13-01\n", "line 1, column 5: invalid date or time"),
        (
            "a = 1\n\na = 2\n",
            "line 3, column 1: \"a\" occurs for the second time",
        ),
        (
            "[a]\n[a]\n",
            "line 2, column 2: \"a\" occurs for the second time",
        ),
        (
            "a = {b=1,b=2}",
            "line 1, column 10: \"b\" occurs for the second time",
        ),
        (
            "x = [{b=1,b=2}]",
            "line 1, column 11: \"b\" occurs for the second time",
        ),
        (
            "a.b = 1\n[a]\n",
            "line 2, column 2: \"a\" occurs for the second time",
        ),
        (
            "a = {}\n[a.b]\n",
            "line 2, column 2: \"a\" cannot be extended, because it is an inline table, which ends at its brace",
        ),
        (
            "[[mcp_servers]]\n",
            "line 1, column 1: \"mcp_servers\" is an array of tables, not a table",
        ),
        (
            "mcp_servers = 3\n",
            "line 1, column 15: \"mcp_servers\" is a number, not a table",
        ),
        (
            "mcp_servers = []\n",
            "line 1, column 15: \"mcp_servers\" is an array, not a table",
        ),
        (
            "mcp_servers = 2026-01-01\n",
            "line 1, column 15: \"mcp_servers\" is a date, not a table",
        ),
        (
            "\u{FEFF}\u{FEFF}a = 1",
            "line 1, column 1: there is a second byte order mark",
        ),
        (
            "[mcp_servers.keystow]\na = 99999999999999999999\n",
            "line 2, column 5: the number is out of range",
        ),
    ] {
        if text.contains("9999") {
            let error = set_entry(Some(text.as_bytes()), &at, "keystow", &entry()).unwrap_err();
            assert_eq!(error.to_string(), message);
            continue;
        }
        let error = refused(text, &at).to_string();
        assert!(error.starts_with(message), "{text:?}: {error}");
    }
    assert_eq!(
        refused("[a]\n[mcp_servers.x]\n", &list(&["mcp_servers"])).to_string(),
        "line 2, column 2: \"mcp_servers\" is a table, not an array"
    );
    for deep in [
        format!("a = {}1{}", "[".repeat(300), "]".repeat(300)),
        format!("a = {}1{}", "{a=".repeat(300), "}".repeat(300)),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[a{}]", ".a".repeat(300)),
        "[".repeat(100_000),
        format!("a = {}", "[{a=".repeat(100_000)),
    ] {
        let code = refused(&deep, &at).code();
        assert!(
            matches!(code, "edit.too_deep" | "edit.syntax"),
            "{code}: {}",
            deep.get(..20).unwrap()
        );
    }
}

#[test]
fn takes_as_long_as_the_file_is() {
    let at = servers(&["mcp_servers"]);
    let time = |tables: usize| {
        let text: String = (0..tables)
            .map(|n| format!("[t{n}]\nkey = \"some value\" # a comment\nother = [1, 2, 3]\n\n"))
            .collect();
        let text = format!("{text}[mcp_servers.a]\nc = 1\n\n[end]\n");
        let begun = std::time::Instant::now();
        let edited = set_entry(Some(text.as_bytes()), &at, "keystow", &entry()).unwrap();
        let removed = remove_entry(&edited.after, &at, "keystow", Some(&edited.receipt)).unwrap();
        assert!(removed.after.as_deref() == Some(text.as_bytes()));
        begun.elapsed()
    };
    time(1_000);
    let (small, big) = (time(4_000), time(40_000));
    assert!(big < small * 40, "{small:?} for a tenth of {big:?}");
}
