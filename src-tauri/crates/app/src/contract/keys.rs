//! The frame of the window, workspaces, sign-in and keys.

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
        /// Keys of it that we know of.
        keys: u32,
        /// Connections we wrote.
        connections: u32,
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
        /// How many days a change to settings files can be undone, 1 to 365; what files were before is kept that long.
        keep_backups_days: u32,
    }
    /// A provider in the catalogue.
    struct ProviderView {
        /// Such as `local`.
        id: String,
        /// Such as `Local workspace`.
        name: String,
        /// One line about it.
        about: String,
        /// Ways to sign in, the default first.
        methods: Vec<Method>,
    }
    /// A workspace.
    struct WorkspaceView {
        /// Such as `local`.
        id: String,
        /// Such as `Local workspace`.
        name: String,
        /// Provider id.
        provider: String,
        /// Such as `owner@keystow.local`.
        login: String,
        /// Base URL.
        url: String,
        /// Whether a session is stowed.
        signed_in: bool,
        /// Whether it is the one in use.
        current: bool,
    }
    /// Names a workspace.
    struct WorkspaceRequest {
        /// Its id.
        workspace: String,
    }
    /// Asks to sign in.
    struct SignInRequest {
        /// Provider id.
        provider: String,
        /// `None`: the provider's default.
        method: Option<Method>,
    }
    /// Names a sign-in under way.
    struct AttemptRequest {
        /// Its id.
        attempt: String,
    }
    /// How far a sign-in is.
    struct SignInView {
        /// Waiting, done or cancelled.
        state: SignInState,
        /// To wait for or cancel it.
        attempt: Option<String>,
        /// What the browser was asked to open, where it waits: to copy when no browser opened.
        url: Option<String>,
        /// Where it is done.
        workspace: Option<WorkspaceView>,
    }
    /// An MCP server of a provider.
    struct ServerView {
        /// Such as `local/tools`.
        id: String,
        /// Such as `Tools`.
        name: String,
        /// One line about it.
        about: String,
        /// The name of its entry in settings files, such as `keystow`.
        entry: String,
        /// Its URL.
        url: String,
    }
    /// Which keys to list.
    struct KeysListRequest {
        /// Part of a name or of the visible part of the key.
        search: Option<String>,
        /// First page is 1; `None`: 1.
        page: Option<u32>,
        /// 1 to 200; `None`: 50.
        limit: Option<u32>,
    }
    /// One page of keys.
    struct KeyPageView {
        /// The keys.
        keys: Vec<KeyView>,
        /// How many match in all.
        total: u32,
        /// This page.
        page: u32,
        /// Keys a page.
        limit: u32,
    }
    /// A key.
    struct KeyView {
        /// The provider's id.
        id: String,
        /// Workspace id.
        workspace: String,
        /// Its name.
        name: String,
        /// Such as `ksl_••••••••3f9c`.
        masked: String,
        /// Where it stands.
        state: KeyState,
        /// Scopes, as the provider spells them.
        scopes: Vec<String>,
        /// Whether tools that write are refused.
        read_only: bool,
        /// MCP permission preset.
        preset: Option<String>,
        /// MCP tools it may call; empty: all.
        tools: Vec<String>,
        /// Unix milliseconds.
        #[ts(type = "number | null")]
        created_at: Option<i64>,
        /// Unix milliseconds; `null`: never.
        #[ts(type = "number | null")]
        expires_at: Option<i64>,
        /// Unix milliseconds.
        #[ts(type = "number | null")]
        last_used_at: Option<i64>,
        /// Requests in the provider's current period.
        requests: Option<u32>,
        /// Whether its plaintext is in the keychain of this computer.
        stowed: bool,
        /// Connections that use it.
        used_by: Vec<UsedByView>,
    }
    /// A client that uses a key.
    struct UsedByView {
        /// Client id.
        client: String,
        /// Client name.
        name: String,
        /// Connection id.
        connection: String,
    }
    /// Names a key: its id, or its exact name where only one has it.
    struct KeyRequest {
        /// Id or name.
        key: String,
    }
    /// A key was put on the clipboard, natively and hidden from clipboard history.
    struct CopiedView {
        /// Name of the key.
        name: String,
        /// Seconds until it is taken off again, unless something else was copied by then.
        clears_after_s: u32,
    }
    /// A new name.
    struct KeyRenameRequest {
        /// Id or name of the key.
        key: String,
        /// 1 to 100 characters.
        name: String,
    }
    /// A new key.
    struct KeyCreateRequest {
        /// 1 to 100 characters.
        name: String,
        /// Scopes; empty: the provider's default.
        scopes: Vec<String>,
        /// Days until it expires; `null`: never.
        expires_in_days: Option<u32>,
        /// Refuse tools that write.
        read_only: bool,
        /// MCP permission preset.
        preset: Option<String>,
        /// MCP tools it may call; empty: all.
        tools: Vec<String>,
    }
}
