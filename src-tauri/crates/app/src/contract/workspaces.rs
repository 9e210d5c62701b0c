//! Providers, workspaces, sign-in and their servers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
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
}
