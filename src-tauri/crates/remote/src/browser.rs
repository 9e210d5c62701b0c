use std::path::Path;

use keystow_core::remote::{RemoteError, RemoteErrorKind};
use url::Url;

use crate::transport::{error_at, host_of};

/// Hands a web address to the person's browser, which outlives us. Nothing else is ever opened: an authorization server chose
/// part of the address.
pub(crate) fn open(url: &Url) -> Result<(), RemoteError> {
    let failed = |detail: String| error_at(host_of(url), RemoteErrorKind::Browser { detail });
    if !matches!(url.scheme(), "http" | "https") {
        return Err(failed("the address is not a web address".to_owned()));
    }
    // The launcher's own message may quote the address, which carries a one-time ticket.
    open::that_detached(url.as_str()).map_err(|error| failed(error.kind().to_string()))
}

/// Schemes that lead to files or run something, and never to an AI client.
const NO_LINKS: &[&str] = &["data", "file", "javascript", "smb", "vbscript"];

/// Hands a link of an AI client to the system, which starts the client.
pub(crate) fn open_link(link: &Url) -> Result<(), RemoteError> {
    let failed = |detail: &str| {
        let detail = detail.to_owned();
        error_at(host_of(link), RemoteErrorKind::Browser { detail })
    };
    if NO_LINKS.contains(&link.scheme()) {
        return Err(failed("the link does not lead to an AI client"));
    }
    open::that_detached(link.as_str()).map_err(|error| failed(&error.kind().to_string()))
}

/// Shows a folder in the system's file manager.
pub(crate) fn open_folder(folder: &Path) -> Result<(), RemoteError> {
    open::that_detached(folder).map_err(|error| {
        let detail = error.kind().to_string();
        let host = String::new();
        RemoteError {
            host,
            kind: RemoteErrorKind::Browser { detail },
            request_id: None,
            code: None,
        }
    })
}
