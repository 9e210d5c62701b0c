//! Notifications of the system: what a person should know while the window is elsewhere. A click leads to the right page.

#[cfg(target_os = "linux")]
mod lead;
#[cfg(target_os = "linux")]
mod linux;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keystow_app::{App, Notice};
use keystow_core::Cancel;
use tauri::{AppHandle, Runtime};

use crate::ipc::Host;

/// A system that shows nothing is complained of once.
static COMPLAINED: AtomicBool = AtomicBool::new(false);

/// Tells of keys that end soon, for as long as the program runs.
pub(crate) fn watch<R: Runtime>(handle: AppHandle<R>, host: Arc<Host>) {
    let work = move || {
        let Some(app) = host.app() else { return };
        app.watch_expiry(&Cancel::default(), |expiry| {
            tell(&handle, app, &app.notice_of_expiry(expiry))
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

/// Tells the person, where they want that and the system can; gives whether that is done with.
pub(crate) fn tell<R: Runtime>(handle: &AppHandle<R>, app: &App, notice: &Notice) -> bool {
    if !app.wants(notice) {
        return true;
    }
    let shown = show(handle, notice);
    if let Err(error) = &shown
        && !COMPLAINED.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(%error, "the system shows no notifications");
    }
    shown.is_ok()
}

#[cfg(target_os = "linux")]
fn show<R: Runtime>(handle: &AppHandle<R>, notice: &Notice) -> zbus::Result<()> {
    let (handle, to) = (handle.clone(), notice.lead.clone());
    linux::show(
        None,
        &notice.title,
        &notice.text,
        notice.action,
        move || lead::lead(&handle, &to),
    )
}

/// Elsewhere nothing tells of a click: the system brings up the program by itself, if at all.
#[cfg(not(target_os = "linux"))]
fn show<R: Runtime>(_: &AppHandle<R>, notice: &Notice) -> Result<(), notify_rust::error::Error> {
    notify_rust::Notification::new()
        .appname("Keystow")
        .summary(&notice.title)
        .body(&notice.text)
        .show()
        .map(drop)
}
