-- Badges of others that were brought here: what they were, to the byte, and what was found of them then. What was begun
-- and not finished is seen by nobody.
CREATE TABLE imports (
  id               TEXT PRIMARY KEY,
  organisation     TEXT NOT NULL DEFAULT 'home',
  kind             TEXT NOT NULL,
  digest           TEXT NOT NULL,
  total            INTEGER NOT NULL,
  wrong            TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  finished_at      INTEGER,
  UNIQUE (organisation, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE originals (
  import           TEXT NOT NULL REFERENCES imports (id),
  row              INTEGER NOT NULL,
  name             TEXT NOT NULL,
  form             TEXT NOT NULL,
  -- What the badge calls itself, to find it by.
  address          TEXT,
  digest           TEXT NOT NULL,
  said             TEXT NOT NULL,
  judged           TEXT NOT NULL,
  recipient        TEXT NOT NULL,
  bytes            BLOB NOT NULL,
  PRIMARY KEY (import, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX originals_address ON originals (address);
