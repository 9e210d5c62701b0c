//! Every command of the product, once: one table, its requests and its views.
//!
//! The table is expanded into the window's IPC adapters, the typed TypeScript client and the list that tests walk; the CLI calls
//! the same handlers and prints the same views with `--json`. No view and no request has a place for plaintext.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The whole surface: `name(Request) -> View, invalidates [caches];`. Caches are the first word of the commands whose answers go
/// stale.
#[macro_export]
macro_rules! with_commands {
    ($expand:ident) => {
        $expand! {
            app_status(Empty) -> AppStatusView, invalidates [];
            app_unlock(Empty) -> AppStatusView, invalidates [app, workspaces, keys, servers, clients, connections];
            settings_get(Empty) -> SettingsView, invalidates [];
            settings_set(SettingsView) -> SettingsView, invalidates [settings];
            providers_list(Empty) -> Vec<ProviderView>, invalidates [];
            workspaces_list(Empty) -> Vec<WorkspaceView>, invalidates [];
            workspaces_use(WorkspaceRequest) -> WorkspaceView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            sessions_sign_in(SignInRequest) -> SignInView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            sessions_wait(AttemptRequest) -> SignInView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            sessions_cancel(AttemptRequest) -> Empty, invalidates [];
            sessions_sign_out(WorkspaceRequest) -> Empty, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            servers_list(Empty) -> Vec<ServerView>, invalidates [];
            keys_list(KeysListRequest) -> KeyPageView, invalidates [];
            keys_show(KeyRequest) -> KeyView, invalidates [];
            keys_create(KeyCreateRequest) -> KeyView, invalidates [app, keys, activity];
            keys_rename(KeyRenameRequest) -> KeyView, invalidates [keys, clients, connections, activity];
            keys_pause(KeyRequest) -> KeyView, invalidates [keys, connections, activity];
            keys_resume(KeyRequest) -> KeyView, invalidates [keys, connections, activity];
            keys_copy(KeyRequest) -> CopiedView, invalidates [];
            keys_delete(KeyRequest) -> Empty, invalidates [app, keys, clients, connections, activity];
            clients_list(Empty) -> Vec<ClientView>, invalidates [];
            clients_own(Empty) -> OwnClientsView, invalidates [];
            clients_links(LinkRequest) -> LinksView, invalidates [app, keys, clients, connections, activity];
            clients_copy_link(LinkPickRequest) -> CopiedView, invalidates [activity];
            clients_open_link(LinkPickRequest) -> Empty, invalidates [];
            clients_running(ClientRequest) -> RunningView, invalidates [];
            connections_plan(ConnectRequest) -> PlanView, invalidates [];
            connections_plan_removal(DisconnectRequest) -> PlanView, invalidates [];
            connections_apply(PlanRequest) -> AppliedView, invalidates [app, keys, clients, connections, changes, activity];
            connections_list(Empty) -> Vec<ConnectionView>, invalidates [];
            connections_drift(ConnectionRequest) -> DriftView, invalidates [];
            connections_plan_repair(RepairRequest) -> PlanView, invalidates [];
            connections_probe(ConnectionRequest) -> ProbeView, invalidates [keys, activity];
            changes_list(Empty) -> Vec<ChangeView>, invalidates [];
            changes_preview(ChangeRequest) -> UndoPreviewView, invalidates [];
            changes_undo(ChangeRequest) -> ChangeView, invalidates [app, keys, clients, connections, changes, activity];
            activity_list(ActivityRequest) -> Vec<ActivityView>, invalidates [];
            doctor_run(DoctorRequest) -> Vec<CheckView>, invalidates [app, clients, connections, activity];
        }
    };
}

/// A request or answer with nothing in it: `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Empty {}

macro_rules! wire {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }
    )* };
    ($($(#[$doc:meta])* enum $name:ident { $($(#[$vdoc:meta])* $variant:ident,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }
    )* };
}

wire! {
    /// How bright the window is.
    enum Theme {
        /// As the system is.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }
    /// What the keychain is up to.
    enum KeychainView {
        /// Ready.
        Unlocked,
        /// Locked: the person can unlock it.
        Locked,
        /// Not there; `problem` of the status says why.
        Absent,
    }
    /// A way to sign in.
    enum Method {
        /// In the person's browser.
        Browser,
        /// With a password; for the local workspace the stowed one, with no question asked.
        Password,
    }
    /// Whether a sign-in is through.
    enum SignInState {
        /// The browser is open; call `sessions_wait`.
        Waiting,
        /// Signed in.
        Done,
        /// The person cancelled.
        Cancelled,
    }
    /// Where a key stands.
    enum KeyState {
        /// Usable.
        Enabled,
        /// Refused until resumed.
        Paused,
        /// Past its expiry.
        Expired,
    }
    /// What became of an entry that we wrote.
    enum EntryState {
        /// As it would be written today.
        Fine,
        /// Changed by hand.
        Changed,
        /// Not in the file any more, while other servers are.
        Gone,
        /// As we wrote it, but Keystow (or the server) is somewhere else today.
        Stale,
        /// The file cannot be read or parsed; `problem` says where.
        Unreadable,
        /// The file is gone, or has no servers at all any more: the client wiped it.
        Wiped,
    }
    /// What to do about an entry that drifted.
    enum RepairAction {
        /// Write our entry, as of today, where it stood.
        Restore,
        /// Take what stands in the file for ours from now on.
        Adopt,
        /// Forget the connection and leave the file alone; the key is kept.
        Forget,
    }
    /// How a client reaches a server.
    enum ModeView {
        /// It starts `keystow bridge`, which relays.
        Bridge,
        /// It speaks HTTP itself and asks `keystow headers` for the headers.
        Helper,
        /// It starts `keystow exec`, which runs a server that takes its key in an environment variable.
        Exec,
        /// Nothing was written; the person handed it to the client.
        Link,
    }
    /// What a link is, and so what to do with it.
    enum LinkKindView {
        /// Opened, it brings up the client, which asks and then writes its own settings.
        DeepLink,
        /// A command line, for a terminal.
        Command,
        /// A command line that hands the entry over on standard input, where no process list shows it.
        StdinCommand,
        /// A server's address, for a field in the client.
        Url,
        /// A page to do it on by hand.
        Page,
    }
    /// What a plan does to a file.
    enum FileAction {
        /// The file is made.
        Create,
        /// The file is changed.
        Change,
        /// The file is deleted again: we made it, and nothing else is in it.
        Delete,
        /// Nothing to do.
        Keep,
    }
    /// How much a warning matters.
    enum Severity {
        /// Good to know.
        Note,
        /// A reason to stop and think.
        Caution,
    }
    /// One line of a unified diff.
    enum LineKind {
        /// Unchanged, for orientation.
        Context,
        /// Comes in.
        Added,
        /// Goes out.
        Removed,
        /// `@@ … @@` between distant places.
        Gap,
    }
    /// How a check of the doctor came out.
    enum CheckState {
        /// Fine.
        Ok,
        /// Works, but look at it.
        Warning,
        /// Does not work.
        Failed,
        /// Was broken and is repaired.
        Fixed,
    }
    /// How well the facts about a client are known.
    enum Checked {
        /// The real program was run.
        Run,
        /// Read in its source.
        Source,
        /// The vendor's documentation.
        Documentation,
        /// Second hand; verify before relying on it.
        Unverified,
    }
    /// When a client takes up a changed settings file.
    enum Reload {
        /// By itself.
        Live,
        /// After a reload of its window or server list.
        Window,
        /// After it was quit and started again.
        Restart,
    }
}

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
    /// An AI client.
    struct ClientView {
        /// Such as `vscode`.
        id: String,
        /// Such as `VS Code`.
        name: String,
        /// Whether it was found on this computer.
        found: bool,
        /// What was found, or what would be looked for.
        detected_by: String,
        /// Whether a file in Keystow's configuration tells of it, not Keystow itself.
        own: bool,
        /// Where its facts come from.
        source: String,
        /// How well its facts are known.
        checked: Checked,
        /// Since when; empty where its file does not say.
        checked_on: String,
        /// The version that was looked at.
        checked_version: Option<String>,
        /// When it takes up a change.
        reload: Reload,
        /// What to know about it; `null`: nothing out of the ordinary.
        note: Option<String>,
        /// Whether it can be connected by links, commands or a URL; see `clients_links`.
        links: bool,
        /// Its settings files, the default first; none where links are the only way.
        targets: Vec<TargetView>,
        /// Connections we wrote into it.
        connections: Vec<ConnectionView>,
    }
    /// Names a client.
    struct ClientRequest {
        /// Its id.
        client: String,
    }
    /// Whether a client runs.
    struct RunningView {
        /// Client id.
        client: String,
        /// Client name.
        name: String,
        /// Whether one of its programs runs on this computer, for this person.
        running: bool,
        /// Whether that can be told on this system at all.
        known: bool,
    }
    /// A settings file of a client.
    struct TargetView {
        /// Its address, such as `user`, `project` or `profile=work`.
        id: String,
        /// For people, where the address does not say it all, such as `VS Code Insiders`.
        title: Option<String>,
        /// With `~`; `<project>/…` where a project tells it.
        path: String,
        /// Whether it needs a project's directory: `project=DIR`.
        needs_project: bool,
        /// How the client can reach a server through it, the default first.
        modes: Vec<ModeView>,
        /// Such as `jsonc`.
        syntax: String,
        /// Whether the file is there.
        exists: bool,
        /// How well the facts about this file are known.
        checked: Checked,
        /// Since when; empty where its file does not say.
        checked_on: String,
        /// The version that was looked at.
        checked_version: Option<String>,
        /// Mode `helper` works from this version of the client on; `null`: in every version, or not at all.
        helper_since: Option<String>,
    }
    /// A person's own client files.
    struct OwnClientsView {
        /// Where they are looked for, with `~`.
        directory: String,
        /// Those that are there, by name.
        files: Vec<OwnClientView>,
    }
    /// A client file of a person's own.
    struct OwnClientView {
        /// Its name, such as `my-editor.toml`.
        file: String,
        /// The client it tells of; `null` where it cannot be used.
        client: Option<String>,
        /// Why it cannot be used. All others go on working.
        problem: Option<ProblemView>,
    }
    /// What to connect.
    struct ConnectRequest {
        /// Client ids; at least one.
        clients: Vec<String>,
        /// Server id; `null`: the workspace's first.
        server: Option<String>,
        /// Id or name of a stowed key; `null`: a new key for each client.
        key: Option<String>,
        /// Replace an entry of the same name that is not ours.
        replace: bool,
        /// Address of the settings file, such as `project=/home/ada/work`; `null`: each client's first.
        target: Option<String>,
        /// How the client reaches the server; `null`: by a bridge.
        mode: Option<ModeView>,
        /// Name of the entry; `null`: the server's.
        name: Option<String>,
        /// What is run, in mode `exec`.
        exec: Option<ExecRequest>,
    }
    /// A stdio server that takes its key in an environment variable.
    struct ExecRequest {
        /// The variable.
        variable: String,
        /// The program and its arguments.
        command: Vec<String>,
    }
    /// A client and a server to bring together by hand.
    struct LinkRequest {
        /// Client id.
        client: String,
        /// Server id; `null`: the workspace's first.
        server: Option<String>,
        /// Id or name of a stowed key; `null`: one of its own.
        key: Option<String>,
        /// Also those with the key in them. They are never shown, only copied.
        expose_key: bool,
    }
    /// One of the links of a client.
    struct LinkPickRequest {
        /// What the links were asked with.
        links: LinkRequest,
        /// Which one, from 1.
        number: u32,
    }
    /// Ways to hand a server to a client without writing its settings.
    struct LinksView {
        /// The connection they stand for; `null` where none of them starts Keystow.
        connection: Option<String>,
        /// The best first, those with the key in them last.
        links: Vec<LinkView>,
        /// What to know before using them.
        warnings: Vec<WarningView>,
    }
    /// A link, a command or an address.
    struct LinkView {
        /// What it is.
        kind: LinkKindView,
        /// For people, such as `Add to Cursor`.
        title: String,
        /// The link itself; `null` where it has the key in it.
        text: Option<String>,
        /// Whether it has the key in it.
        exposes_key: bool,
        /// Whether it can be opened from here.
        opens: bool,
    }
    /// What to disconnect.
    struct DisconnectRequest {
        /// Client ids; at least one.
        clients: Vec<String>,
    }
    /// Names a plan.
    struct PlanRequest {
        /// Its id.
        plan: String,
    }
    /// What would happen, before it does.
    struct PlanView {
        /// To apply it.
        id: String,
        /// The files, in the order of the clients.
        files: Vec<FilePlanView>,
        /// Keys that would be made, by name.
        creates_keys: Vec<String>,
        /// How many files would be written or deleted.
        writes: u32,
    }
    /// What would happen to one file.
    struct FilePlanView {
        /// Client id.
        client: String,
        /// Client name.
        client_name: String,
        /// With `~`.
        path: String,
        /// Created, changed, deleted or kept.
        action: FileAction,
        /// What to know before writing; most important first.
        warnings: Vec<WarningView>,
        /// Unified diff with three lines of context, redacted.
        diff: Vec<DiffLineView>,
        /// Why this file cannot be written; nothing is applied while any file has one.
        problem: Option<ProblemView>,
    }
    /// Something to know before writing.
    struct WarningView {
        /// Such as `plan.client_running`.
        code: String,
        /// How much it matters.
        severity: Severity,
        /// One sentence, state before advice.
        text: String,
    }
    /// One line of a diff.
    struct DiffLineView {
        /// What it is.
        kind: LineKind,
        /// Line number before, where it has one.
        before: Option<u32>,
        /// Line number after, where it has one.
        after: Option<u32>,
        /// The line without its end; secret-like values read `‹redacted›`.
        text: String,
    }
    /// What was done.
    struct AppliedView {
        /// The change in history; `null` when nothing had to be written.
        change: Option<String>,
        /// Connections written now.
        connected: Vec<ConnectionView>,
        /// Ids of connections that are gone now.
        disconnected: Vec<String>,
    }
    /// A connection.
    struct ConnectionView {
        /// What the settings file holds.
        id: String,
        /// Client id.
        client: String,
        /// Client name.
        client_name: String,
        /// Server id.
        server: String,
        /// The entry's name in the file.
        name: String,
        /// Settings file, with `~`; empty for a link.
        path: String,
        /// Address of the settings file, such as `user`.
        target: String,
        /// How the client reaches the server.
        mode: ModeView,
        /// Key id.
        key: String,
        /// Key name, or `a revoked key`.
        key_name: String,
        /// Workspace id.
        workspace: String,
        /// What became of the entry.
        entry: EntryState,
        /// What is wrong with it and what can be done; `null` where it is fine.
        problem: Option<ProblemView>,
        /// Unix milliseconds.
        #[ts(type = "number")]
        created_at: i64,
    }
    /// Names a connection.
    struct ConnectionRequest {
        /// Its id.
        connection: String,
    }
    /// An entry three ways: as we wrote it, as it stands, as we would write it today. Secrets in it read `‹redacted›`.
    struct DriftView {
        /// The connection, with the state of its entry.
        connection: ConnectionView,
        /// What the ledger has: the entry as it was written or adopted.
        base: String,
        /// What stands in the file; `null`: nothing, or the file cannot be read.
        theirs: Option<String>,
        /// What would be written today; `null`: nothing, because the client is not known any more.
        ours: Option<String>,
        /// From `base` to `theirs`: what was done by hand; empty where nothing was.
        by_hand: Vec<DiffLineView>,
        /// From `base` to `ours`: what became out of date; empty where nothing did.
        out_of_date: Vec<DiffLineView>,
        /// Why the entry in the file cannot be adopted; `null`: it can.
        adopt_problem: Option<ProblemView>,
    }
    /// What to do about entries that drifted.
    struct RepairRequest {
        /// Connection ids; empty: all that drifted and that this can be done for.
        connections: Vec<String>,
        /// What to do.
        action: RepairAction,
    }
    /// What a live probe of a connection found: the very command that was written was run.
    struct ProbeView {
        /// Connection id.
        connection: String,
        /// Tool names; empty where it failed.
        tools: Vec<String>,
        /// Milliseconds from start to answer.
        took_ms: u32,
        /// Why it failed.
        problem: Option<ProblemView>,
    }
    /// A change in history.
    struct ChangeView {
        /// Its id.
        id: String,
        /// Such as `Connected Cursor, VS Code`.
        title: String,
        /// Unix milliseconds.
        #[ts(type = "number")]
        at: i64,
        /// The files it touched, with `~`.
        files: Vec<String>,
        /// Whether it was undone.
        undone: bool,
        /// Whether it can be undone, as far as the store knows.
        can_undo: bool,
    }
    /// What undoing a change would do.
    struct UndoPreviewView {
        /// The change.
        change: ChangeView,
        /// What would happen to its files. While one has a problem, nothing is undone; its diff then shows what would be lost.
        files: Vec<FilePlanView>,
    }
    /// Names a change; `null`: the latest that was not undone.
    struct ChangeRequest {
        /// Its id.
        change: Option<String>,
    }
    /// Which part of the trail.
    struct ActivityRequest {
        /// Only entries before this one's number.
        before: Option<u32>,
        /// 1 to 200; `null`: 50.
        limit: Option<u32>,
    }
    /// One line of the trail. Names only.
    struct ActivityView {
        /// Grows by one.
        seq: u32,
        /// Unix milliseconds.
        #[ts(type = "number")]
        at: i64,
        /// Such as `key.created`.
        kind: String,
        /// One sentence.
        text: String,
    }
    /// Asks the doctor.
    struct DoctorRequest {
        /// Repair what can be repaired.
        fix: bool,
    }
    /// One check of the doctor.
    struct CheckView {
        /// Such as `keychain`.
        id: String,
        /// One short line.
        title: String,
        /// How it came out.
        state: CheckState,
        /// What was found.
        detail: String,
        /// What to do.
        hint: Option<String>,
    }
}
