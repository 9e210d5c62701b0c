//! Where Keystow keeps things, and taking all of it away again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
    /// A place on the disk where Keystow keeps something.
    struct PlaceView {
        /// `program`, `workspace`, `logs`, `providers`, `window`, `autostart`, `running` or `store`.
        id: String,
        /// With `~`.
        path: String,
        /// Bytes in it.
        #[ts(type = "number")]
        bytes: u64,
        /// Whether there is anything.
        exists: bool,
    }
    /// Names a place.
    struct PlaceRequest {
        /// Its id.
        place: String,
    }
    /// All that removing would take away. Nothing is touched yet.
    struct RemovalView {
        /// Entries that go out of clients' settings files; all else in these stays as it is.
        files: Vec<FilePlanView>,
        /// Clients that took a link: what they keep of it cannot be taken back from here.
        links: Vec<String>,
        /// What goes out of the keychain: `keys`, `sessions`, `servers`, `others`.
        secrets: Vec<CountView>,
        /// Places on the disk that go.
        places: Vec<PlaceView>,
        /// Files in our directories that Keystow did not write, with `~`; they stay.
        kept: Vec<String>,
        /// Keys whose secret is here and that could be revoked at their workspaces. They are not, unless asked for.
        revocable: Vec<LeftKeyView>,
        /// Keys whose secret is here and that only their product's dashboard can revoke.
        elsewhere: Vec<LeftKeyView>,
        /// How many keys end with the local workspace.
        local_keys: u32,
        /// Clients that have a bridge of ours running.
        running: Vec<String>,
        /// Rotations that are not over.
        rotations: u32,
        /// Why nothing can be removed now, such as a locked keychain.
        problem: Option<ProblemView>,
    }
    /// A key that stays valid when its secret goes.
    struct LeftKeyView {
        /// Its name.
        name: String,
        /// As much of it as may be shown.
        masked: String,
        /// Name of its workspace.
        workspace: String,
    }
    /// What is to be removed.
    struct RemovalRequest {
        /// Also revoke the keys that can be.
        revoke_keys: bool,
        /// Go on although a settings file cannot be written: its entry stays behind and starts nothing any more.
        leave_files: bool,
    }
    /// What came of it.
    struct RemovedView {
        /// Whether everything is gone. If not, the same can be asked for again: it goes on where it stopped.
        complete: bool,
        /// Step by step, in order.
        steps: Vec<RemovalStepView>,
        /// Files that stay because Keystow did not write them, with `~`.
        kept: Vec<String>,
    }
    /// One step.
    struct RemovalStepView {
        /// `entry`, `key`, `session`, `keychain`, `local`, or the id of a place.
        id: String,
        /// What it was about.
        title: String,
        /// How it came out.
        state: RemovalState,
        /// Why it failed.
        problem: Option<ProblemView>,
    }
}

wire! {
    /// How a step of removing came out.
    enum RemovalState {
        /// It is gone.
        Done,
        /// It is still there.
        Failed,
        /// It was not tried, because something before it failed.
        NotTried,
    }
}
