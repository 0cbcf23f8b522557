-- Whom was forgotten, without a word of who it was: what somebody asked for at one time, and each credential of it.
CREATE TABLE erasures (
  id               TEXT PRIMARY KEY,
  organisation     TEXT NOT NULL DEFAULT 'home',
  at               INTEGER NOT NULL,
  -- How many orders and rows of rosters were erased that never became credentials.
  others           INTEGER NOT NULL CHECK (others >= 0),
  receipt          TEXT,
  finished_at      INTEGER,
  CHECK ((receipt IS NULL) = (finished_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX erasures_unfinished ON erasures (at) WHERE finished_at IS NULL;

CREATE TABLE erased (
  credential_id    BLOB PRIMARY KEY REFERENCES drafts (credential_id),
  erasure          TEXT NOT NULL REFERENCES erasures (id),
  batch            INTEGER NOT NULL REFERENCES batches (seq),
  row              INTEGER NOT NULL,
  at               INTEGER NOT NULL,
  UNIQUE (batch, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_by_erasure ON erased (erasure);
CREATE INDEX erased_by_time ON erased (at);

-- The order that a row of a roster came from.
CREATE INDEX orders_by_row ON orders (batch, row) WHERE batch IS NOT NULL;

CREATE TRIGGER erased_stays BEFORE DELETE ON erased
BEGIN SELECT RAISE(ABORT, 'what was erased stays so'); END;
CREATE TRIGGER erased_is_fixed BEFORE UPDATE ON erased
BEGIN SELECT RAISE(ABORT, 'what was erased stays so'); END;

-- After how many days what is kept of people is erased by itself; without a number it is kept until somebody asks.
CREATE TABLE retentions (
  organisation     TEXT PRIMARY KEY,
  rosters          INTEGER CHECK (rosters > 0),
  reasons          INTEGER CHECK (reasons > 0),
  changed_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was decided stays, but for why: that may be about a person.
DROP TRIGGER revocations_are_fixed;
CREATE TRIGGER revocations_are_fixed BEFORE UPDATE ON revocations
WHEN new.reason IS NOT NULL OR new.credential_id <> old.credential_id OR new.status_list <> old.status_list
  OR new.status_index <> old.status_index OR new.version <> old.version OR new.at <> old.at
BEGIN SELECT RAISE(ABORT, 'a revocation never un-happens'); END;

DROP TRIGGER suspensions_are_fixed;
CREATE TRIGGER suspensions_are_fixed BEFORE UPDATE ON suspensions
WHEN new.reason IS NOT NULL OR new.credential_id <> old.credential_id OR new.status_list <> old.status_list
  OR new.status_index <> old.status_index OR new.version <> old.version OR new.suspended <> old.suspended
  OR new.at <> old.at
BEGIN SELECT RAISE(ABORT, 'what was decided stays'); END;
