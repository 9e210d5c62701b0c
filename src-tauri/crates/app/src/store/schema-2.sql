-- How a client reaches the server, and for `exec` the variable that takes the key. One file may hold servers at several places.
-- A link has no file, and several may have the same name.
ALTER TABLE connections RENAME TO connections_1;
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
    mode TEXT NOT NULL,
    variable TEXT
) STRICT;
INSERT INTO connections
    SELECT id, client, target, path, entry, server, workspace, key, created_at, 'bridge', NULL FROM connections_1;
CREATE UNIQUE INDEX connections_by_place ON connections (path, target, entry) WHERE path <> '';

ALTER TABLE ledger RENAME TO ledger_1;
CREATE TABLE ledger (
    connection TEXT PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
    entry TEXT NOT NULL,
    receipt TEXT NOT NULL,
    made_dirs TEXT NOT NULL
) STRICT;
INSERT INTO ledger SELECT connection, entry, receipt, made_dirs FROM ledger_1;
DROP TABLE ledger_1;
DROP TABLE connections_1;
