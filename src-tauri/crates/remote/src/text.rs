//! Text from servers, made fit to be shown.

use keystow_core::Secret;

/// The longest sentence of a server that is passed on, in characters.
pub(crate) const SENTENCE: usize = 300;

/// `text` on one line without control, direction or invisible characters, and at most `max` characters of it.
pub(crate) fn plain(text: &str, max: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if !c.is_control() && !invisible(c) {
            let space = gap && length > 0;
            if length + usize::from(space) >= max {
                break;
            }
            if space {
                out.push(' ');
                length += 1;
            }
            gap = false;
            out.push(c);
            length += 1;
        }
    }
    out
}

/// Characters that change how their neighbours look, or that nobody sees.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` without the secrets that were sent: a server may quote what it refuses.
pub(crate) fn without(text: String, secrets: &[Secret]) -> String {
    secrets
        .iter()
        .filter(|secret| secret.len() >= 4)
        .fold(text, |text, secret| {
            // EXPOSE: looked for in a server's sentence, to take it out
            text.replace(secret.expose(), "••••••••")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_out_control_and_direction_characters() {
        assert_eq!(
            plain("\u{1b}[31mno\u{202e}\r\n  way\u{200b}\t", SENTENCE),
            "[31mno way"
        );
    }

    #[test]
    fn cuts_by_characters() {
        assert_eq!(plain(&"é".repeat(400), SENTENCE).chars().count(), SENTENCE);
        assert_eq!(plain("a b", 2), "a");
    }

    #[test]
    fn hides_what_was_sent() {
        let sent = [Secret::new("ksl_abcdef".into()), Secret::new("x".into())];
        assert_eq!(
            without("ksl_abcdef is no key, exactly".into(), &sent),
            "•••••••• is no key, exactly"
        );
    }
}
