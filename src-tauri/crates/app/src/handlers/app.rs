use keystow_core::keychain::{KeychainError, KeychainState};

use super::views;
use crate::app::App;
use crate::contract::*;
use crate::describe;
use crate::error::AppError;

const THEME: &str = "theme";
/// How long the person may take to answer the keychain's prompt, in milliseconds.
pub(super) const UNLOCK_MS: u64 = 2 * 60 * 1000;

/// The frame of the window.
pub fn app_status(app: &App, _: Empty) -> Result<AppStatusView, AppError> {
    let (keychain, problem) = match app.doors.keychain.state() {
        KeychainState::Unlocked => (KeychainView::Unlocked, None),
        KeychainState::Locked => (
            KeychainView::Locked,
            Some(describe(&KeychainError::Locked.into())),
        ),
        KeychainState::Absent(error) => (KeychainView::Absent, Some(describe(&error.into()))),
    };
    let workspaces = app.store.workspaces()?;
    let current = workspaces.iter().find(|workspace| workspace.current);
    let keys = match current {
        Some(workspace) => super::keys::known_total(app, &workspace.id)?,
        None => 0,
    };
    Ok(AppStatusView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        keychain,
        problem,
        workspace: current.map(views::workspace),
        keys,
        connections: views::count(app.store.connections()?.len()),
        first_run: workspaces.is_empty(),
        data_dir: app.paths.shown(&app.paths.data),
        stable_binary: app.paths.shown(&app.paths.stable_binary()),
    })
}

/// Lets the system ask the person to unlock the keychain.
pub fn app_unlock(app: &App, request: Empty) -> Result<AppStatusView, AppError> {
    app.doors.keychain.unlock(UNLOCK_MS)?;
    app_status(app, request)
}

/// Settings of the window.
pub fn settings_get(app: &App, _: Empty) -> Result<SettingsView, AppError> {
    let theme = match app.store.setting(THEME)?.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    Ok(SettingsView { theme })
}

/// Changes them.
pub fn settings_set(app: &App, settings: SettingsView) -> Result<SettingsView, AppError> {
    let theme = match settings.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    app.store.set_setting(THEME, theme)?;
    Ok(settings)
}
