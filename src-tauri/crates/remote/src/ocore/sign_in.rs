//! Passwords, refresh and sign-out. Sessions that OAuth gave go to [`crate::oauth`], the others to oCore's `/auth` routes.

use keystow_core::Secret;
use keystow_core::remote::{
    Account, BrowserSignIn, DeviceSignIn, Organization, PasswordAnswer, RemoteError,
    RemoteErrorKind, Session, SignIn,
};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Ocore;
use crate::device::{Device, Life};
use crate::oauth;
use crate::text::plain;
use crate::tokens::{TokenDto, expiry};
use crate::transport::{Answer, Cookie, Failure, error_at, host_of};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CredentialsDto<'a> {
    email: &'a str,
    password: &'a str,
    /// Of the authorization request that a ticket is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefreshDto<'a> {
    refresh_token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionDto {
    access_token: Option<TokenDto>,
    refresh_token: Option<TokenDto>,
    expires_in: Option<f64>,
    #[serde(rename = "requiresTOTP")]
    requires_totp: Option<bool>,
    partial_token: Option<TokenDto>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeDto<'a> {
    code: &'a str,
    partial_token: &'a str,
}

#[derive(Deserialize)]
struct OrganizationsDto {
    organizations: Vec<OrganizationDto>,
}

#[derive(Deserialize)]
struct TicketDto {
    ticket: TokenDto,
}

#[derive(Deserialize)]
struct MeDto {
    user: UserDto,
    organization: Option<OrganizationDto>,
}

#[derive(Deserialize)]
struct UserDto {
    email: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct OrganizationDto {
    slug: Option<String>,
    name: Option<String>,
}

impl Ocore {
    fn credentials(
        &self,
        base: &Url,
        route: &str,
        login: &str,
        password: &Secret,
        code_challenge: Option<&str>,
    ) -> Result<Answer, RemoteError> {
        let body = CredentialsDto {
            email: login,
            password: password.expose(), // EXPOSE: sent to the workspace the person signs into
            code_challenge,
        };
        let ask = self.remote.ask(Method::POST, base, &["auth", route])?;
        ask.json(&body)
            .hides(password)
            .send()?
            .success()
            .map_err(refused)
    }

    /// A one-time ticket that stands for the password on the consent page of the request with this challenge, and of no other.
    pub(crate) fn ticket(
        &self,
        base: &Url,
        login: &str,
        password: &Secret,
        code_challenge: &str,
    ) -> Result<Secret, RemoteError> {
        let answer = self.credentials(base, "ticket", login, password, Some(code_challenge))?;
        Ok(answer.json::<TicketDto>()?.ticket.0)
    }

    fn refresh_by_route(
        &self,
        base: &Url,
        session: &Session,
        refresh: &Secret,
    ) -> Result<Session, RemoteError> {
        let body = RefreshDto {
            refresh_token: refresh.expose(), // EXPOSE: sent to the workspace that issued it
        };
        let answer = self
            .remote
            .ask(Method::POST, base, &["auth", "refresh"])?
            .json(&body)
            .hides(refresh)
            .send()?
            .success()
            .map_err(|failure| match failure.error.kind {
                RemoteErrorKind::Unauthorised => failure.into_kind(RemoteErrorKind::SessionEnded),
                _ => failure.into(),
            })?;
        let mut new = session_in(&answer)?;
        if new.refresh.is_none() {
            new.refresh = session.refresh.as_ref().map(Secret::duplicate);
        }
        Ok(new)
    }

    fn log_out(
        &self,
        base: &Url,
        access: &Secret,
        refresh: Option<&Secret>,
    ) -> Result<(), RemoteError> {
        let mut ask = self
            .remote
            .ask(Method::POST, base, &["auth", "logout"])?
            .bearer(access)?;
        if let Some(refresh) = refresh {
            let body = RefreshDto {
                refresh_token: refresh.expose(), // EXPOSE: sent to the workspace that issued it, to end it
            };
            ask = ask.json(&body).hides(refresh);
        }
        ask.send()?.success()?;
        Ok(())
    }
}

/// A refusal of credentials is the end of a sign-in, not of a session.
fn refused(failure: Failure) -> RemoteError {
    match failure.error.kind {
        RemoteErrorKind::Unauthorised | RemoteErrorKind::Forbidden { .. } => {
            let detail = failure.sentence.clone().unwrap_or_else(|| {
                "the login, the password or the code is not accepted".to_owned()
            });
            failure.into_kind(RemoteErrorKind::SignInRefused { detail })
        }
        _ => failure.into(),
    }
}

/// The session in an answer. The documentation gives sign-in both tokens in the answer and cookies, so where the answer has
/// none, they are read from the cookies, once; they are sent as bearer tokens all the same.
/// Source: docs.ocore.sh/docs/api-reference/auth, checked 2026-11-20.
fn session_in(answer: &Answer) -> Result<Session, RemoteError> {
    let dto: SessionDto = answer.json()?;
    session_of(answer, dto)
}

fn session_of(answer: &Answer, dto: SessionDto) -> Result<Session, RemoteError> {
    let (access, refresh) = match dto.access_token {
        Some(access) => (Some(access.0), dto.refresh_token.map(|token| token.0)),
        None => tokens_in(answer.cookies()),
    };
    let access = access
        .ok_or_else(|| answer.not_what("a sign-in without an access token", "an access token"))?;
    Ok(Session {
        expires_at: expiry(dto.expires_in).or_else(|| access.jwt_expiry_ms()),
        access,
        refresh,
        oauth_client: None,
        issuer: None,
    })
}

/// The access and the refresh token among cookies, by their names, which are not documented.
fn tokens_in(cookies: Vec<Cookie>) -> (Option<Secret>, Option<Secret>) {
    let (mut access, mut refresh) = (None, None);
    for cookie in cookies {
        let name = cookie.name.to_ascii_lowercase();
        let has = |word: &str| name.contains(word);
        if has("csrf") || has("xsrf") {
            continue;
        }
        if has("refresh") {
            refresh = Some(cookie.value);
        } else if has("access") || (access.is_none() && (has("token") || has("jwt"))) {
            access = Some(cookie.value);
        }
    }
    (access, refresh)
}

fn organization(dto: OrganizationDto) -> Option<Organization> {
    let said = |text: Option<String>| {
        text.map(|text| plain(&text, 200))
            .filter(|text| !text.is_empty())
    };
    let (slug, name) = (said(dto.slug), said(dto.name));
    let id = slug.or_else(|| name.clone())?;
    let name = name.unwrap_or_else(|| id.clone());
    Some(Organization { id, name })
}

impl SignIn for Ocore {
    fn password(
        &self,
        base: &Url,
        login: &str,
        password: &Secret,
    ) -> Result<PasswordAnswer, RemoteError> {
        let answer = self.credentials(base, "login", login, password, None)?;
        let mut dto: SessionDto = answer.json()?;
        if dto.requires_totp == Some(true) {
            return match dto.partial_token.take() {
                Some(partial) => Ok(PasswordAnswer::CodeNeeded(partial.0)),
                None => Err(answer.not_what("a question for a code without a token", "its token")),
            };
        }
        Ok(PasswordAnswer::Done(session_of(&answer, dto)?))
    }

    fn second_factor(
        &self,
        base: &Url,
        partial: &Secret,
        code: &Secret,
    ) -> Result<Session, RemoteError> {
        let body = CodeDto {
            code: code.expose(), // EXPOSE: sent to the workspace the person signs into
            partial_token: partial.expose(), // EXPOSE: sent to the workspace that issued it
        };
        let answer = self
            .remote
            .ask(Method::POST, base, &["auth", "login", "2fa"])?
            .json(&body)
            .hides(code)
            .hides(partial)
            .send()?
            .success()
            .map_err(refused)?;
        session_in(&answer)
    }

    /// oCore documents no device flow; the local workspace has one.
    fn device(&self, base: &Url, client_id: &str) -> Result<Box<dyn DeviceSignIn>, RemoteError> {
        Ok(Box::new(Device::begin(
            &self.remote,
            base,
            &["auth", "device", "code"],
            &["auth", "device", "token"],
            client_id,
            Life::Told,
        )?))
    }

    /// The list is the local workspace's; elsewhere there is the one that the account tells.
    fn organizations(&self, base: &Url, access: &Secret) -> Result<Vec<Organization>, RemoteError> {
        let outcome = self
            .remote
            .ask(Method::GET, base, &["auth", "organizations"])?
            .bearer(access)?
            .send()?
            .success();
        match outcome.map_err(RemoteError::from) {
            Err(error) if error.kind == RemoteErrorKind::NotFound => {
                match self.account(base, access) {
                    Err(error) if error.kind == RemoteErrorKind::NotFound => Ok(Vec::new()),
                    account => Ok(account?.organization.into_iter().collect()),
                }
            }
            answer => {
                let list: OrganizationsDto = answer?.json()?;
                Ok(list
                    .organizations
                    .into_iter()
                    .filter_map(organization)
                    .collect())
            }
        }
    }

    /// Each request names its organization (`X-Org-Slug`), so the session keeps none.
    fn choose_organization(
        &self,
        _: &Url,
        _: &Session,
        _: &str,
    ) -> Result<Option<Session>, RemoteError> {
        Ok(None)
    }

    fn browser(
        &self,
        base: &Url,
        account: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        Ok(Box::new(oauth::Attempt::begin(
            &self.remote,
            base,
            account,
        )?))
    }

    fn refresh(&self, base: &Url, session: &Session) -> Result<Session, RemoteError> {
        let Some(refresh) = &session.refresh else {
            return Err(error_at(host_of(base), RemoteErrorKind::SessionEnded));
        };
        match &session.oauth_client {
            Some(client) => oauth::refresh(&self.remote, base, client, refresh),
            None => self.refresh_by_route(base, session, refresh),
        }
    }

    fn sign_out(&self, base: &Url, session: &Session) -> Result<(), RemoteError> {
        if let Some(client) = &session.oauth_client {
            let token = session.refresh.as_ref().unwrap_or(&session.access);
            return oauth::revoke(&self.remote, base, client, token);
        }
        match self.log_out(base, &session.access, session.refresh.as_ref()) {
            Err(error) if error.kind == RemoteErrorKind::Unauthorised => {}
            other => return other,
        }
        // The access token is past its hour, but the session still lives by its refresh token.
        match self.refresh(base, session) {
            Ok(new) => self.log_out(base, &new.access, new.refresh.as_ref()),
            Err(error) if error.kind == RemoteErrorKind::SessionEnded => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn account(&self, base: &Url, access: &Secret) -> Result<Account, RemoteError> {
        let answer = self
            .remote
            .ask(Method::GET, base, &["auth", "me"])?
            .bearer(access)?
            .send()?
            .success()?;
        let me: MeDto = answer.json()?;
        let said = |text: Option<String>| {
            text.map(|text| plain(&text, 200))
                .filter(|text| !text.is_empty())
        };
        let login = said(me.user.email)
            .or_else(|| said(me.user.name))
            .ok_or_else(|| answer.not_what("an account without an email", "an email"))?;
        let organization = me.organization.and_then(organization);
        Ok(Account {
            login,
            organization,
        })
    }
}
