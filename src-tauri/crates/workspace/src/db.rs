//! The database: one connection that writes, one that reads beside it, neither ever on the async runtime's threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::{ServeError, private};

/// One step for each version of the schema; a step that was released is never edited.
const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("schema.sql")),
    M::up(include_str!("schema-2.sql")),
];

/// How long a statement waits for another process, such as a backup, to let go of the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a query could not be done; the details are in the log.
#[derive(Debug, thiserror::Error)]
#[error("the database failed: {0}")]
pub(crate) struct DbError(#[from] pub(crate) rusqlite::Error);

/// The open database. Clones share the connections.
#[derive(Clone)]
pub(crate) struct Db(Arc<Connections>);

struct Connections {
    path: PathBuf,
    write: Mutex<Connection>,
    read: Mutex<Connection>,
}

/// Where the database of a workspace directory is.
pub(crate) fn path(directory: &Path) -> PathBuf {
    directory.join("workspace.db")
}

impl Db {
    /// Opens the database of a workspace directory, making it or bringing it up to date first.
    ///
    /// # Errors
    /// [`ServeError::NewerSchema`] when a newer Keystow wrote it.
    pub(crate) fn open(directory: &Path) -> Result<Self, ServeError> {
        private::directory(directory).map_err(ServeError::file(directory))?;
        let path = path(directory);
        // SQLite gives its own files the rights of this one.
        private::open(&path, false).map_err(ServeError::file(&path))?;
        let mut write = Connection::open(&path).map_err(ServeError::database(&path))?;
        prepare(&write).map_err(ServeError::database(&path))?;
        write
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(ServeError::database(&path))?;
        migrate(&mut write, &path)?;
        let read = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(ServeError::database(&path))?;
        prepare(&read).map_err(ServeError::database(&path))?;
        Ok(Self(Arc::new(Connections {
            path,
            write: Mutex::new(write),
            read: Mutex::new(read),
        })))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Runs `work` in a transaction on the writing connection; an error rolls it back.
    pub(crate) async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        W: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let this = self.clone();
        off_the_runtime(move || this.write_blocking(work)).await
    }

    /// [`Db::write`] for a thread that may block.
    pub(crate) fn write_blocking<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.0.write.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction().map_err(DbError)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(DbError)?;
        Ok(done)
    }

    /// Runs `work` on the reading connection.
    pub(crate) async fn read<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        W: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let this = self.clone();
        off_the_runtime(move || {
            let connection = this.0.read.lock().unwrap_or_else(PoisonError::into_inner);
            work(&connection)
        })
        .await
    }

    /// Moves what is in the write-ahead log into the database file, so that the file alone is complete.
    pub(crate) fn checkpoint(&self) {
        let connection = self.0.write.lock().unwrap_or_else(PoisonError::into_inner);
        let done = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = done {
            tracing::warn!(path = %self.0.path.display(), %error, "the write-ahead log stays");
        }
    }
}

/// Runs blocking work where it may block, and passes a panic on.
pub(crate) async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => unreachable!("blocking work is never aborted"),
        },
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), ServeError> {
    let found: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(ServeError::database(path))?;
    let supported = MIGRATIONS.len() as i64;
    if found > supported {
        return Err(ServeError::NewerSchema {
            path: path.to_owned(),
            found,
            supported,
        });
    }
    Migrations::from_slice(MIGRATIONS)
        .to_latest(connection)
        .map_err(|source| ServeError::Migration {
            path: path.to_owned(),
            source,
        })
}

/// One value of the settings table.
pub(crate) fn setting(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    use rusqlite::OptionalExtension;
    connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// Sets one value of the settings table.
pub(crate) fn set_setting(
    connection: &Connection,
    name: &str,
    value: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute([name, value])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_apply() {
        assert_eq!(
            Migrations::from_slice(MIGRATIONS).validate(),
            Ok(()),
            "the schema is valid SQL"
        );
    }
}
