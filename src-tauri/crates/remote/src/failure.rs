//! What the HTTP library reports, told in our kinds. Nothing in here carries a URL: its query may hold a secret.

use std::error::Error;
use std::io;

use keystow_core::remote::RemoteErrorKind;

use crate::Limits;
use crate::text::{SENTENCE, plain};

/// The kind of a request that got no whole answer.
pub(crate) fn kind(error: &reqwest::Error, limits: Limits) -> RemoteErrorKind {
    if is_tls(error) {
        RemoteErrorKind::Tls {
            detail: detail(error),
        }
    } else if error.is_connect() && error.is_timeout() {
        // Nothing was sent, so this is not an unknown outcome.
        RemoteErrorKind::Unreachable {
            detail: format!("no connection within {} ms", limits.connect_ms),
        }
    } else if error.is_connect() || error.is_builder() {
        RemoteErrorKind::Unreachable {
            detail: detail(error),
        }
    } else if error.is_timeout() {
        RemoteErrorKind::TimedOut {
            limit_ms: limits.total_ms,
        }
    } else {
        RemoteErrorKind::Broken {
            detail: detail(error),
        }
    }
}

/// What the deepest cause says: the system's or the TLS library's own words.
fn detail(error: &reqwest::Error) -> String {
    let mut deepest: Option<&dyn Error> = error.source();
    while let Some(next) = deepest.and_then(Error::source) {
        deepest = Some(next);
    }
    let text = deepest.map_or_else(|| "no details".to_owned(), ToString::to_string);
    plain(&text, SENTENCE)
}

/// Whether the TLS library's own error is among the causes.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    if error.is::<rustls::Error>() {
        return true;
    }
    // An I/O error shows what it wraps, but passes over it when asked for its source.
    let wrapped = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match wrapped {
        Some(wrapped) => is_tls(wrapped),
        None => error.source().is_some_and(is_tls),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_tls_error_however_deep() {
        let tls = || rustls::Error::General("no".to_owned());
        assert!(is_tls(&tls()));
        assert!(is_tls(&io::Error::other(tls())));
        assert!(is_tls(&io::Error::other(io::Error::other(tls()))));
        assert!(!is_tls(&io::Error::other("no")));
        assert!(!is_tls(&io::Error::from(io::ErrorKind::ConnectionRefused)));
    }
}
