use keystow_core::key::UnixMs;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::contract::{ActivityRequest, ActivityView};

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

    /// The part of the trail that is asked for, newest first; `limit` entries at most.
    pub fn activity(
        &self,
        wanted: &ActivityRequest,
        limit: usize,
    ) -> Result<Vec<ActivityView>, StoreError> {
        let about: Vec<String> = wanted
            .about
            .iter()
            .map(|word| word.to_lowercase())
            .collect();
        let fits = |entry: &ActivityView| {
            let group = entry.kind.split('.').next().unwrap_or_default();
            let text = entry.text.to_lowercase();
            (wanted.kinds.is_empty() || wanted.kinds.iter().any(|kind| kind == group))
                && about.iter().all(|word| text.contains(word))
        };
        self.with(|db| {
            let mut rows = db.prepare_cached(
                "SELECT seq, at, kind, text FROM activity WHERE seq < ?1 AND at >= ?2 AND at <= ?3 ORDER BY seq DESC",
            )?;
            let before = wanted.before.map_or(i64::MAX, i64::from);
            let since = wanted.since.unwrap_or(i64::MIN);
            let until = wanted.until.unwrap_or(i64::MAX);
            rows.query_map(params![before, since, until], |row| {
                Ok(ActivityView {
                    seq: row.get(0)?,
                    at: row.get(1)?,
                    kind: row.get(2)?,
                    text: row.get(3)?,
                })
            })?
            .filter(|entry| entry.as_ref().map_or(true, fits))
            .take(limit)
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

    /// Names of settings that begin so and are not empty.
    pub fn settings_named(&self, start: &str) -> Result<Vec<String>, StoreError> {
        self.with(|db| {
            db.prepare("SELECT name FROM settings WHERE substr(name, 1, length(?1)) = ?1 AND value <> '' ORDER BY name")?
                .query_map([start], |row| row.get(0))?
                .collect()
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
