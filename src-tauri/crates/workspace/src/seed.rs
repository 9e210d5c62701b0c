//! Many keys at once, for tests and measurements: no client could make so many through the API.

use std::path::Path;

use rusqlite::params;

use crate::db::{Db, DbError};
use crate::{ServeError, clock, directory, keys, organizations, random};

/// Puts `count` keys into the default organization, whether the server runs or not: `Customer 1 on host-1` to
/// `Customer COUNT on host-…` (the host is the number modulo 977), the last one the newest. Every tenth is paused, every 25th has
/// expired. Nobody knows their plaintext.
///
/// # Errors
/// As [`crate::serve`] has them for the database.
pub fn seed(data: &Path, count: u32) -> Result<(), ServeError> {
    let db = Db::open(&directory(data))?;
    db.write_blocking(|c| {
        let mut insert = c.prepare(
            "INSERT INTO keys (id, organization, hash, name, prefix, last_four, scope, permissions, created_at, expires_at,
                mcp_active, allowlist_mode, instance_ids, mcp_permissions, project_ids, read_only, tool_allowlist,
                rate_per_minute, search)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'organization', ?7, ?8, ?9, ?10, 'all', '[]', '[]', '[]', 0, '[]', ?11,
                lower(?4) || ' ' || lower(?5 || ?6))",
        ).map_err(DbError)?;
        let now = clock::now();
        for number in 1..=i64::from(count) {
            insert.execute(params![
                random::uuid(),
                organizations::DEFAULT,
                random::bytes::<32>(),
                format!("Customer {number} on host-{}", number % 977),
                random::KEY_PREFIX,
                format!("{:04}", number % 10_000),
                r#"["view:keys","call:tools","write:tools"]"#,
                now - clock::DAY,
                (number % 25 == 0).then_some(now - clock::SECOND),
                number % 10 != 0,
                keys::RATE_PER_MINUTE,
            ]).map_err(DbError)?;
        }
        Ok::<_, DbError>(())
    })
    .map_err(|error| ServeError::database(db.path())(error.0))?;
    db.checkpoint();
    Ok(())
}
