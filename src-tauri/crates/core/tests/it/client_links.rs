//! Links: what a person opens or copies, taken apart the way the client does.

use base64::Engine as _;
use keystow_core::System;
use keystow_core::clients::{Clients, Link, LinkFill, LinkKind};
use proptest::prelude::{any, prop_assert_eq, proptest};
use serde_json::{Value, json};
use url::Url;

use super::clients::client;

const COMMAND: &str = "/home/ada/my apps/it's \"here\"/keystow";

fn args() -> Vec<String> {
    vec!["bridge".to_owned(), "c-12345678".to_owned()]
}

fn fill(args: &[String]) -> LinkFill<'_> {
    LinkFill {
        name: "key-stow",
        command: COMMAND,
        args,
        url: Some("https://keys.example/mcp?a=b&c=ü"),
        key_in_url: false,
        header: None,
        system: System::Linux,
    }
}

fn links(id: &str, fill: &LinkFill<'_>, kind: LinkKind) -> Vec<Link> {
    let mut links = client(id).links(fill);
    links.retain(|link| link.kind == kind);
    links
}

fn stdio() -> Value {
    json!({"command": COMMAND, "args": args()})
}

fn query(link: &Link, key: &str) -> String {
    let url = Url::parse(&link.text).unwrap();
    let (_, value) = url.query_pairs().find(|(name, _)| name == key).unwrap();
    value.into_owned()
}

fn from_base64(text: &str) -> Value {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn deep_links_carry_the_entry_as_the_client_decodes_it() {
    let args = args();
    let fill = fill(&args);
    for (id, scheme) in [("cursor", "cursor"), ("lm-studio", "lmstudio")] {
        let links = links(id, &fill, LinkKind::DeepLink);
        assert_eq!(Url::parse(&links[0].text).unwrap().scheme(), scheme);
        assert_eq!(query(&links[0], "name"), "key-stow");
        assert_eq!(from_base64(&query(&links[0], "config")), stdio());
        assert_eq!(
            from_base64(&query(&links[1], "config")),
            json!({"url": fill.url.unwrap()})
        );
    }
    let kiro = links("kiro", &fill, LinkKind::DeepLink);
    let config: Value = serde_json::from_str(&query(&kiro[0], "config")).unwrap();
    assert_eq!(config, stdio());

    // VS Code: JSON.parse(decodeURIComponent(query)).
    let code = links("vscode", &fill, LinkKind::DeepLink);
    let (_, encoded) = code[0].text.split_once('?').unwrap();
    let pairs = format!("x={}", encoded);
    let (_, decoded) = url::form_urlencoded::parse(pairs.as_bytes())
        .next()
        .unwrap();
    let entry: Value = serde_json::from_str(&decoded).unwrap();
    assert_eq!(
        entry,
        json!({"name": "key-stow", "type": "stdio", "command": COMMAND, "args": args})
    );
    assert!(
        code.iter()
            .any(|link| link.text.starts_with("vscode-insiders:mcp/install?"))
    );

    let goose = links("goose", &fill, LinkKind::DeepLink);
    assert_eq!(goose.len(), 1, "Goose takes no link to a command of ours");
    assert_eq!(query(&goose[0], "url"), fill.url.unwrap());
    assert_eq!(query(&goose[0], "type"), "streamable_http");
}

#[cfg(unix)]
fn words(line: &str) -> Vec<String> {
    let script = format!("f() {{ for word; do printf '%s\\0' \"$word\"; done; }}; f {line}");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn commands_are_what_the_shell_takes_them_for() {
    let args = args();
    let fill = fill(&args);
    let claude = &links("claude-code", &fill, LinkKind::Command)[0];
    let claude = words(&claude.text);
    assert_eq!(
        claude[..6],
        ["claude", "mcp", "add-json", "-s", "user", "key-stow"]
    );
    let entry: Value = serde_json::from_str(&claude[6]).unwrap();
    assert_eq!(
        entry,
        json!({"type": "stdio", "command": COMMAND, "args": args})
    );

    let start = [COMMAND, "bridge", "c-12345678"];
    for (id, before) in [
        ("codex", "codex mcp add key-stow --"),
        ("gemini", "gemini mcp add -s user key-stow"),
        ("qwen", "qwen mcp add -s user key-stow"),
        ("copilot-cli", "copilot mcp add key-stow --"),
        ("cline", "cline mcp add --yes key-stow --"),
        ("devin", "devin mcp add -s user key-stow --"),
    ] {
        let words = words(&links(id, &fill, LinkKind::Command)[0].text);
        let expected: Vec<&str> = before.split(' ').chain(start).collect();
        assert_eq!(words, expected);
    }
    let code = words(&links("vscode", &fill, LinkKind::Command)[0].text);
    assert_eq!(code[..2], ["code", "--add-mcp"]);
    assert_eq!(
        serde_json::from_str::<Value>(&code[2]).unwrap()["name"],
        "key-stow"
    );
}

#[test]
fn a_command_that_windows_would_misread_is_left_out() {
    let args = args();
    let mut fill = LinkFill {
        system: System::Windows,
        command: r"C:\Users\ada\keystow.exe",
        ..fill(&args)
    };
    let code = links("vscode", &fill, LinkKind::Command);
    assert!(
        code[0]
            .text
            .contains(r#"\"command\":\"C:\\Users\\ada\\keystow.exe\""#),
        "{}",
        code[0].text
    );
    let before = links("codex", &fill, LinkKind::Command);
    assert_eq!(before.len(), 1, "the address has an & in it");
    fill.url = Some("https://keys.example/mcp");
    assert_eq!(links("codex", &fill, LinkKind::Command).len(), 2);
}

#[test]
fn links_show_a_key_only_where_asked_and_say_so() {
    let args = args();
    let key = "ks_live_0123456789";
    let bearer = format!("Bearer {key}");
    for client in Clients::built_in().iter() {
        for link in client.links(&fill(&args)) {
            assert!(!link.exposes_key && !link.title.is_empty(), "{}", link.text);
        }
        let insisting = LinkFill {
            header: Some(("Authorization", &bearer)),
            ..fill(&args)
        };
        for link in client.links(&insisting) {
            let (_, decoded) = link.text.split_once("config=").unwrap_or_default();
            let decoded = decoded
                .replace("%3D", "=")
                .replace("%2B", "+")
                .replace("%2F", "/");
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(decoded)
                .unwrap_or_default();
            let shows = link.text.contains(key) || String::from_utf8_lossy(&decoded).contains(key);
            assert_eq!(link.exposes_key, shows, "{}", link.text);
        }
        let in_url = format!("https://keys.example/mcp?api_key={key}");
        let in_url = LinkFill {
            url: Some(&in_url),
            key_in_url: true,
            ..fill(&args)
        };
        for link in client
            .links(&in_url)
            .iter()
            .filter(|link| link.kind == LinkKind::Url)
        {
            assert!(link.exposes_key && link.text.contains(key));
        }
    }
    let stdin = links(
        "claude-code",
        &LinkFill {
            header: Some(("Authorization", &bearer)),
            ..fill(&args)
        },
        LinkKind::StdinCommand,
    );
    assert!(
        stdin[0].exposes_key
            && stdin[0]
                .text
                .ends_with(" | claude mcp add-json -s user key-stow -")
    );
}

#[test]
fn chatgpt_is_told_an_address_only() {
    let args = args();
    let chatgpt = client("chatgpt");
    assert!(chatgpt.targets.is_empty() && chatgpt.has_links());
    let told = chatgpt.links(&fill(&args));
    assert_eq!(told[0].kind, LinkKind::Url);
    assert_eq!(Some(told[0].text.as_str()), fill(&args).url);
    let without = LinkFill {
        url: None,
        ..fill(&args)
    };
    assert!(
        chatgpt
            .links(&without)
            .iter()
            .all(|link| link.kind == LinkKind::Page)
    );
}

proptest! {
    #[test]
    fn deep_links_bring_any_text_through(
        name in "[a-z][a-z0-9-]{0,12}",
        command in any::<String>(),
        args in proptest::collection::vec(any::<String>(), 0..4),
    ) {
        let fill = LinkFill { name: &name, command: &command, ..fill(&args) };
        let expected = json!({"command": command, "args": args});
        let cursor = &links("cursor", &fill, LinkKind::DeepLink)[0];
        prop_assert_eq!(query(cursor, "name"), name.as_str());
        prop_assert_eq!(from_base64(&query(cursor, "config")), expected.clone());
        let kiro = &links("kiro", &fill, LinkKind::DeepLink)[0];
        let config: Value = serde_json::from_str(&query(kiro, "config")).unwrap();
        prop_assert_eq!(config, expected);
    }
}
