use std::collections::HashMap;

use keystow_core::key::{ApiKey, UnixMs};
use keystow_core::{KeyId, WorkspaceId};
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError, json, to_json};

/// What we know of a key beside what its provider tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredKey {
    pub workspace: WorkspaceId,
    pub id: KeyId,
    pub name: String,
    pub masked: String,
    /// Its secret was stowed here.
    pub stowed: bool,
    /// It was made by us and nobody holds its secret: to be revoked.
    pub orphan: bool,
    /// All that its provider told last.
    pub facts: Option<ApiKey>,
}

const COLUMNS: &str = "workspace, id, name, masked, stowed, orphan, facts";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    Ok(StoredKey {
        workspace: WorkspaceId::new(row.get::<_, String>(0)?),
        id: KeyId::new(row.get::<_, String>(1)?),
        name: row.get(2)?,
        masked: row.get(3)?,
        stowed: row.get(4)?,
        orphan: row.get(5)?,
        facts: row
            .get::<_, Option<String>>(6)?
            .map(|text| json(6, &text))
            .transpose()?,
    })
}

impl Store {
    /// Keeps a key that was just made or added, with what became of its secret.
    pub fn put_key(
        &self,
        workspace: &WorkspaceId,
        key: &ApiKey,
        stowed: bool,
        orphan: bool,
    ) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "INSERT INTO api_keys (workspace, id, name, masked, stowed, orphan, created_at, facts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (workspace, id) DO UPDATE SET name = ?3, masked = ?4, stowed = ?5, orphan = ?6, created_at = ?7, facts = ?8",
                params![
                    workspace.as_str(), key.id.as_str(), key.name, key.masked, stowed, orphan, key.created_at, to_json(key)
                ],
            )
            .map(|_| ())
        })?;
        self.keys_seen.ring();
        Ok(())
    }

    /// Takes over what a provider tells of keys we know.
    pub fn refresh_keys(&self, workspace: &WorkspaceId, keys: &[ApiKey]) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            {
                let mut update = tx.prepare_cached(
                    "UPDATE api_keys SET name = ?3, masked = ?4, facts = ?5
                     WHERE workspace = ?1 AND id = ?2 AND (name <> ?3 OR masked <> ?4 OR facts IS NOT ?5)",
                )?;
                for key in keys {
                    let (id, facts) = (key.id.as_str(), to_json(key));
                    update.execute(params![workspace.as_str(), id, key.name, key.masked, facts])?;
                }
            }
            tx.commit()
        })?;
        self.keys_seen.ring();
        Ok(())
    }

    /// Forgets a key that is gone.
    pub fn forget_key(&self, workspace: &WorkspaceId, key: &KeyId) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "DELETE FROM api_keys WHERE workspace = ?1 AND id = ?2",
                [workspace.as_str(), key.as_str()],
            )
            .map(|_| ())
        })
    }

    /// One key that we know of.
    pub fn key(
        &self,
        workspace: &WorkspaceId,
        key: &KeyId,
    ) -> Result<Option<StoredKey>, StoreError> {
        self.with(|db| {
            db.query_row(
                &format!("SELECT {COLUMNS} FROM api_keys WHERE workspace = ?1 AND id = ?2"),
                [workspace.as_str(), key.as_str()],
                read,
            )
            .optional()
        })
    }

    /// All keys of a workspace that we know of, by id.
    pub fn keys(&self, workspace: &WorkspaceId) -> Result<HashMap<KeyId, StoredKey>, StoreError> {
        self.with(|db| {
            db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM api_keys WHERE workspace = ?1"
            ))?
            .query_map([workspace.as_str()], read)?
            .map(|key| key.map(|key| (key.id.clone(), key)))
            .collect()
        })
    }

    /// Notes that a create was sent and its answer is lost.
    pub fn lost_create(
        &self,
        workspace: &WorkspaceId,
        name: &str,
        at: UnixMs,
    ) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "INSERT INTO lost_creates (workspace, name, at) VALUES (?1, ?2, ?3) ON CONFLICT (workspace, name) DO UPDATE SET at = ?3",
                params![workspace.as_str(), name, at],
            )
            .map(|_| ())
        })
    }

    /// Names of creates whose outcome is not known yet, and when they were sent.
    pub fn lost_creates(
        &self,
        workspace: &WorkspaceId,
    ) -> Result<Vec<(String, UnixMs)>, StoreError> {
        self.with(|db| {
            db.prepare_cached("SELECT name, at FROM lost_creates WHERE workspace = ?1")?
                .query_map([workspace.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// What became of a create is known now.
    pub fn found_create(&self, workspace: &WorkspaceId, name: &str) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "DELETE FROM lost_creates WHERE workspace = ?1 AND name = ?2",
                [workspace.as_str(), name],
            )
            .map(|_| ())
        })
    }
}
