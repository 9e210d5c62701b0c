//! Keys.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
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
        /// From when on it may be revoked, where a rotation gave its clients another key; they may still hold it longer. Unix
        /// milliseconds.
        #[ts(type = "number | null")]
        retires_at: Option<i64>,
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
