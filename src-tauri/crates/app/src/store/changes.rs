use std::path::PathBuf;

use keystow_core::ChangeId;
use keystow_core::key::UnixMs;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::connections::{self, path_text};
use super::{Connected, Store, StoreError, json, to_json};

/// How far a change got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeState {
    /// Journaled; files are being replaced.
    Applying,
    /// In place.
    Done,
    /// Journaled; files are being put back.
    Undoing,
    /// Put back.
    Undone,
    /// Never came into effect.
    RolledBack,
}

impl ChangeState {
    fn text(self) -> &'static str {
        match self {
            Self::Applying => "applying",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::RolledBack => "rolled_back",
        }
    }
}

impl FromSql for ChangeState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "applying" => Ok(Self::Applying),
            "done" => Ok(Self::Done),
            "undoing" => Ok(Self::Undoing),
            "undone" => Ok(Self::Undone),
            "rolled_back" => Ok(Self::RolledBack),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// What a change does to the connections, forwards and backwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant)] // a change has a handful of them
pub(crate) enum ConnectionOp {
    /// Comes in with the change.
    Add(Connected),
    /// Goes out with the change.
    Remove(Connected),
    /// Remembers something else: its ledger entry before and after.
    Relearn { before: Connected, after: Connected },
}

/// One file of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangedFile {
    /// As the client names it.
    pub path: PathBuf,
    /// Where the bytes are, symlinks resolved.
    pub real_path: PathBuf,
    /// SHA-256 in hex; `None`: there was no file.
    pub before_hash: Option<String>,
    /// SHA-256 in hex; `None`: the file is deleted.
    pub after_hash: Option<String>,
    /// Sealed with `seal/1` for this change; `None` where there was no file.
    pub sealed_before: Option<Vec<u8>>,
    /// Directories made for it, innermost first.
    pub made_dirs: Vec<PathBuf>,
}

/// A change with its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub id: ChangeId,
    pub title: String,
    pub at: UnixMs,
    pub state: ChangeState,
    pub ops: Vec<ConnectionOp>,
    pub files: Vec<ChangedFile>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Change> {
    Ok(Change {
        id: ChangeId::new(row.get::<_, String>(0)?),
        title: row.get(1)?,
        at: row.get(2)?,
        state: row.get(3)?,
        ops: json(4, &row.get::<_, String>(4)?)?,
        files: Vec::new(),
    })
}

fn read_file(row: &Row<'_>) -> rusqlite::Result<ChangedFile> {
    Ok(ChangedFile {
        path: PathBuf::from(row.get::<_, String>(0)?),
        real_path: PathBuf::from(row.get::<_, String>(1)?),
        before_hash: row.get(2)?,
        after_hash: row.get(3)?,
        sealed_before: row.get(4)?,
        made_dirs: json(5, &row.get::<_, String>(5)?)?,
    })
}

const SELECT: &str = "SELECT id, title, at, state, connections FROM changes";
const SELECT_FILES: &str =
    "SELECT path, real_path, before_hash, after_hash, sealed_before, made_dirs
     FROM change_files WHERE change = ?1 ORDER BY position";

impl Store {
    /// Writes a change into the journal before its first file is touched.
    pub fn journal(&self, change: &Change) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            tx.execute(
                "INSERT INTO changes (id, title, at, state, connections) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![change.id.as_str(), change.title, change.at, change.state.text(), to_json(&change.ops)],
            )?;
            for (position, file) in change.files.iter().enumerate() {
                tx.execute(
                    "INSERT INTO change_files (change, position, path, real_path, before_hash, after_hash, sealed_before, made_dirs)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![
                        change.id.as_str(),
                        u32::try_from(position).unwrap_or(u32::MAX),
                        path_text(&file.path),
                        path_text(&file.real_path),
                        file.before_hash,
                        file.after_hash,
                        file.sealed_before,
                        to_json(&file.made_dirs)
                    ],
                )?;
            }
            tx.commit()
        })
    }

    /// Moves a change on. With [`ChangeState::Done`] its connections take effect, with [`ChangeState::Undone`] they are taken
    /// back, all in one transaction.
    pub fn settle(&self, change: &Change, state: ChangeState) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            tx.execute(
                "UPDATE changes SET state = ?2 WHERE id = ?1",
                [change.id.as_str(), state.text()],
            )?;
            match state {
                ChangeState::Done => {
                    for op in &change.ops {
                        match op {
                            ConnectionOp::Add(new) | ConnectionOp::Relearn { after: new, .. } => {
                                connections::add(&tx, new)?
                            }
                            ConnectionOp::Remove(old) => connections::remove(&tx, &old.id)?,
                        }
                    }
                }
                ChangeState::Undone => {
                    for op in change.ops.iter().rev() {
                        match op {
                            ConnectionOp::Add(new) => connections::remove(&tx, &new.id)?,
                            ConnectionOp::Remove(old)
                            | ConnectionOp::Relearn { before: old, .. } => {
                                connections::add(&tx, old)?
                            }
                        }
                    }
                }
                ChangeState::Applying | ChangeState::Undoing | ChangeState::RolledBack => {}
            }
            tx.commit()
        })
    }

    /// Moves a change on without touching its connections: they are as the state says already.
    pub fn settle_state_only(&self, change: &Change, state: ChangeState) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "UPDATE changes SET state = ?2 WHERE id = ?1",
                [change.id.as_str(), state.text()],
            )
            .map(|_| ())
        })
    }

    /// The newest changes first, without their before-images' contents being of any use to the caller.
    pub fn changes(&self, limit: u32) -> Result<Vec<Change>, StoreError> {
        self.with(|db| {
            let mut changes: Vec<Change> = db
                .prepare_cached(&format!(
                    "{SELECT} WHERE state <> 'rolled_back' ORDER BY at DESC, rowid DESC LIMIT ?1"
                ))?
                .query_map([limit], read)?
                .collect::<rusqlite::Result<_>>()?;
            let mut files = db.prepare_cached(SELECT_FILES)?;
            for change in &mut changes {
                change.files = files
                    .query_map([change.id.as_str()], read_file)?
                    .collect::<rusqlite::Result<_>>()?;
            }
            Ok(changes)
        })
    }

    /// One change.
    pub fn change(&self, id: &ChangeId) -> Result<Option<Change>, StoreError> {
        self.with(|db| {
            let Some(mut change) = db
                .query_row(&format!("{SELECT} WHERE id = ?1"), [id.as_str()], read)
                .optional()?
            else {
                return Ok(None);
            };
            change.files = db
                .prepare_cached(SELECT_FILES)?
                .query_map([id.as_str()], read_file)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some(change))
        })
    }

    /// Changes that a crash left half done.
    pub fn unsettled(&self) -> Result<Vec<ChangeId>, StoreError> {
        self.with(|db| {
            db.prepare("SELECT id FROM changes WHERE state IN ('applying', 'undoing') ORDER BY at")?
                .query_map([], |row| Ok(ChangeId::new(row.get::<_, String>(0)?)))?
                .collect()
        })
    }

    /// Drops before-images older than `before`; such a change can no longer be undone.
    pub fn expire_before_images(&self, before: UnixMs) -> Result<usize, StoreError> {
        self.with(|db| {
            db.execute(
                "UPDATE change_files SET sealed_before = NULL WHERE sealed_before IS NOT NULL
                 AND change IN (SELECT id FROM changes WHERE at < ?1 AND state NOT IN ('applying', 'undoing'))",
                [before],
            )
        })
    }
}
