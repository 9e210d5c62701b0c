//! Any bytes, as a settings file, through the editor of the syntax that `KEYSTOW_FUZZ` names (json, jsonc, toml or yaml), and as the
//! previews of that.
//!
//! What must hold is in [`holds`] and [`same_as_whole`]; `scripts/fuzz.sh` builds this with coverage and runs it.
#![no_main]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use keystow_core::edit::{
    EditError, Servers, Syntax, read_entry, read_names, remove_entry, set_entry,
};
use keystow_core::plan::{LineKind, diff, redact};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// The name of our entry; seeds do not have it.
const NAME: &str = "keystow-fuzz";

fn syntax() -> Syntax {
    static SYNTAX: OnceLock<Syntax> = OnceLock::new();
    *SYNTAX.get_or_init(|| match std::env::var("KEYSTOW_FUZZ").as_deref() {
        Ok("json") => Syntax::Json,
        Ok("jsonc") => Syntax::Jsonc,
        Ok("toml") => Syntax::Toml,
        Ok("yaml") => Syntax::Yaml,
        other => panic!("KEYSTOW_FUZZ is {other:?}, not json, jsonc, toml or yaml"),
    })
}

/// Where the clients whose files are the seeds have their servers, and places that are not there.
fn places(syntax: Syntax) -> [Servers; 3] {
    let (map, list) = match syntax {
        Syntax::Json | Syntax::Jsonc => ("mcpServers", "servers"),
        Syntax::Toml => ("mcp_servers", "mcp_servers"),
        Syntax::Yaml => ("extensions", "mcpServers"),
    };
    [
        Servers::map(syntax, [map]),
        Servers::map(syntax, ["mcp", "servers"]),
        Servers::list(syntax, [list], "name"),
    ]
}

fuzz_target!(|bytes: &[u8]| {
    for servers in places(syntax()) {
        holds(bytes, &servers);
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (above, below) = lines.split_at(lines.len() / 2);
    same_as_whole(
        bytes,
        &[above, below.get(1..).unwrap_or_default()]
            .concat()
            .concat(),
    );
});

/// The lines of a preview are redacted as if the whole file were.
fn same_as_whole(before: &[u8], after: &[u8]) {
    let whole = |bytes: &[u8]| {
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes)
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        let shown = redact(&text);
        shown.split('\n').map(str::to_owned).collect::<Vec<_>>()
    };
    let (old, new) = (whole(before), whole(after));
    for line in diff(before, after) {
        let number = |number: Option<u32>| number.map_or(0, |number| number as usize - 1);
        let expected = match line.kind {
            LineKind::Gap => continue,
            LineKind::Added => &new[number(line.after)],
            LineKind::Removed | LineKind::Context => &old[number(line.before)],
        };
        // Longer ones are cut where they differ.
        if !line.text.contains(" characters …›") {
            assert_eq!(&line.text, expected, "a line of the preview");
        }
    }
}

fn entry() -> Value {
    json!({"name": NAME, "command": "/opt/keystow", "args": ["bridge", "c-1"]})
}

/// All that holds of any file: no panic; what is set can be read; removal gives the file back; and nobody else's server changes.
fn holds(before: &[u8], servers: &Servers) {
    let names = read_names(before, servers);
    let found = read_entry(before, servers, NAME);
    let edited = match set_entry(Some(before), servers, NAME, &entry()) {
        Ok(edited) => edited,
        Err(_) => return,
    };
    same_as_whole(before, &edited.after);
    let names = names
        .expect("a file that can be edited can be read")
        .unwrap_or_default();
    assert_eq!(
        found.expect("a file that can be edited can be read"),
        edited.replaced,
        "what was replaced"
    );
    assert_eq!(
        read_entry(&edited.after, servers, NAME),
        Ok(Some(entry())),
        "what was set"
    );
    same_others(before, &edited.after, servers, &names);
    let removed = remove_entry(&edited.after, servers, NAME, Some(&edited.receipt))
        .expect("what was set can be removed");
    if edited.replaced.is_none() {
        assert_eq!(
            removed.after.as_deref().map(String::from_utf8_lossy),
            Some(String::from_utf8_lossy(before)),
            "removal"
        );
    }
    let removed = remove_entry(&edited.after, servers, NAME, None)
        .expect("what was set can be removed without a receipt");
    let after = removed.after.expect("a file that was there");
    assert_eq!(read_entry(&after, servers, NAME), Ok(None), "removed");
    same_others(before, &after, servers, &names);
}

fn same_others(before: &[u8], after: &[u8], servers: &Servers, names: &[String]) {
    let others: Vec<&String> = names.iter().filter(|name| *name != NAME).collect();
    let now = read_names(after, servers)
        .expect("a file that was edited can be read")
        .unwrap_or_default();
    let now: Vec<&String> = now.iter().filter(|name| *name != NAME).collect();
    assert_eq!(now, others, "names of others");
    let few: BTreeSet<&String> = others.into_iter().take(8).collect();
    for name in few {
        match (
            read_entry(before, servers, name),
            read_entry(after, servers, name),
        ) {
            (Err(EditError::DuplicateKey { .. }), Err(EditError::DuplicateKey { .. })) => {}
            (before, after) => assert_eq!(before, after, "the entry {name:?} of others"),
        }
    }
}
