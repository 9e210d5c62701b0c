use keystow_core::clients::Mode;
use keystow_core::edit::Receipt;
use keystow_core::key::UnixMs;
use keystow_core::{ClientId, ConnectionId, KeyId, ServerId, WorkspaceId};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

use super::{Store, StoreError, json, to_json};

/// What the ledger remembers of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerEntry {
    /// The entry as it was written.
    pub entry: serde_json::Value,
    /// What removal must give back.
    pub receipt: Receipt,
    /// Directories that were made for the file, innermost first.
    pub made_dirs: Vec<PathBuf>,
}

/// A connection with its ledger entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Connected {
    pub id: ConnectionId,
    pub client: ClientId,
    /// Address of the target, such as `user` or `project=/home/ada/work`.
    pub target: String,
    /// The settings file as the client names it, symlinks unresolved. Empty for a link: no file of ours holds it.
    pub path: PathBuf,
    /// How the client reaches the server. Journals of before there were several say nothing.
    #[serde(default = "bridge")]
    pub mode: Mode,
    /// The environment variable that takes the key, for [`Mode::Exec`].
    #[serde(default)]
    pub variable: Option<String>,
    /// The entry's name.
    pub name: String,
    pub server: ServerId,
    pub workspace: WorkspaceId,
    /// Empty where it sends an OAuth token of its server.
    pub key: KeyId,
    pub created_at: UnixMs,
    pub ledger: LedgerEntry,
}

impl Connected {
    /// Whether it sends an OAuth token of its server, and no key.
    pub fn sends_token(&self) -> bool {
        self.key.as_str().is_empty()
    }
}

fn bridge() -> Mode {
    Mode::Bridge
}

const SELECT: &str = "SELECT c.id, c.client, c.target, c.path, c.entry, c.server, c.workspace, c.key, c.created_at, l.entry, l.receipt, l.made_dirs, c.mode, c.variable
     FROM connections c JOIN ledger l ON l.connection = c.id";

fn read(row: &Row<'_>) -> rusqlite::Result<Connected> {
    let text = |column: usize| row.get::<_, String>(column);
    Ok(Connected {
        id: ConnectionId::new(text(0)?),
        client: ClientId::new(text(1)?),
        target: text(2)?,
        path: PathBuf::from(text(3)?),
        mode: json(12, &format!("{:?}", text(12)?))?,
        variable: row.get(13)?,
        name: text(4)?,
        server: ServerId::new(text(5)?),
        workspace: WorkspaceId::new(text(6)?),
        key: KeyId::new(text(7)?),
        created_at: row.get(8)?,
        ledger: LedgerEntry {
            entry: json(9, &text(9)?)?,
            receipt: json(10, &text(10)?)?,
            made_dirs: json(11, &text(11)?)?,
        },
    })
}

/// Adds a connection within a transaction.
pub(super) fn add(tx: &Transaction<'_>, connected: &Connected) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO connections (id, client, target, path, entry, server, workspace, key, created_at, mode, variable)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            connected.id.as_str(),
            connected.client.as_str(),
            connected.target,
            path_text(&connected.path),
            connected.name,
            connected.server.as_str(),
            connected.workspace.as_str(),
            connected.key.as_str(),
            connected.created_at,
            connected.mode.as_str(),
            connected.variable
        ],
    )?;
    tx.execute(
        "INSERT OR REPLACE INTO ledger (connection, entry, receipt, made_dirs) VALUES (?1, ?2, ?3, ?4)",
        params![
            connected.id.as_str(),
            to_json(&connected.ledger.entry),
            to_json(&connected.ledger.receipt),
            to_json(&connected.ledger.made_dirs)
        ],
    )?;
    Ok(())
}

/// Takes a connection out within a transaction.
pub(super) fn remove(tx: &Transaction<'_>, id: &ConnectionId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM connections WHERE id = ?1", [id.as_str()])
        .map(|_| ())
}

/// Paths are UTF-8 in the store; one that is not is refused before it gets here.
pub(super) fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Store {
    /// All connections, oldest first.
    pub fn connections(&self) -> Result<Vec<Connected>, StoreError> {
        self.with(|db| {
            db.prepare_cached(&format!("{SELECT} ORDER BY c.created_at, c.id"))?
                .query_map([], read)?
                .collect()
        })
    }

    /// Keeps a connection that no file holds: it is in no change.
    pub fn put_connection(&self, connected: &Connected) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            add(&tx, connected)?;
            tx.commit()
        })
    }

    /// The connection with an id.
    pub fn connection(&self, id: &ConnectionId) -> Result<Option<Connected>, StoreError> {
        self.with(|db| {
            db.prepare_cached(&format!("{SELECT} WHERE c.id = ?1"))?
                .query_row([id.as_str()], read)
                .optional()
        })
    }
}
