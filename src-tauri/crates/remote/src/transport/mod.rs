//! One request, one answer: clients, limits, and what may be said about failures.

mod answer;
mod ask;
mod patience;

pub(crate) use answer::{Answer, Cookie, Failure};
pub(crate) use ask::{Ask, abandoned};

use std::sync::OnceLock;
use std::time::Duration;

use keystow_core::is_loopback;
use keystow_core::remote::{RemoteError, RemoteErrorKind};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Method};
use url::Url;

use crate::engine::Engine;
use crate::{Limits, RemoteSetupError};

/// HTTP clients and the thread they run on.
pub(crate) struct Transport {
    engine: Engine,
    limits: Limits,
    user_agent: String,
    /// For `http` to this computer: no proxy, no certificates to load.
    plain: Client,
    /// For `https` to this computer: no proxy.
    tls_here: OnceLock<Option<Client>>,
    /// For `https` elsewhere: through the system's proxies.
    tls_out: OnceLock<Option<Client>>,
}

impl Transport {
    pub(crate) fn new(user_agent: &str, limits: Limits) -> Result<Self, RemoteSetupError> {
        let plain = builder(user_agent, limits)
            .no_proxy()
            .tls_certs_only([])
            .build()
            .map_err(RemoteSetupError::Client)?;
        Ok(Self {
            engine: Engine::start()?,
            limits,
            user_agent: user_agent.to_owned(),
            plain,
            tls_here: OnceLock::new(),
            tls_out: OnceLock::new(),
        })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Begins a request.
    ///
    /// # Errors
    /// [`RemoteErrorKind::Tls`] for `http` to another computer: secrets would travel in the clear.
    pub(crate) fn ask(&self, method: Method, url: Url) -> Result<Ask<'_>, RemoteError> {
        let host = host_of(&url);
        let client = self
            .client(&url)
            .map_err(|kind| error_at(host.clone(), kind))?;
        let request = client.request(method.clone(), url);
        Ok(Ask::new(&self.engine, method, request, host, self.limits))
    }

    /// The trust store is read at the first `https` request only: it takes time, and a computer without one can still use its
    /// local workspace.
    fn client(&self, url: &Url) -> Result<&Client, RemoteErrorKind> {
        let here = is_loopback(url);
        match url.scheme() {
            "http" if here => Ok(&self.plain),
            "http" => Err(RemoteErrorKind::Tls {
                detail: "an http address is used on this computer only; this one needs https"
                    .to_owned(),
            }),
            "https" => {
                let cell = if here { &self.tls_here } else { &self.tls_out };
                cell.get_or_init(|| {
                    let builder = builder(&self.user_agent, self.limits);
                    let builder = if here { builder.no_proxy() } else { builder };
                    builder.build().ok()
                })
                .as_ref()
                .ok_or_else(|| RemoteErrorKind::Tls {
                    detail: "this computer has no certificates to trust".to_owned(),
                })
            }
            _ => Err(RemoteErrorKind::Unreachable {
                detail: "the address is neither http nor https".to_owned(),
            }),
        }
    }
}

fn builder(user_agent: &str, limits: Limits) -> ClientBuilder {
    Client::builder()
        .user_agent(user_agent)
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_millis(limits.connect_ms))
        .timeout(Duration::from_millis(limits.total_ms))
        .pool_idle_timeout(Duration::from_secs(30))
}

/// Host and port as errors name them, such as `127.0.0.1:8787`.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// An error before or beside any request.
pub(crate) fn error_at(host: String, kind: RemoteErrorKind) -> RemoteError {
    RemoteError {
        host,
        kind,
        request_id: None,
        code: None,
    }
}

/// The error of what a kind of workspace does not have.
pub(crate) fn unsupported(base: &Url) -> RemoteError {
    error_at(host_of(base), RemoteErrorKind::Unsupported)
}

/// `base` with segments appended, each percent-encoded; a trailing slash of `base` is as good as none. `None` for segments that
/// would name another place (empty, `.` and `..`), and for addresses that cannot have a path.
pub(crate) fn below(base: &Url, segments: &[&str]) -> Option<Url> {
    if segments
        .iter()
        .any(|segment| matches!(*segment, "" | "." | ".."))
    {
        return None;
    }
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(segments);
    Some(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn appends_segments_that_stay_segments() {
        let base = Url::parse("http://127.0.0.1:1/api").unwrap();
        let path = |segments: &[&str]| below(&base, segments).map(|url| url.path().to_owned());
        assert_eq!(path(&["api-keys"]).as_deref(), Some("/api/api-keys"));
        assert_eq!(
            path(&["api-keys", "a/../b?c#d%2e ü"]).as_deref(),
            Some("/api/api-keys/a%2F..%2Fb%3Fc%23d%252e%20%C3%BC")
        );
        for outside in ["", ".", ".."] {
            assert_eq!(path(&["api-keys", outside]), None);
        }
        let slashed = Url::parse("http://127.0.0.1:1/api/").unwrap();
        assert_eq!(below(&slashed, &["x"]).unwrap().path(), "/api/x");
        let bare = Url::parse("http://127.0.0.1:1").unwrap();
        assert_eq!(below(&bare, &["x"]).unwrap().path(), "/x");
        assert_eq!(below(&Url::parse("mailto:a@b").unwrap(), &["x"]), None);
    }

    #[test]
    fn sends_nothing_in_the_clear_to_another_computer() {
        let transport = Transport::new("keystow-test", Limits::default()).unwrap();
        for (url, fine) in [
            ("http://127.0.0.1:9/", true),
            ("http://[::1]:9/", true),
            ("http://localhost:9/", true),
            ("http://example.com/", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://10.0.0.1/", false),
            ("ftp://127.0.0.1/", false),
        ] {
            let asked = transport.ask(Method::GET, Url::parse(url).unwrap());
            assert_eq!(asked.is_ok(), fine, "{url}");
        }
    }
}
