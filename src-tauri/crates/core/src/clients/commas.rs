/// Whether a JSON text, comments aside, has a comma right before a closing bracket. What is no JSON at all is for the parser to
/// refuse; here it may go either way.
pub(super) fn has_trailing_comma(text: &str) -> bool {
    let mut rest = text.bytes().peekable();
    let mut after_comma = false;
    while let Some(byte) = rest.next() {
        match (byte, rest.peek()) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => {}
            (b'/', Some(b'/')) => {
                rest.by_ref().find(|byte| matches!(byte, b'\n' | b'\r'));
            }
            (b'/', Some(b'*')) => {
                rest.next();
                let mut before = 0;
                rest.by_ref()
                    .find(|byte| std::mem::replace(&mut before, *byte) == b'*' && *byte == b'/');
            }
            (b'"', _) => {
                after_comma = false;
                let mut escaped = false;
                rest.by_ref().find(|byte| {
                    let ends = !escaped && *byte == b'"';
                    escaped = !escaped && *byte == b'\\';
                    ends
                });
            }
            (b'}' | b']', _) if after_comma => return true,
            (byte, _) => after_comma = byte == b',',
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_trailing_comma;

    #[test]
    fn trailing_commas_are_told_from_others() {
        for with in [
            "{\"a\": 1,}",
            "[1, ]",
            "{\"a\": [1,\n// one\n]}",
            "[\"\\\"\", /* * , */ ]",
        ] {
            assert!(has_trailing_comma(with), "{with}");
        }
        for without in [
            "",
            "{\"a\": \",}\", \"b\": 2}",
            "[1, 2] // ,]",
            "{\"a\": \"\\\\\"} /* ,} */",
            "{\"url\": \"https://a/,\"}",
        ] {
            assert!(!has_trailing_comma(without), "{without}");
        }
    }
}
