use std::collections::HashMap;

use keystow_core::key::ApiKey;
use keystow_core::{KeyId, WorkspaceId};
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};

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
}

const COLUMNS: &str = "workspace, id, name, masked, stowed, orphan";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    Ok(StoredKey {
        workspace: WorkspaceId::new(row.get::<_, String>(0)?),
        id: KeyId::new(row.get::<_, String>(1)?),
        name: row.get(2)?,
        masked: row.get(3)?,
        stowed: row.get(4)?,
        orphan: row.get(5)?,
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
                "INSERT INTO api_keys (workspace, id, name, masked, stowed, orphan, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (workspace, id) DO UPDATE SET name = ?3, masked = ?4, stowed = ?5, orphan = ?6, created_at = ?7",
                params![workspace.as_str(), key.id.as_str(), key.name, key.masked, stowed, orphan, key.created_at],
            )
            .map(|_| ())
        })
    }

    /// Takes over the names that a provider tells of keys we know.
    pub fn refresh_keys(&self, workspace: &WorkspaceId, keys: &[ApiKey]) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            {
                let mut update = tx.prepare_cached(
                    "UPDATE api_keys SET name = ?3, masked = ?4 WHERE workspace = ?1 AND id = ?2 AND (name <> ?3 OR masked <> ?4)",
                )?;
                for key in keys {
                    update.execute(params![workspace.as_str(), key.id.as_str(), key.name, key.masked])?;
                }
            }
            tx.commit()
        })
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
}
