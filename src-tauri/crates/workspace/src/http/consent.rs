//! The page that asks the owner. No script, nothing from elsewhere, nothing that outlives the question.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::db::DbError;
use crate::state::State;
use crate::totp;

const STYLE: &str = include_str!("consent.css");

/// How the owner has to prove who they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// A ticket has done it.
    Done,
    Password,
    PasswordAndCode,
}

impl Proof {
    /// What is needed where a ticket has `proven` it, or not.
    pub(super) async fn needed(state: &State, proven: bool) -> Result<Self, DbError> {
        Ok(if proven {
            Self::Done
        } else if state.db.read(totp::is_on).await? {
            Self::PasswordAndCode
        } else {
            Self::Password
        })
    }

    fn fields(self) -> String {
        let mut fields = String::new();
        if self != Self::Done {
            fields.push_str(
                "<input name=\"username\" value=\"owner@keystow.local\" autocomplete=\"username\" hidden>\
                 <label for=\"password\">Password of owner@keystow.local</label>\
                 <input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required autofocus>",
            );
        }
        if self == Self::PasswordAndCode {
            fields.push_str(
                "<label for=\"code\">Code of your authenticator</label>\
                 <input id=\"code\" name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required>",
            );
        }
        fields
    }
}

/// What is asked.
pub(super) struct Question<'a> {
    /// Where the form is sent.
    pub(super) action: &'static str,
    /// Who asks.
    pub(super) client: &'a str,
    /// Whether the client named itself, so that its name proves nothing.
    pub(super) self_named: bool,
    /// Where it asks from, such as `on this computer (127.0.0.1:43121)`.
    pub(super) from: &'a str,
    /// The origin the answer is sent to, for the policy; empty when it stays here.
    pub(super) answer_origin: &'a str,
    /// What will be allowed, a sentence each.
    pub(super) allows: &'a [&'static str],
    /// The code the device shows, to be compared.
    pub(super) user_code: Option<&'a str>,
    /// Proof that the answer comes from this page.
    pub(super) csrf: &'a str,
    pub(super) proof: Proof,
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
    let user_code = question
        .user_code
        .map(|code| {
            format!(
                "<p>Allow it only if you started this, and it shows the same code:</p><p class=\"code\">{}</p>",
                escaped(code)
            )
        })
        .unwrap_or_default();
    // Enter in a field presses the first button.
    let body = format!(
        "<h1>Allow {client} to use this workspace?</h1>\
         <p>{client} {from} wants to</p><ul>{allows}</ul>{user_code}{warning}{error}\
         <form method=\"post\" action=\"{action}\">\
         <input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">{fields}\
         <div class=\"buttons\"><button name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\" class=\"quiet\" formnovalidate>Deny</button></div></form>\
         <p class=\"note\">You can end this at any time: sign out in {client}.</p>",
        client = escaped(question.client),
        from = escaped(question.from),
        error = alert(question.error),
        action = question.action,
        csrf = escaped(question.csrf),
        fields = question.proof.fields(),
    );
    html(
        StatusCode::OK,
        "Allow access",
        &body,
        question.answer_origin,
    )
}

/// The page that asks for the code a device shows.
pub(super) fn ask_user_code(status: StatusCode, error: Option<&str>) -> Response {
    let body = format!(
        "<h1>Connect a device</h1><p>Type the code that your device or program shows.</p>{}\
         <form method=\"get\" action=\"/device\"><label for=\"user_code\">Code</label>\
         <input id=\"user_code\" name=\"user_code\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" \
         placeholder=\"ABCD-EFGH\" maxlength=\"20\" required autofocus>\
         <div class=\"buttons\"><button>Continue</button></div></form>",
        alert(error)
    );
    html(status, "Connect a device", &body, "")
}

/// A page that says what came of an answer that goes nowhere else.
pub(super) fn outcome(title: &str, sentence: &str) -> Response {
    let body = format!("<h1>{}</h1><p>{}</p>", escaped(title), escaped(sentence));
    html(StatusCode::OK, "Keystow", &body, "")
}

/// A page that says why there is nothing to ask.
pub(super) fn refusal(status: StatusCode, sentence: &str) -> Response {
    let body = format!("<h1>This does not work</h1><p>{}</p>", escaped(sentence));
    html(status, "Keystow", &body, "")
}

fn alert(error: Option<&str>) -> String {
    error
        .map(|error| format!("<p class=\"error\" role=\"alert\">{}</p>", escaped(error)))
        .unwrap_or_default()
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
