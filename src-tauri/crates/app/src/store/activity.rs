use keystow_core::key::UnixMs;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::contract::ActivityView;

impl Store {
    /// Adds a line to the trail. Names only.
    pub fn note(&self, at: UnixMs, kind: &str, text: &str) -> Result<(), StoreError> {
        self.with_haste(|db| {
            db.execute(
                "INSERT INTO activity (at, kind, text) VALUES (?1, ?2, ?3)",
                params![at, kind, text],
            )
            .map(|_| ())
        })
    }

    /// The trail, newest first, before a number.
    pub fn activity(
        &self,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<ActivityView>, StoreError> {
        self.with(|db| {
            db.prepare_cached("SELECT seq, at, kind, text FROM activity WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")?
                .query_map(params![before.map_or(i64::MAX, i64::from), limit], |row| {
                    Ok(ActivityView { seq: row.get(0)?, at: row.get(1)?, kind: row.get(2)?, text: row.get(3)? })
                })?
                .collect()
        })
    }

    /// Lines about keys and rotations that have a name in them, newest first.
    pub fn activity_naming(&self, name: &str, most: u32) -> Result<Vec<ActivityView>, StoreError> {
        self.with(|db| {
            db.prepare_cached(
                "SELECT seq, at, kind, text FROM activity
                 WHERE (kind LIKE 'key.%' OR kind LIKE 'rotation.%') AND instr(text, ?1) > 0 ORDER BY seq DESC LIMIT ?2",
            )?
            .query_map(params![name, most], |row| {
                Ok(ActivityView { seq: row.get(0)?, at: row.get(1)?, kind: row.get(2)?, text: row.get(3)? })
            })?
            .collect()
        })
    }

    /// A setting, if it was ever set.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.with(|db| {
            db.query_row(
                "SELECT value FROM settings WHERE name = ?1",
                [name],
                |row| row.get(0),
            )
            .optional()
        })
    }

    /// Sets a setting.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.with(|db| {
            db.execute(
                "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
                [name, value],
            )
            .map(|_| ())
        })
    }
}
