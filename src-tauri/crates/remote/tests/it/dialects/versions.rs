//! better-auth as its other versions answer. Source: 1.4.18 and 1.6.25 (run), 2026-11-20.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use keystow_core::KeyId;
use keystow_core::key::{KeyPage, KeyQuery};
use keystow_core::provider::Dialect;
use keystow_core::remote::{Caller, Dialects, PasswordAnswer, RemoteErrorKind as Kind};
use serde_json::{Value, json};
use url::Url;

use crate::server::{Server, json, remote, token};

/// A server that answers lists by their query.
fn listing(answer: impl Fn(&str) -> Value + Send + Sync + 'static) -> (Server, Arc<Mutex<usize>>) {
    let lists = Arc::new(Mutex::new(0));
    let (count, answer) = (Arc::clone(&lists), Arc::new(answer));
    let server = Server::start(Router::new().fallback(move |request: Request| {
        assert_eq!(request.uri().path(), "/api/auth/api-key/list");
        *count.lock().unwrap() += 1;
        let body = answer(request.uri().query().unwrap_or_default());
        async move { json(200, body) }
    }));
    (server, lists)
}

fn list(server: &Server, organization: Option<&str>, query: &KeyQuery) -> KeyPage {
    let base = Url::parse(&format!("http://{}", server.address)).unwrap();
    let access = token();
    let by = Caller {
        base: &base,
        access: &access,
        organization,
    };
    let keys = remote().key_api(Dialect::BetterAuth).unwrap();
    keys.list(&by, query).unwrap()
}

fn page(page: u32, limit: u32) -> KeyQuery {
    KeyQuery {
        page,
        limit,
        ..KeyQuery::default()
    }
}

#[test]
fn a_list_without_pages_is_paged_here() {
    let key = |n: u32| json!({"id": format!("k{n}"), "name": format!("key {n}"), "userId": "u", "createdAt": format!("2026-01-0{n}T00:00:00Z")});
    let (server, lists) = listing(move |_| json!([key(1), key(2), key(3)]));
    let found = list(&server, None, &page(1, 2));
    let ids: Vec<&KeyId> = found.keys.iter().map(|key| &key.id).collect();
    assert_eq!(ids, [&KeyId::new("k3"), &KeyId::new("k2")]);
    assert_eq!(found.total, 3);
    assert_eq!(*lists.lock().unwrap(), 1);
    // It does not know keys of organizations, and tells the account's own again.
    assert_eq!(list(&server, Some("acme"), &page(1, 50)).total, 3);
}

#[test]
fn pages_are_read_to_their_end() {
    let key = |n: usize| json!({"id": format!("k{n}"), "name": "x"});
    let (server, lists) = listing(move |query| {
        let offset: usize = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "offset")
            .and_then(|(_, value)| value.parse().ok())
            .unwrap();
        let keys: Vec<Value> = (offset..700).take(300).map(key).collect();
        json!({"apiKeys": keys, "total": 700})
    });
    let found = list(&server, None, &page(7, 100));
    assert_eq!((found.keys.len(), found.total), (100, 700));
    assert_eq!(*lists.lock().unwrap(), 3);
}

#[test]
fn a_server_that_gives_the_same_page_for_ever_is_left() {
    let (server, lists) = listing(|_| json!({"apiKeys": [{"id": "k1"}], "total": 1_000_000}));
    assert_eq!(list(&server, None, &page(1, 50)).total, 1);
    assert_eq!(*lists.lock().unwrap(), 2);
}

#[test]
fn a_session_that_is_null_is_nobodys() {
    let server = Server::start(Router::new().fallback(async || json(200, Value::Null)));
    let base = Url::parse(&format!("http://{}", server.address)).unwrap();
    let sign_in = remote().sign_in(Dialect::BetterAuth).unwrap();
    let error = sign_in.account(&base, &token()).unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorised);
}

#[test]
fn no_request_but_the_one_with_the_code_has_a_cookie_or_an_origin() {
    let server = Server::start(Router::new().fallback(|request: Request| async move {
        let headers = request.headers().clone();
        let both = ["cookie", "origin"].map(|name| headers.contains_key(name));
        match request.uri().path() {
            "/api/auth/sign-in/email" => {
                assert_eq!(both, [false, false]);
                let mut response = json(200, json!({"twoFactorRedirect": true}));
                for cookie in [
                    "other=1",
                    "__Secure-app.two_factor=half.sig%3D; Max-Age=600",
                ] {
                    let headers = response.headers_mut();
                    headers.append("set-cookie", cookie.parse().unwrap());
                }
                response
            }
            "/api/auth/two-factor/verify-totp" => {
                assert_eq!(headers["cookie"], "__Secure-app.two_factor=half.sig%3D");
                assert_eq!(
                    headers["origin"],
                    format!("http://{}", headers["host"].to_str().unwrap())
                );
                json(200, json!({"token": "whole"}))
            }
            path => {
                assert_eq!(both, [false, false], "{path}");
                json(200, json!([]))
            }
        }
    }));
    let base = Url::parse(&format!("http://{}", server.address)).unwrap();
    let sign_in = remote().sign_in(Dialect::BetterAuth).unwrap();
    let PasswordAnswer::CodeNeeded(half) = sign_in.password(&base, "me", &token()).unwrap() else {
        unreachable!("a code is asked for")
    };
    let session = sign_in.second_factor(&base, &half, &token()).unwrap();
    assert!(
        sign_in
            .organizations(&base, &session.access)
            .unwrap()
            .is_empty()
    );
}
