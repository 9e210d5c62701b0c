//! Notifications of the system: what a person should know while the window is elsewhere.

#[cfg(target_os = "linux")]
mod linux;

use std::sync::Arc;

use keystow_app::{App, ExpiryNotice};
use keystow_core::Cancel;
use serde::Serialize;
use tauri::{AppHandle, Emitter, Runtime};

use crate::ipc::Host;

/// What the web view hears when a key is to be shown: its workspace and id.
const SHOW_KEY: &str = "show-key";

#[derive(Clone, Serialize)]
struct ShowKey {
    workspace: String,
    key: String,
}

/// Tells of keys that end soon, for as long as the program runs. A click leads to the key, where the system tells of clicks.
pub(crate) fn watch<R: Runtime>(handle: AppHandle<R>, host: Arc<Host>) {
    let work = move || {
        let Some(app) = host.app() else { return };
        let mut said = false;
        app.watch_expiry(&Cancel::default(), |notice| {
            let shown = show(&handle, notice);
            if let Err(error) = &shown
                && !said
            {
                said = true;
                tracing::warn!(%error, "the system shows no notifications");
            }
            shown.is_ok()
        });
    };
    let started = std::thread::Builder::new()
        .name("keystow-expiry".to_owned())
        .spawn(work);
    if let Err(error) = started {
        tracing::warn!(%error, "nobody will be told of keys that end soon");
    }
}

/// Looks again for keys that end soon: a computer that slept did not notice the time.
pub(crate) fn look_again(host: &Host) {
    if let Some(app) = host.app() {
        App::look_at_expiry(app);
    }
}

#[cfg(target_os = "linux")]
fn show<R: Runtime>(handle: &AppHandle<R>, notice: &ExpiryNotice) -> zbus::Result<()> {
    let (handle, to) = (handle.clone(), target(notice));
    linux::show(None, &notice.title(), &notice.text(), move || {
        lead(&handle, to)
    })
}

/// Elsewhere nothing tells of a click: the system brings up the program by itself, if at all.
#[cfg(not(target_os = "linux"))]
fn show<R: Runtime>(
    _: &AppHandle<R>,
    notice: &ExpiryNotice,
) -> Result<(), notify_rust::error::Error> {
    notify_rust::Notification::new()
        .appname("Keystow")
        .summary(&notice.title())
        .body(&notice.text())
        .show()
        .map(drop)
}

#[cfg(target_os = "linux")]
fn target(notice: &ExpiryNotice) -> ShowKey {
    ShowKey {
        workspace: notice.workspace.to_string(),
        key: notice.key.to_string(),
    }
}

#[cfg(target_os = "linux")]
fn lead<R: Runtime>(handle: &AppHandle<R>, to: ShowKey) {
    crate::raise(handle);
    if let Err(error) = handle.emit(SHOW_KEY, to) {
        tracing::warn!(%error, "the window was not told which key to show");
    }
}
