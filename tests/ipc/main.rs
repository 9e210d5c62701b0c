//! The window's commands as the web view meets them: through the real configuration, capabilities and access list.

use std::sync::Arc;

use keystow_app::NAMES;
use keystow_app::contract::ProblemView;
use keystow_desktop::Host;
use serde_json::{Value, json};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{Manager, WebviewWindow, WebviewWindowBuilder};

fn window() -> WebviewWindow<MockRuntime> {
    let problem = ProblemView {
        code: "store.newer_schema".into(),
        title: "Written by a newer Keystow".into(),
        detail: "Schema 99 is newer than 1.".into(),
        hint: None,
        retry: false,
        change: None,
    };
    let app = keystow_desktop::builder(mock_builder())
        .manage(Arc::new(Host::new(Err(problem))))
        .build(keystow_desktop::context())
        .expect("the configuration is well formed");
    let window = match app.get_webview_window("main") {
        Some(window) => window,
        None => WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .expect("a window"),
    };
    // The window lives as long as its app.
    std::mem::forget(app);
    window
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str, body: Value) -> Result<Value, Value> {
    get_ipc_response(
        window,
        InvokeRequest {
            cmd: command.into(),
            callback: tauri::ipc::CallbackFn(0),
            error: tauri::ipc::CallbackFn(1),
            url: if cfg!(windows) {
                "http://tauri.localhost"
            } else {
                "tauri://localhost"
            }
            .parse()
            .expect("a URL"),
            body: tauri::ipc::InvokeBody::Json(body),
            headers: tauri::http::HeaderMap::new(),
            invoke_key: INVOKE_KEY.to_owned(),
        },
    )
    .map(|body| body.deserialize::<Value>().expect("answers are JSON"))
}

/// A well-formed request for each command.
fn sample(command: &str) -> Value {
    match command {
        "settings_set" => {
            json!({ "theme": "dark", "language": "de", "keepBackupsDays": 30, "clipboardS": 60, "notifications": "important" })
        }
        "desktop_set" => json!({ "launchAtLogin": false, "stayInTray": true }),
        "providers_add_custom" => {
            json!({ "name": "n", "url": "https://example.com/mcp", "header": null, "scheme": null })
        }
        "workspaces_add" => json!({ "provider": "adlyse", "url": null, "headers": [] }),
        "workspaces_set" => json!({ "workspace": "local", "name": null, "headers": [] }),
        "workspaces_use_organization" => json!({ "workspace": "local", "organization": "o" }),
        "sessions_code" => json!({ "attempt": "at-1", "code": "123456" }),
        "servers_sign_in" | "servers_sign_out" => json!({ "server": "local/tools" }),
        "keys_update" => {
            json!({ "key": "k", "scopes": null, "readOnly": true, "preset": null, "tools": null, "mcpPermissions": null,
                    "projects": null, "instances": null })
        }
        "keys_paste" => json!({ "name": null, "key": null }),
        "workspaces_use"
        | "workspaces_remove"
        | "workspaces_organizations"
        | "workspaces_open_dashboard"
        | "sessions_sign_out" => json!({ "workspace": "local" }),
        "sessions_sign_in" => {
            json!({ "provider": "local", "method": null, "url": null, "login": null, "fromClipboard": false })
        }
        "sessions_wait" | "sessions_cancel" | "sessions_open" => json!({ "attempt": "at-1" }),
        "keys_list" => json!({ "search": null, "page": null, "limit": null, "everybody": false }),
        "keys_show" | "keys_usage" | "keys_trail" | "keys_replace" | "keys_pause"
        | "keys_resume" | "keys_delete" | "keys_copy" | "keys_revoke" => {
            json!({ "key": "k" })
        }
        "keys_revoke_other" => json!({ "key": "k", "name": "n" }),
        "keys_create" => {
            json!({ "name": "n", "scopes": [], "expiresInDays": null, "readOnly": false, "preset": null, "tools": [],
                    "mcpPermissions": [], "projects": [], "instances": [] })
        }
        "keys_rename" => json!({ "key": "k", "name": "n" }),
        "rotations_start" => json!({ "key": "k", "grace": "now" }),
        "rotations_start_all" => json!({ "grace": "day" }),
        "rotations_advance" | "rotations_paste" | "rotations_retire" | "rotations_cancel" => {
            json!({ "rotation": "r-1" })
        }
        "connections_plan" => {
            json!({ "clients": ["cursor"], "workspace": null, "server": null, "key": null, "replace": false, "target": null, "mode": null,
                    "name": null, "exec": null })
        }
        "clients_links" => links(),
        "clients_copy_link" | "clients_open_link" => json!({ "links": links(), "number": 1 }),
        "clients_running" => json!({ "client": "cursor" }),
        "connections_plan_removal" => json!({ "clients": ["cursor"] }),
        "connections_apply" => json!({ "plan": "pl-1" }),
        "connections_probe" | "connections_drift" => json!({ "connection": "c-1" }),
        "connections_plan_repair" => json!({ "connections": [], "action": "restore" }),
        "changes_undo" | "changes_preview" => json!({ "change": null }),
        "activity_list" | "activity_export" => {
            json!({ "before": null, "limit": null, "kinds": ["key"], "about": [], "since": null, "until": null })
        }
        "places_open" => json!({ "place": "logs" }),
        "removal_apply" => json!({ "revokeKeys": false, "leaveFiles": false }),
        "doctor_run" => json!({ "fix": false }),
        _ => json!({}),
    }
}

fn links() -> Value {
    json!({ "client": "cursor", "server": null, "key": null, "exposeKey": false })
}

#[test]
fn every_command_reaches_its_handler_and_errors_keep_their_code() {
    let window = window();
    for command in NAMES {
        let answer = call(&window, command, json!({ "request": sample(command) }));
        let error = answer.expect_err("there is no application behind this window");
        assert_eq!(error["code"], "store.newer_schema", "{command}: {error}");
    }
}

#[test]
fn a_request_of_another_shape_is_refused() {
    let window = window();
    for (command, body) in [
        ("keys_rename", json!({ "request": { "key": "k" } })),
        (
            "keys_rename",
            json!({ "request": { "key": "k", "name": "n", "secret": "s" } }),
        ),
        ("settings_set", json!({ "request": { "theme": "pink" } })),
        ("keys_list", json!({})),
    ] {
        let error = call(&window, command, body).expect_err("a malformed request");
        assert!(
            error
                .as_str()
                .is_some_and(|text| text.contains("invalid args")),
            "{command}: {error}"
        );
    }
}

#[test]
fn what_is_not_in_the_table_is_refused() {
    let window = window();
    for command in [
        "keys_reveal",
        "plugin:clipboard-manager|read_text",
        "plugin:fs|read_text_file",
        "plugin:shell|execute",
        "plugin:window|create",
        "plugin:webview|create_webview_window",
    ] {
        assert!(
            call(&window, command, json!({})).is_err(),
            "{command} is allowed"
        );
    }
}
