//! Plans, connections, changes and checks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
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
