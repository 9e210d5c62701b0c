//! Servers that did not do what was asked.

use keystow_core::remote::{ProbeError, RemoteError, RemoteErrorKind};

use super::{problem, sentence};
use crate::contract::ProblemView;

pub(super) fn remote(error: &RemoteError) -> ProblemView {
    let mut text = sentence(&error.to_string());
    if let Some(id) = &error.request_id {
        text.push_str(&format!(" Request {id}."));
    }
    match &error.kind {
        RemoteErrorKind::Unreachable { .. } => problem(
            "remote.unreachable",
            "The workspace cannot be reached",
            &text,
            Some("Check the connection and the address, then try again."),
            true,
        ),
        RemoteErrorKind::Tls { .. } => problem(
            "remote.tls",
            "The connection cannot be trusted",
            &text,
            Some(
                "Check the clock and the certificates of this computer, and whether a proxy interferes.",
            ),
            true,
        ),
        RemoteErrorKind::TimedOut { .. } => problem(
            "remote.timed_out",
            "No answer in time",
            &text,
            Some("Try again in a moment."),
            true,
        ),
        RemoteErrorKind::Broken { .. } => problem(
            "remote.broken",
            "The connection broke",
            &text,
            Some("Look whether it was done, then try again."),
            true,
        ),
        RemoteErrorKind::Unauthorised => problem(
            "remote.unauthorised",
            "Not accepted",
            &text,
            Some("Sign in again, or use another key."),
            false,
        ),
        RemoteErrorKind::Forbidden { .. } => problem(
            "remote.forbidden",
            "Not allowed",
            &text,
            Some("Ask for the right, or use a key that has it."),
            false,
        ),
        RemoteErrorKind::NotFound => problem(
            "remote.not_found",
            "Not there",
            &text,
            Some("It may have been deleted meanwhile."),
            false,
        ),
        RemoteErrorKind::Refused { .. } => problem("remote.refused", "Refused", &text, None, false),
        RemoteErrorKind::RateLimited { retry_after_ms } => {
            let hint = match retry_after_ms {
                Some(ms) => format!("Try again in {} s.", ms.div_ceil(1000)),
                None => "Try again in a minute.".to_owned(),
            };
            problem(
                "remote.rate_limited",
                "Too many requests",
                &text,
                Some(&hint),
                true,
            )
        }
        RemoteErrorKind::Server { .. } => problem(
            "remote.server",
            "The workspace failed",
            &text,
            Some("Try again in a moment."),
            true,
        ),
        RemoteErrorKind::Unexpected { .. } => problem(
            "remote.unexpected",
            "Not the answer of a workspace",
            &text,
            Some("Check the address. A sign-in page of the network may stand in between."),
            true,
        ),
        RemoteErrorKind::TooLarge { .. } => problem(
            "remote.too_large",
            "The answer is too large",
            &text,
            None,
            false,
        ),
        RemoteErrorKind::SignInRefused { .. } => problem(
            "remote.sign_in_refused",
            "Not signed in",
            &text,
            Some("Nothing was kept. Try again when you want to."),
            false,
        ),
        RemoteErrorKind::SessionEnded => problem(
            "session.signed_out",
            "Signed out",
            &text,
            Some("Sign in again."),
            false,
        ),
        RemoteErrorKind::Cancelled => problem("cancelled", "Cancelled", &text, None, false),
        RemoteErrorKind::Browser { .. } => problem(
            "browser.not_opened",
            "The browser did not open",
            &text,
            Some("Copy the address and open it yourself."),
            true,
        ),
        RemoteErrorKind::Elsewhere { to } => problem(
            "remote.elsewhere",
            "The workspace lives elsewhere",
            &text,
            Some(&format!(
                "Sign in there: `keystow sign-in --url {to}`. Nothing was sent to it yet."
            )),
            false,
        ),
        RemoteErrorKind::SecondFactor { page } => {
            let hint = match page {
                Some(page) => format!("Set it up at {page}, then try again."),
                None => "Set it up in the product's own settings, then try again.".to_owned(),
            };
            problem(
                "remote.second_factor",
                "A second factor is needed",
                &text,
                Some(&hint),
                true,
            )
        }
        RemoteErrorKind::Unsupported => problem(
            "provider.not_capable",
            "Not possible from here",
            &text,
            None,
            false,
        ),
        _ => problem("remote.failed", "The workspace failed", &text, None, true),
    }
}

/// A probe that found nothing.
pub(crate) fn probe(error: &ProbeError) -> ProblemView {
    let text = sentence(&error.to_string());
    match error {
        ProbeError::Start { .. } => problem(
            "probe.start",
            "The bridge did not start",
            &text,
            Some("Run `keystow doctor --fix`; it repairs the stable path."),
            true,
        ),
        ProbeError::Helper { .. } => problem(
            "probe.helper",
            "No headers",
            &text,
            Some("The client runs that command, too, and gets nothing from it."),
            true,
        ),
        ProbeError::Answered { .. } => {
            problem("probe.answered", "The server refused", &text, None, true)
        }
        _ => problem(
            "probe.silent",
            "No answer",
            &text,
            Some("Try again; `keystow doctor` may tell more."),
            true,
        ),
    }
}
