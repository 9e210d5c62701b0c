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
    /// A provider in the catalogue.
    struct ProviderView {
        /// Such as `local`.
        id: String,
        /// Such as `Local workspace`.
        name: String,
        /// One line about it.
        about: String,
        /// The provider's own page about its keys.
        documentation: Option<String>,
        /// How well its facts are known.
        checked: Checked,
        /// When they were checked: an ISO date.
        checked_on: String,
        /// What of them is not sure, a sentence each.
        unsure: Vec<String>,
        /// Ways to sign in, the default first; none: its keys are pasted.
        methods: Vec<Method>,
        /// What its remote API can do: `list`, `search`, `paginate`, `sort`, `create`, `rename`, `update_scopes`, `expire`, `pause`, `delete`,
        /// `usage`, `activity`, `workspaces`, `everybody`, `mcp_access`.
        capabilities: Vec<String>,
        /// Where its API is, where that is to be said: an example, and those to choose from.
        base: Option<BaseView>,
        /// Its keys.
        key: KeyStyleView,
        /// Headers beside the key that a workspace has values for.
        headers: Vec<HeaderView>,
        /// Scopes it knows.
        scopes: Vec<ScopeView>,
        /// Whether it has scopes beside those, to be typed.
        more_scopes: bool,
        /// MCP permission presets it knows.
        presets: Vec<ScopeView>,
        /// Where keys are made by hand.
        dashboard: Option<DashboardView>,
        /// Its MCP servers.
        servers: Vec<ProviderServerView>,
        /// The person's own file that says all this, by name.
        own_file: Option<String>,
    }
    /// A base URL that the person says.
    struct BaseView {
        /// One that shows its shape.
        example: String,
        /// Those the product runs itself; the first is the default.
        choices: Vec<ChoiceView>,
    }
    /// A base URL to choose.
    struct ChoiceView {
        /// Such as `Europe`.
        title: String,
        /// The URL.
        url: String,
    }
    /// How keys of a provider look.
    struct KeyStyleView {
        /// What they start with; may be empty.
        prefix: String,
        /// The longest name, in characters.
        name_max: u32,
        /// The most days until one expires; `null`: it may never.
        days_max: Option<u32>,
        /// Days until one expires where nothing is said; `null`: never.
        days_default: Option<u32>,
        /// What to know about how often one may be used.
        budget: Option<String>,
    }
    /// A header beside the key.
    struct HeaderView {
        /// In lower case.
        name: String,
        /// What to ask for.
        title: String,
        /// Where to find the value.
        about: String,
        /// Whether nothing works without it.
        required: bool,
        /// Its value in the workspace that is asked about; `null` in the catalogue, or where none was given.
        value: Option<String>,
    }
    /// A scope or preset.
    struct ScopeView {
        /// As the provider spells it.
        id: String,
        /// What it allows.
        about: String,
    }
    /// Where keys are made and revoked by hand.
    struct DashboardView {
        /// The page.
        url: String,
        /// How to make one, step by step.
        create: Vec<String>,
        /// How to revoke one.
        revoke: Vec<String>,
        /// What else is done only there, by capability.
        also: Vec<AlsoView>,
    }
    /// Steps for something that only the dashboard can do.
    struct AlsoView {
        /// Such as `pause`.
        what: String,
        /// Step by step.
        steps: Vec<String>,
    }
    /// An MCP server in the catalogue.
    struct ProviderServerView {
        /// Such as `adlyse/insights`.
        id: String,
        /// Such as `Insights`.
        name: String,
        /// One line about it.
        about: String,
        /// What it takes: `key`, `oauth`.
        auth: Vec<String>,
        /// Why not everybody should connect it.
        caution: Option<String>,
    }
    /// A server of the person's own, of which Keystow writes a provider file.
    struct CustomProviderRequest {
        /// For people.
        name: String,
        /// Its MCP endpoint.
        url: String,
        /// The header that carries the key; `null`: `authorization`.
        header: Option<String>,
        /// The word before it; `null`: `Bearer`; empty: none.
        scheme: Option<String>,
    }
    /// A person's own provider files.
    struct OwnProvidersView {
        /// Where they are looked for, with `~`.
        directory: String,
        /// Those that are not used, and why.
        broken: Vec<BrokenFileView>,
    }
    /// A file that is not used.
    struct BrokenFileView {
        /// Its name.
        file: String,
        /// Why.
        reason: String,
    }
    /// A workspace.
    struct WorkspaceView {
        /// Such as `local`.
        id: String,
        /// Such as `Local workspace`.
        name: String,
        /// Provider id.
        provider: String,
        /// Such as `owner@keystow.local`; empty where there is no account.
        login: String,
        /// The organization it stands for.
        organization: Option<OrganizationView>,
        /// Base URL.
        url: String,
        /// Whether it can be used: a session is stowed, or none is needed.
        signed_in: bool,
        /// Whether it is the one in use.
        current: bool,
        /// When the pasted token runs out; `null` where it does not, or is refreshed. Unix milliseconds.
        #[ts(type = "number | null")]
        expires_at: Option<i64>,
        /// Headers beside the key, with their values.
        headers: Vec<HeaderView>,
    }
    /// An organization of a workspace's account.
    struct OrganizationView {
        /// As the product names it.
        id: String,
        /// For people.
        name: String,
    }
    /// Names a workspace.
    struct WorkspaceRequest {
        /// Its id.
        workspace: String,
    }
    /// Adds a workspace of a provider that has no sign-in.
    struct WorkspaceAddRequest {
        /// Provider id.
        provider: String,
        /// Base URL, where it is to be said.
        url: Option<String>,
        /// Headers beside the key.
        headers: Vec<HeaderValueRequest>,
    }
    /// The value of a header beside the key.
    struct HeaderValueRequest {
        /// In lower case.
        name: String,
        /// Its value; empty: none.
        value: String,
    }
    /// Changes what the person says of a workspace.
    struct WorkspaceSetRequest {
        /// Its id.
        workspace: String,
        /// Another name for it.
        name: Option<String>,
        /// Headers beside the key; those not named stay.
        headers: Vec<HeaderValueRequest>,
    }
    /// Chooses an organization.
    struct OrganizationRequest {
        /// Workspace id.
        workspace: String,
        /// The organization's id.
        organization: String,
    }
    /// Asks to sign in.
    struct SignInRequest {
        /// Provider id.
        provider: String,
        /// `None`: the provider's default.
        method: Option<Method>,
        /// Base URL, where it is to be said.
        url: Option<String>,
        /// The login, for a password.
        login: Option<String>,
        /// Take the password or token from the clipboard, natively: it never comes by here.
        from_clipboard: bool,
    }
    /// Names a sign-in under way.
    struct AttemptRequest {
        /// Its id.
        attempt: String,
    }
    /// Answers the question for a one-time code.
    struct CodeRequest {
        /// The sign-in.
        attempt: String,
        /// Six digits, or a backup code.
        code: String,
    }
    /// How far a sign-in is.
    struct SignInView {
        /// Waiting, done, cancelled, or asking for a code.
        state: SignInState,
        /// To wait for or cancel it.
        attempt: Option<String>,
        /// What the browser was asked to open, where it waits: to copy when no browser opened.
        url: Option<String>,
        /// What to type on another screen, with a device code.
        device: Option<DeviceView>,
        /// Where it is done.
        workspace: Option<WorkspaceView>,
    }
    /// A device code.
    struct DeviceView {
        /// Such as `3HD5-EEMS`.
        code: String,
        /// Where to type it.
        url: String,
        /// When it is over, in Unix milliseconds.
        #[ts(type = "number")]
        expires_at: i64,
        /// The address with the code in it as a picture: rows of `#` and blanks.
        qr: Vec<String>,
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
        /// Its URL; empty where the workspace does not say enough to tell it.
        url: String,
        /// What it takes: `key`, `oauth`.
        auth: Vec<String>,
        /// Why not everybody should connect it.
        caution: Option<String>,
        /// Whether tokens for it are stowed.
        signed_in: bool,
    }
    /// Names an MCP server of the workspace in use.
    struct ServerRequest {
        /// Such as `atlas/data`.
        server: String,
    }
    /// Which keys to list.
    struct KeysListRequest {
        /// Part of a name or of the visible part of the key.
        search: Option<String>,
        /// First page is 1; `None`: 1.
        page: Option<u32>,
        /// 1 to 200; `None`: 50.
        limit: Option<u32>,
        /// Those of everybody, where the account is an administrator's and the provider can.
        everybody: bool,
        /// In which order, where the provider sorts or all keys are on one page; `null`: as the provider lists them.
        order: Option<KeyOrderView>,
    }
    /// An order of keys.
    struct KeyOrderView {
        /// By what.
        by: KeySortView,
        /// The other way round.
        descending: bool,
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
        /// Requests that the account has left, where the provider tells.
        budget: Option<BudgetView>,
        /// Why the list is what was known before, where the provider could not be asked.
        stale: Option<ProblemView>,
    }
    /// So many requests in so much time.
    struct BudgetView {
        /// Requests in all.
        limit: u32,
        /// Requests that are left.
        remaining: Option<u32>,
        /// The span, in seconds.
        window_s: Option<u32>,
        /// When it is full again, in Unix milliseconds.
        #[ts(type = "number | null")]
        resets_at: Option<i64>,
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
        /// Permissions that hold over MCP; empty: all it has.
        mcp_permissions: Vec<String>,
        /// Projects it is limited to.
        projects: Vec<String>,
        /// Instances it is limited to.
        instances: Vec<String>,
        /// Said by the provider when clients must connect anew.
        reconnect: Option<String>,
        /// Whose it is, in a list of everybody's.
        owner: Option<String>,
        /// How often it may be used.
        budget: Option<BudgetView>,
    }
    /// What a key was used for.
    struct UsageView {
        /// Unix milliseconds.
        #[ts(type = "number | null")]
        last_used_at: Option<i64>,
        /// Requests in the provider's current period.
        requests: Option<u32>,
        /// By endpoint or tool, the busiest first.
        endpoints: Vec<CountView>,
        /// By client, the busiest first.
        clients: Vec<ClientUseView>,
        /// By day, the latest last.
        days: Vec<DayUseView>,
    }
    /// What a key was used for on one day.
    struct DayUseView {
        /// Such as `2026-11-21`.
        day: String,
        /// Requests in all.
        count: u32,
        /// By client, the busiest first; none where it is not told.
        clients: Vec<CountView>,
    }
    /// What one client used a key for.
    struct ClientUseView {
        /// As it names itself.
        name: String,
        /// Requests in all.
        count: u32,
        /// When it last did, where told. Unix milliseconds.
        #[ts(type = "number | null")]
        last_used_at: Option<i64>,
    }
    /// So many of something.
    struct CountView {
        /// What is counted.
        name: String,
        /// How many.
        count: u32,
    }
    /// What to look at among the keys that are known.
    struct HygieneView {
        /// Expire within 14 days, the soonest first.
        expiring: Vec<HygieneKeyView>,
        /// Never expire.
        never_expire: Vec<HygieneKeyView>,
        /// Not used for 90 days, or never since they were made 90 days ago.
        idle: Vec<HygieneKeyView>,
        /// Stowed, and used by no client.
        unused: Vec<HygieneKeyView>,
        /// Made by us, and nobody holds their secret.
        orphans: Vec<HygieneKeyView>,
    }
    /// A key to look at.
    struct HygieneKeyView {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Workspace id.
        workspace: String,
        /// When it expires or was last used, where that is why. Unix milliseconds.
        #[ts(type = "number | null")]
        at: Option<i64>,
    }
    /// Stows a key that was made elsewhere, from the clipboard, natively.
    struct KeyPasteRequest {
        /// A name for it; `None`: what the provider calls it.
        name: Option<String>,
        /// The key of the list whose secret it is.
        key: Option<String>,
    }
    /// What to change about a key; `null` leaves it.
    struct KeyUpdateRequest {
        /// Id or name.
        key: String,
        /// Scopes.
        scopes: Option<Vec<String>>,
        /// Refuse tools that write.
        read_only: Option<bool>,
        /// MCP permission preset; empty: none.
        preset: Option<String>,
        /// MCP tools it may call; empty: all.
        tools: Option<Vec<String>>,
        /// Permissions that hold over MCP; empty: all it has.
        mcp_permissions: Option<Vec<String>>,
        /// Projects it is limited to; empty: none in particular.
        projects: Option<Vec<String>>,
        /// Instances it is limited to; empty: none in particular.
        instances: Option<Vec<String>>,
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
    /// Names a key in the list of everybody's, for an administrator.
    struct OthersKeyRequest {
        /// Id, or its exact name where only one has it.
        key: String,
        /// Its name, where `key` is an id: products search by names.
        name: Option<String>,
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
        /// Permissions that hold over MCP; empty: all it has.
        mcp_permissions: Vec<String>,
        /// Projects it is limited to; empty: none in particular.
        projects: Vec<String>,
        /// Instances it is limited to; empty: none in particular.
        instances: Vec<String>,
    }
}

wire! {
    /// What keys are put in order by.
    enum KeySortView {
        /// The name, in any case.
        Name,
        /// When they were made.
        Created,
        /// When they expire; one that never does comes last.
        Expires,
        /// When they were last used; one that never was comes first.
        LastUsed,
    }
}
