use std::collections::HashSet;

use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::de::DeserializeOwned;
use url::Url;

use crate::Remote;
use crate::transport::{Answer, below};
use keystow_core::is_loopback;

/// Reads a description.
pub(super) fn fetch<T: DeserializeOwned>(
    remote: &Remote,
    url: Url,
) -> Result<(Answer, T), RemoteError> {
    let answer = remote
        .transport()
        .ask(Method::GET, url)?
        .send()?
        .success()?;
    let value = answer.json()?;
    Ok((answer, value))
}

/// Reads a description at the first of several places that has one; fails as the first did when none has.
pub(super) fn fetch_first<T: DeserializeOwned>(
    remote: &Remote,
    places: Vec<Url>,
) -> Option<Result<(Answer, T), RemoteError>> {
    let mut first_failure = None;
    let mut asked = HashSet::new();
    for place in places {
        if !asked.insert(place.clone()) {
            continue;
        }
        match fetch(remote, place) {
            Err(error) if not_there(&error.kind) => {
                first_failure.get_or_insert(error);
            }
            other => return Some(other),
        }
    }
    first_failure.map(Err)
}

/// Whether an answer says that the description is somewhere else: not there, for nobody, or a web page.
pub(super) fn not_there(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::NotFound
            | RemoteErrorKind::Unexpected { .. }
            | RemoteErrorKind::Unauthorised
            | RemoteErrorKind::Forbidden { .. }
            | RemoteErrorKind::Refused { .. }
    )
}

/// `/.well-known/<name>` put between host and path.
pub(super) fn inserted(url: &Url, name: &str) -> Url {
    let path = url.path().trim_end_matches('/').to_owned();
    let mut place = root(url);
    place.set_path(&format!("/.well-known/{name}{path}"));
    place
}

/// `/.well-known/<name>` put after the path, and after what the path lies in; none for an address without a path.
pub(super) fn appended(url: &Url, name: &str) -> Vec<Url> {
    let mut outer = url.clone();
    if let Ok(mut segments) = outer.path_segments_mut() {
        segments.pop_if_empty().pop();
    }
    [url, &outer]
        .into_iter()
        .filter(|place| place.path() != "/")
        .filter_map(|place| below(place, &[".well-known", name]))
        .collect()
}

/// The address of the host alone.
pub(super) fn root(url: &Url) -> Url {
    let mut root = url.clone();
    root.set_query(None);
    root.set_fragment(None);
    root.set_path("/");
    root
}

/// Whether an address that `base` names may be used: `https`, or `http` on this computer; and on this computer only when `base`
/// is here too, so that no distant server makes us call local ones.
pub(super) fn trusted(url: &Url, base: &Url) -> bool {
    let clean = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let fits = match url.scheme() {
        "https" => !is_loopback(url) || is_loopback(base),
        "http" => is_loopback(url) && is_loopback(base),
        _ => false,
    };
    clean && fits
}

/// The address that an answer of `base` names, where it may be used.
pub(super) fn named(
    text: &str,
    base: &Url,
    what: &str,
    answer: &Answer,
) -> Result<Url, RemoteError> {
    Url::parse(text)
        .ok()
        .filter(|url| trusted(url, base))
        .ok_or_else(|| {
            answer.not_what(
                &format!("{what} at an address that is not safe"),
                "an https address",
            )
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn puts_the_well_known_part_before_the_path() {
        let place = |text: &str| inserted(&url(text), "oauth-protected-resource").to_string();
        assert_eq!(
            place("http://127.0.0.1:1/api"),
            "http://127.0.0.1:1/.well-known/oauth-protected-resource/api"
        );
        assert_eq!(
            place("https://example.com"),
            "https://example.com/.well-known/oauth-protected-resource"
        );
        assert_eq!(
            place("https://example.com/mcp/ads/?x=1"),
            "https://example.com/.well-known/oauth-protected-resource/mcp/ads"
        );
    }

    #[test]
    fn puts_the_well_known_part_after_the_path_and_what_it_lies_in() {
        let places = |text: &str| -> Vec<String> {
            let places = appended(&url(text), "x");
            places.iter().map(|url| url.path().to_owned()).collect()
        };
        assert_eq!(
            places("https://example.com/api/mcp/public-api"),
            [
                "/api/mcp/public-api/.well-known/x",
                "/api/mcp/.well-known/x"
            ]
        );
        assert_eq!(places("https://example.com/mcp/"), ["/mcp/.well-known/x"]);
        assert_eq!(places("https://example.com"), [""; 0]);
    }

    #[test]
    fn a_distant_workspace_cannot_send_us_to_this_computer() {
        let near = url("http://127.0.0.1:1/api");
        let far = url("https://example.com/api");
        for (text, from_near, from_far) in [
            ("https://login.example.com/", true, true),
            ("http://login.example.com/", false, false),
            ("http://127.0.0.1:2/", true, false),
            ("https://localhost/", true, false),
            ("https://user:pass@example.com/", false, false),
            ("https://example.com/#part", false, false),
            ("javascript:alert(1)", false, false),
        ] {
            assert_eq!(trusted(&url(text), &near), from_near, "{text}");
            assert_eq!(trusted(&url(text), &far), from_far, "{text}");
        }
    }
}
