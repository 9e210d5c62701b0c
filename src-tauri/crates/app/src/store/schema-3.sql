-- Sealed before-images in parts, so that a large file is never in memory as a whole. `change_files.sealed_before` keeps those of
-- before, in one piece.
CREATE TABLE change_images (
    change TEXT NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    part INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (change, position, part)
) STRICT;
