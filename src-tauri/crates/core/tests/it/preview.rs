//! Previews show what changes, and nobody's secrets.

use keystow_core::edit::{Servers, Syntax, set_entry};
use keystow_core::plan::{LineKind, REDACTED, diff, redact};
use proptest::prelude::*;
use serde_json::json;

use crate::documents::document;

fn shown(before: &str, after: &str) -> String {
    diff(before.as_bytes(), after.as_bytes())
        .iter()
        .map(|line| {
            let sign = match line.kind {
                LineKind::Context => ' ',
                LineKind::Added => '+',
                LineKind::Removed => '-',
                LineKind::Gap => '@',
            };
            format!("{sign}{}\n", line.text)
        })
        .collect()
}

const SERVERS: &str = r#"{
  "$schema": "https://example.com/schemas/mcp.json",
  "mcpServers": {
    "filesystem": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ada/Documents/project-notes-2026"]
    },
    "github": {
      "command": "docker",
      "args": ["run", "-i", "--rm", "-e", "GITHUB_TOKEN", "ghcr.io/github/github-mcp-server"],
      "env": { "GITHUB_TOKEN": "abc", "LOG_LEVEL": "debug" }
    },
    "auth": {
      "url": "https://mcp.example.com/v1/mcp?project=notes&api_key=abcdef",
      "headers": {
        "Authorization": "Bearer ${input:auth-token}",
        "X-Tenant": "acme"
      }
    }
  }
}
"#;

#[test]
fn shows_our_entry_and_hides_what_others_keep_private() {
    let entry = json!({"command": "/home/ada/.local/share/keystow/bin/keystow", "args": ["bridge", "c-a1b2c3d4"]});
    let after = set_entry(
        Some(SERVERS.as_bytes()),
        &Servers::map(Syntax::Json, &["mcpServers".to_owned()]),
        "keystow",
        &entry,
    )
    .unwrap()
    .after;
    assert_eq!(
        shown(SERVERS, std::str::from_utf8(&after).unwrap()),
        format!(
            r#"@@@ -16,6 +16,10 @@
         "Authorization": "Bearer ${{input:auth-token}}",
         "X-Tenant": "{REDACTED}"
       }}
+    }},
+    "keystow": {{
+      "command": "/home/ada/.local/share/keystow/bin/keystow",
+      "args": ["bridge", "c-a1b2c3d4"]
     }}
   }}
 }}
"#
        )
    );
    let shown = redact(SERVERS);
    let expected = SERVERS
        .replace(r#""abc""#, &format!("\"{REDACTED}\""))
        .replace(r#""debug""#, &format!("\"{REDACTED}\""))
        .replace("=abcdef", &format!("={REDACTED}"))
        .replace(r#""acme""#, &format!("\"{REDACTED}\""));
    assert_eq!(shown, expected);
}

#[test]
fn line_ends_and_byte_order_marks_are_no_change() {
    assert_eq!(
        shown("\u{FEFF}{\r\n  \"a\": 1\r\n}\r\n", "{\n  \"a\": 1\n}\n"),
        ""
    );
    assert_eq!(
        shown("\u{FEFF}{\r\n}\r\n", "\u{FEFF}{\r\n  \"a\": 1\r\n}\r\n"),
        " {\n+  \"a\": 1\n }\n"
    );
}

#[test]
fn a_new_file_is_all_added_and_a_deleted_one_all_removed() {
    assert_eq!(shown("", "{\n}\n"), "+{\n+}\n");
    assert_eq!(shown("{\n}\n", ""), "-{\n-}\n");
    let lines = diff(b"", b"a\nb\n");
    assert_eq!(
        lines
            .iter()
            .map(|line| (line.before, line.after))
            .collect::<Vec<_>>(),
        [(None, Some(1)), (None, Some(2))]
    );
}

#[test]
fn a_change_of_a_secret_shows_that_it_changed_and_not_to_what() {
    assert_eq!(
        shown("{\"token\": \"one\"}", "{\"token\": \"two\"}"),
        format!("-{{\"token\": \"{REDACTED}\"}}\n+{{\"token\": \"{REDACTED}\"}}\n")
    );
}

#[test]
fn what_is_not_shown_counts_for_what_comes_behind_it() {
    for (common, added) in [
        ("{\n  \"env\": null\n", "{} token = \"abc\"\n"),
        ("{\"args\": [\"--token\", 12,\n", "\"abc\",\n"),
    ] {
        let whole = format!("{common}{added}");
        let expected = redact(&whole);
        let lines = diff(common.as_bytes(), whole.as_bytes());
        let line = lines.iter().find(|line| line.kind == LineKind::Added);
        assert_eq!(line.map(|line| line.text.as_str()), expected.lines().last());
        assert!(!expected.contains("abc"), "{expected}");
    }
}

#[test]
fn distant_changes_are_told_apart() {
    let before: String = (1..=30).map(|n| format!("{n}\n")).collect();
    let after = before.replace("\n5\n", "\nfive\n").replace("\n25\n", "\n");
    assert_eq!(
        shown(&before, &after),
        "@@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@@ -22,7 +22,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n 28\n"
    );
}

#[test]
fn a_change_in_a_very_long_line_is_shown_around_its_place() {
    let long = "\"plain\": 1, ".repeat(1000);
    let before = format!("{{{long}\"z\": 0}}");
    let after = format!("{{{long}\"z\": 0, \"keystow\": 1}}");
    let text = shown(&before, &after);
    assert!(text.len() < 1000, "{} bytes", text.len());
    assert!(text.contains("\"keystow\": 1"), "{text}");
}

#[test]
fn plain_text_stays_readable() {
    for plain in [
        r#"{"command": "/opt/keystow/bin/keystow", "args": ["bridge", "c-a1b2c3d4"]}"#,
        r#"{"command": "C:\\Users\\Ada\\AppData\\Local\\Keystow\\bin\\keystow.exe"}"#,
        r#"{"args": ["-y", "@modelcontextprotocol/server-everything@2026.1.14", "--port", "8931"]}"#,
        r#"{"args": ["--directory", "/Users/ada/Library/Application Support/Claude/claude_desktop_config.json"]}"#,
        r#"{"type": "http", "url": "http://127.0.0.1:8931/mcp/stream"}"#,
        r#"{"url": "https://mcp.example.com/organizations/acme-industries/servers/main?region=eu"}"#,
        r#"{"preferences": {"coworkUserFilesPath": "/home/ada/Claude", "menuBarEnabled": false, "quickEntryShortcut": "off"}}"#,
        r#"{"command": "uvx", "args": ["mcp-server-fetch", "--ignore-robots-txt"]}"#,
        r#"{"inputs": [{"type": "promptString", "id": "api-token", "description": "Your personal one", "password": true}]}"#,
        "{ // servers for the documentation of JavaScriptFrameworks\n  /* keep this: it works */ \"a\": null }",
    ] {
        assert_eq!(redact(plain).trim_end(), plain);
    }
}

#[test]
fn hides_no_more_of_a_command_line_than_its_secrets() {
    for (line, shown) in [
        ("run --token 'a b' --port 80", "run --token % --port 80"),
        (
            "curl -u ada:x https://example.com",
            "curl -u % https://example.com",
        ),
        (
            "psql postgres://ada:p/w@db.example.com:5432/notes",
            "psql postgres://%@db.example.com:5432/notes",
        ),
        (
            "docker run -e TOKEN=abc -p 80:80 image",
            "docker run -e TOKEN=% -p 80:80 image",
        ),
    ] {
        let text = |line: &str| format!("{{\"args\": [\"-c\", \"{line}\"]}}\n");
        assert_eq!(
            redact(&text(line)).trim_end(),
            text(&shown.replace('%', REDACTED)).trim_end()
        );
    }
}

#[test]
fn hides_keys_of_known_kinds_wherever_they_stand() {
    for secret in [
        "ghp_abcdEFGH1234ijklMNOP5678qrstUVWX9012",
        "sk-proj-abcdefghijklmnop",
        "mii_prod_abc123abc123",
        "aidelly_live_a1b2c3d4e5",
        "ocore_k_a1b2c3d4e5f6",
        "ksl_abcdefghijabcdefghijabcdefghijabcdefghij",
        "xoxb-123456789012-abcdef",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_ghi",
        "0123456789abcdef0123456789abcdef",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "aB3dE5gH7jK9mN1pQ3sT5vW7",
        "dGhpcyBpcyBhIHNlY3JldA==",
        "Zx/9+aQ1bC2dE3fG4hI5jK6l+mN7oP8==",
    ] {
        for text in [
            format!("{{\"note\": \"{secret}\"}}"),
            format!("{{\"args\": [\"serve\", \"{secret}\"]}}"),
            format!("{{\"url\": \"https://example.com/hooks/{secret}/mcp\"}}"),
            format!("{{ // was {secret} before\n}}"),
            format!("{{\"{secret}\": 1}}"),
            format!("not json at all {secret}"),
        ] {
            assert!(!redact(&text).contains(secret), "{text}\n{}", redact(&text));
        }
    }
}

/// A place where a secret stands; `%` is the secret.
fn sensitive_place() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        r#""token": "%""#,
        r#""apiKey": "%""#,
        r#""API_KEY" : "%""#,
        r#""x-api-key":"%""#,
        r#""github.accessToken": "%""#,
        r#""password": "%""#,
        r#""clientSecret": "%""#,
        r#""auth": { "id": "%", "more": ["%"] }"#,
        r#""credentials": [ { "a": { "b": "%" } } ]"#,
        r#""env": { "ANYTHING": "%" }"#,
        "\"env\": {\n  \"A\": \"x\",\n  \"B\": \"%\"\n}",
        "\"env\": {\r\n  // note\r\n  \"B\": /* here */ \"%\"\r\n}",
        r#""environment": { "A": "%" }"#,
        r#""headers": { "X-Whatever": "%" }"#,
        r#""requestInit": { "headers": { "Authorization": "Bearer %" } }"#,
        r#""url": "https://user:%@example.com/mcp""#,
        r#""url": "https://%@example.com/mcp""#,
        r#""url": "https://example.com/mcp?api_key=%""#,
        r#""url": "https://example.com/mcp?a=1&access_token=%&b=2""#,
        r#""url": "https://example.com/mcp#token=%""#,
        r#""args": ["serve", "--api-key", "%"]"#,
        r#""args": ["serve", "--token=%"]"#,
        r#""args": ["-e", "FOO=%", "image"]"#,
        r#""args": ["mcp-remote", "https://example.com/mcp", "--header", "X-Custom: %"]"#,
        r#""args": ["--header", "Authorization:Bearer %"]"#,
        r#""args": ["-c", "run --password % --verbose"]"#,
        r#""args": ["-c", "curl -H 'Authorization: Bearer %' https://example.com"]"#,
        r#""args": ["-c", "API_KEY=% run"]"#,
        r#""args": ["--config", "{\"apiKey\":\"%\"}"]"#,
        r#""args": ["--config", "{\"a\": 1, \"env\": {\"FOO\": \"%\"}}"]"#,
        r#""args": ["-c", "run --token \"a % b\" x"]"#,
        r#""args": ["-c", "run --token 'a % b' x"]"#,
        r#""args": ["-c", "TOKEN='a %' run"]"#,
        r#""args": ["-c", "TOKEN=\"a %\" run"]"#,
        r#""note": "Authorization: Bearer %""#,
        "\"a\": 1, // token: %\n\"b\": 2",
        "\"a\": 1, // \"env\": { \"FOO\": \"%\" }\n\"b\": 2",
        "\"a\": 1, // \"env\": {\n // \"FOO\": \"%\"\n // }\n\"b\": 2",
        "\"a\": 1, /* the password is % */\"b\": 2",
        "\"a\": 1, /* old:\n \"apiKey\": \"%\",\n */\"b\": 2",
        "\"a\": 1, // API_KEY=%\n\"b\": 2",
        "\"a\": 1, // https://example.com/?api_key=%\n\"b\": 2",
        "\"a\": 1, // Bearer %\n\"b\": 2",
        "\"a\": 1, // \"anything\": \"%\"\n\"b\": 2",
        r#""a": "sk-%""#,
        r#""a": "ghp_%""#,
        r#""a": "/srv/mii_prod_%""#,
        "token = \"%\"",
        "token: %",
    ])
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{8,40}",
        "[A-Za-z0-9_-]{8,40}",
        "[a-z]{4}-[a-z]{6}-[0-9]{4}",
        "[0-9]{8,16}",
        "[a-z]{8,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_secret_in_a_sensitive_place_never_shows(
        place in sensitive_place(),
        secret in secret(),
        servers_before in 0_usize..3,
        crlf in any::<bool>(),
        closed in prop::bool::weighted(0.9),
        escaped in any::<bool>(),
    ) {
        // A part of the frame around it could be the secret by chance.
        let frame = "{\"mcpServers\": {";
        let servers: String = (0..servers_before).map(|n| format!("\"s{n}\": {{\"command\": \"x\", \"args\": []}},\n")).collect();
        prop_assume!(!place.replace('%', "").contains(&secret) && !frame.contains(&secret) && !servers.contains(&secret));
        let hidden = if escaped && place.contains('"') && !place.contains("//") && !place.contains("/*") {
            // The same in another spelling of JSON.
            format!("\\u{:04x}{}", u32::from(secret.chars().next().unwrap()), &secret[1..])
        } else {
            secret.clone()
        };
        let end = if closed { "}}}\n" } else { "" };
        let mut text = format!("{frame}{servers}\"server\": {{ {}\n{end}", place.replace('%', &hidden));
        if crlf {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        for shown in [redact(&text), shown("", &text), shown(&text, ""), shown(&text, &text.replace("server", "other"))] {
            prop_assert!(!shown.contains(&secret) && !shown.contains(&hidden), "{}\n{}", text, shown);
            prop_assert!(!shown.contains(&secret[1..]), "{}\n{}", text, shown);
        }
        prop_assert_eq!(redact(&text).lines().count(), text.lines().count());
    }

    #[test]
    fn any_text_keeps_its_lines(text in "(?s).{0,200}") {
        let normal = text.replace("\r\n", "\n").replace('\r', "\n");
        prop_assert_eq!(redact(&normal).split('\n').count(), normal.split('\n').count());
        let _ = diff(text.as_bytes(), b"{}");
    }
}

/// Each line of a diff is redacted as if the whole document were.
pub fn shown_as_in_whole(before: &str, after: &str) -> Result<(), TestCaseError> {
    let whole = |text: &str| {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        redact(&text.replace("\r\n", "\n").replace('\r', "\n"))
    };
    let (old, new) = (whole(before), whole(after));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    for line in diff(before.as_bytes(), after.as_bytes()) {
        let expected = match line.kind {
            LineKind::Gap => continue,
            LineKind::Added => new[line.after.unwrap() as usize - 1],
            LineKind::Removed | LineKind::Context => old[line.before.unwrap() as usize - 1],
        };
        // Longer ones are cut where they differ.
        if !line.text.contains(" characters …›") {
            prop_assert_eq!(&line.text, expected, "{}\n{}", before, after);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_line_is_shown_as_the_whole_document_is(
        place in sensitive_place(),
        seed in any::<prop::sample::Index>(),
        (before, other) in (document(Syntax::Jsonc), document(Syntax::Jsonc)),
    ) {
        // Two documents with a secret in the middle and some lines of their own.
        let lines: Vec<&str> = std::str::from_utf8(&before).unwrap().split_inclusive('\n').collect();
        let extra: Vec<&str> = std::str::from_utf8(&other).unwrap().split_inclusive('\n').collect();
        let at = seed.index(lines.len() + 1);
        let after = [&lines[..at], &extra, &[place, "\n"], &lines[at..]].concat().concat();
        let before = lines.concat();
        shown_as_in_whole(&before, &after)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_long_line_shows_no_secret_wherever_it_is_cut(
        // Comments would go on over the rest of the line.
        parts in prop::collection::vec((sensitive_place().prop_filter("one line", |place| !place.contains("// ")), 0..3000_usize), 3..12),
        cut in any::<prop::sample::Index>(),
        length in 1..3_usize,
        back in any::<bool>(),
    ) {
        let text = |parts: &[String]| format!("{{{}}}", parts.join(", "));
        let parts: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(n, (place, more))| {
                let inner = place.replace(['\r', '\n'], " ").replace('%', "hunter-two-x");
                format!("\"p{n}\": {{ {inner} }}, \"q{n}\": \"{}\"", "plain ".repeat(*more))
            })
            .collect();
        let at = cut.index(parts.len());
        let less = [&parts[..at], &parts[parts.len().min(at + length)..]].concat();
        let (whole, less) = (text(&parts), text(&less));
        let (before, after) = if back { (&less, &whole) } else { (&whole, &less) };
        prop_assume!(!redact(before).contains("hunter-two") && !redact(after).contains("hunter-two"));
        for line in diff(before.as_bytes(), after.as_bytes()) {
            prop_assert!(!line.text.contains("unter-two") && !line.text.contains("hunter-tw"), "{}", line.text);
        }
    }
}
