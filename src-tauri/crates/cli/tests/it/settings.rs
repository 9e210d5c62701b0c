//! `settings` and `activity`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::*;

#[test]
fn settings_are_shown_and_changed_one_by_one() {
    let world = signed_in();
    let shown = keystow(&world, &["settings"]).ok();
    for word in ["clipboard", "30 s", "notifications", "all"] {
        assert!(shown.stdout.contains(word), "{word}: {shown}");
    }
    keystow(&world, &["settings", "clipboard", "120"]).ok();
    keystow(&world, &["settings", "notifications", "important"]).ok();
    let settings = keystow(&world, &["settings", "--json"]).ok().json();
    assert_eq!(settings["clipboardS"], 120);
    assert_eq!(settings["notifications"], "important");
    assert_eq!(settings["theme"], "system");
    for wrong in [["clipboard", "31"], ["theme", "pink"], ["volume", "11"]] {
        let refused = keystow(&world, &["settings", wrong[0], wrong[1]]);
        assert_eq!(refused.code, 2, "{refused}");
    }
    assert_eq!(
        keystow(&world, &["settings", "--json"]).ok().json(),
        settings
    );
}

#[test]
fn the_trail_is_narrowed_and_taken_along_without_a_secret_in_it() {
    let world = signed_in();
    lay_settings(&world);
    let key = new_key(&world, "laptop");
    keystow(&world, &["connect", "cursor", "--yes", "--no-probe"]).ok();
    let list = |args: &[&str]| -> Vec<Value> {
        let mut all = vec!["activity", "--json"];
        all.extend(args);
        let found = keystow(&world, &all).ok().json();
        found.as_array().unwrap().clone()
    };
    let kinds = |lines: &[Value]| -> BTreeSet<String> {
        let kind = |line: &Value| {
            line["kind"]
                .as_str()
                .unwrap()
                .split('.')
                .next()
                .unwrap()
                .to_owned()
        };
        lines.iter().map(kind).collect()
    };
    assert_eq!(
        kinds(&list(&["--kind", "key"])),
        BTreeSet::from(["key".to_owned()])
    );
    let two = list(&["--kind", "key", "--kind", "session"]);
    assert_eq!(kinds(&two).len(), 2, "{two:?}");
    let named = list(&["--about", "LAPTOP"]);
    assert!(!named.is_empty());
    assert!(
        named
            .iter()
            .all(|line| line["text"].as_str().unwrap().contains("laptop"))
    );
    assert!(list(&["--about", "laptop", "--about", "nonesuch"]).is_empty());
    assert_eq!(list(&["--since", "1d"]), list(&[]));

    let lines = keystow(&world, &["activity", "--json-lines"]).ok();
    let all: Vec<Value> = lines
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut newest_first = all.clone();
    newest_first.reverse();
    assert_eq!(newest_first, list(&[]));
    let secret = stowed(&world, &format!("key/local/{key}")).unwrap();
    assert!(!lines.stdout.contains(&secret));
}
