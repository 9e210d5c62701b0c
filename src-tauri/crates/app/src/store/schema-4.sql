-- Workspaces of many providers: the organization's name, headers beside the key (a JSON object), and when a pasted token runs out.
ALTER TABLE workspaces ADD COLUMN organization_name TEXT;
ALTER TABLE workspaces ADD COLUMN headers TEXT NOT NULL DEFAULT '{}';
ALTER TABLE workspaces ADD COLUMN expires_at INTEGER;

-- What the provider told last of a key, as a JSON object without any plaintext, and when.
ALTER TABLE api_keys ADD COLUMN facts TEXT;
ALTER TABLE api_keys ADD COLUMN seen_at INTEGER;

-- A create whose answer was lost, until it is known what became of it.
CREATE TABLE lost_creates (
    workspace TEXT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace, name)
) STRICT;
