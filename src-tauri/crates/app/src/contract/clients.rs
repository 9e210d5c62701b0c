//! AI clients, and what can be asked of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
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
        /// Workspace id; `null`: the one in use.
        workspace: Option<String>,
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
}
