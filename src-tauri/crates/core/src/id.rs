use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an id as it came; whoever looks it up decides whether it exists.
            pub fn new(id: impl Into<String>) -> Self { Self(id.into()) }
            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )* };
}

ids! {
    /// A provider in the catalogue, such as `ocore` or `local`.
    ProviderId;
    /// An account at a provider, such as `local` or `ocore-acme`. Made by Keystow, `[a-z0-9-]{1,40}`.
    WorkspaceId;
    /// An API key as its provider names it. Opaque; unique within a workspace only.
    KeyId;
    /// An MCP server in the provider's catalogue entry, such as `local/tools`: provider id, slash, server name.
    ServerId;
    /// An AI client in the client table, such as `vscode`.
    ClientId;
    /// A connection: made by Keystow, `c-` and eight characters of `[a-z0-9]`. It is what settings files hold.
    ConnectionId;
    /// One change to one or more settings files, as history lists it.
    ChangeId;
    /// A plan between its preview and its being applied; lives in memory only.
    PlanId;
    /// A rotation: made by Keystow, `r-` and eight characters of `[a-z0-9]`.
    RotationId;
    /// A sign-in that waits for the person.
    AttemptId;
}
