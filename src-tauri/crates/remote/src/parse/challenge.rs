use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

use super::fields::unquoted;

/// What a server says about the bearer token it wants (RFC 6750, section 3; RFC 9728, section 5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// Where the resource is described.
    pub resource_metadata: Option<String>,
    /// Scopes that are wanted, joined by spaces.
    pub scope: Option<String>,
    /// Such as `insufficient_scope`.
    pub error: Option<String>,
}

impl Challenge {
    /// The first challenge for a bearer token among the `WWW-Authenticate` headers.
    pub(crate) fn bearer(headers: &HeaderMap) -> Option<Self> {
        headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .find_map(Self::read)
    }

    /// Reads one header, which may hold several challenges: a word that no `=` follows begins one.
    fn read(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut found: Option<Self> = None;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if word.is_empty() {
                // A `=` out of place, or the end.
                match rest.strip_prefix('=') {
                    Some(more) => rest = more,
                    None => return found,
                }
                continue;
            }
            let Some(value) = after.trim_start().strip_prefix('=') else {
                // Another scheme: what belongs to ours is over.
                if found.is_some() {
                    return found;
                }
                found = word.eq_ignore_ascii_case("bearer").then(Self::default);
                rest = after;
                continue;
            };
            let (value, after) = value_of(value.trim_start());
            rest = after;
            if let Some(found) = &mut found {
                let place = match word.to_ascii_lowercase().as_str() {
                    "resource_metadata" => &mut found.resource_metadata,
                    "scope" => &mut found.scope,
                    "error" => &mut found.error,
                    _ => continue,
                };
                place.get_or_insert(unquoted(value).into_owned());
            }
        }
    }
}

/// The value that `text` begins with, quotes and all, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    let Some(inside) = text.strip_prefix('"') else {
        return text.split_at(text.find([' ', '\t', ',']).unwrap_or(text.len()));
    };
    let mut escaped = false;
    let end = inside.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    // The opening and the closing quote are a byte each.
    text.split_at(end.map_or(text.len(), |end| end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(metadata: Option<&str>, scope: Option<&str>, error: Option<&str>) -> Option<Challenge> {
        Some(Challenge {
            resource_metadata: metadata.map(str::to_owned),
            scope: scope.map(str::to_owned),
            error: error.map(str::to_owned),
        })
    }

    #[test]
    fn reads_what_mcp_servers_send() {
        assert_eq!(
            Challenge::read(r#"Bearer resource_metadata="https://x.example/prm", scope="a b""#),
            told(Some("https://x.example/prm"), Some("a b"), None)
        );
        assert_eq!(
            Challenge::read(
                r#"bearer realm="a, b=\"c\"" , error = insufficient_scope,scope=files:write"#
            ),
            told(None, Some("files:write"), Some("insufficient_scope"))
        );
        assert_eq!(Challenge::read("Bearer"), told(None, None, None));
    }

    #[test]
    fn finds_the_bearer_among_others() {
        assert_eq!(
            Challenge::read(
                r#"Basic realm="x", scope="no", Bearer scope="yes", DPoP scope="late""#
            ),
            told(None, Some("yes"), None)
        );
        assert_eq!(
            Challenge::read(r#"Negotiate abc==, Bearer scope="s""#),
            told(None, Some("s"), None)
        );
        assert_eq!(Challenge::read(r#"Basic realm="Bearer scope=x""#), None);
        assert_eq!(Challenge::read(""), None);
    }

    #[test]
    fn the_first_of_two_values_counts() {
        assert_eq!(
            Challenge::read(
                r#"Bearer resource_metadata="https://a", resource_metadata="https://b""#
            ),
            told(Some("https://a"), None, None)
        );
    }

    proptest! {
        #[test]
        fn takes_any_text(text in "\\PC{0,80}") {
            Challenge::read(&text);
        }

        #[test]
        fn takes_pieces_in_any_order(pieces in proptest::collection::vec(
            prop_oneof![Just("Bearer"), Just(" "), Just("="), Just(","), Just("\""), Just("\\"), Just("scope"), Just("é"), Just("x")], 0..20))
        {
            Challenge::read(&pieces.concat());
        }
    }
}
