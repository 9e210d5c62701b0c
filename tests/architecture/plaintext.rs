//! P1: where plaintext may be looked at.

use super::source::{CRATES, File, shipped_files};

/// Crates that may call `Secret::expose`, in how many places, and what for. All others: nowhere.
const MAY_EXPOSE: &[(&str, usize, &str)] = &[
    (
        "core",
        5,
        "packs a session for the keychain, unpacks it, makes the cipher that seals before-images, and holds a pasted key against \
         the pattern of its provider",
    ),
    ("keychain", 3, "hands it to the store of each system"),
    (
        "remote",
        17,
        "sends it to the workspace it belongs to: sign-in, tokens, the authorization header",
    ),
    (
        "bridge",
        2,
        "sends it to the server as headers, which a probe takes from what a command printed",
    ),
    (
        "cli",
        10,
        "trims what was typed and pasted, sends a one-time code on, reveals on the person's terminal, copies it and links with it \
         to the clipboard, takes it off the clipboard for the process that started it, prints it as a header for the client that \
         asks, and hands it to the one program that is started to use it",
    ),
    ("workspace", 2, "compares and hashes the owner's password"),
];

/// Each call of `expose` in what ships, with the line it stands on.
fn places(file: &File) -> Vec<usize> {
    let lines = file.shipped().lines().enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.flat_map(|(at, line)| std::iter::repeat_n(at, line.matches(".expose()").count()))
        .collect()
}

/// Whether a line says why, at its end or in a comment above it within the same statement or right before.
fn says_why(text: &str, at: usize) -> bool {
    const MARK: &str = "// EXPOSE: ";
    let lines: Vec<&str> = text.lines().collect();
    if lines[at].contains(MARK) {
        return true;
    }
    for line in lines[..at].iter().rev() {
        let code = line.split("//").next().unwrap_or("").trim_end();
        if line.trim_start().starts_with(MARK) {
            return true;
        }
        let comment = line.trim_start().starts_with("//");
        if !comment && (code.is_empty() || code.ends_with([';', '{', '}', ','])) {
            return false;
        }
    }
    false
}

#[test]
fn plaintext_is_looked_at_only_in_counted_places() {
    let mut wrong = Vec::new();
    for (name, dir) in CRATES.iter().filter(|(name, _)| *name != "testkit") {
        let found: Vec<String> = shipped_files(dir)
            .iter()
            .flat_map(|file| {
                places(file)
                    .into_iter()
                    .map(|at| format!("  {}:{}", file.path, at + 1))
            })
            .collect();
        let allowed = MAY_EXPOSE
            .iter()
            .find(|(n, ..)| n == name)
            .map_or(0, |(_, count, _)| *count);
        if found.len() != allowed {
            wrong.push(format!(
                "{name}: MAY_EXPOSE says {allowed}, there are {}:\n{}",
                found.len(),
                found.join("\n")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_look_at_plaintext_says_why() {
    for (_, dir) in CRATES {
        for file in shipped_files(dir) {
            for at in places(&file) {
                assert!(
                    says_why(&file.text, at),
                    "{}:{}: `expose` without `// EXPOSE: why`",
                    file.path,
                    at + 1
                );
            }
        }
    }
}

#[test]
fn a_place_without_a_reason_is_found() {
    let file = File {
        path: "x.rs".into(),
        text: "fn a(s: &Secret) {\n    // EXPOSE: sent\n    s.expose();\n\n    s.expose();\n}"
            .into(),
    };
    assert_eq!(places(&file), [2, 4]);
    assert!(says_why(&file.text, 2));
    assert!(!says_why(&file.text, 4));
}
