CREATE TABLE batches (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  request_hash     TEXT NOT NULL,
  repetition       INTEGER NOT NULL,
  state            TEXT NOT NULL CHECK (state IN (
    'accepted', 'drafted', 'signed', 'rooted', 'published', 'submitted', 'final', 'assembled', 'delivered',
    'waiting-fee', 'waiting-funds', 'reorged', 'blocked', 'cancelled')),
  interrupted      TEXT,
  reason           TEXT,
  epoch            INTEGER NOT NULL,
  created_at       INTEGER NOT NULL,
  size             INTEGER NOT NULL CHECK (size > 0),
  terms            TEXT NOT NULL,
  achievement      TEXT NOT NULL,
  metadata         TEXT NOT NULL,
  status_lists     TEXT,
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  number           INTEGER,
  root             TEXT,
  anchoring        TEXT,
  anchor           TEXT,
  UNIQUE (request_hash, repetition),
  UNIQUE (chain_id, account, number),
  UNIQUE (chain_id, account, root),
  CHECK ((interrupted IS NOT NULL) = (state IN ('waiting-fee', 'waiting-funds', 'reorged', 'blocked'))),
  CHECK ((anchoring IS NULL) = (root IS NULL) AND (anchoring IS NULL) = (number IS NULL))
) STRICT;

-- What a root commits to never changes once the root may have been seen.
CREATE TRIGGER batches_root_is_fixed BEFORE UPDATE OF anchoring, root, number ON batches
WHEN old.root IS NOT NULL AND (new.root IS NOT old.root OR new.number IS NOT old.number OR new.anchoring IS NOT old.anchoring)
BEGIN SELECT RAISE(ABORT, 'a root is fixed for ever'); END;

CREATE TRIGGER batches_are_not_cancelled_late BEFORE UPDATE OF state ON batches
WHEN new.state = 'cancelled' AND old.root IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a rooted batch is never cancelled'); END;

CREATE TABLE recipients (
  batch            TEXT NOT NULL REFERENCES batches (id),
  row              INTEGER NOT NULL CHECK (row > 0),
  fields           TEXT NOT NULL,
  credential_id    TEXT UNIQUE,
  proof_id         TEXT UNIQUE,
  secret           BLOB CHECK (length(secret) = 32),
  status_list      INTEGER REFERENCES status_lists (number),
  status_index     INTEGER,
  created          TEXT,
  proof_value      TEXT,
  document_digest  BLOB CHECK (length(document_digest) = 32),
  leaf             BLOB CHECK (length(leaf) = 32),
  position         INTEGER,
  PRIMARY KEY (batch, row),
  UNIQUE (status_list, status_index),
  UNIQUE (batch, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  hash             TEXT PRIMARY KEY,
  batch            TEXT NOT NULL REFERENCES batches (id),
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  nonce            INTEGER NOT NULL,
  raw              TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  FOREIGN KEY (chain_id, account, nonce, batch) REFERENCES nonces (chain_id, account, nonce, batch)
) STRICT, WITHOUT ROWID;

-- A nonce belongs to one batch for ever, however often its transaction is replaced.
CREATE TABLE nonces (
  chain_id         INTEGER NOT NULL,
  account          TEXT NOT NULL,
  nonce            INTEGER NOT NULL,
  batch            TEXT NOT NULL REFERENCES batches (id),
  PRIMARY KEY (chain_id, account, nonce),
  UNIQUE (chain_id, account, nonce, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
  name             TEXT PRIMARY KEY,
  host             TEXT NOT NULL,
  pid              INTEGER NOT NULL,
  epoch            INTEGER NOT NULL,
  until            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
