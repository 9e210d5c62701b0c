//! Bodies: read with a limit, answered with a guard.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use futures_util::StreamExt;
use http_body::{Frame, SizeHint};
use serde::de::DeserializeOwned;

use super::{BODY_BYTES, Problem};
use crate::idle::Busy;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A response body that keeps the request counted as under way until it is sent or dropped.
pub(crate) struct Held {
    inner: Body,
    _busy: Busy,
}

impl Held {
    pub(crate) fn new(inner: Body, busy: Busy) -> Self {
        Self { inner, _busy: busy }
    }

    pub(crate) fn into_body(self) -> Body {
        Body::new(self)
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// How much of a body that is too large is read and dropped, in bytes.
const DROPPED_BYTES: usize = 64 * BODY_BYTES;

/// The whole body of a request, at most [`BODY_BYTES`]. What is too large is read on and dropped: whoever still sends when the
/// connection closes never gets to the answer.
pub(super) async fn read_all(body: Body) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let (mut whole, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::bad_request("broken_body", "The request ended before its body did.")
        })?;
        length += chunk.len();
        if length <= BODY_BYTES {
            whole.extend_from_slice(&chunk);
        } else if length > DROPPED_BYTES {
            break;
        }
    }
    if length > BODY_BYTES {
        return Err(Problem::too_large());
    }
    Ok(whole.into())
}

/// The body of a request that has been read already, as all are that get this far.
pub(crate) async fn bytes_of(body: Body) -> Result<Bytes, Problem> {
    to_bytes(body, BODY_BYTES)
        .await
        .map_err(|_| Problem::too_large())
}

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        expect_type(&request, JSON)?;
        from_json(&bytes_of(request.into_body()).await?).map(Self)
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "validation_failed",
                "Some fields are not acceptable",
                described(&error),
            )
        } else {
            Problem::bad_request("invalid_json", described(&error))
        }
    })
}

/// A form body.
pub(super) struct Form<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        expect_type(&request, FORM)?;
        from_form(&bytes_of(request.into_body()).await?).map(Self)
    }
}

fn from_form<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let pairs: serde_json::Map<_, _> = url::form_urlencoded::parse(bytes)
        .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
        .collect();
    serde_json::from_value(pairs.into())
        .map_err(|_| Problem::bad_request("invalid_form", "A field of the form is missing."))
}

/// A body that is JSON or a form, as the sender likes: texts only.
pub(super) struct Either<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Either<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let is_form = content_type(&request).eq_ignore_ascii_case(FORM);
        if !is_form {
            expect_type(&request, JSON)?;
        }
        let bytes = bytes_of(request.into_body()).await?;
        if is_form {
            from_form(&bytes).map(Self)
        } else {
            from_json(&bytes).map(Self)
        }
    }
}

fn content_type(request: &Request) -> &str {
    request
        .headers()
        .get(axum::http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
}

fn expect_type(request: &Request, expected: &str) -> Result<(), Problem> {
    if content_type(request).eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Not this format",
        format!("The body must be {expected}."),
    ))
}

/// Where a body is wrong, without quoting it: it may hold a secret.
fn described(error: &serde_json::Error) -> String {
    format!(
        "The body is not the JSON that was expected (line {}, column {}).",
        error.line(),
        error.column()
    )
}
