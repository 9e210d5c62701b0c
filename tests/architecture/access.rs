//! What the window may do: load nothing from elsewhere, call the rows of the command table, hear our events and copy text that is
//! no secret.

use serde_json::{Value, json};

use super::source::root;

fn parsed(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

#[test]
fn the_window_may_ask_for_little_besides_our_commands() {
    let capabilities: Vec<_> = std::fs::read_dir(root().join("src-tauri/capabilities"))
        .unwrap()
        .collect();
    assert_eq!(capabilities.len(), 1, "one window, one capability");
    let main = parsed("src-tauri/capabilities/main.json");
    assert_eq!(main["windows"], json!(["main"]));
    assert_eq!(
        main["permissions"],
        json!([
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "core:webview:allow-set-webview-zoom",
            "clipboard-manager:allow-write-text",
            "every-command"
        ])
    );
    assert_eq!(
        parsed("tauri.conf.json")["app"]["security"]["capabilities"],
        json!(["main"])
    );
}

#[test]
fn the_window_loads_nothing_from_elsewhere() {
    let configuration = parsed("tauri.conf.json");
    let policy = configuration["app"]["security"]["csp"].as_str().unwrap();
    for rule in [
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(
            policy.split(';').any(|part| part.trim() == rule),
            "the policy lacks: {rule}"
        );
    }
    for source in policy.split([' ', ';']).filter(|word| word.contains(':')) {
        let own = ["data:", "ipc:", "http://ipc.localhost"];
        assert!(
            own.contains(&source),
            "the policy lets the window reach {source}"
        );
    }
}
