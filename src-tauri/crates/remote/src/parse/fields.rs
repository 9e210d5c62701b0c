use std::borrow::Cow;

/// One member of a header that is a list: a name and its parameters (RFC 9651), such as `"default";q=100;w=60`.
pub(super) struct Member<'a> {
    pub(super) name: Cow<'a, str>,
    parameters: Vec<(&'a str, Cow<'a, str>)>,
}

impl Member<'_> {
    /// A parameter that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.parameters
            .iter()
            .find(|(known, _)| *known == name)
            .and_then(|(_, value)| value.parse().ok())
    }
}

/// The members of a list, as far as they can be told apart.
pub(super) fn members(text: &str) -> Vec<Member<'_>> {
    split(text, ',')
        .into_iter()
        .filter_map(|member| {
            let mut parts = split(member, ';').into_iter();
            let name = unquoted(parts.next()?);
            let parameters = parts
                .filter_map(|part| part.split_once('='))
                .map(|(name, value)| (name.trim(), unquoted(value)))
                .collect();
            (!name.is_empty()).then_some(Member { name, parameters })
        })
        .collect()
}

/// `text` cut at each `at` that is not within quotes.
fn split(text: &str, at: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c| {
        let ends = c == at && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        ends
    })
    .collect()
}

/// A value without the white space and the quotes around it.
pub(super) fn unquoted(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    match text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inside) if inside.contains('\\') => Cow::Owned(unescaped(inside)),
        Some(inside) => Cow::Borrowed(inside),
        None => Cow::Borrowed(text),
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commas_and_semicolons_within_quotes_are_text() {
        let found = members(r#""a,b;c";q=5, "d\"e" ; w=60;x="7", ,;q=1"#);
        let told: Vec<_> = found
            .iter()
            .map(|m| (m.name.as_ref(), m.number("q"), m.number("w"), m.number("x")))
            .collect();
        assert_eq!(
            told,
            [
                ("a,b;c", Some(5), None, None),
                ("d\"e", None, Some(60), Some(7))
            ]
        );
    }

    proptest! {
        #[test]
        fn takes_any_text(text in "\\PC{0,80}") {
            for member in members(&text) {
                member.number("q");
            }
        }
    }
}
