//! The frame of the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
    /// An error in the shape the window and `--json` get it. Codes are append-only; text is for people.
    struct ProblemView {
        /// Such as `keychain.locked`; the UI switches on it.
        code: String,
        /// One short line.
        title: String,
        /// What happened, with the file or host and the place.
        detail: String,
        /// What to do about it.
        hint: Option<String>,
        /// Whether trying again can help.
        retry: bool,
        /// The change in history that holds what was done all the same, and can be undone; only with `apply.partly`.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<String>,
    }
    /// The frame of the window: rail, counts, status line.
    struct AppStatusView {
        /// Version of Keystow.
        version: String,
        /// State of the keychain.
        keychain: KeychainView,
        /// Why, where it is not unlocked.
        problem: Option<ProblemView>,
        /// The workspace in use, if one is signed in.
        workspace: Option<WorkspaceView>,
        /// Why it was out of reach when it was last asked for something, if it was.
        unreachable: Option<ProblemView>,
        /// Keys of it that we know of.
        keys: u32,
        /// Connections we wrote.
        connections: u32,
        /// Programs that carry connections right now.
        bridges: u32,
        /// Rotations that are not over.
        rotations: u32,
        /// True until a workspace was signed in for the first time.
        first_run: bool,
        /// Where the store is, for Settings, with `~`.
        data_dir: String,
        /// Where the stable binary is, with `~`.
        stable_binary: String,
    }
    /// Settings of the window.
    struct SettingsView {
        /// Light, dark or as the system.
        theme: Theme,
        /// English, German or as the system.
        language: Language,
        /// How many days a change to settings files can be undone, 1 to 365; what files were before is kept that long.
        keep_backups_days: u32,
        /// How many seconds a copied key stays on the clipboard: 10, 30, 60 or 120.
        clipboard_s: u32,
        /// What the system tells of while the window is elsewhere.
        notifications: Notifications,
    }
}
