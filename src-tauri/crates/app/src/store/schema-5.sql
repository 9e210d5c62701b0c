-- Rotations: a key on its way to being replaced by another. `stage` says how far, `body` all that is needed to go on after a crash,
-- as a JSON object without any plaintext. A key is in one rotation at a time.
CREATE TABLE rotations (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    old_key TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN
        ('planned', 'created', 'switched', 'observed', 'retired', 'going_back', 'cancelled', 'failed')),
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX rotations_under_way ON rotations (workspace, old_key) WHERE ended_at IS NULL;
CREATE INDEX rotations_by_time ON rotations (begun_at DESC);
