use std::collections::BTreeMap;

use keystow_core::key::UnixMs;
use keystow_core::remote::Organization;
use keystow_core::{KeyId, ProviderId, WorkspaceId};
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError, json, to_json};

/// A workspace as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Workspace {
    pub id: WorkspaceId,
    pub provider: ProviderId,
    pub name: String,
    pub login: String,
    pub organization: Option<Organization>,
    /// Base URL at the last sign-in; the local workspace's is asked for anew each time.
    pub url: String,
    pub signed_in: bool,
    pub current: bool,
    pub created_at: UnixMs,
    /// Headers beside the key, with their values.
    pub headers: BTreeMap<String, String>,
    /// When a pasted token runs out.
    pub expires_at: Option<UnixMs>,
}

const COLUMNS: &str = "id, provider, name, login, organization, organization_name, url, signed_in, current, created_at, headers, expires_at";

fn read(row: &Row<'_>) -> rusqlite::Result<Workspace> {
    let name: Option<String> = row.get(5)?;
    Ok(Workspace {
        id: WorkspaceId::new(row.get::<_, String>(0)?),
        provider: ProviderId::new(row.get::<_, String>(1)?),
        name: row.get(2)?,
        login: row.get(3)?,
        organization: row.get::<_, Option<String>>(4)?.map(|id| Organization {
            name: name.unwrap_or_else(|| id.clone()),
            id,
        }),
        url: row.get(6)?,
        signed_in: row.get(7)?,
        current: row.get(8)?,
        created_at: row.get(9)?,
        headers: json(10, &row.get::<_, String>(10)?)?,
        expires_at: row.get(11)?,
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
                "INSERT INTO workspaces (id, provider, name, login, organization, url, signed_in, current, created_at, organization_name, headers,
                     expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9, ?10, ?11)
                 ON CONFLICT (id) DO UPDATE SET provider = ?2, name = ?3, login = ?4, organization = ?5, url = ?6, signed_in = ?7,
                     current = 1, organization_name = ?9, headers = ?10, expires_at = ?11",
                params![
                    workspace.id.as_str(),
                    workspace.provider.as_str(),
                    workspace.name,
                    workspace.login,
                    workspace.organization.as_ref().map(|o| &o.id),
                    workspace.url,
                    workspace.signed_in,
                    workspace.created_at,
                    workspace.organization.as_ref().map(|o| &o.name),
                    to_json(&workspace.headers),
                    workspace.expires_at,
                ],
            )?;
            tx.commit()
        })
    }

    /// Keeps what the person said of a workspace: its name, organization and headers.
    pub fn change_workspace(&self, workspace: &Workspace) -> Result<(), StoreError> {
        let organization = workspace.organization.as_ref();
        self.with(|db| {
            db.execute(
                "UPDATE workspaces SET name = ?2, organization = ?3, organization_name = ?4, headers = ?5 WHERE id = ?1",
                params![
                    workspace.id.as_str(),
                    workspace.name,
                    organization.map(|o| &o.id),
                    organization.map(|o| &o.name),
                    to_json(&workspace.headers),
                ],
            )
            .map(|_| ())
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

    /// Lets the connections of a key use another one from now on.
    pub fn move_connections(
        &self,
        workspace: &WorkspaceId,
        old: &KeyId,
        new: &KeyId,
    ) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "UPDATE connections SET key = ?3 WHERE workspace = ?1 AND key = ?2",
                [workspace.as_str(), old.as_str(), new.as_str()],
            )
            .map(|_| ())
        })
    }

    /// Forgets a workspace and what was known of its keys. Connections that use it must be gone.
    pub fn forget_workspace(&self, id: &WorkspaceId) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            tx.execute("DELETE FROM lost_creates WHERE workspace = ?1", [id.as_str()])?;
            tx.execute("DELETE FROM rotations WHERE workspace = ?1", [id.as_str()])?;
            tx.execute("DELETE FROM api_keys WHERE workspace = ?1", [id.as_str()])?;
            tx.execute("DELETE FROM workspaces WHERE id = ?1", [id.as_str()])?;
            tx.execute(
                "UPDATE workspaces SET current = 1 WHERE id = (SELECT id FROM workspaces ORDER BY created_at LIMIT 1)
                     AND NOT EXISTS (SELECT 1 FROM workspaces WHERE current = 1)",
                [],
            )?;
            tx.commit()
        })
    }
}
