//! Rotations.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::*;

wire! {
    /// Asks for a key to be rotated; one that is in a rotation already goes on with that.
    struct RotateRequest {
        /// Id or name.
        key: String,
        /// How long the old key stays good.
        grace: GraceView,
    }
    /// Asks for every key of the workspace in use to be rotated whose secret is on this computer.
    struct RotateAllRequest {
        /// How long the old keys stay good.
        grace: GraceView,
    }
    /// What rotating every key of the workspace in use would do. Nothing is done yet.
    struct RotateAllPlanView {
        /// Keys that would be rotated, by name.
        keys: Vec<KeyView>,
        /// Keys that would stay as they are, by name.
        left: Vec<LeftOutView>,
        /// Keys of the workspace that this computer has nothing of: they stay as they are, too.
        elsewhere: u32,
        /// Only a dashboard makes keys: each new one is to be made and pasted by hand.
        by_hand: bool,
        /// Why none of them can be rotated.
        problem: Option<ProblemView>,
    }
    /// A key that would stay as it is.
    struct LeftOutView {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Why.
        reason: LeftOut,
    }
    /// Names a rotation.
    struct RotationRequest {
        /// Such as `r-x7k2m9qa`.
        rotation: String,
    }
    /// A rotation.
    struct RotationView {
        /// Such as `r-x7k2m9qa`.
        id: String,
        /// The name of both keys.
        name: String,
        /// Workspace id.
        workspace: String,
        /// Its name.
        workspace_name: String,
        /// The key that makes way.
        old_key: String,
        /// What may be shown of it.
        old_masked: String,
        /// The key that takes its place, once it is there.
        new_key: Option<String>,
        /// What may be shown of it.
        new_masked: Option<String>,
        /// How far it is.
        stage: RotationStage,
        /// How long the old key stays good.
        grace: GraceView,
        /// It leaked: the old key was revoked first.
        emergency: bool,
        /// Whether the old key is known to be dead.
        revoked: bool,
        /// When it began, in Unix milliseconds.
        #[ts(type = "number")]
        begun_at: i64,
        /// When the connections began to use the new key.
        #[ts(type = "number | null")]
        switched_at: Option<i64>,
        /// When the old key may go.
        #[ts(type = "number | null")]
        retires_at: Option<i64>,
        /// When it was over.
        #[ts(type = "number | null")]
        ended_at: Option<i64>,
        /// Whether it can still be called off.
        cancelable: bool,
        /// The clients of the key, one for each connection.
        clients: Vec<RotationClientView>,
        /// What it waits for, besides the time when the old key may go, in a sentence.
        waits_for: Option<String>,
        /// What the person has to do at the provider's dashboard now, step by step.
        steps: Vec<String>,
        /// The page to do it on.
        dashboard: Option<String>,
        /// A key that the person made is to be pasted now.
        wants_key: bool,
        /// Why the last step failed.
        problem: Option<ProblemView>,
        /// Why it went back.
        failed: Option<String>,
    }
    /// A client in a rotation.
    struct RotationClientView {
        /// Connection id.
        connection: String,
        /// Client id.
        client: String,
        /// Client name.
        name: String,
        /// How it reaches the server.
        mode: ModeView,
        /// How far it is.
        state: RotationClientState,
        /// Programs of it that run.
        live: u32,
        /// When the server last took a call with the key that it is to use. Unix milliseconds.
        #[ts(type = "number | null")]
        accepted_at: Option<i64>,
    }
}

wire! {
    /// How far a rotation is.
    enum RotationStage {
        /// The new key is not there yet.
        Planned,
        /// The new key is stowed; nobody uses it.
        Created,
        /// Connections point to the new key; clients that run go over with their next call.
        Switched,
        /// Every client that runs uses the new key; the old one is good for the rest of its grace.
        Observed,
        /// The old key is revoked.
        Retired,
        /// Connections point to the old key again; the new one is still to be revoked.
        GoingBack,
        /// Called off.
        Cancelled,
        /// The new key was no good, and is gone.
        Failed,
    }
    /// How long an old key stays good.
    enum GraceView {
        /// Until every client is seen with the new one.
        Now,
        /// One hour.
        Hour,
        /// 24 hours.
        Day,
        /// 7 days.
        Week,
    }
    /// Why a key is not rotated with the others.
    enum LeftOut {
        /// Its secret is not on this computer.
        NotHere,
        /// It is paused.
        Paused,
        /// It is over.
        Expired,
        /// It is being rotated already.
        UnderWay,
    }
    /// How far a client is.
    enum RotationClientState {
        /// It does not run.
        NotRunning,
        /// It asks for its headers anew whenever it connects.
        AsksAnew,
        /// Its last call was with the right key.
        OnIt,
        /// It still works on what it sent with the other key.
        Finishing,
        /// It goes over with its next call.
        Waiting,
        /// It was started with the other key and keeps it until it ends.
        Holds,
    }
}
