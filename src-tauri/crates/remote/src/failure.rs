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

fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        // An I/O error shows what it wraps, but not as its source.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .is_some_and(|inner| inner.is::<rustls::Error>());
        if wrapped || error.is::<rustls::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}
