//! What a key may do, asked again on each request.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::mcp_protocol::{ALL, Events, Session, initialize, modern, tool_names};
use crate::server::{Server, eventually, is_problem, ok, problem};

fn ping(session: &Session<'_>) -> reqwest::RequestBuilder {
    session.post(&json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}))
}

#[tokio::test]
async fn a_key_is_needed_and_the_challenge_says_where_to_get_one() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let none = server
        .request(Method::POST, "/api/mcp/stream")
        .send()
        .await
        .unwrap();
    let challenge = none.headers()["www-authenticate"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        challenge,
        format!(
            "Bearer resource_metadata=\"{}/.well-known/oauth-protected-resource/api/mcp/stream\"",
            server.origin()
        )
    );
    is_problem(none, 401, "unauthorized").await;
    let wrong = format!("ksl_{}", "a".repeat(40));
    let refused = initialize(&server, &wrong).send().await.unwrap();
    assert!(
        refused.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .contains("error=\"invalid_token\"")
    );
    is_problem(refused, 401, "key_unknown").await;
    problem(initialize(&server, owner.access()), 401, "wrong_audience").await;
}

#[tokio::test]
async fn whoever_comes_with_a_new_key_at_the_same_time_is_answered_and_counted() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    for round in 0..20 {
        let (_, key) = owner.key(json!({"name": round.to_string()})).await;
        let at_once = (0..4).map(|_| Session::open(&server, &key));
        let sessions = futures_util::future::join_all(at_once).await;
        let last = ping(&sessions[3]).send().await.unwrap();
        let told = |name: &str| last.headers()[name].to_str().unwrap().parse::<u32>();
        let left = told("x-ratelimit-remaining").unwrap();
        assert_eq!(left, told("x-ratelimit-limit").unwrap() - 9);
    }
}

#[tokio::test]
async fn revoking_holds_from_the_next_request_on_and_ends_open_streams() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, key) = owner.key(json!({"name": "k"})).await;
    let (_, other) = owner.key(json!({"name": "other"})).await;
    let session = Session::open(&server, &key).await;
    let bystander = Session::open(&server, &other).await;
    let mut listening = Events::of(session.request(Method::GET).send().await.unwrap());
    let slow = json!({"jsonrpc": "2.0", "id": 5, "method": "tools/call",
        "params": {"name": "slow", "arguments": {"seconds": 200}, "_meta": {"progressToken": 1}}});
    let mut working = Events::of(session.post(&slow).send().await.unwrap());
    assert!(working.next().await.is_some());

    let began = Instant::now();
    owner.revoke(&id).await;
    let refused = ping(&session).send().await.unwrap();
    assert!(
        refused.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer")
    );
    let told = is_problem(refused, 401, "key_revoked").await;
    assert_eq!(told["detail"], "This key was revoked.");
    problem(
        modern(&server, &key, "tools/list", json!({})),
        401,
        "key_revoked",
    )
    .await;
    while listening.next().await.is_some() {}
    while working.next().await.is_some() {}
    assert!(began.elapsed() < Duration::from_secs(1));
    ok(modern(&server, &other, "tools/list", json!({}))).await;
    assert_eq!(ping(&bystander).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_paused_key_is_refused_until_it_is_resumed() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, key) = owner.key(json!({"name": "k"})).await;
    let session = Session::open(&server, &key).await;
    let mut listening = Events::of(session.request(Method::GET).send().await.unwrap());
    let toggle = || ok(owner.request(Method::POST, &format!("/api/api-keys/{id}/toggle")));
    toggle().await;
    problem(ping(&session), 403, "key_paused").await;
    problem(
        modern(&server, &key, "tools/list", json!({})),
        403,
        "key_paused",
    )
    .await;
    while listening.next().await.is_some() {}
    toggle().await;
    ok(modern(&server, &key, "tools/list", json!({}))).await;
    // Its session ended; the client initializes another one.
    problem(ping(&session), 404, "session_not_found").await;
    Session::open(&server, &key).await;
    let (_, born_paused) = owner.key(json!({"name": "p", "mcpActive": false})).await;
    problem(initialize(&server, &born_paused), 403, "key_paused").await;
}

#[tokio::test]
async fn an_expired_key_is_refused() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let soon = std::time::SystemTime::now() + Duration::from_millis(700);
    let soon = time::OffsetDateTime::from(soon)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let (_, key) = owner.key(json!({"name": "k", "expiresAt": soon})).await;
    assert_eq!(
        initialize(&server, &key).send().await.unwrap().status(),
        200
    );
    eventually("it expires", async || {
        initialize(&server, &key).send().await.unwrap().status() == 401
    })
    .await;
    problem(initialize(&server, &key), 401, "key_expired").await;
}

#[tokio::test]
async fn a_session_is_its_keys_alone() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "k"})).await;
    let (_, other) = owner.key(json!({"name": "other"})).await;
    let session = Session::open(&server, &key).await;
    let stolen = Session {
        server: &server,
        key: &other,
        id: session.id.clone(),
    };
    problem(ping(&stolen), 404, "session_not_found").await;
    problem(stolen.request(Method::GET), 404, "session_not_found").await;
    problem(stolen.request(Method::DELETE), 404, "session_not_found").await;
    assert_eq!(ping(&session).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn limits_hide_tools_and_refuse_calls() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    for (settings, allowed) in [
        (json!({}), &ALL[..]),
        (json!({"mcpPreset": "full"}), &ALL[..]),
        (
            json!({"mcpReadOnly": true}),
            &["whoami", "list_keys", "usage", "echo", "stream"][..],
        ),
        (
            json!({"mcpPreset": "read-only"}),
            &["whoami", "list_keys", "usage", "echo", "stream"][..],
        ),
        (
            json!({"mcpPreset": "reporting"}),
            &["whoami", "list_keys", "usage"][..],
        ),
        (
            json!({"permissions": ["view:keys"]}),
            &["whoami", "list_keys", "usage"][..],
        ),
        (
            json!({"permissions": ["write:tools"]}),
            &["whoami", "slow"][..],
        ),
        (
            json!({"mcpPermissions": ["call:tools"]}),
            &["whoami", "echo", "stream"][..],
        ),
        (
            json!({"mcpToolAllowlist": ["echo", "slow"], "mcpReadOnly": true}),
            &["echo"][..],
        ),
        (
            json!({"mcpToolAllowlist": ["echo"], "mcpAllowlistMode": "all"}),
            &ALL[..],
        ),
        (
            json!({"mcpInstanceIds": ["local", "other"], "mcpProjectIds": ["personal"]}),
            &ALL[..],
        ),
        (json!({"mcpInstanceIds": ["other"]}), &["whoami"][..]),
        (json!({"mcpProjectIds": ["acme"]}), &["whoami"][..]),
        (
            json!({"mcpPreset": "reporting", "mcpPermissions": ["call:tools"]}),
            &["whoami"][..],
        ),
    ] {
        let mut body = settings.clone();
        body["name"] = "limited".into();
        let (_, key) = owner.key(body).await;
        let session = Session::open(&server, &key).await;
        assert_eq!(
            tool_names(&session.call("tools/list", json!({})).await),
            allowed,
            "{settings}"
        );
        assert_eq!(
            tool_names(&ok(modern(&server, &key, "tools/list", json!({}))).await),
            allowed,
            "{settings}"
        );
        for tool in ALL {
            let arguments = match tool {
                "echo" => json!({"text": "x"}),
                "slow" => json!({"seconds": 0}),
                "stream" => json!({"count": 1, "interval_ms": 0}),
                _ => json!({}),
            };
            let params = json!({"name": tool, "arguments": arguments});
            let old = session.call("tools/call", params.clone()).await;
            let new: Value = modern(&server, &key, "tools/call", params)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            for answer in [old, new] {
                if allowed.contains(&tool) {
                    assert!(answer["result"].is_object(), "{settings} {tool}: {answer}");
                } else {
                    assert_eq!(
                        answer["error"]["data"]["code"], "tool_not_allowed",
                        "{settings} {tool}: {answer}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_change_of_limits_holds_in_a_running_session_and_asks_for_a_reconnect() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, key) = owner.key(json!({"name": "k"})).await;
    let session = Session::open(&server, &key).await;
    assert_eq!(
        tool_names(&session.call("tools/list", json!({})).await),
        ALL
    );
    let renamed = owner.patch(&id, json!({"name": "renamed"})).await;
    assert_eq!(renamed["apiKey"]["mcpReconnectRequired"], false);
    let changed = owner.patch(&id, json!({"mcpPreset": "reporting"})).await;
    assert_eq!(changed["apiKey"]["mcpReconnectRequired"], true);
    assert!(changed["apiKey"]["mcpReconnectRequiredMessage"].is_string());
    let refused = session
        .call(
            "tools/call",
            json!({"name": "echo", "arguments": {"text": "x"}}),
        )
        .await;
    assert_eq!(refused["error"]["data"]["code"], "tool_not_allowed");
    assert_eq!(
        tool_names(&session.call("tools/list", json!({})).await),
        ["whoami", "list_keys", "usage"]
    );
    let after = ok(owner.get(&format!("/api/api-keys/{id}"))).await;
    assert_eq!(after["apiKey"]["mcpReconnectRequired"], false);
    assert!(after["apiKey"]["mcpReconnectRequiredMessage"].is_null());
}

#[tokio::test]
async fn each_key_has_a_minute_of_its_own() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner
        .key(json!({"name": "k", "rateLimitPerMinute": 3}))
        .await;
    let (_, other) = owner.key(json!({"name": "other"})).await;
    for left in ["2", "1", "0"] {
        let answer = modern(&server, &key, "tools/list", json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-ratelimit-limit"], "3");
        assert_eq!(answer.headers()["x-ratelimit-remaining"], left);
        let reset: i64 = answer.headers()["x-ratelimit-reset"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        assert!((now..=now + 61).contains(&reset));
        assert_eq!(answer.headers()["ratelimit-policy"], "\"minute\";q=3;w=60");
        let told = answer.headers()["ratelimit"].to_str().unwrap();
        let (rest, seconds) = told.rsplit_once(";t=").unwrap();
        assert_eq!(rest, format!("\"minute\";r={left}"));
        assert!((0..=60).contains(&seconds.parse::<u64>().unwrap()));
    }
    let refused = modern(&server, &key, "tools/list", json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.headers()["x-ratelimit-remaining"], "0");
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    assert!(refused.headers().contains_key("ratelimit"));
    is_problem(refused, 429, "rate_limited").await;
    let answer = modern(&server, &other, "tools/list", json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "119");
}

#[tokio::test]
async fn many_calls_at_once_get_through() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, key) = owner
        .key(json!({"name": "k", "rateLimitPerMinute": 100_000}))
        .await;
    let calls = (0..200).map(|_| {
        ok(modern(
            &server,
            &key,
            "tools/call",
            json!({"name": "whoami"}),
        ))
    });
    futures_util::future::join_all(calls).await;
    let shown = ok(owner.get(&format!("/api/api-keys/{id}"))).await;
    assert_eq!(shown["apiKey"]["requestCount"], 200);
}
