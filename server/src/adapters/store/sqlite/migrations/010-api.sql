-- What the HTTP interface keeps: who may ask, what is awarded, what was answered, and credentials asked for one by one.
CREATE TABLE api_keys (
  id               TEXT PRIMARY KEY,
  name             TEXT NOT NULL,
  digest           BLOB NOT NULL CHECK (length(digest) = 32),
  scopes           TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER,
  revoked_at       INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE achievements (
  name             TEXT NOT NULL,
  version          INTEGER NOT NULL CHECK (version > 0),
  digest           TEXT NOT NULL,
  definition       TEXT NOT NULL,
  metadata         TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

-- The answer to a request, beside what the request did, in the same transaction.
CREATE TABLE receipts (
  principal        TEXT NOT NULL,
  key              TEXT NOT NULL,
  fingerprint      TEXT NOT NULL,
  status           INTEGER,
  headers          TEXT,
  body             TEXT,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  achievement      TEXT NOT NULL,
  version          INTEGER NOT NULL,
  fields           TEXT NOT NULL,
  accepted_at      INTEGER NOT NULL,
  batch            INTEGER REFERENCES batches (seq),
  row              INTEGER,
  FOREIGN KEY (achievement, version) REFERENCES achievements (name, version),
  CHECK ((batch IS NULL) = (row IS NULL))
) STRICT;

CREATE INDEX orders_waiting ON orders (achievement, version, seq) WHERE batch IS NULL;

-- A batch that its author has not submitted yet lies still.
ALTER TABLE batches ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
ALTER TABLE batches ADD COLUMN title TEXT;
