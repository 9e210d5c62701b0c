use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Owner, Server, config, eventually, ok, problem};

async fn names(owner: &Owner<'_>, query: &str) -> (Vec<String>, u64) {
    let page = ok(owner.get(&format!("/api/api-keys{query}"))).await;
    let keys = page["apiKeys"].as_array().unwrap();
    let names = keys
        .iter()
        .map(|key| key["name"].as_str().unwrap().to_owned())
        .collect();
    (names, page["total"].as_u64().unwrap())
}

#[tokio::test]
async fn a_key_is_told_once_and_kept_as_a_hash() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let create = owner.request(Method::POST, "/api/api-keys").json(&json!({
        "name": "  Cursor on mira ",
        "permissions": ["view:keys", "call:tools"],
        "expiresAt": "2099-01-31T00:00:00+01:00",
        "mcpReadOnly": true,
        "mcpPreset": "reporting",
        "mcpToolAllowlist": ["whoami"],
        "mcpInstanceIds": ["i-1"],
        "mcpProjectIds": ["p-1"],
        "mcpPermissions": ["view:keys"],
    }));
    let answer = create.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let created: Value = answer.json().await.unwrap();
    let plaintext = created["key"].as_str().unwrap().to_owned();
    let key = &created["apiKey"];
    let id = key["id"].as_str().unwrap();
    assert_eq!(key["name"], "Cursor on mira");
    assert_eq!(key["prefix"], "ksl_");
    assert!(plaintext.ends_with(key["lastFour"].as_str().unwrap()));
    assert_eq!(plaintext.len(), 44);
    assert_eq!(key["expiresAt"], "2099-01-30T23:00:00Z");
    assert!(key["createdAt"].as_str().unwrap().ends_with('Z'));
    assert!(key["lastUsedAt"].is_null());
    assert_eq!(key["permissions"], json!(["view:keys", "call:tools"]));
    assert_eq!(key["mcpActive"], true);
    assert_eq!(key["mcpReadOnly"], true);
    assert_eq!(key["mcpPreset"], "reporting");
    assert_eq!(key["mcpAllowlistMode"], "allowlist");
    assert_eq!(key["mcpToolAllowlist"], json!(["whoami"]));
    assert_eq!(key["mcpReconnectRequired"], false);
    assert_eq!(key["requestCount"], 0);

    let read = ok(owner.get(&format!("/api/api-keys/{id}"))).await;
    assert_eq!(&read["apiKey"], key);
    let listed = ok(owner.get("/api/api-keys")).await;
    assert_eq!(&listed["apiKeys"][0], key);
    assert!(!listed.to_string().contains(&plaintext));

    let tokens = [
        owner.access().to_owned(),
        owner.refresh().to_owned(),
        plaintext,
    ];
    let data = server.stop().await;
    for entry in std::fs::read_dir(data.path().join("workspace")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in &tokens {
            let there = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!there, "plaintext in {}", path.display());
        }
    }
}

#[tokio::test]
async fn a_key_without_settings_may_everything() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let created = ok(owner
        .request(Method::POST, "/api/api-keys")
        .json(&json!({"name": "plain", "permissions": []})))
    .await;
    let key = &created["apiKey"];
    assert_eq!(
        key["permissions"],
        json!(["view:keys", "call:tools", "write:tools"])
    );
    assert!(key["expiresAt"].is_null() && key["mcpPreset"].is_null());
    assert_eq!(key["mcpAllowlistMode"], "all");
    assert_eq!(key["rateLimitPerMinute"], 120);
}

#[tokio::test]
async fn what_is_not_acceptable_is_told_field_by_field() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let refused = |body: Value| {
        problem(
            owner.request(Method::POST, "/api/api-keys").json(&body),
            422,
            "validation_failed",
        )
    };
    let fields = |problem: &Value| -> Vec<String> {
        let errors = problem["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect()
    };
    for name in [
        json!(""),
        json!("   "),
        json!("x".repeat(101)),
        json!("line\nbreak"),
        json!("\u{7f}"),
    ] {
        assert_eq!(fields(&refused(json!({"name": name})).await), ["name"]);
    }
    assert_eq!(fields(&refused(json!({})).await), ["name"]);
    let all = refused(json!({
        "name": "",
        "expiresAt": "2020-01-01T00:00:00Z",
        "permissions": ["view:keys", "manage:everything"],
        "mcpPreset": "god",
        "mcpPermissions": ["nothing"],
        "mcpAllowlistMode": "sometimes",
        "rateLimitPerMinute": 0,
        "mcpInstanceIds": vec!["i"; 101],
    }))
    .await;
    assert_eq!(
        fields(&all),
        [
            "name",
            "expiresAt",
            "permissions",
            "rateLimitPerMinute",
            "mcpPreset",
            "mcpPermissions",
            "mcpAllowlistMode",
            "mcpInstanceIds"
        ]
    );
    assert_eq!(
        fields(&refused(json!({"name": "x", "expiresAt": "tomorrow"})).await),
        ["expiresAt"]
    );
    let typed = owner
        .request(Method::POST, "/api/api-keys")
        .json(&json!({"name": 7}));
    problem(typed, 422, "validation_failed").await;
    assert_eq!(names(&owner, "").await.1, 0);

    ok(owner
        .request(Method::POST, "/api/api-keys")
        .json(&json!({"name": "é".repeat(100)})))
    .await;
}

#[tokio::test]
async fn a_change_touches_what_it_names_only() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, _) = owner.key(json!({"name": "before", "mcpPreset": "reporting", "expiresAt": "2099-01-01T00:00:00Z"})).await;
    let renamed = owner
        .patch(&id, json!({"name": "after", "scope": "narrow"}))
        .await;
    assert_eq!(renamed["apiKey"]["name"], "after");
    let read = ok(owner.get(&format!("/api/api-keys/{id}"))).await;
    assert_eq!(read["apiKey"]["scope"], "narrow");
    assert_eq!(renamed["apiKey"]["mcpPreset"], "reporting");
    assert_eq!(renamed["apiKey"]["expiresAt"], "2099-01-01T00:00:00Z");
    let put = ok(owner
        .request(Method::PUT, &format!("/api/api-keys/{id}"))
        .json(&json!({"mcpPreset": null, "expiresAt": null, "mcpToolAllowlist": ["echo"]})))
    .await;
    assert_eq!(put["apiKey"]["name"], "after");
    assert!(put["apiKey"]["mcpPreset"].is_null() && put["apiKey"]["expiresAt"].is_null());
    assert_eq!(put["apiKey"]["mcpAllowlistMode"], "allowlist");
    assert_eq!(names(&owner, "?search=after").await.1, 1);
    assert_eq!(names(&owner, "?search=before").await.1, 0);
    problem(
        owner
            .request(Method::PATCH, &format!("/api/api-keys/{id}"))
            .json(&json!({"name": "\t"})),
        422,
        "validation_failed",
    )
    .await;
    problem(
        owner
            .request(Method::PATCH, "/api/api-keys/none")
            .json(&json!({"name": "x"})),
        404,
        "not_found",
    )
    .await;
}

#[tokio::test]
async fn a_toggle_pauses_and_resumes() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, _) = owner.key(json!({"name": "k"})).await;
    let toggle = || ok(owner.request(Method::POST, &format!("/api/api-keys/{id}/toggle")));
    assert_eq!(toggle().await["apiKey"]["mcpActive"], false);
    assert_eq!(toggle().await["apiKey"]["mcpActive"], true);
    problem(
        owner.request(Method::POST, "/api/api-keys/none/toggle"),
        404,
        "not_found",
    )
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_gone_and_cannot_be_revoked_again() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (first, _) = owner.key(json!({"name": "first"})).await;
    let (second, _) = owner.key(json!({"name": "second"})).await;
    owner.revoke(&first).await;
    problem(
        owner.request(Method::DELETE, &format!("/api/api-keys/{first}")),
        404,
        "not_found",
    )
    .await;
    problem(
        owner.get(&format!("/api/api-keys/{first}")),
        404,
        "not_found",
    )
    .await;
    problem(
        owner.get(&format!("/api/api-keys/{first}/activity")),
        404,
        "not_found",
    )
    .await;
    let gone = ok(owner.request(Method::DELETE, &format!("/api/admin/api-keys/{second}"))).await;
    assert!(gone["message"].is_string());
    assert_eq!(names(&owner, "").await, (vec![], 0));
}

#[tokio::test]
async fn the_key_api_is_for_sessions_of_this_organization() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (_, key) = owner.key(json!({"name": "k"})).await;
    problem(server.get("/api/api-keys"), 401, "unauthorized").await;
    problem(
        server.get("/api/api-keys").bearer_auth("kst_guess"),
        401,
        "unauthorized",
    )
    .await;
    problem(
        server.get("/api/api-keys").bearer_auth(key),
        401,
        "key_not_accepted",
    )
    .await;
    let challenged = server.get("/api/api-keys").send().await.unwrap();
    assert!(
        challenged.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer")
    );
    ok(owner.get("/api/api-keys").header("x-org-slug", "personal")).await;
    problem(
        owner.get("/api/api-keys").header("x-org-slug", "acme"),
        404,
        "organization_not_found",
    )
    .await;
}

#[tokio::test]
async fn pages_come_newest_first_and_end() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    for number in 1..=7 {
        owner.key(json!({"name": format!("key {number}")})).await;
    }
    assert_eq!(
        names(&owner, "?limit=3").await,
        (vec!["key 7".into(), "key 6".into(), "key 5".into()], 7)
    );
    assert_eq!(
        names(&owner, "?limit=3&page=3").await,
        (vec!["key 1".into()], 7)
    );
    assert_eq!(names(&owner, "?limit=3&page=4").await, (vec![], 7));
    assert_eq!(names(&owner, "?limit=200").await.0.len(), 7);
    for query in ["?limit=0", "?limit=201", "?page=0", "?page=x", "?limit=-1"] {
        problem(
            owner.get(&format!("/api/api-keys{query}")),
            422,
            "validation_failed",
        )
        .await;
    }
    let admin = ok(owner.get("/api/admin/api-keys?page=2&limit=5&search=key")).await;
    assert_eq!(
        (
            admin["apiKeys"].as_array().unwrap().len(),
            admin["total"].as_u64()
        ),
        (2, Some(7))
    );
}

#[tokio::test]
async fn keys_come_in_the_order_that_is_asked_for() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    for (name, expires) in [
        ("beta", json!("2099-01-01T00:00:00Z")),
        ("Alpha", json!(null)),
        ("gamma", json!("2098-01-01T00:00:00Z")),
    ] {
        owner.key(json!({"name": name, "expiresAt": expires})).await;
    }
    for (query, order) in [
        ("", ["gamma", "Alpha", "beta"]),
        ("?order=asc", ["beta", "Alpha", "gamma"]),
        ("?sort=createdAt", ["beta", "Alpha", "gamma"]),
        ("?sort=name", ["Alpha", "beta", "gamma"]),
        ("?sort=name&order=desc", ["gamma", "beta", "Alpha"]),
        ("?sort=expiresAt", ["gamma", "beta", "Alpha"]),
        ("?sort=expiresAt&order=desc", ["Alpha", "beta", "gamma"]),
        ("?sort=name&search=a", ["Alpha", "beta", "gamma"]),
        ("?search=a&order=asc", ["beta", "Alpha", "gamma"]),
    ] {
        assert_eq!(names(&owner, query).await.0, order, "{query}");
    }
    assert_eq!(
        names(&owner, "?sort=name&limit=1&page=3").await.0,
        ["gamma"]
    );
    for query in ["?sort=secret", "?order=up"] {
        problem(
            owner.get(&format!("/api/api-keys{query}")),
            422,
            "validation_failed",
        )
        .await;
    }
}

#[tokio::test]
async fn a_search_takes_any_part_literally() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    for name in [
        "Claude Desktop",
        "50% off_peak",
        "quote \" and 'tick'",
        "Größe",
        "a*b OR c",
    ] {
        owner.key(json!({"name": name})).await;
    }
    let found = async |text: &str| {
        let page = ok(owner.get("/api/api-keys").query(&[("search", text)])).await;
        let keys = page["apiKeys"].as_array().unwrap().clone();
        assert_eq!(page["total"], keys.len());
        keys.iter()
            .map(|key| key["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("DESK").await, ["Claude Desktop"]);
    assert_eq!(found("e d").await, ["Claude Desktop"]);
    assert_eq!(found("%").await, ["50% off_peak"]);
    assert_eq!(found("off_p").await, ["50% off_peak"]);
    assert_eq!(found("\" and '").await, ["quote \" and 'tick'"]);
    assert_eq!(found("größ").await, ["Größe"]);
    assert_eq!(found("*b OR").await, ["a*b OR c"]);
    assert_eq!(found("no such key").await, Vec::<String>::new());
    assert_eq!(found("   ").await.len(), 5);
    let last_four = ok(owner.get("/api/api-keys?search=claude")).await["apiKeys"][0]["lastFour"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        found(&last_four)
            .await
            .contains(&"Claude Desktop".to_owned())
    );
    let long = owner
        .get("/api/api-keys")
        .query(&[("search", "x".repeat(201))]);
    problem(long, 422, "validation_failed").await;
}

/// The times are told, not judged.
#[tokio::test]
async fn a_hundred_thousand_keys_can_be_listed_and_searched() {
    let data = tempfile::tempdir().unwrap();
    let place = data.path().to_owned();
    tokio::task::spawn_blocking(move || keystow_workspace::seed(&place, 100_000).unwrap())
        .await
        .unwrap();
    let same = config(data.path());
    let server = Server::start_with(data, same).await;
    let owner = server.sign_in().await;
    owner.key(json!({"name": "the newest"})).await;
    let timed = async |query: &str| {
        let began = Instant::now();
        let found = names(&owner, query).await;
        println!(
            "{query:42} {:6.1} ms, {} of {}",
            began.elapsed().as_secs_f64() * 1e3,
            found.0.len(),
            found.1
        );
        found
    };
    let on_97 = (1..=100_000)
        .filter(|i| (i % 977).to_string().starts_with("97"))
        .count() as u64;
    let first = timed("?limit=50").await;
    assert_eq!((first.0[0].as_str(), first.1), ("the newest", 100_001));
    assert_eq!(first.0[49], "Customer 99952 on host-298");
    let last = timed("?limit=200&page=501").await;
    assert_eq!(last, (vec!["Customer 1 on host-1".to_owned()], 100_001));
    assert_eq!(
        timed("?limit=50&search=customer%2099999").await,
        (vec!["Customer 99999 on host-345".to_owned()], 1)
    );
    assert_eq!(timed("?limit=50&search=host-97").await.1, on_97);
    assert_eq!(timed("?limit=50&search=customer").await.1, 100_000);
    assert_eq!(
        timed("?limit=50&page=1900&search=customer").await.0.len(),
        50
    );
    assert!(timed("?limit=50&search=77").await.1 > 1_000);
    assert_eq!(timed("?limit=50&search=nowhere").await.1, 0);
    let began = Instant::now();
    let all = ok(owner.get("/api/admin/api-keys?search=host-97&limit=1")).await;
    println!("everybody's {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
    assert_eq!(all["total"], on_97);
    assert_eq!(all["apiKeys"][0]["organization"]["slug"], "personal");
}

#[tokio::test]
async fn activity_tells_when_what_and_who() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let (id, key) = owner.key(json!({"name": "used"})).await;
    let call = |tool: &str, client: &str| {
        server
            .mcp(Method::POST, &key)
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", "tools/call")
            .header("mcp-name", tool)
            .json(
                &json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                    "name": tool,
                    "arguments": {},
                    "_meta": {
                        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                        "io.modelcontextprotocol/clientCapabilities": {},
                        "io.modelcontextprotocol/clientInfo": {"name": client, "version": "1"},
                    },
                }}),
            )
    };
    for _ in 0..3 {
        ok(call("whoami", "Cursor")).await;
    }
    ok(call("list_keys", "VS Code")).await;
    let activity = ok(owner.get(&format!("/api/api-keys/{id}/activity"))).await;
    assert_eq!(activity["requestsThisPeriod"], 4);
    assert_eq!(activity["topEndpoints"][0]["endpoint"], "tools/call whoami");
    assert_eq!(activity["topEndpoints"][0]["requests"], 3);
    assert_eq!(
        activity["topEndpoints"][1]["endpoint"],
        "tools/call list_keys"
    );
    assert_eq!(activity["clients"][0]["client"], "Cursor");
    assert_eq!(activity["clients"][1]["client"], "VS Code");
    let days = activity["days"].as_array().unwrap();
    assert_eq!((days.len(), days[29]["requests"].as_i64()), (30, Some(4)));
    let by_client =
        json!([{"client": "Cursor", "requests": 3}, {"client": "VS Code", "requests": 1}]);
    assert_eq!(days[29]["clients"], by_client);
    assert_eq!(days[28]["clients"], json!([]));
    let shown = ok(owner.get(&format!("/api/api-keys/{id}"))).await;
    assert_eq!(shown["apiKey"]["requestCount"], 4);
    assert_eq!(shown["apiKey"]["lastUsedAt"], activity["lastUsedAt"]);
    assert!(
        activity["period"]["start"]
            .as_str()
            .unwrap()
            .ends_with("-01T00:00:00Z")
    );

    // What was counted survives a stop, and is written by itself as well.
    ok(call("whoami", "Cursor")).await;
    let path = server.data.path().join("workspace/workspace.db");
    eventually("the count is written without anybody asking", async || {
        let db = rusqlite::Connection::open(&path).unwrap();
        let count = db.query_row("SELECT sum(requests) FROM usage", [], |row| {
            row.get::<_, i64>(0)
        });
        count.unwrap() == 5
    })
    .await;
}
