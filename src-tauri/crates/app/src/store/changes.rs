use std::path::PathBuf;

use keystow_core::ChangeId;
use keystow_core::key::UnixMs;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::connections::{self, path_text};
use super::{Connected, Store, StoreError, json, rotations, to_json};

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
    /// See [`crate::files::hash`]; `None`: there was no file.
    pub before_hash: Option<String>,
    /// The same; `None`: the file is deleted.
    pub after_hash: Option<String>,
    /// Whether its before-image is kept; it is sealed with `seal/1` for this change and this file's place in it.
    pub kept: bool,
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
        kept: row.get(4)?,
        made_dirs: json(5, &row.get::<_, String>(5)?)?,
    })
}

const SELECT: &str = "SELECT id, title, at, state, connections FROM changes";
const SELECT_FILES: &str = "SELECT path, real_path, before_hash, after_hash,
        sealed_before IS NOT NULL OR EXISTS (
            SELECT 1 FROM change_images i WHERE i.change = f.change AND i.position = f.position),
        made_dirs
     FROM change_files f WHERE change = ?1 ORDER BY position";

/// Parts of a sealed before-image.
pub(crate) type Image<'a> = Box<dyn Iterator<Item = Vec<u8>> + 'a>;

fn row_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Store {
    /// Writes a change into the journal before its first file is touched, with the before-image of each of its files that has one.
    pub fn journal(
        &self,
        change: &Change,
        images: Vec<Option<Image<'_>>>,
    ) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            let id = change.id.as_str();
            tx.execute(
                "INSERT INTO changes (id, title, at, state, connections) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, change.title, change.at, change.state.text(), to_json(&change.ops)],
            )?;
            for (position, (file, image)) in change.files.iter().zip(images).enumerate() {
                let position = row_number(position);
                tx.execute(
                    "INSERT INTO change_files (change, position, path, real_path, before_hash, after_hash, made_dirs)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![
                        id,
                        position,
                        path_text(&file.path),
                        path_text(&file.real_path),
                        file.before_hash,
                        file.after_hash,
                        to_json(&file.made_dirs)
                    ],
                )?;
                for (part, sealed) in image.into_iter().flatten().enumerate() {
                    tx.prepare_cached(
                        "INSERT INTO change_images (change, position, part, sealed) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![id, position, row_number(part), sealed])?;
                }
            }
            tx.commit()
        })
    }

    /// How many parts a before-image has; 0: none, or it is in one piece.
    pub fn image_parts(&self, change: &ChangeId, position: usize) -> Result<u32, StoreError> {
        self.with(|db| {
            db.query_row(
                "SELECT count(*) FROM change_images WHERE change = ?1 AND position = ?2",
                params![change.as_str(), row_number(position)],
                |row| row.get(0),
            )
        })
    }

    /// One part of a before-image, counted from 0.
    pub fn image_part(
        &self,
        change: &ChangeId,
        position: usize,
        part: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|db| {
            db.prepare_cached(
                "SELECT sealed FROM change_images WHERE change = ?1 AND position = ?2 AND part = ?3",
            )?
            .query_row(
                params![change.as_str(), row_number(position), part],
                |row| row.get(0),
            )
            .optional()
        })
    }

    /// A before-image in one piece, as they once were.
    pub fn whole_image(
        &self,
        change: &ChangeId,
        position: usize,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|db| {
            db.query_row(
                "SELECT sealed_before FROM change_files WHERE change = ?1 AND position = ?2",
                params![change.as_str(), row_number(position)],
                |row| row.get(0),
            )
            .optional()
            .map(Option::flatten)
        })
    }

    /// Moves a change on. With [`ChangeState::Done`] its connections take effect, with [`ChangeState::Undone`] they are taken
    /// back, all in one transaction. Before-images that nothing can need any more are dropped.
    pub fn settle(&self, change: &Change, state: ChangeState) -> Result<(), StoreError> {
        let work = |db: &mut Connection| {
            let tx = db.transaction()?;
            take_effect(&tx, change, state)?;
            tx.commit()
        };
        match state {
            // Files are touched next.
            ChangeState::Applying | ChangeState::Undoing => self.with(work),
            // The files are as it says, from which the next start tells it again.
            ChangeState::Done | ChangeState::Undone | ChangeState::RolledBack => {
                self.with_haste(work)
            }
        }
    }

    /// Settles a change of which only the first files were written, as done: `change` says what it came to.
    pub fn settle_partly(&self, change: &Change) -> Result<(), StoreError> {
        self.with(|db| {
            let tx = db.transaction()?;
            let id = change.id.as_str();
            let files = row_number(change.files.len());
            tx.execute(
                "UPDATE changes SET title = ?2, connections = ?3 WHERE id = ?1",
                params![id, change.title, to_json(&change.ops)],
            )?;
            for table in ["change_files", "change_images"] {
                tx.execute(
                    &format!("DELETE FROM {table} WHERE change = ?1 AND position >= ?2"),
                    params![id, files],
                )?;
            }
            take_effect(&tx, change, ChangeState::Done)?;
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
    pub fn expire_before_images(&self, before: UnixMs) -> Result<(), StoreError> {
        const OLD: &str =
            "(SELECT id FROM changes WHERE at < ?1 AND state NOT IN ('applying', 'undoing'))";
        self.with_haste(|db| {
            // Mostly there are none, and nobody need be kept from writing.
            let some: bool = db.query_row(
                &format!(
                    "SELECT EXISTS (SELECT 1 FROM change_images WHERE change IN {OLD})
                     OR EXISTS (SELECT 1 FROM change_files WHERE sealed_before IS NOT NULL AND change IN {OLD})"
                ),
                [before],
                |row| row.get(0),
            )?;
            if !some {
                return Ok(());
            }
            let tx = db.transaction()?;
            tx.execute(&format!("DELETE FROM change_images WHERE change IN {OLD}"), [before])?;
            tx.execute(
                &format!(
                    "UPDATE change_files SET sealed_before = NULL WHERE sealed_before IS NOT NULL AND change IN {OLD}"
                ),
                [before],
            )?;
            tx.commit()?;
            db.execute_batch("PRAGMA incremental_vacuum")
        })
    }
}

fn take_effect(tx: &Transaction<'_>, change: &Change, state: ChangeState) -> rusqlite::Result<()> {
    let id = change.id.as_str();
    tx.execute(
        "UPDATE changes SET state = ?2 WHERE id = ?1",
        [id, state.text()],
    )?;
    match state {
        ChangeState::Done => {
            for op in &change.ops {
                match op {
                    ConnectionOp::Add(new) | ConnectionOp::Relearn { after: new, .. } => {
                        connections::add(tx, new)?
                    }
                    ConnectionOp::Remove(old) => connections::remove(tx, &old.id)?,
                }
            }
        }
        ChangeState::Undone => {
            for op in change.ops.iter().rev() {
                match op {
                    ConnectionOp::Add(new) => connections::remove(tx, &new.id)?,
                    ConnectionOp::Remove(old) | ConnectionOp::Relearn { before: old, .. } => {
                        connections::add(tx, old)?;
                        rotations::follow(tx, &old.id)?;
                    }
                }
            }
        }
        ChangeState::Applying | ChangeState::Undoing | ChangeState::RolledBack => {}
    }
    if matches!(state, ChangeState::Undone | ChangeState::RolledBack) {
        tx.execute("DELETE FROM change_images WHERE change = ?1", [id])?;
        tx.execute(
            "UPDATE change_files SET sealed_before = NULL WHERE change = ?1",
            [id],
        )?;
    }
    Ok(())
}
