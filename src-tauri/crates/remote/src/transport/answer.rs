use keystow_core::Secret;
use keystow_core::key::{Budget, UnixMs};
use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, SET_COOKIE};
use serde::de::DeserializeOwned;
use url::Url;
use zeroize::Zeroizing;

use super::{error_at, host_of};
use crate::clock::now_ms;
use crate::parse::{Challenge, Problem, budget, http_date_ms};
use crate::text::{SENTENCE, plain, without};

/// A whole answer, whatever its status.
pub(crate) struct Answer {
    host: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
    sent: Vec<Secret>,
}

/// An answer that is an error, with what callers may want to decide by.
pub(crate) struct Failure {
    /// What it comes to.
    pub(crate) error: RemoteError,
    /// The server's own code, such as `session_ended`.
    pub(crate) code: Option<String>,
    /// The server's sentence.
    pub(crate) sentence: Option<String>,
}

/// A cookie that an answer sets.
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: Secret,
    /// Both, as a request would send them.
    pub(crate) pair: Secret,
}

impl From<Failure> for RemoteError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self {
            error,
            code: None,
            sentence: None,
        }
    }
}

impl Failure {
    /// The same with another kind.
    pub(crate) fn into_kind(self, kind: RemoteErrorKind) -> RemoteError {
        RemoteError { kind, ..self.error }
    }
}

/// What an answer calls its body.
#[derive(PartialEq, Eq)]
enum Body {
    Json,
    Unnamed,
    Html,
    Other(String),
}

impl Answer {
    pub(super) fn new(
        host: String,
        status: StatusCode,
        headers: HeaderMap,
        body: Zeroizing<Vec<u8>>,
        sent: Vec<Secret>,
    ) -> Self {
        Self {
            host,
            status,
            headers,
            body,
            sent,
        }
    }

    /// The time by the server's clock where it tells, else by ours.
    pub(crate) fn now_ms(&self) -> UnixMs {
        self.header(DATE.as_str())
            .and_then(http_date_ms)
            .unwrap_or_else(now_ms)
    }

    /// How many requests are left, where the headers tell.
    pub(crate) fn budget(&self) -> Option<Budget> {
        budget(&self.headers, self.now_ms(), now_ms())
    }

    /// What it wants of a bearer token, whatever its status.
    pub(crate) fn challenge(&self) -> Option<Challenge> {
        Challenge::bearer(&self.headers)
    }

    /// Whether there is nothing to read in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Whether it is a stream of events, of which nothing was read.
    pub(crate) fn is_stream(&self) -> bool {
        is_stream(&self.headers)
    }

    /// A header, where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The cookies it sets. They are looked at once; none is ever kept.
    pub(crate) fn cookies(&self) -> Vec<Cookie> {
        let set = self.headers.get_all(SET_COOKIE).iter();
        set.filter_map(|value| {
            let pair = value.to_str().ok()?.split(';').next()?.trim();
            let (name, value) = pair.split_once('=')?;
            let value = value.trim_matches('"');
            (!value.is_empty()).then(|| Cookie {
                name: name.to_owned(),
                value: Secret::new(value.to_owned()),
                pair: Secret::new(pair.to_owned()),
            })
        })
        .collect()
    }

    /// Lets a success through and explains everything else.
    pub(crate) fn success(self) -> Result<Self, Failure> {
        match self.failure() {
            None => Ok(self),
            Some(failure) => Err(failure),
        }
    }

    /// What it comes to, where it is not a success.
    pub(crate) fn failure(&self) -> Option<Failure> {
        if self.status.is_success() {
            return None;
        }
        let mut problem = Problem::read(&self.headers, &self.body, self.now_ms());
        for told in [
            &mut problem.code,
            &mut problem.sentence,
            &mut problem.request_id,
            &mut problem.elsewhere,
            &mut problem.second_factor,
        ] {
            *told = told.take().map(|text| without(text, &self.sent));
        }
        Some(Failure {
            error: RemoteError {
                kind: self.kind(&problem),
                host: self.host.clone(),
                request_id: problem.request_id,
                code: problem.code.clone(),
            },
            code: problem.code,
            sentence: problem.sentence,
        })
    }

    fn kind(&self, problem: &Problem) -> RemoteErrorKind {
        let status = self.status.as_u16();
        let sentence = || problem.sentence.clone();
        match status {
            300..=399 => unexpected(self.redirect(status), "an answer"),
            407 => RemoteErrorKind::Unreachable {
                detail: "the proxy wants a sign-in (407)".to_owned(),
            },
            429 => RemoteErrorKind::RateLimited {
                retry_after_ms: problem.retry_after_ms,
            },
            500.. => RemoteErrorKind::Server { status },
            // A web page is not the API's word: neither "not found" nor "signed out" may be concluded from it.
            _ if self.named() == Body::Html => unexpected(format!("HTML ({status})"), "JSON"),
            401 | 403 if problem.second_factor.is_some() => RemoteErrorKind::SecondFactor {
                page: problem
                    .second_factor
                    .clone()
                    .filter(|page| page.starts_with('/') || page.starts_with("https://")),
            },
            401 => RemoteErrorKind::Unauthorised,
            403 => RemoteErrorKind::Forbidden { detail: sentence() },
            404 | 410 => RemoteErrorKind::NotFound,
            _ => match &problem.elsewhere {
                Some(to) if status == 421 => RemoteErrorKind::Elsewhere { to: to.clone() },
                _ => RemoteErrorKind::Refused {
                    status,
                    detail: sentence().unwrap_or_else(|| "no reason given".to_owned()),
                },
            },
        }
    }

    /// A redirect and the host it points to; the rest of the address may hold a secret.
    fn redirect(&self, status: u16) -> String {
        let host = self.header(LOCATION.as_str()).and_then(|place| {
            let whole = match place.strip_prefix("//") {
                Some(_) => format!("https:{place}"),
                None => place.to_owned(),
            };
            Some(host_of(&Url::parse(&whole).ok()?))
        });
        match host {
            Some(host) if host != self.host => {
                let host = without(plain(&host, 100), &self.sent);
                format!("a redirect to {host} ({status})")
            }
            _ => format!("a redirect ({status})"),
        }
    }

    fn named(&self) -> Body {
        match essence(&self.headers).as_deref() {
            None => Body::Unnamed,
            Some("application/json") => Body::Json,
            Some(other) if other.ends_with("+json") => Body::Json,
            Some("text/html" | "application/xhtml+xml") => Body::Html,
            Some(other) => Body::Other(plain(other, 60)),
        }
    }

    /// The body as a shape of ours. What it does not know is ignored.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        match self.named() {
            Body::Json | Body::Unnamed => {}
            Body::Html => return Err(self.not_what("HTML", "JSON")),
            Body::Other(name) => return Err(self.not_what(&name, "JSON")),
        }
        // The library's message may quote the body, so only its category is told.
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => {
                self.not_what("JSON of another shape", "the documented shape")
            }
            _ if self.is_empty() => self.not_what("nothing", "JSON"),
            _ => self.not_what("broken JSON", "JSON"),
        })
    }

    /// The error of an answer that says something else than it should.
    pub(crate) fn not_what(&self, found: &str, expected: &str) -> RemoteError {
        self.of_kind(unexpected(plain(found, SENTENCE), expected))
    }

    /// An error about what an answer says.
    pub(crate) fn of_kind(&self, kind: RemoteErrorKind) -> RemoteError {
        RemoteError {
            request_id: self.header("x-request-id").map(|id| plain(id, 100)),
            ..error_at(self.host.clone(), kind)
        }
    }
}

/// Whether headers announce a stream of events.
pub(super) fn is_stream(headers: &HeaderMap) -> bool {
    essence(headers).as_deref() == Some("text/event-stream")
}

/// The content type without its parameters, in lower case.
fn essence(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().unwrap_or("unreadable");
    let essence = text.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

fn unexpected(found: String, expected: &str) -> RemoteErrorKind {
    RemoteErrorKind::Unexpected {
        found,
        expected: expected.to_owned(),
    }
}
