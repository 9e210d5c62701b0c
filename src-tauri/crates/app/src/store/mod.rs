//! The store: SQLite in the data directory, metadata only. Several processes use it at once (window, CLI, bridges).

mod activity;
mod changes;
mod connections;
mod keys;
mod prints;
mod rotations;
mod workspaces;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite_migration::{M, Migrations};

pub(crate) use changes::{Change, ChangeState, ChangedFile, ConnectionOp, Image};
pub(crate) use connections::{Connected, LedgerEntry};
pub(crate) use keys::StoredKey;
pub(crate) use rotations::Rotation;
pub(crate) use workspaces::Workspace;

use crate::bell::Bell;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Written by a newer Keystow.
    #[error("{}: schema {found} is newer than this Keystow knows ({known})", path.display())]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// Its directory or file cannot be made or read.
    #[error("{}: {source}", path.display())]
    Files {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// SQLite failed.
    #[error("{}: {source}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: rusqlite::Error,
    },
    /// A migration failed.
    #[error("{}: {source}", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: rusqlite_migration::Error,
    },
}

/// Each step once, in order; a released step never changes.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("schema-1.sql")),
    M::up(include_str!("schema-2.sql")),
    M::up(include_str!("schema-3.sql")),
    M::up(include_str!("schema-4.sql")),
    M::up(include_str!("schema-5.sql")),
];
/// The newest schema this Keystow knows.
const KNOWN: u32 = STEPS.len() as u32;
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// How long others who write are waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open store.
pub(crate) struct Store {
    path: PathBuf,
    connection: Mutex<Connection>,
    closed: AtomicBool,
    /// Rings when keys we know of were told or forgotten.
    pub keys_seen: Bell,
}

impl Store {
    /// Opens `keystow.db` in the data directory, making both with no access for others.
    pub fn open(data: &Path) -> Result<Self, StoreError> {
        let path = data.join("keystow.db");
        let files = |source| StoreError::Files {
            path: path.clone(),
            source,
        };
        crate::files::private_dir(data).map_err(files)?;
        crate::files::private_file(&path).map_err(files)?;
        let sqlite = |source| StoreError::Sqlite {
            path: path.clone(),
            source,
        };
        let mut connection = Connection::open(&path).map_err(sqlite)?;
        connection.busy_timeout(PATIENCE).map_err(sqlite)?;
        let found: u32 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(sqlite)?;
        if found == 0 {
            // Before-images that are dropped make the file smaller again. Each time it is said, it is written.
            connection
                .pragma_update(None, "auto_vacuum", "INCREMENTAL")
                .map_err(sqlite)?;
        }
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(sqlite)?;
        connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(sqlite)?;
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(sqlite)?;
        // After a large before-image the log does not stay as large.
        connection
            .pragma_update(None, "journal_size_limit", 1 << 22)
            .map_err(sqlite)?;
        // Many short processes come and go: not each of them tidies up.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(sqlite)?;
        if found > KNOWN {
            return Err(StoreError::NewerSchema {
                path,
                found,
                known: KNOWN,
            });
        }
        if found < KNOWN {
            MIGRATIONS
                .to_latest(&mut connection)
                .map_err(|source| StoreError::Migration {
                    path: path.clone(),
                    source,
                })?;
        }
        Ok(Self {
            path,
            connection: Mutex::new(connection),
            closed: AtomicBool::new(false),
            keys_seen: Bell::default(),
        })
    }

    /// Lets go of the file for good: from now on there is nothing in this store.
    pub fn close(&self) {
        if let Ok(nothing) = Connection::open_in_memory() {
            *self.lock() = nothing;
            self.closed.store(true, Ordering::SeqCst);
        }
    }

    /// Whether it let go of its file.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Runs `work` on the connection, alone among this process's threads.
    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        work(&mut self.lock()).map_err(|source| StoreError::Sqlite {
            path: self.path.clone(),
            source,
        })
    }

    /// The same for what the next start would find out again, should the computer lose its power now: the disk is not waited for.
    /// Whatever is written later in full is on the disk only together with it.
    fn with_haste<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.with(|db| {
            db.pragma_update(None, "synchronous", "NORMAL")?;
            let done = work(db);
            db.pragma_update(None, "synchronous", "FULL")?;
            done
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held left at most an unfinished transaction, which SQLite rolls back.
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Reads a JSON column.
fn json<T: serde::de::DeserializeOwned>(column: usize, text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// Writes a JSON column.
fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("rows are plain data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_well_formed() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn refuses_a_newer_schema_with_both_versions() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        Connection::open(dir.path().join("keystow.db"))
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        let error = Store::open(dir.path()).err().unwrap();
        assert!(
            matches!(
                error,
                StoreError::NewerSchema {
                    found: 99,
                    known: KNOWN,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn is_readable_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let _store = Store::open(&data).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(&data), mode(&data.join("keystow.db"))),
            (0o700, 0o600)
        );
        assert_eq!(mode(&data.join("keystow.db-wal")), 0o600);
    }
}
