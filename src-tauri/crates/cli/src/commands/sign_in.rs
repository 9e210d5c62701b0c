//! `sign-in`, `sign-out`, and what sign-ins to servers share with them.

use std::sync::mpsc::channel;
use std::thread;

use keystow_app::contract::{
    AttemptRequest, CodeRequest, DeviceView, Empty, Method, ProviderView, SignInRequest,
    SignInState, SignInView, WorkspaceAddRequest, WorkspaceRequest,
};
use keystow_app::{AppError, handlers};
use keystow_core::Secret;
use keystow_core::remote::RemoteErrorKind;

use super::{Desk, workspaces};
use crate::args::SignInArgs;
use crate::ask;
use crate::error::CliError;
use crate::output::qr;
use crate::output::words::{self, clean};
use crate::platform::Stop;

/// How often a one-time code may be mistyped.
const TRIES: u32 = 3;

pub(super) fn sign_in(desk: &Desk<'_>, args: SignInArgs) -> Result<u8, CliError> {
    let provider = handlers::providers_list(&desk.app, Empty {})?
        .into_iter()
        .find(|provider| provider.id == args.provider);
    if let Some(provider) = provider
        .as_ref()
        .filter(|provider| provider.methods.is_empty() && args.method.is_none())
    {
        return add(desk, provider, args);
    }
    let headers = args.headers.clone();
    let request = SignInRequest {
        provider: args.provider,
        method: args.method.map(Into::into),
        url: args.url,
        login: args.login,
        from_clipboard: false,
    };
    let mut view = begin(desk, provider.as_ref(), request)?;
    if view.state == SignInState::CodeNeeded
        && let Some(attempt) = view.attempt.take()
    {
        view = second_factor(desk, &attempt)?;
    }
    let view = through(desk, view)?;
    if let Some(workspace) = &view.workspace {
        if !headers.is_empty() {
            workspaces::set(desk, &workspace.id, None, headers)?;
        }
        if !desk.console.json {
            desk.console.say(&format!(
                "Signed in to {} as {}.",
                clean(&workspace.name),
                clean(&workspace.login)
            ));
        }
    }
    desk.console.show(&view, |_| String::new())?;
    Ok(0)
}

/// Adds a workspace that nobody signs in to.
fn add(desk: &Desk<'_>, provider: &ProviderView, args: SignInArgs) -> Result<u8, CliError> {
    if provider.servers.is_empty() {
        return Err(CliError::NothingToAdd {
            provider: clean(&provider.name),
        });
    }
    let request = WorkspaceAddRequest {
        provider: provider.id.clone(),
        url: args.url,
        headers: args.headers,
    };
    let workspace = handlers::workspaces_add(&desk.app, request)?;
    if !desk.console.json {
        let name = clean(&workspace.name);
        desk.console.say(&format!(
            "{} has no sign-in: its keys are made elsewhere and pasted here. Added {name}.",
            clean(&provider.name)
        ));
        words_on_headers(desk, &workspace);
        if let Some(dashboard) = &provider.dashboard {
            desk.console.say(&format!(
                "To make a key ({}):\n{}",
                clean(&dashboard.url),
                words::steps(&dashboard.create)
            ));
        }
        desk.console
            .say("Then `keystow keys add` asks for it, without showing it.");
    }
    let view = SignInView {
        state: SignInState::Done,
        attempt: None,
        url: None,
        device: None,
        workspace: Some(workspace),
    };
    desk.console.show(&view, |_| String::new())?;
    Ok(0)
}

/// Says which headers a workspace still lacks.
fn words_on_headers(desk: &Desk<'_>, workspace: &keystow_app::contract::WorkspaceView) {
    for header in &workspace.headers {
        if header.required && header.value.is_none() {
            desk.console.say(&format!(
                "{} ({}) has no value yet. {}\n  keystow workspaces set --header {}=VALUE",
                clean(&header.title),
                clean(&header.name),
                clean(&header.about),
                clean(&header.name)
            ));
        }
    }
}

/// The first step: with what the person has to say for it.
fn begin(
    desk: &Desk<'_>,
    provider: Option<&ProviderView>,
    mut request: SignInRequest,
) -> Result<SignInView, CliError> {
    let app = &desk.app;
    let method = request.method.or_else(|| {
        let methods = provider.map(|provider| provider.methods.as_slice());
        methods.and_then(<[Method]>::first).copied()
    });
    let nowhere = provider
        .and_then(|provider| provider.base.as_ref())
        .is_some_and(|base| base.choices.is_empty() && request.url.is_none());
    match method {
        // What is missing or cannot be is told before anybody types a secret.
        _ if nowhere || !method.is_some_and(|method| offers(provider, method)) => {}
        Some(Method::Token) => {
            let token = ask::line("Paste the token")?;
            return Ok(handlers::sign_in_with(app, request, Some(token))?);
        }
        Some(Method::Password) => {
            if request.login.is_none() {
                match handlers::sign_in_with(app, request.clone(), None) {
                    Err(AppError::NoPassword { .. }) if !is_local(provider) => {}
                    outcome => return Ok(outcome?),
                }
                if !desk.console.can_ask() {
                    return Err(CliError::NoLogin);
                }
                request.login = Some(ask::shown("E-mail or user name")?);
            }
            let password = ask::line("Password")?;
            return Ok(handlers::sign_in_with(app, request, Some(password))?);
        }
        _ => {}
    }
    Ok(handlers::sign_in_with(app, request, None)?)
}

fn offers(provider: Option<&ProviderView>, method: Method) -> bool {
    provider.is_some_and(|provider| provider.methods.contains(&method))
}

/// The local workspace's password is in the keychain, and nobody knows it.
fn is_local(provider: Option<&ProviderView>) -> bool {
    provider.is_some_and(|provider| provider.id == "local")
}

fn second_factor(desk: &Desk<'_>, attempt: &str) -> Result<SignInView, CliError> {
    let mut left = TRIES;
    loop {
        let code = ask::line("One-time code, or a backup code")?;
        left -= 1;
        let request = CodeRequest {
            attempt: attempt.to_owned(),
            code: text_of(&code),
        };
        match handlers::sessions_code(&desk.app, request) {
            Err(AppError::Remote(error)) if left > 0 && may_be_mistyped(&error.kind) => {
                desk.console.say("That code was not accepted. Try again.");
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// A code is used up by the request, and worthless after it.
fn text_of(code: &Secret) -> String {
    // EXPOSE: the one-time code goes into the request for the sign-in it belongs to
    code.expose().trim().to_owned()
}

fn may_be_mistyped(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::Unauthorised
            | RemoteErrorKind::Forbidden { .. }
            | RemoteErrorKind::Refused { .. }
            | RemoteErrorKind::SignInRefused { .. }
    )
}

/// Waits where there is something to wait for.
pub(super) fn through(desk: &Desk<'_>, mut view: SignInView) -> Result<SignInView, CliError> {
    if view.state == SignInState::Waiting
        && let Some(attempt) = view.attempt.take()
    {
        let what = match (&view.device, &view.url) {
            (Some(device), _) => on_another_screen(desk, device),
            (None, Some(url)) => format!(
                "Your browser was asked to open\n  {url}\nWaiting until you are through there; Ctrl-C cancels."
            ),
            (None, None) => String::new(),
        };
        view = wait(desk, attempt, &what)?;
    }
    match view.state {
        SignInState::Cancelled => Err(CliError::Cancelled),
        _ => Ok(view),
    }
}

fn on_another_screen(desk: &Desk<'_>, device: &DeviceView) -> String {
    let picture = desk
        .console
        .terminal
        .columns_for_picture()
        .and_then(|columns| qr::drawn(&device.qr, columns))
        .map_or_else(String::new, |picture| format!("Or scan this:\n{picture}\n"));
    format!(
        "Type the code\n  {}\non any screen, at\n  {}\n{picture}It can be used until it is over {}. Waiting; Ctrl-C cancels.",
        clean(&device.code),
        clean(&device.url),
        words::when(desk.now, device.expires_at)
    )
}

/// Waits for the person to be through elsewhere; a signal cancels.
fn wait(desk: &Desk<'_>, attempt: String, what: &str) -> Result<SignInView, CliError> {
    let app = &desk.app;
    let (outcome, arrived) = channel();
    let request = AttemptRequest {
        attempt: attempt.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    thread::scope(|scope| {
        let (through, done) = tokio::sync::oneshot::channel::<()>();
        scope.spawn(move || {
            let _through = through;
            // The other side waits below.
            let _ = outcome.send(handlers::sessions_wait(app, request));
        });
        let stopped = runtime.block_on(async {
            let stop = Stop::listen();
            desk.console.say(what);
            tokio::select! {
                () = stop.asked() => {
                    // One that is through already cannot be cancelled; its outcome counts.
                    let _ = handlers::sessions_cancel(app, AttemptRequest { attempt });
                    true
                }
                _ = done => false,
            }
        });
        match arrived.recv().expect("the waiting thread always tells") {
            // Stopped before anybody waited, the attempt is simply gone.
            Err(_) if stopped => Err(CliError::Cancelled),
            outcome => Ok(outcome?),
        }
    })
}

pub(super) fn sign_out(desk: &Desk<'_>, workspace: Option<&str>) -> Result<u8, CliError> {
    let workspace = workspaces::named(desk, workspace)?;
    let request = WorkspaceRequest {
        workspace: workspace.id,
    };
    handlers::sessions_sign_out(&desk.app, request)?;
    desk.console.say(&format!(
        "Signed out of {}. Connected clients go on working.",
        clean(&workspace.name)
    ));
    Ok(0)
}
