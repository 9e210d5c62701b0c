CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE users (
    id       TEXT PRIMARY KEY,
    email    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name     TEXT NOT NULL,
    password TEXT NOT NULL -- argon2id, PHC string
) STRICT;

-- Times are milliseconds since 1970. Only a hash is kept of a key; what may be shown of it are its prefix and last four characters.
CREATE TABLE keys (
    seq             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    hash            BLOB NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    prefix          TEXT NOT NULL,
    last_four       TEXT NOT NULL,
    scope           TEXT NOT NULL,
    permissions     TEXT NOT NULL, -- this and the other lists: JSON arrays of text
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    last_used_at    INTEGER,
    mcp_active      INTEGER NOT NULL,
    allowlist_mode  TEXT NOT NULL,
    instance_ids    TEXT NOT NULL,
    mcp_permissions TEXT NOT NULL,
    preset          TEXT,
    project_ids     TEXT NOT NULL,
    read_only       INTEGER NOT NULL,
    tool_allowlist  TEXT NOT NULL,
    rate_per_minute INTEGER NOT NULL,
    search          TEXT NOT NULL -- what a search looks in: lower-cased name, prefix and last four
) STRICT;

-- A search reads this from end to end: it is small, and takes the same time whatever is looked for.
CREATE INDEX keys_search ON keys (search);

-- So that a revoked key can be told from one that never was.
CREATE TABLE revoked_keys (
    hash       BLOB PRIMARY KEY,
    revoked_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE usage (
    key      INTEGER NOT NULL REFERENCES keys (seq) ON DELETE CASCADE,
    day      INTEGER NOT NULL, -- days since 1970, UTC
    endpoint TEXT NOT NULL,
    client   TEXT NOT NULL,
    requests INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (key, day, endpoint, client)
) WITHOUT ROWID, STRICT;

CREATE TABLE usage_months (
    key      INTEGER NOT NULL REFERENCES keys (seq) ON DELETE CASCADE,
    month    INTEGER NOT NULL, -- first day of the month, as in usage.day
    requests INTEGER NOT NULL,
    PRIMARY KEY (key, month)
) WITHOUT ROWID, STRICT;

-- What the `slow` tool leaves behind.
CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY,
    key         INTEGER NOT NULL REFERENCES keys (seq) ON DELETE CASCADE,
    seconds     REAL NOT NULL,
    finished    INTEGER NOT NULL, -- 0: cancelled
    finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_of_key ON jobs (key, id);

CREATE TABLE oauth_clients (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    redirect_uris TEXT NOT NULL, -- JSON array
    created_at    INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- One sign-in and everything that came of it: ending it ends all its tokens.
CREATE TABLE grants (
    id         TEXT PRIMARY KEY,
    client     TEXT, -- NULL: by password
    audience   TEXT NOT NULL, -- 'api' or 'mcp'
    scope      TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE tokens (
    hash       BLOB PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL, -- 'access' or 'refresh'
    expires_at INTEGER NOT NULL,
    used       INTEGER NOT NULL DEFAULT 0 -- a refresh token that was traded in
) WITHOUT ROWID, STRICT;
CREATE INDEX tokens_of_grant ON tokens (grant_id);
CREATE INDEX tokens_by_expiry ON tokens (expires_at);

CREATE TABLE codes (
    hash         BLOB PRIMARY KEY,
    grant_id     TEXT REFERENCES grants (id) ON DELETE SET NULL, -- set once it was redeemed
    redeemed     INTEGER NOT NULL DEFAULT 0,
    client       TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge    TEXT NOT NULL,
    audience     TEXT NOT NULL,
    scope        TEXT NOT NULL,
    expires_at   INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
