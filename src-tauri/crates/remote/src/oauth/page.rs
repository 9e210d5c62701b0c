use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");

/// What the browser shows at the end, in our words.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) text: String,
}

impl Page {
    pub(super) fn signed_in() -> Self {
        Self {
            status: StatusCode::OK,
            title: "Signed in",
            text: "You can close this tab and go back to Keystow.".to_owned(),
        }
    }

    /// The attempt is over without a session.
    pub(super) fn failed(text: String) -> Self {
        Self {
            status: StatusCode::OK,
            title: "Not signed in",
            text,
        }
    }

    /// A request that is none of our business, or no longer.
    pub(super) fn refused(status: StatusCode, text: &str) -> Self {
        Self {
            status,
            title: "Nothing to do here",
            text: text.to_owned(),
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            STANDARD.encode(Sha256::digest(STYLE))
        );
        let headers: [(HeaderName, &str); 7] = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, &policy),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::CONNECTION, "close"),
        ];
        let body = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{title} · Keystow</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<p>Keystow</p>\n<h1>{title}</h1>\n\
             <p>{text}</p>\n</main>\n</body>\n</html>\n",
            title = self.title,
            text = escaped(&self.text),
        );
        (self.status, headers, body).into_response()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escaped("<script>alert('&\"')</script>"),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"
        );
    }
}
