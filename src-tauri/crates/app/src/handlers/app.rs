use keystow_core::keychain::{KeychainError, KeychainState};
use serde::de::DeserializeOwned;

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
const CLIPBOARD: &str = "clipboard_s";
const CLIPBOARD_S: [u32; 4] = [10, 30, 60, 120];
const DEFAULT_CLIPBOARD_S: u32 = 30;
const NOTIFICATIONS: &str = "notifications";
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

/// Ends the program that shows the window, where one does.
pub fn app_quit(app: &App, _: Empty) -> Result<Empty, AppError> {
    app.quit();
    Ok(Empty {})
}

/// Settings of the window.
pub fn settings_get(app: &App, _: Empty) -> Result<SettingsView, AppError> {
    Ok(SettingsView {
        theme: chosen(app, THEME)?.unwrap_or(Theme::System),
        language: chosen(app, LANGUAGE)?.unwrap_or(Language::System),
        keep_backups_days: app.keep_backups_days()?,
        clipboard_s: app.clipboard_seconds()?,
        notifications: chosen(app, NOTIFICATIONS)?.unwrap_or(Notifications::All),
    })
}

/// What was chosen of a few, if anything.
fn chosen<T: DeserializeOwned>(app: &App, setting: &str) -> Result<Option<T>, AppError> {
    let word = app.store.setting(setting)?;
    Ok(word.and_then(|word| choice_of(&word)))
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
    if !CLIPBOARD_S.contains(&settings.clipboard_s) {
        return Err(AppError::Invalid {
            reason: "a copied key stays on the clipboard for 10, 30, 60 or 120 seconds".to_owned(),
        });
    }
    app.store
        .set_setting(CLIPBOARD, &settings.clipboard_s.to_string())?;
    app.store
        .set_setting(NOTIFICATIONS, &word_of(&settings.notifications))?;
    app.store.set_setting(THEME, &word_of(&settings.theme))?;
    app.store
        .set_setting(LANGUAGE, &word_of(&settings.language))?;
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

    /// For how long a copied key stays on the clipboard.
    pub(crate) fn clipboard_seconds(&self) -> Result<u32, AppError> {
        let stored = self.store.setting(CLIPBOARD)?;
        Ok(stored
            .and_then(|seconds| seconds.parse().ok())
            .filter(|seconds| CLIPBOARD_S.contains(seconds))
            .unwrap_or(DEFAULT_CLIPBOARD_S))
    }

    /// Drops before-images that were kept long enough.
    pub(crate) fn expire_backups(&self) -> Result<(), AppError> {
        let kept_ms = i64::from(self.keep_backups_days()?) * 24 * 60 * 60 * 1000;
        Ok(self.store.expire_before_images(self.now() - kept_ms)?)
    }
}
