//! The one window.

use tauri::{AppHandle, Manager, Runtime, WebviewWindow};

/// Shows it.
pub(crate) fn show<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = of(handle)
        && let Err(error) = window.show()
    {
        tracing::warn!(%error, "the window cannot be shown");
    }
}

/// Shows it, over all others and with the focus, as far as the window manager lets it.
pub(crate) fn raise<R: Runtime>(handle: &AppHandle<R>) {
    show(handle);
    if let Some(window) = of(handle) {
        // Whatever a window manager refuses, the others still help.
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

fn of<R: Runtime>(handle: &AppHandle<R>) -> Option<WebviewWindow<R>> {
    handle.get_webview_window("main")
}
