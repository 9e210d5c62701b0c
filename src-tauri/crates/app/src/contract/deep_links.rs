//! Links that begin with `keystow://`, as they are shown before anything is done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
    /// A link, as the person or the system handed it over.
    struct DeepLinkRequest {
        /// All of it.
        link: String,
    }
    /// The link that waits to be looked at; all `null`: none does.
    struct WaitingLinkView {
        /// What it would do.
        link: Option<DeepLinkView>,
        /// Why it is refused.
        refused: Option<ProblemView>,
    }
    /// All that a link would do. Nothing of it is done yet, and nothing is without the person's consent.
    struct DeepLinkView {
        /// It connects clients.
        connect: Option<ConnectLinkView>,
        /// It adds a provider.
        provider: Option<ProviderLinkView>,
        /// What to know before following it; most important first.
        warnings: Vec<WarningView>,
        /// Why it cannot be followed here; `null`: it can.
        problem: Option<ProblemView>,
    }
    /// Where a link leads.
    struct HostView {
        /// In full, with its port where that is not the usual one; letters beyond a-z as `xn--…`.
        host: String,
        /// The whole address.
        url: String,
        /// Whether it is this computer.
        local: bool,
    }
    /// A link that connects clients to a server.
    struct ConnectLinkView {
        /// Workspace id; `null` where there is none that fits.
        workspace: Option<String>,
        /// Its name, or what the link calls it; empty where it names none.
        workspace_name: String,
        /// Whether another workspace is in use at the moment.
        other_workspace: bool,
        /// Server id; empty where the link names none and none is known.
        server: String,
        /// Its name; empty where it is not known here.
        server_name: String,
        /// Where the server is; `null` where it is not known here.
        host: Option<HostView>,
        /// The clients that the link names; none: the person chooses.
        clients: Vec<LinkClientView>,
        /// Name of the entry; `null`: the server's.
        name: Option<String>,
    }
    /// A client that a link names.
    struct LinkClientView {
        /// Client id.
        id: String,
        /// Client name, or the id where it is not known.
        name: String,
        /// Whether it was found on this computer.
        found: bool,
    }
    /// A link that adds an MCP endpoint as a provider of the person's own.
    struct ProviderLinkView {
        /// For people.
        name: String,
        /// Where keys that are pasted for it would go.
        host: HostView,
        /// The header that carries the key.
        header: String,
        /// The word before it; empty: none.
        scheme: String,
        /// The file that would be written, with `~`.
        path: String,
        /// All that would stand in it.
        text: String,
    }
}
