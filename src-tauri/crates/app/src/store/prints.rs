use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use rusqlite::ErrorCode;
use rusqlite::types::ValueRef;

use super::{PATIENCE, Store, StoreError};

impl Store {
    /// Differs from what it was before when anybody, this process included, has written since. Next to nothing to ask for.
    pub fn stamp(&self) -> Result<(i64, i64), StoreError> {
        self.with(|db| {
            // Others' commits are counted by the one, ours by the other.
            let others = db.pragma_query_value(None, "data_version", |row| row.get(0))?;
            let ours = db.query_row("SELECT total_changes()", [], |row| row.get(0))?;
            Ok((others, ours))
        })
    }

    /// Whether somebody is in the middle of writing: what the system tells of a log that grows comes before what is in it can be
    /// read, by as long as the disk takes. When nobody is, all that was told of can be read.
    pub fn is_being_written(&self) -> Result<bool, StoreError> {
        self.with(|db| {
            db.busy_timeout(Duration::ZERO)?;
            let alone = db.execute_batch("BEGIN IMMEDIATE; ROLLBACK");
            db.busy_timeout(PATIENCE)?;
            match alone {
                Ok(()) => Ok(false),
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    Ok(true)
                }
                Err(error) => Err(error),
            }
        })
    }

    /// Settings whose names begin so, without that beginning.
    pub fn settings_below(&self, start: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.with(|db| {
            db.prepare_cached(
                "SELECT substr(name, length(?1) + 1), value FROM settings
                 WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
            )?
            .query_map([start], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
        })
    }

    /// What a query gives, as one number: the same again means that nothing changed.
    pub fn print(&self, query: &str) -> Result<u64, StoreError> {
        self.with(|db| {
            let mut found = db.prepare_cached(query)?;
            let columns = found.column_count();
            let mut rows = found.query([])?;
            let mut print = DefaultHasher::new();
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    match row.get_ref(column)? {
                        ValueRef::Null => 0_u8.hash(&mut print),
                        ValueRef::Integer(number) => number.hash(&mut print),
                        ValueRef::Real(number) => number.to_bits().hash(&mut print),
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.hash(&mut print),
                    }
                }
            }
            Ok(print.finish())
        })
    }
}
