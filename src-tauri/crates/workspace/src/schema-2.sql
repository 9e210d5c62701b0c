-- Organizations: what keys belong to. They are never removed.
CREATE TABLE organizations (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The owner's own, and where every key made before belongs. Its id is a random UUID.
INSERT INTO organizations (seq, id, slug, name, created_at)
SELECT 1,
       substr(r, 1, 8) || '-' || substr(r, 9, 4) || '-4' || substr(r, 14, 3) || '-8' || substr(r, 18, 3) || '-' || substr(r, 21),
       'personal', 'Personal', unixepoch() * 1000
FROM (SELECT lower(hex(randomblob(16))) AS r);

ALTER TABLE keys ADD COLUMN organization INTEGER NOT NULL DEFAULT 1;

-- A page of an organization's keys, and how many there are.
CREATE INDEX keys_of_organization ON keys (organization);

-- A search reads an organization's part of this, or all of it.
DROP INDEX keys_search;
CREATE INDEX keys_search ON keys (organization, search);

-- The second factor. The server has to know the secret to compute its codes.
CREATE TABLE totp (
    user      TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret    BLOB NOT NULL,
    confirmed INTEGER NOT NULL, -- 0: enrolled, and not asked for yet
    last_step INTEGER NOT NULL  -- 30-second step of the latest code that was used; none before it works again
) WITHOUT ROWID, STRICT;
