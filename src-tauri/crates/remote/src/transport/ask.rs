use std::time::Instant;

use keystow_core::Secret;
use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use zeroize::Zeroizing;

use super::answer::is_stream;
use super::{Answer, error_at, patience};
use crate::engine::{Engine, Pending};
use crate::{Limits, failure};

/// How much of an error answer is worth reading, in bytes.
const ERROR_BODY: u64 = 64 * 1024;

/// A request on its way to being sent.
pub(crate) struct Ask<'a> {
    engine: &'a Engine,
    method: Method,
    request: RequestBuilder,
    host: String,
    limits: Limits,
    /// What was put into it and must not come back in an error.
    sent: Vec<Secret>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        method: Method,
        request: RequestBuilder,
        host: String,
        limits: Limits,
    ) -> Self {
        Self {
            engine,
            method,
            request: request.header(ACCEPT, "application/json"),
            host,
            limits,
            sent: Vec::new(),
        }
    }

    /// Sends a token in the `Authorization` header.
    pub(crate) fn bearer(self, token: &Secret) -> Result<Self, RemoteError> {
        self.secret_header(AUTHORIZATION.as_str(), "Bearer", token)
    }

    /// Sends a secret in a header, after a word if there is one.
    ///
    /// # Errors
    /// [`RemoteErrorKind::Unauthorised`] when no header can carry it: no server can have issued it, so none is asked.
    pub(crate) fn secret_header(
        mut self,
        name: &str,
        scheme: &str,
        secret: &Secret,
    ) -> Result<Self, RemoteError> {
        let space = if scheme.is_empty() { "" } else { " " };
        // EXPOSE: sent to the workspace or MCP server it belongs to
        let text = Zeroizing::new(format!("{scheme}{space}{}", secret.expose()));
        let header = HeaderName::from_bytes(name.as_bytes()).ok();
        let value = HeaderValue::from_str(&text).ok();
        let (Some(header), Some(mut value)) = (header, value) else {
            return Err(error_at(self.host, RemoteErrorKind::Unauthorised));
        };
        value.set_sensitive(true);
        self.request = self.request.header(header, value);
        Ok(self.hides(secret))
    }

    /// Sends a header that is no secret.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Says what it can read, in place of JSON.
    pub(crate) fn accepts(mut self, types: &'static str) -> Self {
        let accept = (ACCEPT, HeaderValue::from_static(types));
        self.request = self.request.headers(HeaderMap::from_iter([accept]));
        self
    }

    /// Sends a JSON body.
    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// Appends to the query. It is never told to anybody else.
    pub(crate) fn query(mut self, query: &impl Serialize) -> Self {
        self.request = self.request.query(query);
        self
    }

    /// Sends a form.
    pub(crate) fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.request = self.request.form(fields);
        self
    }

    /// Remembers a secret that is part of the body, so that no error quotes it.
    pub(crate) fn hides(mut self, secret: &Secret) -> Self {
        self.sent.push(secret.duplicate());
        self
    }

    /// Sends it and blocks until the whole answer is there. A `GET` that is asked to come again within seconds does, once.
    pub(crate) fn send(self) -> Result<Answer, RemoteError> {
        let host = self.host.clone();
        self.start().wait().unwrap_or_else(|| Err(abandoned(host)))
    }

    /// Sends it and lets the caller wait; dropping what comes back closes the connection.
    pub(crate) fn start(self) -> Pending<Result<Answer, RemoteError>> {
        let Self {
            engine,
            method,
            request,
            host,
            limits,
            sent,
        } = self;
        engine.spawn(async move {
            let began = Instant::now();
            let outcome = exchange_twice_at_most(&method, request, limits).await;
            let took_ms = began.elapsed().as_millis();
            match outcome {
                Ok((status, headers, body)) => {
                    tracing::debug!(%host, status = status.as_u16(), took_ms, "answered");
                    Ok(Answer::new(host, status, headers, body, sent))
                }
                Err(kind) => {
                    tracing::debug!(%host, %kind, took_ms, "no answer");
                    Err(error_at(host, kind))
                }
            }
        })
    }
}

/// The error of a task that ended without a result.
pub(crate) fn abandoned(host: String) -> RemoteError {
    error_at(
        host,
        RemoteErrorKind::Broken {
            detail: "the request was abandoned".to_owned(),
        },
    )
}

type Whole = (StatusCode, HeaderMap, Zeroizing<Vec<u8>>);

/// Makes the request, and a second time where the server asks for a moment's patience.
async fn exchange_twice_at_most(
    method: &Method,
    request: RequestBuilder,
    limits: Limits,
) -> Result<Whole, RemoteErrorKind> {
    let again = (*method == Method::GET).then(|| request.try_clone());
    let whole = exchange(request, limits).await?;
    let wait = patience::wait(method, whole.0, &whole.1, &whole.2);
    match (wait, again) {
        (Some(wait), Some(Some(again))) => {
            tokio::time::sleep(wait).await;
            exchange(again, limits).await
        }
        _ => Ok(whole),
    }
}

async fn exchange(request: RequestBuilder, limits: Limits) -> Result<Whole, RemoteErrorKind> {
    let failed = |error: reqwest::Error| failure::kind(&error, limits);
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = if status.is_success() && is_stream(&headers) {
        // A stream has no end to wait for.
        Zeroizing::default()
    } else if status.is_success() {
        read(&mut response, limits.body_bytes, limits).await?
    } else {
        // An error is an error, however much of its explanation can be had.
        read(&mut response, ERROR_BODY, limits)
            .await
            .unwrap_or_default()
    };
    Ok((status, headers, body))
}

async fn read(
    response: &mut Response,
    limit_bytes: u64,
    limits: Limits,
) -> Result<Zeroizing<Vec<u8>>, RemoteErrorKind> {
    let too_large = RemoteErrorKind::TooLarge { limit_bytes };
    if response.content_length().is_some_and(|n| n > limit_bytes) {
        return Err(too_large);
    }
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failure::kind(&error, limits))?
    {
        if (body.len() + chunk.len()) as u64 > limit_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
