//! The page that asks the owner. No script, nothing from elsewhere, nothing that outlives the question.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("consent.css");

/// What is asked.
pub(super) struct Question<'a> {
    /// Who asks.
    pub(super) client: &'a str,
    /// Whether the client named itself, so that its name proves nothing.
    pub(super) self_named: bool,
    /// Where the answer goes, such as `127.0.0.1:43121`.
    pub(super) answer_to: &'a str,
    /// The origin of that address, for the policy.
    pub(super) answer_origin: &'a str,
    /// What will be allowed, a sentence each.
    pub(super) allows: &'a [&'static str],
    /// Proof that the answer comes from this page.
    pub(super) csrf: &'a str,
    /// Whether the owner still has to prove who they are.
    pub(super) password: bool,
    /// Why the page is shown again.
    pub(super) error: Option<&'a str>,
}

/// The consent page.
pub(super) fn page(question: &Question<'_>) -> Response {
    let allows: String = question
        .allows
        .iter()
        .map(|allowed| format!("<li>{}</li>", escaped(allowed)))
        .collect();
    let warning = if question.self_named {
        "<p class=\"note\">This program registered under that name itself; nobody has checked it.</p>"
    } else {
        ""
    };
    let error = question
        .error
        .map(|error| format!("<p class=\"error\" role=\"alert\">{}</p>", escaped(error)))
        .unwrap_or_default();
    let password = if question.password {
        "<input name=\"username\" value=\"owner@keystow.local\" autocomplete=\"username\" hidden>\
         <label for=\"password\">Password of owner@keystow.local</label>\
         <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required autofocus>"
    } else {
        ""
    };
    // Enter in the password field presses the first button.
    let body = format!(
        "<h1>Allow {client} to use this workspace?</h1>\
         <p>{client} on this computer ({answer_to}) wants to</p><ul>{allows}</ul>{warning}{error}\
         <form method=\"post\" action=\"/oauth/authorize\">\
         <input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">{password}\
         <div class=\"buttons\"><button name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\" class=\"quiet\" formnovalidate>Deny</button></div></form>\
         <p class=\"note\">You can end this at any time: sign out in {client}.</p>",
        client = escaped(question.client),
        answer_to = escaped(question.answer_to),
        csrf = escaped(question.csrf),
    );
    html(
        StatusCode::OK,
        "Allow access",
        &body,
        question.answer_origin,
    )
}

/// A page that says why there is nothing to ask.
pub(super) fn refusal(status: StatusCode, sentence: &str) -> Response {
    let body = format!("<h1>This does not work</h1><p>{}</p>", escaped(sentence));
    html(status, "Keystow", &body, "")
}

fn html(status: StatusCode, title: &str, body: &str, answer_origin: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Keystow</title>\
         <style>{STYLE}</style></head><body><main><p class=\"mark\">Keystow<span>local workspace</span></p>{body}</main></body></html>"
    );
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    // Browsers apply `form-action` to the redirect that answers the form, so the client's address has to be in it.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self' {answer_origin}; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).expect("an origin is printable ASCII"),
        ),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        // Not `no-referrer`: browsers would send `Origin: null` with the form then.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    (status, headers, page).into_response()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(
            escaped("<b onclick='x'>\"&"),
            "&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;"
        );
    }
}
