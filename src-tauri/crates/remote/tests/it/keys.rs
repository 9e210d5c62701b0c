//! The key dialect against servers that do it in another way than the local workspace.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use keystow_core::KeyId;
use keystow_core::Secret;
use keystow_core::key::{KeyChange, KeyStatus, NewKey};
use keystow_core::remote::{Caller, RemoteErrorKind as Kind};
use serde_json::{Value, json};

use crate::server::{Server, caller, json, keys, remote};

/// A toggle and what it does.
#[derive(Clone, Copy, PartialEq)]
enum Toggle {
    Works,
    WorksAndBreaks,
    Breaks,
    DoesNothing,
    Refuses,
}

/// A server with one key, `k1`, and a toggle; counts what is toggled.
fn with_toggle(toggle: Toggle) -> (Server, Arc<Mutex<usize>>) {
    let count = Arc::new(Mutex::new(0));
    let (toggles, state) = (Arc::clone(&count), Arc::new(Mutex::new(true)));
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let mut active = state.lock().unwrap();
        if request.method() == Method::POST {
            assert_eq!(request.uri().path(), "/api/api-keys/k1/toggle");
            *toggles.lock().unwrap() += 1;
            if matches!(toggle, Toggle::Works | Toggle::WorksAndBreaks) {
                *active = !*active;
            }
        }
        let answer = match toggle {
            Toggle::WorksAndBreaks | Toggle::Breaks if request.method() == Method::POST => {
                json(500, json!({}))
            }
            Toggle::Refuses if request.method() == Method::POST => {
                json(403, json!({"message": "Admins only."}))
            }
            _ => json(200, json!({"apiKey": {"id": "k1", "mcpActive": *active}})),
        };
        async { answer }
    }));
    (server, count)
}

#[test]
fn a_toggle_is_used_only_to_change_something() {
    let (server, toggles) = with_toggle(Toggle::Works);
    let keys = keys(&remote());
    let set = |paused| {
        keys.set_paused(&caller(&server.base()), &KeyId::new("k1"), paused)
            .unwrap()
            .status
    };
    assert_eq!(set(false), KeyStatus::Enabled);
    assert_eq!(*toggles.lock().unwrap(), 0);
    assert_eq!(set(true), KeyStatus::Paused);
    assert_eq!(set(true), KeyStatus::Paused);
    assert_eq!(*toggles.lock().unwrap(), 1);
    assert_eq!(set(false), KeyStatus::Enabled);
    assert_eq!(*toggles.lock().unwrap(), 2);
}

#[test]
fn a_toggle_without_a_clear_answer_is_read_back_and_never_repeated() {
    let pause = |toggle| {
        let (server, toggles) = with_toggle(toggle);
        let outcome = keys(&remote()).set_paused(&caller(&server.base()), &KeyId::new("k1"), true);
        assert_eq!(*toggles.lock().unwrap(), 1);
        outcome.map(|key| key.status).map_err(|error| error.kind)
    };
    assert_eq!(pause(Toggle::WorksAndBreaks), Ok(KeyStatus::Paused));
    assert_eq!(pause(Toggle::Breaks), Err(Kind::Server { status: 500 }));
    assert_eq!(
        pause(Toggle::Refuses),
        Err(Kind::Forbidden {
            detail: Some("Admins only.".into())
        })
    );
    assert_eq!(
        pause(Toggle::DoesNothing),
        Err(Kind::Unexpected {
            found: "a key that is still enabled".into(),
            expected: "a paused one".into()
        })
    );
}

fn renamed(name: &str) -> KeyChange {
    KeyChange {
        name: Some(name.into()),
        ..KeyChange::default()
    }
}

type Sent = Arc<Mutex<Option<(Method, String, Value)>>>;

/// A server that gives one answer and notes the last request.
fn answering(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> (Server, Sent) {
    let sent = Sent::default();
    let note = Arc::clone(&sent);
    let server = Server::start(Router::new().fallback(move |request: Request| {
        let (note, answer) = (Arc::clone(&note), answer());
        async move {
            let (parts, body) = request.into_parts();
            let body: Body = body;
            let bytes = to_bytes(body, 10_000).await.unwrap();
            let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            *note.lock().unwrap() = Some((parts.method, parts.uri.to_string(), body));
            answer
        }
    }));
    (server, sent)
}

#[test]
fn creates_with_all_that_is_asked_for() {
    let (server, sent) = answering(|| {
        json(
            201,
            json!({"plaintextKey": "ocore_k_plain", "data": {"id": "k1", "name": "mine", "prefix": "ocore_k_", "lastFour": "lain"}}),
        )
    });
    let new = NewKey {
        name: "mine".into(),
        scopes: vec!["view:keys".into()],
        expires_at: Some(1_800_000_000_000),
        read_only: true,
        preset: Some("reader".into()),
        tools: vec!["whoami".into()],
        ..NewKey::default()
    };
    let created = keys(&remote())
        .create(&caller(&server.base()), &new)
        .unwrap();
    assert_eq!(created.secret, Secret::new("ocore_k_plain".into()));
    assert_eq!(created.key.masked, "ocore_k_••••••••lain");
    let (method, path, body) = sent.lock().unwrap().clone().unwrap();
    assert_eq!((method, path.as_str()), (Method::POST, "/api/api-keys"));
    assert_eq!(
        body,
        json!({
            "name": "mine", "permissions": ["view:keys"], "expiresAt": "2027-01-15T08:00:00Z", "mcpActive": true,
            "mcpReadOnly": true, "mcpPreset": "reader", "mcpAllowlistMode": "allowlist", "mcpToolAllowlist": ["whoami"],
        })
    );
}

#[test]
fn leaves_to_the_provider_what_nobody_asked_for() {
    let (server, sent) = answering(|| json(201, json!({"key": "plain", "apiKey": {"id": "k1"}})));
    let new = NewKey {
        name: "mine".into(),
        ..NewKey::default()
    };
    keys(&remote())
        .create(&caller(&server.base()), &new)
        .unwrap();
    let (_, _, body) = sent.lock().unwrap().clone().unwrap();
    assert_eq!(
        body,
        json!({"name": "mine", "mcpActive": true, "mcpReadOnly": false})
    );
}

#[test]
fn a_created_key_without_its_plaintext_is_an_unknown_outcome() {
    let (server, _) = answering(|| json(201, json!({"apiKey": {"id": "k1"}})));
    let new = NewKey {
        name: "mine".into(),
        ..NewKey::default()
    };
    let error = keys(&remote())
        .create(&caller(&server.base()), &new)
        .unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
}

#[test]
fn an_id_stays_one_segment_of_the_path() {
    let (server, sent) = answering(|| StatusCode::NO_CONTENT.into_response());
    let keys = keys(&remote());
    let delete = |id: &str| keys.delete(&caller(&server.base()), &KeyId::new(id));
    delete("../../admin?x=1#y").unwrap();
    let (method, path, _) = sent.lock().unwrap().take().unwrap();
    assert_eq!(
        (method, path.as_str()),
        (Method::DELETE, "/api/api-keys/..%2F..%2Fadmin%3Fx=1%23y")
    );
    for nowhere in ["", ".", ".."] {
        // Never sent: it would name the list, not a key.
        let error = keys
            .get(&caller(&server.base()), &KeyId::new(nowhere))
            .unwrap_err();
        assert_eq!(error.kind, Kind::NotFound);
        assert!(sent.lock().unwrap().is_none());
    }
}

#[test]
fn a_key_that_is_gone_is_as_good_as_revoked() {
    let (server, _) = answering(|| json(404, json!({"code": "not_found"})));
    let keys = keys(&remote());
    keys.delete(&caller(&server.base()), &KeyId::new("k1"))
        .unwrap();
    let error = keys
        .get(&caller(&server.base()), &KeyId::new("k1"))
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn a_rename_without_a_body_is_read_back() {
    let server = Server::start(Router::new().fallback(|request: Request| async move {
        match *request.method() {
            Method::PATCH => StatusCode::NO_CONTENT.into_response(),
            _ => json(200, json!({"id": "k1", "name": "new"})),
        }
    }));
    let key = keys(&remote())
        .update(&caller(&server.base()), &KeyId::new("k1"), &renamed("new"))
        .unwrap();
    assert_eq!(key.name, "new");
}

#[test]
fn expiry_is_judged_by_the_servers_clock() {
    let (server, _) = answering(|| {
        let body = json(
            200,
            json!({"id": "k1", "expiresAt": "2100-01-01T00:00:00Z"}),
        );
        ([("date", "Fri, 01 Jan 2100 00:00:01 GMT")], body).into_response()
    });
    let key = keys(&remote())
        .get(&caller(&server.base()), &KeyId::new("k1"))
        .unwrap();
    assert_eq!(key.status, KeyStatus::Expired);
}

#[test]
fn a_token_no_header_can_carry_is_not_sent() {
    let (server, sent) = answering(|| json(200, json!({"id": "k1"})));
    let error = keys(&remote())
        .get(
            &Caller {
                access: &Secret::new("line\r\nbreak".into()),
                ..caller(&server.base())
            },
            &KeyId::new("k1"),
        )
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorised);
    assert!(sent.lock().unwrap().is_none());
}
