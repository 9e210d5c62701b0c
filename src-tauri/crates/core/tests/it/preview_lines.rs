//! Previews of TOML and YAML hide what those of JSON hide.

use keystow_core::edit::{Servers, Syntax, read_entry, set_entry};
use keystow_core::plan::{REDACTED, diff, redact};
use proptest::prelude::*;
use serde_json::json;

use crate::preview::shown_as_in_whole;

#[track_caller]
fn shows(text: &str, shown: &str) {
    assert_eq!(redact(text), shown.replace('%', REDACTED));
}

#[test]
fn tables_and_keys_of_toml_hide_their_secrets_and_nothing_else() {
    shows(
        r#"model = "o4"
[mcp_servers.docs]
command = "npx"
args = ["-y", "mcp-server", '--token', 'hunter2']
env = { TOKEN = "hunter2", LEVEL = 'de,bug' }
startup_timeout_sec = 20

[mcp_servers.auth]
url = "https://example.com/mcp"
bearer_token = "hunter2"
http_headers = { "X-Tenant" = "acme" }

[mcp_servers.auth.env] # private
# OLD = "hunter2"
HOME = "/home/ada"
TEXT = """
hunter2
"""
PORT = 80

[mcp_servers.other]
command = 'other'
env.LEVEL = "hunter2"
"#,
        r#"model = "o4"
[mcp_servers.docs]
command = "npx"
args = ["-y", "mcp-server", '--token', %]
env = { TOKEN = "%", LEVEL = % }
startup_timeout_sec = 20

[mcp_servers.auth]
url = "https://example.com/mcp"
bearer_token = "%"
http_headers = { "X-Tenant" = "%" }

[mcp_servers.auth.env] # private
# %
HOME = "%"
TEXT = "%"
%
"%"
PORT = %

[mcp_servers.other]
command = 'other'
env.LEVEL = "%"
"#,
    );
}

#[test]
fn keys_and_lists_of_yaml_hide_their_secrets_and_nothing_else() {
    shows(
        r#"extensions:
  github:
    cmd: npx
    args:
      - -y
      - --token
      - hunter2
      - --verbose
    envs:
      TOKEN: hunter2
      LEVEL: debug
    env: {A: hunter2, B: "hunter2"}
    timeout: 300
  auth:
    uri: https://example.com/mcp
    headers:
    - X-Tenant: acme
    - name: hunter2
    description: about it
    password: |
      hunter2
      line: hunter2
    api_key: "hunter2
      and more"
    enabled: true
servers:
  - name: a
    env:
      # OLD: hunter2
      ONE: ${ONE}
    url: http://127.0.0.1
# env:
#   TWO: hunter2
# name: b
"#,
        r#"extensions:
  github:
    cmd: npx
    args:
      - -y
      - --token
      - %
      - --verbose
    envs:
      TOKEN: %
      LEVEL: %
    env: {A: %, B: "%"}
    timeout: 300
  auth:
    uri: https://example.com/mcp
    headers:
    - X-Tenant: %
    - name: %
    description: about it
    password: %
      %
      %
    api_key: %
      %
    enabled: true
servers:
  - name: a
    env:
      # %
      ONE: ${ONE}
    url: http://127.0.0.1
# env:
#   TWO: %
# name: b
"#,
    );
}

#[test]
fn a_comment_above_a_document_says_nothing_about_it() {
    shows(
        "// \"env\": {\n//   \"A\": \"hunter2\" }\n// token: hunter2\n{\n  \"command\": \"npx\"\n}\n",
        "// \"env\": {\n//   \"A\": \"%\" }\n// token: %\n{\n  \"command\": \"npx\"\n}\n",
    );
}

#[test]
fn a_change_far_below_its_header_is_still_hidden() {
    let many: String = (0..50).map(|n| format!("V{n} = \"x{n}\"\n")).collect();
    let before = format!("[mcp_servers.a.env]\n{many}");
    let after = format!("{before}LAST = \"hunter2\"\n");
    let lines = diff(before.as_bytes(), after.as_bytes());
    let last = lines.last().unwrap();
    assert_eq!(last.text, format!("LAST = \"{REDACTED}\""));
    assert!(lines.iter().all(|line| !line.text.contains("x49")));
}

#[test]
fn a_change_far_below_an_indented_key_is_still_hidden() {
    let many: String = (0..50).map(|n| format!("      V{n}: x{n}\n")).collect();
    let before = format!("mcp_servers:\n  a:\n    env:\n{many}");
    let after = format!("{before}      LAST: hunter2\n");
    let lines = diff(before.as_bytes(), after.as_bytes());
    let last = lines.last().unwrap();
    assert_eq!(last.text, format!("      LAST: {REDACTED}"));
    assert!(lines.iter().all(|line| !line.text.contains("x49")));
}

/// A place where a secret stands; `%` is the secret.
fn sensitive_place() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "env = { TOKEN = \"%\" }",
        "env = { A = 'x', B = '%' }",
        "[mcp_servers.x.env]\nA = \"%\"",
        "[mcp_servers.x.env]\n\n# note\nA = '%'",
        "[ mcp_servers . \"x.y\" . env ]\nA = %",
        "[[servers]]\nname = \"x\"\n[servers.headers]\n\"X-A\" = \"%\"",
        "bearer_token = \"%\"",
        "bearer_token='%'",
        "x.env.A = \"%\"",
        "x.\"env\".A = '%'",
        "password = \"\"\"\n%\"\"\"",
        "password = '''\nx\n%\n'''",
        "args = ['--api-key', '%']",
        "args = [\n  \"--api-key\",\n  \"%\",\n]",
        "env:\n  A: %",
        "env:\n  A: \"%\"\n  B: c",
        "env:\n  A: '%'",
        "env:\n- A: %",
        "env:\n  - name: A\n    value: %",
        "env: {A: %}",
        "env: {A: x, B: '%'}",
        "env:\n  {\n    A: %\n  }",
        "headers:\n  X-A: %",
        "headers:\n  X-A: >-\n    x\n    %",
        "token: |\n  %",
        "token: |-\n\n    x\n    %\n",
        "token:\n  %",
        "token: x\n  %",
        "token: \"x\n  %\"",
        "- env:\n    A: %",
        "- - env:\n      A: %",
        "- name: x\n  env:\n    A: %",
        "- name: x\n  token: %",
        "args:\n  - --token\n  - %",
        "args:\n- \"--token\"\n- \"%\"",
        "args: [--token, %]",
        "# env:\n#   A: %",
        "# token: %",
        "#env = { A = \"%\" }",
        "env:\n  # %",
        "env:\n  A:\n    B: %",
        "? token\n: x\ntoken: %",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_secret_in_a_sensitive_place_never_shows(
        place in sensitive_place(),
        secret in "[a-zA-Z][a-zA-Z0-9_-]{7,30}",
        above in prop::sample::select(vec!["", "a: b\n", "a = 1\n", "\n", "# note\n", "---\n"]),
        below in prop::sample::select(vec!["", "\n", "\nz: 1\n", "\nz = 1\n"]),
        crlf in any::<bool>(),
    ) {
        prop_assume!(!place.contains(&secret) && !secret.contains("--"));
        let mut text = format!("{above}{}{below}", place.replace('%', &secret));
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let shown = redact(&text);
        prop_assert!(!shown.contains(&secret), "{}\n{}", text, shown);
        prop_assert_eq!(shown.lines().count(), text.lines().count());
        for line in diff(b"", text.as_bytes()) {
            prop_assert!(!line.text.contains(&secret), "{}\n{}", text, line.text);
        }
    }

    #[test]
    fn a_line_is_shown_as_the_whole_document_is(
        parts in prop::collection::vec((sensitive_place(), 0..3_usize, 0..6_usize), 1..5),
        cut in any::<prop::sample::Index>(),
        length in 1..4_usize,
        back in any::<bool>(),
    ) {
        let mut lines = Vec::new();
        for (place, depth, more) in &parts {
            for outer in 0..*depth {
                lines.push(format!("{}outer:", "  ".repeat(outer)));
            }
            let space = "  ".repeat(*depth);
            let text = place.replace('%', "secret-one");
            lines.extend(text.lines().map(|line| format!("{space}{line}")));
            let last = lines.last().unwrap();
            let space = " ".repeat(last.len() - last.trim_start().len());
            lines.extend((0..*more).map(|n| format!("{space}V{n}: x{n}")));
        }
        let at = cut.index(lines.len());
        let kept = [&lines[..at], &lines[lines.len().min(at + length)..]].concat();
        let (whole, less) = (lines.join("\n"), kept.join("\n"));
        let (before, after) = if back { (&less, &whole) } else { (&whole, &less) };
        shown_as_in_whole(before, after)?;
    }
}

#[test]
fn a_comment_that_nothing_ends_goes_on_over_what_is_added_below() {
    let before = "cookies/*n:\nenabled: true\n\nservers:\n  - a\n";
    let after = format!("{before}  - name: b\n    command: c\n");
    shown_as_in_whole(before, &after).unwrap();
}

#[test]
fn signs_of_comments_and_brackets_in_a_text_say_nothing_about_what_comes_below() {
    let yaml = "mcp:\n  env:\n    LEVEL: %\n  args:\n    - --token\n    - %\n";
    let above_yaml = [
        "globs: src/*",
        "globs: ['src/*', '**/*.ts']",
        "globs:\n  - '**/*.ts'",
        "# see src/*",
        "# see [docs",
        "urls: [http://a.example, b]",
        "about: a smile :[",
        "about: it's a smile :[",
        "about: |\n  a smile :[",
        "about: b # a smile :[",
        "- a smile :[\n- b",
    ];
    let toml = "[mcp.env]\nLEVEL = '%'\n[mcp]\nargs = [\n# a flag = [b\n\"--token\",\n\"%\",\n]\n";
    let above_toml = [
        "globs = 'src/*'",
        "globs = \"\"\"\nsrc/*\"\"\"",
        "# see src/*",
        "# see [docs",
        "urls = ['http://a.example', 'b']",
        "about = 'a smile :['",
        "about = '\"[' # :{",
        "about = \"C:\\\\\" # :{",
        "[projects.'C:\\a,[b']\nglobs = 'src/*'",
    ];
    for (all, block) in [(&above_yaml[..], yaml), (&above_toml[..], toml)] {
        for above in all {
            let shown = format!("{above}\n{block}");
            shows(&shown.replace('%', "hunter2"), &shown);
        }
    }
}

#[test]
fn headers_of_tables_may_have_any_signs_in_quotes() {
    for name in ["'a:b'", "\"a,b\"", "'a]b'", "\"a.b=c\""] {
        let shown = format!("[mcp.{name}.env]\nLEVEL = '%'\n[mcp.{name}]\nLEVEL = 'b'\n");
        shows(&shown.replace('%', "hunter2"), &shown);
    }
}

#[test]
fn what_is_commented_out_stays_hidden_over_its_lines_and_no_further() {
    shows(
        "# env = {\n#   A = \"hunter2\"\n# }\nname = \"b\"\n# env = {\nname = \"b\"\n[mcp.env]\n# {\nA = \"hunter2\"\n",
        "# env = {\n% \"%\"\n% }\nname = \"b\"\n# env = {\nname = \"b\"\n[mcp.env]\n# %\nA = \"%\"\n",
    );
}

proptest! {
    #[test]
    fn nothing_above_a_block_shows_what_it_hides(
        above in prop::collection::vec(r##"(a: |a = |# |- |  - |  b: )[a-z\[\]{}'"/*#:=, \\-]{0,12}"##, 0..4),
        behind in prop::sample::select(vec!["", "# [c\n", "  # {c\n"]),
    ) {
        let above = format!("a: b\n{}\n", above.join("\n"));
        for block in [
            format!("mcp:\n  env:\n{behind}    LEVEL: hunter2\n  headers:\n    - X-A: hunter2\n"),
            format!("[mcp.env]\n{behind}LEVEL = 'hunter2'\nenv = {{ A = \"hunter2\" }}\n"),
        ] {
            let shown = redact(&format!("{above}{block}"));
            prop_assert!(!shown.contains("hunter2"), "{}", shown);
        }
    }
}

#[test]
fn what_is_secret_by_the_structure_of_a_document_is_hidden_however_it_is_written() {
    for text in [
        // What a comment in between says, does not count.
        "args:\n  - --token\n  # mine\n  - %\n",
        "args: [--token, # mine\n  %]\n",
        "args = [\n  \"--token\", # mine\n  \"%\",\n]\n",
        "args = [\n  '-e', # mine\n  'A=%',\n]\n",
        "args = [\n  '-H', # mine\n  'X-A: %']\n",
        // Names in another spelling.
        "\"en\\u0076\":\n  A: %\n",
        "\"en\\u0076\" = { A = '%' }\n",
        "[a.\"en\\u0076\"]\nA = '%'\n",
        "? env\n: A: %\n",
        "? env\n: - %\n",
        // What stands elsewhere.
        "plain: &a %\nenv: {A: *a}\n",
        "base: &a\n  A: %\n  B: [b, %]\nenv:\n  <<: *a\n",
        // Signs that mean something else in JSON.
        "{env: {A: /*%, B: x */}}\n",
        "{a: //b, env: {A: %}}\n",
        // All of an argument, not its first word.
        "args: ['--token=two words %']\n",
        "args:\n  - --token=two words %\n",
        "args = [\"--token=two words %\"]\n",
        // Over several lines.
        "env: {A: 'it''s }\n\n  %', B: \"a\\\" # %\"}\n",
        "env:\n  A: b\n   c\n\n   %\n",
        "env:\n  ? A\n  : >+2\n     %\n\n    %\n",
        "env:\n  A: !!str &b\n    %\n",
        "a = 1\nenv = { A = '''\n'%' ''', B = \"\"\"\\\n  %\\\"\"\"\" }\n",
        "a.\"b.c\".env.\"d = e\" = '%'\n",
        "[[a]]\n[a.env]\nb.c = [{ d = '%' }]\n[[a]]\n",
    ] {
        let whole = text.replace('%', "hunter2");
        let shown = redact(&whole);
        assert!(!shown.contains("hunter2"), "{text}\n{shown}");
        assert!(!shown.contains('\u{7F}'), "{text}\n{shown:?}");
        assert_eq!(shown.lines().count(), whole.lines().count());
        shown_as_in_whole("", &whole).unwrap();
        shown_as_in_whole(&whole, &whole.replace("hunter2", "hunter2 or 3")).unwrap();
    }
}

#[test]
fn only_what_is_secret_is_covered() {
    shows(
        "a: &a\n  - --token\n  # it\n  - hunter2\n  - -y\n  - -e # one\n  - LEVEL=hunter2\nenv:\n  a: true\n  b: ${B}\n  c: \"x\ty\" # d\n",
        "a: &a\n  - --token\n  # it\n  - %\n  - -y\n  - -e # one\n  - LEVEL=%\nenv:\n  a: true\n  b: ${B}\n  c: %\n",
    );
    shows(
        "env = { b = \"${B}\", c = 'x' }\nargs = [\n  \"-H\", # one\n  \"X-A: hunter2\",\n]\n",
        "env = { b = \"${B}\", c = % }\nargs = [\n  \"-H\", # one\n  \"X-A:%\",\n]\n",
    );
}

#[test]
fn strings_within_strings_that_cannot_be_read_stay_as_long_as_they_are() {
    let text = format!("a = \"\\q{}", "b \\\" token \\\" ".repeat(2000));
    let shown = redact(&text);
    assert!(shown.len() <= text.len() + 100, "{} bytes", shown.len());
    let text = format!("{{\"a\": \"\\q{}\"}}", "\\\"".repeat(200_000));
    assert!(redact(&text).len() <= text.len() + 100);
}

/// A text of a settings file, with whatever signs.
fn prose() -> impl Strategy<Value = String> {
    r##"[a-z \[\]{}'"/*#:=,&!|>%@`\\?~\n-]{0,10}"##
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_document_that_can_be_read_shows_no_secret_however_it_is_written(
        parts in prop::collection::vec((prose(), prose(), 0..7_u8), 1..5),
        notes in prop::collection::vec((any::<prop::sample::Index>(), "( {0,4}# [a-z\\[\\]{}'\":=,/*-]{0,8}|)"), 0..4),
        crlf in any::<bool>(),
    ) {
        let entry: serde_json::Map<String, serde_json::Value> = parts.iter().enumerate().map(|(n, (one, two, kind))| {
            let secret = format!("{one}hunter2{two}");
            let value = match kind {
                0 => json!({"env": {"A": one, one: secret}}),
                1 => json!({"args": [one, "--token", secret, two]}),
                2 => json!({"args": ["-y", format!("--token={secret}")]}),
                3 => json!({"args": ["-e", format!("A={secret}"), "-H", format!("{}: {secret}", "X-A")]}),
                4 => json!({"headers": [{"name": two}, [secret]]}),
                5 => json!({"api_key": secret, "about": two}),
                _ => json!({"about": one, two: 1}),
            };
            (format!("{two}{n}"), value)
        }).collect();
        for syntax in [Syntax::Yaml, Syntax::Toml, Syntax::Json, Syntax::Jsonc] {
            let servers = Servers::map(syntax, ["mcp_servers"]);
            let Ok(edited) = set_entry(None, &servers, "a", &json!(entry)) else { continue };
            let text = String::from_utf8(edited.after).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            let slashed: Vec<String> = notes.iter().map(|(_, note)| note.replacen('#', "//", 1)).collect();
            for ((at, note), slashed) in notes.iter().zip(&slashed).filter(|_| syntax != Syntax::Json) {
                let note = if syntax == Syntax::Jsonc { slashed } else { note };
                lines.insert(at.index(lines.len() + 1), note);
            }
            let text = lines.join(if crlf { "\r\n" } else { "\n" });
            // A note may have come into a text in which it ends something.
            prop_assume!(read_entry(text.as_bytes(), &servers, "a").is_ok());
            let shown = redact(&text);
            prop_assert!(!shown.contains("hunter2"), "{}\n{}", text, shown);
            prop_assert!(!shown.contains('\u{7F}'), "{}\n{}", text, shown);
            prop_assert_eq!(shown.lines().count(), text.lines().count());
            for line in diff(b"", text.as_bytes()) {
                prop_assert!(!line.text.contains("hunter2"), "{}\n{}", text, line.text);
            }
        }
    }
}
