use keystow_core::key::UnixMs;
use keystow_core::{ProviderId, WorkspaceId};
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};

/// A workspace as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Workspace {
    pub id: WorkspaceId,
    pub provider: ProviderId,
    pub name: String,
    pub login: String,
    pub organization: Option<String>,
    /// Base URL at the last sign-in; the local workspace's is asked for anew each time.
    pub url: String,
    pub signed_in: bool,
    pub current: bool,
    pub created_at: UnixMs,
}

const COLUMNS: &str =
    "id, provider, name, login, organization, url, signed_in, current, created_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Workspace> {
    Ok(Workspace {
        id: WorkspaceId::new(row.get::<_, String>(0)?),
        provider: ProviderId::new(row.get::<_, String>(1)?),
        name: row.get(2)?,
        login: row.get(3)?,
        organization: row.get(4)?,
        url: row.get(5)?,
        signed_in: row.get(6)?,
        current: row.get(7)?,
        created_at: row.get(8)?,
    })
}

impl Store {
    /// All workspaces, oldest first.
    pub fn workspaces(&self) -> Result<Vec<Workspace>, StoreError> {
        self.with(|db| {
            db.prepare(&format!(
                "SELECT {COLUMNS} FROM workspaces ORDER BY created_at, id"
            ))?
            .query_map([], read)?
            .collect()
        })
    }

    /// The workspace with an id.
    pub fn workspace(&self, id: &WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        self.with(|db| {
            db.query_row(
                &format!("SELECT {COLUMNS} FROM workspaces WHERE id = ?1"),
                [id.as_str()],
                read,
            )
            .optional()
        })
    }

    /// Keeps a workspace and makes it the one in use.
    pub fn put_workspace(&self, workspace: &Workspace) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            tx.execute("UPDATE workspaces SET current = 0", [])?;
            tx.execute(
                "INSERT INTO workspaces (id, provider, name, login, organization, url, signed_in, current, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)
                 ON CONFLICT (id) DO UPDATE SET provider = ?2, name = ?3, login = ?4, organization = ?5, url = ?6, signed_in = ?7, current = 1",
                params![
                    workspace.id.as_str(),
                    workspace.provider.as_str(),
                    workspace.name,
                    workspace.login,
                    workspace.organization,
                    workspace.url,
                    workspace.signed_in,
                    workspace.created_at
                ],
            )?;
            tx.commit()
        })
    }

    /// Notes whether a session is stowed.
    pub fn set_signed_in(&self, id: &WorkspaceId, signed_in: bool) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "UPDATE workspaces SET signed_in = ?2 WHERE id = ?1",
                params![id.as_str(), signed_in],
            )
            .map(|_| ())
        })
    }

    /// Makes a workspace the one in use.
    pub fn use_workspace(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute("UPDATE workspaces SET current = (id = ?1)", [id.as_str()])
                .map(|_| ())
        })
    }
}
