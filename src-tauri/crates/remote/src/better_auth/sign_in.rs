use keystow_core::Secret;
use keystow_core::remote::{
    Account, BrowserSignIn, DeviceSignIn, Organization, PasswordAnswer, RemoteError,
    RemoteErrorKind, Session, SignIn,
};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::BetterAuth;
use crate::device::{Device, Life};
use crate::text::plain;
use crate::tokens::TokenDto;
use crate::transport::{Answer, Failure, error_at, host_of, unsupported};

/// Carries the session's newest token in any answer. It lives as long as the session; the token in a body is good, too.
const NEWEST: &str = "set-auth-token";

#[derive(Serialize)]
struct CredentialsDto<'a> {
    email: &'a str,
    password: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedInDto {
    token: Option<TokenDto>,
    two_factor_redirect: Option<bool>,
    two_factor_methods: Option<Vec<String>>,
}

#[derive(Serialize)]
struct CodeDto<'a> {
    code: &'a str,
}

#[derive(Deserialize)]
struct SeenDto {
    session: SessionDto,
    user: UserDto,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionDto {
    active_organization_id: Option<String>,
}

#[derive(Deserialize)]
struct UserDto {
    email: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct OrganizationDto {
    id: String,
    name: Option<String>,
    slug: Option<String>,
}

fn said(text: Option<String>) -> Option<String> {
    text.map(|text| plain(&text, 200))
        .filter(|text| !text.is_empty())
}

/// The newest token of an answer.
fn newest(answer: &Answer) -> Option<Secret> {
    let token = answer.header(NEWEST).filter(|token| !token.is_empty())?;
    Some(Secret::new(token.to_owned()))
}

/// How long a session lives is told by nobody who counts: each use makes it longer.
fn session(access: Secret) -> Session {
    Session {
        access,
        refresh: None,
        expires_at: None,
        oauth_client: None,
        issuer: None,
    }
}

fn refused(failure: Failure) -> RemoteError {
    match failure.error.kind {
        RemoteErrorKind::Unauthorised
        | RemoteErrorKind::Forbidden { .. }
        | RemoteErrorKind::Refused { .. } => {
            let detail = failure
                .sentence
                .clone()
                .unwrap_or_else(|| "the e-mail address, password or code is not accepted".into());
            failure.into_kind(RemoteErrorKind::SignInRefused { detail })
        }
        _ => failure.into(),
    }
}

impl BetterAuth {
    fn signed_in(&self, answer: &Answer, dto: SignedInDto) -> Result<Session, RemoteError> {
        newest(answer)
            .or(dto.token.map(|token| token.0))
            .map(session)
            .ok_or_else(|| answer.not_what("a sign-in without a token", "a token"))
    }

    fn seen(&self, base: &Url, access: &Secret) -> Result<(Answer, SeenDto), RemoteError> {
        let answer = self
            .ask(Method::GET, base, &["get-session"], access)?
            .send()?
            .success()?;
        // Nobody is signed in where the answer is `null`.
        match answer.json::<Option<SeenDto>>()? {
            Some(seen) => Ok((answer, seen)),
            None => Err(answer.of_kind(RemoteErrorKind::Unauthorised)),
        }
    }

    /// The organization that the session stands for.
    pub(crate) fn active_organization(
        &self,
        base: &Url,
        access: &Secret,
    ) -> Result<Option<String>, RemoteError> {
        let (_, seen) = self.seen(base, access)?;
        Ok(seen.session.active_organization_id)
    }
}

impl SignIn for BetterAuth {
    fn password(
        &self,
        base: &Url,
        login: &str,
        password: &Secret,
    ) -> Result<PasswordAnswer, RemoteError> {
        let body = CredentialsDto {
            email: login,
            password: password.expose(), // EXPOSE: sent to the app the person signs into
        };
        let answer = self
            .open(Method::POST, base, &["sign-in", "email"])?
            .json(&body)
            .hides(password)
            .send()?
            .success()
            .map_err(refused)?;
        let dto: SignedInDto = answer.json()?;
        if dto.two_factor_redirect != Some(true) {
            return Ok(PasswordAnswer::Done(self.signed_in(&answer, dto)?));
        }
        let methods = dto.two_factor_methods.unwrap_or_default();
        if !methods.is_empty() && !methods.iter().any(|method| method == "totp") {
            let detail = "this account wants a second factor that only its web page has".into();
            return Err(answer.of_kind(RemoteErrorKind::SignInRefused { detail }));
        }
        // The half that was done is told in a signed cookie and nowhere else.
        let half = answer
            .cookies()
            .into_iter()
            .find(|cookie| cookie.name.ends_with("two_factor"))
            .ok_or_else(|| answer.not_what("half a sign-in without its cookie", "its cookie"))?;
        Ok(PasswordAnswer::CodeNeeded(half.pair))
    }

    /// The one request with a cookie, and therefore with an `Origin`: the app's own.
    fn second_factor(
        &self,
        base: &Url,
        partial: &Secret,
        code: &Secret,
    ) -> Result<Session, RemoteError> {
        let body = CodeDto {
            code: code.expose(), // EXPOSE: sent to the app the person signs into
        };
        let answer = self
            .open(Method::POST, base, &["two-factor", "verify-totp"])?
            .secret_header("cookie", "", partial)?
            .header("origin", &base.origin().ascii_serialization())
            .json(&body)
            .hides(code)
            .send()?
            .success()
            .map_err(refused)?;
        let dto: SignedInDto = answer.json()?;
        self.signed_in(&answer, dto)
    }

    fn browser(
        &self,
        base: &Url,
        _: Option<(&str, &Secret)>,
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        Err(unsupported(base))
    }

    fn device(&self, base: &Url, client_id: &str) -> Result<Box<dyn DeviceSignIn>, RemoteError> {
        Ok(Box::new(Device::begin(
            &self.remote,
            base,
            &["api", "auth", "device", "code"],
            &["api", "auth", "device", "token"],
            client_id,
            Life::Sliding,
        )?))
    }

    fn refresh(&self, base: &Url, _: &Session) -> Result<Session, RemoteError> {
        Err(error_at(host_of(base), RemoteErrorKind::SessionEnded))
    }

    fn sign_out(&self, base: &Url, session: &Session) -> Result<(), RemoteError> {
        let outcome = self
            .ask(Method::POST, base, &["sign-out"], &session.access)?
            .json(&json!({}))
            .send()?
            .success();
        match outcome.map_err(RemoteError::from) {
            Err(error) if error.kind != RemoteErrorKind::Unauthorised => Err(error),
            _ => Ok(()),
        }
    }

    fn account(&self, base: &Url, access: &Secret) -> Result<Account, RemoteError> {
        let (answer, seen) = self.seen(base, access)?;
        let login = said(seen.user.email)
            .or_else(|| said(seen.user.name))
            .ok_or_else(|| answer.not_what("an account without an email", "an email"))?;
        let organization = match seen.session.active_organization_id {
            None => None,
            Some(id) => {
                let known = self.organizations(base, access)?;
                let found = known.into_iter().find(|organization| organization.id == id);
                Some(found.unwrap_or_else(|| Organization {
                    name: plain(&id, 200),
                    id,
                }))
            }
        };
        Ok(Account {
            login,
            organization,
        })
    }

    fn organizations(&self, base: &Url, access: &Secret) -> Result<Vec<Organization>, RemoteError> {
        let outcome = self
            .ask(Method::GET, base, &["organization", "list"], access)?
            .send()?
            .success();
        let answer = match outcome.map_err(RemoteError::from) {
            // An app without organizations.
            Err(error) if error.kind == RemoteErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let list: Option<Vec<OrganizationDto>> = answer.json()?;
        let list = list.unwrap_or_default().into_iter();
        Ok(list
            .map(|dto| Organization {
                name: said(dto.name)
                    .or_else(|| said(dto.slug))
                    .unwrap_or_else(|| plain(&dto.id, 200)),
                id: dto.id,
            })
            .collect())
    }

    fn choose_organization(
        &self,
        base: &Url,
        session: &Session,
        organization: &str,
    ) -> Result<Option<Session>, RemoteError> {
        let answer = self
            .ask(
                Method::POST,
                base,
                &["organization", "set-active"],
                &session.access,
            )?
            .json(&json!({"organizationId": organization}))
            .send()?
            .success()?;
        Ok(newest(&answer).map(self::session))
    }
}
