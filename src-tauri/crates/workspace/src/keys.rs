//! API keys as they are kept: everything about them but their plaintext.

use memchr::memmem::Finder;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::Serialize;

use crate::clock::{self, UnixMs};
use crate::db::DbError;
use crate::organizations::Organization;
use crate::random::{self, Hash, KEY_PREFIX};

/// Requests a key may make in a minute where nothing else was asked for.
pub(crate) const RATE_PER_MINUTE: u32 = 120;

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) organization: Organization,
    pub(crate) prefix: String,
    pub(crate) last_four: String,
    pub(crate) created_at: UnixMs,
    pub(crate) last_used_at: Option<UnixMs>,
    /// Requests this calendar month.
    pub(crate) requests: i64,
    pub(crate) settings: Settings,
}

/// What its maker decides about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) name: String,
    pub(crate) scope: String,
    pub(crate) permissions: Vec<String>,
    pub(crate) expires_at: Option<UnixMs>,
    pub(crate) rate_per_minute: u32,
    pub(crate) mcp: McpAccess,
}

/// What a key may do over MCP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct McpAccess {
    /// Not paused.
    pub(crate) active: bool,
    pub(crate) read_only: bool,
    pub(crate) preset: Option<String>,
    /// `all` or `allowlist`.
    pub(crate) allowlist_mode: String,
    pub(crate) tool_allowlist: Vec<String>,
    /// Where there are any, only these of the key's permissions hold over MCP.
    pub(crate) permissions: Vec<String>,
    pub(crate) instance_ids: Vec<String>,
    pub(crate) project_ids: Vec<String>,
}

/// A key as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyView {
    id: String,
    organization: Organization,
    name: String,
    prefix: String,
    last_four: String,
    scope: String,
    permissions: Vec<String>,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    mcp_active: bool,
    mcp_allowlist_mode: String,
    mcp_instance_ids: Vec<String>,
    mcp_permissions: Vec<String>,
    mcp_preset: Option<String>,
    mcp_project_ids: Vec<String>,
    mcp_read_only: bool,
    mcp_tool_allowlist: Vec<String>,
    mcp_reconnect_required: bool,
    mcp_reconnect_required_message: Option<&'static str>,
    rate_limit_per_minute: u32,
    request_count: i64,
}

/// What is said while clients still show the tools of before.
const RECONNECT: &str = "What this key may do over MCP has changed. Reconnect its clients so that they list their tools anew.";

impl Key {
    /// The key as the API shows it.
    pub(crate) fn view(self, reconnect_required: bool) -> KeyView {
        let Settings {
            name,
            scope,
            permissions,
            expires_at,
            rate_per_minute,
            mcp,
        } = self.settings;
        KeyView {
            id: self.id,
            organization: self.organization,
            name,
            prefix: self.prefix,
            last_four: self.last_four,
            scope,
            permissions,
            created_at: clock::rfc3339(self.created_at),
            expires_at: expires_at.map(clock::rfc3339),
            last_used_at: self.last_used_at.map(clock::rfc3339),
            mcp_active: mcp.active,
            mcp_allowlist_mode: mcp.allowlist_mode,
            mcp_instance_ids: mcp.instance_ids,
            mcp_permissions: mcp.permissions,
            mcp_preset: mcp.preset,
            mcp_project_ids: mcp.project_ids,
            mcp_read_only: mcp.read_only,
            mcp_tool_allowlist: mcp.tool_allowlist,
            mcp_reconnect_required: reconnect_required,
            mcp_reconnect_required_message: reconnect_required.then_some(RECONNECT),
            rate_limit_per_minute: rate_per_minute,
            request_count: self.requests,
        }
    }
}

/// What is selected of a key, in the order [`read`] takes it; `?1` is the first day of the month.
const COLUMNS: &str = "k.seq, k.id, k.prefix, k.last_four, k.created_at, k.last_used_at, coalesce(m.requests, 0), k.name,
    k.scope, k.permissions, k.expires_at, k.rate_per_minute, k.mcp_active, k.read_only, k.preset, k.allowlist_mode,
    k.tool_allowlist, k.mcp_permissions, k.instance_ids, k.project_ids, o.seq, o.id, o.slug, o.name
    FROM keys k JOIN organizations o ON o.seq = k.organization
    LEFT JOIN usage_months m ON m.key = k.seq AND m.month = ?1";

fn read(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        seq: row.get(0)?,
        id: row.get(1)?,
        organization: Organization {
            seq: row.get(20)?,
            id: row.get(21)?,
            slug: row.get(22)?,
            name: row.get(23)?,
        },
        prefix: row.get(2)?,
        last_four: row.get(3)?,
        created_at: row.get(4)?,
        last_used_at: row.get(5)?,
        requests: row.get(6)?,
        settings: Settings {
            name: row.get(7)?,
            scope: row.get(8)?,
            permissions: list_column(row, 9)?,
            expires_at: row.get(10)?,
            rate_per_minute: row.get(11)?,
            mcp: McpAccess {
                active: row.get(12)?,
                read_only: row.get(13)?,
                preset: row.get(14)?,
                allowlist_mode: row.get(15)?,
                tool_allowlist: list_column(row, 16)?,
                permissions: list_column(row, 17)?,
                instance_ids: list_column(row, 18)?,
                project_ids: list_column(row, 19)?,
            },
        },
    })
}

fn list_column(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<String>> {
    let text = row.get_ref(at)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn list_text(list: &[String]) -> String {
    serde_json::to_string(list).expect("texts always serialise")
}

fn this_month() -> i64 {
    clock::month(clock::now()).0
}

/// Makes a key of an organization; the plaintext is in no other place than the answer.
pub(crate) fn create(
    connection: &Connection,
    organization: i64,
    settings: &Settings,
) -> Result<(Key, String), DbError> {
    let plaintext = random::api_key();
    let last_four: String = plaintext.chars().skip(plaintext.len() - 4).collect();
    let id = random::uuid();
    connection
        .prepare_cached(
            "INSERT INTO keys (id, organization, hash, prefix, last_four, created_at, scope, name, search, permissions, expires_at,
                rate_per_minute, mcp_active, read_only, preset, allowlist_mode, tool_allowlist, mcp_permissions,
                instance_ids, project_ids)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', '[]', NULL, 0, 1, 0, NULL, '', '[]', '[]', '[]', '[]')",
        )?
        .execute(params![
            id,
            organization,
            random::hash(&plaintext),
            KEY_PREFIX,
            last_four,
            clock::now(),
            settings.scope
        ])?;
    update(connection, connection.last_insert_rowid(), settings)?;
    let key = get(connection, Whose::Organization(organization), &id)?
        .ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok((key, plaintext))
}

/// Sets what its maker decides about a key.
pub(crate) fn update(
    connection: &Connection,
    seq: i64,
    settings: &Settings,
) -> Result<(), DbError> {
    let mcp = &settings.mcp;
    connection
        .prepare_cached(
            "UPDATE keys SET name = ?2, search = ?3 || ' ' || lower(prefix || last_four), permissions = ?4, expires_at = ?5,
                rate_per_minute = ?6, mcp_active = ?7, read_only = ?8, preset = ?9, allowlist_mode = ?10,
                tool_allowlist = ?11, mcp_permissions = ?12, instance_ids = ?13, project_ids = ?14, scope = ?15
             WHERE seq = ?1",
        )?
        .execute(params![
            seq,
            settings.name,
            settings.name.to_lowercase(),
            list_text(&settings.permissions),
            settings.expires_at,
            settings.rate_per_minute,
            mcp.active,
            mcp.read_only,
            mcp.preset,
            mcp.allowlist_mode,
            list_text(&mcp.tool_allowlist),
            list_text(&mcp.permissions),
            list_text(&mcp.instance_ids),
            list_text(&mcp.project_ids),
            settings.scope,
        ])?;
    Ok(())
}

/// Whose keys are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose {
    /// Those of the organization with this number; the others are not there.
    Organization(i64),
    /// Those of all organizations.
    Everybody,
}

impl Whose {
    /// The condition of a query, and its parameter.
    fn condition(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Organization(number) => ("WHERE organization = ?1", Some(number)),
            Self::Everybody => ("", None),
        }
    }

    fn covers(self, organization: i64) -> bool {
        match self {
            Self::Organization(number) => number == organization,
            Self::Everybody => true,
        }
    }
}

/// The key with an id.
pub(crate) fn get(connection: &Connection, whose: Whose, id: &str) -> Result<Option<Key>, DbError> {
    let key = connection
        .prepare_cached(&format!("SELECT {COLUMNS} WHERE k.id = ?2"))?
        .query_row(params![this_month(), id], read)
        .optional()?;
    Ok(key.filter(|key| whose.covers(key.organization.seq)))
}

/// The key with a hash.
pub(crate) fn by_hash(connection: &Connection, hash: &Hash) -> Result<Option<Key>, DbError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} WHERE k.hash = ?2"))?
        .query_row(params![this_month(), hash], read)
        .optional()?)
}

/// Whether a key with this hash was revoked.
pub(crate) fn was_revoked(connection: &Connection, hash: &Hash) -> Result<bool, DbError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM revoked_keys WHERE hash = ?1")?
        .exists([hash])?)
}

/// Revokes a key; `false` when there is none with this id.
pub(crate) fn delete(connection: &Connection, whose: Whose, id: &str) -> Result<bool, DbError> {
    let Some(key) = get(connection, whose, id)? else {
        return Ok(false);
    };
    connection.execute(
        "INSERT OR IGNORE INTO revoked_keys (hash, revoked_at) SELECT hash, ?2 FROM keys WHERE seq = ?1",
        params![key.seq, clock::now()],
    )?;
    connection.execute("DELETE FROM keys WHERE seq = ?1", [key.seq])?;
    Ok(true)
}

/// Which keys to list.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) whose: Whose,
    /// Found in any case in name, prefix and last four.
    pub(crate) search: Option<String>,
    /// The first is 1.
    pub(crate) page: u32,
    pub(crate) limit: u32,
    pub(crate) order: Order,
}

/// What keys are put in order by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    Name,
    #[default]
    CreatedAt,
    ExpiresAt,
    LastUsedAt,
}

/// An order of keys: the newest first where nothing is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) by: Sort,
    pub(crate) ascending: bool,
}

impl Order {
    /// What follows `ORDER BY`. One that never expires comes after all others, one that was never used before them.
    fn sql(self) -> String {
        let way = if self.ascending { "ASC" } else { "DESC" };
        match self.by {
            // Keys are numbered as they are made.
            Sort::CreatedAt => format!("seq {way}"),
            Sort::Name => format!("search {way}, seq {way}"),
            Sort::ExpiresAt => {
                format!("coalesce(expires_at, 9223372036854775807) {way}, seq {way}")
            }
            Sort::LastUsedAt => format!("coalesce(last_used_at, 0) {way}, seq {way}"),
        }
    }
}

/// One page of keys, in the order that is asked for, and how many match in all.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<(Vec<Key>, i64), DbError> {
    let limit = i64::from(query.limit);
    let skipped = i64::from(query.page.saturating_sub(1)) * limit;
    let (numbers, total) = match &query.search {
        None => every(connection, query, limit, skipped)?,
        Some(text) => matching(connection, query, text, limit, skipped)?,
    };
    let mut one = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE k.seq = ?2"))?;
    let month = this_month();
    let keys = numbers
        .into_iter()
        .map(|seq| one.query_row([month, seq], read))
        .collect::<Result<_, _>>()?;
    Ok((keys, total))
}

fn every(
    connection: &Connection,
    query: &Query,
    limit: i64,
    skipped: i64,
) -> Result<(Vec<i64>, i64), DbError> {
    let (condition, organization) = query.whose.condition();
    let total = connection
        .prepare_cached(&format!("SELECT count(*) FROM keys {condition}"))?
        .query_row(params_from_iter(organization), |row| row.get(0))?;
    let order = query.order.sql();
    let page = format!("SELECT seq FROM keys {condition} ORDER BY {order} LIMIT ? OFFSET ?");
    let numbers = connection
        .prepare_cached(&page)?
        .query_map(
            params_from_iter(organization.into_iter().chain([limit, skipped])),
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    Ok((numbers, total))
}

/// One walk through the search index gives page and total alike, in about the same time whatever is looked for. (A trigram index
/// was measured against it with 100,000 keys: faster for rare texts, several times slower for common ones. SQLite's own `instr`
/// takes most of the time of a walk, so the texts are looked at here.)
fn matching(
    connection: &Connection,
    query: &Query,
    text: &str,
    limit: i64,
    skipped: i64,
) -> Result<(Vec<i64>, i64), DbError> {
    let (condition, organization) = query.whose.condition();
    let text = text.to_lowercase();
    let finder = Finder::new(text.as_bytes());
    // Numbers are put in order here, which is quicker than to let SQLite do it; all else is done there.
    let by_number = query.order.by == Sort::CreatedAt;
    let ordered = match by_number {
        true => String::new(),
        false => format!("ORDER BY {}", query.order.sql()),
    };
    let mut all = connection.prepare_cached(&format!(
        "SELECT seq, search FROM keys {condition} {ordered}"
    ))?;
    let mut rows = all.query(params_from_iter(organization))?;
    let mut numbers: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        if let ValueRef::Text(searched) = row.get_ref(1)?
            && finder.find(searched).is_some()
        {
            numbers.push(row.get(0)?);
        }
    }
    let total = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
    if by_number {
        numbers.sort_unstable();
        if !query.order.ascending {
            numbers.reverse();
        }
    }
    let page = numbers
        .into_iter()
        .skip(usize::try_from(skipped).unwrap_or(usize::MAX))
        .take(usize::try_from(limit).unwrap_or(usize::MAX))
        .collect();
    Ok((page, total))
}
