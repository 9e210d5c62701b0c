-- Metadata only: no column ever holds the plaintext of a key, token or password.
-- Times are Unix milliseconds; lists and entries are JSON.

CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    login TEXT NOT NULL,
    organization TEXT,
    url TEXT NOT NULL,
    signed_in INTEGER NOT NULL,
    current INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- What the providers told us of keys, and what only we know: whether the secret was stowed here, and keys whose secret
-- nobody holds.
CREATE TABLE api_keys (
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    masked TEXT NOT NULL,
    stowed INTEGER NOT NULL,
    orphan INTEGER NOT NULL,
    created_at INTEGER,
    PRIMARY KEY (workspace, id)
) STRICT;

CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    target TEXT NOT NULL,
    path TEXT NOT NULL,
    entry TEXT NOT NULL,
    server TEXT NOT NULL,
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (path, entry)
) STRICT;

-- What we wrote where, and what removal must give back.
CREATE TABLE ledger (
    connection TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    entry TEXT NOT NULL,
    receipt TEXT NOT NULL,
    made_dirs TEXT NOT NULL
) STRICT;

CREATE TABLE changes (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('applying', 'done', 'undoing', 'undone', 'rolled_back')),
    connections TEXT NOT NULL
) STRICT;
CREATE INDEX changes_by_time ON changes (at DESC);

-- One row per file of a change. Before-images are sealed; `before_hash` is null where there was no file.
CREATE TABLE change_files (
    change TEXT NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    real_path TEXT NOT NULL,
    before_hash TEXT,
    after_hash TEXT,
    sealed_before BLOB,
    made_dirs TEXT NOT NULL,
    PRIMARY KEY (change, position)
) STRICT;

CREATE TABLE activity (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
