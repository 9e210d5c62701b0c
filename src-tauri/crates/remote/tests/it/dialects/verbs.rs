//! Servers that speak oCore's routes with other verbs than the local workspace.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use keystow_core::KeyId;
use keystow_core::key::{KeyChange, KeyStatus};
use keystow_core::remote::RemoteErrorKind as Kind;
use serde_json::{Value, json};

use crate::server::{Server, caller, json, keys, remote};

type Asked = Arc<Mutex<Vec<String>>>;

/// A server with one key and these routes to change it, each as `PATCH /k1`.
fn knowing(routes: &'static [&'static str]) -> (Server, Asked) {
    let asked = Asked::default();
    let notes = Arc::clone(&asked);
    let key = Arc::new(Mutex::new(
        json!({"id": "k1", "name": "old", "mcpActive": true, "permissions": ["view:keys"]}),
    ));
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let (notes, key) = (Arc::clone(&notes), Arc::clone(&key));
        async move {
            let path = request.uri().path().to_owned();
            let path = path
                .strip_prefix("/api/api-keys")
                .unwrap_or(&path)
                .to_owned();
            let what = format!("{} {path}", request.method());
            let bytes = axum::body::to_bytes(request.into_body(), 10_000)
                .await
                .unwrap();
            let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            let mut key = key.lock().unwrap();
            if what == "GET /k1" {
                return json(200, json!({"apiKey": *key}));
            }
            notes.lock().unwrap().push(what.clone());
            if !routes.contains(&what.as_str()) {
                return json(404, json!({"message": "no such route"}));
            }
            if what.ends_with("toggle") {
                key["mcpActive"] = json!(!key["mcpActive"].as_bool().unwrap());
            } else if what.starts_with("PUT") {
                // It replaces: what is not said is lost.
                let mut new = body;
                new["id"] = json!("k1");
                *key = new;
            } else {
                let fields = body.as_object().unwrap().clone();
                key.as_object_mut().unwrap().extend(fields);
            }
            json(200, json!({"message": "done"}))
        }
    }));
    (server, asked)
}

fn renamed(name: &str) -> KeyChange {
    KeyChange {
        name: Some(name.into()),
        ..KeyChange::default()
    }
}

#[test]
fn the_verb_that_works_is_found_and_remembered() {
    let (server, asked) = knowing(&["PUT /k1"]);
    let (base, keys, id) = (server.base(), keys(&remote()), KeyId::new("k1"));
    let key = keys.update(&caller(&base), &id, &renamed("new")).unwrap();
    assert_eq!((key.name.as_str(), key.scopes.len()), ("new", 1));
    keys.update(&caller(&base), &id, &renamed("newer")).unwrap();
    assert_eq!(*asked.lock().unwrap(), ["PATCH /k1", "PUT /k1", "PUT /k1"]);
}

#[test]
fn a_pause_finds_its_way() {
    for (routes, tried) in [
        (&["POST /k1/toggle"][..], 1),
        (&["PATCH /k1/toggle"][..], 2),
        (&["PATCH /k1"][..], 4),
        (&["PUT /k1"][..], 5),
    ] {
        let (server, asked) = knowing(routes);
        let (base, keys, id) = (server.base(), keys(&remote()), KeyId::new("k1"));
        let set = |paused| {
            let key = keys.set_paused(&caller(&base), &id, paused).unwrap();
            (key.status, key.name)
        };
        assert_eq!(set(true), (KeyStatus::Paused, "old".into()), "{routes:?}");
        assert_eq!(asked.lock().unwrap().len(), tried, "{routes:?}");
        assert_eq!(set(false), (KeyStatus::Enabled, "old".into()));
    }
}

#[test]
fn a_server_without_any_way_cannot() {
    let (server, _) = knowing(&[]);
    let (base, keys, id) = (server.base(), keys(&remote()), KeyId::new("k1"));
    let error = keys
        .update(&caller(&base), &id, &renamed("new"))
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
}

#[test]
fn a_key_that_is_gone_is_not_a_missing_way() {
    let (server, asked) = knowing(&["PUT /k1"]);
    let (base, keys) = (server.base(), keys(&remote()));
    let error = keys
        .update(&caller(&base), &KeyId::new("k2"), &renamed("new"))
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
    let asked = asked.lock().unwrap();
    assert!(
        !asked.iter().any(|what| what.starts_with("PUT")),
        "{asked:?}"
    );
}
