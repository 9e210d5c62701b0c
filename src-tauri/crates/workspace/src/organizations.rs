//! Organizations: what keys belong to. The owner has one from the start.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use crate::clock;
use crate::db::DbError;
use crate::random;

/// The number of the organization that is there from the start.
pub(crate) const DEFAULT: i64 = 1;

/// What the one organization was called before there were others. Workspaces that were signed in then still say it.
const FORMER_SLUG: &str = "local";

/// How long the part of a slug is that comes from the name.
const SLUG_CHARACTERS: usize = 40;

/// An organization; as the API shows it, without its number.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Organization {
    #[serde(skip)]
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) name: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Organization> {
    Ok(Organization {
        seq: row.get(0)?,
        id: row.get(1)?,
        slug: row.get(2)?,
        name: row.get(3)?,
    })
}

/// All of them, the default one first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Organization>, DbError> {
    Ok(connection
        .prepare_cached("SELECT seq, id, slug, name FROM organizations ORDER BY seq")?
        .query_map([], read)?
        .collect::<Result<_, _>>()?)
}

/// The one with a slug; without a slug the default one.
pub(crate) fn named(
    connection: &Connection,
    slug: Option<&str>,
) -> Result<Option<Organization>, DbError> {
    match slug {
        None | Some(FORMER_SLUG) => default(connection).map(Some),
        Some(slug) => Ok(connection
            .prepare_cached("SELECT seq, id, slug, name FROM organizations WHERE slug = ?1")?
            .query_row([slug], read)
            .optional()?),
    }
}

/// The one that is there from the start.
pub(crate) fn default(connection: &Connection) -> Result<Organization, DbError> {
    get(connection, DEFAULT)
}

/// The one with a number.
pub(crate) fn get(connection: &Connection, seq: i64) -> Result<Organization, DbError> {
    Ok(connection
        .prepare_cached("SELECT seq, id, slug, name FROM organizations WHERE seq = ?1")?
        .query_row([seq], read)?)
}

/// Makes one. Its slug comes from the name, with a number behind it where that is taken.
pub(crate) fn create(connection: &Connection, name: &str) -> Result<Organization, DbError> {
    let base = slug_of(name);
    let mut slug = base.clone();
    let mut next = 2_u32;
    while slug == FORMER_SLUG || named(connection, Some(&slug))?.is_some() {
        slug = format!("{base}-{next}");
        next += 1;
    }
    connection.execute(
        "INSERT INTO organizations (id, slug, name, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![random::uuid(), slug, name, clock::now()],
    )?;
    get(connection, connection.last_insert_rowid())
}

/// Lower-case letters and digits of ASCII with hyphens between them, such as `acme-corp`.
fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().take(SLUG_CHARACTERS) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    match slug.trim_end_matches('-') {
        "" => "organization".to_owned(),
        slug => slug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug_of("  Acme & Sons, Ltd. "), "acme-sons-ltd");
        assert_eq!(slug_of("株式会社"), "organization");
        assert_eq!(slug_of(&"x".repeat(100)).len(), 40);
    }
}
