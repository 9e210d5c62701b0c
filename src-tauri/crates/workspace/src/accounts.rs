//! The one account: the owner, and the password that proves it.

use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use keystow_core::Secret;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::db::{self, Db, DbError};
use crate::{OWNER_LOGIN, ServeError, directory, random, totp};

/// The owner as the API shows it.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: String,
}

/// Whether the owner's account is there yet; where it is not, [`crate::serve`] needs a password to make it with.
///
/// Opens the database for reading only, and only if it is there.
pub fn owner_exists(data: &Path) -> Result<bool, ServeError> {
    let path = db::path(&directory(data));
    if !path.try_exists().map_err(ServeError::file(&path))? {
        return Ok(false);
    }
    let failed = ServeError::database(&path);
    let look = || -> rusqlite::Result<bool> {
        // Not read-only: a write-ahead log left by a killed server could not be read then.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(&path, flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        let table = connection
            .query_row(
                "SELECT 1 FROM sqlite_schema WHERE name = 'users'",
                [],
                |_| Ok(()),
            )
            .optional()?;
        Ok(table.is_some() && owner(&connection)?.is_some())
    };
    look().map_err(failed)
}

/// Makes the owner's account, or gives it another password and ends every session then. Another password also turns the second
/// factor off: whoever lost the authenticator gets in again this way, and only from this computer.
pub(crate) fn settle_owner(db: &Db, password: Option<Secret>) -> Result<(), ServeError> {
    let failed = |error: DbError| ServeError::database(db.path())(error.0);
    let known = db
        .write_blocking(|c| owner_with_hash(c).map_err(DbError))
        .map_err(failed)?;
    let Some(password) = password else {
        return match known {
            Some(_) => Ok(()),
            None => Err(ServeError::OwnerPasswordNeeded),
        };
    };
    if password.is_empty() {
        return Err(ServeError::OwnerPasswordEmpty);
    }
    if let Some((_, hash)) = &known
        // EXPOSE: compared with the hash we keep
        && verify(password.expose(), hash)
    {
        return Ok(());
    }
    // EXPOSE: hashed, which is all we keep of it
    let hash = hash(password.expose())?;
    db.write_blocking(|c| {
        match known {
            Some((user, _)) => {
                c.execute(
                    "UPDATE users SET password = ?1 WHERE id = ?2",
                    (hash, user.id),
                )?;
                c.execute("DELETE FROM grants", [])?;
                totp::remove(c)?;
            }
            None => {
                c.execute(
                    "INSERT INTO users (id, email, name, password) VALUES (?1, ?2, 'Owner', ?3)",
                    (random::uuid(), OWNER_LOGIN, hash),
                )?;
            }
        }
        Ok(())
    })
    .map_err(failed)
}

/// The owner, when the login is its and the password is right. Takes as long when the login is wrong.
pub(crate) fn check(
    connection: &Connection,
    login: &str,
    password: &str,
) -> Result<Option<User>, DbError> {
    let Some((user, hash)) = owner_with_hash(connection)? else {
        return Ok(None);
    };
    let right = verify(password, &hash);
    let known = user.email.eq_ignore_ascii_case(login.trim());
    Ok((right && known).then_some(user))
}

/// The owner.
pub(crate) fn owner(connection: &Connection) -> rusqlite::Result<Option<User>> {
    Ok(owner_with_hash(connection)?.map(|(user, _)| user))
}

fn owner_with_hash(connection: &Connection) -> rusqlite::Result<Option<(User, String)>> {
    connection
        .prepare_cached("SELECT id, email, name, password FROM users WHERE email = ?1")?
        .query_row([OWNER_LOGIN], |row| {
            let user = User {
                id: row.get(0)?,
                email: row.get(1)?,
                name: row.get(2)?,
            };
            Ok((user, row.get(3)?))
        })
        .optional()
}

fn hash(password: &str) -> Result<String, ServeError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| ServeError::Hash)
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}
