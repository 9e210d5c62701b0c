use std::fmt::Write as _;

use crate::System;

/// As JavaScript's `encodeURIComponent`: all but letters, digits and `-_.!~*'()` as the `%XX` of its UTF-8.
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a string takes everything");
        }
    }
    encoded
}

/// One word for the system's shell: `sh` on Linux and macOS, the Command Prompt on Windows. `None` for what cannot be written there
/// so that it means the same in every program: line breaks and, on Windows, `& | < > ^ % !`.
pub fn quoted(text: &str, system: System) -> Option<String> {
    if text.contains(['\n', '\r', '\0']) {
        return None;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return Some(text.to_owned());
    }
    match system {
        System::Windows => quoted_for_windows(text),
        System::Linux | System::Macos => Some(format!("'{}'", text.replace('\'', r"'\''"))),
    }
}

/// Quotation marks get a backslash, and the backslashes before one (or before the end) are doubled: so the C runtime reads it.
fn quoted_for_windows(text: &str) -> Option<String> {
    if text.contains(['&', '|', '<', '>', '^', '%', '!']) {
        return None;
    }
    let mut word = String::from('"');
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                word.push_str(&r"\".repeat(backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        word.push(c);
    }
    word.push_str(&r"\".repeat(backslashes));
    word.push('"');
    Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How the C runtime of Windows takes a command line apart.
    fn taken_apart(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quoted, mut slashes) = (Vec::new(), String::new(), false, 0);
        for c in line.chars().chain([' ']) {
            match c {
                '\\' => slashes += 1,
                '"' => {
                    word.push_str(&"\\".repeat(slashes / 2));
                    match slashes % 2 {
                        1 => word.push('"'),
                        _ => quoted = !quoted,
                    }
                    slashes = 0;
                }
                _ => {
                    word.push_str(&"\\".repeat(slashes));
                    slashes = 0;
                    match c == ' ' && !quoted {
                        true => words.push(std::mem::take(&mut word)),
                        false => word.push(c),
                    }
                }
            }
        }
        words
    }

    const HARD: &[&str] = &[
        "",
        "plain",
        "with space",
        r#"{"command":"C:\\Users\\Ada L\\keystow.exe","args":["bridge"]}"#,
        r"C:\Users\Ada L\",
        r#"a\"b"#,
        "it's",
        "$HOME `id`",
        "ключ",
    ];

    #[test]
    fn windows_words_come_apart_as_they_were() {
        for hard in HARD {
            let word = quoted(hard, System::Windows).unwrap();
            assert_eq!(taken_apart(&word), [*hard], "{word}");
        }
        for dangerous in ["a&b", "%PATH%", "a\nb", "a^b", "x!y"] {
            assert_eq!(quoted(dangerous, System::Windows), None, "{dangerous}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_shell_reads_words_as_they_were() {
        for hard in HARD.iter().chain(&["a&b|c", "%PATH% !x", "'''"]) {
            let word = quoted(hard, System::Linux).unwrap();
            let output = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {word}")])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), *hard, "{word}");
        }
    }

    #[test]
    fn percent_encoding_leaves_what_javascript_leaves() {
        assert_eq!(percent("a-b_c.d!e~f*g'h(i)"), "a-b_c.d!e~f*g'h(i)");
        assert_eq!(percent("a b+c/d=é"), "a%20b%2Bc%2Fd%3D%C3%A9");
    }
}
