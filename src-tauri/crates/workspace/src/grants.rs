//! Sign-ins and their tokens. A grant is one sign-in; ending it ends every token that came of it.

use rusqlite::{Connection, OptionalExtension, params};

use crate::clock::{self, DAY, SECOND, UnixMs};
use crate::db::DbError;
use crate::random;

/// How long an access token is good for, in seconds.
pub(crate) const ACCESS_SECONDS: i64 = 3_600;

/// How long a sign-in lasts that nobody refreshes.
const REFRESH_LIFE: UnixMs = 90 * DAY;

/// What an access token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The API: keys and account.
    Api,
    /// The MCP endpoint.
    Mcp,
}

impl Audience {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Mcp => "mcp",
        }
    }

    /// Reads what [`Audience::as_str`] wrote.
    pub(crate) fn parse(text: &str) -> Self {
        if text == Self::Api.as_str() {
            Self::Api
        } else {
            Self::Mcp
        }
    }
}

/// A fresh pair of tokens; only their hashes are kept.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) scope: String,
}

/// What an access token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) grant: String,
    pub(crate) client: Option<String>,
    pub(crate) audience: Audience,
    pub(crate) scope: String,
    pub(crate) expires_at: UnixMs,
}

/// What became of a refresh.
#[derive(Debug)]
pub(crate) enum Refreshed {
    /// New tokens; the old refresh token is dead.
    Tokens(Tokens),
    /// Nothing known, or no longer good, or another client's.
    Refused,
    /// It had been traded in before: somebody else has it, so the whole sign-in is ended.
    Reused {
        /// The grant that is no more.
        grant: String,
    },
}

/// Opens a grant and gives its first tokens.
pub(crate) fn open(
    connection: &Connection,
    client: Option<&str>,
    audience: Audience,
    scope: &str,
) -> Result<(String, Tokens), DbError> {
    let grant = random::uuid();
    connection.execute(
        "INSERT INTO grants (id, client, audience, scope, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![grant, client, audience.as_str(), scope, clock::now()],
    )?;
    let tokens = issue(connection, &grant, scope)?;
    Ok((grant, tokens))
}

fn issue(connection: &Connection, grant: &str, scope: &str) -> Result<Tokens, DbError> {
    let tokens = Tokens {
        access: random::token("kst_"),
        refresh: random::token("ksr_"),
        scope: scope.to_owned(),
    };
    let now = clock::now();
    let mut insert = connection.prepare_cached(
        "INSERT INTO tokens (hash, grant_id, kind, expires_at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let access_until = now + ACCESS_SECONDS * SECOND;
    insert.execute(params![
        random::hash(&tokens.access),
        grant,
        "access",
        access_until
    ])?;
    insert.execute(params![
        random::hash(&tokens.refresh),
        grant,
        "refresh",
        now + REFRESH_LIFE
    ])?;
    Ok(tokens)
}

/// Trades a refresh token in. `client` is who asks: `None` for a sign-in by password.
pub(crate) fn refresh(
    connection: &Connection,
    token: &str,
    client: Option<&str>,
) -> Result<Refreshed, DbError> {
    struct Found {
        grant: String,
        client: Option<String>,
        scope: String,
        used: bool,
        expires_at: UnixMs,
    }
    let hash = random::hash(token);
    let found = connection
        .prepare_cached(
            "SELECT g.id, g.client, g.scope, t.used, t.expires_at FROM tokens t JOIN grants g ON g.id = t.grant_id
             WHERE t.hash = ?1 AND t.kind = 'refresh'",
        )?
        .query_row([&hash], |row| {
            Ok(Found {
                grant: row.get(0)?,
                client: row.get(1)?,
                scope: row.get(2)?,
                used: row.get(3)?,
                expires_at: row.get(4)?,
            })
        })
        .optional()?;
    let Some(found) = found.filter(|found| found.client.as_deref() == client) else {
        return Ok(Refreshed::Refused);
    };
    if found.used {
        end(connection, &found.grant)?;
        return Ok(Refreshed::Reused { grant: found.grant });
    }
    if found.expires_at <= clock::now() {
        return Ok(Refreshed::Refused);
    }
    connection.execute("UPDATE tokens SET used = 1 WHERE hash = ?1", [&hash])?;
    issue(connection, &found.grant, &found.scope).map(Refreshed::Tokens)
}

/// What an access token stands for, also when it has expired.
pub(crate) fn access(connection: &Connection, token: &str) -> Result<Option<Access>, DbError> {
    let found = connection
        .prepare_cached(
            "SELECT g.id, g.client, g.audience, g.scope, t.expires_at FROM tokens t JOIN grants g ON g.id = t.grant_id
             WHERE t.hash = ?1 AND t.kind = 'access'",
        )?
        .query_row([random::hash(token)], |row| {
            let audience: String = row.get(2)?;
            Ok(Access {
                grant: row.get(0)?,
                client: row.get(1)?,
                audience: Audience::parse(&audience),
                scope: row.get(3)?,
                expires_at: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The grant any token, of either kind, belongs to, and the client it was given to.
pub(crate) fn of_token(
    connection: &Connection,
    token: &str,
) -> Result<Option<(String, Option<String>)>, DbError> {
    Ok(connection
        .prepare_cached(
            "SELECT g.id, g.client FROM tokens t JOIN grants g ON g.id = t.grant_id WHERE t.hash = ?1",
        )?
        .query_row([random::hash(token)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Ends a grant and all its tokens.
pub(crate) fn end(connection: &Connection, grant: &str) -> Result<(), DbError> {
    connection.execute("DELETE FROM grants WHERE id = ?1", [grant])?;
    Ok(())
}

/// Forgets what has expired. A refresh token that was traded in is remembered for as long as its grant could live, to notice
/// reuse.
pub(crate) fn prune(connection: &Connection) -> Result<(), DbError> {
    let now = clock::now();
    connection.execute("DELETE FROM tokens WHERE expires_at <= ?1", [now])?;
    connection.execute("DELETE FROM codes WHERE expires_at <= ?1", [now])?;
    connection.execute(
        "DELETE FROM grants WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE grant_id = grants.id)",
        [],
    )?;
    Ok(())
}
