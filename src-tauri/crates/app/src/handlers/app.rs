use keystow_core::keychain::{KeychainError, KeychainState};

use super::views;
use crate::app::App;
use crate::contract::*;
use crate::describe;
use crate::error::AppError;

const THEME: &str = "theme";
const LANGUAGE: &str = "language";
const KEEP_BACKUPS: &str = "keep_backups_days";
const KEEP_BACKUPS_DAYS: std::ops::RangeInclusive<u32> = 1..=365;
const DEFAULT_KEEP_BACKUPS_DAYS: u32 = 30;
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
        workspace: current
            .map(|current| views::workspace(app, current))
            .transpose()?,
        unreachable: current.and_then(|current| app.reach.problem(&current.id)),
        keys,
        bridges: views::count(crate::rotation::live::all(&app.paths.data).len()),
        connections: views::count(app.store.connections()?.len()),
        rotations: views::count(app.store.rotations_under_way()?.len()),
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
    let language = match app.store.setting(LANGUAGE)?.as_deref() {
        Some("en") => Language::En,
        Some("de") => Language::De,
        _ => Language::System,
    };
    Ok(SettingsView {
        theme,
        language,
        keep_backups_days: app.keep_backups_days()?,
    })
}

/// Changes them. Before-images that are older than wanted from now on are dropped at once.
pub fn settings_set(app: &App, settings: SettingsView) -> Result<SettingsView, AppError> {
    if !KEEP_BACKUPS_DAYS.contains(&settings.keep_backups_days) {
        return Err(AppError::Invalid {
            reason: format!(
                "changes can be undone for {} to {} days",
                KEEP_BACKUPS_DAYS.start(),
                KEEP_BACKUPS_DAYS.end()
            ),
        });
    }
    let theme = match settings.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let language = match settings.language {
        Language::System => "system",
        Language::En => "en",
        Language::De => "de",
    };
    app.store.set_setting(THEME, theme)?;
    app.store.set_setting(LANGUAGE, language)?;
    app.store
        .set_setting(KEEP_BACKUPS, &settings.keep_backups_days.to_string())?;
    app.expire_backups()?;
    Ok(settings)
}

impl App {
    /// For how long before-images are kept.
    fn keep_backups_days(&self) -> Result<u32, AppError> {
        let stored = self.store.setting(KEEP_BACKUPS)?;
        Ok(stored
            .and_then(|days| days.parse().ok())
            .filter(|days| KEEP_BACKUPS_DAYS.contains(days))
            .unwrap_or(DEFAULT_KEEP_BACKUPS_DAYS))
    }

    /// Drops before-images that were kept long enough.
    pub(crate) fn expire_backups(&self) -> Result<(), AppError> {
        let kept_ms = i64::from(self.keep_backups_days()?) * 24 * 60 * 60 * 1000;
        Ok(self.store.expire_before_images(self.now() - kept_ms)?)
    }
}
