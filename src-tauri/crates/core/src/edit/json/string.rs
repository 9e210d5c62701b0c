//! Strings as they are written, and what they say.

/// What a string says, given without its quotes; half a surrogate pair, which no text of ours can hold, becomes U+FFFD.
pub(super) fn decoded(raw: &str) -> String {
    decode(raw).0
}

/// Whether a string, given without its quotes, says just this.
pub(super) fn says(raw: &str, text: &str) -> bool {
    if !raw.contains('\\') {
        return raw == text;
    }
    // Escapes only ever make a text longer.
    raw.len() >= text.len() && decode(raw) == (text.to_owned(), true)
}

/// What a string says, and whether that is all of it.
fn decode(raw: &str) -> (String, bool) {
    let mut out = String::with_capacity(raw.len());
    let mut whole = true;
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let mut chars = escape.chars();
        let c = match chars.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{C}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (c, after) = unicode(escape);
                rest = after;
                whole &= c.is_some();
                out.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
                continue;
            }
            Some(itself) => itself,
            None => break,
        };
        out.push(c);
        rest = chars.as_str();
    }
    out.push_str(rest);
    (out, whole)
}

/// The character of `uXXXX` or of a pair `uXXXX\uXXXX`, and what follows; `None`: half a pair.
fn unicode(escape: &str) -> (Option<char>, &str) {
    let (first, after) = unit(escape);
    if (0xD800..0xDC00).contains(&first)
        && let Some(second) = after.strip_prefix('\\').filter(|s| s.starts_with('u'))
    {
        let (low, after) = unit(second);
        if (0xDC00..0xE000).contains(&low) {
            let pair = 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            return (char::from_u32(pair), after);
        }
    }
    (char::from_u32(first), after)
}

/// The number in `uXXXX`, and what follows.
fn unit(escape: &str) -> (u32, &str) {
    let hex = escape.get(1..5).unwrap_or_default();
    (
        u32::from_str_radix(hex, 16).unwrap_or_default(),
        escape.get(5..).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_says_what_it_stands_for() {
        assert_eq!(
            decoded(r#"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000z"#),
            "a\"\\/\u{8}\u{C}\n\r\té😀\0z"
        );
        assert!(says(r"mcpServ\u0065rs", "mcpServers"));
        assert!(says(r"\ud83d\ude00", "😀"));
        assert!(!says(r"a\u0062", "a"));
    }

    #[test]
    fn half_a_surrogate_pair_is_no_name_we_could_have() {
        assert_eq!(
            decoded(r"\ud83d \ude00\ud83d\u0041"),
            "\u{FFFD} \u{FFFD}\u{FFFD}A"
        );
        assert!(!says(r"\ud83d", "\u{FFFD}"));
        assert!(says(r"\ufffd", "\u{FFFD}"));
    }
}
