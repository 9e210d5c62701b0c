//! Signing in with a code that is typed on another screen (RFC 8628), for all dialects that have it.
//!
//! Requests are JSON, which better-auth, Atlas and the local workspace take at both places.
//! Source: RFC 8628; better-auth 1.7.5 (run) and AtlasDevHQ/atlas e84e80b (source), checked 2026-11-20.

use std::time::{Duration, Instant};

use keystow_core::remote::{DeviceCode, DeviceSignIn, RemoteError, RemoteErrorKind, Session};
use keystow_core::{Cancel, Secret};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Remote;
use crate::clock::now_ms;
use crate::engine::Waited;
use crate::text::plain;
use crate::tokens::{TokenDto, expiry};
use crate::transport::{Answer, Failure, abandoned, error_at, host_of};

/// How often a wait looks whether it was cancelled.
const GLANCE: Duration = Duration::from_millis(20);

/// Between two polls where the server does not say. Source: RFC 8628, 3.5.
const INTERVAL: Duration = Duration::from_secs(5);

/// What `slow_down` adds, for all polls that follow. Source: RFC 8628, 3.5.
const SLOWER: Duration = Duration::from_secs(5);

/// No server is polled more often, or less often, than this.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(60);

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Serialize)]
struct CodeRequestDto<'a> {
    client_id: &'a str,
}

#[derive(Deserialize)]
struct CodeDto {
    device_code: TokenDto,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: f64,
    interval: Option<f64>,
}

#[derive(Serialize)]
struct TokenRequestDto<'a> {
    grant_type: &'a str,
    device_code: &'a str,
    client_id: &'a str,
}

#[derive(Deserialize)]
struct GrantedDto {
    access_token: TokenDto,
    token_type: Option<String>,
    refresh_token: Option<TokenDto>,
    expires_in: Option<f64>,
}

/// Whether the session that is given ends when its token does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// It does, or it is refreshed.
    Told,
    /// Each use makes it longer, so that the time that is told says nothing.
    Sliding,
}

/// A sign-in that waits for the person.
pub(crate) struct Device {
    remote: Remote,
    base: Url,
    token_route: &'static [&'static str],
    client_id: String,
    device_code: Secret,
    code: DeviceCode,
    until: Instant,
    interval: Duration,
    life: Life,
}

impl Device {
    /// Asks for a code at one route below `base`; it is traded for a session at the other.
    pub(crate) fn begin(
        remote: &Remote,
        base: &Url,
        code_route: &[&str],
        token_route: &'static [&'static str],
        client_id: &str,
        life: Life,
    ) -> Result<Self, RemoteError> {
        let answer = remote
            .ask(Method::POST, base, code_route)?
            .json(&CodeRequestDto { client_id })
            .send()?
            .success()
            .map_err(refused)?;
        let dto: CodeDto = answer.json()?;
        let page = |text: &str| {
            base.join(text)
                .ok()
                .filter(|page| matches!(page.scheme(), "http" | "https"))
        };
        let lives = Duration::try_from_secs_f64(dto.expires_in)
            .map_err(|_| answer.not_what("a code without an end", "how long the code is good"))?;
        let lives = lives.min(Duration::from_secs(24 * 3600));
        let code = DeviceCode {
            user_code: plain(&dto.user_code, 64),
            page: page(&dto.verification_uri)
                .ok_or_else(|| answer.not_what("a page that is none", "a web address"))?,
            complete_page: dto.verification_uri_complete.as_deref().and_then(page),
            expires_at: now_ms()
                .saturating_add(i64::try_from(lives.as_millis()).unwrap_or(i64::MAX)),
        };
        if code.user_code.is_empty() {
            return Err(answer.not_what("an empty code", "a code to type"));
        }
        Ok(Self {
            remote: remote.clone(),
            base: base.clone(),
            token_route,
            client_id: client_id.to_owned(),
            device_code: dto.device_code.0,
            code,
            until: Instant::now() + lives,
            interval: dto
                .interval
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                .unwrap_or(INTERVAL)
                .clamp(SHORTEST, LONGEST),
            life,
        })
    }

    fn error(&self, kind: RemoteErrorKind) -> RemoteError {
        error_at(host_of(&self.base), kind)
    }

    fn over(&self) -> RemoteError {
        self.error(RemoteErrorKind::SignInRefused {
            detail: "the code has expired before it was typed".to_owned(),
        })
    }

    /// Waits for `span`, unless it is cancelled or the code is over before.
    fn pause(&self, span: Duration, cancel: &Cancel) -> Result<(), RemoteError> {
        let until = Instant::now() + span;
        loop {
            if cancel.is_cancelled() {
                return Err(self.error(RemoteErrorKind::Cancelled));
            }
            let now = Instant::now();
            if now >= self.until {
                return Err(self.over());
            }
            match until.checked_duration_since(now) {
                Some(left) if !left.is_zero() => std::thread::sleep(left.min(GLANCE)),
                _ => return Ok(()),
            }
        }
    }

    fn poll(&self, cancel: &Cancel) -> Result<Answer, Failure> {
        let body = TokenRequestDto {
            grant_type: GRANT,
            // EXPOSE: sent to the server that issued it
            device_code: self.device_code.expose(),
            client_id: &self.client_id,
        };
        let under_way = self
            .remote
            .ask(Method::POST, &self.base, self.token_route)?
            .json(&body)
            .hides(&self.device_code)
            .start();
        loop {
            if cancel.is_cancelled() {
                return Err(self.error(RemoteErrorKind::Cancelled).into());
            }
            match under_way.wait_for(GLANCE) {
                Waited::Done(answer) => return answer?.success(),
                Waited::NotYet => {}
                Waited::Lost => return Err(abandoned(host_of(&self.base)).into()),
            }
        }
    }

    fn session(&self, answer: &Answer) -> Result<Session, RemoteError> {
        let granted: GrantedDto = answer.json()?;
        let bearer = |kind: &String| kind.eq_ignore_ascii_case("bearer");
        if granted
            .token_type
            .as_ref()
            .is_some_and(|kind| !bearer(kind))
        {
            return Err(answer.not_what("a token of another type", "a bearer token"));
        }
        Ok(Session {
            access: granted.access_token.0,
            refresh: granted.refresh_token.map(|token| token.0),
            expires_at: match self.life {
                Life::Told => expiry(granted.expires_in),
                Life::Sliding => None,
            },
            oauth_client: None,
            issuer: None,
        })
    }
}

impl DeviceSignIn for Device {
    fn code(&self) -> &DeviceCode {
        &self.code
    }

    fn wait(mut self: Box<Self>, cancel: &Cancel) -> Result<Session, RemoteError> {
        let mut pause = self.interval;
        loop {
            self.pause(pause, cancel)?;
            let failure = match self.poll(cancel) {
                Ok(answer) => return self.session(&answer),
                Err(failure) => failure,
            };
            pause = match (failure.code.as_deref(), &failure.error.kind) {
                (Some("authorization_pending"), _) => self.interval,
                (Some("slow_down"), _) => {
                    self.interval += SLOWER;
                    self.interval
                }
                (Some("expired_token"), _) => return Err(self.over()),
                (_, RemoteErrorKind::RateLimited { retry_after_ms }) => {
                    let asked = retry_after_ms.map_or(pause * 2, Duration::from_millis);
                    asked.max(self.interval)
                }
                // A code that was traded while the answer got lost is refused at the next poll, and the person starts anew.
                (
                    _,
                    RemoteErrorKind::Unreachable { .. }
                    | RemoteErrorKind::TimedOut { .. }
                    | RemoteErrorKind::Broken { .. }
                    | RemoteErrorKind::Server { .. },
                ) => (pause * 2).min(LONGEST),
                _ => return Err(refused(failure)),
            };
        }
    }
}

/// A no to a code is the end of a sign-in.
fn refused(failure: Failure) -> RemoteError {
    let detail = match (failure.code.as_deref(), &failure.error.kind) {
        // No such route: the server has no such sign-in.
        (_, RemoteErrorKind::NotFound) => return failure.into_kind(RemoteErrorKind::Unsupported),
        (Some("access_denied"), _) => "access was not allowed".to_owned(),
        (
            _,
            RemoteErrorKind::Refused { .. }
            | RemoteErrorKind::Unauthorised
            | RemoteErrorKind::Forbidden { .. },
        ) => failure
            .sentence
            .clone()
            .unwrap_or_else(|| "the server does not give a code to this app".to_owned()),
        _ => return failure.into(),
    };
    failure.into_kind(RemoteErrorKind::SignInRefused { detail })
}
