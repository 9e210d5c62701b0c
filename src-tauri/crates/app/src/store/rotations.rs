use keystow_core::key::{ApiKey, UnixMs};
use keystow_core::rotation::{Grace, Stage};
use keystow_core::{ConnectionId, KeyId, RotationId, WorkspaceId};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, json, to_json};
use crate::contract::ProblemView;

/// A rotation as the store has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rotation {
    pub id: RotationId,
    pub workspace: WorkspaceId,
    /// The key that makes way, as its provider told it when the rotation began.
    pub old: ApiKey,
    /// The key that takes its place, once it is stowed.
    pub new: Option<KeyId>,
    pub stage: Stage,
    pub grace: Grace,
    /// It leaked: the old key is revoked before anything else.
    pub emergency: bool,
    /// The old key is known to be dead.
    pub revoked: bool,
    /// Keys of the same name that were here before: none of them is the new one.
    pub namesakes: Vec<KeyId>,
    /// The new key was asked for more than once.
    pub in_doubt: bool,
    /// Programs that run have been told that connections moved.
    pub announced: bool,
    /// The person does not want to wait for clients any more.
    pub hurried: bool,
    /// Why it goes back, where the new key was no good.
    pub failed: Option<String>,
    /// Connections that were moved to the new key.
    pub connections: Vec<ConnectionId>,
    pub begun_at: UnixMs,
    /// When the new key was asked for first; its answer may have been lost.
    pub sent_at: Option<UnixMs>,
    pub switched_at: Option<UnixMs>,
    pub ended_at: Option<UnixMs>,
    /// When a step was last tried in vain, and why.
    pub tried_at: Option<UnixMs>,
    pub trouble: Option<ProblemView>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Rotation> {
    json(0, &row.get::<_, String>(0)?)
}

fn put(tx: &Transaction<'_>, rotation: &Rotation) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE rotations SET stage = ?2, ended_at = ?3, body = ?4 WHERE id = ?1",
        params![
            rotation.id.as_str(),
            rotation.stage.as_str(),
            rotation.ended_at,
            to_json(rotation)
        ],
    )
    .map(|_| ())
}

/// Lets a connection that is back from before rotations use the key that took the place of its own.
pub(super) fn follow(tx: &Transaction<'_>, connection: &ConnectionId) -> rusqlite::Result<()> {
    // Each takes the place of another once; more steps than these could only be a damaged store.
    tx.execute(
        "WITH RECURSIVE heirs (workspace, key, steps) AS (
             SELECT workspace, key, 0 FROM connections WHERE id = ?1
             UNION
             SELECT r.workspace, json_extract(r.body, '$.new'), steps + 1
             FROM rotations r JOIN heirs h ON r.workspace = h.workspace AND r.old_key = h.key
             WHERE r.stage IN ('switched', 'observed', 'retired') AND steps < 1000
         )
         UPDATE connections SET key = (SELECT key FROM heirs ORDER BY steps DESC LIMIT 1) WHERE id = ?1",
        [connection.as_str()],
    )
    .map(|_| ())
}

impl Store {
    /// Keeps a new rotation. `false`: that key is in one already.
    pub fn begin_rotation(&self, rotation: &Rotation) -> Result<bool, StoreError> {
        self.with(|db| {
            db.execute(
                "INSERT OR IGNORE INTO rotations (id, workspace, old_key, stage, begun_at, ended_at, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    rotation.id.as_str(),
                    rotation.workspace.as_str(),
                    rotation.old.id.as_str(),
                    rotation.stage.as_str(),
                    rotation.begun_at,
                    rotation.ended_at,
                    to_json(rotation)
                ],
            )
            .map(|added| added == 1)
        })
    }

    /// Keeps how far a rotation is.
    pub fn put_rotation(&self, rotation: &Rotation) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            put(&tx, rotation)?;
            tx.commit()
        })
    }

    /// One rotation.
    pub fn rotation(&self, id: &RotationId) -> Result<Option<Rotation>, StoreError> {
        self.with(|db| {
            db.query_row(
                "SELECT body FROM rotations WHERE id = ?1",
                [id.as_str()],
                read,
            )
            .optional()
        })
    }

    /// Rotations, those under way first, then the latest.
    pub fn rotations(&self, limit: u32) -> Result<Vec<Rotation>, StoreError> {
        self.with(|db| {
            db.prepare_cached(
                "SELECT body FROM rotations ORDER BY ended_at IS NOT NULL, begun_at DESC, id LIMIT ?1",
            )?
            .query_map([limit], read)?
            .collect()
        })
    }

    /// Rotations that are not over, the oldest first.
    pub fn rotations_under_way(&self) -> Result<Vec<Rotation>, StoreError> {
        self.with(|db| {
            db.prepare_cached(
                "SELECT body FROM rotations WHERE ended_at IS NULL ORDER BY begun_at, id",
            )?
            .query_map([], read)?
            .collect()
        })
    }

    /// In one transaction: every connection of one key uses another from now on, and the rotation says so. Gives how many moved.
    pub fn move_in_rotation(
        &self,
        rotation: &mut Rotation,
        from: &KeyId,
        to: &KeyId,
    ) -> Result<usize, StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            rotation.announced = false;
            let ids: Vec<ConnectionId> = tx
                .prepare_cached("UPDATE connections SET key = ?3 WHERE workspace = ?1 AND key = ?2 RETURNING id")?
                .query_map(
                    [rotation.workspace.as_str(), from.as_str(), to.as_str()],
                    |row| row.get(0).map(|id: String| ConnectionId::new(id)),
                )?
                .collect::<rusqlite::Result<_>>()?;
            let moved = ids.len();
            for id in ids {
                if !rotation.connections.contains(&id) {
                    rotation.connections.push(id);
                }
            }
            put(&tx, rotation)?;
            tx.commit()?;
            Ok(moved)
        })
    }
}
