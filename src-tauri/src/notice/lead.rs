//! Where a click on a notification leads.

use keystow_app::Lead;
use serde::Serialize;
use tauri::{AppHandle, Emitter, Runtime};

/// What the web view hears when a key is to be shown: its workspace and id.
const SHOW_KEY: &str = "show-key";
/// What it hears when a page is: its name.
const SHOW_PAGE: &str = "show-page";

#[derive(Clone, Serialize)]
struct ShowKey {
    workspace: String,
    key: String,
}

/// Brings the window up and has it show what the notification was about.
pub(super) fn lead<R: Runtime>(handle: &AppHandle<R>, to: &Lead) {
    crate::window::raise(handle);
    let told = match to {
        Lead::Key { workspace, key } => handle.emit(
            SHOW_KEY,
            ShowKey {
                workspace: workspace.to_string(),
                key: key.to_string(),
            },
        ),
        Lead::Page(page) => handle.emit(SHOW_PAGE, page),
    };
    if let Err(error) = told {
        tracing::warn!(%error, "the window was not told what to show");
    }
}
