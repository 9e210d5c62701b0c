//! Lists of servers in JSON: an array of objects that tell their names under a key of theirs.

use keystow_core::edit::{Servers, Syntax, read_entry, read_names, remove_entry, set_entry};
use serde_json::{Value, json};

fn servers(syntax: Syntax) -> Servers {
    Servers::list(syntax, ["servers"], "name")
}

fn entry() -> Value {
    json!({"name": "keystow", "command": "k"})
}

/// Sets the entry, checks that it is there and that removal gives the original back, and that this is what stands in between.
#[track_caller]
fn sets(before: &str, syntax: Syntax, after: &str) {
    let edited = set_entry(
        Some(before.as_bytes()),
        &servers(syntax),
        "keystow",
        &entry(),
    )
    .unwrap();
    assert_eq!(String::from_utf8_lossy(&edited.after), after);
    assert_eq!(edited.replaced, None);
    assert_eq!(
        read_entry(&edited.after, &servers(syntax), "keystow"),
        Ok(Some(entry()))
    );
    let removed = remove_entry(
        &edited.after,
        &servers(syntax),
        "keystow",
        Some(&edited.receipt),
    )
    .unwrap();
    assert_eq!(String::from_utf8(removed.after.unwrap()).unwrap(), before);
}

#[test]
fn an_entry_goes_behind_the_others_in_their_style() {
    sets(
        "{\n  \"servers\": [\n    {\n      \"name\": \"a\"\n    }\n  ]\n}\n",
        Syntax::Json,
        "{\n  \"servers\": [\n    {\n      \"name\": \"a\"\n    },\n    {\n      \"name\": \"keystow\",\n      \"command\": \"k\"\n    }\n  ]\n}\n",
    );
    sets(
        "{\n  \"servers\": [\n    { \"name\": \"a\" }, // first\n    { \"name\": \"b\" } // second\n  ]\n}\n",
        Syntax::Jsonc,
        "{\n  \"servers\": [\n    { \"name\": \"a\" }, // first\n    { \"name\": \"b\" }, // second\n    { \"name\": \"keystow\", \"command\": \"k\" }\n  ]\n}\n",
    );
    sets(
        "{\n  \"servers\": [{\n    \"name\": \"a\"\n  }, {\n    \"name\": \"b\"\n  }]\n}\n",
        Syntax::Json,
        "{\n  \"servers\": [{\n    \"name\": \"a\"\n  }, {\n    \"name\": \"b\"\n  }, {\n    \"name\": \"keystow\",\n    \"command\": \"k\"\n  }]\n}\n",
    );
    sets(
        r#"{"servers":[{"name":"a"},{"name":"b"}]}"#,
        Syntax::Json,
        r#"{"servers":[{"name":"a"},{"name":"b"},{"name":"keystow","command":"k"}]}"#,
    );
    sets(
        "{ \"servers\": [1, null,] }",
        Syntax::Jsonc,
        "{ \"servers\": [1, null, { \"name\": \"keystow\", \"command\": \"k\" },] }",
    );
}

#[test]
fn an_empty_or_missing_list_is_filled_and_comes_back() {
    sets(
        "{\n\t\"servers\": []\n}",
        Syntax::Json,
        "{\n\t\"servers\": [\n\t\t{\n\t\t\t\"name\": \"keystow\",\n\t\t\t\"command\": \"k\"\n\t\t}\n\t]\n}",
    );
    sets(
        "{\"servers\": [ ]}",
        Syntax::Json,
        "{\"servers\": [ {\"name\": \"keystow\", \"command\": \"k\"} ]}",
    );
    sets(
        "{\n  \"a\": 1\n}",
        Syntax::Json,
        "{\n  \"a\": 1,\n  \"servers\": [\n    {\n      \"name\": \"keystow\",\n      \"command\": \"k\"\n    }\n  ]\n}",
    );
    let made = set_entry(None, &servers(Syntax::Json), "keystow", &entry()).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&made.after),
        "{\n  \"servers\": [\n    {\n      \"name\": \"keystow\",\n      \"command\": \"k\"\n    }\n  ]\n}\n"
    );
    let removed = remove_entry(
        &made.after,
        &servers(Syntax::Json),
        "keystow",
        Some(&made.receipt),
    );
    assert_eq!(removed.unwrap().after, None);
}

#[test]
fn the_document_itself_may_be_the_list() {
    let servers = Servers::list(Syntax::Json, Vec::<String>::new(), "id");
    let entry = json!({"id": "keystow"});
    let edited = set_entry(Some(b"[]\n"), &servers, "keystow", &entry).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&edited.after),
        "[\n  {\n    \"id\": \"keystow\"\n  }\n]\n"
    );
    let removed = remove_entry(&edited.after, &servers, "keystow", Some(&edited.receipt)).unwrap();
    assert_eq!(removed.after, Some(b"[]\n".to_vec()));
    assert_eq!(
        read_entry(b"{}", &servers, "keystow")
            .unwrap_err()
            .to_string(),
        "line 1, column 1: the document is an object, not an array"
    );
}

#[test]
fn an_item_is_ours_by_its_name_alone() {
    let text = br#"{"name": "not this", "servers": [7, ["keystow"], {"name": ["keystow"]}, {"n": {"name": "keystow"}},
        {"n\u0061me": "k\u0065ystow", "x": 1}, {"name": "b", "name": "c"}]}"#;
    let servers = servers(Syntax::Json);
    assert_eq!(
        read_entry(text, &servers, "keystow"),
        Ok(Some(json!({"name": "keystow", "x": 1})))
    );
    assert_eq!(
        read_names(text, &servers),
        Ok(Some(vec!["keystow".to_owned(), "c".to_owned()]))
    );
    assert_eq!(read_names(b"{}", &servers), Ok(None));
    let edited = set_entry(Some(text), &servers, "keystow", &entry()).unwrap();
    assert_eq!(edited.replaced, Some(json!({"name": "keystow", "x": 1})));
    assert_eq!(
        String::from_utf8_lossy(&edited.after),
        String::from_utf8_lossy(text).replace(
            r#"{"n\u0061me": "k\u0065ystow", "x": 1}"#,
            r#"{"name": "keystow", "command": "k"}"#
        )
    );
    let removed = remove_entry(text, &servers, "keystow", None).unwrap();
    assert_eq!(
        String::from_utf8(removed.after.unwrap()).unwrap(),
        String::from_utf8_lossy(text).replace(
            "\n        {\"n\\u0061me\": \"k\\u0065ystow\", \"x\": 1},",
            ""
        )
    );
}

#[test]
fn refuses_to_guess_which_item_is_meant() {
    for (text, message) in [
        (
            "{\"servers\": {}}",
            "line 1, column 13: \"servers\" is an object, not an array",
        ),
        (
            "{\"servers\": [{\"name\": \"keystow\"},\n{\"name\": \"keystow\"}]}",
            "line 2, column 2: \"keystow\" occurs for the second time",
        ),
        (
            "{\"servers\": [{\"name\": \"a\", \"name\": \"keystow\"}]}",
            "line 1, column 28: \"name\" occurs for the second time",
        ),
    ] {
        let error = read_entry(text.as_bytes(), &servers(Syntax::Json), "keystow").unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
