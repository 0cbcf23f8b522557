-- Who asked for what, and what became of it: a chain of hashes for each organisation, in which nothing is ever changed.
CREATE TABLE audit_entries (
  organisation     TEXT NOT NULL DEFAULT 'home',
  sequence         INTEGER NOT NULL CHECK (sequence > 0),
  at               INTEGER NOT NULL,
  principal        TEXT NOT NULL,
  operation        TEXT NOT NULL,
  -- Ids with a blank on either side of each.
  objects          TEXT NOT NULL,
  request          TEXT NOT NULL,
  outcome          TEXT NOT NULL CHECK (outcome IN ('asked', 'done', 'refused', 'failed')),
  code             TEXT,
  previous         BLOB NOT NULL CHECK (length(previous) = 32),
  hash             BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (organisation, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_entries_are_fixed BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'what was noted stays'); END;
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'what was noted stays'); END;

-- The last entry of each chain, so that one that is missing at the end is missed.
CREATE TABLE audit_heads (
  organisation     TEXT PRIMARY KEY,
  sequence         INTEGER NOT NULL,
  hash             BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_heads_only_rise BEFORE UPDATE ON audit_heads
WHEN new.sequence <= old.sequence OR new.organisation <> old.organisation
BEGIN SELECT RAISE(ABORT, 'what was noted stays'); END;
CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'what was noted stays'); END;

-- All heads as they were when their digest was to be anchored. The time is that of the block, in seconds, once it is final.
CREATE TABLE audit_anchors (
  number           INTEGER PRIMARY KEY CHECK (number > 0),
  at               INTEGER NOT NULL,
  heads            TEXT NOT NULL,
  digest           TEXT NOT NULL UNIQUE,
  chain_id         INTEGER NOT NULL,
  registry         TEXT NOT NULL,
  account          TEXT NOT NULL,
  transaction_hash TEXT,
  time             INTEGER,
  CHECK ((time IS NULL) = (transaction_hash IS NULL))
) STRICT;

CREATE UNIQUE INDEX audit_anchors_one_at_a_time ON audit_anchors (chain_id, account) WHERE time IS NULL;

CREATE TRIGGER audit_anchors_are_fixed BEFORE UPDATE ON audit_anchors
WHEN old.time IS NOT NULL OR new.number <> old.number OR new.at <> old.at OR new.heads <> old.heads
  OR new.digest <> old.digest OR new.chain_id <> old.chain_id OR new.registry <> old.registry OR new.account <> old.account
BEGIN SELECT RAISE(ABORT, 'what stands on a chain stays'); END;
CREATE TRIGGER audit_anchors_stay BEFORE DELETE ON audit_anchors
BEGIN SELECT RAISE(ABORT, 'what stands on a chain stays'); END;
