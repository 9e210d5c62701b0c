//! How this program ends: when the person asks for it, and after everything was removed without a trace of its own.

use std::sync::Arc;

use tauri::{AppHandle, RunEvent, Runtime};

use crate::ipc::Host;

/// Lets the application end this program.
pub(crate) fn offer<R: Runtime>(handle: AppHandle<R>, host: &Host) {
    if let Some(app) = host.app() {
        app.on_quit(move || handle.exit(0));
    }
}

/// The last thing that happens: what this program wrote while it ended goes, too, where everything was to go.
pub(crate) fn sweep(host: &Arc<Host>, event: &RunEvent) {
    if let (RunEvent::Exit, Some(app)) = (event, host.app()) {
        app.sweep_after_removal();
    }
}
