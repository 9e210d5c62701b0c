use keystow_workspace::directory;
use reqwest::Method;
use serde_json::{Value, json};

use crate::mcp_protocol::modern;
use crate::server::{Owner, Server, config, ok, problem};

async fn make(owner: &Owner<'_>, name: &str) -> Value {
    let request = owner.request(Method::POST, "/api/auth/organizations");
    let made = ok(request.json(&json!({"name": name}))).await;
    made["organization"].clone()
}

fn names(page: &Value) -> Vec<&str> {
    let keys = page["apiKeys"].as_array().unwrap();
    keys.iter()
        .map(|key| key["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_owner_has_one_organization_and_makes_more() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    let listed = ok(owner.get("/api/auth/organizations")).await;
    let all = listed["organizations"].as_array().unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (&all[0]["slug"], &all[0]["name"]),
        (&json!("personal"), &json!("Personal"))
    );
    assert_eq!(all[0]["id"].as_str().unwrap().len(), 36);

    assert_eq!(make(&owner, " Acme, Inc. ").await["slug"], "acme-inc");
    assert_eq!(make(&owner, "Acme Inc").await["slug"], "acme-inc-2");
    assert_eq!(make(&owner, "Local").await["slug"], "local-2");
    let listed = ok(owner.get("/api/auth/organizations")).await;
    assert_eq!(listed["organizations"].as_array().unwrap().len(), 4);
    assert_eq!(listed["organizations"][1]["name"], "Acme, Inc.");
    let nameless = owner.request(Method::POST, "/api/auth/organizations");
    problem(
        nameless.json(&json!({"name": " "})),
        422,
        "validation_failed",
    )
    .await;
    problem(server.get("/api/auth/organizations"), 401, "unauthorized").await;
}

#[tokio::test]
async fn a_request_sees_the_keys_of_the_organization_it_names() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    make(&owner, "Acme").await;
    let acme =
        |method: Method, path: &str| owner.request(method, path).header("x-org-slug", "acme");
    let me = ok(acme(Method::GET, "/api/auth/me")).await;
    assert_eq!(me["organization"]["slug"], "acme");
    let (own, _) = owner.key(json!({"name": "own"})).await;
    let created = ok(acme(Method::POST, "/api/api-keys").json(&json!({"name": "theirs"}))).await;
    assert_eq!(created["apiKey"]["organization"]["slug"], "acme");
    let theirs = created["apiKey"]["id"].as_str().unwrap().to_owned();

    let listed = ok(owner.get("/api/api-keys")).await;
    assert_eq!((names(&listed), &listed["total"]), (vec!["own"], &json!(1)));
    let listed = ok(acme(Method::GET, "/api/api-keys")).await;
    assert_eq!(
        (names(&listed), &listed["total"]),
        (vec!["theirs"], &json!(1))
    );
    let found = ok(acme(Method::GET, "/api/api-keys?search=ksl_")).await;
    assert_eq!(
        (names(&found), &found["total"]),
        (vec!["theirs"], &json!(1))
    );

    let path = format!("/api/api-keys/{theirs}");
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::PATCH, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/toggle")),
        (Method::GET, format!("{path}/activity")),
    ] {
        let request = owner.request(method, &path).json(&json!({}));
        problem(request, 404, "not_found").await;
    }
    ok(acme(Method::GET, &format!("{path}/activity"))).await;
    for method in [Method::GET, Method::POST] {
        let stranger = owner
            .request(method, "/api/api-keys")
            .header("x-org-slug", "umbrella")
            .json(&json!({"name": "x"}));
        problem(stranger, 404, "organization_not_found").await;
    }

    let all = ok(owner.get("/api/admin/api-keys")).await;
    assert_eq!(
        (names(&all), &all["total"]),
        (vec!["theirs", "own"], &json!(2))
    );
    assert_eq!(all["apiKeys"][0]["organization"]["name"], "Acme");
    assert_eq!(all["apiKeys"][1]["organization"]["slug"], "personal");
    let found = ok(owner.get("/api/admin/api-keys?search=ksl_&limit=1&page=2")).await;
    assert_eq!((names(&found), &found["total"]), (vec!["own"], &json!(2)));
    problem(server.get("/api/admin/api-keys"), 401, "unauthorized").await;
    ok(owner.request(Method::DELETE, &format!("/api/admin/api-keys/{theirs}"))).await;
    ok(owner.get(&format!("/api/api-keys/{own}"))).await;
}

#[tokio::test]
async fn a_key_sees_its_own_organization_over_mcp() {
    let server = Server::start().await;
    let owner = server.sign_in().await;
    make(&owner, "Acme").await;
    owner.key(json!({"name": "own"})).await;
    let create = async |settings: Value| {
        let request = owner.request(Method::POST, "/api/api-keys");
        ok(request.header("x-org-slug", "acme").json(&settings)).await["key"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let key = create(json!({"name": "theirs", "mcpProjectIds": ["acme"]})).await;
    let call = |key: &str, tool: &str| {
        modern(
            &server,
            key,
            "tools/call",
            json!({"name": tool, "arguments": {}}),
        )
    };
    let listed = ok(call(&key, "list_keys")).await;
    let listed = &listed["result"]["structuredContent"];
    assert_eq!(
        (&listed["total"], &listed["keys"][0]["name"]),
        (&json!(1), &json!("theirs"))
    );
    let who = ok(call(&key, "whoami")).await;
    assert_eq!(
        who["result"]["structuredContent"]["organization"]["slug"],
        "acme"
    );
    let elsewhere = create(json!({"name": "elsewhere", "mcpProjectIds": ["personal"]})).await;
    let answer: Value = call(&elsewhere, "list_keys")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(answer["error"]["data"]["code"], "tool_not_allowed");
    ok(call(&elsewhere, "whoami")).await;
}

/// A directory as the first release left it.
#[tokio::test]
async fn keys_of_an_older_database_end_up_in_the_default_organization() {
    use sha2::Digest;
    let data = tempfile::tempdir().unwrap();
    let place = directory(data.path());
    std::fs::create_dir_all(&place).unwrap();
    let plaintext = format!("ksl_{}", "b".repeat(40));
    let hash = sha2::Sha256::digest(&plaintext).to_vec();
    let db = rusqlite::Connection::open(place.join("workspace.db")).unwrap();
    db.execute_batch(include_str!("../../src/schema.sql"))
        .unwrap();
    db.execute(
        "INSERT INTO keys (id, hash, name, prefix, last_four, scope, permissions, created_at, mcp_active, allowlist_mode,
            instance_ids, mcp_permissions, project_ids, read_only, tool_allowlist, rate_per_minute, search)
         VALUES ('k', ?1, 'Old', 'ksl_', 'bbbb', 'organization', '[\"view:keys\"]', 1, 1, 'all', '[]', '[]', '[]', 0, '[]', 120,
            'old ksl_bbbb')",
        [hash],
    )
    .unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    let same = config(data.path());
    let server = Server::start_with(data, same).await;
    let owner = server.sign_in().await;
    let found = ok(owner.get("/api/api-keys?search=OLD")).await;
    assert_eq!(found["total"], 1);
    assert_eq!(found["apiKeys"][0]["organization"]["slug"], "personal");
    ok(modern(&server, &plaintext, "tools/list", json!({}))).await;
    // A workspace that was signed in then still names the organization as it was called.
    let me = owner.get("/api/auth/me").header("x-org-slug", "local");
    assert_eq!(ok(me).await["organization"]["slug"], "personal");
}
