use keystow_core::keychain::Item;
use keystow_core::provider::{Base, Provider, SignInMethod};
use keystow_core::remote::{Account, PasswordAnswer, RemoteErrorKind, Session};
use keystow_core::{AttemptId, Cancel, Secret, WorkspaceId};
use url::Url;

use super::{providers, servers, views, workspaces};
use crate::app::{App, Attempt, Place, Step};
use crate::capable::no_way;
use crate::contract::*;
use crate::error::AppError;
use crate::random;
use crate::store::Workspace;

/// How long a browser sign-in waits for the person, in milliseconds.
const PATIENCE_MS: u64 = 5 * 60 * 1000;

/// Signs in, or says what to wait for. A password or token comes from the clipboard, natively; hosts with a terminal of their own
/// call [`sign_in_with`].
pub fn sessions_sign_in(app: &App, request: SignInRequest) -> Result<SignInView, AppError> {
    let secret = match request.from_clipboard {
        true => Some(app.doors.clipboard.take()?),
        false => None,
    };
    sign_in_with(app, request, secret)
}

/// The same with a password or token that the host read from the person.
pub fn sign_in_with(
    app: &App,
    request: SignInRequest,
    secret: Option<Secret>,
) -> Result<SignInView, AppError> {
    let provider = providers::named(app, &request.provider)?;
    let method = method(provider, request.method)?;
    let base = base(app, provider, request.url.as_deref())?;
    let sign_in = app.sign_in_of(provider)?;
    let place = Place::Workspace {
        provider: provider.id.clone(),
        base: base.clone(),
    };
    match method {
        SignInMethod::Password => {
            let (login, password) = match (request.login, secret) {
                (Some(login), Some(password)) => (login, password),
                (None, None) => stowed_password(app, provider)?,
                (None, Some(_)) => return Err(missing("the login belongs to the password")),
                (Some(_), None) => return Err(missing("the password belongs to the login")),
            };
            match sign_in.password(&base, &login, &password)? {
                PasswordAnswer::Done(session) => done(app, provider, &base, &session),
                PasswordAnswer::CodeNeeded(partial) => {
                    let id = keep(app, Step::Code(partial), place, None);
                    Ok(SignInView {
                        state: SignInState::CodeNeeded,
                        attempt: Some(id.to_string()),
                        ..nothing()
                    })
                }
            }
        }
        SignInMethod::Token => {
            let access = secret.ok_or_else(|| missing("a token is needed"))?;
            let expires_at = access.jwt_expiry_ms();
            let session = Session {
                access,
                refresh: None,
                expires_at,
                oauth_client: None,
                issuer: None,
            };
            // Shown to the server before it is kept: it is somebody's typing.
            let account = sign_in.account(&base, &session.access)?;
            finish(app, provider, &base, &session, account)
        }
        SignInMethod::Browser => {
            let account = match stowed_password(app, provider) {
                Ok(account) => Some(account),
                Err(AppError::NoPassword { .. }) => None,
                Err(error) => return Err(error),
            };
            let account = account
                .as_ref()
                .map(|(login, password)| (login.as_str(), password));
            let waiting = sign_in.browser(&base, account)?;
            Ok(wait_for(app, Step::Browser(waiting), place))
        }
        SignInMethod::Device => {
            let client = provider
                .oauth
                .device_client_id
                .as_deref()
                .expect("checked when the provider file was read");
            let waiting = sign_in.device(&base, client)?;
            Ok(wait_for(app, Step::Device(waiting), place))
        }
    }
}

/// Opens the browser for a sign-in and says what to wait for.
pub(super) fn wait_for(app: &App, step: Step, place: Place) -> SignInView {
    let (url, device) = match &step {
        Step::Browser(waiting) => (waiting.url().clone(), None),
        Step::Device(waiting) => {
            let code = waiting.code();
            let page = code.complete_page.as_ref().unwrap_or(&code.page);
            let device = DeviceView {
                code: code.user_code.clone(),
                url: code.page.to_string(),
                expires_at: code.expires_at,
                qr: crate::qr::rows(page.as_str()),
            };
            (page.clone(), Some(device))
        }
        Step::Code(_) => unreachable!("a code is asked for where the person is"),
    };
    // A browser that does not open is no reason to give up: the person can copy the address.
    if let Err(error) = app.doors.opener.open_browser(&url) {
        tracing::warn!(%error, "the browser did not open");
    }
    let id = keep(app, step, place, Some(url.clone()));
    SignInView {
        state: SignInState::Waiting,
        attempt: Some(id.to_string()),
        url: Some(url.to_string()),
        device,
        workspace: None,
    }
}

/// Opens the page of a sign-in that waits once more.
pub fn sessions_open(app: &App, request: AttemptRequest) -> Result<Empty, AppError> {
    let id = AttemptId::new(request.attempt);
    let page = app
        .attempts()
        .get(&id)
        .and_then(|attempt| attempt.page.clone())
        .ok_or_else(|| unknown_attempt(&id))?;
    app.doors.opener.open_browser(&page)?;
    Ok(Empty {})
}

/// Waits until the person is through elsewhere, cancelled, or took too long.
pub fn sessions_wait(app: &App, request: AttemptRequest) -> Result<SignInView, AppError> {
    let id = AttemptId::new(request.attempt);
    let (step, cancel, place) = take(app, &id)?;
    let outcome = match step {
        Step::Browser(waiting) => waiting.wait(&cancel, PATIENCE_MS),
        Step::Device(waiting) => waiting.wait(&cancel),
        Step::Code(partial) => {
            put_back(app, &id, Step::Code(partial));
            return Err(missing("this sign-in asks for a one-time code"));
        }
    };
    app.attempts().remove(&id);
    match outcome {
        Ok(session) => arrived(app, &place, &session),
        Err(error) if error.kind == RemoteErrorKind::Cancelled => Ok(SignInView {
            state: SignInState::Cancelled,
            ..nothing()
        }),
        Err(error) => Err(error.into()),
    }
}

/// Answers the question for a one-time code. A wrong one can be tried again.
pub fn sessions_code(app: &App, request: CodeRequest) -> Result<SignInView, AppError> {
    let id = AttemptId::new(request.attempt);
    let (step, _, place) = take(app, &id)?;
    let (Step::Code(partial), Place::Workspace { provider, base }) = (step, &place) else {
        return Err(missing("this sign-in asks for no code"));
    };
    let provider = providers::named(app, provider.as_str())?;
    let code = Secret::new(request.code.trim().to_owned());
    match app
        .sign_in_of(provider)?
        .second_factor(base, &partial, &code)
    {
        Ok(session) => {
            app.attempts().remove(&id);
            done(app, provider, base, &session)
        }
        Err(error) => {
            put_back(app, &id, Step::Code(partial));
            Err(error.into())
        }
    }
}

/// Stops a sign-in that waits; whoever waits for it learns that it was cancelled.
pub fn sessions_cancel(app: &App, request: AttemptRequest) -> Result<Empty, AppError> {
    let id = AttemptId::new(request.attempt);
    let mut attempts = app.attempts();
    let attempt = attempts.get(&id).ok_or_else(|| unknown_attempt(&id))?;
    attempt.cancel.cancel();
    if attempt.step.is_some() {
        // Nobody waits; dropping it closes the port.
        attempts.remove(&id);
    }
    Ok(Empty {})
}

/// Ends the session at the provider and takes it out of the keychain. Keys stay stowed: clients go on working.
pub fn sessions_sign_out(app: &App, request: WorkspaceRequest) -> Result<Empty, AppError> {
    let workspace = workspaces::named(app, &request.workspace)?;
    end(app, &workspace)?;
    Ok(Empty {})
}

/// The same for a workspace at hand.
pub(super) fn end(app: &App, workspace: &Workspace) -> Result<(), AppError> {
    let provider = app.provider_of(workspace)?;
    if provider.sign_in.is_empty() {
        return Ok(());
    }
    if workspace.signed_in
        && let Ok(session) = app.stowed_session(workspace)
        && let Ok(base) = app.base_of(workspace)
        && let Err(error) = app.sign_in_of(provider)?.sign_out(&base, &session)
    {
        // Forgotten here all the same; the provider lets it run out.
        tracing::warn!(%error, "the provider was not told of the sign-out");
    }
    app.doors
        .keychain
        .delete(&Item::Session(workspace.id.clone()))?;
    app.store.set_signed_in(&workspace.id, false)?;
    app.store.note(
        app.now(),
        "session.signed_out",
        &format!("Signed out of {}.", workspace.name),
    )?;
    Ok(())
}

fn arrived(app: &App, place: &Place, session: &Session) -> Result<SignInView, AppError> {
    match place {
        Place::Workspace { provider, base } => done(
            app,
            providers::named(app, provider.as_str())?,
            base,
            session,
        ),
        Place::Server { workspace, server } => {
            servers::stow(app, workspace, server, session)?;
            Ok(SignInView {
                state: SignInState::Done,
                ..nothing()
            })
        }
    }
}

/// Asks whose a session is, stows it, and keeps the workspace.
fn done(
    app: &App,
    provider: &Provider,
    base: &Url,
    session: &Session,
) -> Result<SignInView, AppError> {
    let account = app.sign_in_of(provider)?.account(base, &session.access)?;
    finish(app, provider, base, session, account)
}

fn finish(
    app: &App,
    provider: &Provider,
    base: &Url,
    session: &Session,
    account: Account,
) -> Result<SignInView, AppError> {
    let known = workspaces::same(app, provider, base, &account.login)?;
    let id = match &known {
        Some(known) => known.id.clone(),
        None => workspaces::new_id(app, provider)?,
    };
    app.stow_session(&id, session)?;
    let organization = match (account.organization, &known) {
        (Some(told), _) => Some(told),
        (None, Some(known)) => known.organization.clone(),
        (None, None) => None,
    };
    let workspace = Workspace {
        created_at: known
            .as_ref()
            .map_or_else(|| app.now(), |known| known.created_at),
        name: known.as_ref().map_or_else(
            || workspaces::new_name(app, provider, organization.as_ref()),
            |known| Ok(known.name.clone()),
        )?,
        headers: known.map(|known| known.headers).unwrap_or_default(),
        id,
        provider: provider.id.clone(),
        login: account.login,
        organization,
        url: base.to_string(),
        signed_in: true,
        current: true,
        expires_at: session.expires_at.filter(|_| session.refresh.is_none()),
    };
    app.store.put_workspace(&workspace)?;
    app.store.note(
        app.now(),
        "session.signed_in",
        &format!("Signed in to {}.", workspace.name),
    )?;
    Ok(SignInView {
        state: SignInState::Done,
        workspace: Some(views::workspace(app, &workspace)?),
        ..nothing()
    })
}

fn method(provider: &Provider, asked: Option<Method>) -> Result<SignInMethod, AppError> {
    let method = match asked {
        Some(Method::Browser) => SignInMethod::Browser,
        Some(Method::Password) => SignInMethod::Password,
        Some(Method::Device) => SignInMethod::Device,
        Some(Method::Token) => SignInMethod::Token,
        None => *provider
            .sign_in
            .first()
            .ok_or_else(|| no_way(provider, "be signed in to"))?,
    };
    match provider.sign_in.contains(&method) {
        true => Ok(method),
        false => Err(no_way(provider, "be signed in to that way")),
    }
}

/// Where a provider's API is, for a sign-in: told by the person where the provider does not know it.
pub(super) fn base(app: &App, provider: &Provider, said: Option<&str>) -> Result<Url, AppError> {
    let not_asked = || missing("the address of this provider is known and cannot be another");
    match (
        &provider.base,
        said.map(str::trim).filter(|said| !said.is_empty()),
    ) {
        (Base::Local, None) => Ok(app.doors.local.ensure_running()?),
        (Base::Fixed { url }, None) => Ok(url.clone()),
        (Base::Local | Base::Fixed { .. }, Some(_)) => Err(not_asked()),
        (Base::Asked { choices, example }, None) => match choices.first() {
            Some(choice) => Ok(choice.url.clone()),
            None => Err(AppError::Invalid {
                reason: format!("{} needs its address, such as {example}", provider.name),
            }),
        },
        (Base::Asked { choices, .. }, Some(said)) => {
            if let Some(choice) = choices
                .iter()
                .find(|choice| choice.title.eq_ignore_ascii_case(said))
            {
                return Ok(choice.url.clone());
            }
            workspaces::checked_base(said)
        }
    }
}

/// The password of an account that Keystow made itself.
fn stowed_password(app: &App, provider: &Provider) -> Result<(String, Secret), AppError> {
    let workspace = WorkspaceId::new(provider.id.as_str());
    let missing = || AppError::NoPassword {
        workspace: workspace.to_string(),
    };
    let login = provider.login.clone().ok_or_else(missing)?;
    let password = app
        .doors
        .keychain
        .get(&Item::Password(workspace.clone()))?
        .ok_or_else(missing)?;
    Ok((login, password))
}

fn keep(app: &App, step: Step, place: Place, page: Option<Url>) -> AttemptId {
    let id = AttemptId::new(random::id("at"));
    let attempt = Attempt {
        cancel: Cancel::default(),
        step: Some(step),
        place,
        page,
    };
    app.attempts().insert(id.clone(), attempt);
    id
}

fn take(app: &App, id: &AttemptId) -> Result<(Step, Cancel, Place), AppError> {
    let mut attempts = app.attempts();
    let attempt = attempts.get_mut(id).ok_or_else(|| unknown_attempt(id))?;
    let step = attempt.step.take().ok_or_else(|| unknown_attempt(id))?;
    Ok((step, attempt.cancel.clone(), attempt.place.clone()))
}

fn put_back(app: &App, id: &AttemptId, step: Step) {
    if let Some(attempt) = app.attempts().get_mut(id) {
        attempt.step = Some(step);
    }
}

fn nothing() -> SignInView {
    SignInView {
        state: SignInState::Done,
        attempt: None,
        url: None,
        device: None,
        workspace: None,
    }
}

fn missing(reason: &str) -> AppError {
    AppError::Invalid {
        reason: reason.to_owned(),
    }
}

fn unknown_attempt(id: &AttemptId) -> AppError {
    AppError::Unknown {
        what: "sign-in",
        id: views::shown(id.as_str()),
    }
}
