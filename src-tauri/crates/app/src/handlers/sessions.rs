use keystow_core::keychain::Item;
use keystow_core::provider::{Provider, SignInMethod};
use keystow_core::remote::{RemoteErrorKind, Session};
use keystow_core::{AttemptId, Cancel, ProviderId, Secret, WorkspaceId};
use url::Url;

use super::{views, workspaces};
use crate::app::{App, Attempt};
use crate::contract::*;
use crate::error::AppError;
use crate::random;
use crate::store::Workspace;

/// How long a browser sign-in waits for the person, in milliseconds.
const PATIENCE_MS: u64 = 5 * 60 * 1000;

/// Signs in, or opens the browser and says what to wait for.
pub fn sessions_sign_in(app: &App, request: SignInRequest) -> Result<SignInView, AppError> {
    let provider = provider_named(app, &request.provider)?;
    let method = match request.method {
        Some(Method::Browser) => SignInMethod::Browser,
        Some(Method::Password) => SignInMethod::Password,
        None => *provider
            .sign_in
            .first()
            .expect("every provider file names a way to sign in"),
    };
    if !provider.sign_in.contains(&method) {
        return Err(AppError::NotCapable {
            provider: provider.name.clone(),
        });
    }
    let base = app.base_of(provider)?;
    match method {
        SignInMethod::Password => {
            let (login, password) = stowed_password(app, provider)?;
            let session = app.doors.sign_in.password(&base, &login, &password)?;
            done(app, provider, &base, &session)
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
            let waiting = app.doors.sign_in.browser(&base, account)?;
            let url = waiting.url().clone();
            // A browser that does not open is no reason to give up: the person can copy the address.
            if let Err(error) = app.doors.sign_in.open_browser(&url) {
                tracing::warn!(%error, "the browser did not open");
            }
            let id = AttemptId::new(random::id("at"));
            let attempt = Attempt {
                cancel: Cancel::default(),
                waiting: Some(waiting),
                provider: provider.id.clone(),
            };
            app.attempts().insert(id.clone(), attempt);
            Ok(SignInView {
                state: SignInState::Waiting,
                attempt: Some(id.to_string()),
                url: Some(url.to_string()),
                workspace: None,
            })
        }
    }
}

/// Waits until the browser came back, the person cancelled, or five minutes are over.
pub fn sessions_wait(app: &App, request: AttemptRequest) -> Result<SignInView, AppError> {
    let id = AttemptId::new(request.attempt);
    let (waiting, cancel, provider) = {
        let mut attempts = app.attempts();
        let attempt = attempts.get_mut(&id).ok_or_else(|| unknown_attempt(&id))?;
        let waiting = attempt.waiting.take().ok_or_else(|| unknown_attempt(&id))?;
        (waiting, attempt.cancel.clone(), attempt.provider.clone())
    };
    let outcome = waiting.wait(&cancel, PATIENCE_MS);
    app.attempts().remove(&id);
    match outcome {
        Ok(session) => {
            let provider = provider_named(app, provider.as_str())?;
            let base = app.base_of(provider)?;
            done(app, provider, &base, &session)
        }
        Err(error) if error.kind == RemoteErrorKind::Cancelled => Ok(SignInView {
            state: SignInState::Cancelled,
            attempt: None,
            url: None,
            workspace: None,
        }),
        Err(error) => Err(error.into()),
    }
}

/// Stops a sign-in that waits; whoever waits for it learns that it was cancelled.
pub fn sessions_cancel(app: &App, request: AttemptRequest) -> Result<Empty, AppError> {
    let id = AttemptId::new(request.attempt);
    let mut attempts = app.attempts();
    let attempt = attempts.get(&id).ok_or_else(|| unknown_attempt(&id))?;
    attempt.cancel.cancel();
    if attempt.waiting.is_some() {
        // Nobody waits; dropping it closes the port.
        attempts.remove(&id);
    }
    Ok(Empty {})
}

/// Ends the session at the provider and takes it out of the keychain. Keys stay stowed: clients go on working.
pub fn sessions_sign_out(app: &App, request: WorkspaceRequest) -> Result<Empty, AppError> {
    let workspace = workspaces::named(app, &request.workspace)?;
    if workspace.signed_in
        && let Ok(session) = app.stowed_session(&workspace)
        && let Ok(base) = app.base_of(app.provider_of(&workspace)?)
        && let Err(error) = app.doors.sign_in.sign_out(&base, &session)
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
    Ok(Empty {})
}

/// Stows the session first, then asks whose it is and keeps the workspace.
fn done(
    app: &App,
    provider: &Provider,
    base: &Url,
    session: &Session,
) -> Result<SignInView, AppError> {
    let id = WorkspaceId::new(provider.id.as_str());
    app.stow_session(&id, session)?;
    let account = app.doors.sign_in.account(base, &session.access)?;
    let workspace = Workspace {
        created_at: app
            .store
            .workspace(&id)?
            .map_or_else(|| app.now(), |known| known.created_at),
        id,
        provider: provider.id.clone(),
        name: provider.name.clone(),
        login: account.login,
        organization: account.organization,
        url: base.to_string(),
        signed_in: true,
        current: true,
    };
    app.store.put_workspace(&workspace)?;
    app.store.note(
        app.now(),
        "session.signed_in",
        &format!("Signed in to {}.", workspace.name),
    )?;
    Ok(SignInView {
        state: SignInState::Done,
        attempt: None,
        url: None,
        workspace: Some(views::workspace(&workspace)),
    })
}

fn provider_named<'a>(app: &'a App, id: &str) -> Result<&'a Provider, AppError> {
    app.providers
        .get(&ProviderId::new(id))
        .ok_or_else(|| AppError::Unknown {
            what: "provider",
            id: views::shown(id),
        })
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

fn unknown_attempt(id: &AttemptId) -> AppError {
    AppError::Unknown {
        what: "sign-in",
        id: views::shown(id.as_str()),
    }
}
