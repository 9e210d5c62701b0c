//! The window stays true: whoever changes something, the web view hears which answers are others now, and asks for those again.

use std::sync::Arc;
use std::thread;

use keystow_app::{App, News, Nudge, Watch};
use keystow_core::Cancel;
use tauri::{AppHandle, Emitter, Runtime};

use crate::ipc::Host;
use crate::{notice, tray, wire};

/// What the web view hears: first words of commands.
const CHANGED: &str = "changed";

/// Watches for as long as the program runs, and carries rotations on. Gives what makes it look.
pub(crate) fn start<R: Runtime>(handle: AppHandle<R>, host: &Arc<Host>) -> Nudge {
    let watch = Watch::default();
    let nudge = watch.nudge();
    in_background("keystow-watch", host, move |app| {
        let keychain = watch.nudge();
        wire::on_keychain_change(move || keychain.keychain());
        watch.run(app, |news| tell(&handle, app, news));
    });
    in_background("keystow-rotations", host, |app| {
        app.watch_rotations(&Cancel::default());
    });
    nudge
}

fn tell<R: Runtime>(handle: &AppHandle<R>, app: &App, news: &News) {
    if !news.topics.is_empty()
        && let Err(error) = handle.emit(CHANGED, &news.topics)
    {
        tracing::warn!(%error, "the window was not told what changed");
    }
    if news.topics.contains("app") || news.topics.contains("settings") {
        tray::refresh(handle, app);
    }
    for told in &news.notices {
        notice::tell(handle, app, told);
    }
}

/// Runs work of the application beside the window, where there is an application.
fn in_background(name: &str, host: &Arc<Host>, work: impl FnOnce(&App) + Send + 'static) {
    let host = host.clone();
    let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
        if let Some(app) = host.app() {
            work(app);
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, name, "no thread could be started");
    }
}
